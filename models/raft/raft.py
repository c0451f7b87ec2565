"""Raft (Ongaro and Ousterhout, "In Search of an Understandable Consensus Algorithm", extended version, 2014).

Leader election, log replication, the commit rule, client requests, crash and restart: figure 2 of the paper, with each
remote call as a request and a reply that the network may reorder, lose or (`duplicates`) deliver twice. One step is a
timeout, a client request, the sending of one AppendEntries, a crash with the restart, or the whole handling of one
message; winning an election and advancing the commit index belong to the message that completes the quorum.

Values are interchangeable and each request chooses one freely, so two values already give any two requests different
ones: with `values=2` no violation that rests on a difference between entries is missed.
"""

from __future__ import annotations

from enum import Enum
from typing import Annotated

from ...invariants.elections import (
    epoch_monotonic,
    leader_votes_for_itself,
    single_leader_per_epoch,
    single_leader_per_epoch_ever,
    vote_once,
)
from ...invariants.logs import (
    commit_monotonic,
    committed_is_durable,
    committed_log_append_only,
    committed_prefix_agreement,
    leader_append_only,
    leader_completeness,
    log_matching,
    log_terms,
    match_monotonic,
    match_sound,
    next_after_match,
    quorum_log,
    state_machine_safety,
)
from ..language import (
    AtMost,
    Bag,
    Cluster,
    Crash,
    Faults,
    Figures,
    Invariants,
    Map,
    Network,
    Process,
    Protocol,
    Range,
    Ref,
    Size,
    Sizes,
    StepInvariants,
    Symbol,
    action,
    cluster,
    durable,
    every,
    ghost,
    history,
    message,
    receive,
    record,
    require,
    volatile,
)
from ._lemmas import leaders_are_remembered, one_vote_in_a_term, quorum_stands_by_leader, votes_bind

Term = Annotated[int, Range(0, "terms")]
"""Terms number elections, from 1; 0 is before the first."""

Index = Annotated[int, Range(0, "entries")]
"""Positions in a log, from 1; 0 is before the first."""

Next = Annotated[int, Range(1, "entries + 1")]
"""A position that may be one past the end of the longest log."""


class Value(Symbol, size="values"):
    """A command that a client asks to append."""


class Role(Enum):
    """The states of a server (figure 4)."""

    FOLLOWER, CANDIDATE, LEADER = range(3)


@record
class Entry:
    """A command, and the term in which a leader received it."""

    term: Term
    value: Value


Log = Annotated[tuple[Entry, ...], AtMost("entries")]


@record
class Committed:
    """The entry that was first committed at an index, and the term of the leader that committed it."""

    index: Index
    entry: Entry
    term: Term


@message
class RequestVote:
    """A candidate asks for a vote and says how up to date its log is."""

    term: Term
    last_index: Index
    last_term: Term


@message
class Vote:
    """The answer to a candidate."""

    term: Term
    granted: bool


@message
class AppendEntries:
    """A leader replicates the entries that follow a position of its log; without any, a heartbeat."""

    term: Term
    previous: Index
    previous_term: Term
    entries: Log
    commit: Index


@message
class AppendReply:
    """The answer to a leader: whether the logs agreed, and up to where they do now."""

    term: Term
    success: bool
    match: Index


