"""Multi-Paxos with one thing wrong in its slots: how they are filled, decided, executed and trimmed."""

from __future__ import annotations

from typing import Annotated

from ..language import Cluster, Map, Range, Ref, cluster, every, require, volatile
from ..paxos import Ballot, LastBallot, Value
from ..paxos._state_machine import Command, Commit, Slot
from ..paxos.multi_paxos import MultiPaxos, Prepare, Promise, Replica, Role, Vote
from ..paxos.multi_paxos_trimming import MultiPaxosTrimming, TrimmingReplica
from .mutant import Mutant


class CommitsOwnVote(Replica):
    """Takes a notice that a slot is decided for a decision on what it voted for there."""

    def on_commit(self, m: Commit) -> None:
        """Look at the slot alone."""
        vote = self.votes[m.slot]
        require(self.decided[m.slot] is None and vote is not None)
        if vote is not None:
            self.decide(m.slot, vote.command)


class MultiPaxosCommitsOwnVote(MultiPaxos):
    """A replica executes what it voted for in an earlier ballot, when a later one has decided the slot otherwise."""

    replicas: Cluster[CommitsOwnVote] = cluster(3)


class AdoptsWholeLog(Replica):
    """Treats the votes of a replica as one log."""

    def note_promise(self, sender: Ref[Replica], votes: Map[Slot, Vote | None]) -> None:
        """Keep all votes of the replica that has the latest one, and none of the others'."""
        self.promises |= {sender}
        if self.latest(votes) > self.latest(self.newest):
            self.newest = votes

    def latest(self, votes: Map[Slot, Vote | None]) -> LastBallot:
        """The highest ballot of these votes."""
        return max((vote.ballot for vote in votes.values() if vote is not None), default=-1)


class MultiPaxosAdoptsWholeLog(MultiPaxos):
    """The replica with the latest vote in one slot may have none in another that is decided."""

    replicas: Cluster[AdoptsWholeLog] = cluster(3)


class ExecutesBeyondHole(Replica):
    """Executes commands as they are decided."""

    def decide(self, slot: Slot, command: Command) -> None:
        """Note a decision and execute it, whatever is missing before it."""
        self.decided |= {slot: command}
        self.executed += (command,)


class MultiPaxosExecutesBeyondHole(MultiPaxos):
    """A replica executes the command of the second slot before it knows that of the first."""

    replicas: Cluster[ExecutesBeyondHole] = cluster(3)


class HidesTrimmed(TrimmingReplica):
    """Does not say what it has dropped."""

    def promise(self, m: Prepare, sender: Ref[Replica]) -> None:
        """Report the votes that are left, as if there had been no others."""
        self.send(sender, Promise(m.ballot, self.votes_from(m.first)))


class MultiPaxosHidesTrimmed(MultiPaxosTrimming):
    """A new leader takes a slot for free that is decided, executed and trimmed."""

    replicas: Cluster[HidesTrimmed] = cluster(3)


class FillsWithNoops(Replica):
    """Takes every slot that it does not know for a hole."""

    def safe_command(self, newest: Vote | None) -> Command:
        """Propose a no-op."""
        return Command(None)


class MultiPaxosFillsWithNoops(MultiPaxos):
    """A new leader proposes a no-op for a slot that may be decided."""

    replicas: Cluster[FillsWithNoops] = cluster(3)


class ReusesSlot(Replica):
    """Loses count of the slots."""

    def propose(self, value: Value) -> None:
        """Propose a command for the next slot, which stays the next one."""
        require(self.role is Role.LEADING and self.next_slot <= len(self.votes))
        self.ask_votes(self.next_slot, Command(value))


class MultiPaxosReusesSlot(MultiPaxos):
    """A leader proposes two commands for one slot in one ballot."""

    replicas: Cluster[ReusesSlot] = cluster(3)


class CountsEachAccepted(Replica):
    """Counts votes instead of collecting the replicas that cast them."""

    tally: Map[Slot, Annotated[int, Range(0, "replicas")]] = volatile(every(0))

    def count_vote(self, slot: Slot, voter: Ref[Replica]) -> None:
        """Count a vote as often as it arrives."""
        self.tally |= {slot: (self.tally[slot] if voter != self.id else 0) + 1}
        if 2 * self.tally[slot] > len(self.members(Replica)):
            self.voters |= {slot: self.members(Replica)}
        super().count_vote(slot, voter)


class MultiPaxosCountsEachAccepted(MultiPaxos):
    """A vote that the network delivers twice counts twice."""

    replicas: Cluster[CountsEachAccepted] = cluster(4)


class ForgetsDecisions(Replica):
    """Starts anew with each ballot."""

    def follow(self, ballot: Ballot) -> None:
        """Enter a higher ballot, and forget what was learned in lower ones."""
        super().follow(ballot)
        self.decided = Map({slot: None for slot in self.decided})


class MultiPaxosForgetsDecisions(MultiPaxos):
    """A replica that enters a higher ballot no longer knows what it has executed."""

    replicas: Cluster[ForgetsDecisions] = cluster(3)


class StartsOver(Replica):
    """Starts its state machine anew with each ballot."""

    def follow(self, ballot: Ballot) -> None:
        """Enter a higher ballot, and go back to the first state."""
        super().follow(ballot)
        self.executed = ()


