"""The files that were taken in, kept as they came, so that the graph can be made anew from them."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import dataclass, field
from pathlib import Path

_UNFINISHED = ".unfinished"
_REPORTS = ".reports"


class DocumentsMissing(Exception):
    """The graph holds reports whose documents are not kept: made anew it would lack them."""


@dataclass(slots=True)
class Documents:
    """A folder with a folder for each file, numbered as they came, and beside it a list of the reports that it gave.

    A file is kept once, however many papers it holds.
    """

    folder: Path
    _last: tuple[str, str] = field(default=("", ""), repr=False)
    _entries: dict[str, str] | None = field(default=None, repr=False)
    _listed: dict[str, set[str]] = field(default_factory=dict, repr=False)

    def keep(self, report: str, file: Path) -> None:
        """Keep the file that gave the report, unless it is kept; raises OSError."""
        mark = self._mark(file)
        entries = self._known()
        if mark not in entries:
            entries[mark] = self._added(file, f"{len(entries) + 1:08d}-{mark}", report)
        self._list(entries[mark], report)

    def files(self) -> tuple[Path, ...]:
        """The kept files, in the order in which they came; none where nothing was kept."""
        return tuple(file for entry in sorted(self._found()) for file in sorted((self.folder / entry).iterdir()))

    def reports(self) -> frozenset[str]:
        """The ids of the reports of which a file is kept."""
        return frozenset(report for entry in self._found() for report in self._reports(entry))

    def _mark(self, file: Path) -> str:
        """Sixteen digits of the file's hash; a file of many papers is read for the first of them only."""
        about = file.stat()
        name = f"{file}\n{about.st_size}\n{about.st_mtime_ns}"
        if self._last[0] != name:
            with file.open("rb") as opened:
                self._last = name, hashlib.file_digest(opened, "sha256").hexdigest()[:16]
        return self._last[1]

    def _known(self) -> dict[str, str]:
        """The names of the kept files' folders by the mark of what is in them."""
        if self._entries is None:
            self._entries = {entry.partition("-")[2]: entry for entry in self._found()}
        return self._entries

    def _found(self) -> list[str]:
        if not self.folder.is_dir():
            return []
        return [entry.name for entry in self.folder.iterdir() if entry.name != _UNFINISHED and entry.is_dir()]

    def _added(self, file: Path, entry: str, report: str) -> str:
        # A folder appears under its name when it is complete, so that a crash leaves no half of a file.
        unfinished = self.folder / _UNFINISHED
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True)
        shutil.copyfile(file, unfinished / file.name)
        self._list(entry, report)
        unfinished.rename(self.folder / entry)
        return entry

    def _list(self, entry: str, report: str) -> None:
        listed = self._listed.setdefault(entry, set(self._reports(entry)))
        if report not in listed:
            # The line's end comes first: a line that a crash cut off does not run into the next one.
            with (self.folder / f"{entry}{_REPORTS}").open("a", encoding="utf-8") as lines:
                lines.write(f"\n{report}")
            listed.add(report)

    def _reports(self, entry: str) -> list[str]:
        lines = self.folder / f"{entry}{_REPORTS}"
        return lines.read_text("utf-8").split() if lines.exists() else []
