"""What cannot be written in the kernel dialect is a model error with its line."""

from pathlib import Path

import pytest

from quorate.models.language import ModelError

from .lowering import HEAD, Lowered, load

MODEL = """
Signed = Annotated[int, Range(-4, 5)]
Great = Annotated[int, Range(-9000000, 9000000)]


class Node(Process):
    a: Signed = durable(0)
    b: Signed = durable(0)
    great: Great = durable(0)
    path: Annotated[tuple[Signed, ...], AtMost(3)] = durable(())
    out: Great = durable(0)

    @action
    def probe(self) -> None:
        self.out = 1
        PROBE


class Drawn(Protocol):
    nodes: Cluster[Node] = cluster(2)
"""

REFUSED = {
    "step": "self.out = sum(range(self.a, self.b, self.path[0]))",
    "repeated": "self.out = len((0, 1) * self.great)",
    "literal": "self.out = self.a * 2305843009213693952",
    "keys": "self.out = len({self.a: 1, self.b: 2})",
    "set": "self.out = len(frozenset((n, m, k, self.great) for n in self.path for m in self.path for k in self.path))",
    "local": "rows = ();|for n in self.path:;|    rows = (*rows, {n: n});|self.out = len(rows)",
}


@pytest.mark.parametrize("why", REFUSED)
def test_refused(why: str, tmp_path: Path) -> None:
    lines = REFUSED[why].replace(";|", "\n        ")
    text = HEAD + MODEL.replace("PROBE", lines)
    with pytest.raises(ModelError) as caught:
        Lowered(load(tmp_path, text).Drawn())
    assert caught.value.code == "not-native"
    assert caught.value.place is not None
    first = text[: text.index(lines)].count("\n") + 1
    assert first <= caught.value.place.line <= first + lines.count("\n")
