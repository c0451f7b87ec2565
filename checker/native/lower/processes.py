"""The code of expressions over processes and their fields."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from types import MappingProxyType

from ... import ir
from ..layout.reps import Array, BitSet, Roomy, Scalar, bit_cells, with_ones
from .cells import Cell, add, both, both_bits, compare, either, same, times, without_bits
from .clusters import is_in
from .coerce import flat
from .collections import length, run_of
from .context import Context
from .errors import NotNative
from .frame import Frame, Meaning
from .merging import merged
from .network import messages_under_way, sent_messages
from .picking import at_memory
from .status import FAILED
from .steady import steady
from .values import Actor, Flat, Known, Run, Value, World, loose, number, truth

# -- fields --------------------------------------------------------------------------------------------------------


def _read_field(f: Frame, e: ir.ReadField) -> Value:
    found = _read(f, e)
    return steady(f, found) if f.hasty else found


def _read(f: Frame, e: ir.ReadField) -> Value:
    owner = flat(f, f.value(e.owner))
    if isinstance(owner.rep, World):
        return _field(f, "", e.name, add(owner.cell, f.context.layout.shared))
    assert isinstance(owner.rep, Actor)
    address, who = f.writer.named(owner.cells[0]), f.writer.named(owner.cells[1])
    clusters = owner.rep.clusters
    if len({f.context.layout.field(c, e.name) for c in clusters}) == 1:
        return _field(f, clusters[0], e.name, address)
    ways = [(is_in(f.context, c, who), partial(_field, f, c, e.name, address)) for c in clusters]
    found = merged(f, [*ways[:-1], (1, ways[-1][1])])
    assert found is not None
    return found


def _field(f: Frame, owner: str, name: str, record: Cell) -> Flat:
    offset, rep = f.context.layout.field(owner, name)
    changing = f.kernel.writes and owner == f.kernel.owner
    if isinstance(rep, Roomy) and not changing:
        rep = Array(rep.item, rep.most - 1)
    value = at_memory(rep, "m", add(record, offset))
    return Flat(loose(rep), value.cells, value.at) if changing and name in f.kernel.written else value


# -- processes -------------------------------------------------------------------------------------------------------


def actor(context: Context, world: Cell, numbers: Sequence[int], clusters: tuple[str, ...], place: Cell) -> Flat:
    """One of some processes in a state, by its place among them."""
    bases = [context.layout.base(n) for n in numbers]
    address = add(world, context.looked_up(bases, place))
    return Flat(Actor(clusters), (address, context.looked_up(list(numbers), place)))


def _processes(f: Frame, e: ir.Processes) -> Value:
    owner = flat(f, f.value(e.owner))
    numbers = [n for cluster in e.clusters for n in f.context.numbers[cluster]]
    world = f.writer.named(owner.cell)
    return Run(
        len(numbers), len(numbers), lambda i: actor(f.context, world, numbers, e.clusters, f.writer.named(i)), True
    )


def _process_at(f: Frame, e: ir.ProcessAt) -> Value:
    run, ref = run_of(f, f.value(e.processes)), flat(f, f.value(e.ref)).cell
    assert isinstance(e.processes, ir.Processes)
    numbers = [n for cluster in e.processes.clusters for n in f.context.numbers[cluster]]
    places = [numbers.index(n) if n in numbers else -1 for n in range(len(f.context.system.refs))]
    place = f.writer.named(f.context.looked_up(places, f.writer.named(ref)))
    f.writer.stop_unless(compare(0, "<=", place), FAILED)
    return run.get(place)


def _identity(f: Frame, e: ir.Identity) -> Value:
    owner = flat(f, f.value(e.owner))
    assert isinstance(owner.rep, Actor)
    numbers = [n for cluster in owner.rep.clusters for n in f.context.numbers[cluster]]
    refs = f.context.system.refs
    return Flat(Scalar(min(numbers), max(numbers), "identity", refs), (owner.cells[1],))


def _everybody(context: Context) -> Scalar:
    """How an identity of any process is kept."""
    return Scalar(0, len(context.system.refs) - 1, "identity", context.system.refs)


def _set_of(numbers: Sequence[int], rep: Scalar) -> Flat:
    lo, _ = rep.cell_ranges()[0]
    size = rep.size or 0
    return Flat(BitSet(rep), tuple(with_ones([n - lo for n in numbers], bit_cells(size))))


def _members(f: Frame, e: ir.Members) -> Value:
    rep = f.context.reps.of_type(e.type)
    assert isinstance(rep, BitSet)
    assert isinstance(rep.item, Scalar)
    assert isinstance(e.type, ir.SetT)
    item = e.type.item
    assert isinstance(item, ir.RefT)
    refs = f.context.system.shape.members(item.cls)
    return _set_of([f.context.system.number(ref) for ref in refs], rep.item)


def _peers(f: Frame, e: ir.Peers) -> Value:
    owner = flat(f, f.value(e.owner))
    assert isinstance(owner.rep, Actor)
    who = f.writer.named(owner.cells[1])
    ways = [(is_in(f.context, c, who), partial(_others, f, c, who)) for c in owner.rep.clusters]
    found = merged(f, [*ways[:-1], (1, ways[-1][1])])
    assert found is not None
    return found


def _others(f: Frame, cluster: str, who: Cell) -> Value:
    """The processes of a cluster but one."""
    numbers = f.context.numbers[cluster]
    rep = Scalar(min(numbers), max(numbers), "identity", f.context.system.refs)
    everybody = _set_of(numbers, rep)
    if everybody.rep.cells > 1:
        raise NotNative("a cluster has too many processes", f.place)
    shift = add(who, -min(numbers))
    mask: Cell = 1 << shift if isinstance(shift, int) else f"(1 << {shift})"
    return Flat(everybody.rep, (without_bits(everybody.cells[0], mask),))


def _majority(f: Frame, e: ir.Majority) -> Value:
    owner, members = flat(f, f.value(e.owner)), f.value(e.members)
    assert isinstance(owner.rep, Actor)
    who = f.writer.named(owner.cells[1])
    if not isinstance(members, Known):
        members = flat(f, members)
        own = [both(is_in(f.context, c, who), _all_of(f, members, c)) for c in owner.rep.clusters]
        f.writer.stop_unless(either(*own) if len(own) > 1 else _all_of(f, members, owner.rep.clusters[0]), FAILED)
    sizes = [len(f.context.numbers[c]) for c in owner.rep.clusters]
    whole: Cell = sizes[-1]
    if len(set(sizes)) > 1:
        of = [len(f.context.numbers[r.cluster]) for r in f.context.system.refs]
        whole = f.context.looked_up(of, who)
    return truth(compare(whole, "<", times(length(f, members), 2)))


def _all_of(f: Frame, members: Flat, cluster: str) -> Cell:
    """Whether all members of a set of identities are of one cluster."""
    rep = members.rep
    assert isinstance(rep, BitSet)
    assert isinstance(rep.item, Scalar)
    own = set(f.context.numbers[cluster])
    foreign = [n for n in range(rep.item.size or 0) if rep.item.from_index(n)[0] not in own]
    masks = with_ones(foreign, rep.cells)
    return both(*(same(both_bits(cell, mask), 0) for cell, mask in zip(members.cells, masks, strict=True)))


# -- the protocol ----------------------------------------------------------------------------------------------------


def _parameter(f: Frame, e: ir.Parameter) -> Value:
    if e.owner is not None:
        f.value(e.owner)
    value = f.context.parameters[e.name]
    if isinstance(value, int):
        return number(int(value)) if not isinstance(value, bool) else truth(int(value))
    return Known(value, e.type)


def _domain(f: Frame, e: ir.Domain) -> Value:
    item = ir.item_of(e.type)
    rep = f.context.reps.of_type(item) if item is not None else None
    if not isinstance(rep, Scalar) or rep.size is None:
        raise NotNative("a domain has no fixed number of values", e.place)
    lo = rep.cell_ranges()[0][0]
    numbers = list(range(lo, lo + rep.size))
    if isinstance(item, ir.RefT):
        numbers = [f.context.system.number(r) for r in f.context.system.shape.members(item.cls)]
    return Run(len(numbers), len(numbers), lambda i: Flat(rep, (f.context.looked_up(numbers, i),)), True)


def _sent(f: Frame, e: ir.Sent) -> Value:
    item = ir.item_of(e.type)
    assert isinstance(item, ir.SentT)
    owner = flat(f, f.value(e.owner))
    return sent_messages(f, owner.cell, item.message.cls)


def _under_way(f: Frame, e: ir.UnderWay) -> Value:
    item = ir.item_of(e.type)
    assert isinstance(item, ir.SentT)
    owner = flat(f, f.value(e.owner))
    return messages_under_way(f, owner.cell, item.message.cls)


EXPRESSIONS: MappingProxyType[type[ir.Expr], Meaning] = MappingProxyType(
    {
        ir.ReadField: _read_field,
        ir.Processes: _processes,
        ir.ProcessAt: _process_at,
        ir.Identity: _identity,
        ir.Members: _members,
        ir.Peers: _peers,
        ir.Majority: _majority,
        ir.Parameter: _parameter,
        ir.Domain: _domain,
        ir.Sent: _sent,
        ir.UnderWay: _under_way,
    }
)
"""The code of expressions over processes and their fields."""
