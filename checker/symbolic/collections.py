"""The symbolic meaning of sequences and sets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from types import MappingProxyType
from typing import Any

import z3

from ...models.language import MessageSet
from .. import ir
from ..ir import types as t
from ..ir.fits import item_of
from . import values as v
from .algebra import array, at_least, below, choose, contains, distinct, equal, is_set, longer, rounds, tally
from .frame import Frame, no_meaning
from .fresh import everything
from .lifting import bits, in_sequence, lift, plains
from .logic import Formula, all_of, any_of, conj, disj, exists, neg
from .scalars import anything, calculated, plus, widened
from .setting import Setting
from .values import Value


def rounds_of(f: Frame, value: Value, type_: t.Type) -> Iterator[v.Round]:
    """Every way through a collection of a type, an item that occurs again as often as it does; of a map, its keys."""
    match value:
        case v.Sequence():
            yield from (v.Round(there, item) for there, item in in_sequence(value))
        case v.Array(length, at):
            index = z3.FreshInt("index")
            yield v.Round(conj(index >= 0, index < v.number(length)), at(index), (index,))
        case v.Span(lo, hi):
            number = z3.FreshConst(f.setting.numbers, "number")
            yield v.Round(conj(neg(below(number, lo)), below(number, hi)), number, (number,))
        case v.Product(items):
            yield from (v.Round(True, item) for item in items)
        case v.Table(of, lift_key):
            yield from (v.Round(True, lift_key(key)) for key in of)
        case v.Total():
            assert isinstance(type_, t.MapT)
            yield from everything(f.setting, type_.key)
        case v.Listing():
            yield from (v.Round(guard, item) for guard, item in distinct(value))
        case _:
            yield from rounds(value)


def collected(f: Frame, item: t.Type, again: Callable[[], Iterable[v.Round]]) -> v.Set:
    """The set of what these rounds give; made again, they have other variables."""
    kept = [round_ for round_ in again() if round_.guard is not False]
    is_open, is_bounded = f.setting.is_open(item), not any(round_.variables for round_ in kept)
    if is_open and is_bounded:
        return v.Listing(tuple((round_.guard, round_.item) for round_ in kept))
    if is_open:
        return v.Predicate(lambda x: is_given(kept, x), lambda: iter(again()))
    if is_bounded:
        return bits(f.setting, item, _plainly(item, ((r.guard, r.item) for r in kept)))
    known = f.setting.known(item)
    return bits(f.setting, item, ((plain, is_given(kept, lift(f.setting, item, plain))) for plain in known))


def _plainly(item: t.Type, members: Iterable[tuple[Formula, Value]]) -> Iterable[tuple[Any, Formula]]:
    """Every plain value that may be among these members, and whether it is."""
    found: dict[Any, Formula] = {}
    for guard, member in members:
        for plain, own in plains(item, member):
            found[plain] = disj(found.get(plain, False), conj(guard, own))
    return found.items()


def is_given(found: list[v.Round], item: Value) -> Formula:
    """Whether one of these rounds gives an item."""
    return any_of(exists(r.variables, conj(r.guard, equal(r.item, item))) for r in found)


def settled(setting: Setting, type_: t.Type, value: Value) -> Value:
    """A finite set of a type without anything open, kept as bits."""
    if not isinstance(value, v.Listing) or not isinstance(type_, t.SetT) or setting.is_open(type_.item):
        return value
    return bits(setting, type_.item, _plainly(type_.item, value.items))


# -- sets ---------------------------------------------------------------------------------------------------------


def _item_type(e: ir.Expr) -> t.Type:
    return item_of(e.type) or t.Never()


def _make_set(f: Frame, e: ir.MakeSet) -> Value:
    item = _item_type(e)
    found = [v.Round(True, widened(f.value(x), x.type, item)) for x in e.items]
    return collected(f, item, lambda: found)


def _members(f: Frame, e: ir.Members) -> Value:
    item = _item_type(e)
    return bits(f.setting, item, ((ref, True) for ref in f.setting.known(item)))


def _domain(f: Frame, e: ir.Domain) -> Value:
    item = _item_type(e)
    if f.setting.is_open(item):
        return v.Predicate(lambda x: True, lambda: everything(f.setting, item))
    known = f.setting.known(item)
    return v.Sequence(v.constant(len(known)), tuple(lift(f.setting, item, plain) for plain in known))


def _majority(f: Frame, e: ir.Majority) -> Formula:
    actor, members = f.value(e.owner), f.value(e.members)
    cluster = f.setting.cluster(next(iter(actor.ref.of)).cluster)
    foreign = (conj(r.guard, r.item.where(lambda ref: ref not in cluster)) for r in rounds(members))
    f.fail_unless(neg(any_of(foreign)))
    return at_least([guard for guard, _ in distinct(members)], len(cluster) // 2 + 1)


def _set_operation(f: Frame, e: ir.SetOperation) -> Value:
    left, right = f.value(e.left), f.value(e.right)
    match e.op:
        case ir.SetOp.UNION:
            return union(left, right)
        case ir.SetOp.INTERSECTION:
            return kept(left, lambda x: contains(right, x))
        case ir.SetOp.DIFFERENCE:
            return kept(left, lambda x: neg(contains(right, x)))
    return union(kept(left, lambda x: neg(contains(right, x))), kept(right, lambda x: neg(contains(left, x))))


def union(one: v.Set, other: v.Set) -> v.Set:
    """The members of either."""
    if isinstance(one, v.Bits) and isinstance(other, v.Bits):
        keys = dict.fromkeys((*one.of, *other.of))
        return v.Bits(
            {k: disj(one.of.get(k, False), other.of.get(k, False)) for k in keys}, (one if one.of else other).lift
        )
    if isinstance(one, v.Predicate) or isinstance(other, v.Predicate):
        return v.Predicate(
            lambda x: disj(contains(one, x), contains(other, x)), lambda: iter([*rounds(one), *rounds(other)])
        )
    return v.Listing(tuple((r.guard, r.item) for r in (*rounds(one), *rounds(other))))


def kept(set_: v.Set, holds: Callable[[Value], Formula]) -> v.Set:
    """The members of which this holds."""
    if isinstance(set_, v.Bits):
        return v.Bits({k: conj(g, holds(set_.lift(k))) for k, g in set_.of.items() if g is not False}, set_.lift)
    if isinstance(set_, v.Listing):
        return v.Listing(tuple((conj(guard, holds(item)), item) for guard, item in set_.items))
    return v.Predicate(
        lambda x: conj(contains(set_, x), holds(x)),
        lambda: (v.Round(conj(r.guard, holds(r.item)), r.item, r.variables) for r in rounds(set_)),
    )


def _to_set(f: Frame, e: ir.ToSet) -> Value:
    value = f.value(e.value)
    is_one = isinstance(e.value.type, t.SetT)
    return value if is_one else collected(f, _item_type(e), lambda: rounds_of(f, value, e.value.type))


def _contains(f: Frame, e: ir.Contains) -> Formula:
    item, value = f.value(e.item), f.value(e.collection)
    if is_set(value):
        return contains(value, item)
    found = rounds_of(f, value, e.collection.type)
    return any_of(exists(r.variables, conj(r.guard, equal(r.item, item))) for r in found)


# -- lengths ------------------------------------------------------------------------------------------------------


def length(value: Value) -> Value:
    """How many items a collection has."""
    match value:
        case v.Sequence() | v.Array():
            return value.length
        case v.Bits() | v.Listing():
            return tally([guard for guard, _ in distinct(value)])
        case v.Product(items):
            return v.constant(len(items))
        case v.Table(of):
            return v.constant(len(of))
    return v.Size(value)


def _length(f: Frame, e: ir.Length) -> Value:
    value = f.value(e.value)
    is_many = isinstance(value, v.Predicate) and not isinstance(e.value.type, t.SetT)
    if is_many or isinstance(value, v.Span | v.Total | v.Entries):
        raise no_meaning(e.place, "this counts something without a bound, or a map that may lack keys")
    return length(value)


def _count(f: Frame, e: ir.Count) -> Value:
    value, item = f.value(e.value), f.value(e.item)
    return tally([conj(there, equal(each, item)) for there, each in in_sequence(_finite(value, e))])


def _finite(value: Value, e: ir.Expr) -> v.Sequence:
    if isinstance(value, v.Sequence):
        return value
    if isinstance(value, v.Product):
        return v.Sequence(v.constant(len(value.items)), value.items)
    raise no_meaning(e.place, "this needs a sequence with a bound")


# -- sequences ----------------------------------------------------------------------------------------------------


def _make_seq(f: Frame, e: ir.MakeSeq) -> Value:
    item = _item_type(e)
    return v.Sequence(v.constant(len(e.items)), tuple(widened(f.value(x), x.type, item) for x in e.items))


def _seq_item(f: Frame, e: ir.SeqItem) -> Value:
    value, index = f.value(e.value), f.value(e.index)
    sequence = value if isinstance(value, v.Array) else _finite(value, e)
    index = _from_front(index, sequence.length)
    f.fail_unless(conj(neg(below(index, v.constant(0))), below(index, sequence.length)))
    found = sequence.at(index) if isinstance(sequence, v.Array) else item_at(sequence, index)
    return anything(f, e.type) if found is None else found


def _from_front(index: Value, size: Value) -> Value:
    """An index from the end if negative, as one from the front."""
    negative = below(index, v.constant(0))
    return choose(negative, calculated(ir.ArithmeticOp.ADD, index, size), index) if negative is not False else index


def item_at(sequence: v.Sequence, index: Value) -> Value:
    """The item at an index, None if there can be none."""
    found: Value = None
    for i, item in enumerate(sequence.items):
        here = equal(index, v.constant(i))
        if here is not False:
            found = item if found is None else choose(here, item, found)
    return found


def _slice(f: Frame, e: ir.Slice) -> Value:
    value = f.value(e.value)
    sequence = value if isinstance(value, v.Array) else _finite(value, e)
    lo = v.constant(0) if e.lo is None else _clamped(f.value(e.lo), sequence.length)
    hi = sequence.length if e.hi is None else _clamped(f.value(e.hi), sequence.length)
    size = calculated(ir.ArithmeticOp.SUBTRACT, hi, lo)
    size = choose(below(size, v.constant(0)), v.constant(0), size)
    if isinstance(sequence, v.Array):
        return v.Array(size, lambda i: sequence.at(calculated(ir.ArithmeticOp.ADD, lo, i)))
    longest = max(size.of) if isinstance(size, v.Cases) else len(sequence.items)
    items = tuple(item_at(sequence, plus(lo, i)) for i in range(longest))
    return v.Sequence(size, items)


def _clamped(index: Value, size: Value) -> Value:
    """Where Python cuts: from the end if negative, and never outside."""
    index = _from_front(index, size)
    index = choose(below(index, v.constant(0)), v.constant(0), index)
    return choose(below(size, index), size, index)


def _concat(f: Frame, e: ir.Concat) -> Value:
    left, right = f.value(e.left), f.value(e.right)
    size = calculated(ir.ArithmeticOp.ADD, length(left), length(right))
    if isinstance(left, v.Array) or isinstance(right, v.Array):
        return _joined_arrays(size, array(left), array(right))
    one, two = _finite(left, e), _finite(right, e)
    longest = max(size.of) if isinstance(size, v.Cases) else len(one.items) + len(two.items)
    return v.Sequence(size, tuple(_either_item(one, two, i) for i in range(longest)))


def _joined_arrays(size: Value, one: v.Array, two: v.Array) -> v.Array:
    return v.Array(size, lambda i: choose(below(i, one.length), one.at(i), two.at(_minus(i, one.length))))


def _minus(one: Value, other: Value) -> Value:
    return calculated(ir.ArithmeticOp.SUBTRACT, one, other)


def _either_item(one: v.Sequence, other: v.Sequence, index: int) -> Value:
    mine = one.items[index] if index < len(one.items) else None
    theirs = item_at(other, _minus(v.constant(index), one.length))
    return choose(longer(one, index), mine, theirs)


def _repeat(f: Frame, e: ir.Repeat) -> Value:
    value, times = _finite(f.value(e.value), e), f.value(e.times)
    if value.length.constant is None or times.constant is None:
        raise no_meaning(e.place, "a sequence is repeated, and how often is not known")
    items = value.items[: value.length.constant] * times.constant
    return v.Sequence(v.constant(len(items)), items)


def _range(f: Frame, e: ir.Range) -> Value:
    lo, hi, step = f.value(e.lo), f.value(e.hi), f.value(e.step)
    if not isinstance(step, v.Cases) or step.constant is None:
        raise no_meaning(e.place, "the step of this range is not known")
    by = step.constant
    if by == 1 and not (isinstance(lo, v.Cases) and isinstance(hi, v.Cases)):
        return v.Span(lo, hi)
    if not isinstance(lo, v.Cases) or not isinstance(hi, v.Cases):
        raise no_meaning(e.place, "a range with such a step needs bounds")
    pairs = [(len(range(a, b, by)), conj(g, h)) for a, g in lo.of.items() for b, h in hi.of.items()]
    size = v.cases(pairs)
    return v.Sequence(size, tuple(plus(lo, by * i) for i in range(max(size.of))))


def _enumerate(f: Frame, e: ir.Enumerate) -> Value:
    value, start = f.value(e.value), f.value(e.start)
    if isinstance(value, v.Array):
        return v.Array(value.length, lambda i: v.Product((calculated(ir.ArithmeticOp.ADD, start, i), value.at(i))))
    sequence = _finite(value, e)
    return v.Sequence(sequence.length, tuple(_joint(plus(start, i), item) for i, item in enumerate(sequence.items)))


def _joint(*items: Value) -> v.Product | None:
    """A tuple, None where one of its items cannot be there."""
    return None if any(item is None for item in items) else v.Product(items)


def _zip(f: Frame, e: ir.Zip) -> Value:
    items = [_finite(each, e) for each in f.all(e.items)]
    first, *others = items
    if e.strict:
        f.fail_unless(all_of(equal(first.length, other.length) for other in others))
    size = first.length
    for other in others:
        size = choose(below(other.length, size), other.length, size)
    return v.Sequence(size, tuple(_joint(*each) for each in zip(*(i.items for i in items), strict=False)))


def _reversed(f: Frame, e: ir.Reversed) -> Value:
    value = _finite(f.value(e.value), e)
    last = plus(value.length, -1)
    return v.Sequence(
        value.length, tuple(item_at(value, plus(_minus(last, v.constant(i)), 0)) for i in range(len(value.items)))
    )


def _sorted(f: Frame, e: ir.Sorted) -> Value:
    item = _item_type(e)
    if f.setting.is_open(item):
        raise no_meaning(e.place, "this sorts a collection without a bound")
    in_order = sorted(f.setting.known(item))
    sequence: v.Sequence = v.Sequence(v.constant(0), ())
    found = list(rounds_of(f, f.value(e.value), e.value.type))
    if any(round_.variables for round_ in found):
        raise no_meaning(e.place, "this sorts a collection without a bound")
    for plain in in_order:
        lifted = lift(f.setting, item, plain)
        for round_ in found:
            sequence = appended(sequence, conj(round_.guard, equal(round_.item, lifted)), lifted)
    return sequence


def appended(sequence: v.Sequence, guard: Formula, item: Value) -> v.Sequence:
    """A sequence with one more item, if the guard is true."""
    if guard is False:
        return sequence
    padded = (*sequence.items, None)
    items = tuple(choose(conj(guard, equal(sequence.length, v.constant(i))), item, old) for i, old in enumerate(padded))
    return v.Sequence(choose(guard, plus(sequence.length, 1), sequence.length), items)


def _to_seq(f: Frame, e: ir.ToSeq) -> Value:
    value = f.value(e.value)
    if isinstance(value, v.Sequence | v.Array | v.Product):
        return value
    sequence: v.Sequence = v.Sequence(v.constant(0), ())
    for round_ in rounds_of(f, value, e.value.type):
        if round_.variables:
            raise no_meaning(e.place, "this makes a sequence of something without a bound")
        sequence = appended(sequence, round_.guard, round_.item)
    return sequence


# -- messages -----------------------------------------------------------------------------------------------------


def _sent(f: Frame, e: ir.Sent) -> Value:
    if not isinstance(f.setting.program.network, MessageSet):
        raise no_meaning(
            e.place,
            "what was ever sent has no symbolic meaning in this network",
            because="it forgets the messages that are received",
            instead="ask for self.under_way(...), or note in a @history method what the property needs",
        )
    return f.value(e.owner).under_way(_item_type(e))


def _under_way(f: Frame, e: ir.UnderWay) -> Value:
    return f.value(e.owner).under_way(_item_type(e))


COLLECTIONS: MappingProxyType[type[ir.Expr], Callable[[Frame, Any], Value]] = MappingProxyType(
    {
        ir.Members: _members,
        ir.Majority: _majority,
        ir.Domain: _domain,
        ir.Sent: _sent,
        ir.UnderWay: _under_way,
        ir.MakeSeq: _make_seq,
        ir.MakeSet: _make_set,
        ir.Length: _length,
        ir.Contains: _contains,
        ir.Count: _count,
        ir.SeqItem: _seq_item,
        ir.Slice: _slice,
        ir.Concat: _concat,
        ir.Repeat: _repeat,
        ir.SetOperation: _set_operation,
        ir.Range: _range,
        ir.Enumerate: _enumerate,
        ir.Zip: _zip,
        ir.Reversed: _reversed,
        ir.Sorted: _sorted,
        ir.ToSet: _to_set,
        ir.ToSeq: _to_seq,
    }
)
"""The symbolic value of each sequence and set, and of what is asked of any collection."""
