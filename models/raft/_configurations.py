"""What both ways to change the members of a Raft cluster share: configurations in the log.

A configuration is the set of servers whose votes and logs count. It is part of an entry, and a server uses the latest
one in its log, committed or not (section 6 of the paper; Ongaro, "Consensus: Bridging Theory and Practice", 2014,
chapter 4). Where the log loses an entry, the configuration goes with it. Until a log has one, the initial configuration
is in force, which has all servers.

In the model an entry that has a configuration has a command as well, and the configurations of a log are kept beside
it, by their indices. So all that the core says of entries is true of these too.
"""

from __future__ import annotations

from typing import Annotated

from ...invariants.configurations import (
    active_configurations_overlap,
    committed_by_members,
    configuration_matching,
    elected_by_members,
    one_configuration_in_flight,
)
from ...invariants.logs import committed_is_durable, quorum_log
from ..language import (
    AtMost,
    Cluster,
    Invariants,
    Ref,
    StepInvariants,
    cluster,
    durable,
    message,
    receive,
    record,
    require,
)
from ._lemmas import quorum_stands_by_leader
from .raft import AppendEntries, Entry, Index, Log, Raft, RequestVote, Server, Value

Members = frozenset[Ref[Server]]
"""A set of servers."""

Majorities = Annotated[tuple[Members, ...], AtMost(2)]
"""Sets of servers: a quorum has a majority of each."""


@record
class Configuration:
    """The members that the entry at an index of the log appoints."""

    index: Index
    members: Members


Configurations = Annotated[tuple[Configuration, ...], AtMost("changes")]


@message
class AppendConfigurations:
    """An AppendEntries some of whose entries have configurations."""

    configurations: Configurations
    append: AppendEntries


class ConfiguredServer(Server):
    """A server that has configurations in its log."""

    configurations: Configurations = durable(())

    # -- the configuration in force ------------------------------------------------------------------------------------

    def initial_members(self) -> Members:
        """The configuration that is in force before there is any in the log."""
        return self.members(Server)

    def latest_members(self) -> Members:
        """The latest configuration in the log."""
        return self.configurations[-1].members if self.configurations else self.initial_members()

    def majorities(self) -> Majorities:
        """The configurations that must agree."""
        return (self.latest_members(),)

    def is_quorum(self, members: frozenset[Ref[Server]]) -> bool:
        """Whether these are enough to win an election or to commit an entry; who is no member does not count."""
        return all(2 * len(each & members) > len(each) for each in self.majorities())

    def is_member(self) -> bool:
        """Whether this server is in a configuration in force."""
        return any(self.id in each for each in self.majorities())

    def audience(self) -> Members:
        """The servers that this one asks for votes and sends entries to."""
        return frozenset(server for server in self.members(Server) if any(server in each for each in self.majorities()))

    # -- a change ------------------------------------------------------------------------------------------------------

    def appoint(self, members: Members, value: Value) -> None:
        """Append an entry with a configuration, which is in force at once."""
        self.configurations += (Configuration(self.last_index() + 1, members),)
        self.client_request(value)

    def is_settled(self) -> bool:
        """Whether the latest configuration is known to be committed."""
        return not self.configurations or self.configurations[-1].index <= self.commit

    def advance_commit(self) -> None:
        """Step down when a configuration that this server is not in is committed."""
        super().advance_commit()
        if self.is_settled() and not self.is_member():
            self.follow()

    # -- who is asked and sent to --------------------------------------------------------------------------------------

    def campaign(self) -> None:
        """Ask the members for their votes; who is no member may stand, but has no vote (section 4.2.2)."""
        self.stand()
        for server in self.audience() - {self.id}:
            self.send(server, RequestVote(self.term, self.last_index(), self.last_term()))
        self.count_votes()

    def send_entries(self, to: Ref[Server], count: int) -> None:
        """Send a member entries, with their configurations if they have any."""
        require(to in self.audience())
        previous = self.next_index[to] - 1
        carried = tuple(c for c in self.configurations if previous < c.index <= previous + count)
        if carried:
            entries = self.entries_after(previous)[:count]
            append = AppendEntries(self.term, previous, self.term_at(previous), entries, self.commit)
            self.send(to, AppendConfigurations(carried, append))
        else:
            super().send_entries(to, count)

    @receive
    def on_append_configurations(self, m: AppendConfigurations, sender: Ref[Server]) -> None:
        """Handle the entries as always, and take over the configurations of those that are now in the log."""
        self.on_append_entries(m.append, sender)
        for configuration in m.configurations:
            if self.has(configuration.index, m.append.entries[configuration.index - m.append.previous - 1]):
                self.adopt(configuration)

    def adopt(self, configuration: Configuration) -> None:
        """Use a leader's configuration from now on."""
        if configuration not in self.configurations:
            self.configurations += (configuration,)

    def replace_after(self, index: Index, entries: Log) -> None:
        """With the entries that go, go their configurations: an earlier one is in force again."""
        super().replace_after(index, entries)
        self.configurations = tuple(c for c in self.configurations if c.index <= index)


class ConfiguredRaft(Raft):
    """Raft whose servers have configurations in their logs, at most `changes` in each.

    A configuration comes with a command, so `requests` bounds all entries that leaders append.
    """

    servers: Cluster[ConfiguredServer] = cluster(2)
    terms: int = 1
    entries: int = 3
    requests: int = 3
    changes: int = 2
    # what is committed is on a quorum of the configuration that committed it, which need not be one of the latest
    invariants: Invariants = (
        *(each for each in Raft.invariants if each not in (quorum_log, committed_is_durable)),
        configuration_matching,
        one_configuration_in_flight,
        active_configurations_overlap,
    )
    step_invariants: StepInvariants = (*Raft.step_invariants, elected_by_members, committed_by_members)
    # who voted for a leader need not be a quorum of the configuration that it has later
    lemmas: Invariants = tuple(each for each in Raft.lemmas if each is not quorum_stands_by_leader)

    def leader_configurations(self) -> tuple[tuple[tuple[Index, Entry], ...], ...]:
        """For each server that leads, the entries of its log that have configurations, with their indices."""
        return tuple(
            tuple((each.index, server.log[each.index - 1]) for each in server.configurations)
            for server in self.servers
            if server.leads()
        )
