"""Machine code is put into memory by hand on Linux on x86-64, by LLVM elsewhere; both run the same object."""

from __future__ import annotations

import ctypes
import gc
import platform
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from quorate.checker.native.dialect import Machine, build, compile_module, llvm, recall
from quorate.checker.native.dialect import machine as machines
from quorate.checker.native.dialect.cache import Cache
from quorate.checker.native.dialect.elf import BadObject, read
from quorate.checker.native.dialect.llvm import LoadedByLLVM, object_of
from quorate.checker.native.dialect.machine import Loaded, load
from quorate.checker.native.dialect.mapped import Mapped
from quorate.models.language import ModelError

BY_HAND = sys.platform == "linux" and platform.machine() == "x86_64"
by_hand = pytest.mark.skipif(not BY_HAND, reason="code is loaded by hand on Linux on x86-64 only")

TEXT = """
def far(p: Words, q: Words, n: Word) -> Word:
    copy(p, q, n)
    return p[n - 1]
def clear(p: Words, n: Word) -> Word:
    for i in range(n): p[i] = 0
    return n
def chosen(x: Word) -> Word:
    return T[x]
def jump(x: Word, y: Word) -> Word:
    if x == 0: return y * 3
    elif x == 1: return y // 7
    elif x == 2: return y ^ 12345
    elif x == 3: return popcount(y)
    elif x == 4: return y - 5
    elif x == 5: return y * y
    elif x == 6: return y & 99
    return 0
"""
TABLES = {"T": tuple(i * i * 1_000_000_007 for i in range(50))}
EXPORTS = ["far", "clear", "chosen", "jump"]
LOADERS: list[Callable[[bytes], Loaded]] = [pytest.param(Mapped, marks=by_hand), LoadedByLLVM]  # type: ignore[list-item]


@pytest.fixture(scope="module")
def code() -> bytes:
    return compile_module(TEXT, {}, TABLES, EXPORTS, optimise="full").object


@pytest.mark.parametrize("loader", LOADERS)
def test_both_ways_of_loading(loader: Callable[[bytes], Loaded], code: bytes) -> None:
    machine = Machine(code, loaded=loader(code))
    source, target = (ctypes.c_int64 * 100)(*range(100)), (ctypes.c_int64 * 100)()
    assert machine.function("far", 3)(target, source, 100) == 99
    assert list(target) == list(range(100))
    assert machine.function("clear", 2)(ctypes.addressof(target), 99) == 99
    assert list(target) == [0] * 99 + [99]
    assert [machine.function("chosen", 1)(i) for i in range(50)] == list(TABLES["T"])
    jumps = [machine.function("jump", 2)(i, -100) for i in range(8)]
    assert jumps == [-300, -15, -100 ^ 12345, (-100 & (1 << 64) - 1).bit_count(), -105, 10000, -100 & 99, 0]


@pytest.mark.parametrize("loader", LOADERS)
def test_a_name_that_is_not_there(loader: Callable[[bytes], Loaded], code: bytes) -> None:
    with pytest.raises(KeyError):
        loader(code).address("missing")


ODD = """
@where = private constant ptr @answer
@words = private unnamed_addr constant [2 x i64] [i64 20, i64 22]
declare ptr @memmove(ptr, ptr, i64)
define i64 @answer() nonlazybind {
  %a = load volatile i64, ptr @words
  %p = getelementptr i64, ptr @words, i64 1
  %b = load volatile i64, ptr %p
  %s = add i64 %a, %b
  ret i64 %s
}
define i64 @through() {
  %f = load volatile ptr, ptr @memmove.at
  %n = call ptr %f(ptr null, ptr null, i64 0)
  %g = call i64 @answer()
  ret i64 %g
}
@memmove.at = private unnamed_addr constant ptr @memmove
"""


@by_hand
def test_constants_that_hold_addresses_are_left_to_llvm() -> None:
    code = object_of(ODD, "quick")
    with pytest.raises(BadObject, match="is written to"):
        Mapped(code)
    loaded = load(code)
    assert isinstance(loaded, LoadedByLLVM)
    assert ctypes.CFUNCTYPE(ctypes.c_int64)(loaded.address("through"))() == 42


