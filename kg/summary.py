"""What is written beside a published graph, so that no reader counts it: how much it holds, and which trials changed.

It lies where the index of the search does, in a checkpoint or, for a service, on the machine that published. Times are
those of publications, by the clock; they are no part of the graph, which the same papers always make the same.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal

from kg import columns, queries
from kg.holdings import Holdings, holdings
from kg.iris import digest
from kg.query_files import query_text
from kg.rows import Counts, Name
from kg.stores import ReadableStore

# So many changes are kept, the newest first.
CHANGES_KEPT: Final = 100
# The names change with what the files hold. The second is for the next publication alone.
_SUMMARY: Final = "summary-1.json"
_TEXTS: Final = "texts-1.json"


@dataclass(frozen=True, slots=True)
class Change:
    """A trial that a publication brought or read other texts for; ``time`` is that of the publication (UTC)."""

    trial: str
    key: str
    kind: Literal["new", "changed"]
    time: str
    titles: tuple[Name, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """How much a published graph holds, when it was published (UTC), and the latest change of trials, newest first."""

    time: str
    counts: Counts
    holdings: Holdings
    changes: tuple[Change, ...]


def has_summary(folder: Path) -> bool:
    """Whether a checkpoint, or another folder, holds a summary as this version of the program writes it."""
    return (folder / _SUMMARY).exists() and (folder / _TEXTS).exists()


def read_summary(folder: Path) -> Summary | None:
    """The summary of a folder, ``None`` where an older program published what is there."""
    try:
        found: dict[str, Any] = json.loads((folder / _SUMMARY).read_bytes())
    except FileNotFoundError:
        return None
    return Summary(
        time=found["time"],
        counts=Counts(**found["counts"]),
        holdings=Holdings(**found["holdings"]),
        changes=tuple(
            Change(**{**change, "titles": tuple(Name(**title) for title in change["titles"])})
            for change in found["changes"]
        ),
    )


def write_summary(folder: Path, store: ReadableStore, earlier: Path | None) -> None:
    """Count the whole graph, and compare its trials with those of the folder that was published before, if any.

    Raises OSError.
    """
    time = _now()
    before = read_summary(earlier) if earlier is not None and has_summary(earlier) else None
    texts = trial_texts(store)
    known: Mapping[str, str] = json.loads((earlier / _TEXTS).read_bytes()) if earlier and before else {}
    changed = {trial for trial, (_, text) in texts.items() if known.get(trial) != text}
    fresh = (_change(store, trial, texts[trial][0], time, known) for trial in sorted(changed)[:CHANGES_KEPT])
    kept = (one for one in (before.changes if before else ()) if one.trial in texts and one.trial not in changed)
    summary = Summary(time, queries.counts(store), holdings(store), (*fresh, *kept)[:CHANGES_KEPT])
    (folder / _SUMMARY).write_text(json.dumps(asdict(summary), ensure_ascii=False), encoding="utf-8")
    (folder / _TEXTS).write_text(json.dumps({trial: text for trial, (_, text) in sorted(texts.items())}))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _change(store: ReadableStore, trial: str, key: str, time: str, known: Mapping[str, str]) -> Change:
    titles = dict.fromkeys(title for report in queries.reports(store, trial) for title in report.titles)
    return Change(trial, key, "changed" if trial in known else "new", time, tuple(titles))


def trial_texts(store: ReadableStore) -> dict[str, tuple[str, str]]:
    """For every trial its key, and a digest of the texts that it was read from and of what read them."""
    found: dict[str, tuple[str, list[str]]] = {}
    for row in store.solutions(query_text("trial_texts")):
        _, texts = found.setdefault(columns.text(row, "trial"), (columns.text(row, "key"), []))
        texts.append(" ".join(_parts(row)))
    return {trial: (key, digest(*sorted(texts))) for trial, (key, texts) in found.items()}


def _parts(row: columns.Solution) -> Iterable[str]:
    return (columns.text(row, name) for name in ("report", "sha256", "software"))
