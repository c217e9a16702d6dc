"""What an ingestion did with each paper, and the report of those that it did not take in."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Status = Literal["new", "updated", "unchanged", "failed"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one paper; ``reason`` says why it failed, or why it is an update.

    ``source`` names its file and, where that holds many papers, the paper behind a "#".
    """

    source: str
    status: Status
    report: str | None = None
    reason: str | None = None
    findings: int = 0
    triples: int = 0


@dataclass(frozen=True, slots=True)
class Failure:
    """A paper that was not taken in, and why."""

    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What an ingestion did: papers by outcome, in the order of their files, and how much of them was stored.

    ``left`` is how many files were not finished because it was told to stop.
    """

    outcomes: tuple[Outcome, ...]
    seconds: float
    left: int = 0

    @property
    def new(self) -> int:
        """How many papers are reports that were not known before."""
        return self._counts["new"]

    @property
    def updated(self) -> int:
        """How many papers are a new version of a report, or were read again by new software."""
        return self._counts["updated"]

    @property
    def unchanged(self) -> int:
        """How many papers were known already."""
        return self._counts["unchanged"]

    @property
    def failed(self) -> tuple[Failure, ...]:
        """The papers that were not taken in."""
        return tuple(
            Failure(outcome.source, outcome.reason or "") for outcome in self.outcomes if outcome.status == "failed"
        )

    @property
    def findings(self) -> int:
        """How many findings were stored."""
        return sum(outcome.findings for outcome in self.outcomes)

    @property
    def triples(self) -> int:
        """How many triples were stored for the papers."""
        return sum(outcome.triples for outcome in self.outcomes)

    @property
    def _counts(self) -> Counter[Status]:
        return Counter(outcome.status for outcome in self.outcomes)


def write_failures(report: IngestReport, path: Path) -> None:
    """Write the failures as JSON lines with the keys ``file`` and ``reason``; no lines if there are none."""
    lines = (
        json.dumps({"file": failure.source, "reason": failure.reason}, ensure_ascii=False) for failure in report.failed
    )
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
