"""Small instances of a problem without bounds: where its failures can be shown, and its proofs learned from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ...models.language import ModelError, Protocol
from ...models.semantics import State, System
from .decoding import evaluator, state_of
from .induction import Induction, Question
from .moves import Move, Taken
from .setting import Setting
from .simplest import simplest
from .solving import Reply

LARGER = 2
"""So many instances are tried: with the parameters as they are, and with those that have no bound one larger."""


@dataclass(frozen=True)
class Instance:
    """A proof in a setting where nothing is open."""

    protocol: Protocol
    induction: Induction

    @cached_property
    def _kinds(self) -> dict[tuple[Any, ...], Move]:
        return {(move.title, move.who): move for move in self.induction.kinds}

    @cached_property
    def _taken(self) -> dict[tuple[Any, ...], Taken | None]:
        return {}

    def taken(self, move: Move) -> Taken | None:
        """The step that a move of the larger problem is here, None if there is none."""
        key = (move.title, move.who)
        if key not in self._taken:
            same = self._kinds.get(key)
            self._taken[key] = None if same is None else self.induction.taken(same)
        return self._taken[key]

    def states(self, question: Question, reply: Reply) -> tuple[State, ...]:
        """The plain states that show a failure, with as little in the first one as can be."""
        assert reply.model is not None
        model = simplest(question.formulas, question.worlds[0], reply.model)
        system, evaluate = System(self.protocol), evaluator(model)
        return tuple(state_of(system, world, evaluate) for world in question.worlds)


def instances(protocol: Protocol, induction: Induction) -> Iterator[Instance]:
    """Instances of a problem, small ones first, each made when it is asked for; those too large are left out."""
    for more in range(LARGER if induction.setting.free else 1):
        parameters = {n: _more(induction.setting, n, value, more) for n, value in protocol.parameters.items()}
        small = type(protocol)(**parameters)
        instance = Instance(small, induction.at(Setting(induction.setting.program, dict(small.parameters))))
        try:
            # what any state is made of is listed here, and may be too much
            list(instance.induction.kinds)
            instance.induction.prepare()
        except ModelError as error:
            if error.code != "too-many-values" or not induction.setting.free:
                raise
            continue
        yield instance


def _more(setting: Setting, name: str, value: Any, more: int) -> Any:
    return value + more if name in setting.free and name not in setting.sizes else value
