"""Which envelopes may be sent, and the order they are kept in."""

from __future__ import annotations

from typing import Any

from ..language import ModelError
from .shape import Shape
from .state import Envelope


class _Keys(dict[Envelope, Any]):
    """The key of each envelope met so far, found out when it is first asked for."""

    def __init__(self, shape: Shape) -> None:
        self._shape = shape
        self._numbers = {ref: i for i, ref in enumerate(shape.refs)}
        self._classes = {m.cls: i for i, m in enumerate(shape.messages)}

    def __missing__(self, envelope: Envelope) -> Any:
        handlers = self._shape.shapes[envelope.target.cluster].handlers
        ends = (self._numbers[envelope.source], self._numbers[envelope.target])
        kind = type(envelope.message)
        key = self[envelope] = (*ends, self._classes[kind], handlers[kind].message.code(envelope.message))
        return key


class Mail:
    """The envelopes of a system: `key` puts them in the order of their ends, message classes and fields.

    Sets in messages are compared as numbers with a bit a value, so that any engine can keep them as bits.
    """

    def __init__(self, shape: Shape) -> None:
        self._shape = shape
        self._keys = _Keys(shape)
        self.key = self._keys.__getitem__

    def refused(self, envelope: Envelope) -> str | None:
        """The bound that a field of the message leaves, None if it can be sent.

        Errors: `Stray` for a field outside a literal domain, `ModelError` if the receiver has no handler.
        """
        if envelope in self._keys:
            return None
        handlers = self._shape.shapes[envelope.target.cluster].handlers
        kind = type(envelope.message)
        if kind not in handlers:
            raise ModelError(
                "unhandled-message", f"{envelope.target} has no handler for the message {kind.__name__} that it is sent"
            )
        return handlers[kind].message.check(envelope.message)
