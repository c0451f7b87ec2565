"""The intermediate representation: a closed set of frozen, typed nodes, each with its place in the source.

The order of the file is that of a grammar: values, expressions over fields and parameters, operators, collections,
comprehensions, calls; then statements, functions and the program.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from ...models.language import Bag, Fifo, MessageSet, Place, Protocol
from ...models.language.faults import Fault
from ...models.language.fields import Keeping
from .types import ProcessT, RecordT, Type


@dataclass(frozen=True, slots=True)
class Node:
    """Anything that stands somewhere in a model's source."""

    place: Place


@dataclass(frozen=True, slots=True)
class Expr(Node):
    """Something with a value."""

    type: Type


# -- values and names ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Literal(Expr):
    """A constant: a bool, an int, None, a member of an enum, or a tuple, frozenset or record of those."""

    value: object


@dataclass(frozen=True, slots=True)
class Local(Expr):
    """A parameter or a local variable."""

    name: str


@dataclass(frozen=True, slots=True)
class Self(Expr):
    """The process or the protocol whose method this is."""


@dataclass(frozen=True, slots=True)
class ReadField(Expr):
    """A field of a process or of the protocol."""

    owner: Expr
    name: str


@dataclass(frozen=True, slots=True)
class Parameter(Expr):
    """A parameter of the protocol, or the size of a cluster under the cluster's name.

    `owner` is the process that was asked for it, if that could fail.
    """

    name: str
    owner: Expr | None = None


@dataclass(frozen=True, slots=True)
class Identity(Expr):
    """`p.id`: who a process is."""

    owner: Expr


@dataclass(frozen=True, slots=True)
class Members(Expr):
    """`self.members(P)`: the identities of all processes of class `P`, a set."""


@dataclass(frozen=True, slots=True)
class Peers(Expr):
    """`self.peers`: the other processes of this one's cluster, a set."""

    owner: Expr


@dataclass(frozen=True, slots=True)
class Majority(Expr):
    """The quorum rule of `Process`: more than half of the owner's own cluster."""

    owner: Expr
    members: Expr


@dataclass(frozen=True, slots=True)
class Processes(Expr):
    """The processes of some clusters in a state, in order: `p.servers`, or `p.members` of a `Has[I]`."""

    owner: Expr
    clusters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProcessAt(Expr):
    """`p.servers[ref]`: a process by its identity."""

    processes: Expr
    ref: Expr


@dataclass(frozen=True, slots=True)
class Domain(Expr):
    """Every member of the item type (an enum, a symbol, or the identities of a class), in order: a sequence."""


@dataclass(frozen=True, slots=True)
class Sent(Expr):
    """`self.sent(M)`: every message of a class that was ever sent, a set."""

    owner: Expr


@dataclass(frozen=True, slots=True)
class UnderWay(Expr):
    """`self.under_way(M)`: the messages of a class that the network holds, a set."""

    owner: Expr


# -- operators ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Not(Expr):
    """`not x`, of a bool."""

    value: Expr


class LogicOp(Enum):
    """Short-circuit connectives."""

    AND = "and"
    OR = "or"


@dataclass(frozen=True, slots=True)
class Logic(Expr):
    """`a and b and c`, from left to right, no further than needed."""

    op: LogicOp
    items: tuple[Expr, ...]


class ArithmeticOp(Enum):
    """Operators on integers; division and remainder round down."""

    ADD = "+"
    SUBTRACT = "-"
    MULTIPLY = "*"
    DIVIDE = "//"
    REMAINDER = "%"


@dataclass(frozen=True, slots=True)
class Arithmetic(Expr):
    """Two integers to one."""

    op: ArithmeticOp
    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True)
class Negate(Expr):
    """`-x`."""

    value: Expr


@dataclass(frozen=True, slots=True)
class Absolute(Expr):
    """`abs(x)`."""

    value: Expr


@dataclass(frozen=True, slots=True)
class Equal(Expr):
    """`a == b`, and `a is b` where the two mean the same."""

    left: Expr
    right: Expr


