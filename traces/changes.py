"""What a step changed in a state, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from .errors import Json
from .words import say


class Change(NamedTuple):
    """A place in a state, `servers[0].next_index[servers[1]]`, with what stood there and what stands there now."""

    owner: str
    path: str
    old: Json
    new: Json


def changed(before: dict[str, Any] | None, after: dict[str, Any] | None) -> Iterator[Change]:
    """What is different between two encoded states: shared fields, then each process, then faults.

    Nothing if there is no state after. The network is left out: what is under way follows from what was sent.
    """
    if before is None or after is None:
        return
    yield from _fields("", before["shared"], after["shared"])
    for process, fields in after["processes"].items():
        yield from _fields(process, before["processes"][process], fields)
    for old, new in zip(before["faults"], after["faults"], strict=True):
        for name in new:
            if old[name] != new[name]:
                yield Change("", f"{new['kind']} {name}", old[name], new[name])


def _fields(owner: str, old: dict[str, Json], new: dict[str, Json]) -> Iterator[Change]:
    for name in new:
        yield from _inside(owner, f"{owner}.{name}" if owner else name, old[name], new[name])


def _inside(owner: str, path: str, old: Json, new: Json) -> Iterator[Change]:
    if old == new:
        return
    was, now = _keyed(old), _keyed(new)
    if was and now and was.keys() == now.keys():
        for name in now:
            yield from _inside(owner, f"{path}[{name}]", was[name], now[name])
    else:
        yield Change(owner, path, old, new)


def _keyed(data: Json) -> dict[str, Json] | None:
    """A record or a map, also one that is written as pairs because its keys are no names."""
    if isinstance(data, list) and all(isinstance(item, list) and len(item) == 2 for item in data):
        pairs = {say(item[0]): item[1] for item in data}
        return pairs if len(pairs) == len(data) else None
    return data if isinstance(data, dict) else None
