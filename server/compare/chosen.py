"""Which trials an address of the comparison chooses, and which of its words name none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from kg import queries, rows
from kg.stores import ReadableStore

# More columns than this cannot be read side by side.
MOST: Final = 8
LONGEST: Final = 300
# Words of an address that are looked up at all.
_LOOKED_UP: Final = 3 * MOST


@dataclass(frozen=True, slots=True)
class Chosen:
    """The chosen trials in the order of the address, each once; ``left`` were chosen beyond what one page holds.

    ``unknown`` are words that no trial has for a name, ``several`` those that more than one has.
    """

    trials: tuple[rows.TrialKey, ...]
    unknown: tuple[str, ...]
    several: tuple[str, ...]
    left: tuple[rows.TrialKey, ...]

    @property
    def parameters(self) -> list[tuple[str, str]]:
        """The parameters of the address that chooses the same trials."""
        return parameters(trial.key for trial in self.trials)


def parameters(keys: Iterable[str]) -> list[tuple[str, str]]:
    """The parameters of the address that chooses these trials."""
    return [("trial", key) for key in keys]


def chosen(store: ReadableStore, names: Iterable[str]) -> Chosen:
    """The trials of these keys or other identifiers: registry ids, DOIs, acronyms, ids of reports."""
    found: dict[str, rows.TrialKey] = {}
    unknown: list[str] = []
    several: list[str] = []
    for name in list(dict.fromkeys(name.strip() for name in names if name.strip()))[:_LOOKED_UP]:
        trials = queries.find_trials(store, name[:LONGEST])
        if len(trials) == 1:
            found.setdefault(trials[0].key, trials[0])
        else:
            (several if trials else unknown).append(name[:LONGEST])
    every = tuple(found.values())
    return Chosen(every[:MOST], tuple(unknown), tuple(several), every[MOST:])
