"""The files of which something was refused: one small file for each, with its papers and the reasons.

It goes when the whole file is taken in, so that what lies there is what is still to be mended.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from kg.outcomes import Outcome


@dataclass(frozen=True, slots=True)
class Refused:
    """A folder with a JSON file for each file that holds a refused paper."""

    folder: Path

    def note(self, file: Path, failures: Iterable[Outcome]) -> None:
        """Say which papers of the file were refused, and why; raises OSError.

        The entry goes where there are none, and where the file is gone.
        """
        entry = self._entry(file)
        papers = [{"paper": failure.source, "reason": failure.reason} for failure in failures]
        if not papers or not file.exists():
            entry.unlink(missing_ok=True)
            return
        entry.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps({"file": str(file.absolute()), "papers": papers}, ensure_ascii=False, indent=1)
        entry.write_text(f"{text}\n", encoding="utf-8")

    def files(self) -> tuple[Path, ...]:
        """The files of which something was refused, sorted."""
        return tuple(
            sorted(Path(json.loads(entry.read_text("utf-8"))["file"]) for entry in self.folder.glob("*/*.json"))
        )

    def _entry(self, file: Path) -> Path:
        # A folder of hundreds of thousands of files is slow: two digits make 256 of them.
        digest = hashlib.sha256(str(file.resolve()).encode("utf-8", "surrogateescape")).hexdigest()[:16]
        return self.folder / digest[:2] / f"{digest}.json"
