"""Kernels of the random walks.

What a walk chooses depends on the seed and on the number of the walk alone, so threads share walks out as they like.
"""

from __future__ import annotations

from ..dialect.intrinsics import Word, Words, at, copy, fetch_add, kernel, load, lshr, urem
from .control import (
    ARRIVED,
    ASK,
    BAD_STATE,
    BAD_STEP,
    COUNTS,
    DISTINCT,
    DONE,
    ENTRIES,
    ENTRY,
    ERROR,
    FAILED,
    FAILURE,
    FIRST,
    FRESH,
    GAVE_UP,
    KIND,
    LAST,
    LENGTH,
    LIMIT,
    LONGEST,
    LOWEST,
    MASK,
    MOST,
    NUMBER,
    NUMBER_AT,
    OCCUPIED,
    PENDING,
    PRINTS,
    RANDOM,
    SAME,
    SCRATCH,
    SEED,
    STARTS,
    STATE,
    STATES,
    STATES_AT,
    STEP_ERROR,
    STEPS,
    STEPS_AT,
    STOP,
    STOPPED,
    STRETCH,
    TABLE_FULL,
    TAGS,
    UNSURE,
    VERDICT,
    WALK,
    WITHIN,
    WORDS,
)
from .hashing import fingerprint, insert, mix, reserve
from .model import judge, step


@kernel
def walk(shared: Words, desk: Words, starts: Words, path: Words, table: Words) -> Word:
    """Take walks until all of a work item are done, one finds something, or the driver is needed; says which."""
    code = DONE
    while code == DONE and desk[WALK] < desk[LAST] and desk[WALK] < load(shared, LOWEST):
        if load(shared, STOP):
            code = STOPPED
        elif reserve(shared, STRETCH) == 0:
            code = TABLE_FULL
        else:
            code = stretch(desk, starts, path, table, shared[MASK])
            fetch_add(shared, OCCUPIED, desk[FRESH] - STRETCH)
    return code


@kernel
def stretch(desk: Words, starts: Words, path: Words, table: Words, mask: Word) -> Word:
    """Take some steps of this walk and the next ones."""
    desk[FRESH] = 0
    code = DONE
    left = STRETCH
    while code == DONE and left > 0 and desk[WALK] < desk[LAST]:
        left -= 1
        if desk[LENGTH] > desk[STEPS]:
            end_walk(desk)
        elif desk[DISTINCT] >= desk[MOST]:
            code = LIMIT
        elif desk[LENGTH] == 0:
            code = set_out(desk, starts, path, table, mask)
        else:
            code = go_on(desk, path, table, mask)
    return code


@kernel
def end_walk(desk: Words) -> Word:
    """Turn to the next walk."""
    desk[WALK] += 1
    desk[LENGTH] = 0
    return 0


@kernel
def draw(desk: Words, n: Word) -> Word:
    """A number from 0 to n - 1, each as likely as the others (SplitMix64)."""
    desk[RANDOM] = desk[RANDOM] + FIRST
    return urem(lshr(mix(desk[RANDOM]), 1), n)


@kernel
def set_out(desk: Words, starts: Words, path: Words, table: Words, mask: Word) -> Word:
    """Choose an initial state."""
    desk[RANDOM] = mix(desk[SEED] ^ mix(desk[WALK] + 1))
    if desk[STARTS] == 0:
        end_walk(desk)
        return DONE
    desk[ENTRY] = draw(desk, desk[STARTS])
    s = at(starts, desk[ENTRY] * WORDS)
    return arrive(desk, s, path, table, mask, judge(s, at(desk, SCRATCH)))


@kernel
def go_on(desk: Words, path: Words, table: Words, mask: Word) -> Word:
    """Take one step: write down what there is to choose from, and choose."""
    here = at(path, (desk[LENGTH] - 1) * WORDS)
    if desk[PENDING] == 0:
        desk[ENTRIES] = step(here, at(desk, SCRATCH), at(desk, STATES), at(desk, TAGS))
    if desk[ENTRIES] < 0:
        return ASK
    desk[PENDING] = 0
    n = 0
    for j in range(desk[ENTRIES]):
        kind = desk[TAGS + j] & KIND
        if kind == FAILURE:
            desk[ENTRY] = j
            return FAILED
        if kind == STATE:
            desk[PRINTS + n] = j
            n += 1
    return choose(desk, here, path, table, mask, n)


@kernel
def choose(desk: Words, here: Words, path: Words, table: Words, mask: Word, n: Word) -> Word:
    """Try entries in a random order until one lies within the constraints."""
    while n > 0:
        i = draw(desk, n)
        j = desk[PRINTS + i]
        desk[ENTRY] = j
        s = at(desk, STATES + j * WORDS)
        if desk[TAGS + j] & SAME:
            copy(s, here, WORDS)
        verdict = judge(s, at(desk, SCRATCH))
        if verdict & (WITHIN | ERROR | UNSURE):
            return take(desk, s, path, table, mask, verdict)
        n -= 1
        desk[PRINTS + i] = desk[PRINTS + n]
    end_walk(desk)
    return DONE


@kernel
def take(desk: Words, s: Words, path: Words, table: Words, mask: Word, verdict: Word) -> Word:
    """Take the step that was chosen."""
    tag = desk[TAGS + desk[ENTRY]]
    if verdict & WITHIN:
        desk[COUNTS + ((tag >> NUMBER_AT) & NUMBER)] += 1
    code = arrive(desk, s, path, table, mask, verdict)
    if code != GAVE_UP and (lshr(tag, STEPS_AT) or tag & STEP_ERROR):
        return BAD_STEP
    return code


@kernel
def arrive(desk: Words, s: Words, path: Words, table: Words, mask: Word, verdict: Word) -> Word:
    """Add a state to the path, and say what its judgement means."""
    desk[VERDICT] = verdict
    if verdict & UNSURE:
        return GAVE_UP
    if verdict & WITHIN:
        extend(desk, s, path, table, mask)
    return BAD_STATE if (verdict & ERROR) or lshr(verdict, STATES_AT) else DONE


@kernel
def extend(desk: Words, s: Words, path: Words, table: Words, mask: Word) -> Word:
    """Add a state to the path, and count it if no walk has met it before."""
    copy(at(path, desk[LENGTH] * WORDS), s, WORDS)
    desk[LENGTH] += 1
    desk[ARRIVED] += 1
    if desk[LENGTH] > desk[LONGEST]:
        desk[LONGEST] = desk[LENGTH]
    new = insert(table, mask, fingerprint(s))
    desk[FRESH] += new
    desk[DISTINCT] += new
    return 0
