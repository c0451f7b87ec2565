"""The reference engine: breadth-first search that calls the model's own Python."""

from .explorer import Explorer
from .graph import state_graph

__all__ = ["Explorer", "state_graph"]