class Server(Process):
    """A server (figure 2)."""

    # on stable storage before any message that depends on it leaves
    term: Term = durable(0)
    voted_for: Ref[Server] | None = durable(None)
    log: Log = durable(())
    # lost in a crash
    role: Role = volatile(Role.FOLLOWER)
    commit: Index = volatile(0)
    votes: frozenset[Ref[Server]] = volatile(frozenset())
    next_index: Map[Ref[Server], Next] = volatile(every(1))
    match_index: Map[Ref[Server], Index] = volatile(every(0))

    # -- leader election (section 5.2) ---------------------------------------------------------------------------------

    @action
    def timeout(self) -> None:
        """Start an election."""
        require(self.role is not Role.LEADER)
        self.campaign()

    def campaign(self) -> None:
        """Ask every other server for its vote in the next term."""
        self.stand()
        self.broadcast(RequestVote(self.term, self.last_index(), self.last_term()))
        self.count_votes()

    def stand(self) -> None:
        """Become a candidate of the next term, with its own vote."""
        self.term += 1
        self.role = Role.CANDIDATE
        self.voted_for = self.id
        self.votes = frozenset({self.id})

    @receive
    def on_request_vote(self, m: RequestVote, sender: Ref[Server]) -> None:
        """Answer a candidate."""
        self.consider(m, sender)

    def consider(self, m: RequestVote, sender: Ref[Server]) -> None:
        """Vote for the first candidate of a term whose log is up to date; a stale one gets no answer."""
        self.observe(m.term)
        if m.term == self.term:
            granted = self.voted_for in (None, sender) and self.is_up_to_date(m)
            if granted:
                self.voted_for = sender
            self.send(sender, Vote(self.term, granted))

    def is_up_to_date(self, m: RequestVote) -> bool:
        """Whether the candidate's log is at least as up to date as this server's (section 5.4.1)."""
        return (m.last_term, m.last_index) >= (self.last_term(), self.last_index())

    @receive
    def on_vote(self, m: Vote, sender: Ref[Server]) -> None:
        """Count a vote of this term."""
        self.observe(m.term)
        if self.role is Role.CANDIDATE and m.term == self.term and m.granted:
            self.votes |= {sender}
            self.count_votes()

    def count_votes(self) -> None:
        """Win the election with the votes of a quorum."""
        if self.is_quorum(self.votes):
            self.lead()

    def lead(self) -> None:
        """Become leader; replication starts after the end of the log."""
        self.role = Role.LEADER
        self.votes = frozenset()
        self.next_index = Map({server: self.last_index() + 1 for server in self.members(Server)})

    def observe(self, term: Term) -> None:
        """Step down on a newer term (section 5.1)."""
        if term > self.term:
            self.term = term
            self.voted_for = None
            self.follow()

    def follow(self) -> None:
        """Become a follower, and drop what only candidates and leaders keep."""
        self.role = Role.FOLLOWER
        self.votes = frozenset()
        self.next_index = Map({server: 1 for server in self.members(Server)})
        self.match_index = Map({server: 0 for server in self.members(Server)})

    # -- log replication (section 5.3) ---------------------------------------------------------------------------------

    @action
    def client_request(self, value: Value) -> None:
        """Append a client's command to the leader's own log."""
        require(self.role is Role.LEADER)
        self.log += (Entry(self.term, value),)
        self.advance_commit()

    @action
    def replicate(self, to: Ref[Server], count: Annotated[int, Range(1, "batch")]) -> None:
        """Send a server the next entries that it may lack."""
        require(self.role is Role.LEADER and to != self.id and self.next_index[to] + count <= self.last_index() + 1)
        self.send_entries(to, count)

    @action
    def heartbeat(self, to: Ref[Server]) -> None:
        """Tell a server who leads, and how far the log is committed, without any entry (section 5.2)."""
        require(self.role is Role.LEADER and to != self.id)
        self.send_entries(to, 0)

    def send_entries(self, to: Ref[Server], count: int) -> None:
        """Send so many of the entries that a server may lack."""
        previous = self.next_index[to] - 1
        entries = self.entries_after(previous)[:count]
        self.send(to, AppendEntries(self.term, previous, self.term_at(previous), entries, self.commit))

    @receive
    def on_append_entries(self, m: AppendEntries, sender: Ref[Server]) -> None:
        """Append the leader's entries where the logs agree before them."""
        self.observe(m.term)
        if m.term < self.term:
            self.refuse(m, sender)
        else:
            self.recognise_leader()
            if self.agrees(m):
                self.accept(m)
                self.confirm(m, sender)
            else:
                self.refuse(m, sender)

    def recognise_leader(self) -> None:
        """Give up a candidacy: another server leads in this term."""
        assert self.role is not Role.LEADER, "two leaders in one term"
        if self.role is Role.CANDIDATE:
            self.follow()

    def agrees(self, m: AppendEntries) -> bool:
        """The consistency check: the log has the entry that precedes the new ones."""
        return m.previous <= self.last_index() and self.term_at(m.previous) == m.previous_term

    def accept(self, m: AppendEntries) -> None:
        """Take over the leader's entries, and learn how far it has committed."""
        self.merge(m)
        self.follow_commit(m)

    def merge(self, m: AppendEntries) -> None:
        """Delete what conflicts and append what is new; leave alone what is there already."""
        if not all(self.has(index, entry) for index, entry in enumerate(m.entries, m.previous + 1)):
            self.replace_after(m.previous, m.entries)

    def follow_commit(self, m: AppendEntries) -> None:
        """Commit what the leader has committed, up to the last entry that is known to agree with the leader's."""
        self.commit = max(self.commit, min(m.commit, m.previous + len(m.entries)))

    def confirm(self, m: AppendEntries, leader: Ref[Server]) -> None:
        """Tell the leader up to where the logs are known to agree."""
        self.send(leader, AppendReply(self.term, True, m.previous + len(m.entries)))

    def refuse(self, m: AppendEntries, leader: Ref[Server]) -> None:
        """Tell the leader that its term is over, or that the logs differ."""
        self.send(leader, AppendReply(self.term, False, 0))

    def has(self, index: Index, entry: Entry) -> bool:
        """Whether the log has this entry at this position: same index and term, same entry."""
        return index <= self.last_index() and self.term_at(index) == entry.term

    @receive
    def on_append_reply(self, m: AppendReply, sender: Ref[Server]) -> None:
        """Note how far a follower's log agrees, or try an earlier entry."""
        self.observe(m.term)
        if self.role is Role.LEADER and m.term == self.term:
            if m.success:
                self.acknowledge(m, sender)
                self.advance_commit()
            else:
                self.retry(sender)

    def acknowledge(self, m: AppendReply, sender: Ref[Server]) -> None:
        """Raise what is known of a follower; replies may come late, so neither index goes down."""
        self.match_index |= {sender: max(self.match_index[sender], m.match)}
        self.next_index |= {sender: max(self.next_index[sender], self.match_index[sender] + 1)}

    def retry(self, follower: Ref[Server]) -> None:
        """Try an earlier entry, but none that is known to agree."""
        self.next_index |= {follower: max(self.match_index[follower] + 1, self.next_index[follower] - 1)}

    # -- the commit rule (sections 5.3 and 5.4.2) ----------------------------------------------------------------------

    def advance_commit(self) -> None:
        """Commit up to the last entry of this term that a quorum has."""
        ahead = range(self.commit + 1, self.last_index() + 1)
        self.commit = max((index for index in ahead if self.is_replicated(index)), default=self.commit)

    def is_replicated(self, index: Index) -> bool:
        """Whether the entry is of this term and a quorum has it; earlier terms' entries are committed indirectly."""
        return self.term_at(index) == self.term and self.is_quorum(self.holders(index))

    def holders(self, index: Index) -> frozenset[Ref[Server]]:
        """The servers that are known to have this entry, the leader among them."""
        return frozenset(server for server in self.peers if self.match_index[server] >= index) | {self.id}

    # -- the log -------------------------------------------------------------------------------------------------------

    def last_index(self) -> Index:
        """The index of the last entry, 0 if there is none."""
        return len(self.log)

    def term_at(self, index: Index) -> Term:
        """The term of the entry at an index of the log, 0 before the first."""
        return self.log[index - 1].term if index > 0 else 0

    def last_term(self) -> Term:
        """The term of the last entry, 0 if there is none."""
        return self.term_at(self.last_index())

    def entries_after(self, index: Index) -> Log:
        """The entries that follow an index."""
        return self.log[index:]

    def replace_after(self, index: Index, entries: Log) -> None:
        """Keep the log up to an index, and put these entries in the place of the rest."""
        self.log = self.log[:index] + entries

    # -- what the shared properties ask for ----------------------------------------------------------------------------

    def leads(self) -> bool:
        """Whether this server is a leader."""
        return self.role is Role.LEADER

    def epoch(self) -> Term:
        """The server's term."""
        return self.term

    def vote(self) -> Ref[Server] | None:
        """Whom it voted for in its term."""
        return self.voted_for

    def stored(self) -> Log:
        """The part of the log that a crash leaves."""
        return self.log


