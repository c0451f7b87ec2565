"""Where kernels and their driver leave word for each other: cells, codes and bits of tags, by name.

Every thread works at a desk of its own, one stretch of memory; a few cells are shared. The names in capitals are
constants of the kernels. Those in the last section depend on the model; what stands here only gives them a name.
"""

from __future__ import annotations

# -- shared cells: far enough apart that threads which write one do not slow down those which read the others ----------
STOP = 0
"""Not zero: come back at the next batch."""
MASK = 1
"""The number of slots of the table less one."""
LOAD = 2
"""How many slots of the table may be taken."""
LOWEST = 3
"""The number of the first random walk that found something; no later one matters."""
OCCUPIED = 16
"""How many slots are taken or set aside for what a batch may still find."""
SHARED = 32

# -- what a kernel comes back with ------------------------------------------------------------------------------------
DONE = 0
STOPPED = 1
BLOCK_FULL = 2
TABLE_FULL = 3
ASK = 4
"""The reference semantics must say what the next parent leads to."""
GAVE_UP = 5
LIMIT = 6
"""As many states as asked for were found."""
FAILED = 8
"""The first of the events: a step failed."""
BAD_STEP = 9
BAD_STATE = 10
STUCK = 11

# -- tags of entries, and verdicts on states --------------------------------------------------------------------------
KIND = 3
STATE = 0
CUT = 1
FAILURE = 2
STEP_ERROR = 4
SAME = 8
"""The entry is the state that the step started from."""
NUMBER = 0xFFFFFF
"""What is left of a tag, eight bits down: the number of its title or of its bound."""
NUMBER_AT = 8
STEPS_AT = 32
WITHIN = 1
ERROR = 2
UNSURE = 4
STATES_AT = 3

# -- cells at the head of a desk --------------------------------------------------------------------------------------
POSITION = 0
"""The next state of the work item to expand, and END behind the last one."""
END = 1
BASE = 2
"""The number, in the order of discovery, of the first state in the block that the work item is of."""
PENDING = 3
"""Not zero while a batch of entries waits to be looked at; PARENTS and ENTRIES say how many it has."""
PARENTS = 4
ENTRIES = 5
PARENT = 6
"""The parent that is being looked at, from 0 in its batch, and ENTRY the entry, from 0 in the batch."""
ENTRY = 7
COUNTED = 8
"""Not zero if the entry was counted and its step judged."""
FRESH = 9
"""How many new states the batch has had."""
FILLED = 10
"""How many states the block of the next level holds, of the ROOM that it has."""
ROOM = 11
TRAIL = 12
"""Where in the block the numbers of the parents go, 0 if they are not kept."""
DISTINCT = 13
MOST = 14
VERDICT = 15
UNSEEN = 16
"""The witnesses that no state has satisfied so far."""
KNOWN = 17
"""The invariants, and KNOWN_STEPS the step invariants, whose violation is no news."""
KNOWN_STEPS = 18
DEADLOCKS = 19
"""Not zero if a state without steps is an event."""
WALK = 20
"""The random walk under way, and LAST behind the last of this work item."""
LAST = 21
LENGTH = 22
"""How many states the walk has, of the STEPS + 1 that it may have."""
STEPS = 23
LONGEST = 24
ARRIVED = 25
"""How many states the walks have met, each as often as it was met."""
SEED = 26
RANDOM = 27
STARTS = 28
"""How many initial states there are to start a walk from."""
HEAD = 32

# -- what the kernels fix for themselves ------------------------------------------------------------------------------
BATCH = 16
"""How many parents are expanded together: so many cache misses are waited for at once."""
STRETCH = 64
"""How many steps of random walks are taken between two looks at the shared cells."""
FIRST = 0x9E3779B97F4A7C15 - 2**64
ONE = 0xBF58476D1CE4E5B9 - 2**64
TWO = 0x94D049BB133111EB - 2**64

# -- of the model ------------------------------------------------------------------------------------------------------
WORDS = 1
"""How many words a state has."""
COUNTS = HEAD
"""Where on a desk: how often each title was met,"""
CUTS = HEAD
"""how often each bound was,"""
SEEN = HEAD
"""a state for each witness,"""
SCRATCH = HEAD
"""what the model's code scribbles on,"""
ENDS = HEAD
"""behind which entry each parent's end (with a 0 before the first),"""
TAGS = HEAD
"""and for each entry its tag,"""
PRINTS = HEAD
"""its fingerprint (0: not needed),"""
STATES = HEAD
"""and its state."""


def fixed() -> dict[str, int]:
    """All constants by name, those of the model with a value that stands for nothing."""
    return {name: value for name, value in globals().items() if name.isupper() and isinstance(value, int)}
