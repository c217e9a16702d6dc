"""The lines of lists of trials in a language, as every page with such a list shows them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kg.rows import Name
from kg.search.entries import Line
from server.evidence import in_language
from server.negotiation import Language

# Arms and endpoints that one line has room for.
_MOST_NAMES = 3


@dataclass(frozen=True, slots=True)
class ListedTrial:
    """One trial of a list; ``experimental`` and ``comparators`` are arms, ``primary`` endpoints, by their best names.

    ``further_primary`` counts the primary endpoints that are not named; ``features`` are values of the facet "has".
    """

    key: str
    title: Name
    acronyms: tuple[str, ...]
    identifiers: tuple[str, ...]
    condition: Name | None
    experimental: tuple[Name, ...]
    comparators: tuple[Name, ...]
    primary: tuple[Name, ...]
    further_primary: int
    journal: str | None
    year: int | None
    randomised: str | None
    reports: int
    features: tuple[str, ...]


def listed(lines: Iterable[Line], language: Language) -> tuple[ListedTrial, ...]:
    """The lines for readers of the language."""
    return tuple(_listed(line, language) for line in lines)


def _listed(line: Line, language: Language) -> ListedTrial:
    instead = next(iter(line.acronyms), None) or ", ".join(line.identifiers) or line.key
    primary = _each(line.primary, language)
    return ListedTrial(
        key=line.key,
        title=in_language(line.titles, language) or Name(instead, language),
        acronyms=line.acronyms if line.titles else line.acronyms[1:],
        identifiers=line.identifiers if line.titles or line.acronyms else (),
        condition=in_language(line.conditions, language),
        experimental=_each(line.experimental, language)[:_MOST_NAMES],
        comparators=_each(line.comparators, language)[:_MOST_NAMES],
        primary=primary[:_MOST_NAMES],
        further_primary=len(primary[_MOST_NAMES:]),
        journal=next(iter(line.journals), None),
        year=line.year,
        randomised=None if line.randomised is None else f"{line.randomised:,}",
        reports=line.reports,
        features=line.features,
    )


def _each(groups: Iterable[tuple[Name, ...]], language: Language) -> tuple[Name, ...]:
    named = (in_language(names, language) for names in groups)
    return tuple(dict.fromkeys(name for name in named if name is not None))
