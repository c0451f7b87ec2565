"""Whether what is marked as a rule of quorums can be one."""

from __future__ import annotations

from collections.abc import Iterator

from ...models.language import ModelError
from .. import ir
from .effects import Effect, does, reached
from .errors import mistake


def check_quorums(program: ir.Program) -> Iterator[ModelError]:
    """Every rule of quorums that is not a question about a set, or that depends on more than the set and parameters."""
    for function in program.functions.values():
        if function.quorum:
            problem = _problem(function)
            if problem:
                words = {"method": _title(function), "problem": problem, "protocol": program.name}
                yield mistake("quorum-signature", function.place, **words)
            yield from _of_state(program, function)


def _title(function: ir.Function) -> str:
    return function.name.rpartition(".")[2]


def _problem(function: ir.Function) -> str:
    if not isinstance(function.owner, ir.ProtocolT):
        return "it is not a method of a protocol"
    if len(function.parameters) != 1:
        return f"it takes {len(function.parameters)} values, not one set"
    (taken,) = function.parameters
    if not isinstance(taken.type, ir.SetT):
        return f"it takes {ir.describe(taken.type)}, not a set"
    return "" if isinstance(function.returns, ir.Bool) else f"it gives {ir.describe(function.returns)}, not bool"


def _of_state(program: ir.Program, rule: ir.Function) -> Iterator[ModelError]:
    for function in reached(program, rule.name):
        for node in ir.walk(*function.body):
            reads = _reads(node)
            if reads:
                yield mistake("quorum-of-state", node.place, method=_title(rule), reads=reads)


def _reads(node: ir.Node) -> str:
    match node:
        case ir.ReadField(name=name):
            return f"reads the field {name}"
        case ir.Sent() | ir.UnderWay():
            return "asks for messages"
    return does(node) if isinstance(node, Effect) else ""
