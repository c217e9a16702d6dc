"""Which treatments of the lexicon the names of an arm speak of.

A name holds several: "resection plus systemic therapy". What a word of denial stands before is not given: an arm
"without surgery" speaks of no surgery.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from kg.rows import Name
from ontology import LANGUAGES, by_name, concept, forms, narrower, notations

_SCHEME: Final = "interventions"


@dataclass(frozen=True, slots=True)
class _Words:
    """The lexicon's forms in lower case, its codes as they are, and the words of denial of both languages."""

    forms: Mapping[str, str]
    codes: Mapping[str, str]
    denials: tuple[str, ...]
    longest: int


@cache
def _words() -> _Words:
    known = {form: iri for language in LANGUAGES for form, iri in forms(_SCHEME, language).items()}
    codes = notations(_SCHEME)
    denial = by_name("cues", "negation")
    denials = {*denial.preferred.values(), *(form for group in denial.alternatives.values() for form in group)}
    return _Words(known, codes, tuple(sorted(denials)), max(map(len, (*known, *codes))))


def treatments_of(names: Iterable[Name]) -> frozenset[str]:
    """The concepts that any of the names speaks of."""
    return frozenset().union(*(_treatments_in(name.text) for name in names))


@lru_cache(maxsize=100_000)
def _treatments_in(text: str) -> frozenset[str]:
    """The concepts of the longest forms in the text, from left to right, that are not denied."""
    words, folded = _words(), text.casefold()
    if len(folded) != len(text):
        folded = text.lower() if len(text.lower()) == len(text) else text
    found, place = set(), 0
    while place < len(text):
        end, iri = _longest(words, text, folded, place)
        if iri is not None and not _denied(words, folded[:place]):
            found.add(iri)
        place = end
    return frozenset(found)


def _longest(words: _Words, text: str, folded: str, start: int) -> tuple[int, str | None]:
    """Where the longest form that begins here ends, with its concept; the next place and nothing without one."""
    if not _boundary(text, start):
        return start + 1, None
    for end in range(min(len(text), start + words.longest), start, -1):
        if _boundary(text, end):
            iri = words.codes.get(text[start:end]) or words.forms.get(folded[start:end])
            if iri is not None:
                return end, iri
    return start + 1, None


def _boundary(text: str, place: int) -> bool:
    """Whether a word may begin or end here: not between two letters or digits of the Latin script."""
    return not 0 < place < len(text) or not (_latin(text[place - 1]) and _latin(text[place]))


def _latin(character: str) -> bool:
    return character.isalnum() and ord(character) < 0x2E80


def _denied(words: _Words, before: str) -> bool:
    kept = before.rstrip(" -\u2010\u2011\u2013")
    return any(kept.endswith(word) and _boundary(kept, len(kept) - len(word)) for word in words.denials)


@cache
def included(iri: str) -> frozenset[str]:
    """The concept and all narrower ones; empty for an IRI that the lexicon lacks."""
    return frozenset() if concept(iri) is None else frozenset({iri, *(one.iri for one in narrower(iri))})
