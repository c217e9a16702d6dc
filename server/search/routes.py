"""The addresses of the search: the page in both languages, and the same as JSON and as tables."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from kg.search.entries import Line
from kg.search.wanted import Wanted
from server.convertors import language_of, register
from server.interface import PREFIX
from server.negotiation import CSV, JSON, XLSX
from server.rendering import Alternate
from server.search.address import parameters, wanted_of
from server.search.data import SearchAnswer, search_answer
from server.search.page import search_page
from server.search.tables import search_table
from server.sheets import csv_bytes, xlsx_bytes
from server.site import data_response, entity_tag, frame_for, page_response, preferred_language, site_of, unchanged
from server.wording import word

register()
router = APIRouter()
interface = APIRouter(prefix=PREFIX, tags=["search"])
Asked = Annotated[Wanted, Depends(wanted_of)]

_PROBLEM: Final[dict[str, Any]] = {
    "content": {
        "application/problem+json": {
            "schema": {
                "type": "object",
                "properties": {
                    "type": {"const": "about:blank"},
                    "title": {"type": "string"},
                    "status": {"type": "integer", "minimum": 400, "maximum": 599},
                    "detail": {"type": "string"},
                    "limit": {"type": "string"},
                },
                "required": ["type", "title", "status", "detail"],
                "additionalProperties": False,
            }
        }
    }
}
_PROBLEMS: Final[dict[int | str, dict[str, Any]]] = {
    400: {**_PROBLEM, "description": "A parameter that cannot be used; the detail names it."},
    422: {**_PROBLEM, "description": "Never given."},
    503: {**_PROBLEM, "description": "Nothing is published, or it has no index of the search."},
}


@router.get("/{language:language}/search")
def search(request: Request, language: str, wanted: Asked) -> Response:
    """The trials that answer a question, with filters."""
    shown = language_of(language)
    site = site_of(request)
    snapshot = site.snapshots.newest()
    etag = entity_tag(request, snapshot.version)
    if (kept := unchanged(request, etag)) is not None:
        return kept
    context = search_page(site.snapshots.index(snapshot.version), wanted, shown, site.urls)
    asked = parameters(wanted)
    alternates = tuple(Alternate(wanted, site.urls.search_data(asked, wanted.name)) for wanted in (CSV, XLSX, JSON))
    return page_response(request, "search.html", frame_for(request, shown, alternates), context, etag=etag)


@interface.get("/search", response_model=SearchAnswer, responses=_PROBLEMS)
def search_data(request: Request, wanted: Asked) -> Response:
    """Trials by words and filters, a page at a time, with the counts of every facet."""
    site = site_of(request)
    snapshot = site.snapshots.newest()
    etag = entity_tag(request, snapshot.version)
    if (kept := unchanged(request, etag)) is not None:
        return kept
    found = site.snapshots.index(snapshot.version).find(wanted)
    body = json.dumps(asdict(search_answer(wanted, found, site.urls)), ensure_ascii=False)
    return data_response(body.encode("utf-8"), JSON, etag)


@interface.get(
    "/search.csv",
    response_class=Response,
    responses={**_PROBLEMS, 200: {"content": {CSV.media_type: {}}, "description": "The table."}},
)
def search_csv(request: Request, wanted: Asked) -> Response:
    """All trials that answer a question, ten thousand at most, as comma-separated values."""
    return data_response(csv_bytes(search_table(_all_lines(request, wanted), preferred_language(request))), CSV)


@interface.get(
    "/search.xlsx",
    response_class=Response,
    responses={**_PROBLEMS, 200: {"content": {XLSX.media_type: {}}, "description": "The table."}},
)
def search_xlsx(request: Request, wanted: Asked) -> Response:
    """The same as a workbook."""
    language = preferred_language(request)
    table = search_table(_all_lines(request, wanted), language)
    site = site_of(request)
    address = site.urls.base_iri.rstrip("/") + site.urls.search(language, parameters(wanted))
    return data_response(xlsx_bytes([table], {"trials": word("trials", language)}, address), XLSX)


def _all_lines(request: Request, wanted: Wanted) -> tuple[Line, ...]:
    snapshots = site_of(request).snapshots
    # The snapshot is held while its index is asked: nobody removes it.
    snapshot = snapshots.newest()
    return snapshots.index(snapshot.version).all_lines(wanted)
