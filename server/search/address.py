"""What an address of the search says, and the addresses that a page of it leads to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Annotated, Final, Literal

from fastapi import Query

from kg.search.entries import CONCEPT_FACETS, FACETS
from kg.search.wanted import DEEPEST, LONGEST_TEXT, MOST_VALUES, ON_A_PAGE, SORTS, Sort, Wanted

Values = Annotated[list[str] | None, Query(max_length=MOST_VALUES)]
Year = Annotated[str, Query(pattern=r"^\s*[0-9]{0,4}\s*$")]
_DEEPEST_PAGE: Final = DEEPEST // ON_A_PAGE


def wanted_of(
    q: Annotated[
        str,
        Query(
            max_length=LONGEST_TEXT,
            description="Words in English or Chinese, a registry id, a DOI, an acronym; quoted words stand together.",
        ),
    ] = "",
    condition: Annotated[Values, Query(description="Names of concepts of the scheme conditions.")] = None,
    intervention: Annotated[Values, Query(description="Names of concepts of the scheme interventions.")] = None,
    endpoint: Annotated[Values, Query(description="Names of concepts of the scheme endpoints.")] = None,
    design: Annotated[Values, Query(description="Allocation, structure and framework: randomised, crossover.")] = None,
    phase: Annotated[Values, Query(description="Phases: phase-3.")] = None,
    masking: Annotated[Values, Query(description="Masking: double-blind.")] = None,
    country: Annotated[Values, Query(description="Countries of recruitment by their ISO 3166 codes: cn.")] = None,
    registry: Annotated[Values, Query(description="Names of concepts of the scheme registries.")] = None,
    size: Annotated[Values, Query(description="People randomised: 0-49, 50-99, 100-249, ..., 1000-.")] = None,
    # A page's own language has this name in the path.
    reports_in: Annotated[Values, Query(alias="language", description="Languages of the reports: en, zh.")] = None,
    has: Annotated[
        Values,
        Query(description="full-text, registry-record, inconsistent, retracted, several-reports, both-languages."),
    ] = None,
    concept: Annotated[
        str, Query(max_length=200, description="The path of any concept in use, such as endpoints/overall-survival.")
    ] = "",
    first: Annotated[Year, Query(alias="from", description="The first year of publication.")] = "",
    last: Annotated[Year, Query(alias="to", description="The last year of publication.")] = "",
    sort: Annotated[Literal["", "relevance", "newest", "oldest", "largest"], Query(description="The order.")] = "",
    page: Annotated[int, Query(ge=1, le=100_000, description=f"At most the page {_DEEPEST_PAGE} is given.")] = 1,
) -> Wanted:
    """The question that the parameters of an address ask."""
    chosen = {
        "condition": condition,
        "intervention": intervention,
        "endpoint": endpoint,
        "design": design,
        "phase": phase,
        "masking": masking,
        "country": country,
        "registry": registry,
        "size": size,
        "language": reports_in,
        "has": has,
    }
    text = q.strip()
    return Wanted(
        text=text,
        filters={facet: tuple(dict.fromkeys(filter(None, values))) for facet, values in chosen.items() if values},
        concept=concept.strip(),
        first_year=int(first) if first.strip() else None,
        last_year=int(last) if last.strip() else None,
        sort=sort or usual_sort(text),
        page=page,
    )


def usual_sort(text: str) -> Sort:
    """How trials are sorted if nobody says otherwise: words are more or less fitted, other filters are not."""
    return "relevance" if text else "newest"


def sorts_for(wanted: Wanted) -> tuple[Sort, ...]:
    """The orders that make sense for a question."""
    return SORTS if wanted.text else SORTS[1:]


def parameters(wanted: Wanted) -> tuple[tuple[str, str], ...]:
    """The parameters that ask the question, none for what goes without saying."""
    return tuple(_parameters(wanted))


def _parameters(wanted: Wanted) -> Iterator[tuple[str, str]]:
    if wanted.text:
        yield "q", wanted.text
    for facet in FACETS:
        for value in wanted.filters.get(facet, ()):
            yield facet, value
    if wanted.concept:
        yield "concept", wanted.concept
    if wanted.first_year is not None:
        yield "from", str(wanted.first_year)
    if wanted.last_year is not None:
        yield "to", str(wanted.last_year)
    if wanted.sort != usual_sort(wanted.text):
        yield "sort", wanted.sort
    if wanted.page > 1:
        yield "page", str(wanted.page)


def with_values(wanted: Wanted, facet: str, values: tuple[str, ...]) -> Wanted:
    """The same question with other values of one facet, from its first page on."""
    filters: Mapping[str, tuple[str, ...]] = {**wanted.filters, facet: values}
    return replace(wanted, filters={name: found for name, found in filters.items() if found}, page=1)


def without(wanted: Wanted, facet: str, value: str) -> Wanted:
    """The same question without one value of a facet."""
    return with_values(wanted, facet, tuple(one for one in wanted.filters.get(facet, ()) if one != value))


def concept_facet(path: str) -> str | None:
    """The facet that the concepts of a path's scheme are chosen by, where there is one facet for all of them."""
    facets = {scheme: facet for facet, scheme in CONCEPT_FACETS.items() if scheme != "designs"}
    return facets.get(path.partition("/")[0])


def trials_of(path: str) -> Wanted:
    """The question for the trials that use a concept, by its own facet where it has one."""
    facet = concept_facet(path)
    if facet is not None:
        return Wanted(filters={facet: (path.partition("/")[2],)}, sort="newest")
    return Wanted(concept=path, sort="newest")
