from __future__ import annotations

import random
import threading
from collections import Counter

import pytest

from quorate.checker.native.dialect import Words, compile_module, source_of, surroundings_of
from quorate.checker.native.engine import hashing
from quorate.checker.native.engine.control import FIRST
from quorate.checker.native.engine.hashing import contains, fingerprint, insert, mix, rehash
from quorate.checker.native.engine.memory import Memory, MemoryReached, signed

KERNELS = (mix, fingerprint, insert, contains, rehash)
SLOTS = 64


def test_one_bit_more_or_less_changes_half_of_all_bits() -> None:
    numbers = random.Random(1)
    for bit in range(64):
        changed = 0
        for _ in range(50):
            word = signed(numbers.getrandbits(64))
            changed += ((mix(word) ^ mix(signed((word ^ 1 << bit) % 2**64))) % 2**64).bit_count()
        assert 28 < changed / 50 < 36


def test_no_few_bits_of_a_word_change_a_fingerprint_in_a_way_that_can_be_foreseen() -> None:
    # what can be foreseen, a few bits of the next word can undo: different states would be taken for one
    numbers = random.Random(3)
    singles = [1 << i for i in range(64)]
    for difference in [*singles, *(a | b for a in singles for b in singles if a < b)]:
        words = [numbers.getrandbits(64) for _ in range(12)]
        changes = Counter(fingerprint(_state(w)) ^ fingerprint(_state(w ^ difference)) for w in words)
        assert changes.most_common(1)[0][1] <= 6, hex(difference)


def test_states_that_differ_in_the_highest_bits_of_two_words_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hashing, "WORDS", 2)
    differences = [(1 << 63, 1 << 63 | 1 << low) for low in range(63)] + [(1 << 63, 1 << low) for low in range(64)]
    for first, second in differences:
        assert fingerprint(_state(5, 7)) != fingerprint(_state(5 ^ first, 7 ^ second))


def _state(*words: int) -> Words:
    return Words([signed(word) for word in words])


def test_no_fingerprint_says_that_a_slot_is_free() -> None:
    assert fingerprint(Words([FIRST])) == 1
    assert fingerprint(Words([0])) != 0


def test_a_table_keeps_what_was_put_in_even_when_it_is_full() -> None:
    table, numbers = Words([0] * SLOTS), random.Random(2)
    prints = [signed(numbers.getrandbits(64)) | 1 for _ in range(SLOTS)]
    assert [insert(table, SLOTS - 1, f) for f in prints] == [1] * SLOTS
    assert [insert(table, SLOTS - 1, f) for f in prints] == [0] * SLOTS
    assert all(contains(table, SLOTS - 1, f) for f in prints)


def test_a_larger_table_has_the_same_in_it() -> None:
    old, new = Words([0] * SLOTS), Words([0] * 4 * SLOTS)
    for f in range(1, 40):
        insert(old, SLOTS - 1, f * f)
    for first in range(0, SLOTS, 8):
        rehash(old, first, first + 8, new, 4 * SLOTS - 1)
    assert all(contains(new, 4 * SLOTS - 1, f * f) for f in range(1, 40))
    assert not contains(new, 4 * SLOTS - 1, 2)
    assert sum(1 for x in new.cells if x) == 39


@pytest.mark.parametrize("other", [7, 8])
def test_a_slot_that_another_thread_takes_first_is_looked_at_again(other: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def beaten(p: Words, i: int, old: int, new: int) -> int:
        p[i], beaten_in[i] = (other, i) if i not in beaten_in else (new, i)
        return other if len(beaten_in) == 1 else 0

    beaten_in: dict[int, int] = {}
    table = Words([0] * 8)
    monkeypatch.setattr(hashing, "cas", beaten)
    assert insert(table, 7, 7) == (0 if other == 7 else 1)
    assert sorted(table.cells) == [0] * 7 + [7] if other == 7 else [0] * 6 + [7, 8]


def test_threads_that_insert_the_same_find_each_new_once() -> None:
    text = (
        source_of(insert)
        + """
def insert_all(table: Words, mask: Word, first: Word, last: Word) -> Word:
    new = 0
    for f in range(first, last):
        new += insert(table, mask, f * 257)
    return new
"""
    )
    machine = compile_module(text, surroundings_of(*KERNELS).constants, {}, ["insert_all"])
    insert_all = machine.function("insert_all", 4)
    memory = Memory(None)
    table = memory.take(2**21, "table")
    news: list[int] = []
    jobs = [(1, 2**20), (1, 2**20), (2**16, 2**20 + 1000)]
    together = threading.Barrier(len(jobs))

    def work(first: int, last: int) -> None:
        together.wait()
        news.append(insert_all(table.address, 2**21 - 1, first, last))

    threads = [threading.Thread(target=work, args=job) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(news) == 2**20 + 1000 - 1
    memory.close()


def test_memory_is_counted_and_limited() -> None:
    memory = Memory(None)
    regions = [memory.take(2**10, "table"), memory.take(2**11, "frontier")]
    memory.give_back(regions[0], "table")
    memory.take(2**9, "table")
    assert dict(memory.peak) == {"table": 2**13, "frontier": 2**14}
    with pytest.raises(MemoryReached, match=r"the memory limit of \d+ MiB was reached"):
        memory.take(2**50, "table")
    memory.close()


def test_a_region_holds_signed_words() -> None:
    memory = Memory(None)
    region = memory.take(4, "table")
    region.write(1, [2**64 - 1, -2, 2**63])
    assert region.read(0, 4) == [0, -1, -2, -(2**63)]
    memory.close()
