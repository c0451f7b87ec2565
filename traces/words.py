"""The steps of a trace in words, from what a trace file says about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .errors import Json
from .show import printable


def say(value: Json) -> str:
    """A value as it is written in a trace, on one line."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, list):
        return "[" + ", ".join(map(say, value)) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {say(v)}" for name, v in value.items()) + "}"
    return str(value)


def say_call(name: str, arguments: Mapping[str, Json]) -> str:
    """An action with its arguments, or a message with its fields: `Vote(term=1, granted=True)`."""
    return f"{name}({', '.join(f'{n}={say(v)}' for n, v in arguments.items())})"


def say_message(message: Mapping[str, Any]) -> str:
    """A message without its ends."""
    return say_call(message["type"], message["fields"])


def say_envelope(message: Mapping[str, Any]) -> str:
    """A message with its ends."""
    return f"{say_message(message)} from {message['src']} to {message['dst']}"


def say_assumed(names: Sequence[str]) -> str:
    """Which states a trace may begin in that need not begin in an initial one."""
    return f"any state that satisfies {', '.join(map(printable, names))}" if names else "any state"


def say_step(step: Mapping[str, Any]) -> str:
    """Who does what: `servers[1] receives Vote(term=1, granted=True) from servers[0]`."""
    process, message = step["process"], step["message"]
    match step["kind"]:
        case "initial":
            return say_call(step["action"], step["arguments"]) if step["arguments"] else "initial state"
        case "assumed":
            return "assumed state"
        case "receive":
            return f"{process} receives {say_message(message)} from {message['src']}"
        case "duplicate":
            return f"{process} receives {say_message(message)} from {message['src']}, and a copy stays under way"
        case "lose":
            return f"the network loses {say_envelope(message)}"
        case "crash":
            return f"{process} crashes"
        case "partition":
            return f"the network falls into two sides, one with {say(step['arguments']['side'])}"
        case "heal":
            return "the network heals"
    called = say_call(step["action"], step["arguments"])
    return f"{process} {called}" if process else called
