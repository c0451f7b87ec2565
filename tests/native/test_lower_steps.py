"""Whole steps in every kind of network and under every fault: the kernels give what the semantics gives, in order."""

from pathlib import Path
from random import Random

import pytest

from quorate.models.language import Protocol

from ..ir.bundled import bundled, title
from ..ir.kitchen import Kitchen
from .lowering import HEAD, Lowered, load, lowered

NETWORKS = (
    "MessageSet()",
    "Bag()",
    "Bag(copies=1)",
    "Bag(copies=2, capacity='room')",
    "Bag(capacity=2, duplicates=2, loses=True)",
    "Bag(capacity=1)",
    "Fifo()",
    "Fifo(capacity='room')",
    "Fifo(capacity=2, loses=True)",
)
FAULTS = (
    "",
    "Crash(times=2),",
    "Crash(times='room', of=Boss, stays_down=True),",
    "Partition(times=1),",
    "Partition(times=1), Crash(times=1, stays_down=True), Crash(times=1),",
    "Crash(times=0), Partition(times=0),",
)
MODEL = """
Small = Annotated[int, Range(0, "top")]
Fixed = Annotated[int, Range(0, 2)]


class Mood(Enum):
    CALM, BUSY = range(2)


@message
class Ping:
    number: Small
    path: Annotated[tuple[Fixed, ...], AtMost("room")] = ()
    PAYLOAD


@message
class Pong:
    back: Ref[Node] | None
    pair: tuple[Fixed, bool]


@message
class Nobody:
    pass


class Node(Process):
    n: Small = volatile(0)
    k: Fixed = durable(1)
    log: Annotated[tuple[Small, ...], AtMost("room")] = volatile(())
    heard: frozenset[Ref[Node]] = volatile(frozenset())
    told: Map[Ref[Node], bool] = durable(every(False))

    @action
    def ping(self, by: Fixed) -> None:
        require(by > self.n)
        self.n += by
        for other in self.members(Node):
            if other != self.id:
                self.send(other, Ping(self.n))
        self.send(self.id, Ping(by, (by,)))
        require(self.n != 2 or by == 2)

    DISCONNECT

    @action
    def shout(self) -> None:
        require(self.n > 0 and not self.log)
        self.broadcast(Ping(self.n - 1, self.log))
        self.broadcast(Ping(self.n), to=Boss)
        self.log += (self.n,)

    @action
    def err(self, other: Ref[Node]) -> None:
        require(self.n == 2 and self.log == (2,) and other != self.id)
        if self.k == 0:
            self.send(other, Nobody())
        elif self.k == 1:
            self.send(other, Ping(self.n, (self.n, self.n + self.k)))
        self.k = self.k - 1

    RESTART

    @receive
    def on_ping(self, m: Ping, sender: Ref[Node]) -> None:
        if m.number == 0:
            return
        CUT_OFF
        self.heard |= {sender}
        self.log = (*self.log, *m.path)
        require(len(self.heard) < 3)
        self.send(sender, Pong(self.id if m.path else None, (m.number, not m.path)))

    @receive
    def on_pong(self, m: Pong) -> None:
        who = m.back if m.back is not None else self.id
        assert not self.told[who] or self.k > 0, "told again"
        self.told |= {who: m.pair[1]}
        x, _ = m.pair
        self.k = max(self.k - x, 0)


class Boss(Node):
    bossy: bool = volatile(False)

    BOSSES

    def shout(self) -> None:
        require(not self.bossy)
        super().shout()
        self.bossy = True

    @receive
    def on_nobody(self, m: Nobody) -> None:
        self.bossy = False


def somebody_logs(p: Drawn) -> bool:
    return any(n.log[0] == 1 for n in p.nodes if n.n > 0)


class Drawn(Protocol):
    nodes: Cluster[Node] = cluster(2)
    bosses: Cluster[Boss] = cluster(1)
    top: int = 2
    room: int = 2
    network = NETWORK
    faults = (FAULTS)
    mood: Mood = shared(Mood.CALM)
    seen: Annotated[int, Range(0, 3)] = ghost(0)
    most: Annotated[tuple[Small, ...], AtMost("room")] = ghost(())

    @initial
    def begin(self, mood: Mood) -> None:
        self.mood = mood

    @action
    def change(self, mood: Mood, extra: Fixed) -> None:
        require(mood is not self.mood and extra == sum(n.n for n in self.nodes))
        self.mood = mood

    @history
    def looking(self, before: Drawn) -> None:
        grown = sum(len(n.log) for n in self.nodes) - sum(len(n.log) for n in before.nodes)
        self.seen += 1 if grown > 0 and ASKED else 0
        self.most = (*self.most, grown) if grown > 1 else self.most

    @constraint
    def few(self) -> bool:
        return sum(n.n for n in self.nodes) < 4 and all(b.n < 2 for b in self.bosses)

    @constraint
    def fewer(self) -> bool:
        return self.seen < 3

    @invariant
    def calm(self) -> bool:
        return self.mood is Mood.CALM or not any(any(n.told.values()) for n in self.nodes)

    @invariant
    def heard_of(self) -> bool:
        return all(len(n.heard) < 2 or n.log[0] > 0 for n in self.nodes)

    @invariant
    def raises(self) -> bool:
        return all(10 // (3 - n.n - n.k) != 5 for n in self.bosses)

    @vacuous_unless(somebody_logs)
    @invariant
    def worth(self) -> bool:
        return True

    @step_invariant
    def grows(self, after: Drawn) -> bool:
        return all(a.n <= after.nodes[a.id].n for a in self.nodes)

    @between_crashes
    @step_invariant
    def keeps(self, after: Drawn) -> bool:
        return all(a.heard <= after.nodes[a.id].heard and a.log[:1] == after.nodes[a.id].log[:1] for a in self.nodes)

    @step_invariant
    def fails(self, after: Drawn) -> bool:
        return all(b.n == a.n or 6 // (b.n + b.k) > 1 for a, b in zip(self.bosses, after.bosses, strict=True))
"""


