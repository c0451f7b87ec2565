"""A trace for other eyes: a terminal, a document, a drawing, a graph tool, another checker.

`EXPORTERS` is the one table from the name of a format to the function that writes it.
"""

from __future__ import annotations

from collections.abc import Callable

from ..format import write
from ..trace import Trace
from .dot import dot
from .graphml import events_graphml, graphml
from .history import history_edn, history_json
from .itf import itf
from .mermaid import mermaid
from .text import text

EXPORTERS: dict[str, Callable[[Trace], str]] = {
    "json": write,
    "itf": itf,
    "text": text,
    "mermaid": mermaid,
    "dot": dot,
    "graphml": graphml,
    "graphml-events": events_graphml,
    "history-json": history_json,
    "history-edn": history_edn,
}
"""The formats: `json` is the one that can be read back and replayed."""

__all__ = ["EXPORTERS", "dot", "events_graphml", "graphml", "history_edn", "history_json", "itf", "mermaid", "text"]
