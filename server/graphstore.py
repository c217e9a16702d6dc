"""The SPARQL 1.1 Graph Store Protocol: whole graphs, read by everybody, changed by the holder of the token.

A graph is named by ``?graph=IRI``, by ``?default``, or by its own address when that lies below ``/graphs/``
(https://www.w3.org/TR/sparql11-http-rdf-update/, sections 4.1 and 4.2).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from urllib.parse import urlsplit

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.responses import Response

from server.asked import graph_format
from server.negotiation import GRAPH_FORMATS, NQUADS, TRIG, Format
from server.parameters import bounded_body
from server.problems import Problem
from server.protocol import changed, wanted_format
from server.runs import whole_graph
from server.site import body_response, entity_tag, open_to_all, site_of, unchanged
from server.writing import Drop, Put, permit

_METHODS = ("GET", "PUT", "POST", "DELETE", "OPTIONS")
# Formats of one graph; the others hold whole datasets.
_SENT = tuple(entry for entry in GRAPH_FORMATS if entry not in {NQUADS, TRIG})
_MULTIPART = "multipart/form-data"

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Named:
    """The graph that a request is about, the default graph for an IRI of ``None``."""

    iri: str | None


@router.api_route("/graphs", methods=list(_METHODS))
@router.api_route("/graphs/{path:path}", methods=list(_METHODS))
async def graphs(request: Request) -> Response:
    """Answer a request of the protocol."""
    if request.method == "OPTIONS":
        return open_to_all(_METHODS)
    named = _named(request)
    if request.method == "GET":
        return await _read(request, named)
    permit(request, site_of(request).settings)
    if request.method == "DELETE":
        return await _removed(request, named)
    return await _sent(request, named)


def _named(request: Request) -> Named | None:
    """The graph of the request, ``None`` where it names none; raises Problem where it names two."""
    parameters = request.query_params
    given = parameters.getlist("graph")
    if len(given) + ("default" in parameters) > 1:
        raise Problem(400, "name one graph: graph=IRI once, or default")
    if "default" in parameters:
        return Named(None)
    if given:
        if not urlsplit(given[0]).scheme or any(character in given[0] for character in '<>" {}|\\^`'):
            raise Problem(400, "graph is not an absolute IRI")
        return Named(given[0])
    if request.url.path.rstrip("/") == "/graphs":
        return None
    return Named(str(request.url.replace(query="")))


async def _read(request: Request, named: Named | None) -> Response:
    if named is None:
        raise Problem(400, "name a graph: ?graph=IRI, or ?default")
    wanted = wanted_format(request, request.query_params.get("format"), GRAPH_FORMATS)
    version = await run_in_threadpool(site_of(request).snapshots.version)
    if (kept := unchanged(request, entity_tag(request, version))) is not None:
        return kept
    served = await whole_graph(request, named.iri, wanted)
    # The default graph is always there, if only empty.
    if served.form is None and named.iri is not None:
        raise Problem(404, f"there is no graph {named.iri}")
    return body_response(served.body(), wanted, entity_tag(request, served.version))


async def _removed(request: Request, named: Named | None) -> Response:
    if named is None:
        raise Problem(400, "name a graph: ?graph=IRI, or ?default")
    if not await changed(request, Drop(named.iri)) and named.iri is not None:
        raise Problem(404, f"there is no graph {named.iri}")
    return _done(204)


async def _sent(request: Request, named: Named | None) -> Response:
    parts = await _parts(request)
    if named is None:
        if request.method == "PUT":
            raise Problem(400, "name a graph: ?graph=IRI, or ?default")
        return await _added_anew(request, parts)
    created = False
    for place, (data, form) in enumerate(parts):
        merge = request.method == "POST" or place > 0
        base = named.iri or str(request.url.replace(query=""))
        made = await changed(request, Put(named.iri, data, graph_format(form), base, merge))
        created = created or (place == 0 and made)
    return _done(201 if created else 204)


async def _added_anew(request: Request, parts: list[tuple[bytes, Format]]) -> Response:
    """A graph without a name gets one from its content, so that sending it twice makes one graph."""
    digest = hashlib.sha256(b"\0".join(data for data, _ in parts)).hexdigest()[:24]
    iri = f"{str(request.url.replace(query='')).rstrip('/')}/{digest}"
    created = False
    for place, (data, form) in enumerate(parts):
        made = await changed(request, Put(iri, data, graph_format(form), iri, place > 0))
        created = created or (place == 0 and made)
    response = _done(201 if created else 204)
    response.headers["Location"] = iri
    return response


async def _parts(request: Request) -> list[tuple[bytes, Format]]:
    """The graphs of the body, each with its format; several only as multipart/form-data."""
    limit = site_of(request).settings.max_file_bytes
    content_type = request.headers.get("content-type", "")
    if content_type.partition(";")[0].strip().lower() != _MULTIPART:
        form = _format(content_type)
        return [(await bounded_body(request, limit), form)]
    if int(request.headers.get("content-length", limit + 1)) > limit:
        raise Problem(413, f"such a request has at most {limit} bytes, and says how many it has")
    parts = []
    async with request.form(max_part_size=limit) as fields:
        for _, value in fields.multi_items():
            if not isinstance(value, UploadFile):
                raise Problem(415, "each part needs a file name and a content type")
            parts.append((await value.read(), _format(value.content_type or "")))
    if not parts:
        raise Problem(400, "the form holds no graph")
    return parts


def _format(content_type: str) -> Format:
    name = content_type.partition(";")[0].strip().lower()
    found = next((entry for entry in _SENT if name in entry.media_types), None)
    if found is None:
        raise Problem(415, f"send a graph as one of {', '.join(entry.media_type for entry in _SENT)}")
    return found


def _done(status: int) -> Response:
    return Response(status_code=status, headers={"Access-Control-Allow-Origin": "*"})
