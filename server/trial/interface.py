"""A trial as data for other programs: its facts as JSON, in FHIR R5, as nanopublications."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import quote

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from kg.iris import Iris
from kg.nanopublications import ENDING, nanopublications
from kg.rows import TrialKey
from kg.stores import ReadableStore
from server.convertors import register
from server.facts import gather, json_bytes
from server.fhir.findings import bundle
from server.interface import PREFIX, PROBLEM
from server.lookup import find_trial, trial_of_report
from server.negotiation import FHIR, JSON, TRIG, Format
from server.problems import Problem
from server.site import data_response, entity_tag, site_of, unchanged
from server.urls import Urls

_FOUND: Final[dict[int | str, dict[str, Any]]] = {
    307: {"description": "The trial has another key; the location has it."},
    404: {**PROBLEM, "description": "No trial has this identifier, or several have it."},
    422: {**PROBLEM, "description": "Never given."},
    503: {**PROBLEM, "description": "Nothing is published."},
}
Writer = Callable[[ReadableStore, TrialKey, Urls], bytes]

register()
router = APIRouter()
interface = APIRouter(prefix=PREFIX, tags=["trial"])


def _answers(wanted: Format) -> dict[int | str, dict[str, Any]]:
    return {**_FOUND, 200: {"content": {wanted.media_type: {}}, "description": "The trial."}}


@interface.get("/trials/{key:path}/fhir", response_class=Response, responses=_answers(FHIR))
def trial_fhir(request: Request, key: str) -> Response:
    """The trial as a FHIR R5 Bundle: ResearchStudy, Group, EvidenceVariable, Evidence."""
    return _answer(request, key, FHIR, _fhir, lambda urls, found: urls.trial_interface(found, "fhir"))


@interface.get("/trials/{key:path}/nanopublications", response_class=Response, responses=_answers(TRIG))
def trial_nanopublications(request: Request, key: str) -> Response:
    """A nanopublication for each result and conclusion of the trial, as TriG."""
    return _answer(request, key, TRIG, _trig, lambda urls, found: urls.trial_interface(found, "nanopublications"))


@interface.get("/trials/{key:path}", response_class=Response, responses=_answers(JSON))
def trial_facts(request: Request, key: str) -> Response:
    """Everything that the graph holds of the trial, with the evidence for each finding and the texts of its reports."""
    return _answer(request, key, JSON, _json, lambda urls, found: urls.trial_interface(found))


@router.get("/trial/{key:path}.fhir.json")
def fhir_file(request: Request, key: str) -> Response:
    """The same at the address of the trial's data."""
    return _answer(request, key, FHIR, _fhir, lambda urls, found: urls.trial_data(found, FHIR.name))


@router.get("/trial/{key:path}.trig")
def trig_file(request: Request, key: str) -> Response:
    """The same at the address of the trial's data."""
    return _answer(request, key, TRIG, _trig, lambda urls, found: urls.trial_data(found, TRIG.name))


@router.get(f"/id/report/{{document}}/{{path:path}}{ENDING}")
@router.get(f"/id/report/{{document}}/{{path:path}}{ENDING}/{{graph}}")
def nanopublication(request: Request, document: str, path: str, graph: str = "") -> Response:
    """One nanopublication, by its own IRI or by that of one of its graphs."""
    site = site_of(request)
    snapshot = site.snapshots.newest()
    etag = entity_tag(request, snapshot.version)
    if (kept := unchanged(request, etag)) is not None:
        return kept
    trial = trial_of_report(snapshot.store, document)
    finding = site.urls.iri(f"id/report/{quote(document, safe='')}/{quote(path, safe='/')}")
    found = nanopublications(snapshot.store, trial.iri, Iris(site.settings.base_iri), finding)
    if found is None:
        raise Problem(404, f"no finding of the graph is published as {finding}{ENDING}")
    return data_response(found.encode("utf-8"), TRIG, etag)


def _answer(request: Request, key: str, wanted: Format, write: Writer, address: Callable[[Urls, str], str]) -> Response:
    site = site_of(request)
    snapshot = site.snapshots.newest()
    found = find_trial(snapshot.store, key)
    if found.key != key:
        return RedirectResponse(address(site.urls, found.key), 307)
    etag = entity_tag(request, snapshot.version)
    if (kept := unchanged(request, etag)) is not None:
        return kept
    return data_response(write(snapshot.store, found, site.urls), wanted, etag)


def _fhir(store: ReadableStore, trial: TrialKey, urls: Urls) -> bytes:
    return json.dumps(bundle(gather(store, trial), urls), ensure_ascii=False).encode("utf-8")


def _trig(store: ReadableStore, trial: TrialKey, urls: Urls) -> bytes:
    return (nanopublications(store, trial.iri, Iris(urls.base_iri)) or "").encode("utf-8")


def _json(store: ReadableStore, trial: TrialKey, _: Urls) -> bytes:
    return json_bytes(gather(store, trial))
