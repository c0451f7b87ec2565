"""GraphML, for graph tools and for `networkx.read_graphml`."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from ..trace import Trace

if TYPE_CHECKING:
    import networkx


def graphml(trace: Trace) -> str:
    """The path of states: one node for each state, one edge for each step."""
    return _written(trace.to_networkx(flat=True))


def events_graphml(trace: Trace) -> str:
    """The happens-before graph of events."""
    return _written(trace.causality())


def _written(graph: networkx.MultiDiGraph[int]) -> str:
    from networkx.readwrite.graphml import write_graphml_xml

    file = io.BytesIO()
    write_graphml_xml(graph, file)
    return file.getvalue().decode() + "\n"
