"""Remembers which papers a file gave, so that a file that has not changed need not be read again.

It only saves work: what it says counts where the store says so too, and without it every file is read again.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import Final

from extractors.documents import Refusal
from kg.preparing import Paper, Papers

_TABLE: Final = """
create table if not exists files (
    path text primary key, size integer, changed integer, software text, papers text
) without rowid
"""


# The size and the newest time of a file.
State = tuple[int, int]


class Journal:
    """A small database beside the store: for each file its size and times, and the papers that were read of it.

    With ``again`` it knows nothing, and only takes note.
    """

    def __init__(self, path: Path, software: str, *, again: bool = False) -> None:
        self._software = software
        self._again = again
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._database = _opened(path)
        except sqlite3.DatabaseError:
            # What a crash has damaged is worth nothing.
            path.unlink()
            self._database = _opened(path)

    def papers(self, file: Path, state: State | None) -> Papers | None:
        """The papers of the file in this state, if this software has read it so."""
        row = self._database.execute(
            "select size, changed, software, papers from files where path = ?", (str(file.resolve()),)
        ).fetchone()
        if self._again or state is None or row is None or (*state, self._software) != row[:3]:
            return None
        kept = json.loads(row[3])
        return Papers(
            tuple(Paper(*entry) if len(entry) > 2 else Refusal(*entry) for entry in kept["found"]), kept["problem"]
        )

    def note(self, file: Path, state: State, papers: Papers) -> None:
        """Remember the papers of the file, which was in this state before it was read."""
        found = [
            (entry.source, entry.reason)
            if isinstance(entry, Refusal)
            else (entry.id, entry.source, entry.sha256, entry.reader, entry.length)
            for entry in papers.found
        ]
        kept = json.dumps({"found": found, "problem": papers.problem}, ensure_ascii=False)
        self._database.execute(
            "insert or replace into files values (?, ?, ?, ?, ?)",
            (str(file.resolve()), *state, self._software, kept),
        )

    def close(self) -> None:
        """Close the database."""
        self._database.close()


def _opened(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path, isolation_level=None)
    # A row that a crash loses is a file that is read again.
    database.execute("pragma journal_mode = wal")
    database.execute("pragma synchronous = off")
    database.execute(_TABLE)
    return database


def state_of(file: Path) -> State | None:
    """Size and newest time of the file; ``None`` where it cannot be looked at."""
    with suppress(OSError):
        about = file.stat()
        return about.st_size, max(about.st_mtime_ns, about.st_ctime_ns)
    return None