class OrderOp(Enum):
    """Orders: of integers, of bools, and of tuples of those from left to right; of sets by inclusion."""

    LESS = "<"
    LESS_EQUAL = "<="
    GREATER = ">"
    GREATER_EQUAL = ">="


@dataclass(frozen=True, slots=True)
class Order(Expr):
    """An ordered comparison of two values of one type."""

    op: OrderOp
    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True)
class Conditional(Expr):
    """`then if test else other`."""

    test: Expr
    then: Expr
    other: Expr


@dataclass(frozen=True, slots=True)
class Unwrap(Expr):
    """The item of an optional; a model error when it is None."""

    value: Expr


@dataclass(frozen=True, slots=True)
class Widen(Expr):
    """The same value as one of a wider type: an item as an optional, a tuple as a sequence."""

    value: Expr


@dataclass(frozen=True, slots=True)
class Rank(Expr):
    """`rank(ref)`: the number of a process in its cluster."""

    ref: Expr


@dataclass(frozen=True, slots=True)
class Nth(Expr):
    """`Value.nth(i)`: a symbol by its number."""

    index: Expr


# -- products -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MakeTuple(Expr):
    """A tuple of fixed length."""

    items: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class TupleItem(Expr):
    """An item of a tuple of fixed length."""

    value: Expr
    index: int


@dataclass(frozen=True, slots=True)
class MakeRecord(Expr):
    """A record or message; the items in the order of the fields."""

    items: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class RecordItem(Expr):
    """A field of a record or message; `sender`, `to` or `message` of one that was sent."""

    value: Expr
    name: str


@dataclass(frozen=True, slots=True)
class Replace(Expr):
    """`dataclasses.replace`: a record with some fields changed."""

    value: Expr
    names: tuple[str, ...]
    items: tuple[Expr, ...]


# -- collections --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MakeSeq(Expr):
    """A sequence of these items."""

    items: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class MakeSet(Expr):
    """A set of these items."""

    items: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class MakeMap(Expr):
    """A map with these entries; partial where it updates another."""

    keys: tuple[Expr, ...]
    values: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Every(Expr):
    """The map that has this value for every key of its domain: a default."""

    value: Expr


@dataclass(frozen=True, slots=True)
class Length(Expr):
    """How many items a collection has."""

    value: Expr


@dataclass(frozen=True, slots=True)
class Contains(Expr):
    """`item in collection`; of a map, its keys."""

    item: Expr
    collection: Expr


@dataclass(frozen=True, slots=True)
class Count(Expr):
    """`s.count(x)`: how often an item occurs in a sequence."""

    value: Expr
    item: Expr


@dataclass(frozen=True, slots=True)
class SeqItem(Expr):
    """`s[i]`, from the end if negative; a model error when out of range."""

    value: Expr
    index: Expr


@dataclass(frozen=True, slots=True)
class Slice(Expr):
    """`s[lo:hi]`, as Python cuts it."""

    value: Expr
    lo: Expr | None
    hi: Expr | None


@dataclass(frozen=True, slots=True)
class Concat(Expr):
    """Two sequences, one after the other."""

    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True)
class Repeat(Expr):
    """`s * n`: a sequence several times over."""

    value: Expr
    times: Expr


class SetOp(Enum):
    """Operators on sets."""

    UNION = "|"
    INTERSECTION = "&"
    DIFFERENCE = "-"
    SYMMETRIC = "^"


@dataclass(frozen=True, slots=True)
class SetOperation(Expr):
    """Two sets to one."""

    op: SetOp
    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True)
class MapItem(Expr):
    """`m[k]`; a model error when there is no such key."""

    value: Expr
    key: Expr


@dataclass(frozen=True, slots=True)
class MapUpdate(Expr):
    """`m | entries`: a map with some values replaced."""

    value: Expr
    entries: Expr


@dataclass(frozen=True, slots=True)
class MapValues(Expr):
    """The values of a map, equal ones as often as there are."""

    value: Expr


@dataclass(frozen=True, slots=True)
class MapPairs(Expr):
    """The pairs of key and value of a map."""

    value: Expr


@dataclass(frozen=True, slots=True)
class Range(Expr):
    """`range(lo, hi, step)`."""

    lo: Expr
    hi: Expr
    step: Expr


