"""Expressions of the language, drawn as text: what Python makes of them, the evaluator must make too."""

from __future__ import annotations

from random import Random

SHALLOW = 0.2

LEAVES: dict[str, list[str]] = {
    "int": ["0", "1", "2", "self.n", "self.k"],
    "bool": ["True", "False", "self.flag"],
    "ref": ["self.id", "self.friend"],
    "optional": ["None", "self.vote"],
    "set": ["self.known", "frozenset({self.id})", "self.peers", "self.members(Node)"],
    "seq": ["self.path", "self.path[:0]", "(1, 2)"],
    "map": ["self.scores"],
}

# every `{type}` is replaced by an expression of that type; `{x:...}` by one that may use the int x, `{r:...}` the ref r
SHAPES: dict[str, list[str]] = {
    "int": [
        "({int} + {int})",
        "({int} - {int})",
        "({int} * {int})",
        "({int} // {int})",
        "({int} % {int})",
        "(-{int})",
        "abs({int})",
        "len({set})",
        "len({seq})",
        "({int} if {bool} else {int})",
        "{seq}[{int}]",
        "{map}[{ref}]",
        "max({int}, {int})",
        "min({seq}, default={int})",
        "max({seq})",
        "sum({seq})",
        "sum({x:int} for x in {seq} if {x:bool})",
        "sum({x:bool} for x in {seq})",
        "max(({r:int} for r in {set}), default={int})",
        "sum(i * x for i, x in enumerate({seq}))",
        "sorted({map}.values())[{int}]",
        "sum(v for k, v in {map}.items() if k in {set})",
        "len(frozenset({seq}))",
        "{seq}.count({int})",
    ],
    "bool": [
        "({bool} and {bool})",
        "({bool} or {bool})",
        "(not {bool})",
        "({int} < {int})",
        "({int} <= {int} != {int})",
        "({int} == {int})",
        "({seq} == {seq})",
        "({set} == {set})",
        "({map} == {map})",
        "({ref} in {set})",
        "({int} not in {seq})",
        "({optional} is None)",
        "({optional} == {ref})",
        "({ref} in ({optional}, {ref}))",
        "({set} <= {set})",
        "({set} > {set})",
        "{set}.isdisjoint({set})",
        "all({x:bool} for x in {seq})",
        "any({r:bool} for r in {set} if {r:bool})",
        "(({int}, {int}) >= ({int}, {int}))",
        "(not tuple({seq}))",
        "({bool} if {set} else {bool})",
        "any(a < b for a, b in zip({seq}, {seq}, strict=False))",
    ],
    "ref": ["({ref} if {bool} else {ref})"],
    "optional": ["({optional} if {bool} else {ref})"],
    "set": [
        "({set} | {set})",
        "({set} & {set})",
        "({set} - {set})",
        "({set} ^ {set})",
        "({set} - {{{optional}, {ref}}})",
        "({set} & frozenset({{{optional}, {ref}}}))",
        "frozenset({{{ref}, {ref}}})",
        "frozenset(r for r in {set} if {r:bool})",
        "({set} if {bool} else {set})",
        "frozenset(k for k, v in {map}.items() if v > {int})",
    ],
    "seq": [
        "({seq} + {seq})",
        "({int}, *{seq})",
        "{seq}[{int}:]",
        "{seq}[:{int}]",
        "tuple(sorted({seq}))",
        "tuple(reversed({seq}))",
        "tuple({x:int} for x in {seq} if {x:bool})",
        "tuple(range({int} % 4))",
        "({seq} if {bool} else {seq})",
    ],
    "map": [
        "({map} | {{{ref}: {int}}})",
        "Map({{r: {r:int} for r in self.members(Node)}})",
        "({map} | {{r: {r:int} for r in {set}}})",
    ],
}


def draw(chooser: Random, kind: str, depth: int, names: frozenset[str] = frozenset()) -> str:
    """An expression of a kind, with these bound variables in sight, nested no deeper than `depth`."""
    bound = {"int": "x", "ref": "r"}.get(kind, "")
    if depth == 0 or chooser.random() < SHALLOW:
        return chooser.choice(LEAVES[kind] + ([bound] * 3 if bound in names else []))
    text, *rest = _pieces(chooser.choice(SHAPES[kind]))
    for hole, after in zip(rest[0::2], rest[1::2], strict=True):
        name, _, inside = hole.rpartition(":")
        text += draw(chooser, inside, depth - 1, names | ({name} if name else set())) + after
    return text


def _pieces(shape: str) -> list[str]:
    """The text of a shape cut at its holes: text, hole, text, hole, ..., text."""
    pieces, text, rest = [], "", shape
    while rest:
        if rest[:2] in ("{{", "}}"):
            text, rest = text + rest[0], rest[2:]
        elif rest[0] == "{":
            hole, _, rest = rest[1:].partition("}")
            pieces += [text, hole]
            text = ""
        else:
            text, rest = text + rest[0], rest[1:]
    return [*pieces, text]
