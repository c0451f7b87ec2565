"""From the text of kernels to machine code in memory, by way of the cache."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any

from .cache import Cache, key_of
from .llvm import Optimise, object_of
from .machine import Machine
from .module import lower

Constants = Mapping[str, int]
Tables = Mapping[str, tuple[int, ...]]


def compile_module(
    text: str, constants: Constants, tables: Tables, exports: Collection[str], *, optimise: Optimise = "quick"
) -> Machine:
    """Compile a text of kernels; `exports` are the functions that can be called from outside.

    Errors: `IllegalKernel` for what the dialect does not have, `ModelError` if there is no LLVM.
    """
    return Machine(object_of(lower(text, constants, tables, exports), optimise))


def build(
    text: str,
    constants: Constants,
    tables: Tables,
    exports: Collection[str],
    *,
    cache: Cache | None = None,
    key: str | None = None,
    optimise: Optimise = "quick",
    meta: Mapping[str, Any] | None = None,
) -> Machine:
    """As `compile_module`, but an object that was compiled before is taken from the cache.

    `key` stands for all that goes into the code, including `optimise` (`key_of`); without it, all of that is hashed.
    `meta` is stored with the code and comes back with it as `Machine.meta`; it has to fit into JSON.
    """
    cache = cache or Cache(None)
    key = key or key_of(text, json.dumps([dict(constants), dict(tables), sorted(exports)]), optimise)
    known = recall(cache, key)
    if known is not None:
        return known
    machine = Machine(object_of(lower(text, constants, tables, exports), optimise), meta)
    cache.put(key, machine.object, machine.meta)
    return machine


def recall(cache: Cache, key: str) -> Machine | None:
    """The machine that was built with this key before, if the cache still has it: for a start without any text."""
    entry = cache.get(key)
    return None if entry is None else Machine(entry.object, entry.meta)
