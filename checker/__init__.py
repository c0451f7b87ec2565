"""The tool: check a protocol, and what the answer looks like."""

from .check import check
from .proving import bmc, prove
from .search import Limits, ModelFailed, Result, SelfCheckFailed, Verdict, Violation
from .simulate import simulate
from .symbolic.proof import Answer, Proof

__all__ = [
    "Answer",
    "Limits",
    "ModelFailed",
    "Proof",
    "Result",
    "SelfCheckFailed",
    "Verdict",
    "Violation",
    "bmc",
    "check",
    "prove",
    "simulate",
]
