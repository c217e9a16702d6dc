"""What a page shows of the checks: how many passed, failed or were not possible, and the arithmetic of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from kg import rows
from kg.audit.checks import items
from ontology import by_name
from server.evidence import EvidenceIndex, Excerpt, in_language, last_segment
from server.negotiation import Language

# The verdicts in the order in which a reader wants them, each with the word of the page for it.
_WORDS: Final = (("inconsistent", "checks-failed"), ("consistent", "checks-passed"), ("cannot-tell", "checks-open"))


@dataclass(frozen=True, slots=True)
class ShownCheck:
    """One check: its anchor on the page, its kind, what it found in words, and the sentences of each number.

    ``items`` are the IRIs of the items of INSPECT-SR that it answers in part.
    """

    anchor: str
    kind: str
    items: tuple[str, ...]
    explanation: rows.Name | None
    sides: tuple[tuple[Excerpt, ...], ...]


@dataclass(frozen=True, slots=True)
class Tally:
    """The checks of one verdict; ``word`` is the page's word for it.

    ``checks`` is empty where only their number is shown.
    """

    verdict: str
    word: str
    number: int
    checks: tuple[ShownCheck, ...]


def failed_anchors(checks: Iterable[rows.Check]) -> Mapping[str, str]:
    """The anchor of the first failed check that involves each finding."""
    wrong = by_name("checks", "inconsistent").iri
    found: dict[str, str] = {}
    for check in checks:
        if check.verdict == wrong:
            for node in check.involves:
                found.setdefault(node, anchor_of(check.iri))
    return found


def tallies(
    checks: Sequence[rows.Check],
    index: EvidenceIndex,
    language: Language,
    counts: Mapping[str, int] = MappingProxyType({}),
) -> tuple[Tally, ...]:
    """The checks by verdict, failed ones first; a verdict that no check has is left out.

    ``counts`` are those of the verdicts where only a part of the checks has been asked for.
    """
    made = []
    for name, word in _WORDS:
        verdict = by_name("checks", name).iri
        chosen = [check for check in checks if check.verdict == verdict]
        if number := counts.get(verdict, len(chosen)):
            made.append(Tally(name, word, number, _shown(chosen, index, language)))
    return tuple(made)


def _shown(checks: Sequence[rows.Check], index: EvidenceIndex, language: Language) -> tuple[ShownCheck, ...]:
    chosen = sorted(
        checks,
        key=lambda check: (check.kind, min(map(index.place, check.involves)), check.iri),
    )
    return tuple(
        ShownCheck(
            anchor=anchor_of(check.iri),
            kind=check.kind,
            items=items(check.kind),
            explanation=in_language(check.explanations, language),
            sides=_sides(check, index),
        )
        for check in chosen
    )


def anchor_of(check: str) -> str:
    """The anchor of a check, by its IRI, on the page of its trial."""
    return f"check-{last_segment(check)}"


def _sides(check: rows.Check, index: EvidenceIndex) -> tuple[tuple[Excerpt, ...], ...]:
    """The sentences of each thing involved; things that were read from the same sentences stand there once."""
    found: dict[tuple[str, ...], tuple[Excerpt, ...]] = {}
    for node in check.involves:
        excerpts = index.excerpts(node)
        if excerpts:
            found.setdefault(tuple(excerpt.quote for excerpt in excerpts), excerpts)
    return tuple(found.values())
