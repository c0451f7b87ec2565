"""Known mistakes in consensus protocols, each as small a change to a bundled model as shows it.

`MUTANTS` has them all by name, with the property that each breaks and the length of the shortest counterexample.
"""

from collections.abc import Mapping
from types import MappingProxyType

from .mutant import Mutant
from .paxos import PAXOS
from .raft import RAFT

MUTANTS: Mapping[str, Mutant] = MappingProxyType({mutant.name: mutant for mutant in (*PAXOS, *RAFT)})
"""Every mutant by its name."""

__all__ = ["MUTANTS", "Mutant"]
