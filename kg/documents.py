"""The files that were taken in, kept as they came, so that the graph can be made anew from them."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from extractors.documents import Document

_UNFINISHED = ".unfinished"


class DocumentsMissing(Exception):
    """The graph holds reports whose documents are not kept: made anew it would lack them."""


@dataclass(frozen=True, slots=True)
class Documents:
    """A folder with a folder for each report, and in it one for each text of the report, numbered as they came."""

    folder: Path

    def keep(self, document: Document, file: Path) -> None:
        """Keep the file that gave the document, unless one with the same text is kept; raises OSError."""
        report = self.folder / document.id
        kept = _texts(report)
        mark = document.sha256[:16]
        if any(name.endswith(f"-{mark}") for name in kept):
            return
        # A folder appears under its name when it is complete, so that a crash leaves no half of a paper.
        unfinished = report / _UNFINISHED
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True)
        shutil.copyfile(file, unfinished / document.source)
        number = int(kept[-1].partition("-")[0]) + 1 if kept else 1
        unfinished.rename(report / f"{number:04d}-{mark}")

    def files(self) -> tuple[Path, ...]:
        """The kept files, those of a report in the order in which they came; none where nothing was kept."""
        if not self.folder.is_dir():
            return ()
        return tuple(
            file
            for report in sorted(self.folder.iterdir())
            for text in _texts(report)
            for file in sorted((report / text).iterdir())
        )

    def reports(self) -> frozenset[str]:
        """The ids of the reports of which a file is kept."""
        return frozenset(file.parent.parent.name for file in self.files())


def _texts(report: Path) -> list[str]:
    if not report.is_dir():
        return []
    return sorted(entry.name for entry in report.iterdir() if entry.name != _UNFINISHED)
