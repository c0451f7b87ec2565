"""The search as machine code: breadth-first over all states, and random walks, with any number of threads."""

from .code import Code, NativeGaveUp
from .explorer import NativeExplorer
from .program import compiled, interpreted, loaded, source
from .walks import NativeWalker, Walks

__all__ = [
    "Code",
    "NativeExplorer",
    "NativeGaveUp",
    "NativeWalker",
    "Walks",
    "compiled",
    "interpreted",
    "loaded",
    "source",
]
