"""What a function does, the functions that it calls included; and what a property or a history variable may do."""

from __future__ import annotations

from collections.abc import Iterator

from ...models.language import ModelError
from ...models.language.fields import Keeping
from .. import ir
from .errors import mistake

Effect = ir.ToField | ir.Send | ir.Broadcast | ir.Disconnect | ir.Require


def reached(program: ir.Program, *names: str) -> Iterator[ir.Function]:
    """These functions and every function that they call, each once."""
    seen: dict[str, None] = {}
    todo = list(names)
    while todo:
        name = todo.pop(0)
        if name not in seen:
            seen[name] = None
            yield program.functions[name]
            todo += [
                n
                for node in ir.walk(*program.functions[name].body)
                if isinstance(node, ir.Call)
                for n in node.functions
            ]


def steps(program: ir.Program) -> Iterator[str]:
    """The functions that take a step or choose an initial state."""
    yield from (*program.initial, *program.actions)
    for process in program.processes:
        yield from process.steps


def effects(program: ir.Program, *names: str) -> Iterator[Effect]:
    """Every assignment to a field, message sent, connection broken and guard in these functions and what they call."""
    for function in reached(program, *names):
        yield from (node for node in ir.walk(*function.body) if isinstance(node, Effect))


def check_effects(program: ir.Program) -> Iterator[ModelError]:
    """Properties only look; history variables write only ghost fields of the protocol."""
    for prop in (*program.invariants, *program.step_invariants, *program.lemmas):
        names = [prop.function, *([prop.witness] if prop.witness else [])]
        yield from _pure(program, prop.name, *names)
    for name in program.constraints:
        yield from _pure(program, name.rpartition(".")[2], name)
    yield from _in_passing(program)
    yield from _foreign(program)
    ghosts = {field.name for field in program.shared if field.keeping is Keeping.GHOST}
    for name in program.histories:
        for effect in _own_effects(program, name):
            if not isinstance(effect, ir.ToField) or effect.name not in ghosts:
                words = {"function": name.rpartition(".")[2], "does": does(effect)}
                yield mistake("history-effect", effect.place, **words)


def _pure(program: ir.Program, title: str, *names: str) -> Iterator[ModelError]:
    for effect in effects(program, *names):
        yield mistake("property-side-effect", effect.place, property=title, does=does(effect))


def _own_effects(program: ir.Program, name: str) -> Iterator[Effect]:
    """The effects of a method of the protocol but for what it makes processes do: see `_foreign`."""
    for function in reached(program, name):
        found = (node for node in ir.walk(*function.body) if isinstance(node, Effect))
        of_process = isinstance(function.owner, ir.ProcessT)
        yield from (effect for effect in found if not of_process or isinstance(effect, ir.Require))


def _in_passing(program: ir.Program) -> Iterator[ModelError]:
    """Helpers that do something where it depends on the order, and on what is found first, whether they are called."""
    for function in reached(program, *steps(program), *program.histories):
        generated = [node for node in ir.walk(*function.body) if isinstance(node, _GENERATED)]
        for call in {call.place: call for call in ir.walk(*generated) if isinstance(call, ir.Call)}.values():
            for effect in effects(program, *call.functions):
                helper = call.functions[0].rpartition(".")[2]
                yield mistake("effect-in-passing", call.place, helper=helper, does=does(effect))
                break


_GENERATED = (ir.Quantified, ir.Sum, ir.ExtremeOf, ir.SetOf, ir.SeqOf, ir.MapOf)


def _foreign(program: ir.Program) -> Iterator[ModelError]:
    """Methods of processes that the protocol's own steps call, and that do more than look."""
    for function in reached(program, *program.initial, *program.actions, *program.histories):
        for call in ir.walk(*function.body):
            if isinstance(call, ir.Call) and call.owner is not None and isinstance(call.owner.type, ir.ProcessT):
                yield from _changed(program, function, call)


def _changed(program: ir.Program, function: ir.Function, call: ir.Call) -> Iterator[ModelError]:
    found = [e for e in effects(program, *call.functions) if not isinstance(e, ir.Require)]
    if found and not isinstance(function.owner, ir.ProcessT):
        helper = call.functions[0].rpartition(".")[2]
        words = {"function": function.name.rpartition(".")[2], "helper": helper, "does": does(found[0])}
        yield mistake("foreign-effect", call.place, **words)


def does(effect: Effect) -> str:
    """What an effect does, as the predicate of a sentence."""
    match effect:
        case ir.ToField(name=name):
            return f"assigns the field {name}"
        case ir.Require():
            return "has a guard"
        case ir.Disconnect():
            return "breaks a connection"
    return "sends a message"
