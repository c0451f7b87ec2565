"""The kernel dialect: a small part of Python, over 64-bit words, that runs as Python and as machine code."""

from .cache import Cache, Entry, default_folder, key_of
from .compile import build, compile_module, recall
from .errors import IllegalKernel
from .interpret import interpret
from .intrinsics import Word, Words, kernel
from .machine import Machine
from .source import source_of, surroundings_of

__all__ = [
    "Cache",
    "Entry",
    "IllegalKernel",
    "Machine",
    "Word",
    "Words",
    "build",
    "compile_module",
    "default_folder",
    "interpret",
    "kernel",
    "key_of",
    "recall",
    "source_of",
    "surroundings_of",
]
