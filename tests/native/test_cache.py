"""Compiled objects on disk: found again, never believed when damaged or written by others, and not too many."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from quorate.checker.native.dialect import cache as caches
from quorate.checker.native.dialect.cache import Cache, Entry, default_folder, key_of

posix = pytest.mark.skipif(sys.platform == "win32", reason="owners and modes are those of POSIX")


def only_file(folder: Path) -> Path:
    (file,) = folder.iterdir()
    return file


def test_an_entry_comes_back(tmp_path: Path) -> None:
    Cache(tmp_path / "new" / "folder").put("k", b"code", {"words": 3, "names": ["a"]})
    assert Cache(tmp_path / "new" / "folder").get("k") == Entry(b"code", {"words": 3, "names": ["a"]})
    assert Cache(tmp_path / "new" / "folder").get("other") is None


def test_the_last_entry_counts(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.put("k", b"old", {})
    cache.put("k", b"new", {})
    assert cache.get("k") == Entry(b"new", {})
    assert len(list(tmp_path.iterdir())) == 1


def test_without_a_folder_nothing_is_kept() -> None:
    cache = Cache(None)
    cache.put("k", b"code", {})
    assert cache.get("k") is None


@pytest.mark.parametrize("position", [0, 5, 20, 60, 80, -1])
def test_a_changed_byte_is_noticed(tmp_path: Path, position: int) -> None:
    cache = Cache(tmp_path)
    cache.put("k", b"code" * 100, {"a": 1})
    data = bytearray(only_file(tmp_path).read_bytes())
    data[position] ^= 1
    only_file(tmp_path).write_bytes(data)
    assert cache.get("k") is None
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("length", [0, 3, 20, 50, 57, 100])
def test_a_part_of_a_file_is_noticed(tmp_path: Path, length: int) -> None:
    cache = Cache(tmp_path)
    cache.put("k", b"code" * 100, {"a": 1})
    only_file(tmp_path).write_bytes(only_file(tmp_path).read_bytes()[:length])
    assert cache.get("k") is None
    assert list(tmp_path.iterdir()) == []


def test_a_file_under_the_name_of_another_key_is_noticed(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.put("k", b"code", {})
    only_file(tmp_path).rename(tmp_path / "other.native")
    assert cache.get("other") is None


@posix
@pytest.mark.parametrize("mode", [0o666, 0o660, 0o622])
def test_a_file_that_others_may_write_is_not_believed(tmp_path: Path, mode: int) -> None:
    cache = Cache(tmp_path)
    cache.put("k", b"code", {})
    only_file(tmp_path).chmod(mode)
    assert cache.get("k") is None


@posix
def test_a_file_of_another_user_is_not_believed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = Cache(tmp_path)
    cache.put("k", b"code", {})
    assert cache.get("k") is not None
    monkeypatch.setattr(os, "geteuid", lambda: only_file(tmp_path).stat().st_uid + 1)
    assert cache.get("k") is None


@posix
def test_a_link_is_not_followed(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "a")
    cache.put("k", b"code", {})
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "k.native").symlink_to(only_file(tmp_path / "a"))
    assert Cache(tmp_path / "b").get("k") is None


@posix
def test_only_this_user_can_read_what_is_stored(tmp_path: Path) -> None:
    Cache(tmp_path / "c").put("k", b"code", {})
    assert stat.S_IMODE((tmp_path / "c").stat().st_mode) == 0o700
    assert stat.S_IMODE(only_file(tmp_path / "c").stat().st_mode) == 0o600


def test_a_folder_that_cannot_be_made_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    cache = Cache(tmp_path / "file" / "folder")
    cache.put("k", b"code", {})
    assert cache.get("k") is None


@pytest.mark.parametrize("function", ["mkdir", "mkstemp", "replace", "utime"])
def test_a_disk_that_cannot_be_written_is_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, function: str
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise PermissionError

    Cache(tmp_path).put("k", b"code", {})
    owner = {"mkdir": Path, "mkstemp": caches.tempfile}.get(function, os)  # type: ignore[attr-defined]
    monkeypatch.setattr(owner, function, refused)
    Cache(tmp_path).put("other", b"code", {})
    assert Cache(tmp_path).get("k") == Entry(b"code", {})
    assert [p.suffix for p in tmp_path.iterdir() if not p.name.startswith("other")] == [".native"]


def test_the_least_recently_used_goes_first(tmp_path: Path) -> None:
    cache = Cache(tmp_path, most=3500)
    for number, key in enumerate("abc"):
        cache.put(key, bytes(1000), {})
        os.utime(tmp_path / f"{key}.native", (number, number))
    assert cache.get("a") is not None  # now it is the latest
    cache.put("d", bytes(1000), {})
    assert {p.stem for p in tmp_path.iterdir()} == {"a", "c", "d"}


def test_what_is_larger_than_all_is_not_kept(tmp_path: Path) -> None:
    cache = Cache(tmp_path, most=500)
    cache.put("a", bytes(1000), {})
    assert cache.get("a") is None


def test_files_that_died_half_written_are_removed_after_a_while(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    (tmp_path / "tmpold").write_bytes(b"half")
    (tmp_path / "tmpnew").write_bytes(b"half")
    os.utime(tmp_path / "tmpold", (0, 0))
    cache.put("k", b"code", {})
    assert {p.name for p in tmp_path.iterdir()} == {"k.native", "tmpnew"}


SHARED = """
import sys
from pathlib import Path
from quorate.checker.native.dialect.cache import Cache
cache, me = Cache(Path(sys.argv[1]), most=20_000), sys.argv[2].encode()
for n in range(300):
    cache.put(f"k{n % 5}", (me + str(n % 5).encode()) * 1000, {"n": n % 5})
    found = cache.get(f"k{n * 3 % 5}")
    assert found is None or found.meta["n"] == n * 3 % 5
    assert found is None or len({found.object[i : i + 2] for i in range(0, 2000, 2)}) == 1
