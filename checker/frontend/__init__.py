"""From a model's source to the intermediate representation; every complaint points at a line and a column."""

from .compile import compile_model
from .errors import KINDS, ModelErrors
from .unused import unused

__all__ = ["KINDS", "ModelErrors", "compile_model", "unused"]
