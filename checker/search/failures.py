"""A mistake in the model that shows only while it runs."""

from __future__ import annotations

from ...models.language import ModelError, Place
from ...models.semantics import Stray
from ...models.semantics.locate import assignment
from ...traces import Trace
from .places import place_of


class ModelFailed(ModelError):
    """A step or a property of the model raised an exception, or a value left a domain that bounds nothing.

    `trace` leads there; its last step is the one that failed.
    """

    def __init__(self, trace: Trace, cause: Exception | None, name: str) -> None:
        said = cause if isinstance(cause, ModelError) else None
        super().__init__(
            said.code if said else _code(cause),
            said.what if said else _what(cause, name),
            place=(said.place if said else None) or place_of(cause) or _assignment(trace, cause),
            because=said.because if said else _because(cause),
            instead=said.instead if said else _instead(cause),
        )
        self.trace = trace
        self.__cause__ = cause


def _code(cause: Exception | None) -> str:
    return "outside-domain" if isinstance(cause, Stray) else "failed-step"


def _what(cause: Exception | None, name: str) -> str:
    if isinstance(cause, Stray):
        return f"{cause.where} becomes {cause.value!r}, which is not {cause.domain}"
    kind = type(cause).__name__
    return f"{name} raised {kind}" + (f": {cause}" if str(cause) else "")


def _because(cause: Exception | None) -> str:
    if isinstance(cause, Stray):
        return "a literal bound is a claim; only a bound that names a parameter is where the exploration ends"
    return "a step is taken with any values that can be reached; the trace shows how these are"


def _instead(cause: Exception | None) -> str:
    match cause:
        case Stray():
            return "bound it with a parameter, or guard the step so that it does not happen"
        case IndexError():
            return "test the length first: require(index < len(self.log))"
        case KeyError():
            return "use a key of the map's domain"
        case AttributeError() if "NoneType" in str(cause):
            return "test for None first: require(self.x is not None)"
    return ""


def _assignment(trace: Trace, cause: Exception | None) -> Place | None:
    """The line that gave a field the value that strayed."""
    before = trace.moments[-2].state if trace.length else None
    if not isinstance(cause, Stray) or before is None:
        return None
    return assignment(trace.system, before, trace.moments[-1].step, cause.field)
