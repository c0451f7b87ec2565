"""The source text of kernels that are Python functions, so that they can be compiled together with generated ones."""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Callable
from types import FunctionType
from typing import NamedTuple

from .errors import IllegalKernel
from .intrinsics import KERNELS


class Surroundings(NamedTuple):
    """The constants and tables of their modules that kernels name."""

    constants: dict[str, int]
    tables: dict[str, tuple[int, ...]]


def source_of(*kernels: Callable[..., int]) -> str:
    """The text of functions marked `@kernel`, one after another; `IllegalKernel` for a function that is not."""
    return "\n".join(_source(function) for function in kernels)


def surroundings_of(*kernels: Callable[..., int]) -> Surroundings:
    """The module-level numbers and tuples of numbers that kernels name."""
    found: dict[str, object] = {}
    for function in kernels:
        if isinstance(function, FunctionType):
            names = function.__globals__
            found |= {name: names[name] for name in function.__code__.co_names if name in names}
    return Surroundings(
        {name: x for name, x in found.items() if isinstance(x, int)},
        {name: x for name, x in found.items() if isinstance(x, tuple)},
    )


def _source(function: Callable[..., int]) -> str:
    if function not in KERNELS:
        raise IllegalKernel(f"{function!r} is not marked @kernel")
    text = textwrap.dedent(inspect.getsource(function))
    return text[text.index("def ") :]
