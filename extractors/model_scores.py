"""How right the shipped models are on the parts of the corpora that they have not learned from."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from extractors.corpora.annotated import Annotated, LabelledSpan, read_annotated
from extractors.corpora.articles import articles
from extractors.corpora.structured import labelled_abstracts, split
from extractors.pico_model import PicoSpan, pico_model
from extractors.sentence_roles import role_model

_RESAMPLES = 1000


@dataclass(frozen=True, slots=True)
class Agreement:
    """How many spans were given, how many are in the gold, and how many of each the other side confirms.

    ``exact``: same place and kind. ``near_given`` and ``near_gold``: spans that overlap one of the same kind.
    """

    given: int = 0
    gold: int = 0
    exact: int = 0
    near_given: int = 0
    near_gold: int = 0

    def __add__(self, other: Agreement) -> Agreement:
        return Agreement(
            self.given + other.given,
            self.gold + other.gold,
            self.exact + other.exact,
            self.near_given + other.near_given,
            self.near_gold + other.near_gold,
        )

    @property
    def exact_f1(self) -> float:
        """The F1 of spans with the same place and kind; 0 where there are none."""
        return 2 * self.exact / max(1, self.given + self.gold)

    @property
    def relaxed_f1(self) -> float:
        """The F1 of spans that overlap one of the same kind."""
        precision, recall = self.near_given / max(1, self.given), self.near_gold / max(1, self.gold)
        return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


@dataclass(frozen=True, slots=True)
class PicoScores:
    """Agreement over all kinds and for each; the intervals are the middle 95 % of a bootstrap over documents."""

    documents: int
    micro: Agreement
    kinds: dict[str, Agreement]
    exact_interval: tuple[float, float]
    relaxed_interval: tuple[float, float]


def pico_scores(folder: Path) -> PicoScores:
    """The scores of the shipped span model on a folder of ``.txt`` and ``.ann`` files."""
    kinds: dict[str, Agreement] = {}
    whole: list[Agreement] = []
    for document in read_annotated(folder):
        found = document_agreement(pico_model().spans(document.text), document)
        for kind, agreed in found.items():
            kinds[kind] = kinds.get(kind, Agreement()) + agreed
        whole.append(sum(found.values(), Agreement()))
    exact, relaxed = _bootstrap(whole)
    return PicoScores(len(whole), sum(whole, Agreement()), dict(sorted(kinds.items())), exact, relaxed)


def document_agreement(given: Sequence[PicoSpan], document: Annotated) -> dict[str, Agreement]:
    """The agreement of the spans given for a document with its gold, for each kind that either has."""
    kinds = {span.kind for span in given} | {span.kind for span in document.spans}
    return {
        kind: agreement([s for s in given if s.kind == kind], [s for s in document.spans if s.kind == kind])
        for kind in sorted(kinds)
    }


def agreement(given: Sequence[PicoSpan], gold: Sequence[LabelledSpan]) -> Agreement:
    """The agreement of spans of one kind in one document."""
    same = {(span.start, span.end) for span in given} & {(span.start, span.end) for span in gold}
    return Agreement(
        len(given),
        len(gold),
        len(same),
        sum(any(one.start < other.end and other.start < one.end for other in gold) for one in given),
        sum(any(one.start < other.end and other.start < one.end for other in given) for one in gold),
    )


def _bootstrap(whole: Sequence[Agreement]) -> tuple[tuple[float, float], tuple[float, float]]:
    drawn = random.Random(1)  # noqa: S311  (a fixed seed, so that the interval is the same each time)
    exact, relaxed = [], []
    for _ in range(_RESAMPLES):
        total = sum(drawn.choices(whole, k=len(whole)), Agreement())
        exact.append(total.exact_f1)
        relaxed.append(total.relaxed_f1)
    low, high = int(0.025 * _RESAMPLES), int(0.975 * _RESAMPLES)
    exact.sort()
    relaxed.sort()
    return (exact[low], exact[high]), (relaxed[low], relaxed[high])


@dataclass(frozen=True, slots=True)
class RoleScores:
    """Held-out abstracts and sentences, the share of sentences with the right role, and how roles were taken.

    ``taken`` counts (role by the heading, role told).
    """

    abstracts: int
    sentences: int
    accuracy: float
    taken: dict[tuple[str, str], int]


def role_accuracy(archive: Path) -> RoleScores:
    """The scores of the shipped role model on the held-out articles of the JATS archive (about 20 s to read)."""
    _, held = split(labelled_abstracts(articles(archive)))
    taken: Counter[tuple[str, str]] = Counter()
    for abstract in held:
        told = [role for role, _ in role_model().roles(abstract.sentences)]
        taken.update(zip(abstract.roles, told, strict=True))
    right = sum(count for (gold, told), count in taken.items() if gold == told)
    return RoleScores(len(held), taken.total(), right / taken.total(), dict(sorted(taken.items())))
