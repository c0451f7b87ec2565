"""Counterexamples: the trace format, graphs, exporters and replay."""

from .errors import TraceError
from .export import EXPORTERS
from .format import Header, Recording, open_recording, read, read_header, write
from .judgement import explained
from .replay import Replay, Replayed, replay
from .trace import ASSUMED, Moment, Reason, Trace
from .verify import DoesNotReplay, verify
from .why import explain

__all__ = [
    "ASSUMED",
    "EXPORTERS",
    "DoesNotReplay",
    "Header",
    "Moment",
    "Reason",
    "Recording",
    "Replay",
    "Replayed",
    "Trace",
    "TraceError",
    "explain",
    "explained",
    "open_recording",
    "read",
    "read_header",
    "replay",
    "verify",
    "write",
]
