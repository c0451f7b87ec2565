"""Chain replication with one thing wrong."""

from __future__ import annotations

from ..language import Cluster, Ref, cluster, rank, require
from ..registers._clients import Value
from ..registers.chain import (
    BecomeTail,
    Chain,
    Forward,
    Precede,
    Query,
    Reply,
    Server,
    User,
)
from .mutant import Mutant


class DoesNotResend(Server):
    """Goes on with the new successor as with the old one."""

    def on_precede(self, m: Precede) -> None:
        """Forward to the new successor only what comes later."""
        require(not self.halted)
        self.remove(frozenset(peer for peer in self.peers if rank(self.id) < rank(peer) < rank(m.successor)))


class ChainDoesNotResend(Chain):
    """What the failed server had not forwarded yet never gets to the servers after it, but the next update does."""

    servers: Cluster[DoesNotResend] = cluster(3)


class ResendsAll(Server):
    """Does not look at what its new successor has."""

    def on_precede(self, m: Precede) -> None:
        """Forward to the new successor all that may not have got to the tail."""
        super().on_precede(Precede(m.successor, 0))


class ChainResendsAll(Chain):
    """The new successor has some of the updates already, and processes them a second time."""

    servers: Cluster[ResendsAll] = cluster(3)


class ReadsAnywhere(Server):
    """Answers whoever asks."""

    def on_query(self, m: Query, sender: Ref[User]) -> None:
        """Answer a query, though this may not be the tail."""
        require(not self.halted)
        self.send(sender, Reply(m.serial, self.history[len(self.history) - 1] if self.history else None))


class ChainReadsAnywhere(Chain):
    """A client reads at the head what has not got to the tail, and then at the tail what was before it."""

    servers: Cluster[ReadsAnywhere] = cluster(3)


class OnlySlow(Server):
    """Seems to have failed, but is only slow."""

    def halt(self) -> None:
        """Go on, for nothing is wrong."""


class ChainSuspects(Chain):
    """The master takes out a tail that has not failed, which goes on to answer queries but gets no updates."""

    servers: Cluster[OnlySlow] = cluster(3)


class RepliesAtHead(Server):
    """Answers a writer when the head has the update."""

    def process(self, value: Value) -> None:
        """Tell the writer at the head and nobody else."""
        if self.is_head():
            self.reply(value)
        super().process(value)


class ChainRepliesAtHead(Chain):
    """A writer is told that its update is done while the head alone has it."""

    servers: Cluster[RepliesAtHead] = cluster(3)


class AcknowledgesAtOnce(Server):
    """Takes what it has received for what has got to the tail."""

    def process(self, value: Value) -> None:
        """Tell the predecessor as soon as this server has the update."""
        super().process(value)
        self.acknowledge(len(self.history))


class ChainAcknowledgesAtOnce(Chain):
    """A server forgets an update that only its successor has: if that fails now, nobody can forward it again."""

    servers: Cluster[AcknowledgesAtOnce] = cluster(3)


class KeepsLink(Server):
    """Listens to its old predecessors as well."""

    def on_forward(self, m: Forward, sender: Ref[Server]) -> None:
        """Take an update from any server."""
        require(not self.halted)
        self.process(m.value)

    def remove(self, servers: frozenset[Ref[Server]]) -> None:
        """Leave the links to these open."""
        self.removed |= servers


class ChainKeepsLink(Chain):
    """An update arrives from the server that failed after the successor has said what it had, and then once more."""

    servers: Cluster[KeepsLink] = cluster(3)


class SilentTail(Server):
    """Leaves the writers of earlier updates without an answer."""

    def on_become_tail(self, m: BecomeTail) -> None:
        """What has got here has got to the tail, but tell only the predecessor."""
        require(not self.halted)
        self.remove(frozenset(peer for peer in self.peers if rank(peer) > rank(self.id)))
        self.sent = ()
        self.acknowledge(len(self.history))


class ChainSilentTail(Chain):
    """A new tail does not answer the writers whose updates it has, which wait for ever and see nothing wrong."""

    servers: Cluster[SilentTail] = cluster(3)


PAPER = 'van Renesse and Schneider, "Chain Replication", OSDI 2004'

MUTANTS = (
    Mutant(
        "chain-does-not-resend",
        ChainDoesNotResend,
        {"operations": 2},
        "update_propagation",
        10,
        f"{PAPER}, section 3.1: the predecessor first forwards the sequence of requests in Sent",
    ),
    Mutant(
        "chain-resends-all",
        ChainResendsAll,
        {"operations": 2},
        "update_propagation",
        10,
        f"{PAPER}, section 3.1 and figure 3: message 3 tells what the new successor has",
    ),
    Mutant(
        "chain-keeps-link",
        ChainKeepsLink,
        {"operations": 2},
        "update_propagation",
        10,
        f"{PAPER}, figure 3: message 2 tells of the last update that was received",
    ),
    Mutant(
        "chain-acknowledges-at-once",
        ChainAcknowledgesAtOnce,
        {"operations": 1, "failures": 0},
        "inprocess_requests",
        4,
        f"{PAPER}, section 3.1: the tail sends the acknowledgement when it has processed the request",
    ),
    Mutant(
        "chain-replies-at-head",
        ChainRepliesAtHead,
        {"servers": 2, "operations": 1, "failures": 0},
        "replies_are_kept",
        3,
        f"{PAPER}, section 3: every reply is generated and sent by the tail",
    ),
    Mutant(
        "chain-reads-anywhere",
        ChainReadsAnywhere,
        {"servers": 2, "operations": 3, "failures": 0},
        "linearizable_register",
        8,
        f"{PAPER}, section 3: each query is processed at the tail",
    ),
    Mutant(
        "chain-suspects",
        ChainSuspects,
        {"servers": 2, "operations": 2},
        "linearizable_register",
        9,
        f"{PAPER}, section 3: servers are fail-stop",
    ),
    Mutant(
        "chain-silent-tail",
        ChainSilentTail,
        {"operations": 2},
        None,
        None,
        f"{PAPER}, section 3.1: a new tail completes what is under way",
    ),
)
"""What is known of each."""
