"""Kernels of the breadth-first search.

Parents are expanded a batch at a time. First the model's code writes down all their entries, then each of them is
hashed and its slot in the table asked for, and only then, when the memory has had time to answer, are they looked at.
A batch that was interrupted by an event goes on behind it when `expand` is called again.
"""

from __future__ import annotations

from ..dialect.intrinsics import Word, Words, at, copy, ctz, fetch_add, kernel, load, lshr, prefetch, store
from .control import (
    ASK,
    BAD_STATE,
    BAD_STEP,
    BASE,
    BATCH,
    BLOCK_FULL,
    COUNTED,
    COUNTS,
    CUT,
    CUTS,
    DEADLOCKS,
    DISTINCT,
    DONE,
    END,
    ENDS,
    ENTRIES,
    ENTRY,
    ERROR,
    FAILED,
    FILLED,
    FRESH,
    GAVE_UP,
    KIND,
    KNOWN,
    KNOWN_STEPS,
    LIMIT,
    MASK,
    MOST,
    NUMBER,
    NUMBER_AT,
    OCCUPIED,
    PARENT,
    PARENTS,
    PENDING,
    POSITION,
    PRINTS,
    ROOM,
    SAME,
    SCRATCH,
    SEEN,
    STATE,
    STATES,
    STATES_AT,
    STEP_ERROR,
    STEPS_AT,
    STOP,
    STOPPED,
    STUCK,
    TABLE_FULL,
    TAGS,
    TRAIL,
    UNSEEN,
    UNSURE,
    VERDICT,
    WITHIN,
    WORDS,
)
from .hashing import contains, fingerprint, insert, reserve
from .model import canon, judge, step, witness


@kernel
def expand(shared: Words, desk: Words, parents: Words, block: Words, table: Words) -> Word:
    """Expand the states of a work item until all are done or the driver is needed; says which."""
    code = DONE
    while code == DONE and (desk[PENDING] or desk[POSITION] < desk[END]):
        if desk[PENDING]:
            code = enter(shared, desk, block, table)
        elif load(shared, STOP):
            code = STOPPED
        elif generate(desk, parents) == 0:
            code = ASK
        else:
            code = admit(shared, desk, table)
    if code >= FAILED:
        store(shared, STOP, 1)
    return code


@kernel
def generate(desk: Words, parents: Words) -> Word:
    """Write down the entries of the next parents, up to one that only the reference can expand; gives how many."""
    first = desk[POSITION]
    most = BATCH if desk[END] - first > BATCH else desk[END] - first
    parent = 0
    n = 0
    while parent < most:
        s = at(parents, (first + parent) * WORDS)
        found = step(s, at(desk, SCRATCH), at(desk, STATES + n * WORDS), at(desk, TAGS + n))
        if found < 0:
            most = parent
        else:
            n += found
            parent += 1
            desk[ENDS + parent] = n
    desk[PARENTS] = parent
    desk[ENTRIES] = n
    return parent


@kernel
def admit(shared: Words, desk: Words, table: Words) -> Word:
    """Make a batch of entries ready to be looked at, if there is room for all that may be new."""
    n = desk[ENTRIES]
    if desk[FILLED] + n > desk[ROOM]:
        return BLOCK_FULL
    if reserve(shared, n) == 0:
        return TABLE_FULL
    for parent in range(desk[PARENTS]):
        hash_entries(desk, table, shared[MASK], desk[ENDS + parent], desk[ENDS + parent + 1])
    desk[PENDING] = 1
    desk[PARENT] = 0
    desk[ENTRY] = 0
    desk[FRESH] = 0
    return DONE


@kernel
def hash_entries(desk: Words, table: Words, mask: Word, first: Word, last: Word) -> Word:
    """Canonical form and fingerprint of the entries of one parent, save those that cannot be new."""
    previous = -1
    for j in range(first, last):
        desk[PRINTS + j] = 0
        if (desk[TAGS + j] & (KIND | SAME)) == STATE:
            s = at(desk, STATES + j * WORDS)
            canon(s, at(desk, SCRATCH))
            if previous < 0 or differ(s, at(desk, STATES + previous * WORDS)):
                f = fingerprint(s)
                prefetch(table, f & mask)
                desk[PRINTS + j] = f
            previous = j
    return 0


@kernel
def differ(s: Words, t: Words) -> Word:
    """Whether two states differ."""
    difference = 0
    for i in range(WORDS):
        difference = difference | (s[i] ^ t[i])
    return difference != 0


@kernel
def enter(shared: Words, desk: Words, block: Words, table: Words) -> Word:
    """Look at the entries of a batch in order, up to the first event."""
    code = DONE
    mask = shared[MASK]
    while code == DONE and desk[PARENT] < desk[PARENTS]:
        code = follow(desk, block, table, mask)
        if code == DONE:
            desk[PARENT] += 1
    if code == DONE:
        desk[PENDING] = 0
        desk[POSITION] += desk[PARENTS]
        fetch_add(shared, OCCUPIED, desk[FRESH] - desk[ENTRIES])
    return code


