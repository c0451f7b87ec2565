"""The tool: check a protocol, and what the answer looks like."""

from .check import check
from .search import Limits, ModelFailed, Result, SelfCheckFailed, Verdict, Violation
from .simulate import simulate

__all__ = ["Limits", "ModelFailed", "Result", "SelfCheckFailed", "Verdict", "Violation", "check", "simulate"]
