"""The whole explored graph of a small model, for networkx."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...models.language import Protocol
from ...models.semantics import Outcome, State, System
from ...traces.states import encode_state

if TYPE_CHECKING:
    import networkx


def state_graph(protocol: Protocol, max_states: int) -> networkx.MultiDiGraph[int]:
    """Every state that satisfies the constraints, and every step between two of them.

    Nodes count from 0 in the order of discovery and carry `state` (nested, by the names of the fields) and `initial`;
    edges carry `action`. Errors: `ValueError` if there are more than `max_states` states.
    """
    return _Drawing(System(protocol), max_states).graph


class _Drawing:
    def __init__(self, system: System, max_states: int) -> None:
        import networkx  # takes longer to import than most models to check

        self._system = system
        self._most = max_states
        self._numbers: dict[State, int] = {}
        self._waiting: list[State] = []
        self.graph: networkx.MultiDiGraph[int] = networkx.MultiDiGraph(model=type(system.protocol).__name__)
        for _, outcome in system.initial():
            if isinstance(outcome, Outcome) and system.within(outcome.state):
                self._node(outcome.state, initial=True)
        for state in self._waiting:
            self._edges(state)

    def _edges(self, state: State) -> None:
        for step, outcome in self._system.successors(state):
            if isinstance(outcome, Outcome) and self._system.within(outcome.state):
                self.graph.add_edge(self._numbers[state], self._node(outcome.state), action=step.title)

    def _node(self, state: State, initial: bool = False) -> int:
        if state not in self._numbers:
            if len(self._numbers) == self._most:
                raise ValueError(f"the model has more than {self._most} states, too many to hold as a graph")
            self._numbers[state] = len(self._numbers)
            self._waiting.append(state)
            self.graph.add_node(self._numbers[state], initial=initial, state=encode_state(self._system, state))
        return self._numbers[state]