RESTART = """@restart
    def recover(self) -> None:
        require(self.k != 2)
        assert not all(self.told.values()), "told everybody"
        self.log = (self.n, 1)[: sum(1 for told in self.told.values() if told)]
        self.n = 2 - self.k if self.log else self.n - self.k // 2
        HANG_UP
        self.broadcast(Ping(self.n, (self.k,)))
        self.told |= {self.id: True}
        require(self.n > 0 or not self.heard)"""
BOSSES = """def recover(self) -> None:
        super().recover()
        self.k -= 1
        self.send(self.id, Pong(None, (self.k, True)))"""


DISCONNECT = """@action
    def drop(self, other: Ref[Node]) -> None:
        require(self.n == 1 and other in self.heard)
        self.send(other, Ping(self.n))
        self.disconnect(other)
        self.n = 0
        self.drop_all(other)
        require(self.k > 0)

    def drop_all(self, other: Ref[Node]) -> None:
        for node in self.heard:
            require(node != self.id)
            if node == other:
                continue
            self.disconnect(node)"""
HANG_UP = """for node in self.members(Node):
            self.disconnect(node)"""
CUT_OFF = """if m.path:
            self.disconnect(sender)"""


ASKED = {
    "plain": "True",
    "sent": "len(self.sent(Pong)) != 1 and any(s.to == s.sender for s in self.sent(Ping))",
    "under way": """(len(self.under_way(Pong)) > 1 or any(s.to == s.sender for s in self.under_way(Ping))
            or any(s in before.under_way(Ping) for s in self.under_way(Ping) if s.message.number == 2))""",
}


def of(folder: Path, network: str, faults: str, asked: str, wide: bool = False, restart: bool = False) -> Protocol:
    text = HEAD + MODEL.replace("NETWORK", network).replace("(FAULTS)", f"({faults})").replace("ASKED", ASKED[asked])
    text = text.replace("PAYLOAD", "spare: tuple[Small, Small, Small, Small] = (0, 0, 0, 0)" if wide else "")
    text = text.replace("RESTART", RESTART if restart else "").replace("BOSSES", BOSSES if restart else "")
    for gap, words in {"DISCONNECT": DISCONNECT, "HANG_UP": HANG_UP, "CUT_OFF": CUT_OFF}.items():
        text = text.replace(gap, words if network.startswith("Fifo") and restart else "")
    protocol = load(folder, text).Drawn()
    assert isinstance(protocol, Protocol)
    return protocol


def walked(protocol: Protocol, most: int, seed: int = 0) -> Lowered:
    """Kernels that agree with the semantics on states of a search and on those of random walks."""
    twin, chooser = lowered(protocol, most, compiled=True), Random(seed)
    for _ in range(4):
        for state in twin.walk(chooser, 20):
            twin.check(state)
    return twin


@pytest.mark.parametrize("asked", ASKED)
@pytest.mark.parametrize("network", NETWORKS)
def test_networks(network: str, asked: str, tmp_path: Path) -> None:
    twin = walked(of(tmp_path, network, "Crash(times=1),", asked), 60)
    print("asked", len(twin.asked))


@pytest.mark.parametrize("faults", FAULTS)
@pytest.mark.parametrize("network", ["MessageSet()", "Bag(capacity=3)", "Fifo(capacity=2)"])
def test_faults(faults: str, network: str, tmp_path: Path) -> None:
    twin = walked(of(tmp_path, network, faults, "plain"), 60)
    print("asked", len(twin.asked))


@pytest.mark.parametrize("faults", [faults for faults in FAULTS if "Crash" in faults])
@pytest.mark.parametrize("network", ["MessageSet()", "Bag(capacity=3)", "Fifo(capacity=2)"])
def test_restarts(faults: str, network: str, tmp_path: Path) -> None:
    asked = "plain" if "MessageSet" in network else "sent"
    twin = walked(of(tmp_path, network, faults, asked, restart=True), 60)
    print("asked", len(twin.asked))


@pytest.mark.parametrize("asked", ASKED)
@pytest.mark.parametrize("network", ["MessageSet()", "Fifo()"])
def test_messages_that_are_many(network: str, asked: str, tmp_path: Path) -> None:
    """There is no bit for each of them."""
    twin = walked(of(tmp_path, network, "", asked, wide=True), 60)
    print("asked", len(twin.asked))


def test_the_kitchen() -> None:
    twin = walked(Kitchen(), 100)
    print("asked", len(twin.asked))


@pytest.mark.parametrize("model", bundled(), ids=title)
def test_bundled(model: type[Protocol]) -> None:
    assert not walked(model(), 40).asked
