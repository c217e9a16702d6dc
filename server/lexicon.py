"""The vocabulary's addresses: terms, concept schemes and concepts as pages and as data."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from rdflib import Graph
from starlette.responses import Response

from kg import queries
from kg.search.finding import IndexMissing
from ontology import Concept, terms_graph
from ontology.vocabulary import CONCEPTS
from server.asked import graph_format
from server.convertors import language_of, register
from server.linked import graph_extension, page_or_data, see_other
from server.negotiation import DATA_FORMATS, HTML, JSON, Format, Language
from server.problems import Problem
from server.rendering import Alternate
from server.site import data_response, entity_tag, frame_for, page_response, preferred_language, site_of, unchanged
from server.terms import SHOWN_SCHEMES, concept_page, known_concept, scheme_page, terms_page

_FORMATS = tuple(entry for entry in DATA_FORMATS if entry != JSON)
_SERIALISERS = {"ttl": "turtle", "nt": "nt", "jsonld": "json-ld"}

register()
router = APIRouter()


@router.get("/ns")
def terms(request: Request) -> Response:
    """Lead from the terms to the page about them, or to their data (303)."""
    return _elsewhere(request, "")


@router.get("/concept/{scheme}")
def scheme(request: Request, scheme: str) -> Response:
    """Lead from a scheme to the page about it, or to its data (303)."""
    _known_scheme(scheme)
    return _elsewhere(request, scheme)


@router.get("/concept/{scheme}/{name}")
def concept(request: Request, scheme: str, name: str) -> Response:
    """Lead from a concept to the page about it, or to its data (303)."""
    _known(scheme, name)
    return _elsewhere(request, f"{scheme}/{name}")


def _elsewhere(request: Request, path: str) -> Response:
    urls = site_of(request).urls
    wanted = page_or_data(request)
    if wanted == HTML:
        return see_other(urls.vocabulary(preferred_language(request), path))
    return see_other(urls.vocabulary_data(wanted.name, path))


@router.get("/vocabulary.{extension:data}")
def terms_data(request: Request, extension: str) -> Response:
    """The terms."""
    return data_response(_serialised(terms_graph(), graph_extension(extension)), graph_extension(extension))


def _serialised(graph: Graph, wanted: Format) -> bytes:
    return graph.serialize(format=_SERIALISERS[wanted.name], encoding="utf-8")


@router.get("/vocabulary/{scheme}.{extension:data}")
@router.get("/vocabulary/{scheme}/{name}.{extension:data}")
def concept_data(request: Request, scheme: str, extension: str, name: str = "") -> Response:
    """What the graph holds of a scheme with its concepts, or of one concept."""
    if name:
        _known(scheme, name)
    else:
        _known_scheme(scheme)
    wanted = graph_extension(extension)
    snapshot = site_of(request).snapshots.newest()
    etag = entity_tag(request, snapshot.version)
    if (kept := unchanged(request, etag)) is not None:
        return kept
    describe = queries.describe if name else queries.describe_scheme
    iri = f"{CONCEPTS}{scheme}/{name}" if name else f"{CONCEPTS}{scheme}"
    body = describe(snapshot.store, iri, graph_format(wanted))
    if body is None:
        raise Problem(404, f"the graph says nothing of {iri}")
    return data_response(body, wanted, etag)


@router.get("/{language:language}/vocabulary")
def terms_in_words(request: Request, language: str) -> Response:
    """The page of all classes and properties."""
    return _page(request, "vocabulary.html", "", terms_page(language_of(language)), language_of(language))


@router.get("/{language:language}/vocabulary/{scheme}")
def scheme_in_words(request: Request, language: str, scheme: str) -> Response:
    """The page of a concept scheme."""
    _known_scheme(scheme)
    return _page(request, "scheme.html", scheme, scheme_page(scheme, language_of(language)), language_of(language))


@router.get("/{language:language}/vocabulary/{scheme}/{name}")
def concept_in_words(
    request: Request,
    language: str,
    scheme: str,
    name: str,
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> Response:
    """The page of a concept, with the trials that use it."""
    found = _known(scheme, name)
    snapshot = site_of(request).snapshots.newest()
    etag = entity_tag(request, snapshot.version)
    if (kept := unchanged(request, etag)) is not None:
        return kept
    site = site_of(request)
    try:
        index = site.snapshots.index(snapshot.version)
    except IndexMissing:
        index = None
    context = concept_page(found, scheme, index, page, language_of(language), site.urls)
    return _page(request, "concept.html", f"{scheme}/{name}", context, language_of(language), etag)


def _page(
    request: Request, template: str, path: str, page: object, language: Language, etag: str | None = None
) -> Response:
    urls = site_of(request).urls
    alternates = tuple(Alternate(entry, urls.vocabulary_data(entry.name, path)) for entry in _FORMATS)
    return page_response(request, template, frame_for(request, language, alternates), page, etag=etag)


def _known_scheme(scheme: str) -> None:
    """A Problem with status 404 for a scheme that there is not."""
    if scheme not in SHOWN_SCHEMES:
        raise Problem(404, f"the vocabulary has no {scheme}")


def _known(scheme: str, name: str) -> Concept:
    """The concept; a Problem with status 404 for one that there is not."""
    found = known_concept(scheme, name)
    if found is None:
        raise Problem(404, f"the vocabulary has no {scheme}/{name}")
    return found
