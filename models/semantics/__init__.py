"""What a model means: its states, its steps and its properties, on plain Python values.

`System` is the waist of the house: engines, replay and export see a model only through it and its `Judge`.
"""

from .domains import Domain, Stray
from .judge import Judge
from .properties import Property, PropertyFailed
from .state import Envelope, State
from .steps import Cut, Kind, Outcome, Step, StepFailed, Tried
from .system import System
from .views import View

__all__ = [
    "Cut",
    "Domain",
    "Envelope",
    "Judge",
    "Kind",
    "Outcome",
    "Property",
    "PropertyFailed",
    "State",
    "Step",
    "StepFailed",
    "Stray",
    "System",
    "Tried",
    "View",
]
