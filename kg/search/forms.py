"""Finds the concepts of the lexicon that a text names, in either language, by its longest forms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from kg.search.words import is_signs, pieces
from ontology import Concept, by_name, concept, concepts, narrower
from ontology.vocabulary import CONCEPTS

# The schemes whose words are looked for; of the designs, what a trial is like and not what the lexicon is made of.
_SCHEMES: Final = ("conditions", "interventions", "endpoints", "measures", "registries")
_COUNTRIES: Final = "countries"
_DESIGNS: Final = ("allocation", "structure", "framework", "masking", "phase")
# A short word may be another word in a text; in a question it is what was meant.
_SHORTEST_IN_A_TEXT: Final = 4

Unit = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some pieces of a text in a row: the words of a form, and the concepts that it names, or neither."""

    pieces: tuple[str, ...]
    concepts: tuple[str, ...] = ()


def path_of(iri: str) -> str:
    """The short name of a concept, such as ``endpoints/overall-survival``."""
    return iri.removeprefix(CONCEPTS)


@cache
def with_broader(path: str) -> frozenset[str]:
    """The concept and all that are broader, at any height; nothing for a path that names no concept."""
    found = concept(CONCEPTS + path)
    if found is None:
        return frozenset()
    above = {path}
    waiting = [found]
    while waiting:
        for iri in waiting.pop().broader:
            other = concept(iri)
            if other is not None and path_of(iri) not in above:
                above.add(path_of(iri))
                waiting.append(other)
    return frozenset(above)


def labels(path: str) -> tuple[str, ...]:
    """All that a concept is called, in both languages, hidden labels left out."""
    found = concept(CONCEPTS + path)
    if found is None:
        return ()
    others = (label for group in found.alternatives.values() for label in group)
    return tuple(dict.fromkeys((*found.preferred.values(), *others, *found.notations)))


def stretches(text: str) -> tuple[Stretch, ...]:
    """A question cut into the longest forms of the lexicon and the words between them."""
    found: list[Stretch] = []
    units = _units(pieces(text))
    known, longest = _forms()
    at = 0
    between: list[str] = []
    while at < len(units):
        for end in range(min(len(units), at + longest), at, -1):
            if (named := known.get(tuple(units[at:end]))) is not None:
                found.extend(_loose(between))
                between = []
                found.append(Stretch(_joined(units[at:end]), named))
                at = end
                break
        else:
            between.append(units[at])
            at += 1
    found.extend(_loose(between))
    return tuple(found)


def mentioned(texts: Iterable[str]) -> set[str]:
    """The concepts that texts name, by forms that are long enough to be no other word."""
    known, longest = _forms()
    found: set[str] = set()
    for text in texts:
        units = _units(pieces(text))
        at = 0
        while at < len(units):
            for end in range(min(len(units), at + longest), at, -1):
                form = tuple(units[at:end])
                if form in known and _telling(form):
                    found.update(known[form])
                    at = end
                    break
            else:
                at += 1
    return found


def _telling(form: Sequence[str]) -> bool:
    if is_signs(form[0]):
        return len(form) > 1
    return sum(map(len, form)) >= _SHORTEST_IN_A_TEXT


def _units(found: Iterable[str]) -> list[str]:
    return [unit for piece in found for unit in (piece if is_signs(piece) else (piece,))]


def _joined(units: Sequence[str]) -> tuple[str, ...]:
    """Units with the Chinese characters of each run put together again."""
    joined: list[str] = []
    for unit in units:
        if joined and is_signs(unit) and is_signs(joined[-1]):
            joined[-1] += unit
        else:
            joined.append(unit)
    return tuple(joined)


def _loose(units: Sequence[str]) -> Iterator[Stretch]:
    return (Stretch((piece,)) for piece in _joined(units))


@cache
def _forms() -> tuple[Mapping[Unit, tuple[str, ...]], int]:
    """The concepts of each form, by its units, and the number of units of the longest."""
    found: dict[Unit, set[str]] = {}
    for entry in _searched():
        spoken = (entry.preferred.values(), *entry.alternatives.values(), *entry.hidden.values(), entry.notations)
        if entry.scheme == _COUNTRIES:
            # Codes such as "IN" are other words in a question.
            spoken = spoken[:-1]
        for form in {form for group in spoken for form in group}:
            if units := tuple(_units(pieces(form))):
                found.setdefault(units, set()).add(path_of(entry.iri))
    return {form: tuple(sorted(named)) for form, named in found.items()}, max(map(len, found))


def _searched() -> Iterator[Concept]:
    for scheme in _SCHEMES:
        yield from concepts(scheme)
    # What has no code is no country but a word by which countries are read.
    yield from (country for country in concepts(_COUNTRIES) if country.notations)
    for aspect in _DESIGNS:
        yield from narrower(by_name("designs", aspect).iri)
