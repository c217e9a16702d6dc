"""Files that were sent to a server: a queue on disk, and what became of each of them.

A file is accepted when its folder appears among those that wait, which one rename does; it leaves when what became of
it has been written down. So a crash loses none; the worst of it is that a file is read twice, which changes nothing.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import time
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import BinaryIO, Final, Literal

from kg.outcomes import Outcome
from kg.refused import Refused

# Bytes that a file system takes for a name.
_LONGEST_NAME: Final = 255
_DIGITS: Final = 64
# Seconds that no upload takes.
_LONG_AGO: Final = 24 * 3600


class UnusableName(Exception):
    """A file cannot be kept under this name; the message says what a name may be."""


@dataclass(frozen=True, slots=True)
class Received:
    """What is known of a file that was sent: its papers once it is ``done``, else how many files come ``before`` it.

    The papers are named by the file's name and the place in it.
    """

    id: str
    name: str
    state: Literal["waiting", "done"]
    before: int = 0
    papers: tuple[Outcome, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether all of its papers were taken in."""
        return self.state == "done" and all(paper.status != "failed" for paper in self.papers)


class Arrival:
    """A file that is coming in: its bytes are hashed and written, and count for nothing before it is accepted."""

    def __init__(self, path: Path, file: BinaryIO) -> None:
        self._file = file
        self._digest = hashlib.sha256(path.name.encode("utf-8") + b"\0")
        self.path = path
        self.size = 0

    @property
    def id(self) -> str:
        """What the file is called by: 64 digits of its name and what has come of it."""
        return self._digest.hexdigest()

    def write(self, part: bytes) -> None:
        """Append the part; raises OSError."""
        self._digest.update(part)
        self._file.write(part)
        self.size += len(part)

    def contents(self) -> bytes:
        """All that has come; raises OSError."""
        self._file.flush()
        return self.path.read_bytes()

    def sync(self) -> None:
        """Have all that has come on disk for good; raises OSError."""
        self._file.flush()
        os.fsync(self._file.fileno())


@dataclass(frozen=True, slots=True)
class Inbox:
    """The folder of what was sent. Several processes may put files in; one takes them out."""

    folder: Path

    @contextmanager
    def arrival(self, name: str) -> Iterator[Arrival]:
        """A place for a file that is coming in, which goes afterwards; raises UnusableName and OSError."""
        _require_usable(name)
        place = self._arriving / uuid.uuid4().hex
        place.mkdir(parents=True)
        try:
            with (place / name).open("wb") as file:
                yield Arrival(place / name, file)
        finally:
            shutil.rmtree(place, ignore_errors=True)

    def accept(self, arrival: Arrival) -> Received:
        """Put the file at the end of the queue, on disk for good; raises OSError."""
        arrival.sync()
        entry = self._waiting / f"{time.time_ns():020d}-{arrival.id}"
        entry.parent.mkdir(parents=True, exist_ok=True)
        _sync(arrival.path.parent)
        arrival.path.parent.rename(entry)
        _sync(entry.parent)
        return self.known(arrival.id) or Received(arrival.id, arrival.path.name, "waiting")

    def known(self, file_id: str) -> Received | None:
        """What is known of the file with this id, ``None`` where nothing is; raises OSError."""
        if len(file_id) != _DIGITS or not file_id.isascii() or not file_id.isalnum():
            return None
        for before, entry in enumerate(self._entries()):
            if entry.endswith(file_id):
                with suppress(FileNotFoundError):
                    (file,) = (self._waiting / entry).iterdir()
                    return Received(file_id, file.name, "waiting", before)
        with suppress(FileNotFoundError):
            kept = json.loads(self._status(file_id).read_text("utf-8"))
            return Received(file_id, kept["name"], "done", 0, tuple(Outcome(**paper) for paper in kept["papers"]))
        return None

    def size(self) -> int:
        """How many files wait."""
        return len(self._entries())

    def waiting(self, most: int) -> tuple[Path, ...]:
        """The first files of the queue, in the order in which they came."""
        return tuple(file for entry in self._entries()[:most] for file in (self._waiting / entry).iterdir())

    def settle(self, file: Path, outcomes: Iterable[Outcome], refused: Refused) -> None:
        """Write down what became of a file's papers, and let it go; raises OSError.

        One of which something was refused is kept, and ``refused`` told of it, so that it can be tried again. A file
        that was not sent is left alone.
        """
        entry = file.parent
        if entry.parent not in {self._waiting, self._refused}:
            return
        file_id = entry.name.rpartition("-")[2]
        found = [replace(one, source=one.source.removeprefix(f"{entry}/")) for one in outcomes]
        kept = {"name": file.name, "papers": [asdict(one) for one in found]}
        status = self._status(file_id)
        status.parent.mkdir(parents=True, exist_ok=True)
        unfinished = status.with_suffix(".unfinished")
        unfinished.write_text(json.dumps(kept, ensure_ascii=False), encoding="utf-8")
        unfinished.rename(status)
        failures = [one for one in found if one.status == "failed"]
        place = self._refused / file_id
        if entry != place:
            shutil.rmtree(place, ignore_errors=True)
        if failures and entry != place:
            place.parent.mkdir(parents=True, exist_ok=True)
            entry.rename(place)
        elif not failures:
            shutil.rmtree(entry, ignore_errors=True)
        refused.note(place / file.name, failures)

    @contextmanager
    def alone(self) -> Iterator[bool]:
        """Whether this process is the one that takes files out; as long as it is, no other can become it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "LOCK").open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
                return
            yield True

    def tidy(self) -> None:
        """Remove what a crash has left of files that were coming in long ago."""
        with suppress(FileNotFoundError):
            for place in self._arriving.iterdir():
                with suppress(FileNotFoundError):
                    if place.stat().st_mtime < time.time() - _LONG_AGO:
                        shutil.rmtree(place, ignore_errors=True)

    @property
    def _arriving(self) -> Path:
        return self.folder / "arriving"

    @property
    def _waiting(self) -> Path:
        return self.folder / "waiting"

    @property
    def _refused(self) -> Path:
        return self.folder / "refused"

    def _status(self, file_id: str) -> Path:
        return self.folder / "status" / file_id[:2] / f"{file_id}.json"

    def _entries(self) -> list[str]:
        with suppress(FileNotFoundError):
            return sorted(os.listdir(self._waiting))
        return []


def _require_usable(name: str) -> None:
    if (
        not name
        or name.startswith(".")
        or any(sign in "/\\" or not sign.isprintable() for sign in name)
        or len(name.encode("utf-8", "surrogateescape")) > _LONGEST_NAME
    ):
        raise UnusableName(
            f"name is the file's name without folders: up to {_LONGEST_NAME} bytes, none of / and \\ in it, "
            "and no full stop at its beginning"
        )


def _sync(folder: Path) -> None:
    """Have the names in the folder on disk for good."""
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
