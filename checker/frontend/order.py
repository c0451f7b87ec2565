"""Where a result depends on the order in which a collection is gone through."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ...models.language import ModelError
from .. import ir
from .errors import mistake
from .loops import pattern_names, tells_apart, unsafe

_FREE = (ir.Quantified, ir.Sum, ir.ExtremeOf, ir.SetOf, ir.MapOf)
_CONSUMERS = (ir.Sorted, ir.Length, ir.ToSet, ir.Count)
_CARRIERS = (ir.ToSeq, ir.Reversed, ir.Widen, ir.Enumerate, ir.Zip, ir.Slice)


@dataclass(frozen=True)
class Dependence:
    """A place whose value depends on the order of a collection; `names` are those that the order tells apart."""

    place: ir.Place
    collection: ir.Expr
    unordered: bool
    names: frozenset[str]
    advice: str


def check_order_free(program: ir.Program) -> Iterator[ModelError]:
    """Every place where the result depends on the order of a set or a map."""
    for found in dependences(program):
        if found.unordered:
            text = spelled(found.collection)
            yield mistake("order-dependent", found.place, iterable=text, advice=found.advice)


def spelled(node: ir.Node) -> str:
    """A node as it stands in the source."""
    return node.place.source()[node.place.column - 1 : (node.place.end or 0) - 1]


def dependences(program: ir.Program) -> Iterator[Dependence]:
    """Every dependence on an order that a set does not have, or that the members of a cluster should not have."""
    looks: dict[str, Look] = {}
    for name in program.functions:
        yield from look_at(program, name, looks).found


def look_at(program: ir.Program, name: str, looks: dict[str, Look]) -> Look:
    """What there is to see in a function, looked at once."""
    if name not in looks:
        function = program.functions[name]
        looks[name] = Look(program, looks)
        looks[name].block(function.body, {p.name for p in function.parameters})
    return looks[name]


@dataclass
class Look:
    """Goes through one function.

    `fixed` are the locals that list a whole cluster or symbol class in its order, `returned` what the function
    gives, if it gives such a list: that is no harm until somebody makes the order matter.
    """

    program: ir.Program
    looks: dict[str, Look]
    found: list[Dependence] = field(default_factory=list)
    fixed: dict[str, ir.Expr] = field(default_factory=dict)
    returned: ir.Expr | None = None

    # -- which order a collection is gone through in -----------------------------------------------------------------

    def source(self, expr: ir.Expr) -> ir.Expr | None:
        """The collection inside `expr` whose order means nothing, None if its order is part of the state."""
        if isinstance(expr.type, ir.SetT | ir.MapT | ir.BagT):
            return expr
        if not isinstance(expr.type, ir.SeqT):
            return None
        match expr:
            case ir.Domain() | ir.Processes():
                return expr if self.names(expr) else None
            case ir.Local(name=name):
                return self.fixed.get(name)
            case ir.Call(functions=functions):
                return next((r for n in functions if (r := look_at(self.program, n, self.looks).returned)), None)
            case ir.SeqOf(generators=generators):
                return next((s for g in generators if (s := self.source(g.iterable))), None)
            case ir.Enumerate(value=value) | ir.ToSeq(value=value) | ir.Reversed(value=value) | ir.Widen(value=value):
                return self.source(value)
            case ir.Slice(value=value):
                return self.source(value)
            case ir.Zip(items=items):
                return next((s for item in items if (s := self.source(item))), None)
        return None

    def listing(self, expr: ir.Expr) -> ir.Expr | None:
        """The cluster or symbol class that `expr` lists item by item in its order, without harm so far."""
        source = self.source(expr)
        if source is None or _unordered(source):
            return None
        match expr:
            case ir.Domain() | ir.Processes() | ir.Local() | ir.Call() | ir.SeqOf():
                return source
            case ir.Zip(items=items) if len({self.names(i) for i in items}) == 1 and all(map(self.listing, items)):
                return source
            case ir.Widen(value=value) | ir.ToSeq(value=value):
                return self.listing(value)
        return None

    def names(self, expr: ir.Expr) -> frozenset[str]:
        """The clusters and symbol classes whose members a collection lists."""
        item = ir.item_of(expr.type)
        return frozenset() if item is None else names_of(self.program, item)

    def report(self, place: ir.Place, collection: ir.Expr, advice: str) -> None:
        """Note a dependence."""
        self.found.append(Dependence(place, collection, _unordered(collection), self.names(collection), advice))

    # -- statements -------------------------------------------------------------------------------------------------

    def block(self, body: Sequence[ir.Stmt], known: set[str]) -> None:
        """Look at a block where these locals are known."""
        for stmt in body:
            self.statement(stmt, known)

    def statement(self, stmt: ir.Stmt, known: set[str]) -> None:
        """Look at one statement; it may add to the known locals."""
        match stmt:
            case ir.If(test=test, then=then, other=other):
                self.expr(test)
                self.block(then, known)
                self.block(other, known)
            case ir.For(iterable=iterable, body=body):
                self._loop(stmt, iterable, body, known)
            case ir.Assign(targets=targets, values=values):
                self._assign(targets, values, known)
            case ir.Return(value=ir.Expr() as value) if (listed := self.listing(value)) is not None:
                self.returned = listed
                self.expr(value, True)
            case _:
                for child in ir.children(stmt):
                    if isinstance(child, ir.Expr):
                        self.expr(child, isinstance(stmt, ir.Broadcast))

    def _assign(self, targets: Sequence[ir.Target], values: Sequence[ir.Expr], known: set[str]) -> None:
        for target, value in zip(targets, values, strict=True):
            listed = self.listing(value) if isinstance(target, ir.ToLocal) else None
            if listed is not None:
                self.fixed[target.name] = listed
            self.expr(value, listed is not None)
            if isinstance(target, ir.ToLocal):
                known.add(target.name)

    def _loop(self, stmt: ir.For, iterable: ir.Expr, body: Sequence[ir.Stmt], known: set[str]) -> None:
        source = self.source(iterable)
        already = len(self.found)
        self.expr(iterable, True)
        inner = known | set(pattern_names(stmt.target))
        if source is not None and len(self.found) == already:
            for place in unsafe(self.program, stmt, known):
                self.report(place, source, "collect into a set, or use all, any, sum, max, min")
        self.block(body, inner)

    # -- expressions ------------------------------------------------------------------------------------------------

    def expr(self, expr: ir.Expr, free: bool = False) -> None:
        """Look at an expression; `free` if whoever uses it does not care about its order."""
        source = self.source(expr)
        if source is not None and not (free and self._harmless(expr, source)):
            self._sequence(expr, source)
        if isinstance(expr, ir.MapOf):
            self._keys(expr)
        for child in ir.children(expr):
            self._child(expr, child, free)

    def _keys(self, made: ir.MapOf) -> None:
        """Of two items with one key the last one stays."""
        for generator in made.generators:
            source = self.source(generator.iterable)
            if source is not None and not tells_apart(made.key, generator) and _varies(made.value):
                self.report(made.place, source, "give each item a key of its own")

    def _harmless(self, expr: ir.Expr, source: ir.Expr) -> bool:
        """Whether an expression keeps its items apart from their order, for someone who does not care about it."""
        numbering = isinstance(expr, ir.Enumerate | ir.Slice | ir.Zip)
        return not numbering or self.listing(expr) is not None

    def _sequence(self, expr: ir.Expr, source: ir.Expr) -> None:
        if not _unordered(expr):
            self.report(expr.place, source, "keep a set, or sort what has an order")

    def _child(self, expr: ir.Expr, child: ir.Node, free: bool) -> None:
        if isinstance(child, ir.Generator):
            self.expr(child.iterable, free or isinstance(expr, (*_FREE, ir.SeqOf)))
            for test in child.conditions:
                self.expr(test)
        elif isinstance(child, ir.Expr):
            counts = isinstance(expr, ir.Contains) and child is expr.collection
            looks_up = isinstance(expr, ir.ProcessAt) and child is expr.processes
            # what these give is looked at in its own right, so their parts need not be
            consumes = isinstance(expr, _CONSUMERS + _CARRIERS)
            self.expr(child, counts or looks_up or consumes)


def _unordered(expr: ir.Expr) -> bool:
    return isinstance(expr.type, ir.SetT | ir.MapT | ir.BagT)


def _varies(value: ir.Expr) -> bool:
    return any(isinstance(node, ir.Local) for node in ir.walk(value))


def names_of(program: ir.Program, type_: ir.Type) -> frozenset[str]:
    """The clusters and symbol classes whose members occur in values of a type."""
    match type_:
        case ir.RefT(cls=cls):
            classes = {p.name for p in program.processes if issubclass(p.type.classes[0], cls)}
            return frozenset(cluster.name for cluster in program.clusters if cluster.process in classes)
        case ir.ProcessT(classes=processes):
            names = {cls.__name__ for cls in processes}
            return frozenset(cluster.name for cluster in program.clusters if cluster.process in names)
        case ir.SymbolT(cls=symbol):
            return frozenset((symbol.__name__,))
    return frozenset(name for part in ir.parts(type_) for name in names_of(program, part))
