"""Symmetry in the kernel dialect: `canon` replaces a state by the image that stands for it.

The canonical form is that of the reference engine (`checker.search.symmetry`), cell by cell. For each orbit in turn the
members are sorted by their traits; where all traits differ, or the orbit is exact, there is only one image to make,
otherwise one for each order of the members that tie. The least of all images is kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from ....search.symmetry import Symmetry
from ..context import Context
from ..writer import Writer
from .image import image_kernel
from .mail import mail_kernels
from .order import less_kernel
from .traits import traits
from .turn import Turn

MOST_RANKED = 8
"""Up to so many members are sorted by comparing each with each."""

NEXT_ORDER = '''
def canon_next(q: Words, tied: Words, count: Word) -> Word:
    """The next order of those that tie with the one before; 0 if there is none, and `q` is as at first."""
    last = count
    while last > 0:
        first = last - 1
        while tied[first]:
            first -= 1
        i = last - 2
        while i >= first and q[i] > q[i + 1]:
            i -= 1
        if i >= first:
            j = last - 1
            while q[j] < q[i]:
                j -= 1
            x = q[i]
            q[i] = q[j]
            q[j] = x
        left = i + 1 if i >= first else first
        right = last - 1
        while left < right:
            x = q[left]
            q[left] = q[right]
            q[right] = x
            left += 1
            right -= 1
        if i >= first:
            return 1
        last = first
    return 0
'''


def symmetry_kernels(context: Context, symmetry: Symmetry) -> list[str]:
    """The kernel `canon(s, m)` and its helpers; nothing if nothing is renamed. Errors: `NotNative`."""
    if not symmetry.orbits:
        return []
    turns = [Turn(context, orbit) for orbit in symmetry.orbits]
    several = any(not orbit.exact for orbit in symmetry.orbits)
    lines = [*NEXT_ORDER.splitlines(), *less_kernel(context, turns, "canon_less")] if several else []
    lines += _offer(context, several)
    for number, turn in reversed(list(enumerate(turns))):
        if context.layout.envelopes.blocks:
            lines += mail_kernels(turn, f"canon_code{number}")
        lines += image_kernel(turn, f"canon_image{number}", f"canon_code{number}")
        lines += _orbit(turn, number, turn is turns[-1])
    return [*lines, *_canon(context), ""]


# -- memory: the cells of the state, two images of the last orbit, then where the best one is --------------------------


def _best(context: Context) -> int:
    return 3 * context.layout.cells


def _free(context: Context) -> str:
    """The place for an image that the best one does not take."""
    cells = context.layout.cells
    return f"({2 * cells} if m[{_best(context)}] == {cells} else {cells})"


def _canon(context: Context) -> Iterator[str]:
    best = _best(context)
    w = Writer()
    w.emit("unpack(s, m)")
    w.emit(f"m[{best}] = -1")
    w.emit("canon_orbit0(m, m, 0)")
    with w.under(f"if m[{best}] != 0:"):
        w.emit(f"pack(at(m, m[{best}]), s)")
    yield from w.text("def canon(s: Words, m: Words) -> Word:")


def _offer(context: Context, several: bool) -> Iterator[str]:
    """The kernel `canon_offer(m, u, c)`: keep an image if it is the first one, or less than the best.

    It is kept at cell `c` of the memory, or if that is negative, it must be copied there.
    """
    best = _best(context)
    w = Writer()
    if several:
        with w.under(f"if m[{best}] >= 0 and not canon_less(u, at(m, m[{best}])):"):
            w.emit("return 0")
    with w.under("if c < 0:"):
        w.emit(f"c = {_free(context)}")
        w.emit(f"copy(at(m, c), u, {context.layout.cells})")
    w.emit(f"m[{best}] = c")
    yield from w.text("def canon_offer(m: Words, u: Words, c: Word) -> Word:")


def _orbit(turn: Turn, number: int, is_last: bool) -> Iterator[str]:
    """The kernel `canon_orbitN(m, u, c)`: make the images of `u`, which is at cell `c`, and go on with each."""
    w = Writer()
    for name in ("p", "q", *(() if turn.orbit.exact else ("tied",))):
        w.emit(f"{name} = cells({turn.count})")
    if not is_last:
        w.emit(f"v = cells({turn.context.layout.cells})")
    _sort(w, turn)
    if turn.orbit.exact:
        _make(w, turn, number, is_last)
    else:
        w.emit("more = 1")
        with w.under("while more:"):
            _make(w, turn, number, is_last)
            w.emit(f"more = canon_next(q, tied, {turn.count})")
    yield from w.text(f"def canon_orbit{number}(m: Words, u: Words, c: Word) -> Word:")


def _make(w: Writer, turn: Turn, number: int, is_last: bool) -> None:
    """Make the image in which `q` take the places of the orbit, and hand it on."""
    then = "canon_offer" if is_last else f"canon_orbit{number + 1}"
    w.emit("moved = 0")
    with w.under(f"for i in range({turn.count}):"):
        w.emit("p[q[i]] = i")
        w.emit("moved |= q[i] ^ i")
    with w.under("if moved:"):
        w.emit(f"place = {_free(turn.context) if is_last else -1}")
        if is_last:
            w.emit("v = at(m, place)")
        w.emit(f"canon_image{number}(u, v, p, q)")
        w.emit(f"{then}(m, v, place)")
    with w.under("else:"):
        w.emit(f"{then}(m, u, c)")


def _sort(w: Writer, turn: Turn) -> None:
    """Put the members in the order of their traits, and note who ties with the one before."""
    found = [traits(turn, member) for member in range(turn.count)]
    width = len(found[0])
    if width:
        w.emit(f"k = cells({turn.count * width})")
    for member, numbers in enumerate(found):
        for n, text in enumerate(numbers):
            w.emit(f"k[{member * width + n}] = {text}")
    if turn.count <= MOST_RANKED:
        _rank(w, turn.count, width)
    else:
        _insert(w, turn.count, width)
    if not turn.orbit.exact:
        _note_ties(w, turn.count, width)


def _rank(w: Writer, count: int, width: int) -> None:
    """The place of a member is how many others come before it: more comparisons, but no branch to guess wrong."""
    before: list[list[str]] = [[] for _ in range(count)]
    for one, other in combinations(range(count), 2):
        test = w.fresh("b")
        w.emit(f"{test} = {_is_less(width, str(other), str(one)) or 0}")
        before[one].append(test)
        before[other].append(f"1 - {test}")
    for member, tests in enumerate(before):
        w.emit(f"q[{' + '.join(tests)}] = {member}")


def _insert(w: Writer, count: int, width: int) -> None:
    with w.under(f"for x in range({count}):"):
        w.emit("y = x")
        if width:
            with w.under(f"while y > 0 and {_is_less(width, 'x', 'q[y - 1]')}:"):
                w.emit("q[y] = q[y - 1]")
                w.emit("y -= 1")
        w.emit("q[y] = x")


def _is_less(width: int, one: str, other: str) -> str:
    """Whether one member's traits are less than another's."""
    test = ""
    for n in reversed(range(width)):
        mine, theirs = (f"k[{_at(member, width, n)}]" for member in (one, other))
        test = f"({mine} < {theirs} or ({mine} == {theirs} and {test}))" if test else f"({mine} < {theirs})"
    return test


def _at(member: str, width: int, number: int) -> str:
    if member.isdigit():
        return str(int(member) * width + number)
    start = f"{member} * {width}" if width > 1 else member
    return f"{start} + {number}" if number else start


def _note_ties(w: Writer, count: int, width: int) -> None:
    w.emit("tied[0] = 0")
    with w.under(f"for i in range(1, {count}):"):
        same = [f"k[{_at('q[i]', width, n)}] == k[{_at('q[i - 1]', width, n)}]" for n in range(width)]
        w.emit(f"tied[i] = {' and '.join(same) or '1'}")
