"""From the status of a try to an entry of `step`: what is written of a state, and what is restored."""

from __future__ import annotations

from collections.abc import Iterator

from ..layout.pack import Packing
from .actions import Made
from .context import Context
from .status import ASK, CUT, DONE, FAILED

STATE, BOUND, BROKEN = range(3)
"""The kinds of an entry."""

LAW_ERROR = 4
"""A step invariant raised an error."""

SAME = 8
"""The state is the one that the step started from."""

TITLE = 8
"""The bit of a tag at which the number of its title or bound begins."""

LAWS = 32
"""The bit of a tag at which the violated step invariants begin."""

_GIVEN = "s: Words, m: Words, out: Words, tags: Words, n: Word, st: Word, title: Word, crash: Word"


class Settling:
    """Writes a kernel `settle...(s, m, out, tags, n, st, title, crash)` for each set of cells that a step may change.

    It gives the number of entries, or -1 if the reference engine must say. Words without a changed cell are copied.
    """

    def __init__(self, context: Context, packing: Packing, history: Made | None, laws: bool) -> None:
        self._context = context
        self._packing = packing
        self._history = history
        self._laws = laws
        self._names: dict[frozenset[int], str] = {}
        self._ghosts = frozenset(context.layout.shared + cell for cell in (history.cells if history else ()))

    def name(self, changed: frozenset[int]) -> str:
        """The kernel for steps that change these cells."""
        return self._names.setdefault(changed | self._ghosts, f"settle{len(self._names)}")

    def text(self) -> Iterator[str]:
        """All the kernels."""
        for changed, name in self._names.items():
            yield f"def {name}({_GIVEN}) -> Word:"
            yield from self._judged()
            yield f"    if st == {DONE}:"
            yield from (f"        {line}" for line in self._entry(changed))
            yield f"    elif st >= {CUT}:"
            yield f"        tags[n] = {BOUND} | (st - {CUT}) << {TITLE}"
            yield "        n += 1"
            yield f"    elif st == {FAILED}:"
            yield f"        tags[n] = {BROKEN} | title << {TITLE}"
            yield "        n += 1"
            yield from (f"    {line}" for line in self._restored(changed))
            yield "    return n"
            yield ""
            yield ""

    def _judged(self) -> Iterator[str]:
        if self._history is not None:
            yield f"    if st == {DONE}:"
            yield f"        st = {self._history.name}(m)"
        yield f"    if st == {ASK}:"
        yield "        return -1"

    def _entry(self, changed: frozenset[int]) -> Iterator[str]:
        """The words of the state, and the tag."""
        places = self._packing.places
        touched = sorted({places[cell].word for cell in changed if places[cell].bits})
        yield "laws = on_step(m, crash)" if self._laws else "laws = 0"
        yield "if laws == -2:"
        yield "    return -1"
        for word in touched:
            yield f"w{word} = wrap({self._packing.word_text(word, changed, 's', 'm', self._context.after)})"
        yield f"o = n * {self._packing.words}"
        for word in range(self._packing.words):
            yield f"out[o + {word}] = w{word}" if word in touched else f"out[o + {word}] = s[{word}]"
        same = " & ".join(f"(w{word} == s[{word}])" for word in touched) or "1"
        yield f"same = {SAME} if {same} else 0"
        yield f"tags[n] = {STATE} | same | title << {TITLE} | ({LAW_ERROR} if laws == -1 else laws << {LAWS})"
        yield "n += 1"

    def _restored(self, changed: frozenset[int]) -> Iterator[str]:
        """The cells as they were before the step."""
        after = self._context.after
        for first, count in _stretches(changed):
            if count == 1:
                yield f"m[{after + first}] = m[{first}]"
            else:
                yield f"copy(at(m, {after + first}), at(m, {first}), {count})"
        if self._context.layout.envelopes.blocks:
            yield f"m[{self._context.outbox}] = 0"


def _stretches(cells: frozenset[int]) -> Iterator[tuple[int, int]]:
    """The cells as a list of first cells and lengths."""
    first, count = -1, 0
    for cell in sorted(cells):
        if count and cell == first + count:
            count += 1
        else:
            if count:
                yield first, count
            first, count = cell, 1
    if count:
        yield first, count
