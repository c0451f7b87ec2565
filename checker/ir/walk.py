"""Everything that stands inside a node."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from .nodes import Node


def children(node: Node) -> Iterator[Node]:
    """The nodes directly inside a node, in the order of its fields."""
    for field in fields(node):
        value = getattr(node, field.name)
        if isinstance(value, Node):
            yield value
        elif isinstance(value, tuple):
            yield from (each for each in value if isinstance(each, Node))


def walk(*nodes: Node) -> Iterator[Node]:
    """These nodes and everything inside them, outer ones first."""
    for node in nodes:
        yield node
        yield from walk(*children(node))
