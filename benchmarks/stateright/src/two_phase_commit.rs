//! The state machine of `models/two_phase_commit.py`.

use stateright::{Model, Property};
use std::collections::BTreeSet;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Local {
    Working,
    Prepared,
    Committed,
    Aborted,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Decision {
    Open,
    Committed,
    Aborted,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Message {
    Prepared(usize),
    Commit,
    Abort,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct State {
    local: Vec<Local>,
    decision: Decision,
    ready: Vec<bool>,
    sent: BTreeSet<Message>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    Commit,
    Abort,
    OnPrepared(usize),
    Prepare(usize),
    ChooseToAbort(usize),
    OnCommit(usize),
    OnAbort(usize),
}

pub struct TwoPhaseCommit {
    pub managers: usize,
}

impl TwoPhaseCommit {
    fn decisions(&self, state: &State, actions: &mut Vec<Action>) {
        if state.decision != Decision::Open {
            return;
        }
        if state.ready.iter().all(|ready| *ready) {
            actions.push(Action::Commit);
        }
        actions.push(Action::Abort);
    }

    fn steps_with(&self, state: &State, rm: usize, actions: &mut Vec<Action>) {
        if state.decision == Decision::Open && state.sent.contains(&Message::Prepared(rm)) {
            actions.push(Action::OnPrepared(rm));
        }
        if state.local[rm] == Local::Working {
            actions.push(Action::Prepare(rm));
            actions.push(Action::ChooseToAbort(rm));
        }
        if state.sent.contains(&Message::Commit) {
            actions.push(Action::OnCommit(rm));
        }
        if state.sent.contains(&Message::Abort) {
            actions.push(Action::OnAbort(rm));
        }
    }

    fn decide(state: &mut State, decision: Decision, order: Message) {
        state.decision = decision;
        state.sent.insert(order);
    }
}

impl Model for TwoPhaseCommit {
    type State = State;
    type Action = Action;

    fn init_states(&self) -> Vec<State> {
        vec![State {
            local: vec![Local::Working; self.managers],
            decision: Decision::Open,
            ready: vec![false; self.managers],
            sent: BTreeSet::new(),
        }]
    }

    fn actions(&self, state: &State, actions: &mut Vec<Action>) {
        self.decisions(state, actions);
        for rm in 0..self.managers {
            self.steps_with(state, rm, actions);
        }
    }

    fn next_state(&self, before: &State, action: Action) -> Option<State> {
        let mut state = before.clone();
        match action {
            Action::Commit => Self::decide(&mut state, Decision::Committed, Message::Commit),
            Action::Abort => Self::decide(&mut state, Decision::Aborted, Message::Abort),
            Action::OnPrepared(rm) => state.ready[rm] = true,
            Action::Prepare(rm) => {
                state.local[rm] = Local::Prepared;
                state.sent.insert(Message::Prepared(rm));
            }
            Action::ChooseToAbort(rm) | Action::OnAbort(rm) => state.local[rm] = Local::Aborted,
            Action::OnCommit(rm) => state.local[rm] = Local::Committed,
        }
        Some(state)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always("consistent", |_, state: &State| {
                !(state.local.contains(&Local::Committed) && state.local.contains(&Local::Aborted))
            }),
            Property::always("commits are unanimous", |model: &Self, state: &State| {
                !state.local.contains(&Local::Committed)
                    || (0..model.managers).all(|rm| state.sent.contains(&Message::Prepared(rm)))
            }),
        ]
    }
}
