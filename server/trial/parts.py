"""The parts of a trial's page that are long, each on a page of its own; a script puts them into the trial's page."""

from __future__ import annotations

from functools import partial

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from kg.rows import TrialKey
from kg.stores import ReadableStore
from server.contexts import PartPage, trial_page
from server.convertors import language_of, register
from server.facts import gather_part
from server.lookup import find_trial
from server.negotiation import Language
from server.problems import Problem
from server.site import entity_tag, frame_for, kept_response, site_of, unchanged
from server.urls import Urls

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
    frame = frame_for(request, shown)
    make = partial(_page, site.urls, snapshot.store, found, part, shown)
    return kept_response(request, "trial_part.html", frame, make, etag=etag)


def _page(urls: Urls, store: ReadableStore, found: TrialKey, part: str, shown: Language) -> PartPage:
    """The page of the part; a Problem with status 404 where the trial has none."""
    brief = gather_part(store, found, part)
    trial = trial_page(brief.facts, shown, brief.quotes)
    parts = {
        "text": trial.sources,
        "checks": trial.tallies,
        "results": trial.endpoints,
        "baseline": trial.baseline,
        "references": trial.article.works,
    }
    if not parts[part]:
        raise Problem(404, "the trial has no such part")
    text_at = "" if part == "text" else urls.trial_part(shown, found.key, "text")
    return PartPage(part, trial, text_at, urls.trial(shown, found.key))