"""


def test_two_processes_share_a_folder(tmp_path: Path) -> None:
    command = [sys.executable, "-c", SHARED, str(tmp_path)]
    processes = [subprocess.Popen([*command, name]) for name in ("x", "y")]
    assert [p.wait() for p in processes] == [0, 0]
    assert all(Cache(tmp_path).get(f"k{n}") for n in range(5))
    assert len(list(tmp_path.iterdir())) == 5


def test_a_key_depends_on_every_part() -> None:
    keys = [
        key_of(),
        key_of(""),
        key_of("ab"),
        key_of("a", "b"),
        key_of("b", "a"),
        key_of(b"\xff"),
        key_of("a", "b", ""),
    ]
    assert len(set(keys)) == len(keys)
    assert key_of("a", b"b") == key_of("a", "b")


@pytest.mark.parametrize("what", ["_processor", "_version"])
def test_a_key_depends_on_what_compiles(monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    before = key_of("a")
    monkeypatch.setattr(caches, what, lambda *_: "another")
    caches._surroundings.cache_clear()
    after = key_of("a")
    monkeypatch.undo()
    caches._surroundings.cache_clear()
    assert before != after
    assert key_of("a") == before


def test_a_key_depends_on_the_sources_of_the_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    before = key_of("a")
    monkeypatch.setattr(Path, "read_bytes", lambda _: b"changed")
    caches._surroundings.cache_clear()
    after = key_of("a")
    monkeypatch.undo()
    caches._surroundings.cache_clear()
    assert before != after


@posix
@pytest.mark.parametrize(
    ("system", "variables", "expected"),
    [
        ("linux", {"QUORATE_CACHE_DIR": "/q", "XDG_CACHE_HOME": "/x"}, "/q"),
        ("linux", {"XDG_CACHE_HOME": "/x"}, "/x/quorate"),
        ("linux", {}, "/home/me/.cache/quorate"),
        ("darwin", {"XDG_CACHE_HOME": "/x"}, "/home/me/Library/Caches/quorate"),
        ("win32", {"LOCALAPPDATA": "/local"}, "/local/quorate"),
        ("win32", {}, None),
    ],
)
def test_where_the_folder_is(
    monkeypatch: pytest.MonkeyPatch, system: str, variables: dict[str, str], expected: str | None
) -> None:
    for name in ("QUORATE_CACHE_DIR", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {"HOME": "/home/me", **variables}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "platform", system)
    assert default_folder() == (None if expected is None else Path(expected))