@dataclass(frozen=True, slots=True)
class Enumerate(Expr):
    """`enumerate(s, start)`."""

    value: Expr
    start: Expr


@dataclass(frozen=True, slots=True)
class Zip(Expr):
    """`zip(a, b, ...)`; with `strict`, of equal lengths."""

    items: tuple[Expr, ...]
    strict: bool


@dataclass(frozen=True, slots=True)
class Reversed(Expr):
    """A sequence from its end to its beginning."""

    value: Expr


@dataclass(frozen=True, slots=True)
class Sorted(Expr):
    """The items of a collection in ascending order, a sequence."""

    value: Expr


@dataclass(frozen=True, slots=True)
class ToSet(Expr):
    """The items of a collection, as a set."""

    value: Expr


@dataclass(frozen=True, slots=True)
class ToSeq(Expr):
    """The items of a collection, as a sequence."""

    value: Expr


# -- comprehensions -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Pattern(Node):
    """What a loop or an assignment gives names to: one local, or the items of a tuple."""

    type: Type
    name: str = ""
    items: tuple[Pattern, ...] = ()


@dataclass(frozen=True, slots=True)
class Generator(Node):
    """`for target in iterable if conditions`."""

    target: Pattern
    iterable: Expr
    conditions: tuple[Expr, ...]


class Quantifier(Enum):
    """Whether all, or any."""

    ALL = "all"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Quantified(Expr):
    """`all(body for ...)` or `any(body for ...)`."""

    quantifier: Quantifier
    body: Expr
    generators: tuple[Generator, ...]


@dataclass(frozen=True, slots=True)
class Sum(Expr):
    """`sum(body for ...)`."""

    body: Expr
    generators: tuple[Generator, ...]


class Extreme(Enum):
    """Which end of an order."""

    LEAST = "min"
    GREATEST = "max"


@dataclass(frozen=True, slots=True)
class ExtremeOf(Expr):
    """`max(body for ...)`, or the default, which is computed in any case; a model error when there is neither."""

    extreme: Extreme
    body: Expr
    generators: tuple[Generator, ...]
    default: Expr | None


@dataclass(frozen=True, slots=True)
class SetOf(Expr):
    """`frozenset(body for ...)`."""

    body: Expr
    generators: tuple[Generator, ...]


@dataclass(frozen=True, slots=True)
class SeqOf(Expr):
    """`tuple(body for ...)`."""

    body: Expr
    generators: tuple[Generator, ...]


@dataclass(frozen=True, slots=True)
class MapOf(Expr):
    """`{key: value for ...}`; partial where it updates another."""

    key: Expr
    value: Expr
    generators: tuple[Generator, ...]


# -- calls --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Call(Expr):
    """A call of a helper: of a function of the program, by name.

    Where the owner can be of several classes there is one function for each, in the order of its type's classes;
    otherwise there is one. A plain function has no owner.
    """

    functions: tuple[str, ...]
    owner: Expr | None
    arguments: tuple[Expr, ...]


# -- statements ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Stmt(Node):
    """Something that is done."""


@dataclass(frozen=True, slots=True)
class ToLocal(Node):
    """A local variable as the target of an assignment."""

    type: Type
    name: str


@dataclass(frozen=True, slots=True)
class ToField(Node):
    """A field of `self` as the target of an assignment."""

    type: Type
    name: str


Target = ToLocal | ToField


@dataclass(frozen=True, slots=True)
class Assign(Stmt):
    """`target = value`; several are assigned together, after all values are known."""

    targets: tuple[Target, ...]
    values: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Require(Stmt):
    """The guard: unless the condition is true, the step does not exist."""

    condition: Expr


@dataclass(frozen=True, slots=True)
class Assert(Stmt):
    """A property of this point of the step."""

    condition: Expr
    message: str


@dataclass(frozen=True, slots=True)
class Send(Stmt):
    """Put a message on its way."""

    to: Expr
    message: Expr


@dataclass(frozen=True, slots=True)
class Broadcast(Stmt):
    """Put a message on its way to each process of a set."""

    to: Expr
    message: Expr


