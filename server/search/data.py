"""The answer of the search as data: what the page shows, for programs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kg.rows import Name
from kg.search.entries import Line
from kg.search.wanted import Found, Understood, Wanted
from ontology.vocabulary import LANGUAGES
from server.search.page import value_name
from server.urls import Urls


@dataclass(frozen=True, slots=True)
class FoundTrial:
    """A trial: its key, the address of all that is known of it, and what the list of trials says."""

    key: str
    data: str
    titles: tuple[Name, ...]
    acronyms: tuple[str, ...]
    identifiers: tuple[str, ...]
    conditions: tuple[Name, ...]
    experimental: tuple[tuple[Name, ...], ...]
    comparators: tuple[tuple[Name, ...], ...]
    primary: tuple[tuple[Name, ...], ...]
    journals: tuple[str, ...]
    year: int | None
    randomised: int | None
    reports: int
    features: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CountedValue:
    """A value of a facet, as the parameter of that name takes it, its names, and how many trials have it."""

    value: str
    names: Mapping[str, str]
    trials: int


@dataclass(frozen=True, slots=True)
class Years:
    """How many trials were first published from one year to another."""

    first: int
    last: int
    trials: int


@dataclass(frozen=True, slots=True)
class SearchAnswer:
    """A page of the trials that answer a question.

    The counts of a facet leave its own filter out, so that they say what another value of it would give.
    """

    total: int
    page: int
    last_page: int
    sort: str
    trials: tuple[FoundTrial, ...]
    facets: Mapping[str, tuple[CountedValue, ...]]
    years: tuple[Years, ...]
    understood: Understood


def search_answer(wanted: Wanted, found: Found, urls: Urls) -> SearchAnswer:
    """What was found, as data."""
    return SearchAnswer(
        total=found.total,
        page=found.page,
        last_page=found.last_page,
        sort=wanted.sort,
        trials=tuple(_trial(line, urls) for line in found.trials),
        facets={
            facet: tuple(CountedValue(one.value, _names(facet, one.value), one.trials) for one in shares)
            for facet, shares in found.facets.items()
        },
        years=tuple(Years(first, first + 4, trials) for first, trials in found.years),
        understood=found.understood,
    )


def _trial(line: Line, urls: Urls) -> FoundTrial:
    return FoundTrial(
        key=line.key,
        data=urls.trial_data(line.key, "json"),
        titles=line.titles,
        acronyms=line.acronyms,
        identifiers=line.identifiers,
        conditions=line.conditions,
        experimental=line.experimental,
        comparators=line.comparators,
        primary=line.primary,
        journals=line.journals,
        year=line.year,
        randomised=line.randomised,
        reports=line.reports,
        features=line.features,
    )


def _names(facet: str, value: str) -> dict[str, str]:
    named = ((language, value_name(facet, value, language)) for language in LANGUAGES)
    return {language: name for language, name in named if name is not None}