@kernel
def follow(desk: Words, block: Words, table: Words, mask: Word) -> Word:
    """Look at the entries of one parent."""
    first = desk[ENDS + desk[PARENT]]
    last = desk[ENDS + desk[PARENT] + 1]
    if desk[ENTRY] == first and desk[DISTINCT] >= desk[MOST]:
        return LIMIT
    if first == last and desk[DEADLOCKS]:
        return STUCK
    code = DONE
    j = desk[ENTRY]
    while code == DONE and j < last:
        tag = desk[TAGS + j]
        if (tag & (KIND | STEP_ERROR)) == STATE and lshr(tag, STEPS_AT) == 0 and desk[COUNTED] == 0:
            # most entries are states that break nothing
            desk[COUNTS + ((tag >> NUMBER_AT) & NUMBER)] += 1
            f = desk[PRINTS + j]
            if f != 0 and insert(table, mask, f):
                code = keep(desk, block, at(desk, STATES + j * WORDS))
        else:
            code = look(desk, block, table, mask, j)
        if code == DONE:
            j += 1
    desk[ENTRY] = j
    return code


@kernel
def look(desk: Words, block: Words, table: Words, mask: Word, j: Word) -> Word:
    """Count an entry, and keep its state if it is new. An event leaves ENTRY where it is, for the driver to move."""
    tag = desk[TAGS + j]
    kind = tag & KIND
    if kind == CUT:
        desk[CUTS + ((tag >> NUMBER_AT) & NUMBER)] += 1
        return DONE
    if kind != STATE:
        return FAILED
    if desk[COUNTED] == 0:
        desk[COUNTS + ((tag >> NUMBER_AT) & NUMBER)] += 1
        if (lshr(tag, STEPS_AT) & ~desk[KNOWN_STEPS]) or tag & STEP_ERROR:
            desk[COUNTED] = 1
            return BAD_STEP
    desk[COUNTED] = 0
    f = desk[PRINTS + j]
    if f != 0 and insert(table, mask, f):
        return keep(desk, block, at(desk, STATES + j * WORDS))
    return DONE


@kernel
def keep(desk: Words, block: Words, s: Words) -> Word:
    """Judge a new state, and give it to the next level if it is within the constraints."""
    desk[FRESH] += 1
    verdict = judge(s, at(desk, SCRATCH))
    desk[VERDICT] = verdict
    if verdict & UNSURE:
        return GAVE_UP
    if verdict & ERROR:
        return BAD_STATE
    if verdict & WITHIN:
        append(desk, block, s)
    if lshr(verdict, STATES_AT) & ~desk[KNOWN]:
        return BAD_STATE
    return look_for_witnesses(desk, s) if desk[UNSEEN] else DONE


@kernel
def append(desk: Words, block: Words, s: Words) -> Word:
    """Give a state to the next level."""
    n = desk[FILLED]
    copy(at(block, n * WORDS), s, WORDS)
    if desk[TRAIL]:
        block[desk[TRAIL] + n] = desk[BASE] + desk[POSITION] + desk[PARENT]
    desk[FILLED] = n + 1
    desk[DISTINCT] += 1
    return 0


@kernel
def look_for_witnesses(desk: Words, s: Words) -> Word:
    """Keep a copy of a state that is the first to give a property something to say."""
    seen = witness(s, at(desk, SCRATCH), desk[UNSEEN])
    if seen < 0:
        return BAD_STATE
    desk[UNSEEN] = desk[UNSEEN] & ~seen
    while seen != 0:
        copy(at(desk, SEEN + ctz(seen) * WORDS), s, WORDS)
        seen = seen & (seen - 1)
    return DONE


@kernel
def probe(shared: Words, desk: Words, parents: Words, table: Words) -> Word:
    """Comes back with LIMIT if a state of a work item leads to one that is not in the table; counts nothing."""
    code = DONE
    while code == DONE and desk[POSITION] < desk[END]:
        if load(shared, STOP):
            code = STOPPED
        elif generate(desk, parents) == 0:
            code = ASK
        else:
            code = probe_batch(shared, desk, table)
    return code


@kernel
def probe_batch(shared: Words, desk: Words, table: Words) -> Word:
    """Comes back with LIMIT if any entry of the batch is new."""
    for parent in range(desk[PARENTS]):
        hash_entries(desk, table, shared[MASK], desk[ENDS + parent], desk[ENDS + parent + 1])
    for j in range(desk[ENTRIES]):
        f = desk[PRINTS + j]
        if f != 0 and contains(table, shared[MASK], f) == 0:
            return LIMIT
    desk[POSITION] += desk[PARENTS]
    return DONE


@kernel
def place(shared: Words, desk: Words, table: Words) -> Word:
    """Put an initial state, the only entry, in canonical form in the table; gives 1 if it was not there."""
    s = at(desk, STATES)
    canon(s, at(desk, SCRATCH))
    new = insert(table, shared[MASK], fingerprint(s))
    fetch_add(shared, OCCUPIED, new)
    return new
