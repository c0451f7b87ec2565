"""Raft: figure 2 of the paper, and its extensions, each a subclass or a mixin of its own."""

from .raft import (
    AppendEntries,
    AppendReply,
    Committed,
    Entry,
    Index,
    Log,
    Next,
    Raft,
    RequestVote,
    Role,
    Server,
    Term,
    Value,
    Vote,
)

__all__ = [
    "AppendEntries",
    "AppendReply",
    "Committed",
    "Entry",
    "Index",
    "Log",
    "Next",
    "Raft",
    "RequestVote",
    "Role",
    "Server",
    "Term",
    "Value",
    "Vote",
]
