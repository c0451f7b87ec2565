"""Kernels as machine code in memory, ready to be called."""

from __future__ import annotations

import ctypes
import platform
import sys
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from .elf import BadObject
from .llvm import LoadedByLLVM


class Loaded(Protocol):
    """Code in memory, which lives as long as this object."""

    def address(self, name: str) -> int:
        """Where a function begins; KeyError if there is none of that name."""


class Machine:
    """Compiled kernels: `function` gives one to call from Python, `address` the place of its code.

    The code is unmapped when neither the machine nor any of its functions is left; an address keeps nothing alive.
    `object` is the compiled code as it can be stored, `meta` what was stored with it.
    """

    def __init__(self, object_file: bytes, meta: Mapping[str, Any] | None = None, loaded: Loaded | None = None) -> None:
        self.object = object_file
        self.meta: Mapping[str, Any] = meta or {}
        self._loaded = loaded or load(object_file)

    def address(self, name: str) -> int:
        """Where an exported kernel begins; KeyError if there is none of that name."""
        return self._loaded.address(name)

    def function(self, name: str, n_args: int) -> Callable[..., int]:
        """An exported kernel as a Python function of so many arguments; other Python threads run during a call.

        A word is given as an integer, a pointer as the address of its cells or as a ctypes array of 64-bit integers.
        """
        # a pointer stands for both: it takes integers of either sign, and travels in the same register as a word
        prototype = ctypes.CFUNCTYPE(ctypes.c_int64, *[ctypes.c_void_p] * n_args)
        function = prototype(self.address(name))
        function.code = self._loaded  # type: ignore[attr-defined]
        return function


def load(object_file: bytes) -> Loaded:
    """Put object code into memory: by hand where that is known to work, else by LLVM."""
    if _by_hand():
        from .mapped import Mapped

        try:
            return Mapped(object_file)
        except BadObject:
            pass
    return LoadedByLLVM(object_file)


def _by_hand() -> bool:
    return sys.platform == "linux" and platform.machine() == "x86_64"
