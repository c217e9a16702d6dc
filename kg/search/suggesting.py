"""Names the concepts that a reader may be about to write, by what their labels begin with."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from functools import cache
from typing import Final

from kg.search.entries import CONCEPT_FACETS, SUGGESTED
from kg.search.forms import labels, path_of
from kg.search.words import is_signs, normal, spelt
from ontology import concepts

# How many labels are looked at: after one or two letters there are thousands.
_MOST_LABELS: Final = 400
_SHORTEST: Final = 2


def begun(text: str) -> tuple[str, ...]:
    """The paths of conditions, interventions and endpoints with a label that the text begins."""
    wanted = _spelt(text)
    if len(wanted) < _SHORTEST and not (wanted and is_signs(wanted)):
        return ()
    known = _endings()
    at = bisect_left(known, (wanted, ""))
    found: dict[str, None] = {}
    for label, path in known[at : at + _MOST_LABELS]:
        if not label.startswith(wanted):
            break
        found.setdefault(path)
    return tuple(found)


@cache
def _endings() -> tuple[tuple[str, str], ...]:
    """Labels with the path of their concept, sorted; those that pages show from each of their words on, too."""
    found: set[tuple[str, str]] = set()
    for facet in SUGGESTED:
        for concept in concepts(CONCEPT_FACETS[facet]):
            path = path_of(concept.iri)
            found |= {(_spelt(label), path) for label in labels(path)}
            shown = (_spelt(label) for label in concept.preferred.values())
            found |= {(ending, path) for label in shown for ending in _from_each_word(label)}
    return tuple(sorted(found))


def _spelt(text: str) -> str:
    return " ".join(spelt(text)) or normal(text).strip()


def _from_each_word(label: str) -> Iterator[str]:
    for at, sign in enumerate(label):
        if at == 0 or label[at - 1] == " " or is_signs(sign):
            yield label[at:]
