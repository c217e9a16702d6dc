"""The pages for people: home, trial, report and query, each in both languages."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from kg import queries, rows
from kg.search.finding import IndexMissing
from kg.stores import ReadableStore
from server.contexts import TrialPage, report_page, trial_page
from server.convertors import language_of, register
from server.facts import gather_page
from server.home import home_page
from server.lookup import facts_of_report, one_trial
from server.negotiation import (
    DATA_FORMATS,
    HTML,
    TRIAL_FORMATS,
    Language,
    by_name,
    choose_format,
)
from server.problems import Problem
from server.question.titles import citation
from server.related import related
from server.rendering import Alternate
from server.search.listing import ListedTrial, listed
from server.site import (
    entity_tag,
    frame_for,
    kept_response,
    page_response,
    preferred_language,
    site_of,
    unchanged,
)
from server.snapshot import Snapshot
from server.trial.portions import first_results
from server.trial.tables import Tables

# Trials like the one of the page that are named there.
_RELATED: Final = 5
# Characters of all reports of a trial up to which its page shows their texts: several abstracts, but no article.
_SHORT: Final = 12_000

register()
router = APIRouter()


@router.get("/")
def root(request: Request) -> Response:
    """Send a visitor to the first page in the language last chosen, or the browser's."""
    response = RedirectResponse(site_of(request).urls.home(preferred_language(request)), 302)
    response.headers["Vary"] = "Accept-Language, Cookie"
    return response


@router.get("/{language:language}")
def without_slash(request: Request, language: str) -> Response:
    """Send a visitor who left out the last slash to the first page."""
    return RedirectResponse(site_of(request).urls.home(language_of(language)), 307)


@router.get("/{language:language}/")
def home(request: Request, language: str, q: str = "") -> Response:
    """The first page; the words of an address as it was before there was a page for the search are taken there."""
    shown = language_of(language)
    site = site_of(request)
    if q:
        return RedirectResponse(site.urls.search(shown, [("q", q)]), 301)
    snapshot = site.snapshots.newest()
    etag = entity_tag(request, snapshot.version)
    if (kept := unchanged(request, etag)) is not None:
        return kept
    try:
        index = site.snapshots.index(snapshot.version)
    except IndexMissing:
        index = None
    context = home_page(site.snapshots.summary(snapshot).counts, index, shown, site.urls)
    return page_response(request, "home.html", frame_for(request, shown), context, etag=etag)


@router.get("/{language:language}/trial/{key:path}")
def trial(request: Request, language: str, key: str) -> Response:
    """A trial's page, by its key or any of its identifiers; data for clients that ask for data."""
    shown = language_of(language)
    site = site_of(request)
    snapshot = site.snapshots.newest()
    stem, _, extension = key.rpartition(".")
    if stem and any(extension == wanted.name for wanted in DATA_FORMATS) and not _known(snapshot.store, key):
        return RedirectResponse(site.urls.trial_data(stem, extension), 307)
    several = queries.find_trials(snapshot.store, key)
    if len(several) > 1:
        # Several trials share the acronym: the search shows them all.
        return RedirectResponse(site.urls.search(shown, [("q", key)]), 302)
    found = one_trial(several, key)
    if found.key != key:
        return RedirectResponse(site.urls.trial(shown, found.key), 307)
    wanted = choose_format(request.headers.get("accept"), TRIAL_FORMATS)
    if "format" in request.query_params:
        wanted = by_name(request.query_params["format"], TRIAL_FORMATS)
    if wanted is None:
        raise Problem(406, f"available: {', '.join(f'{one.media_type} ({one.name})' for one in TRIAL_FORMATS)}")
    if wanted != HTML:
        return RedirectResponse(
            site.urls.trial_data(key, wanted.name), 303, headers={"Vary": "Accept, Accept-Language"}
        )
    etag = entity_tag(request, snapshot.version)
    if (kept := unchanged(request, etag)) is not None:
        return kept
    data = tuple(Alternate(entry, site.urls.trial_data(key, entry.name)) for entry in TRIAL_FORMATS if entry != HTML)
    frame = frame_for(request, shown, data)
    return kept_response(request, "trial.html", frame, lambda: _trial(request, snapshot, found, shown), etag=etag)


def _trial(request: Request, snapshot: Snapshot, found: rows.TrialKey, shown: Language) -> TrialPage:
    """The page of a trial; raises the exceptions of the store."""
    urls = site_of(request).urls
    brief = gather_page(snapshot.store, found, shows_up_to=_SHORT)
    made = trial_page(brief.facts, shown, brief.quotes, brief.folded)
    address = urls.base_iri.rstrip("/") + urls.trial(shown, found.key)
    return replace(
        made,
        # The files of the trial name endpoints and plots by their place among all of them, which stays the same.
        endpoints=first_results(made.endpoints) if made.folded else made.endpoints,
        related=_related(request, snapshot, found.key, shown),
        tables=tuple(table.name for table in Tables(made, shown).all()),
        citation=citation(made.title.text, snapshot.version, address, shown),
        text_at=urls.trial_part(shown, found.key, "text") if made.folded else "",
    )


def _related(request: Request, snapshot: Snapshot, key: str, language: Language) -> tuple[ListedTrial, ...]:
    try:
        index = site_of(request).snapshots.index(snapshot.version)
    except IndexMissing:
        return ()
    return listed(related(index, key, _RELATED), language)


@router.get("/{language:language}/report/{document}")
def report(request: Request, language: str, document: str) -> Response:
    """A report's page."""
    shown = language_of(language)
    site = site_of(request)
    snapshot = site.snapshots.newest()
    facts = facts_of_report(snapshot.store, document)
    etag = entity_tag(request, snapshot.version)
    if (kept := unchanged(request, etag)) is not None:
        return kept
    row = next(row for row in facts.reports if row.id == document)
    context = report_page(facts, row, shown)
    if context is None:
        raise Problem(404, f"the graph holds no text of the report {document}")
    alternates = tuple(Alternate(entry, site.urls.report_data(document, entry.name)) for entry in DATA_FORMATS)
    return page_response(request, "report.html", frame_for(request, shown, alternates), context, etag=etag)


def _known(store: ReadableStore, key: str) -> bool:
    return bool(queries.find_trials(store, key))
