"""Every kind of mistake that the front end finds, in one table: what is wrong, why, and what to write instead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from ...models.language import ModelError, Place
from ...models.language.protocol import near


class Kind(NamedTuple):
    """The words of one kind of mistake; `{...}` is filled in where it is found."""

    what: str
    because: str = ""
    instead: str = ""


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        # declarations
        "no-default": Kind(
            "{field} of {owner} has no first value",
            "each field is declared with its value in the initial state and with what a crash does to it",
            "give it one: {field}: {type} = {value}",
        ),
        "plain-default": Kind(
            "{field} of {owner} does not say what a crash does to it",
            "each field is declared with its value in the initial state and with what a crash does to it",
            "write {field}: {type} = durable(...) if it is on disk, volatile(...) if it is in memory",
        ),
        "mutable-default": Kind(
            "the first value of {field} is a {type}, which can change",
            "values never change, only a process's fields do, so nothing is shared by accident",
            "write {advice}",
        ),
        "missing-annotation": Kind(
            "{name} has no annotation",
            "the annotation says which values there are to try",
            "annotate it: {example}",
        ),
        "redeclared-type": Kind(
            "{field} is declared anew as {new}, it was {old} in {base}",
            "what {base} does with the field must mean the same here",
            "keep the type; the default and the durability may change",
        ),
        "no-domain": Kind(
            "{type} is not a finite domain",
            "the checker tries every value, so each field, parameter and message needs finitely many",
            'bound it: Annotated[int, Range(0, "terms")], Annotated[tuple[Entry, ...], AtMost("entries")]',
        ),
        "no-such-type": Kind(
            "{type} is not a type of the language",
            "a model computes with finite, immutable values",
            "use bool, int, an Enum, Ref, a Symbol, a record, tuple, frozenset, Map or X | None",
        ),
        "handwritten-equality": Kind(
            "{owner} writes {method} by hand",
            "the checker tells states apart by all fields; a model that does it otherwise would merge different states",
            "leave it out: equality and hash come from the fields",
        ),
        "handwritten-making": Kind(
            "{owner} writes {method} by hand",
            "a record is the fields that it was made of, a process the fields that it declares, and nothing else",
            "leave it out; compute what you need in a helper",
        ),
        "not-a-record": Kind(
            "{record} {problem}",
            "a record is all of its fields: the checker tells states apart by every one, and none can change",
            "mark it @record, or @message if it is sent, and declare its fields by their types and plain defaults",
        ),
        "compared-processes": Kind(
            "processes are compared",
            "a process before a step and the same one after it are two objects, so this says something else",
            "compare identities, a.id == b.id, or what the processes hold",
        ),
        "class-parameter": Kind(
            "{name} is the default of a parameter, not its value in this run",
            "a run may set it otherwise",
            'use self.{attribute} in the protocol; a process declares {attribute}: {type} = parameter("{attribute}")',
        ),
        "unknown-parameter": Kind(
            "{field} of {owner} is the parameter {parameter}, and {protocol} has no such parameter",
            "a process is given the parameters of the protocol that it runs in",
            "{near}",
        ),
        "parameter-kind": Kind(
            "{field} of {owner} is the parameter {parameter}, which is {actual}",
            "a run is given numbers and names",
            "declare an int, a bool or an Enum in {protocol}",
        ),
        "parameter-type": Kind(
            "{field} of {owner} is {actual}, and the parameter {parameter} of {protocol} is {wanted}",
            "the process has the value that the run gives to the protocol",
            'write {field}: {type} = parameter("{parameter}")',
        ),
        "mixed-parameter": Kind(
            "{name} is not the same parameter in {owners}",
            "an expression that reads a parameter reads the same one, whichever process is asked",
            "give it one meaning, or ask a method that each class has",
        ),
        "assigned-parameter": Kind(
            "{target} is a parameter, which has one value in the whole run",
            "what changes from state to state is in fields",
            "keep what changes in a field of its own",
        ),
        "two-handlers": Kind(
            "{owner} has two handlers for {message}: {first} and {second}",
            "a message that is received is handled once",
            "join them, or receive two classes of messages",
        ),
        "no-handler": Kind(
            "nobody handles {message}: {receivers} has no @receive method for it",
            "a message that cannot be received stays under way for ever",
            "write a handler, or send it to a class that has one",
        ),
        "no-connections": Kind(
            "the network of {protocol}, a {network}, has no connections to break",
            "its messages travel one by one, each by itself, and any of them may be late or never arrive",
            "write network = Fifo(), a connection for each pair of processes, or leave it out",
        ),
        "handler-signature": Kind(
            "{method} is not the handler of a message",
            "a handler takes the message, and the sender if it wants",
            "write def {method}(self, m: Vote, sender: Ref[Server]) -> None",
        ),
        "property-signature": Kind(
            "{property} is not {kind}: {problem}",
            "",
            "write def {property}({signature}) -> bool",
        ),
        "two-properties": Kind(
            "{protocol} has two properties named {property}, one of them at {other}",
            "a run, a trace and a proof name a property and mean one",
            "give one of them another name",
        ),
        "quorum-signature": Kind(
            "{method} is not a rule of quorums: {problem}",
            "the rule says of any set whether it is a quorum",
            "write def {method}(self, some: frozenset[Acceptor]) -> bool in {protocol}",
        ),
        "quorum-of-state": Kind(
            "the rule of quorums {method} {reads}",
            "any two quorums have a member in common, also one of this state and one of another",
            "decide by the set and by parameters alone",
        ),
        "property-side-effect": Kind(
            "{property} {does}",
            "a property looks at a state, it does not change it",
            "compute the value and return it",
        ),
        "history-effect": Kind(
            "the history {function} {does}",
            "a history only looks back, so that it cannot change what the protocol does",
            "write only ghost fields of the protocol",
        ),
        "foreign-effect": Kind(
            "{function} calls {helper} of a process, which {does}",
            "a step of the protocol changes the protocol's own fields; only a process's own steps change a process",
            "keep it in a shared field, or make it an action of the process",
        ),
        "effect-in-passing": Kind(
            "{helper} {does}, and is called for one item after another",
            "which items are looked at, and in which order, is not said; so it is not said what happens",
            "call a helper that only looks, or write a for loop",
        ),
        "no-process-offers": Kind(
            "no process of {protocol} offers {interface}",
            "{property} speaks of the processes that have {members}",
            "add what is missing to a process class, or drop the property",
        ),
        "bad-setting": Kind("{setting} is {actual}, it must be {wanted}"),
        "unknown-bound": Kind("{name} in the bound {bound} is no parameter of {protocol}", "", "{near}"),
        "process-property": Kind(
            "{owner}.{method} is marked @{mark}, which nobody asks a process for",
            "a property, a history and an initial state speak of the whole system",
            "make it a method of {protocol}, which goes through the cluster",
        ),
        "protocol-handler": Kind(
            "{owner}.{method} is marked @{mark}, and a protocol receives nothing",
            "messages go from process to process",
            "make it a method of the process that receives the message",
        ),
        "protocol-restart": Kind(
            "{owner}.{method} is marked @{mark}, and a protocol does not crash",
            "a crash befalls a process, which then restarts",
            "make it a method of the process that restarts",
        ),
        "restart-signature": Kind(
            "{method} takes {parameters}, and a restart takes nothing",
            "it is part of the crash: there is no message, and nothing to choose",
            "write def {method}(self) -> None, and make a choice a parameter of an @action that follows",
        ),
        "two-restarts": Kind(
            "{owner} has two restarts: {first} and {second}",
            "a process that crashes restarts once, and it is not said which of them comes first",
            "join them, or override {first} and call super().{first}()",
        ),
        "step-result": Kind(
            "{method} is a step and gives {actual}",
            "a step changes fields and sends messages; nobody looks at its value",
            "write -> None; if it is a property, mark it @invariant",
        ),
        "no-clusters": Kind(
            "the cluster {name} does not say whose processes it holds",
            "",
            "write {name}: Cluster[Server] = cluster(3)",
        ),
        # names
        "unknown-name": Kind("{name} is not defined here", "", "{near}"),
        "unknown-attribute": Kind("{owner} has no {name}", "", "{near}"),
        "unknown-call": Kind(
            "{name} cannot be called in a model",
            "a step depends on nothing but the state and its arguments: no randomness, no time, no input or output",
            "{advice}",
        ),
        "undeclared-field": Kind(
            "{owner} does not declare the field {name}",
            "the state is the declared fields and nothing else",
            "{near}",
        ),
        "mutable-global": Kind(
            "{name} is a {type} that can change",
            "the state is the declared fields and nothing else, so a model reads only constants",
            "make it a tuple, a frozenset or a Map, or a field",
        ),
        # values never change
        "in-place": Kind(
            "a {type} never changes in place",
            "values never change, only a process's fields do, so nothing is shared by accident",
            "assign the field: {example}",
        ),
        "foreign-field": Kind(
            "{target} belongs to {owner}",
            "a step changes the fields of the process that takes it; a property changes nothing",
            "do it in a method of {owner}",
        ),
        "not-assignable": Kind("{target} cannot be assigned to", "", "assign a field of self or a local variable"),
        # types
        "type-mismatch": Kind("{name} takes {wanted}, this is {actual}"),
        "no-common-type": Kind(
            "{left} and {right} have no common type", "an expression has one type, whatever the state"
        ),
        "never-equal": Kind("{left} is compared with {right}: they are never equal", "", "compare values of one type"),
        "not-bool": Kind(
            "a condition is a bool, this is {actual}",
            "0, None and empty are different questions, and a reader cannot see which is meant",
            "{example}",
        ),
        "optional-misuse": Kind(
            "this may be None, and None has no truth value here",
            "a member that is there and a member that is missing are different questions",
            "write {example}",
        ),
        "no-order": Kind("{values} have no order", "{reason}", "{advice}"),
        "no-operator": Kind("there is no {left} {operator} {right}", "", "{advice}"),
        "no-index": Kind("{actual} has no index", "", "{advice}"),
        "not-a-collection": Kind("{actual} cannot be iterated over", "", "use a set, a sequence, a map or a range"),
        "wrong-arguments": Kind("{function} takes {wanted}, here it gets {actual}"),
        # control
        "unbounded-loop": Kind(
            "a while loop may never end",
            "a step is finite, and so must its description be",
            "use for over a set, a sequence or a range",
        ),
        "recursion": Kind(
            "{function} calls itself{through}",
            "a step is finite, and so must its description be",
            "use for, or all, any, sum, max over a generator",
        ),
        "outside-subset": Kind("{construct} has no place in a model", "{reason}", "{advice}"),
        "no-value": Kind("{function} gives no value", "some path ends without return", "return a value on every path"),
        # what a run must not depend on
        "order-dependent": Kind(
            "the result depends on the order of {iterable}",
            "a set has no order: another run may go through it differently",
            "{advice}",
        ),
        "ghost-in-guard": Kind(
            "{function} reads {name}, which is kept only for properties",
            "what a protocol does must not depend on history that no process has",
            "use {name} in properties and to update ghost fields only",
        ),
        "network-in-guard": Kind(
            "{function} asks what is under way",
            "nobody sees the network as a whole: a step depends on fields and on the message that it receives",
            "use under_way(...) in properties and to update ghost fields only",
        ),
    }
)


def close(name: str, known: Sequence[str]) -> str:
    """Advice after a name that is not known; nothing if there is no close one and too many to list."""
    advice = near(name, list(known))
    return advice if advice.startswith("did you mean") or len(known) <= _SHORT else ""


_SHORT = 12


def mistake(code: str, place: Place, **words: str) -> ModelError:
    """A mistake of one kind at a place, its words filled in."""
    what, because, instead = (text.format(**words) for text in KINDS[code])
    return ModelError(code, what, place=place, because=because, instead=instead)


class ModelErrors(ModelError):
    """The first of several mistakes that do not depend on each other; `others` are the rest, in order."""

    def __init__(self, found: list[ModelError]) -> None:
        first, *others = found
        super().__init__(first.code, first.what, place=first.place, because=first.because, instead=first.instead)
        self.others = tuple(others)