class Raft(Protocol):
    """Raft: servers that elect a leader and replicate its log.

    `terms` is the last term and `entries` the length of the longest log; clients make at most `requests` requests with
    `values` different commands, and an AppendEntries has at most `batch` of them. At most `messages` are under way at a
    time, equal ones counted once, and the network delivers up to `duplicates` of them once more; servers crash and
    restart up to `crashes` times in all.
    """

    servers: Cluster[Server] = cluster(3)
    terms: int = 2
    entries: int = 1
    requests: int = 1
    values: int = 1
    batch: int = 1
    messages: int = 2
    crashes: int = 0
    duplicates: int = 0

    network: Network = Bag(copies=1, duplicates="duplicates", capacity="messages")
    faults: Faults = (Crash(times="crashes"),)
    invariants: Invariants = (
        single_leader_per_epoch,
        single_leader_per_epoch_ever,
        leader_votes_for_itself,
        log_matching,
        log_terms,
        leader_completeness,
        state_machine_safety,
        committed_prefix_agreement,
        quorum_log,
        committed_is_durable,
        match_sound,
        next_after_match,
    )
    step_invariants: StepInvariants = (
        leader_append_only,
        committed_log_append_only,
        commit_monotonic,
        match_monotonic,
        epoch_monotonic,
        vote_once,
    )
    lemmas: Invariants = (votes_bind, one_vote_in_a_term, leaders_are_remembered, quorum_stands_by_leader)

    sizes: Sizes = (
        Size(
            "small",
            {"messages": 3, "crashes": 1},
            Figures(3_226_442, 13_956_832, 42),
            symmetric=Figures(537_818, 2_326_459, 42),
        ),
        Size(
            "medium",
            {"entries": 2, "requests": 2, "batch": 2, "messages": 3, "crashes": 1},
            symmetric=Figures(9_600_628, 42_525_846, 51),
        ),
        Size(
            "large",
            {"terms": 3, "entries": 2, "requests": 2, "messages": 3, "crashes": 1},
            symmetric=Figures(64_600_490, 281_471_822, 60),
        ),
    )

    requested: Annotated[int, Range(0, "requests")] = ghost(0)
    led: frozenset[tuple[Term, Ref[Server]]] = ghost(frozenset())
    committed: frozenset[Committed] = ghost(frozenset())

    @history
    def remember(self, before: Raft) -> None:
        """Count the requests, and remember who led which term and what was committed by whom."""
        pairs = zip(before.servers, self.servers, strict=True)
        self.requested += sum(max(0, len(new.log) - len(old.log)) for old, new in pairs if new.leads())
        self.led |= frozenset((server.term, server.id) for server in self.servers if server.leads())
        self.committed |= frozenset(
            Committed(index, entry, server.term)
            for server in self.servers
            for index, entry in enumerate(server.log[: server.commit], 1)
            if not self.was_committed(index)
        )

    def was_committed(self, index: Index) -> bool:
        """Whether anything was ever committed at an index."""
        return any(committed.index == index for committed in self.committed)

    def leaders_ever(self) -> frozenset[tuple[Term, Ref[Server]]]:
        """Who ever led which term."""
        return self.led

    def votes_given(self) -> frozenset[tuple[Term, Ref[Server], Ref[Server]]]:
        """The votes that are under way or counted: the term, the voter and the candidate."""
        under_way = frozenset((m.message.term, m.sender, m.to) for m in self.under_way(Vote) if m.message.granted)
        counted = frozenset((server.term, voter, server.id) for server in self.servers for voter in server.votes)
        return under_way | counted

    def commitments(self) -> frozenset[Committed]:
        """What was first committed at each index, and in which term."""
        return self.committed

    def leader_logs(self) -> tuple[tuple[Term, Log], ...]:
        """The terms and logs of the servers that lead."""
        return tuple((server.term, server.log) for server in self.servers if server.leads())

    def is_stored(self, committed: Committed) -> bool:
        """Whether a quorum would still have a committed entry after a crash."""
        index = committed.index
        holders = frozenset(
            server.id for server in self.servers if server.stored()[index - 1 : index] == (committed.entry,)
        )
        return any(server.is_quorum(holders) for server in self.servers)

    def committed_logs(self) -> tuple[Log, ...]:
        """What each server takes for committed."""
        return tuple(server.log[: server.commit] for server in self.servers)
