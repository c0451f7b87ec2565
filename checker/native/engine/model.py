"""What the kernels call and the model's own code brings; the linker puts that in the place of what stands here."""

from __future__ import annotations

from ..dialect.intrinsics import Word, Words


def step(s: Words, m: Words, out: Words, tags: Words) -> Word:
    """Write all entries of a state and their tags; gives how many, less than zero if only the reference can say."""
    raise NotImplementedError


def judge(s: Words, m: Words) -> Word:
    """Whether a state is within the constraints, and which invariants it violates."""
    raise NotImplementedError


def witness(s: Words, m: Words, unseen: Word) -> Word:
    """Those of the witnesses in the mask that a state satisfies; less than zero if asking raised an error."""
    raise NotImplementedError


def canon(s: Words, m: Words) -> Word:
    """Replace a state by the one that stands for it under symmetry."""
    raise NotImplementedError
