"""The addresses of a question: its page in each language, and what can be taken away from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from kg.question.queries import question_concepts
from kg.question.results import Result, Wanted, result
from kg.stores import ReadableStore
from ontology import concept
from server.convertors import language_of, register
from server.question.address import Address, question_of, read_address, resolved
from server.question.page import question_page
from server.site import entity_tag, frame_for, page_response, site_of, unchanged
from server.snapshot import Snapshot

register()
router = APIRouter()


@router.get("/{language:language}/question")
def question(request: Request, language: str) -> Response:
    """The page of a question; words are led to the concepts that they mean, so that each question has one address."""
    shown = language_of(language)
    site = site_of(request)
    given = request.query_params.multi_items()
    address = resolved(read_address(given))
    if given != address.parameters():
        return RedirectResponse(address.href(site.urls, shown), 302)
    snapshot = site.snapshots.newest()
    etag = entity_tag(request, snapshot.version)
    if (kept := unchanged(request, etag)) is not None:
        return kept
    page = question_page(answered(snapshot, address), address, _used(snapshot), site.urls, shown)
    return page_response(request, "question.html", frame_for(request, shown), page, etag=etag)


def answered(snapshot: Snapshot, address: Address) -> Result | None:
    """The answer to the address's question; ``None`` where it asks none that can be put."""
    asked = question_of(address)
    if asked is None:
        return None
    wanted = Wanted(asked, address.choices, frozenset(address.add), address.measure, address.method, address.by)
    return result(snapshot.store, wanted)


@dataclass(frozen=True)
class _Published:
    version: str
    store: ReadableStore = field(compare=False)


def _used(snapshot: Snapshot) -> Mapping[str, int]:
    return _used_concepts(_Published(snapshot.version, snapshot.store))


@lru_cache(maxsize=2)
def _used_concepts(published: _Published) -> Mapping[str, int]:
    """The concepts in use with their numbers of reports, the most used first; asked for once a publication."""
    return {iri: number for iri, number in question_concepts(published.store).items() if concept(iri) is not None}
