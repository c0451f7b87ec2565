"""What the kernel of a step or a property says it came to."""

from __future__ import annotations

DONE = 0
"""The step was taken; of a property: it is false."""

TRUE = 1
"""Of a property: it is true."""

DISABLED = 1
"""A guard was not met, and nothing was written before."""

DISABLED_LATE = 2
"""A guard was not met after something had been written."""

FAILED = 3
"""The model raised an error, or asserted what is false."""

ASK = 4
"""The numbers of bits do not suffice for a value in the middle of a step: the reference engine must say."""

CUT = 8
"""The first of the statuses that name a bound: `CUT + number`."""
