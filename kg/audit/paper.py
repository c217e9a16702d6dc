"""Runs every check over one report: its document and its findings in, the checks in the order of the families out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from extractors.documents import Document
from extractors.findings import Contrast, Facts
from extractors.normal import normalise
from extractors.printed.passages import Passage, passages
from kg.audit import (
    arms,
    baseline,
    conclusions,
    dates,
    effects,
    estimates,
    flow,
    identifiers,
    means,
    plans,
    probabilities,
    rates,
    repeats,
    shares,
    subgroups,
)
from kg.audit.cells import Labels
from kg.audit.checks import Check, Input, Labelled
from kg.audit.doubts import without_doubts
from kg.audit.rereading import reread

_DISCUSSION: Final = frozenset({"discussion"})
# Designs whose sample size is not that of two independent groups.
_SPECIAL: Final = frozenset({"crossover", "cluster", "factorial", "non-inferiority", "equivalence"})


@dataclass(frozen=True)
class Paper:
    """What checks read: a document, its findings, and the sentences that state facts of the trial."""

    document: Document
    facts: Facts

    @cached_property
    def normal(self) -> str:
        """The text with one spelling of dashes, points and full-width signs."""
        return normalise(self.document.text)

    @cached_property
    def folded(self) -> str:
        """The normal text without capitals, for a quick look whether a word stands in it."""
        return self.normal.casefold()

    @cached_property
    def passages(self) -> tuple[Passage, ...]:
        """The sentences of the parts that speak of this trial."""
        return tuple(passages(self.document, self.normal))

    @cached_property
    def discussion(self) -> tuple[Passage, ...]:
        """The sentences that speak of other trials."""
        return tuple(passages(self.document, self.normal, _DISCUSSION))


@dataclass(frozen=True, slots=True)
class Audited:
    """The findings, with those that were read again, and every check that was made."""

    facts: Facts
    checks: tuple[Check, ...]


def audit(document: Document, facts: Facts) -> Audited:
    """Every check that the report's findings and text call for; those that fail have the verdict "inconsistent".

    A registry record is not a printed text: its fields stay as the registry gives them.
    """
    if document.record is not None:
        return Audited(facts, ())
    again = reread(facts)
    paper = Paper(document, again.facts)
    labels = Labels(document)
    placed = (_in_tables(one, labels) for one in _checks(paper))
    found = (*again.taken, *without_doubts(placed, document, again.facts, paper.normal))
    # What is printed in the abstract and again in the text is checked once.
    once = {(one.kind, one.verdict, tuple(read.text for read in one.inputs)): one for one in reversed(found)}
    return Audited(again.facts, tuple(reversed(once.values())))


def _in_tables(one: Check, labels: Labels) -> Check:
    """The check; one that fails with what its numbers stand under in tables."""
    if one.verdict != "inconsistent":
        return one
    return replace(one, inputs=tuple(replace(read, cell=_cell(labels, read)) for read in one.inputs))


def _cell(labels: Labels, read: Input) -> Labelled | None:
    """What the input stands under: by its shortest evidence, which is the cell where a row is given too."""
    pieces = [piece for piece in read.evidence if piece.supports not in ("row", "column")]
    if not pieces:
        return None
    shortest = min(pieces, key=lambda piece: piece.end - piece.start)
    return labels.at(shortest.start, shortest.end)


def _checks(paper: Paper) -> Iterator[Check]:
    facts = paper.facts
    yield from estimates.printed_checks(paper.passages)
    yield from _estimates(paper)
    for result in facts.arm_results:
        yield from estimates.arm_checks(result)
    yield from means.mean_checks(facts)
    yield from arms.arm_checks(facts, paper.document.text)
    yield from effects.effect_checks(facts)
    yield from baseline.baseline_checks(facts.baseline, facts.arms)
    yield from subgroups.subgroup_checks(facts.arm_results)
    if facts.article is not None:
        yield from flow.flow_checks(facts.article.flow, len(facts.arms))
    yield from shares.share_checks(facts, paper.passages)
    yield from rates.rate_checks(paper.passages, paper.folded)
    yield from repeats.repeat_checks(facts, paper.document)
    yield from conclusions.conclusion_checks(facts, paper.document)
    yield from plans.plan_checks(paper.passages, len(facts.arms), special=_special(facts))
    yield from dates.date_checks(paper.document, facts, paper.passages)
    yield from identifiers.identifier_checks(paper.document, facts, paper.passages, paper.discussion)


def _special(facts: Facts) -> bool:
    """Whether the design is another than two or more groups side by side, tested for a difference."""
    return any(fact.value in _SPECIAL for fact in facts.design)


def _estimates(paper: Paper) -> Iterator[Check]:
    """Every estimate against its interval, then the p-value against both where they fit each other."""
    one_sided = probabilities.speaks_of_one_side(paper.folded)
    margin = any(fact.value in ("non-inferiority", "equivalence") for fact in paper.facts.design)
    for contrast in with_levels(paper.facts.contrasts):
        found = list(estimates.contrast_checks(contrast))
        yield from found
        if all(one.verdict != "inconsistent" for one in found):
            yield from probabilities.contrast_checks(contrast, one_sided, margin)


def with_levels(contrasts: tuple[Contrast, ...]) -> Iterator[Contrast]:
    """The estimates, those whose interval prints no level with the one level that all others have."""
    levels = {c.interval.level.value: c.interval.level for c in contrasts if c.interval and c.interval.level}
    for contrast in contrasts:
        interval = contrast.interval
        if interval is not None and interval.level is None and len(levels) == 1:
            yield replace(contrast, interval=replace(interval, level=next(iter(levels.values()))))
        else:
            yield contrast
