//! The state machine of `models/paxos/paxos_sets.py`, with the invariants that it checks.

use stateright::{Model, Property};
use std::collections::BTreeSet;

type Acceptor = u8;
type Ballot = i8;
type Value = u8;

/// The ballot before the first one.
const NONE: Ballot = -1;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Promise {
    acc: Acceptor,
    bal: Ballot,
    mbal: Ballot,
    mval: Option<Value>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Accept {
    bal: Ballot,
    val: Value,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Vote {
    acc: Acceptor,
    bal: Ballot,
    val: Value,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct State {
    max_bal: Vec<Ballot>,
    max_vbal: Vec<Ballot>,
    max_val: Vec<Option<Value>>,
    prepares: BTreeSet<Ballot>,
    promises: BTreeSet<Promise>,
    accepts: BTreeSet<Accept>,
    votes: BTreeSet<Vote>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    Phase1a(Ballot),
    Phase1b(Acceptor, Ballot),
    Phase2a(Accept),
    Phase2b(Acceptor, Accept),
}

pub struct PaxosSets {
    acceptors: Acceptor,
    values: Value,
    ballots: Ballot,
    quorums: Vec<Vec<Acceptor>>,
}

impl PaxosSets {
    pub fn new(acceptors: Acceptor, values: Value, ballots: Ballot) -> Self {
        let size = u32::from(acceptors / 2 + 1);
        let some = (0..1u32 << acceptors).filter(|set| set.count_ones() == size);
        let quorums = some
            .map(|set| (0..acceptors).filter(|a| set >> a & 1 == 1).collect())
            .collect();
        Self {
            acceptors,
            values,
            ballots,
            quorums,
        }
    }

    fn is_majority(&self, some: usize) -> bool {
        2 * some > usize::from(self.acceptors)
    }

    /// The proposals that a quorum's promises allow in a ballot: one for each way to allow it.
    fn proposals(
        &self,
        state: &State,
        bal: Ballot,
        quorum: &[Acceptor],
        actions: &mut Vec<Action>,
    ) {
        let of_quorum = |m: &&Promise| m.bal == bal && quorum.contains(&m.acc);
        let told: Vec<&Promise> = state.promises.iter().filter(of_quorum).collect();
        if told.len() != quorum.len() {
            return; // an acceptor promises a ballot only once
        }
        let highest = told.iter().map(|m| m.mbal).max().unwrap_or(NONE);
        for val in 0..self.values {
            let allows = |m: &&&Promise| m.mbal == highest && m.mval == Some(val);
            let ways = if highest == NONE {
                1
            } else {
                told.iter().filter(allows).count()
            };
            actions.extend(std::iter::repeat_n(
                Action::Phase2a(Accept { bal, val }),
                ways,
            ));
        }
    }

    fn voters<'a>(
        &self,
        state: &'a State,
        bal: Ballot,
        val: Value,
    ) -> impl Iterator<Item = Acceptor> + 'a {
        state
            .votes
            .iter()
            .filter(move |m| m.bal == bal && m.val == val)
            .map(|m| m.acc)
    }

    fn agreement(&self, state: &State) -> bool {
        let is_chosen = |m: &&Vote| self.is_majority(self.voters(state, m.bal, m.val).count());
        let mut chosen = state.votes.iter().filter(is_chosen).map(|m| m.val);
        chosen
            .next()
            .is_none_or(|first| chosen.all(|val| val == first))
    }

    fn last_votes_are_votes(&self, state: &State) -> bool {
        (0..self.acceptors).all(|acc| {
            let (bal, val) = (
                state.max_vbal[usize::from(acc)],
                state.max_val[usize::from(acc)],
            );
            bal <= state.max_bal[usize::from(acc)]
                && match val {
                    Some(val) => state.votes.contains(&Vote { acc, bal, val }),
                    None => bal == NONE,
                }
        })
    }

    fn promises_are_kept(&self, state: &State) -> bool {
        state.promises.iter().all(|m| {
            m.bal <= state.max_bal[usize::from(m.acc)]
                && match m.mval {
                    Some(val) => state.votes.contains(&Vote {
                        acc: m.acc,
                        bal: m.mbal,
                        val,
                    }),
                    None => m.mbal == NONE,
                }
        })
    }

    fn one_proposal_in_a_ballot(&self, state: &State) -> bool {
        state.accepts.iter().all(|m| {
            state
                .accepts
                .iter()
                .all(|n| m.bal != n.bal || m.val == n.val)
        })
    }

    fn last_vote_below(&self, state: &State, acc: Acceptor, bal: Ballot) -> Ballot {
        let earlier = state.votes.iter().filter(|m| m.acc == acc && m.bal < bal);
        earlier.map(|m| m.bal).max().unwrap_or(NONE)
    }

    /// Whether some quorum has joined the ballot and voted for no other value in ballot c or between the two.
    fn shows_safe(&self, state: &State, m: &Accept) -> bool {
        let joined = (0..self.acceptors).filter(|a| state.max_bal[usize::from(*a)] >= m.bal);
        let last: Vec<_> = joined
            .map(|a| (a, self.last_vote_below(state, a, m.bal)))
            .collect();
        (NONE..m.bal).any(|c| {
            let is_silent = |a: Acceptor| last.iter().any(|(b, vote)| *b == a && *vote <= c);
            self.is_majority(last.iter().filter(|(_, vote)| *vote <= c).count())
                && (c == NONE || self.voters(state, c, m.val).any(is_silent))
        })
    }

    fn votes_were_proposed(&self, state: &State) -> bool {
        state.votes.iter().all(|m| {
            state.accepts.contains(&Accept {
                bal: m.bal,
                val: m.val,
            }) && m.bal <= state.max_vbal[usize::from(m.acc)]
        })
    }
}

impl Model for PaxosSets {
    type State = State;
    type Action = Action;

    fn init_states(&self) -> Vec<State> {
        let acceptors = usize::from(self.acceptors);
        vec![State {
            max_bal: vec![NONE; acceptors],
            max_vbal: vec![NONE; acceptors],
            max_val: vec![None; acceptors],
            prepares: BTreeSet::new(),
            promises: BTreeSet::new(),
            accepts: BTreeSet::new(),
            votes: BTreeSet::new(),
        }]
    }

    fn actions(&self, state: &State, actions: &mut Vec<Action>) {
        actions.extend((0..self.ballots).map(Action::Phase1a));
        for acc in 0..self.acceptors {
            let promised = state.max_bal[usize::from(acc)];
            let later = state.prepares.iter().filter(|bal| **bal > promised);
            actions.extend(later.map(|bal| Action::Phase1b(acc, *bal)));
            let open = state.accepts.iter().filter(|m| m.bal >= promised);
            actions.extend(open.map(|m| Action::Phase2b(acc, *m)));
        }
        for bal in (0..self.ballots).filter(|bal| state.accepts.iter().all(|m| m.bal != *bal)) {
            for quorum in &self.quorums {
                self.proposals(state, bal, quorum, actions);
            }
        }
    }

    fn next_state(&self, before: &State, action: Action) -> Option<State> {
        let mut state = before.clone();
        match action {
            Action::Phase1a(bal) => {
                state.prepares.insert(bal);
            }
            Action::Phase1b(acc, bal) => {
                let a = usize::from(acc);
                state.max_bal[a] = bal;
                let (mbal, mval) = (state.max_vbal[a], state.max_val[a]);
                state.promises.insert(Promise {
                    acc,
                    bal,
                    mbal,
                    mval,
                });
            }
            Action::Phase2a(m) => {
                state.accepts.insert(m);
            }
            Action::Phase2b(acc, Accept { bal, val }) => {
                let a = usize::from(acc);
                state.max_bal[a] = bal;
                state.max_vbal[a] = bal;
                state.max_val[a] = Some(val);
                state.votes.insert(Vote { acc, bal, val });
            }
        }
        Some(state)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always("agreement", Self::agreement),
            Property::always("last votes are votes", Self::last_votes_are_votes),
            Property::always("promises are kept", Self::promises_are_kept),
            Property::always("one proposal in a ballot", Self::one_proposal_in_a_ballot),
            Property::always("proposals are safe", |model: &Self, state: &State| {
                state.accepts.iter().all(|m| model.shows_safe(state, m))
            }),
            Property::always("votes were proposed", Self::votes_were_proposed),
        ]
    }
}
