"""The kernel `step`: everything that can happen in a state, in the fixed order of the semantics."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import Any

from ....models.language import Ref
from ....models.semantics.domains import Domain
from ....models.semantics.shape import Method
from ... import ir
from ..layout.faults import CrashLayout, PartitionLayout
from ..layout.network import BagLayout, FifoLayout, SetLayout, Slots
from ..layout.pack import Packing
from ..layout.reps import CELL_BITS, Rep
from .actions import Made, chosen_action, handler, history, own_action, process_action, restart
from .cells import add
from .context import Context
from .guards import Sharing, openings
from .kernels import frame, kernel
from .network import codes, ends_of, kind_of, message_of
from .settling import Settling
from .status import DISABLED, DONE
from .values import Flat
from .writer import Writer

MOST_APART = 256
"""The most steps of the protocol itself for each of which a kernel is written."""

MOST_LINES = 200
"""The longest such kernel: LLVM takes long over many long ones, which are hardly faster than one with arguments."""


class Steps:
    """Writes `step(s, m, out, tags)` and the kernels it needs; `titles` are what the numbers in tags stand for."""

    def __init__(self, context: Context, packing: Packing, laws: int) -> None:
        self._context = context
        self._network = _cells(context.layout.network.base, context.layout.network.cells)
        if context.layout.sent is not None:
            self._network |= _cells(context.layout.sent.base, context.layout.sent.cells)
        past = history(context) if context.program.histories else None
        self._settling = Settling(context, packing, past, laws > 0)
        self._kernels: dict[str, Made] = {} if past is None else {past.name: past}
        self._deliver_text: list[str] = []
        self.titles: list[str] = []
        self.most = 0
        made = kernel(context, writes=True)
        made.writer = Writer("s")  # openings of other kernels are written here, with names of their own
        self._f = frame(made, "step")
        self._write()

    def text(self) -> Iterator[str]:
        """All kernels, `step` the last."""
        for made in self._kernels.values():
            yield from made.lines
        yield from self._settling.text()
        yield from self._deliver_text
        yield from self._f.writer.text("def step(s: Words, m: Words, out: Words, tags: Words) -> Word:")
        yield ""
        yield ""

    def _title(self, name: str) -> int:
        if name not in self.titles:
            self.titles.append(name)
        return self.titles.index(name)

    def _settled(self, status: str, title: int, changed: frozenset[int], crash: int = 0) -> None:
        """Write what follows a try that may have changed these cells."""
        writer = self._f.writer
        settle = self._settling.name(changed)
        with writer.under(f"if {status} != {DISABLED}:"):
            writer.emit(f"n = {settle}(s, m, out, tags, n, {status}, {title}, {crash})")
            with writer.under("if n < 0:"):
                writer.emit("return -1")

    def _changed(self, first: int, made: Made) -> frozenset[int]:
        """The cells of a record, and of the network, that a kernel may change."""
        cells = frozenset(first + cell for cell in made.cells)
        return cells | self._network if made.posts else cells

    # -- the order of steps --------------------------------------------------------------------------------------------

    def _write(self) -> None:
        writer, context = self._f.writer, self._context
        writer.emit("unpack_twice(s, m)")
        writer.emit(f"m[{context.outbox}] = 0")
        writer.emit("n = 0")
        self._own_actions()
        for number, ref in enumerate(context.system.refs):
            self._process(number, ref)
        self._deliveries()
        self._losses()
        self._faults()
        writer.emit("return n")

    def _own_actions(self) -> None:
        shape = self._context.system.shape
        apart = len(self._context.system._own) <= MOST_APART
        for method, function in zip(shape.actions, self._context.program.actions, strict=True):
            choices = [s.arguments for s in self._context.system._own if s.name == method.name]
            if choices and choices[0] and apart and self._is_short(method, function, choices[0]):
                self._apart(method, function, choices)
            elif choices:
                name = f"own_{method.name}"
                made = self._kernels[name] = own_action(self._context, name, function, self._reps(method))
                changed = self._changed(self._context.layout.shared, made)
                self._tries(name, "m", method, choices, self._title(method.name), changed)

    def _is_short(self, method: Method, function: str, choice: tuple[Any, ...]) -> bool:
        """Whether constant arguments leave so little of an action that there can be a kernel for each choice."""
        made = chosen_action(self._context, f"own_{method.name}", function, self._constants(method, choice))
        return len(made.lines) <= MOST_LINES

    def _constants(self, method: Method, choice: tuple[Any, ...]) -> list[Flat]:
        return [Flat(rep, tuple(rep.flatten(v))) for rep, v in zip(self._reps(method), choice, strict=True)]

    def _apart(self, method: Method, function: str, choices: Sequence[tuple[Any, ...]]) -> None:
        """A kernel for each choice of arguments, behind the guards that they share."""
        sharing = Sharing(self._f.writer)
        for number, choice in enumerate(choices):
            name = f"own_{method.name}_{number}"
            made = chosen_action(self._context, name, function, self._constants(method, choice))
            self._kernels[name] = made
            sharing.enter(list(openings(made.body)))
            status = self._f.writer.variable(f"{name}(m)")
            changed = self._changed(self._context.layout.shared, made)
            self._settled(status, self._title(method.name), changed)
        sharing.leave()
        self.most += len(choices)

    def _reps(self, method: Method) -> list[Rep]:
        return [self._context.reps.of(p.domain) for p in method.parameters]

    def _tries(
        self,
        name: str,
        given: str,
        method: Method,
        choices: Sequence[tuple[Any, ...]],
        title: int,
        changed: frozenset[int],
    ) -> None:
        """Try a method with each choice of its arguments."""
        reps = self._reps(method)
        rows = [[c for rep, value in zip(reps, row, strict=True) for c in rep.flatten(value)] for row in choices]
        self.most += len(rows)
        writer = self._f.writer
        if not rows or not rows[0]:
            status = writer.variable(f"{name}({given})")
            self._settled(status, title, changed)
            return
        place = writer.fresh("i")
        with writer.under(f"for {place} in range({len(rows)}):"):
            columns = [self._context.looked_up([row[n] for row in rows], place) for n in range(len(rows[0]))]
            status = writer.variable(f"{name}({', '.join(map(str, [given, *columns]))})")
            self._settled(status, title, changed)

    # -- processes -----------------------------------------------------------------------------------------------------

    def _process(self, number: int, ref: Ref[Any]) -> None:
        shape = self._context.system.shape.shapes[ref.cluster]
        functions = self._class(ref.cluster).actions
        if not functions:
            return
        record = self._context.after + self._context.layout.base(number)
        writer, before = self._f.writer, self._f.writer.here
        up = self._is_up(str(number))
        if up:
            writer.here = writer.open(f"if {up}:")
        for method, function in zip(shape.actions, functions, strict=True):
            made = self._action(ref.cluster, method, function)
            choices = list(_product([p.domain for p in method.parameters]))
            changed = self._changed(self._context.layout.base(number), made)
            title = self._title(f"{ref.cluster}.{method.name}")
            self._tries(made.name, f"m, {record}, {number}", method, choices, title, changed)
        writer.here = before

    def _class(self, cluster: str) -> ir.ProcessClass:
        names = {c.name: c.process for c in self._context.program.clusters}
        return next(p for p in self._context.program.processes if p.name == names[cluster])

    def _action(self, cluster: str, method: Method, function: str) -> Made:
        name = f"act_{cluster}_{method.name}"
        if name not in self._kernels:
            self._kernels[name] = process_action(self._context, name, function, cluster, self._reps(method))
        return self._kernels[name]

    def _is_up(self, number: str) -> str:
        """A test that a process is not down for good, empty if none ever is."""
        crashes = [f for f in self._context.layout.faults if isinstance(f, CrashLayout) and f.stays_down and f.times]
        return " and ".join(f"not ((m[{fault.down}] >> {number}) & 1)" for fault in crashes)

    # -- deliveries ----------------------------------------------------------------------------------------------------

    def _deliveries(self) -> None:
        network = self._context.layout.network
        if not self._context.layout.envelopes.blocks:
            return
        self._deliver_text = self._deliver()
        writer = self._f.writer
        if isinstance(network, FifoLayout):
            for channel, ends in enumerate(network.channels):
                with writer.under(f"if m[{ends.count}] != 0:"):
                    self._delivery(f"m[{ends.first}]", str(channel))
            self.most += 2 * len(network.channels)
        elif isinstance(network, BagLayout | SetLayout) and isinstance(network.posted, Slots):
            self._slots(network.posted)
        elif isinstance(network, BagLayout | SetLayout):
            self._bits(network.posted.base, network.posted.cells)
            self.most += network.posted.envelopes.universe or 0

    def _slots(self, store: Slots) -> None:
        writer = self._f.writer
        writer.emit("last = -1")
        with writer.under(f"for k in range(m[{store.count}]):"):
            writer.emit(f"code = m[{add('k', store.first)}]")
            with writer.under("if code != last:"):
                writer.emit("last = code")
                self._delivery("code", "k")
        self.most += 2 * store.slots

    def _bits(self, base: int, cells: int) -> None:
        writer = self._f.writer
        table = codes(self._context)
        for number in range(cells):
            left = writer.variable(f"m[{base + number}]")
            with writer.under(f"while {left} != 0:"):
                place = writer.variable(add(f"ctz({left})", number * CELL_BITS))
                writer.emit(f"{left} = {left} & ({left} - 1)")
                self._delivery(f"{table}[{place}]", place)

    def _delivery(self, code: str, at: str) -> None:
        writer = self._f.writer
        writer.emit(f"n = deliver(s, m, out, tags, n, {code}, {at})")
        with writer.under("if n < 0:"):
            writer.emit("return -1")

    def _deliver(self) -> list[str]:
        """`deliver(s, m, out, tags, n, code, at)`: the receipt of one message."""
        outer, self._f = self._f, frame(kernel(self._context, writes=True), "deliver")
        writer = self._f.writer
        source, target = ends_of(self._f, "code")
        self._unless_blocked(str(source.cell), str(target.cell))
        kind = writer.named(kind_of(self._context, "code"))
        for number, payload in enumerate(self._context.layout.envelopes.messages):
            for cluster in self._context.layout.clusters:
                handled = [h for h in self._class(cluster).handlers if h.message.cls is payload.cls]
                if handled and self._context.numbers[cluster]:
                    self._receipt(number, cluster, handled[0], str(kind), str(source.cell), str(target.cell))
        writer.emit("return n")
        made, self._f = self._f, outer
        given = "s: Words, m: Words, out: Words, tags: Words, n: Word, code: Word, at: Word"
        head = f"def deliver({given}) -> Word:"
        return [*made.writer.text(head), "", ""]

    def _unless_blocked(self, source: str, target: str) -> None:
        writer = self._f.writer
        up = self._is_up(target)
        if up:
            with writer.under(f"if not ({up}):"):
                writer.emit("return n")
        for fault in self._context.layout.faults:
            if isinstance(fault, PartitionLayout) and fault.times:
                sides = f"((m[{fault.side}] >> {source}) ^ (m[{fault.side}] >> {target})) & 1"
                with writer.under(f"if m[{fault.side}] != 0 and {sides}:"):
                    writer.emit("return n")

    def _receipt(self, number: int, cluster: str, handled: ir.Handler, kind: str, source: str, target: str) -> None:
        name = f"on{number}_{cluster}"
        made = self._kernels[name] = handler(self._context, name, cluster, handled, number)
        fields = message_of(self._f, "code", number).cells
        title = f"{cluster}.{handled.function.rpartition('.')[2]}"
        for me in self._context.numbers[cluster]:
            base = self._context.layout.base(me)
            changed = self._changed(base, made) | self._network
            with self._f.writer.under(f"if {kind} == {number} and {target} == {me}:"):
                given = ", ".join(map(str, ["m", base + self._context.after, me, source, *fields]))
                status = self._f.writer.variable(f"{name}({given}, at, 0)")
                self._settled(status, self._title(title), changed)
                self._duplicate(f"{name}({given}, at, 1)", f"{title} (duplicate)", changed)

    def _duplicate(self, again: str, title: str, changed: frozenset[int]) -> None:
        network = self._context.layout.network
        if isinstance(network, BagLayout) and network.duplicates:
            with self._f.writer.under(f"if m[{network.left}] != 0:"):
                self._settled(self._f.writer.variable(again), self._title(title), changed)

    # -- losses and faults ---------------------------------------------------------------------------------------------

    def _losses(self) -> None:
        network = self._context.layout.network
        if not getattr(self._context.program.network, "loses", False) or not self._context.layout.envelopes.blocks:
            return
        if isinstance(network, BagLayout) and isinstance(network.posted, Slots):
            self._lost_from_bag(network.posted)
        elif isinstance(network, FifoLayout):
            for channel in network.channels:
                self._lost_from_queue(channel.count, network.slots)

    def _lost_from_bag(self, store: Slots) -> None:
        writer = self._f.writer
        writer.emit("lost = -1")
        code = f"m[{add('j', store.first)}]"
        with writer.under(f"for j in range(m[{store.count}]):"), writer.under(f"if {code} != lost:"):
            writer.emit(f"lost = {code}")
            writer.emit("take(m, j)")
            self._settled(str(DONE), self._title("lose"), self._network)
        self.most += store.slots

    def _lost_from_queue(self, count: int, slots: int) -> None:
        """Any suffix of a queue may be lost, a short one first."""
        writer, after = self._f.writer, self._context.after
        keep = writer.variable(f"m[{count}]")
        with writer.under(f"while {keep} > 0:"):
            writer.emit(f"{keep} -= 1")
            with writer.under(f"for j in range({keep}, {slots}):"):
                writer.emit(f"m[{count + after + 1} + j] = 0")
            writer.emit(f"m[{count + after}] = {keep}")
            self._settled(str(DONE), self._title("lose"), self._network)
        self.most += slots

    def _faults(self) -> None:
        system = self._context.system
        for fault, breakage in zip(self._context.layout.faults, system.breakages, strict=True):
            first = [step for step, _ in breakage.steps((1, frozenset()))]
            if isinstance(fault, CrashLayout) and fault.times:
                self._crashes(fault, [system.number(step.process) for step in first if step.process])
            elif isinstance(fault, PartitionLayout) and fault.times:
                sides = [sum(1 << system.number(ref) for ref in step.arguments[0]) for step in first]
                self._partitions(fault, sides)

    def _crashes(self, fault: CrashLayout, who: Sequence[int]) -> None:
        writer, after = self._f.writer, self._context.after
        with writer.under(f"if m[{fault.left}] != 0:"):
            for number in who:
                with writer.under(f"if not ((m[{fault.down}] >> {number}) & 1):"):
                    changed = self._forget(number) | _cells(fault.left, 1) | _cells(fault.down, 1)
                    writer.emit(f"m[{fault.left + after}] -= 1")
                    status = str(DONE)
                    if fault.stays_down:
                        writer.emit(f"m[{fault.down + after}] |= {1 << number}")
                    else:
                        status, more = self._restart(number)
                        changed |= more
                    self._settled(status, self._title("crash"), changed, crash=1)
        self.most += len(who)

    def _restart(self, number: int) -> tuple[str, frozenset[int]]:
        """What a process does at the end of a crash, unless another fault keeps it down: the status, and the cells."""
        cluster, writer = self._context.system.refs[number].cluster, self._f.writer
        function, name = self._class(cluster).restart, f"restart_{cluster}"
        if function is None:
            return str(DONE), frozenset()
        if name not in self._kernels:
            self._kernels[name] = restart(self._context, name, function, cluster)
        base = self._context.layout.base(number)
        status = writer.variable(DONE)
        with writer.under(f"if {self._is_up(str(number)) or 1}:"):
            writer.emit(f"{status} = {name}(m, {self._context.after + base}, {number})")
        return status, self._changed(base, self._kernels[name])

    def _forget(self, number: int) -> frozenset[int]:
        """A process loses its volatile fields; gives their cells."""
        changed: frozenset[int] = frozenset()
        cluster = self._context.system.refs[number].cluster
        shape = self._context.system.shape.shapes[cluster]
        record, after = self._context.layout.base(number), self._context.after
        for field, initial, lost in zip(shape.fields, shape.initial, shape.volatile, strict=True):
            if lost:
                offset, rep = self._context.layout.field(cluster, field.name)
                changed |= _cells(record + offset, rep.cells)
                for n, cell in enumerate(rep.flatten(initial)):
                    self._f.writer.emit(f"m[{after + record + offset + n}] = {cell}")
        return changed

    def _partitions(self, fault: PartitionLayout, sides: Sequence[int]) -> None:
        writer, after = self._f.writer, self._context.after
        changed = _cells(fault.left, 1) | _cells(fault.side, 1)
        with writer.under(f"if m[{fault.side}] != 0:"):
            writer.emit(f"m[{fault.side + after}] = 0")
            self._settled(str(DONE), self._title("heal"), changed)
        with writer.under(f"elif m[{fault.left}] != 0:"):
            for side in sides:
                writer.emit(f"m[{fault.side + after}] = {side}")
                writer.emit(f"m[{fault.left + after}] -= 1")
                self._settled(str(DONE), self._title("partition"), changed)
        self.most += len(sides)


def _cells(first: int, count: int) -> frozenset[int]:
    return frozenset(range(first, first + count))


def _product(domains: Sequence[Domain]) -> Iterator[tuple[Any, ...]]:
    return itertools.product(*(tuple(domain.values()) for domain in domains))
