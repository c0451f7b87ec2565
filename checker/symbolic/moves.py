"""What can happen in a symbolic state: each kind of step as a relation between the state before and the one after."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ...models.language import Bag, Crash, Place, Ref
from ...models.language.fields import Keeping
from .. import ir
from . import faults, networks
from . import values as v
from .confining import confined
from .frame import Doing
from .fresh import Source
from .logic import Formula, conj, disj, neg
from .networks import Wire, wires_into
from .setting import Setting
from .statements import run
from .states import default
from .values import Value
from .worlds import Fields, World


@dataclass(frozen=True)
class Taken:
    """A step from some state: the state after it, and when it can be taken.

    `failed` is when it ends in a mistake of the model or a false assertion instead. `facts` are true of the variables
    that stand for its arguments.
    """

    world: World
    enabled: Formula
    failed: Formula
    facts: list[Formula] = field(default_factory=list)
    weakened: tuple[Place, ...] = ()


@dataclass(frozen=True)
class Move:
    """A kind of step, under the name that `Step.title` gives it; `take` has names for what it leaves open.

    `who` are the processes that it is about: one kind of step has several moves.
    """

    title: str
    take: Callable[[World, str], Taken | None]
    who: tuple[Ref[Any], ...] = ()


@dataclass(frozen=True)
class Moves:
    """Every move of a program; `histories` are the history methods that matter."""

    setting: Setting
    histories: tuple[str, ...]

    def all(self, representative: bool = False) -> Iterator[Move]:
        """Every move; `representative` if one process may stand for those that are interchangeable with it."""
        program = self.setting.program
        for name in program.actions:
            yield Move(self._plain(name), self._own(name))
        for ref in self._actors(representative):
            yield from self._process(ref, representative)
        yield from self._losses()
        for i, fault in enumerate(program.faults):
            yield from self._faults(i, fault, representative)

    def initial(self, blank: World, name: str) -> Taken:
        """The choice of an initial state, which no history variable sees."""
        taken = Moves(self.setting, ())._own(name)(blank, "initial ")
        assert taken is not None
        return taken

    def _plain(self, function: str) -> str:
        return function.rpartition(".")[2]

    def _actors(self, representative: bool) -> Sequence[Ref[Any]]:
        refs = self.setting.refs
        return [ref for ref in refs if not representative or self._stands_for_others(ref, ())]

    def _stands_for_others(self, ref: Ref[Any], taken: tuple[Ref[Any], ...]) -> bool:
        """Whether it is the first of those that may be renamed into each other, apart from those already chosen."""
        if ref.cluster in self.setting.program.asymmetric:
            return True
        return all(Ref(ref.cluster, i) in taken for i in range(ref.index))

    # -- actions -------------------------------------------------------------------------------------------------

    def _own(self, name: str) -> Callable[[World, str], Taken | None]:
        def take(before: World, prefix: str) -> Taken:
            source, world = Source(self.setting), before.changing(None)
            doing = Doing()
            run(world, name, world, self._arguments(name, source, prefix), doing)
            return self._ended(before, world, doing, source)

        return take

    def _arguments(self, name: str, source: Source, prefix: str) -> list[Value]:
        parameters = self.setting.program.functions[name].parameters
        return [source.value(p.type, f"{prefix}{name}.{p.name}") for p in parameters]

    def _process(self, ref: Ref[Any], representative: bool) -> Iterator[Move]:
        process = self.setting.class_of(ref)
        for name in process.actions:
            yield Move(f"{ref.cluster}.{self._plain(name)}", self._action(ref, name), (ref,))
        for handler in process.handlers:
            for wire in wires_into(self.setting, ref, handler):
                if not representative or wire.source == ref or self._stands_for_others(wire.source, (ref,)):
                    yield from self._receipts(wire, handler)

    def _action(self, ref: Ref[Any], name: str) -> Callable[[World, str], Taken | None]:
        def take(before: World, prefix: str) -> Taken:
            source = Source(self.setting)
            arguments = self._arguments(name, source, prefix)
            up = neg(faults.is_down(before.faults, ref))
            return self._acted(before, before, ref, name, arguments, up, source)

        return take

    def _acted(
        self,
        before: World,
        world: World,
        ref: Ref[Any],
        name: str,
        arguments: list[Value],
        possible: Formula,
        source: Source,
    ) -> Taken:
        """A process runs a method, in a state in which the network and the faults already are as they will be."""
        own, doing = world.changing(ref), Doing(enabled=possible)
        run(own, name, v.Actor(own, v.constant(ref)), arguments, doing)
        return self._sent(before, own, ref, doing, source)

    def _sent(self, before: World, world: World, ref: Ref[Any], doing: Doing, source: Source) -> Taken:
        connected = world.network.disconnected(ref, doing.cut_off)
        network, cut, failed = connected.added(ref, doing.sends)
        doing.failed = disj(doing.failed, conj(doing.enabled, failed))
        doing.enabled = conj(doing.enabled, neg(cut))
        return self._ended(before, replace(world, network=network), doing, source)

    # -- messages ------------------------------------------------------------------------------------------------

    def _receipts(self, wire: Wire, handler: ir.Handler) -> Iterator[Move]:
        title = f"{wire.target.cluster}.{self._plain(handler.function)}"
        yield Move(title, self._receipt(wire, handler, kept=False), wire.ends)
        network = self.setting.program.network
        if isinstance(network, Bag) and self.setting.bound(network.duplicates) != 0:
            yield Move(f"{title} (duplicate)", self._receipt(wire, handler, kept=True), wire.ends)

    def _receipt(self, wire: Wire, handler: ir.Handler, kept: bool) -> Callable[[World, str], Taken | None]:
        def take(before: World, prefix: str) -> Taken | None:
            source, network = Source(self.setting), before.network
            found = (network.repeated if kept else network.delivered)(wire, source, f"{prefix}{wire}")
            if found is None:
                return None
            blocked = disj(
                faults.is_down(before.faults, wire.target),
                faults.is_cut_off(before.faults, wire.source, wire.target),
            )
            message, there, after = found
            arguments = [message, v.constant(wire.source)] if handler.takes_sender else [message]
            world, possible = replace(before, network=after), conj(there, neg(blocked))
            return self._acted(before, world, wire.target, handler.function, arguments, possible, source)

        return take

    def _losses(self) -> Iterator[Move]:
        for wire in networks.breaking(self.setting):
            yield Move("lose", self._loss(wire), wire.ends)

    def _loss(self, wire: Wire) -> Callable[[World, str], Taken | None]:
        def take(before: World, prefix: str) -> Taken | None:
            source = Source(self.setting)
            found = before.network.lost(wire, source, f"{prefix}{wire}")
            if found is None:
                return None
            there, network = found
            return self._ended(before, replace(before, network=network), Doing(enabled=there), source)

        return take

    # -- faults --------------------------------------------------------------------------------------------------

    def _faults(self, number: int, fault: Any, representative: bool) -> Iterator[Move]:
        if self.setting.bound(fault.times) == 0:
            return
        if not isinstance(fault, Crash):
            yield Move("partition", self._partition(number))
            yield Move("heal", self._heal(number))
            return
        for ref in self.setting.members(fault.of):
            if not representative or self._stands_for_others(ref, ()):
                yield Move("crash", self._crash(number, fault, ref), (ref,))

    def _crash(self, number: int, fault: Crash, ref: Ref[Any]) -> Callable[[World, str], Taken | None]:
        def take(before: World, prefix: str) -> Taken:
            kept = before.faults[number]
            broken = _with(before, number, faults.crashed(kept, ref, fault.stays_down))
            world = replace(broken, processes={**broken.processes, ref: self._restarted(broken, ref)})
            source, doing = Source(self.setting), Doing(enabled=faults.can_crash(kept, ref))
            restart = self.setting.class_of(ref).restart
            if restart is None or fault.stays_down:
                return self._ended(before, world, doing, source)
            # who is down for good, by another fault, does not restart
            return self._restart(before, world, ref, restart, doing, source)

        return take

    def _restart(self, before: World, world: World, ref: Ref[Any], restart: str, doing: Doing, source: Source) -> Taken:
        own = world.changing(ref)
        down = faults.is_down(before.faults, ref)
        if down is not False:
            doing.enabled = conj(doing.enabled, neg(down))
        run(own, restart, v.Actor(own, v.constant(ref)), [], doing)
        return self._sent(before, own, ref, doing, source)

    def _restarted(self, world: World, ref: Ref[Any]) -> Fields:
        """The fields after a crash: what is volatile is as it was first."""
        declared = self.setting.class_of(ref).fields
        lost = {f.name: default(self.setting, f) for f in declared if f.keeping is Keeping.VOLATILE}
        return {**world.processes[ref], **lost}

    def _partition(self, number: int) -> Callable[[World, str], Taken | None]:
        def take(before: World, prefix: str) -> Taken:
            kept, source = before.faults[number], Source(self.setting)
            side = source.one_of(list(faults.splits(self.setting.refs)), f"{prefix}partition")
            possible = conj(faults.some_left(kept.left), kept.side.where(lambda side: not side))
            world = _with(before, number, faults.Partitions(faults.one_less(kept.left), side))
            return self._ended(before, world, Doing(enabled=possible), source)

        return take

    def _heal(self, number: int) -> Callable[[World, str], Taken | None]:
        def take(before: World, prefix: str) -> Taken:
            kept = before.faults[number]
            world = _with(before, number, faults.Partitions(kept.left, v.constant(frozenset())))
            possible = kept.side.where(bool)
            return self._ended(before, world, Doing(enabled=possible), Source(self.setting))

        return take

    # -- the end of a step ---------------------------------------------------------------------------------------

    def _ended(self, before: World, world: World, doing: Doing, source: Source) -> Taken:
        """The step with its values confined to their domains, and with the history variables as they then are."""
        inside = self._confined(before, world, doing)
        if self.histories:
            inside = self._looked_back(before, inside, doing)
        enabled = conj(doing.enabled, neg(doing.failed))
        facts = [*source.known, *doing.defined]
        return Taken(inside, enabled, doing.failed, facts, tuple(doing.weakened))

    def _looked_back(self, before: World, world: World, doing: Doing) -> World:
        own = world.changing(None)
        for name in self.histories:
            run(own, name, own, [before], doing)
        return self._confined(world, own, doing)

    def _confined(self, before: World, after: World, doing: Doing) -> World:
        shared = self._fields(self.setting.program.shared, before.shared, after.shared, doing)
        processes = {
            ref: self._fields(self.setting.class_of(ref).fields, before.processes[ref], fields, doing)
            for ref, fields in after.processes.items()
        }
        return replace(after, shared=shared, processes=processes)

    def _fields(self, declared: tuple[ir.Field, ...], old: Fields, new: Fields, doing: Doing) -> Fields:
        if new is old:
            return new
        result = dict(new)
        for each in declared:
            if new[each.name] is not old[each.name]:
                found = confined(self.setting, each.type, new[each.name])
                result[each.name] = found.value
                doing.failed = disj(doing.failed, conj(doing.enabled, found.failed))
                doing.enabled = conj(doing.enabled, neg(found.cut))
        return result


def _with(world: World, number: int, kept: Any) -> World:
    """A state in which a fault keeps something else."""
    return replace(world, faults=(*world.faults[:number], kept, *world.faults[number + 1 :]))