@dataclass(frozen=True, slots=True)
class Disconnect(Stmt):
    """Discard what is under way between this process and a peer, both ways, before anything that the step sends."""

    peer: Expr


@dataclass(frozen=True, slots=True)
class Perform(Stmt):
    """A call for what it does."""

    call: Call


@dataclass(frozen=True, slots=True)
class If(Stmt):
    """`if test: then else: other`."""

    test: Expr
    then: tuple[Stmt, ...]
    other: tuple[Stmt, ...]


@dataclass(frozen=True, slots=True)
class For(Stmt):
    """`for target in iterable: body`."""

    target: Pattern
    iterable: Expr
    body: tuple[Stmt, ...]


@dataclass(frozen=True, slots=True)
class Return(Stmt):
    """Leave the function."""

    value: Expr | None


@dataclass(frozen=True, slots=True)
class Break(Stmt):
    """Leave the loop."""


@dataclass(frozen=True, slots=True)
class Continue(Stmt):
    """Go on with the loop."""


# -- functions and the program ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Variable(Node):
    """A parameter of a function."""

    name: str
    type: Type


@dataclass(frozen=True, slots=True)
class Function(Node):
    """A method of one concrete class, or a plain function, with its own types.

    `quorum` if it says which sets are quorums: those share a member two by two, and a set that contains one is one.
    """

    name: str
    owner: Type | None
    parameters: tuple[Variable, ...]
    returns: Type
    body: tuple[Stmt, ...]
    quorum: bool = False


@dataclass(frozen=True, slots=True)
class Field(Node):
    """A declared field."""

    name: str
    type: Type
    keeping: Keeping
    default: Expr


@dataclass(frozen=True, slots=True)
class Handler(Node):
    """What a process does with a message; the function takes the message and, if it wants, the sender."""

    message: RecordT
    function: str
    takes_sender: bool


@dataclass(frozen=True, slots=True)
class ProcessClass(Node):
    """A class of processes: `actions` are names of functions, `restart` that of what ends a crash, if anything does."""

    name: str
    type: ProcessT
    fields: tuple[Field, ...]
    actions: tuple[str, ...]
    handlers: tuple[Handler, ...]
    restart: str | None

    @property
    def steps(self) -> tuple[str, ...]:
        """The functions that a step of such a process runs first: actions, handlers, the restart."""
        handlers = tuple(handler.function for handler in self.handlers)
        return (*self.actions, *handlers, *((self.restart,) if self.restart else ()))


@dataclass(frozen=True, slots=True)
class ClusterOf(Node):
    """A cluster: `size` is the default."""

    name: str
    process: str
    size: int


@dataclass(frozen=True, slots=True)
class Setting(Node):
    """A parameter of the protocol."""

    name: str
    type: Type
    default: object


@dataclass(frozen=True, slots=True)
class Property(Node):
    """An invariant, a step invariant or a lemma: its function, and the one that says it is not vacuous, by name.

    An invariant that `helps` is there for proofs, too.
    """

    name: str
    function: str
    witness: str | None
    between_crashes: bool
    helps: bool = False


@dataclass(frozen=True, slots=True)
class Asymmetry(Node):
    """A use that tells the members of a cluster or of a symbol class apart, so that they are not interchangeable."""

    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Program(Node):
    """A whole model."""

    name: str
    cls: type[Protocol]
    parameters: tuple[Setting, ...]
    clusters: tuple[ClusterOf, ...]
    processes: tuple[ProcessClass, ...]
    shared: tuple[Field, ...]
    network: MessageSet | Bag | Fifo
    faults: tuple[Fault, ...]
    initial: tuple[str, ...]
    actions: tuple[str, ...]
    histories: tuple[str, ...]
    constraints: tuple[str, ...]
    invariants: tuple[Property, ...]
    step_invariants: tuple[Property, ...]
    lemmas: tuple[Property, ...]
    functions: Mapping[str, Function]
    notices: tuple[Asymmetry, ...]

    @property
    def asymmetric(self) -> frozenset[str]:
        """The clusters and symbol classes, by name, that are not interchangeable."""
        return frozenset(notice.name for notice in self.notices)
