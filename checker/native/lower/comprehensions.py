"""The code of comprehensions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from types import MappingProxyType

from ... import ir
from ..layout.reps import Array, BitSet, Rep, Scalar
from .bits import add_bit
from .cells import Cell, add, both, choose, compare, either, is_cheap, negation, times
from .coerce import flat, indexed, moderate, natural, nothing_of, sized
from .collections import alike_reps, member_rep, run_of, settled
from .compare import all_of, before
from .errors import NotNative
from .frame import Frame, Meaning, names_of
from .loops import each
from .picking import at_memory
from .products import item
from .status import ASK, FAILED
from .sweep import Swept, swept
from .values import Entries, Flat, Heap, Known, Pair, Run, Value, joined, number, truth


def inner(f: Frame, pattern: ir.Pattern, value: Value) -> Frame:
    """A frame in which a comprehension gives names to a value or its items."""
    found = f.inner()
    found.variables = {name: v for name, v in f.variables.items() if name not in set(names_of(pattern))}
    _name(found, pattern, value)
    return found


def _name(f: Frame, pattern: ir.Pattern, value: Value) -> None:
    if pattern.name:
        f.locals[pattern.name] = value
    for number_, part in enumerate(pattern.items):
        _name(f, part, item(f, value, number_))


def through(f: Frame, generators: Sequence[ir.Generator], leaf: Callable[[Frame], None], stop: str = "") -> None:
    """Write the loops of a comprehension, with something in the innermost."""
    if not generators:
        leaf(f)
        return
    first, *rest = generators

    def body(value: Value) -> None:
        g = inner(f, first.target, value)
        test = all_of(g, [partial(g.test, c) for c in first.conditions])
        if test == 1:
            through(g, rest, leaf, stop)
        elif test != 0:
            with g.writer.under(f"if {test}:"):
                through(g, rest, leaf, stop)

    each(f, f.value(first.iterable), body, stop)


# -- all, any, sums --------------------------------------------------------------------------------------------------


def _quantified(f: Frame, e: ir.Quantified) -> Value:
    everyone = e.quantifier is ir.Quantifier.ALL
    found = _swept(f, e.generators, lambda g: _against(g, e.body, everyone))
    if found is not None:
        hit = found.any()
        return truth(negation(hit) if everyone else hit)
    few = _written_out(f, e.generators, lambda g: _against(g, e.body, everyone))
    if few is not None:
        return truth(negation(few) if everyone else few)
    stop = f.writer.variable(0)

    def leaf(g: Frame) -> None:
        hit = _against(g, e.body, everyone)
        if hit == 1:
            g.writer.emit(f"{stop} = 1")
        elif hit != 0:
            with g.writer.under(f"if {hit}:"):
                g.writer.emit(f"{stop} = 1")

    through(f, e.generators, leaf, stop)
    return truth(negation(stop) if everyone else stop)


def _against(f: Frame, body: ir.Expr, everyone: bool) -> Cell:
    """Whether one item settles the question."""
    cell = f.test(body)
    return negation(cell) if everyone else cell


MOST_ROUNDS = 16
"""The most rounds of one loop of a comprehension that becomes one expression."""

MOST_WRITTEN_OUT = 32
"""The most rounds of a comprehension that becomes one expression."""


def _written_out(f: Frame, generators: Sequence[ir.Generator], body: Callable[[Frame], Cell]) -> Cell | None:
    """Whether something is true in one of few rounds, as one expression; None if that takes more than an expression."""
    found: list[Cell] = []
    with f.aside() as block:
        _rounds(f, generators, body, (), found)
    plain = all(isinstance(line, str) and " = " in line and is_cheap(line) for line in block.items)
    if not plain or len(found) > MOST_WRITTEN_OUT:
        return None
    f.writer.put(block)
    return either(*found)


def _rounds(
    f: Frame,
    generators: Sequence[ir.Generator],
    body: Callable[[Frame], Cell],
    tests: tuple[Cell, ...],
    found: list[Cell],
) -> None:
    if not generators:
        found.append(both(*tests, body(f)))
        return
    first, *rest = generators
    if not rest and (swept_ := _swept(f, [first], body)) is not None:
        found.append(both(*tests, swept_.any()))
        return
    whole = f.value(first.iterable)
    if not isinstance(whole, Run | Pair) or (isinstance(whole, Run) and whole.most > MOST_ROUNDS):
        f.writer.emit("pass")  # a loop must see to it
        return
    run = run_of(f, whole)
    for place in range(run.most):
        g = inner(f, first.target, run.get(place))
        there = all_of(g, [partial(g.test, c) for c in first.conditions])
        each_ = both(compare(place, "<", run.length), there)
        if each_ != 0:
            _rounds(g, rest, body, (*tests, each_), found)


def _swept(f: Frame, generators: Sequence[ir.Generator], body: Callable[[Frame], Cell]) -> Swept | None:
    """The members of a set for which a condition is true, if no loop is needed to say that."""
    if len(generators) != 1:
        return None
    only = generators[0]
    whole = f.value(only.iterable)
    if not isinstance(whole, Flat) or not isinstance(whole.rep, BitSet):
        return None

    def of(member: Flat) -> Cell:
        g = inner(f, only.target, member)
        return all_of(g, [*(partial(g.test, c) for c in only.conditions), partial(body, g)])

    return swept(f, whole, of)


def _sum(f: Frame, e: ir.Sum) -> Value:
    total = f.writer.variable(0)
    through(f, e.generators, lambda g: g.writer.emit(f"{total} += {moderate(g, flat(g, g.value(e.body))).cell}"))
    return number(total)


# -- least and greatest ----------------------------------------------------------------------------------------------


def _extreme(f: Frame, e: ir.ExtremeOf) -> Value:
    default = None if e.default is None else flat(f, f.value(e.default))
    few = _of_few(f, e) or _of_known(f, e, default)
    if few is not None:
        return few
    rep = _body_rep(f, e.generators, e.body)
    if rep is None:
        if default is None:
            f.writer.emit(f"return {FAILED}")
            return nothing_of(f, e.type)
        return default
    kept = rep if default is None else alike_reps(f, rep, default.rep)
    start = (0,) * kept.cells if default is None else flat(f, default, kept).cells
    names = tuple(f.writer.variable(cell) for cell in start)
    seen = f.writer.variable(0)
    through(f, e.generators, lambda g: _better(g, e, kept, names, seen))
    if default is None:
        f.writer.stop_unless(seen, FAILED)
    return Flat(kept, names)


def _better(f: Frame, e: ir.ExtremeOf, rep: Rep, names: Sequence[str], seen: str) -> None:
    one = flat(f, f.value(e.body), rep)
    one = Flat(rep, tuple(f.writer.named(cell) for cell in one.cells))
    best = Flat(rep, tuple(names))
    a, b = (one, best) if e.extreme is ir.Extreme.LEAST else (best, one)
    with f.writer.under(f"if not {seen} or {before(f, a, b, True)}:"):
        for name, cell in zip(names, one.cells, strict=True):
            f.writer.emit(f"{name} = {cell}")
    f.writer.emit(f"{seen} = 1")


def _of_known(f: Frame, e: ir.ExtremeOf, default: Flat | None) -> Value | None:
    """The extreme of an int that each member of a set is mapped to, without a loop."""
    if default is None or not isinstance(default.rep, Scalar):
        return None
    values: list[int] = []

    def noted(g: Frame) -> Cell:
        value = g.value(e.body)
        if isinstance(value, Flat) and isinstance(value.rep, Scalar) and isinstance(value.cell, int):
            values.append(value.cell)
        else:
            g.writer.emit("pass")  # it depends on more than the member, and a loop must see to it
        return 1

    found = _swept(f, e.generators, noted)
    if found is None:
        return None
    known = [*values, *default.rep.cell_ranges()[0]]
    cell = found.greatest(values, e.extreme is ir.Extreme.LEAST, default.cell)
    return number(cell, min(known), max(known))


def _of_few(f: Frame, e: ir.ExtremeOf) -> Value | None:
    """`max(a, b)`, without a loop."""
    if len(e.generators) != 1 or e.generators[0].conditions or not isinstance(e.body, ir.Local):
        return None
    only = e.generators[0]
    if not isinstance(only.iterable, ir.MakeSeq) or only.target.name != e.body.name or not only.iterable.items:
        return None
    found = _named(f, flat(f, f.value(only.iterable.items[0])))
    for other in only.iterable.items[1:]:
        found = _named(f, _greater(f, e.extreme, found, _named(f, flat(f, f.value(other)))))
    return found


def _greater(f: Frame, extreme: ir.Extreme, a: Flat, b: Flat) -> Flat:
    rep = alike_reps(f, a.rep, b.rep)
    a, b = flat(f, a, rep), flat(f, b, rep)
    first, second = (a, b) if extreme is ir.Extreme.GREATEST else (b, a)
    test = f.writer.named(before(f, first, second, True))
    return Flat(rep, tuple(choose(test, y, x) for x, y in zip(a.cells, b.cells, strict=True)))


def _named(f: Frame, value: Flat) -> Flat:
    return Flat(value.rep, tuple(f.writer.named(cell) for cell in value.cells))


def _body_rep(f: Frame, generators: Sequence[ir.Generator], body: ir.Expr) -> Rep | None:
    """How to keep what a comprehension gives, None if it gives nothing; written, and thrown away."""
    found: list[Rep] = []
    with f.aside():
        through(f, generators, lambda g: found.append(natural(g, g.value(body))))
    rep = found[0] if found else None
    for other in found[1:]:
        rep = rep and joined(rep, other)
        if rep is None:
            raise NotNative("this gives values that are not kept alike", f.place)
    return rep


# -- collections -----------------------------------------------------------------------------------------------------


def _set_of(f: Frame, e: ir.SetOf) -> Value:
    found = member_rep(f, e.type) or _body_rep(f, e.generators, e.body)
    if found is None:
        return Known(frozenset(), e.type)
    member = sized(f, found)
    return _selected(f, e, member) or _collected(f, e, BitSet(member))


def _selected(f: Frame, e: ir.SetOf, item: Rep) -> Value | None:
    """The set of some members of another, or of what they are mapped to, without a loop."""
    order: list[int] = []

    def noted(g: Frame) -> Cell:
        valid, index = indexed(g, g.value(e.body), item)
        if valid == 1 and isinstance(index, int):
            order.append(index)
        else:
            g.writer.emit("pass")  # it depends on more than the member, and a loop must see to it
        return 1

    found = _swept(f, e.generators, noted)
    return None if found is None else found.mapped(BitSet(item), order)


def _collected(f: Frame, e: ir.SetOf, rep: BitSet) -> Value:
    names = tuple(f.writer.variable(0) for _ in range(rep.cells))

    def leaf(g: Frame) -> None:
        valid, index = indexed(g, g.value(e.body), rep.item)
        g.writer.stop_unless(valid, ASK)
        add_bit(g.writer, names, index)

    through(f, e.generators, leaf)
    return Flat(rep, names)


def _seq_of(f: Frame, e: ir.SeqOf) -> Value:
    only = e.generators[0]
    whole = f.value(only.iterable)
    if len(e.generators) == 1 and not only.conditions and not _is_set(whole):
        run = run_of(f, whole)
        if not _may_fail(f, e, run):
            return Run(run.length, run.most, lambda i: _item(f, e, run, i))
    return _listed(f, e)


def _may_fail(f: Frame, e: ir.SeqOf, run: Run) -> bool:
    """Whether computing an item may end the step, so that it cannot wait until the item is needed."""
    with f.aside() as block:
        _item(f, e, run, "(0 * 1)")
    return any(line.lstrip().startswith("return") for line in block.lines(0))


def _is_set(value: Value) -> bool:
    return isinstance(value, Heap) or (isinstance(value, Flat) and isinstance(value.rep, BitSet))


def _item(f: Frame, e: ir.SeqOf, run: Run, place: Cell) -> Value:
    g = inner(f, e.generators[0].target, run.get(place))
    return g.value(e.body)


MOST_LISTED = 64
"""The most items of a list that is made of those that meet a condition."""


def _listed(f: Frame, e: ir.SeqOf) -> Value:
    kept = _body_rep(f, e.generators, e.body)
    if kept is None:
        return Known((), e.type)
    rep = Array(kept, MOST_LISTED)
    pointer, count = f.writer.fresh("p"), f.writer.variable(0)
    f.writer.emit(f"{pointer} = cells({rep.cells})")

    def leaf(g: Frame) -> None:
        one = flat(g, g.value(e.body), kept)
        g.writer.stop_unless(f"({count} < {MOST_LISTED})", ASK)
        at = g.writer.named(add(1, times(count, kept.cells)))
        for number_, cell in enumerate(one.cells):
            g.writer.emit(f"{pointer}[{add(at, number_)}] = {cell}")
        g.writer.emit(f"{count} += 1")

    through(f, e.generators, leaf)
    return Run(count, MOST_LISTED, lambda i: at_memory(kept, pointer, f.writer.named(add(1, times(i, kept.cells)))))


def _map_of(f: Frame, e: ir.MapOf) -> Value:
    def put(entry: Callable[[Value, Value], None]) -> None:
        through(f, e.generators, lambda g: entry(g.value(e.key), g.value(e.value)))

    return Entries(e.type, put, lambda: settled(f, put, e))


EXPRESSIONS: MappingProxyType[type[ir.Expr], Meaning] = MappingProxyType(
    {
        ir.Quantified: _quantified,
        ir.Sum: _sum,
        ir.ExtremeOf: _extreme,
        ir.SetOf: _set_of,
        ir.SeqOf: _seq_of,
        ir.MapOf: _map_of,
    }
)
"""The code of comprehensions."""
