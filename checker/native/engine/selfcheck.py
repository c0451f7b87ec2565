"""Compares, for some of the states of a run, what the machine code says with what the reference semantics says."""

from __future__ import annotations

import time
from collections.abc import Iterable
from contextlib import suppress

from ....models.semantics import State, Step, StepFailed
from ...search import SelfCheckFailed
from .blocks import Item
from .code import names_in
from .control import CUT, ERROR, KIND, NUMBER, NUMBER_AT, SAME, STATE, STATES_AT, STEP_ERROR, STEPS_AT, UNSURE, WITHIN
from .desk import Entry
from .memory import Memory, Region, signed
from .program import Kernel
from .subject import Subject

_FIRST = 32
_LEAST = 8
_SECONDS = 0.1


class SelfCheck:
    """Looks at the first states of a run, then at one of each level while that costs next to nothing."""

    def __init__(self, subject: Subject, memory: Memory) -> None:
        self._subject = subject
        self._looked = 0
        self._spent = 0.0
        self._checker = _Comparison(subject, memory)

    def look_at(self, level: list[Item]) -> None:
        """Check some states of a level. Errors: `SelfCheckFailed`."""
        self.compare(self._chosen(level))

    def compare(self, states: Iterable[list[int]]) -> None:
        """Check these states, or the first of them if that takes long. Errors: `SelfCheckFailed`."""
        for words in states:
            if self._looked >= _LEAST and self._spent > _SECONDS:
                return
            started = time.monotonic()
            with self._subject.lock:
                self._checker.compare(words)
            self._looked += 1
            self._spent += time.monotonic() - started

    def _chosen(self, level: list[Item]) -> Iterable[list[int]]:
        early = [(item, i) for item in level[:_FIRST] for i in range(item.start, min(item.end, item.start + _FIRST))]
        middle = level[len(level) // 2]
        late = (middle, (middle.start + middle.end) // 2)
        k = self._subject.code.words
        for item, i in [*early[: max(0, _FIRST - self._looked)], late]:
            yield item.block.region.read(i * k, k)


class _Comparison:
    def __init__(self, subject: Subject, memory: Memory) -> None:
        self._subject = subject
        self._code = subject.code
        self._state = memory.take(self._code.words, "desks")
        self._scratch = memory.take(self._code.scratch + 1, "desks")
        self._entries = memory.take(self._code.out * self._code.words + 1, "desks")
        self._tags = memory.take(self._code.out + 1, "desks")

    def compare(self, words: list[int]) -> None:
        """Compare all that can be said of a state."""
        before = self._code.decode(words)
        again = self._code.encode(before)
        _same("what a state is packed to", list(map(signed, again)), words, before)
        self._compare_judgement(before, before)
        with suppress(StepFailed):
            self._subject.symmetry.check(before)
        self._compare_steps(before, words)

    def _compare_steps(self, before: State, words: list[int]) -> None:
        wanted = list(self._subject.entries(before))
        count = self._on(words, self._subject.program.step, self._entries, self._tags)
        if count < 0:
            return  # it says itself that it does not know
        _same("the number of steps", [step.title for step, _ in wanted], count, before, len(wanted))
        found = [self._entry(j, words) for j in range(count)]
        for j, (step, entry) in enumerate(wanted):
            self._compare_entry(before, step, j, entry, found[j])

    def _compare_entry(self, before: State, step: Step, number: int, wanted: Entry, found: Entry) -> None:
        what = f"step {number} ({step.title})"
        _same(f"{what}, as kind, name and judgement", self._said(wanted[0]), self._said(found[0]), before)
        if wanted[0] & KIND == STATE:
            after = self._code.decode(found[1])
            _same(f"where {what} leads", self._code.decode(wanted[1]), after, before)
            _same(f"how what {what} leads to is packed", list(map(signed, wanted[1])), found[1], before)
            self._compare_judgement(before, after)

    def _compare_judgement(self, before: State, after: State) -> None:
        least = self._subject.symmetry.canonical(after)
        found = self._on(self._code.encode(least), self._subject.program.judge)
        if not found & UNSURE:
            wanted = self._subject.verdict(least)
            _same(f"the judgement on {least}", self._verdict(wanted), self._verdict(found), before)
        forms = [self._canonical(self._code.encode(image)) for image in (after, least)]
        _same("what stands for the images of a state", forms[1], forms[0], before)

    def _said(self, tag: int) -> object:
        kind, number = tag & KIND, tag >> NUMBER_AT & NUMBER
        name = (self._code.bounds if kind == CUT else self._code.titles)[number]
        if kind == STATE and tag & STEP_ERROR:
            return kind, name, "an error"
        return kind, name, names_in(tag >> STEPS_AT, self._code.step_properties) if kind == STATE else []

    def _verdict(self, verdict: int) -> object:
        if verdict & ERROR:
            return "an error"
        return bool(verdict & WITHIN), names_in(verdict >> STATES_AT, self._code.properties)

    def _entry(self, number: int, parent: list[int]) -> Entry:
        tag, k = self._tags.cells[number], self._code.words
        return tag, parent if tag & SAME else self._entries.read(number * k, k)

    def _canonical(self, words: list[int]) -> list[int]:
        self._on(words, self._subject.program.canon)
        return self._state.read(0, self._code.words)

    def _on(self, words: list[int], function: Kernel, *more: Region) -> int:
        self._state.write(0, words)
        return function(self._state, self._scratch, *more)


def _same(what: str, wanted: object, found: object, before: State, size: object = None) -> None:
    if found != (wanted if size is None else size):
        raise SelfCheckFailed(
            f"the machine code and the reference semantics differ in {what}: {found} instead of {wanted}, "
            f"in the state {before}"
        )
