"""The comparison of chosen trials at its address, in each language, and its tables as files."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response

from kg.search.finding import IndexMissing
from server.compare.chosen import LONGEST, Chosen, chosen
from server.compare.data import CompareAnswer, compare_answer
from server.compare.page import ComparePage, compare_page
from server.compare.tables import NAMES, comparison, results
from server.contexts import TrialPage, trial_page
from server.convertors import language_of, register
from server.facts import gather_brief
from server.interface import PREFIX, PROBLEM
from server.negotiation import CSV, JSON, XLSX, Language
from server.problems import Problem
from server.related import related
from server.rendering import Alternate
from server.search.listing import ListedTrial, listed
from server.sheets import csv_bytes, xlsx_bytes
from server.site import data_response, entity_tag, frame_for, page_response, site_of, unchanged
from server.snapshot import Snapshot
from server.wording import word

_FILES: Final = {wanted.name: wanted for wanted in (XLSX, CSV)}
_SUGGESTED: Final = 6
_Trials = Annotated[list[Annotated[str, Query(max_length=LONGEST)]] | None, Query(max_length=100)]

_PROBLEMS: Final[dict[int | str, dict[str, Any]]] = {
    400: {**PROBLEM, "description": "No parameter names a trial, or one is too long."},
    422: {**PROBLEM, "description": "Never given."},
    503: {**PROBLEM, "description": "Nothing is published."},
}

register()
router = APIRouter()
interface = APIRouter(prefix=PREFIX, tags=["compare"])


@interface.get("/compare", response_model=CompareAnswer, responses=_PROBLEMS)
def compare_data(request: Request, trial: _Trials = None, language: Literal["en", "zh"] = "en") -> Response:
    """Up to eight trials side by side; each is named by its key or by any other identifier."""
    site = site_of(request)
    snapshot = site.snapshots.newest()
    found = chosen(snapshot.store, trial or ())
    if not (found.trials or found.unknown or found.several):
        raise Problem(400, "trial: name one to eight trials by their identifiers")
    etag = entity_tag(request, snapshot.version)
    if (kept := unchanged(request, etag)) is not None:
        return kept
    made, _ = _page(request, snapshot, found, language)
    body = json.dumps(asdict(compare_answer(made, site.urls)), ensure_ascii=False)
    return data_response(body.encode("utf-8"), JSON, etag)


@router.get("/{language:language}/compare")
def page(request: Request, language: str, trial: _Trials = None) -> Response:
    """Up to eight trials side by side; each is named by its key or by any other identifier."""
    shown = language_of(language)
    site = site_of(request)
    snapshot = site.snapshots.newest()
    found = chosen(snapshot.store, trial or ())
    complete = not (found.unknown or found.several or found.left)
    if complete and request.query_params.multi_items() != found.parameters:
        return RedirectResponse(site.urls.compare(shown, found.parameters), 302)
    etag = entity_tag(request, snapshot.version)
    if (kept := unchanged(request, etag)) is not None:
        return kept
    made, _ = _page(request, snapshot, found, shown)
    alternates = tuple(
        Alternate(one, site.urls.compare(shown, found.parameters, one.name)) for one in _FILES.values() if made.columns
    )
    return page_response(request, "compare.html", frame_for(request, shown, alternates), made, etag=etag)


@router.get("/{language:language}/compare.{extension}")
def file(request: Request, language: str, extension: str, trial: _Trials = None, table: str = "comparison") -> Response:
    """The comparison as it is shown, or all effect estimates of the trials; the workbook holds both."""
    wanted = _FILES.get(extension)
    if wanted is None:
        raise Problem(404, f"a comparison is not written as .{extension}; there are {', '.join(_FILES)}")
    if table not in NAMES:
        raise Problem(400, f"table: one of {', '.join(NAMES)}")
    shown = language_of(language)
    snapshot = site_of(request).snapshots.newest()
    found = chosen(snapshot.store, trial or ())
    if not found.trials:
        raise Problem(400, "trial: name one to eight trials by their identifiers")
    etag = entity_tag(request, snapshot.version)
    if (kept := unchanged(request, etag)) is not None:
        return kept
    made, trials = _page(request, snapshot, found, shown)
    tables = (comparison(made, shown), results(trials, shown))
    if wanted == XLSX:
        address = site_of(request).urls.base_iri.rstrip("/") + site_of(request).urls.compare(shown, found.parameters)
        body = xlsx_bytes(tables, {name: word(f"compare-table-{name}", shown) for name in NAMES}, address)
    else:
        body = csv_bytes(next(one for one in tables if one.name == table))
    response = data_response(body, wanted, etag)
    name = f"compare-{table}" if wanted == CSV else "compare"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{wanted.name}"'
    return response


def _page(
    request: Request, snapshot: Snapshot, found: Chosen, language: Language
) -> tuple[ComparePage, tuple[TrialPage, ...]]:
    briefs = (gather_brief(snapshot.store, trial) for trial in found.trials)
    trials = tuple(trial_page(brief.facts, language, brief.quotes) for brief in briefs)
    suggested = _suggested(request, snapshot, found, language)
    return compare_page(found, trials, suggested, language, site_of(request).urls), trials


def _suggested(request: Request, snapshot: Snapshot, found: Chosen, language: Language) -> tuple[ListedTrial, ...]:
    """Trials like the first one that are not chosen yet; none where the search has no index."""
    if not found.trials:
        return ()
    try:
        index = site_of(request).snapshots.index(snapshot.version)
    except IndexMissing:
        return ()
    there = {trial.key for trial in found.trials}
    lines = related(index, found.trials[0].key, _SUGGESTED + len(there))
    return listed([line for line in lines if line.key not in there][:_SUGGESTED], language)
