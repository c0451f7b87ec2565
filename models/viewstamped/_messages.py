"""What replicas of Viewstamped Replication say to each other (sections 4.1 to 4.3)."""

from __future__ import annotations

from typing import Annotated

from ..language import AtMost, Range, Symbol, message, record

View = Annotated[int, Range(0, "views")]
"""Views number configurations under one primary, from 0; the replicas are primaries in turn."""

Number = Annotated[int, Range(0, "operations")]
"""Op-numbers and commit-numbers: positions in a log from 1, 0 before the first."""

Nonce = Annotated[int, Range(0, "crashes")]
"""What tells the answers to one recovery from those to another: how often the replica has crashed."""


class Operation(Symbol, size="values"):
    """What a client asks for."""


Log = Annotated[tuple[Operation, ...], AtMost("operations")]


@record
class State:
    """A log and how far it is committed."""

    log: Log
    commit: Number


@message
class Prepare:
    """The primary asks the backups to add an operation to their logs, and says what is committed."""

    view: View
    number: Number
    operation: Operation
    commit: Number


@message
class PrepareOk:
    """A backup's log has all operations up to this one."""

    view: View
    number: Number


@message
class Commit:
    """The primary says what is committed."""

    view: View
    commit: Number


@message
class StartViewChange:
    """A replica wants this view to begin."""

    view: View


@message
class DoViewChange:
    """A replica leaves its log to the primary of a view that is to begin."""

    view: View
    log: Log
    last_normal: View
    commit: Number


@message
class StartView:
    """The new primary tells the log with which the view begins."""

    view: View
    log: Log
    commit: Number


@message
class Recovery:
    """A replica that knows nothing asks what there is to know."""

    nonce: Nonce


@message
class RecoveryResponse:
    """A replica tells in which view it is and, if it is the primary there, its log."""

    view: View
    nonce: Nonce
    state: State | None
