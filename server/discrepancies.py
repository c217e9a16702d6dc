"""The page of all numbers that do not fit, for editors: by kind of check, each with the way to its arithmetic."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

import ontology
from kg import check_queries, rows
from kg.stores import ReadableStore
from ontology import label
from server.checks import anchor_of
from server.convertors import language_of, register
from server.evidence import in_language, last_segment
from server.negotiation import Language
from server.paging import Part, part_of
from server.problems import Problem
from server.site import entity_tag, frame_for, page_response, site_of, unchanged

register()
router = APIRouter()


@dataclass(frozen=True, slots=True)
class KindCount:
    """A kind of check and how many checks of it failed; ``chosen`` where the page shows only these."""

    name: str
    iri: str
    number: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class DiscrepancyLine:
    """One failed check: its trial, what it found in words, and its anchor on the trial's page."""

    key: str
    title: rows.Name
    kind: str
    explanation: rows.Name | None
    anchor: str


@dataclass(frozen=True, slots=True)
class DiscrepanciesPage:
    """One page of the failed checks; ``kind`` is the name of the only kind shown, empty for all."""

    kind: str
    kinds: tuple[KindCount, ...]
    lines: tuple[DiscrepancyLine, ...]
    part: Part


@router.get("/{language:language}/discrepancies")
def discrepancies(
    request: Request, language: str, kind: str = "", page: Annotated[int, Query(ge=1, le=100_000)] = 1
) -> Response:
    """The failed checks of all reports, or those of one kind."""
    shown = language_of(language)
    if kind and kind not in ontology.notations("checks", "check-kind"):
        raise Problem(404, f"there is no kind of check called {kind}")
    snapshot = site_of(request).snapshots.newest()
    etag = entity_tag(request, snapshot.version)
    if (kept := unchanged(request, etag)) is not None:
        return kept
    context = discrepancies_page(snapshot.store, kind, page, shown)
    return page_response(request, "discrepancies.html", frame_for(request, shown), context, etag=etag)


def discrepancies_page(store: ReadableStore, kind: str, number: int, language: Language) -> DiscrepanciesPage:
    """The page with that number of the failed checks, or of those of one kind.

    The database counts them for each trial; only the trials of the page are asked for their checks.
    """
    counts = check_queries.failed_check_counts(store)
    counted: Counter[str] = Counter()
    for count in counts:
        counted[count.kind] += count.number
    kinds = [
        KindCount(last_segment(iri), iri, count, last_segment(iri) == kind)
        for iri, count in sorted(counted.items(), key=lambda each: (-each[1], label(each[0], language)))
    ]
    by_trial: Counter[str] = Counter()
    for count in counts:
        if not kind or last_segment(count.kind) == kind:
            by_trial[count.trial] += count.number
    part = part_of(by_trial.total(), number)
    lines = (_line(check, language) for check in _of_part(store, by_trial, part, kind))
    return DiscrepanciesPage(kind, tuple(kinds), tuple(lines), part)


def _of_part(store: ReadableStore, by_trial: Mapping[str, int], part: Part, kind: str) -> Iterator[rows.FailedCheck]:
    """The failed checks of the page, trial by trial in the order given."""
    before = 0
    for trial, number in by_trial.items():
        first, end = max(part.first - before, 0), min(part.end - before, number)
        before += number
        if first < end:
            failed = check_queries.failed_checks(store, trial)
            yield from [check for check in failed if not kind or last_segment(check.kind) == kind][first:end]


def _line(check: rows.FailedCheck, language: Language) -> DiscrepancyLine:
    title = in_language(check.titles, language) or rows.Name(check.key, language)
    return DiscrepancyLine(
        check.key, title, check.kind, in_language(check.explanations, language), anchor_of(check.iri)
    )
