"""Drawn expressions, in steps and in properties: the kernels give what Python gives, or fail where it does."""

from pathlib import Path
from random import Random

import pytest

from ..ir.drawing import draw
from .lowering import probed

OUT = {"int": "whole", "bool": "flag", "set": "known", "seq": "items", "map": "wide", "optional": "vote"}
MODEL = """
Small = Annotated[int, Range(0, 3)]
Wide = Annotated[int, Range(-100, 100)]


class Node(Process):
    turn: Annotated[int, Range(0, TURNS)] = durable(0)
    n: Small = durable(0)
    k: Small = durable(0)
    flag: bool = durable(False)
    friend_or_none: Ref[Node] | None = durable(None)
    vote: Ref[Node] | None = durable(None)
    known: frozenset[Ref[Node]] = durable(frozenset())
    path: Annotated[tuple[Small, ...], AtMost(3)] = durable(())
    scores: Map[Ref[Node], Small] = durable(every(0))
    whole: Wide = durable(0)
    items: Annotated[tuple[Wide, ...], AtMost(6)] = durable(())
    wide: Map[Ref[Node], Wide] = durable(every(0))

    @property
    def friend(self) -> Ref[Node]:
        return self.id if self.friend_or_none is None else self.friend_or_none

    PROBES

class Drawn(Protocol):
    nodes: Cluster[Node] = cluster(3)
"""
CLAIM = """
    @invariant
    def claimed_{number}(self) -> bool:
        return all(n.claim_{number}() for n in self.nodes)
"""
QUESTION = """
    def claim_{number}(self) -> bool:
        return {text}
"""


def with_claims(chooser: Random, count: int) -> str:
    """The model with invariants of drawn expressions."""
    model = MODEL
    for number in range(count):
        kind = chooser.choice(sorted(OUT))
        text = f"{draw(chooser, kind, 2)} == {draw(chooser, kind, 2)}"
        question = QUESTION.format(number=number, text=text)
        model = model.replace("\n    PROBES", f"{question}\n    PROBES") + CLAIM.format(number=number)
    return model


@pytest.mark.parametrize("seed", range(40))
def test_drawn_expressions(seed: int, tmp_path: Path) -> None:
    chooser = Random(seed)
    kinds = chooser.choices(sorted(OUT), k=8)
    probes = [f"self.{OUT[kind]} = {draw(chooser, kind, 3)}" for kind in kinds]
    twin = probed(tmp_path, with_claims(chooser, 8), probes, 4, seed)
    assert len(twin.asked) <= 4