class MultiPaxosStartsOver(MultiPaxos):
    """A replica that enters a higher ballot undoes what it has executed."""

    replicas: Cluster[StartsOver] = cluster(3)


class LeadsWithoutSnapshot(TrimmingReplica):
    """Does not wait for the snapshot that it needs."""

    def try_to_lead(self) -> None:
        """Lead with the promises of a quorum, whatever they say was dropped."""
        if self.is_quorum(self.promises):
            self.lead()


class MultiPaxosLeadsWithoutSnapshot(MultiPaxosTrimming):
    """A new leader is told that a slot was trimmed, and proposes something for it before it knows what."""

    replicas: Cluster[LeadsWithoutSnapshot] = cluster(3)


class LeavesHoles(Replica):
    """Proposes nothing for holes."""

    def lead(self) -> None:
        """Propose again only what was voted for."""
        first, newest = self.first_open(), self.newest
        self.role = Role.LEADING
        self.next_slot = max((s + 1 for s, vote in newest.items() if vote is not None and s >= first), default=first)
        self.forget_promises()
        for slot in range(first, self.next_slot):
            vote = newest[slot]
            if vote is not None:
                self.ask_votes(slot, vote.command)


class MultiPaxosLeavesHoles(MultiPaxos):
    """A hole in the log is never filled, which is safe: nothing after it is executed either."""

    replicas: Cluster[LeavesHoles] = cluster(3)


SIMPLE = 'Lamport, "Paxos Made Simple", 2001'
MODERATE = 'van Renesse and Altinbuken, "Paxos Made Moderately Complex", 2015'
LIVE = 'Chandra, Griesemer and Redstone, "Paxos Made Live", 2007'

MUTANTS = (
    Mutant(
        "multi-paxos-commits-own-vote",
        MultiPaxosCommitsOwnVote,
        {"values": 2, "messages": 12},
        "executed_is_chosen",
        11,
        f"{SIMPLE}, section 3: the chosen command is what is executed, not the last one accepted",
    ),
    # the step that makes the replica leader fills the slot with a no-op; waiting for a client's command takes one more
    Mutant(
        "multi-paxos-adopts-whole-log",
        MultiPaxosAdoptsWholeLog,
        {"slots": 2, "messages": 12},
        "slot_agreement",
        11,
        f"{MODERATE}, on leaders: pmax picks the proposal of the highest ballot for each slot",
    ),
    Mutant(
        "multi-paxos-executes-beyond-hole",
        MultiPaxosExecutesBeyondHole,
        {"ballots": 1, "slots": 2, "messages": 12},
        "executed_in_slot_order",
        7,
        f"{SIMPLE}, section 3: commands after a gap cannot be executed",
    ),
    Mutant(
        "multi-paxos-executes-as-decided",
        MultiPaxosExecutesBeyondHole,
        {"ballots": 1, "slots": 2, "values": 2, "messages": 12},
        "executed_logs_agree",
        10,
        f"{MODERATE}, on replicas: decisions are applied in the order of their slots",
    ),
    Mutant(
        "multi-paxos-hides-trimmed",
        MultiPaxosHidesTrimmed,
        {"values": 2, "messages": 12},
        "slot_agreement",
        12,
        f"{LIVE}, on snapshots: a replica that is behind the others' logs catches up by a snapshot",
    ),
    Mutant(
        "multi-paxos-leads-without-snapshot",
        MultiPaxosLeadsWithoutSnapshot,
        {"values": 2, "messages": 12},
        "slot_agreement",
        12,
        f"{LIVE}, on snapshots: a replica that is behind the others' logs catches up by a snapshot",
    ),
    Mutant(
        "multi-paxos-fills-with-noops",
        MultiPaxosFillsWithNoops,
        {"messages": 12},
        "slot_votes_safe",
        7,
        f"{SIMPLE}, section 3: no-ops fill those instances alone that the responses leave open",
    ),
    Mutant(
        "multi-paxos-reuses-slot",
        MultiPaxosReusesSlot,
        {"ballots": 1, "values": 2, "messages": 12},
        "one_command_per_slot_and_ballot",
        5,
        f"{SIMPLE}, section 3: the leader assigns a new instance to each command",
    ),
    Mutant(
        "multi-paxos-counts-each-accepted",
        MultiPaxosCountsEachAccepted,
        {"replicas": 4, "ballots": 1, "messages": 12, "duplicates": 1},
        "learned_is_chosen",
        9,
        f"{SIMPLE}, section 2.3: accepted by a majority of acceptors",
    ),
    Mutant(
        "multi-paxos-forgets-decisions",
        MultiPaxosForgetsDecisions,
        {"messages": 12},
        "decided_slot_stable",
        8,
        f"{MODERATE}, on replicas: decisions are kept",
    ),
    Mutant(
        "multi-paxos-starts-over",
        MultiPaxosStartsOver,
        {"messages": 12},
        "executed_append_only",
        8,
        f"{MODERATE}, on replicas: each decision is performed once, in order",
    ),
    # negative control
    Mutant(
        "multi-paxos-leaves-holes",
        MultiPaxosLeavesHoles,
        {"slots": 2, "messages": 8},
        None,
        None,
        f"{SIMPLE}, section 3: the leader fills the gap with no-ops so that commands after it can be executed",
    ),
)
"""What is known of each."""
