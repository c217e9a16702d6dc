"""Whether confidence keeps its word: of the findings at 0.9, nine in ten should be right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from kg.evaluation.calibration import cross_validated
from kg.evaluation.evaluation import Evaluation
from kg.evaluation.samples import Sample, samples

# The lower bounds of the bins.
BINS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9)
_GROUPS = {"number": "numbers", "statement": "comparisons in words"}
_OTHERS = "arms, endpoints and the rest"

Judged = tuple[Sample, float]


@dataclass(frozen=True, slots=True)
class Bin:
    """The findings whose confidence lies from ``low`` to the next bin: how many, their mean confidence, the right."""

    low: float
    findings: int
    confidence: float
    right: float


@dataclass(frozen=True, slots=True)
class Reliability:
    """How confidence and being right go together for some findings.

    ``brier`` is the mean squared error of the confidence (Brier 1950), ``base`` what it would be if all findings had
    the same, ``error`` the expected calibration error: the mean distance of confidence and share right over the bins.
    """

    title: str
    findings: int
    brier: float
    base: float
    error: float
    bins: tuple[Bin, ...]

    def plain(self) -> dict[str, Any]:
        """The reliability as JSON."""
        return {
            "title": self.title,
            "findings": self.findings,
            "brier": round(self.brier, 4),
            "brier of the mean": round(self.base, 4),
            "expected calibration error": round(self.error, 4),
            "bins": [
                {
                    "from": b.low,
                    "findings": b.findings,
                    "confidence": round(b.confidence, 4),
                    "right": round(b.right, 4),
                }
                for b in self.bins
            ],
        }


def reliabilities(evaluation: Evaluation) -> Iterator[Reliability]:
    """Of each part with several documents the reliability of the confidence that its findings have.

    The shipped table was made from the documents used while building; of these, each gets its confidence from a table
    made without it.
    """
    titles = {r.part.name: r.part.title for r in evaluation.results if r.figures.documents > 1 and r.part.name != "all"}
    for name, title in titles.items():
        found = [sample for r in evaluation.results if r.part.name == name for sample in samples(r.judged)]
        if name == "building":
            yield from grouped(f"{title}, cross-validated", cross_validated(found))
        else:
            yield from grouped(title, [(sample, sample.confidence) for sample in found])


def grouped(title: str, judged: Sequence[Judged]) -> Iterator[Reliability]:
    """The reliability of numbers, of comparisons in words, and of everything else."""
    for group in (*_GROUPS.values(), _OTHERS):
        kept = [pair for pair in judged if _GROUPS.get(pair[0].kind, _OTHERS) == group]
        if kept:
            yield reliability(f"{group}, {title}", kept)


def reliability(title: str, judged: Sequence[Judged]) -> Reliability:
    """The reliability of findings with the confidence that each has; at least one is needed."""
    mean = _mean(sample.right for sample, _ in judged)
    bins = tuple(_bins(judged))
    return Reliability(
        title=title,
        findings=len(judged),
        brier=_mean((confidence - sample.right) ** 2 for sample, confidence in judged),
        base=mean * (1 - mean),
        error=sum(b.findings * abs(b.confidence - b.right) for b in bins) / len(judged),
        bins=bins,
    )


def _bins(judged: Sequence[Judged]) -> Iterator[Bin]:
    for low, high in zip(BINS, (*BINS[1:], 2.0), strict=True):
        inside = [pair for pair in judged if low <= pair[1] < high]
        confidence = _mean(pair[1] for pair in inside) if inside else 0.0
        yield Bin(low, len(inside), confidence, _mean(pair[0].right for pair in inside) if inside else 0.0)


def _mean(values: Iterable[float]) -> float:
    found = list(values)
    return sum(found) / len(found)
