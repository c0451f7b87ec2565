"""Which processes can send which messages to whom, as far as the text of a model tells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ....models.language import Process
from ....models.semantics import System
from ... import ir
from ...ir.walk import walk

Posting = ir.Send | ir.Broadcast


def routes(system: System, program: ir.Program) -> Iterator[tuple[int, int, int]]:
    """Every sender, receiver and message class (numbers, those of `Shape.messages`), in order.

    All that can be under way is among them: a sender may send what a statement that it can reach sends, to whoever
    has a handler for it.
    """
    postings = {of.type.classes[0]: _postings(program, of) for of in program.processes}
    classes = [system.shape.classes[ref.cluster] for ref in system.refs]
    for source, sender in enumerate(classes):
        for target, receiver in enumerate(classes):
            handled = system.shape.shapes[system.refs[target].cluster].handlers
            reaching = {
                kind for posting, kind in postings[sender] if _may_reach(system, posting, source, target, receiver)
            }
            for number, message in enumerate(system.shape.messages):
                if message.cls in reaching and message.cls in handled:
                    yield source, target, number


def _postings(program: ir.Program, of: ir.ProcessClass) -> list[tuple[Posting, type]]:
    """The statements that send something, and the message class, in what a class of processes does."""
    names = _reachable(program, of.steps)
    nodes = (node for name in names for node in walk(*program.functions[name].body))
    found = [node for node in nodes if isinstance(node, Posting)]
    return [(node, node.message.type.cls) for node in found if isinstance(node.message.type, ir.RecordT)]


def _reachable(program: ir.Program, names: Sequence[str]) -> tuple[str, ...]:
    """These functions, and all that they may call."""
    seen: dict[str, None] = {}
    todo = list(names)
    while todo:
        name = todo.pop()
        if name not in seen:
            seen[name] = None
            nodes = walk(*program.functions[name].body)
            todo += [called for node in nodes if isinstance(node, ir.Call) for called in node.functions]
    return tuple(seen)


def _may_reach(system: System, posting: Posting, source: int, target: int, receiver: type[Process]) -> bool:
    # the type of a single receiver promises nothing: the front end lets a Ref stand for one of a derived class
    match posting:
        case ir.Broadcast(to=ir.Peers()):
            return source != target and system.refs[source].cluster == system.refs[target].cluster
        case ir.Broadcast(to=ir.Members(type=ir.SetT(item=ir.RefT(cls=cls)))):
            return issubclass(receiver, cls)
    return True
