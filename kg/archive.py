"""Whole graphs in one file: a backup of what is published, and a store made anew from one."""

from __future__ import annotations

import gzip
import os
import zlib
from pathlib import Path
from typing import BinaryIO, cast

from kg.opening import open_store, published_store
from kg.service import Location


class FolderInUse(Exception):
    """The folder to restore into holds a graph already."""


class UnreadableBackup(Exception):
    """The file is no whole backup."""


def back_up(location: Location, file: Path) -> int:
    """Write the published graph to the file as compressed N-Quads; the number of quads.

    The file appears under its name only when it is complete. Raises NothingPublished.
    """
    body = published_store(location).dump()
    unfinished = file.with_name(f"{file.name}.unfinished")
    try:
        # No time and no name in its header: equal graphs give equal files.
        with unfinished.open("wb") as raw, gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0) as packed:
            packed.write(body)
        os.replace(unfinished, file)
    finally:
        unfinished.unlink(missing_ok=True)
    return body.count(b"\n")


def restore(location: Location, file: Path) -> int:
    """Make the store of the folder from a backup and publish it; the number of quads.

    Raises FolderInUse, UnreadableBackup, StoreLocked and StoreUnwritable; none of them leaves anything
    published.
    """
    store = open_store(location)
    if store.graphs():
        raise FolderInUse(f"{_name(location)} holds a graph already; restore into another folder or service")
    try:
        with _Unpacked(file) as quads:
            store.fill(cast(BinaryIO, quads))
    except (SyntaxError, ValueError) as error:
        raise UnreadableBackup(f"{file} is no whole backup: {error}") from error
    store.publish()
    return quads.lines


def _name(location: Location) -> str:
    return str(location) if isinstance(location, Path) else location.query


class _Unpacked(gzip.GzipFile):
    """The bytes of a compressed file; errors of the file are told apart from those of the disk written to.

    ``lines`` counts those that have been read.
    """

    lines = 0

    def read(self, size: int | None = -1) -> bytes:
        """So many bytes; raises ValueError where the file is broken."""
        try:
            data = super().read(size)
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise ValueError(str(error)) from error
        self.lines += data.count(b"\n")
        return data
