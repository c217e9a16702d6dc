"""Linked data: a thing answers 303 with its page or its data, and data are served by file extension."""

from __future__ import annotations

from typing import cast
from urllib.parse import quote

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from kg import queries
from server.asked import graph_format
from server.contexts import only_report
from server.convertors import register
from server.description import dataset_description
from server.facts import TrialFacts, gather, json_bytes
from server.lookup import facts_of_report, find_trial
from server.negotiation import (
    DATA_FORMATS,
    GRAPH_FORMATS,
    HTML,
    JSON,
    PAGE_FORMATS,
    TRIAL_FORMATS,
    TURTLE,
    Format,
    by_name,
    choose_format,
)
from server.problems import Problem
from server.site import data_response, entity_tag, preferred_language, site_of, unchanged

# Formats of a graph that an address can end in.
_DATA = tuple(entry for entry in DATA_FORMATS if entry != JSON)

register()
router = APIRouter()


@router.get("/id/{path:path}")
def thing(request: Request, path: str) -> Response:
    """Lead from a thing of the graph to the page about it, or to its data (303 See Other)."""
    site = site_of(request)
    store = site.snapshots.newest().store
    kind, _, name = path.partition("/")
    formats = TRIAL_FORMATS if kind == "trial" else PAGE_FORMATS
    wanted = choose_format(request.headers.get("accept"), formats)
    if wanted is None:
        raise Problem(406, f"available: {', '.join(entry.media_type for entry in formats)}")
    language = preferred_language(request)
    document, _, finding = name.partition("/")
    if kind == "trial":
        key = find_trial(store, name).key
        page, data = site.urls.trial(language, key), site.urls.trial_data(key, wanted.name)
    elif kind == "report" and not finding:
        facts_of_report(store, document)
        page, data = site.urls.report(language, document), site.urls.report_data(document, wanted.name)
    else:
        data = site.urls.thing_data(path, wanted.name)
        if kind == "report":
            facts_of_report(store, document)
            page = site.urls.report(language, document)
        elif kind == "registration":
            # Another trial's registration, only mentioned here, has no page.
            found = queries.find_trials(store, name)
            page = site.urls.trial(language, found[0].key) if found else site.urls.thing_data(path, TURTLE.name)
        else:
            page = site.urls.thing_data(path, TURTLE.name)
    return RedirectResponse(page if wanted == HTML else data, 303, headers={"Vary": "Accept, Accept-Language, Cookie"})


@router.get("/trial/{key:path}.{extension:data}")
def trial_data(request: Request, key: str, extension: str) -> Response:
    """What the graph holds of a trial."""
    site = site_of(request)
    store = site.snapshots.newest().store
    found = find_trial(store, key)
    if found.key != key:
        return RedirectResponse(site.urls.trial_data(found.key, extension), 307)
    wanted = _format(extension)
    if wanted == JSON:
        return _json(request, gather(store, found))
    return _described(request, found.iri, wanted)


@router.get("/report/{document}.{extension:data}")
def report_data(request: Request, document: str, extension: str) -> Response:
    """What the graph holds of a report."""
    facts = facts_of_report(site_of(request).snapshots.newest().store, document)
    report = next(row for row in facts.reports if row.id == document)
    wanted = _format(extension)
    if wanted == JSON:
        return _json(request, only_report(facts, report))
    return _described(request, report.iri, wanted)


@router.get("/thing/{path:path}.{extension:data}")
def thing_data(request: Request, path: str, extension: str) -> Response:
    """What the graph holds of any other thing, by the path of its IRI."""
    wanted = graph_extension(extension)
    # An IRI keeps its percent-encoding, which the server has undone in the path.
    iri = site_of(request).urls.iri(f"id/{quote(path, safe='/')}")
    return _described(request, iri, wanted)


@router.get("/data/{path:path}.{extension:data}")
def other_data(request: Request, path: str, extension: str) -> Response:
    """What the graph holds of anything else that is named below its base: the data set, an example query."""
    return _described(request, site_of(request).urls.iri(quote(path, safe="/")), graph_extension(extension))


@router.get("/dataset")
@router.get("/dataset/sparql")
@router.get("/service")
@router.get("/void/{name}")
@router.get("/prefix/{name}")
@router.get("/example/{name}")
def other(request: Request, name: str = "") -> Response:
    """Lead from the data set, its parts, a prefix or an example query to what the graph holds of it (303)."""
    site = site_of(request)
    wanted = page_or_data(request)
    path = request.url.path.lstrip("/")
    target = site.urls.data(path, TURTLE.name if wanted == HTML else wanted.name)
    if wanted == HTML and path.startswith("example/"):
        target = site.urls.sparql_page(preferred_language(request), example=name)
    return see_other(target)


@router.get("/graph/{name:path}")
@router.get("/report/{document}/{version}/{part}")
def graph(request: Request) -> Response:
    """Lead from a named graph to its triples, by the graph store protocol (303)."""
    site = site_of(request)
    wanted = page_or_data(request)
    iri = site.urls.iri(quote(request.url.path.lstrip("/"), safe="/"))
    return see_other(site.urls.graph(iri, None if wanted == HTML else wanted))


@router.get("/.well-known/void")
def well_known(request: Request) -> Response:
    """The description of the data set, where VoID has it (https://www.w3.org/TR/void/, section 7.2)."""
    snapshot = site_of(request).snapshots.newest()
    etag = entity_tag(request, snapshot.version)
    if (kept := unchanged(request, etag)) is not None:
        return kept
    wanted = choose_format(request.headers.get("accept"), GRAPH_FORMATS) or TURTLE
    body = dataset_description(str(request.url), graph_format(wanted), snapshot.store)
    return data_response(body, wanted, etag)


def page_or_data(request: Request) -> Format:
    """HTML or the graph format that the client likes best; a Problem (406) for neither."""
    wanted = choose_format(request.headers.get("accept"), (HTML, *_DATA))
    if wanted is None:
        raise Problem(406, f"available: {', '.join(entry.media_type for entry in (HTML, *_DATA))}")
    return wanted


def see_other(address: str) -> Response:
    """303 See Other, which depends on what the client likes."""
    headers = {"Vary": "Accept, Accept-Language, Cookie", "Access-Control-Allow-Origin": "*"}
    return RedirectResponse(address, 303, headers=headers)


def graph_extension(extension: str) -> Format:
    """The graph format of a file extension; a Problem (404) for the one that is none."""
    wanted = _format(extension)
    if wanted == JSON:
        raise Problem(404, f"this is served as {', '.join(entry.name for entry in _DATA)}")
    return wanted


def _format(extension: str) -> Format:
    # The path's convertor lets no other extension through.
    return cast(Format, by_name(extension, DATA_FORMATS))


def _described(request: Request, iri: str, wanted: Format) -> Response:
    snapshot = site_of(request).snapshots.newest()
    etag = entity_tag(request, snapshot.version)
    if (kept := unchanged(request, etag)) is not None:
        return kept
    body = queries.describe(snapshot.store, iri, graph_format(wanted))
    if body is None:
        raise Problem(404, f"the graph says nothing of {iri}")
    return data_response(body, wanted, etag)


def _json(request: Request, facts: TrialFacts) -> Response:
    etag = entity_tag(request, site_of(request).snapshots.newest().version)
    if (kept := unchanged(request, etag)) is not None:
        return kept
    return data_response(json_bytes(facts), JSON, etag)
