"""The published states of a graph on disk: numbered folders, the file that names the newest, and who reads which.

A checkpoint is complete before ``CURRENT`` names it, and ``CURRENT`` changes by one rename, so a crash at any
point leaves the last good checkpoint in place. A reader holds a shared lock on the checkpoint that it reads;
the writer removes an older one only when nobody does.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar

CHECKPOINTS_KEPT: Final = 2
_ATTEMPTS: Final = 5

T = TypeVar("T")


class NothingPublished(Exception):
    """The folder holds no published graph yet."""


class Lease:
    """A shared lock on a checkpoint; it ends with ``release`` and with the process."""

    def __init__(self, checkpoint: Path) -> None:
        """Take the lock; raises FileNotFoundError where the checkpoint is gone."""
        self._handle = -1
        # A checkpoint that was copied here by hand has no lock, and no writer that would remove it.
        if _lock_of(checkpoint).exists():
            self._handle = os.open(_lock_of(checkpoint), os.O_RDONLY)
            fcntl.flock(self._handle, fcntl.LOCK_SH)
        if not checkpoint.is_dir():
            self.release()
            raise FileNotFoundError(checkpoint)

    def release(self) -> None:
        """Give the lock back."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1

    def __del__(self) -> None:
        self.release()


def published_checkpoint(folder: Path) -> Path:
    """The folder of the checkpoint published last; it changes its name with every publication.

    Raises NothingPublished.
    """
    try:
        name = (folder / "published" / "CURRENT").read_text(encoding="ascii")
    except FileNotFoundError as error:
        raise NothingPublished(
            f"{folder} holds no published graph; ingest some papers into it first, or correct the folder"
        ) from error
    return folder / "published" / name


def open_newest(folder: Path, read: Callable[[Path], T]) -> tuple[T, Lease, str]:
    """What ``read`` makes of the newest checkpoint, the lock on it, and its name; raises NothingPublished.

    A writer may publish and remove the checkpoint between reading its name and locking it: then the next
    one is read.
    """
    for _ in range(_ATTEMPTS - 1):
        try:
            return _open(folder, read)
        except FileNotFoundError:
            continue
    return _open(folder, read)


def _open(folder: Path, read: Callable[[Path], T]) -> tuple[T, Lease, str]:
    checkpoint = published_checkpoint(folder)
    lease = Lease(checkpoint)
    return read(checkpoint), lease, checkpoint.name


def add_checkpoint(folder: Path, write: Callable[[Path], None]) -> Path:
    """Have ``write`` make the next checkpoint, name it the newest, and remove those that nobody needs.

    What a write that fails leaves behind is removed.
    """
    published = folder / "published"
    published.mkdir(exist_ok=True)
    existing = _checkpoints(published)
    number = max((int(path.name) for path in existing), default=0) + 1
    checkpoint = published / f"{number:08d}"
    try:
        write(checkpoint)
        _lock_of(checkpoint).touch()
        pointer = published / "CURRENT.new"
        pointer.write_text(checkpoint.name, encoding="ascii")
        os.replace(pointer, published / "CURRENT")
    except OSError:
        shutil.rmtree(checkpoint, ignore_errors=True)
        raise
    for old in [*existing, checkpoint][:-CHECKPOINTS_KEPT]:
        _remove_unused(old)
    return checkpoint


def _checkpoints(published: Path) -> list[Path]:
    return sorted(path for path in published.iterdir() if path.is_dir() and path.name.isdecimal())


def _remove_unused(checkpoint: Path) -> None:
    """Remove a checkpoint unless a reader holds its lock; the next publication tries again."""
    lock = _lock_of(checkpoint)
    handle = os.open(lock, os.O_RDONLY | os.O_CREAT)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    else:
        shutil.rmtree(checkpoint)
        lock.unlink()
    finally:
        os.close(handle)


def _lock_of(checkpoint: Path) -> Path:
    return checkpoint.parent / f".{checkpoint.name}.lock"
