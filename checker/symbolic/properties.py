"""What the properties of a program say of symbolic states and steps."""

from __future__ import annotations

from dataclasses import dataclass, field

from .. import ir
from .frame import Doing
from .logic import Formula, all_of, conj, neg
from .reach import fields_read, reached
from .statements import run
from .worlds import World


@dataclass
class Judged:
    """Whether a property holds, and facts about the variables that this speaks of."""

    holds: Formula
    facts: list[Formula] = field(default_factory=list)


def judged(property_: ir.Property, *worlds: World) -> Judged:
    """An invariant of one state, or a step invariant of the states before and after.

    A property that fails, by an index out of range say, does not hold.
    """
    program = worlds[0].setting.program
    function, doing = program.functions[property_.function], Doing(known={})
    if function.owner is None:
        value = run(worlds[0], property_.function, None, worlds, doing)
    else:
        value = run(worlds[0], property_.function, worlds[0], worlds[1:], doing)
    return Judged(conj(value, neg(doing.failed)), doing.defined)


def together(found: list[Judged]) -> Judged:
    """Whether all of them hold."""
    return Judged(all_of(each.holds for each in found), [fact for each in found for fact in each.facts])


@dataclass(frozen=True)
class Footprint:
    """What a property looks at: fields by name, and whether it looks at the network."""

    fields: frozenset[str]
    network: bool

    @staticmethod
    def of(program: ir.Program, property_: ir.Property) -> Footprint:
        """What a property of a program looks at."""
        looks = any(isinstance(node, ir.Sent | ir.UnderWay) for node in reached(program, [property_.function]))
        return Footprint(frozenset(fields_read(program, [property_.function])), looks)

    def is_same(self, one: World, other: World) -> bool:
        """Whether two states agree on all of it, because nobody assigned any of it."""
        if self.network and one.network is not other.network:
            return False
        pairs = [(one.shared, other.shared), *((one.processes[r], other.processes[r]) for r in one.processes)]
        return all(a.get(name) is b.get(name) for a, b in pairs for name in self.fields)
