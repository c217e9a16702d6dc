"""The page of a question at its address, in each language."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from server.convertors import language_of, register
from server.question import downloads
from server.question.address import question_of, read_address, resolved
from server.question.page import question_page
from server.question.wanted import answered, used
from server.rendering import Alternate
from server.site import entity_tag, frame_for, page_response, site_of, unchanged

register()
router = APIRouter()
router.include_router(downloads.router)
interface = downloads.interface


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
    result = answered(snapshot, address) if question_of(address) else None
    page = question_page(result, address, used(snapshot), site.urls, shown, snapshot.version)
    asked = address.parameters()
    alternates = tuple(
        Alternate(wanted, site.urls.question(shown, asked, wanted.name)) for wanted in downloads.FILES.values()
    )
    frame = frame_for(request, shown, alternates if page.answer else ())
    return page_response(request, "question.html", frame, page, etag=etag)
