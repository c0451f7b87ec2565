"""What every engine shares: limits, statistics, verdicts, symmetry, counterexamples and the result."""

from .counterexample import trace_of
from .failures import ModelFailed
from .finding import Finding, failed_step
from .induction import cti
from .limits import Limits, Reached
from .report import INTERRUPTED, Run
from .result import Result, Usage, Verdict, Violation
from .selfcheck import SelfCheckFailed
from .statistics import Progress, Statistics
from .symmetry import Symmetry, symmetry_of
from .walk import straight

__all__ = [
    "INTERRUPTED",
    "Finding",
    "Limits",
    "ModelFailed",
    "Progress",
    "Reached",
    "Result",
    "Run",
    "SelfCheckFailed",
    "Statistics",
    "Symmetry",
    "Usage",
    "Verdict",
    "Violation",
    "cti",
    "failed_step",
    "straight",
    "symmetry_of",
    "trace_of",
]
