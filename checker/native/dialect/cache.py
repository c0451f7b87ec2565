"""Compiled objects on disk, so that the second run of a model starts at once."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import platform
import stat
import sys
import tempfile
from collections.abc import Iterator, Mapping
from functools import cache as once
from importlib import metadata
from itertools import takewhile
from pathlib import Path
from typing import Any, NamedTuple

MOST = 256 << 20  # bytes
SUFFIX = ".native"
STALE = 3600  # seconds after which a temporary file was left behind by a process that died
_MAGIC = b"quorate native 1\n"
_DIGEST = 32


class Entry(NamedTuple):
    """A compiled object and what its maker stored with it."""

    object: bytes
    meta: dict[str, Any]


class Cache:
    """A folder of compiled objects, at most `most` bytes of them; without a folder, or with one that cannot be used,
    it is always empty.

    Several processes may share it. An entry is code that will be run, so only a file that belongs to this user and that
    nobody else can write is believed.
    """

    def __init__(self, folder: Path | None, most: int = MOST) -> None:
        self.folder = folder
        self.most = most

    def get(self, key: str) -> Entry | None:
        """What was stored under a key; an entry that is damaged is removed."""
        if self.folder is None:
            return None
        path = self.folder / (key + SUFFIX)
        data = _trusted(path)
        if data is None:
            return None
        entry = _unpacked(key, data)
        with contextlib.suppress(OSError):
            if entry is None:
                path.unlink()
            else:
                os.utime(path)  # the least recently used goes first
        return entry

    def put(self, key: str, object_file: bytes, meta: Mapping[str, Any]) -> None:
        """Store an object; does nothing if the folder cannot be written."""
        if self.folder is None:
            return
        with contextlib.suppress(OSError):
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._replace(self.folder, key, _packed(key, object_file, meta))
            self._shrink(self.folder)

    def _replace(self, folder: Path, key: str, data: bytes) -> None:
        handle, name = tempfile.mkstemp(dir=folder)  # readable and writable by this user only
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            os.replace(name, folder / (key + SUFFIX))
        except OSError:
            os.unlink(name)
            raise

    def _shrink(self, folder: Path) -> None:
        files = sorted(_files(folder), key=lambda f: f.used, reverse=True)
        total = 0
        for file in files:
            total += file.size
            if total > self.most or (file.path.suffix != SUFFIX and file.used < files[0].used - STALE):
                with contextlib.suppress(OSError):
                    file.path.unlink()


class _File(NamedTuple):
    path: Path
    size: int
    used: float


def _files(folder: Path) -> Iterator[_File]:
    with os.scandir(folder) as entries:
        for entry in entries:
            with contextlib.suppress(OSError):  # another process may have removed it
                status = entry.stat(follow_symlinks=False)
                if stat.S_ISREG(status.st_mode):
                    yield _File(Path(entry.path), status.st_size, status.st_mtime)


def _trusted(path: Path) -> bytes | None:
    """The content of a file that only this user can have written."""
    try:
        with open(os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)), "rb") as file:
            return file.read() if _is_own(os.fstat(file.fileno())) else None
    except OSError:
        return None


def _is_own(status: os.stat_result) -> bool:
    if sys.platform == "win32":
        return True  # folders of a user are closed to others there
    others = stat.S_IWGRP | stat.S_IWOTH
    return stat.S_ISREG(status.st_mode) and status.st_uid == os.geteuid() and not status.st_mode & others


def _packed(key: str, object_file: bytes, meta: Mapping[str, Any]) -> bytes:
    head = json.dumps({"key": key, "meta": dict(meta)}).encode()
    content = len(head).to_bytes(8, "little") + head + object_file
    return _MAGIC + hashlib.blake2b(content, digest_size=_DIGEST).digest() + content


def _unpacked(key: str, data: bytes) -> Entry | None:
    start = len(_MAGIC) + _DIGEST
    content = data[start:]
    if data[:start] != _MAGIC + hashlib.blake2b(content, digest_size=_DIGEST).digest():
        return None
    end = 8 + int.from_bytes(content[:8], "little")
    head = json.loads(content[8:end])
    return Entry(content[end:], head["meta"]) if head["key"] == key else None


def default_folder() -> Path | None:
    """Where compiled objects are kept: $QUORATE_CACHE_DIR, or the place for such things on this system."""
    chosen = os.environ.get("QUORATE_CACHE_DIR")
    if chosen:
        return Path(chosen)
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA")
        return Path(local) / "quorate" if local else None
    caches = "Library/Caches" if sys.platform == "darwin" else ".cache"
    with contextlib.suppress(RuntimeError):  # no home
        base = os.environ.get("XDG_CACHE_HOME") if sys.platform != "darwin" else None
        return (Path(base) if base else Path.home() / caches) / "quorate"
    return None


def key_of(*parts: str | bytes) -> str:
    """A key that changes with any of the parts, with this machine's processor, and with what compiles for it."""
    digest = hashlib.blake2b(_surroundings(), digest_size=20)
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8, "little") + data)
    return digest.hexdigest()


@once
def _surroundings() -> bytes:
    known = [platform.machine(), sys.platform, _processor(), _version("quorate"), _version("llvmlite")]
    digest = hashlib.blake2b("\n".join(known).encode())
    root = Path(__file__).parent.parent
    for file in sorted(root.rglob("*.py")):
        digest.update(file.relative_to(root).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.digest()


def _version(distribution: str) -> str:
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return ""


_IDENTITY = ("vendor_id", "cpu family", "model", "stepping", "flags", "Features", "CPU ")


def _processor() -> str:
    """Which processor this is, and what it can do."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8", errors="replace") as lines:
            first = [line for line in takewhile(str.strip, lines) if line.startswith(_IDENTITY)]
    except OSError:
        return platform.processor()
    return "".join(first)
