"""Holds an answer until it is complete: small ones in memory, large ones in a file that nobody else sees."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

IN_MEMORY = 256 * 1024
_PART = 64 * 1024


class Spool(io.BytesIO):
    """Takes the bytes of an answer; from ``IN_MEMORY`` bytes on they go to the file."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self._file = file
        self._written: IO[bytes] | None = None

    def write(self, part: ReadableBuffer, /) -> int:
        """Append the part."""
        if self._written is not None:
            return self._written.write(part)
        taken = super().write(part)
        if self.tell() > IN_MEMORY:
            self._written = self._file.open("xb")
            self._written.write(self.getvalue())
        return taken

    def complete(self) -> bytes | Path:
        """The bytes, or the file that holds them."""
        if self._written is None:
            return self.getvalue()
        self._written.close()
        return self._file


class Body:
    """The bytes of a complete answer, to be read once."""

    def __init__(self, held: bytes | BinaryIO, size: int) -> None:
        self._held = held
        self.size = size

    @classmethod
    def of(cls, kept: bytes | Path) -> Body:
        """The bytes, or those of the file, which is unlinked: its room is free again when the body is."""
        if isinstance(kept, bytes):
            return cls(kept, len(kept))
        size = kept.stat().st_size
        held = kept.open("rb")
        kept.unlink()
        return cls(held, size)

    @property
    def in_memory(self) -> bool:
        """Whether the bytes are at hand."""
        return isinstance(self._held, bytes)

    def parts(self) -> Iterator[bytes]:
        """The bytes, in order, a part at a time."""
        if isinstance(self._held, bytes):
            yield self._held
            return
        with self._held as file:
            while part := file.read(_PART):
                yield part

    def whole(self) -> bytes:
        """All bytes at once."""
        return b"".join(self.parts())
