"""Unpacks gzip and ZIP files: each member is read as a file of its own would be."""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from extractors.documents import UnreadableDocument

# A hundred thousand papers in one file are a data set to be given in parts.
MAX_MEMBERS: Final = 100_000
_OFFICE: Final = "[Content_Types].xml"


@dataclass(frozen=True, slots=True)
class Member:
    """A file within a file; ``data`` is ``None`` where it may not be unpacked, for the reason given."""

    name: str
    data: bytes | None
    reason: str = ""


def is_packed(data: bytes) -> bool:
    """Whether the bytes are those of a gzip or ZIP file."""
    return data.startswith((b"\x1f\x8b", b"PK\x03\x04", b"PK\x05\x06"))


def members(data: bytes, name: str, limit: int) -> Iterator[Member]:
    """The files within, each unpacked to at most ``limit`` bytes; raises UnreadableDocument for a broken archive."""
    if data.startswith(b"\x1f\x8b"):
        try:
            with gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
                yield _bounded(name, file.read(limit + 1), limit)
        except (OSError, EOFError, zlib.error) as error:
            raise UnreadableDocument("the gzip file is broken or cut off; get it again") from error
        return
    with _opened(data) as archive:
        entries = [entry for entry in archive.infolist() if not entry.is_dir() and not _hidden(entry.filename)]
        if len(entries) > MAX_MEMBERS:
            raise UnreadableDocument(f"the ZIP file holds more than {MAX_MEMBERS:,} files; give them in parts")
        for entry in sorted(entries, key=lambda each: each.filename):
            yield _member(archive, entry, f"{name}/{entry.filename}".replace("\\", "/"), limit)


def require_archive(data: bytes) -> None:
    """Raise UnreadableDocument for packed bytes that are no archive of papers, as far as their list of files tells."""
    if not data.startswith(b"\x1f\x8b"):
        _opened(data).close()


def _opened(data: bytes) -> zipfile.ZipFile:
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise UnreadableDocument("the ZIP file is broken or cut off; get it again") from error
    if _OFFICE in archive.namelist():
        archive.close()
        raise UnreadableDocument("this is a Word or Excel file; save its text as a UTF-8 text file")
    return archive


def _member(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str, limit: int) -> Member:
    if entry.flag_bits & 1:
        return Member(name, None, "the file is locked with a password; save a copy without it")
    try:
        with archive.open(entry) as file:
            data = file.read(limit + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError) as error:
        return Member(name, None, f"the file cannot be unpacked ({error}); pack it again")
    return _bounded(name, data, limit)


def _bounded(name: str, data: bytes, limit: int) -> Member:
    if len(data) > limit:
        return Member(name, None, f"unpacked, the file has more than {limit / 1048576:g} MiB; give it in parts")
    return Member(name, data)


def _hidden(name: str) -> bool:
    return any(part.startswith((".", "__MACOSX")) for part in PurePosixPath(name).parts)
