"""What the page of the search shows: trials, filters with their counts, and how the words were understood."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from kg.search.entries import CONCEPT_FACETS, FACETS
from kg.search.finding import SearchIndex
from kg.search.forms import with_broader
from kg.search.wanted import Companion, Found, Share, Understood, Wanted
from ontology import by_name, label
from ontology.vocabulary import CONCEPTS
from server.negotiation import Language
from server.search.address import parameters, sorts_for, usual_sort, with_values, without
from server.search.listing import ListedTrial, listed
from server.urls import Urls

# Values of a facet that are shown at once, and suggestions.
_SHOWN = 8
_SUGGESTED = 6


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a facet: its name in the page's language, and how many trials it leaves."""

    value: str
    name: str
    trials: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Filter:
    """One facet: the values that are shown at once, those chosen among them, and the others."""

    name: str
    choices: tuple[Choice, ...]
    further: tuple[Choice, ...]
    chosen: int


@dataclass(frozen=True, slots=True)
class Led:
    """A link of the page: what it says, where it leads, how many trials are there, whether that is where we are."""

    name: str
    href: str
    trials: int | None = None
    here: bool = False
    facet: str = ""


@dataclass(frozen=True, slots=True)
class SearchPage:
    """Everything that the page of the search shows.

    ``removals`` lead to the question without one of its filters, ``all_removed`` to its words alone. ``concepts`` are
    those that the words name, ``suggestions`` those that they may be about to name.
    """

    wanted: Wanted
    total: int
    trials: tuple[ListedTrial, ...]
    number: int
    last: int
    previous: str | None
    next: str | None
    filters: tuple[Filter, ...]
    periods: tuple[Led, ...]
    removals: tuple[Led, ...]
    all_removed: str
    sorts: tuple[Led, ...]
    understood: Understood
    concepts: tuple[str, ...]
    suggestions: tuple[Led, ...]
    carried: tuple[tuple[str, str], ...]


def search_page(index: SearchIndex, wanted: Wanted, language: Language, urls: Urls) -> SearchPage:
    """The page that answers a question."""
    found = index.find(wanted)
    here = replace(wanted, page=found.page)

    def address(other: Wanted) -> str:
        return urls.search(language, parameters(other))

    removals = tuple(_removals(here, language, urls))
    return SearchPage(
        wanted=here,
        total=found.total,
        trials=listed(found.trials, language),
        number=found.page,
        last=found.last_page,
        previous=address(replace(here, page=found.page - 1)) if found.page > 1 else None,
        next=address(replace(here, page=found.page + 1)) if found.page < found.last_page else None,
        filters=tuple(_filters(here, found, language)),
        periods=tuple(_periods(here, found, language, urls)),
        removals=removals,
        all_removed=address(Wanted(text=here.text, sort=here.sort)),
        sorts=tuple(
            Led(f"sort-{sort}", address(replace(here, sort=sort, page=1)), here=sort == here.sort)
            for sort in sorts_for(here)
        ),
        understood=found.understood,
        concepts=tuple(CONCEPTS + path for path in found.understood.concepts),
        suggestions=tuple(_suggestions(index, here, found, language, urls)),
        carried=_carried(here),
    )


def value_name(facet: str, value: str, language: Language) -> str | None:
    """What a value of a facet is called, ``None`` for a value that there cannot be."""
    if facet in CONCEPT_FACETS:
        path = f"{CONCEPT_FACETS[facet]}/{value}"
        return label(CONCEPTS + path, language) if with_broader(path) else None
    if facet == "size":
        low, _, high = value.partition("-")
        return label(by_name("interface", "size-range" if high else "size-from").iri, language).format(
            low=low, high=high
        )
    names = {"language": f"reports-in-{value}", "has": f"has-{value}"}
    return label(by_name("interface", names[facet]).iri, language)


def _known_name(facet: str, value: str, language: Language) -> str:
    """The name of a value that came with an address, which may be anything: the value itself where it has none."""
    try:
        return value_name(facet, value, language) or value
    except LookupError:
        return value


def _filters(wanted: Wanted, found: Found, language: Language) -> Iterator[Filter]:
    for facet in FACETS:
        chosen = wanted.filters.get(facet, ())
        shares = {share.value: share for share in found.facets[facet]}
        shares |= {value: Share(value, 0) for value in chosen if value not in shares}
        choices = [
            Choice(share.value, name, share.trials, share.value in chosen)
            for share in shares.values()
            if (name := _known_name(facet, share.value, language))
        ]
        if facet == "size":
            choices.sort(key=lambda choice: int(choice.value.partition("-")[0]) if choice.value[:1].isdigit() else -1)
        first = [choice for at, choice in enumerate(choices) if choice.chosen or at < _SHOWN]
        further = [choice for at, choice in enumerate(choices) if not choice.chosen and at >= _SHOWN]
        if choices:
            yield Filter(facet, tuple(first), tuple(further), len(chosen))


def _periods(wanted: Wanted, found: Found, language: Language, urls: Urls) -> Iterator[Led]:
    for first, trials in reversed(found.years):
        other = replace(wanted, first_year=first, last_year=first + 4, page=1)
        here = (wanted.first_year, wanted.last_year) == (first, first + 4)
        yield Led(f"{first}–{first + 4}", urls.search(language, parameters(other)), trials, here)


def _removals(wanted: Wanted, language: Language, urls: Urls) -> Iterator[Led]:
    for facet in FACETS:
        for value in wanted.filters.get(facet, ()):
            name = _known_name(facet, value, language)
            yield Led(name, urls.search(language, parameters(without(wanted, facet, value))), facet=facet)
    if wanted.concept:
        path = wanted.concept
        name = label(CONCEPTS + path, language) if with_broader(path) else path
        yield Led(name, urls.search(language, parameters(replace(wanted, concept="", page=1))), facet="concept")
    if wanted.first_year is not None or wanted.last_year is not None:
        years = f"{wanted.first_year or ''}–{wanted.last_year or ''}"
        other = replace(wanted, first_year=None, last_year=None, page=1)
        yield Led(years, urls.search(language, parameters(other)), facet="year")


def _suggestions(index: SearchIndex, wanted: Wanted, found: Found, language: Language, urls: Urls) -> Iterator[Led]:
    """Concepts to go on with: those that the words may be the beginning of, and are not the name of."""
    named = set(found.understood.concepts)
    for companion in index.suggestions(wanted.text, _SUGGESTED + len(named)) if wanted.text else ():
        path = f"{CONCEPT_FACETS[companion.facet]}/{companion.value}"
        if path not in named:
            yield suggestion(companion, language, urls)


def suggestion(companion: Companion, language: Language, urls: Urls) -> Led:
    """The link to the trials that use a concept."""
    name = label(f"{CONCEPTS}{CONCEPT_FACETS[companion.facet]}/{companion.value}", language)
    other = with_values(Wanted(sort=usual_sort("")), companion.facet, (companion.value,))
    return Led(name, urls.search(language, parameters(other)), companion.trials, facet=companion.facet)


def _carried(wanted: Wanted) -> tuple[tuple[str, str], ...]:
    """What a form has to send beside its fields."""
    carried = [("concept", wanted.concept)] if wanted.concept else []
    if wanted.sort != usual_sort(wanted.text):
        carried.append(("sort", wanted.sort))
    return tuple(carried)
