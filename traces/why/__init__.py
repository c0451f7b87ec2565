"""Why a property is false: the part of its source that failed, and for which values.

The source is read with `ast` and evaluated again, part by part, on the objects that it was asked about.
"""

from .explain import explain
from .stop import Stop, explain_failure, explain_guard

__all__ = ["Stop", "explain", "explain_failure", "explain_guard"]