OUTSIDE = """
declare i64 @labs(i64)
declare i64 @llabs(i64) nonlazybind
define i64 @sum(i64 %x) {
  %a = call i64 @labs(i64 %x)
  %b = call i64 @llabs(i64 %x)
  %f = ptrtoint ptr @labs to i64
  %c = icmp ne i64 %f, 0
  %d = zext i1 %c to i64
  %s = add i64 %a, %b
  %t = add i64 %s, %d
  ret i64 %t
}
"""


@pytest.mark.parametrize("loader", LOADERS)
def test_calls_that_lead_outside(loader: Callable[[bytes], Loaded]) -> None:
    loaded = loader(object_of(OUTSIDE, "quick"))
    assert ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.c_int64)(loaded.address("sum"))(-21) == 43


@by_hand
def test_a_function_that_nobody_has() -> None:
    code = object_of(OUTSIDE.replace("labs", "nobody_has_this"), "quick")
    with pytest.raises(BadObject, match="nobody_has_this is nowhere to be found"):
        Mapped(code)


@by_hand
def test_no_page_is_both_written_and_executed(code: bytes) -> None:
    mapped = Mapped(code)
    start = mapped.address("far")
    regions = [line.split() for line in Path("/proc/self/maps").read_text().splitlines()]
    inside = [r for r in regions if int(r[0].split("-")[0], 16) <= start < int(r[0].split("-")[1], 16)]
    assert [r[1] for r in inside] == ["r-xp"]


@by_hand
def test_code_is_unmapped_with_the_last_function(code: bytes) -> None:
    machine = Machine(code)
    start, function = machine.address("chosen"), machine.function("chosen", 1)
    del machine
    gc.collect()
    assert function(3) == 9 * 1_000_000_007
    assert executable(start)
    del function
    gc.collect()
    assert not executable(start)


def executable(address: int) -> bool:
    lines = (line.split() for line in Path("/proc/self/maps").read_text().splitlines())
    spans = ([int(end, 16) for end in line[0].split("-")] for line in lines if "x" in line[1])
    return any(low <= address < high for low, high in spans)


@pytest.mark.parametrize("cut", [0, 10, 64, 200, 1000])
def test_a_part_of_an_object_is_refused(cut: int, code: bytes) -> None:
    with pytest.raises(BadObject):
        read(code[:cut])


def test_other_systems_load_by_llvm(code: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machines, "_by_hand", lambda: False)
    assert isinstance(load(code), LoadedByLLVM)


def test_objects_of_other_systems_load_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(llvm.sys, "platform", "darwin")  # type: ignore[attr-defined]
    code = compile_module(TEXT, {}, TABLES, EXPORTS).object
    monkeypatch.undo()
    assert ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.c_int64)(LoadedByLLVM(code).address("chosen"))(2) == 4_000_000_028


def test_without_llvm_the_message_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "llvmlite.binding", None)
    llvm.binding.cache_clear()
    with pytest.raises(ModelError, match="llvmlite") as caught:
        object_of("", "quick")
    assert "--engine reference" in caught.value.instead
    llvm.binding.cache_clear()


WARM = """
import sys
from pathlib import Path
from quorate.checker.native.dialect import Cache, recall
machine = recall(Cache(Path(sys.argv[1])), "k")
assert machine.function("chosen", 1)(2) == 4_000_000_028
assert machine.meta == {"words": 3}
assert "llvmlite" not in sys.modules
"""


@by_hand
def test_a_second_start_does_without_llvm(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    build(TEXT, {}, TABLES, EXPORTS, cache=cache, key="k", meta={"words": 3})
    subprocess.run([sys.executable, "-c", WARM, str(tmp_path)], check=True)


def test_what_was_built_before_is_not_built_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = Cache(tmp_path)
    first = build(TEXT, {}, TABLES, EXPORTS, cache=cache)
    monkeypatch.setattr("quorate.checker.native.dialect.compile.object_of", None)
    assert build(TEXT, {}, TABLES, EXPORTS, cache=cache).object == first.object
    for other in ((TEXT + "\n", {}, TABLES, EXPORTS), (TEXT, {"K": 1}, TABLES, EXPORTS), (TEXT, {}, TABLES, ["far"])):
        with pytest.raises(TypeError):
            build(*other, cache=cache)


def test_without_a_cache_everything_is_built() -> None:
    assert build("def f() -> Word:\n    return 4", {}, {}, ["f"]).function("f", 0)() == 4
    assert recall(Cache(None), "k") is None
