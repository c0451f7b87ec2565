"""Files that are written whole or not at all."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from ...models.language import ModelError
from .console import say


def require_writable(*paths: Path | None) -> None:
    """Find out before the work begins. Errors: `ModelError` if a file cannot be written, or is named twice."""
    named = [path.resolve() for path in paths if path is not None]
    for path in named:
        if named.count(path) > 1:
            raise ModelError("unwritable", f"{path} cannot hold two outputs of one run")
        try:
            _probe(path)
        except OSError as error:
            raise _unwritable(path, error) from error


def _probe(path: Path) -> None:
    if path.is_dir():
        raise IsADirectoryError(None, "it is a folder")
    if not _is_special(path):
        draft = _draft(path)
        os.close(_create(draft))
        draft.unlink()


def write(path: Path, text: str) -> None:
    """Write a file whole or not at all: what stood there stays until the new content is on the disk.

    Errors: `ModelError` if it cannot be written.
    """
    try:
        if _is_special(path):
            path.write_text(text, encoding="utf-8")
        else:
            _replace(path.resolve(), text)
    except OSError as error:
        raise _unwritable(path, error) from error


def _replace(path: Path, text: str) -> None:
    draft = _draft(path)
    try:
        with open(_create(draft), "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        _keep_mode(path, draft)
        draft.replace(path)
    except BaseException:
        with suppress(OSError):
            draft.unlink()
        raise


def _is_special(path: Path) -> bool:
    """A device or a pipe, which can only be written in place."""
    return path.exists() and not path.is_file() and not path.is_dir()


def _draft(path: Path) -> Path:
    # in the same folder, because a file can be renamed in one step only within its file system
    return path.with_name(f".quorate.{secrets.token_hex(4)}.tmp")


def _create(draft: Path) -> int:
    return os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)


def _keep_mode(path: Path, draft: Path) -> None:
    if path.exists():
        draft.chmod(path.stat().st_mode & 0o777)


def _unwritable(path: Path, error: OSError) -> ModelError:
    missing = isinstance(error, FileNotFoundError) and not path.parent.exists()
    because = f"there is no folder {path.parent}" if missing else f"{error.strerror}".lower()
    return ModelError("unwritable", f"cannot write {path}", because=because)


def deliver(text: str, path: Path | None) -> None:
    """Write a text to a file, or without one to standard output. Errors: `ModelError`."""
    if path is None:
        say(text.rstrip("\n"))
    else:
        write(path, text.rstrip("\n") + "\n")
