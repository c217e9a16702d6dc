"""The parts of a trial's page that are long, each on a page of its own; a script puts them into the trial's page."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from server.contexts import PartPage, trial_page
from server.convertors import language_of, register
from server.facts import gather, gather_brief
from server.lookup import find_trial
from server.problems import Problem
from server.site import entity_tag, frame_for, page_response, site_of, unchanged

register()
router = APIRouter()


@router.get("/{language:language}/trial/{key:path}/{part:part}")
def part(request: Request, language: str, key: str, part: str) -> Response:
    """The texts of a trial's reports, its checks, the table of its people, or the references of its reports."""
    shown = language_of(language)
    site = site_of(request)
    snapshot = site.snapshots.newest()
    found = find_trial(snapshot.store, key)
    if found.key != key:
        return RedirectResponse(site.urls.trial_part(shown, found.key, part), 307)
    etag = entity_tag(request, snapshot.version)
    if (kept := unchanged(request, etag)) is not None:
        return kept
    whole = site.urls.trial(shown, key)
    if part == "text":
        page = PartPage(part, trial_page(gather(snapshot.store, found), shown), "", whole)
        there = bool(page.trial.sources)
    else:
        brief = gather_brief(snapshot.store, found)
        trial = trial_page(brief.facts, shown, brief.quotes)
        page = PartPage(part, trial, site.urls.trial_part(shown, key, "text"), whole)
        there = bool({"checks": trial.tallies, "baseline": trial.baseline, "references": trial.article.works}[part])
    if not there:
        raise Problem(404, "the trial has no such part")
    return page_response(request, "trial_part.html", frame_for(request, shown), page, etag=etag)
