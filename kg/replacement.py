"""Puts a store that was made beside another in its place, so that a crash leaves the one or the other."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class StoreLocked(Exception):
    """Another process is writing to the store."""

    @classmethod
    def at(cls, folder: Path) -> StoreLocked:
        """What the user is told."""
        return cls(f"another process is writing to {folder}; wait until it is done, or choose another folder")


def rebuilding(folder: Path) -> Path:
    """Where the new store is made."""
    return folder / "rebuilding"


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Keep other writers out while a store is made anew; raises StoreLocked and OSError.

    The database's own lock is taken without opening the database, which may be damaged.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with _replacing(folder):
        finish(folder)
        (folder / "store").mkdir(exist_ok=True)
        with (folder / "store" / "LOCK").open("a") as lock:
            try:
                fcntl.lockf(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except (BlockingIOError, PermissionError) as error:
                raise StoreLocked.at(folder) from error
            yield


def ready(folder: Path) -> None:
    """The new store is complete: from now on it is the store."""
    (rebuilding(folder) / "COMPLETE").touch()


def finish_replacement(folder: Path) -> None:
    """Put a new store in its place where a crash kept that from being done; raises StoreLocked."""
    if (rebuilding(folder) / "COMPLETE").exists():
        with _replacing(folder):
            finish(folder)


def finish(folder: Path) -> None:
    """The same, for who keeps others out already."""
    if (rebuilding(folder) / "COMPLETE").exists():
        put_in_place(folder)


def put_in_place(folder: Path) -> None:
    """Move the new store to where the old one was, from whichever step was reached before."""
    beside = rebuilding(folder)
    if (beside / "store").exists():
        if (folder / "store").exists():
            os.rename(folder / "store", beside / "replaced")
        os.rename(beside / "store", folder / "store")
    (folder / "UNPUBLISHED").unlink(missing_ok=True)
    shutil.rmtree(beside)


@contextmanager
def _replacing(folder: Path) -> Iterator[None]:
    with (folder / "REBUILD.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise StoreLocked.at(folder) from error
        yield
