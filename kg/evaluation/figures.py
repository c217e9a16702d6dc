"""From the scores of documents to figures with intervals over the documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kg.evaluation.scoring import FIGURES, SHARES, Counts, Score, Share

# The same samples in every run, so that the same papers give the same intervals.
SEED, SAMPLES = 20_000, 2_000

Bounds = tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Figure:
    """Precision, recall and their harmonic mean, and the 95% bootstrap interval of the latter over documents."""

    counts: Counts
    precision: float
    recall: float
    f1: float
    interval: Bounds


@dataclass(frozen=True, slots=True)
class Proportion:
    """A share with its 95% bootstrap interval over documents; of nothing, both are ``None``."""

    share: Share
    value: float | None
    interval: Bounds


@dataclass(frozen=True, slots=True)
class Figures:
    """All figures of one part in one language."""

    documents: int
    figures: dict[str, Figure]
    shares: dict[str, Proportion]
    wrong_design: int

    def plain(self) -> dict[str, Any]:
        """The figures as JSON: P, R, F1 and counts of each figure, right and of of each share."""
        rows: dict[str, Any] = {"documents": self.documents}
        for name, figure in self.figures.items():
            counts = figure.counts
            rows[name] = {
                "P": round(figure.precision, 4),
                "R": round(figure.recall, 4),
                "F1": round(figure.f1, 4),
                "tp": counts.right,
                "fp": counts.extra,
                "fn": counts.missed,
                "interval": _rounded(figure.interval),
            }
        for name, part in self.shares.items():
            rows[name] = {"right": part.share.right, "of": part.share.of, "interval": _rounded(part.interval)}
        rows["design wrong"] = self.wrong_design
        return rows


def _rounded(bounds: Bounds) -> list[float] | None:
    return None if bounds is None else [round(bound, 4) for bound in bounds]


def figures(scores: Sequence[Score]) -> Figures:
    """The figures of documents, each with its interval."""
    return Figures(
        documents=len(scores),
        figures={name: figure([item.figures[name] for item in scores]) for name in FIGURES},
        shares={name: proportion([item.shares[name] for item in scores]) for name in SHARES},
        wrong_design=sum(item.wrong_design for item in scores),
    )


def figure(counts: Sequence[Counts]) -> Figure:
    """Precision, recall and F1 over documents; 0 where there is nothing to be right about."""
    total = sum(counts, Counts())
    read, wanted = total.right + total.extra, total.right + total.missed
    precision = total.right / read if read else 0.0
    recall = total.right / wanted if wanted else 0.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    table = np.array([(2 * item.right, 2 * item.right + item.extra + item.missed) for item in counts], dtype=float)
    return Figure(total, precision, recall, f1, bootstrap(table))


def proportion(shares: Sequence[Share]) -> Proportion:
    """The share over documents."""
    total = sum(shares, Share())
    table = np.array([(item.right, item.of) for item in shares], dtype=float)
    return Proportion(total, total.right / total.of if total.of else None, bootstrap(table))


def bootstrap(table: NDArray[np.float64]) -> Bounds:
    """The 95% percentile interval of sum(first column) / sum(second) when documents are drawn anew, with replacement.

    ``None`` for fewer than two documents that count, of which an interval would say nothing (Efron and Tibshirani,
    An Introduction to the Bootstrap, chapter 13).
    """
    if np.count_nonzero(table[:, 1]) < 2:
        return None
    sums = _draws(len(table)) @ table
    counted = sums[sums[:, 1] > 0]
    low, high = np.percentile(counted[:, 0] / counted[:, 1], [2.5, 97.5])
    return float(low), float(high)


@cache
def _draws(documents: int) -> NDArray[np.float64]:
    # How often each document is drawn, sample by sample; one table for all figures of a part.
    drawn = np.random.default_rng(SEED).multinomial(documents, np.full(documents, 1 / documents), size=SAMPLES)
    return drawn.astype(float)
