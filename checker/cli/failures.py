"""How a command ends: its exit status, and what is said when it cannot do what it was asked."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum

import click

from ...models.language import ModelError
from ...traces import EXPORTERS
from .. import ModelFailed, SelfCheckFailed
from ..frontend import ModelErrors
from .blame import mistake_of, seen_from_here
from .console import complain


class Status(IntEnum):
    """The exit statuses of every subcommand."""

    HOLDS = 0
    VIOLATED = 1
    MISTAKE = 2
    INCONCLUSIVE = 3
    OURS = 4
    INTERRUPTED = 130


@contextmanager
def told(show_traceback: bool) -> Iterator[None]:
    """Turn any exception into one message on standard error and an exit status."""
    try:
        yield
    except (click.exceptions.Exit, click.ClickException):
        raise
    except (Exception, KeyboardInterrupt) as failure:
        if show_traceback:
            complain("".join(traceback.format_exception(failure)))
        blamed = _blamed(failure)
        complain(_message(blamed))
        raise click.exceptions.Exit(_status(blamed)) from failure


def _blamed(failure: BaseException) -> BaseException:
    """A mistake of the model as such, anything else as it is."""
    if isinstance(failure, ModelError):
        return seen_from_here(failure)
    known = isinstance(failure, KeyboardInterrupt | MemoryError | SelfCheckFailed)
    return failure if known or not isinstance(failure, Exception) else mistake_of(failure) or failure


def _status(failure: BaseException) -> Status:
    match failure:
        case KeyboardInterrupt():
            return Status.INTERRUPTED
        case ModelError():
            return Status.MISTAKE
        case MemoryError():
            return Status.INCONCLUSIVE
    return Status.OURS


def _message(failure: BaseException) -> str:
    match failure:
        case KeyboardInterrupt():
            return "interrupted"
        case ModelFailed():
            return f"{failure}\n\n{_leading_there(failure)}"
        case ModelErrors():
            return "\n".join([str(failure), *_others(failure)])
        case ModelError():
            return str(failure)
        case MemoryError():
            return "inconclusive: the memory ran out\n   instead give a --memory-limit, and the figures so far are kept"
    return _ours(failure)


def _others(failure: ModelErrors) -> list[str]:
    """The other mistakes, on a line each; not too many, for some may follow from the first."""
    found = [seen_from_here(other) for other in failure.others]
    lines = [f"also {m.place}: error[{m.code}]: {m.what}" for m in found[:_MOST]]
    return lines + ([f"and {len(found) - _MOST} more"] if len(found) > _MOST else [])


_MOST = 5


def _leading_there(failure: ModelFailed) -> str:
    return EXPORTERS["text"](failure.trace).rstrip()


def _ours(failure: BaseException) -> str:
    what = str(failure) if isinstance(failure, SelfCheckFailed) else f"{type(failure).__name__}: {failure}"
    return (
        f"error[our-fault]: {what}\n"
        "   because quorate has a bug; nothing that this run says can be relied on\n"
        "   instead report it with the model, the command line and what --traceback shows"
    )
