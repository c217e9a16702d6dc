"""The SPARQL 1.1 Protocol: queries for everybody, updates for the holder of the token, the service description."""

from __future__ import annotations

import asyncio
import signal

from fastapi import APIRouter, Request
from pebble import ProcessExpired
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from kg.answers import Dataset, QueryError
from kg.querytext import DatasetConflict, read_query, with_dataset
from kg.replacement import StoreLocked
from kg.store import StoreUnwritable
from kg.stores import MalformedGraph
from server.answers import readable
from server.asked import checked, graph_format
from server.description import service_description
from server.negotiation import GRAPH_FORMATS, HTML, Format, by_name, choose_format
from server.parameters import Parameters, read_body, read_parameters
from server.problems import Problem
from server.runs import answered
from server.site import (
    body_response,
    data_response,
    entity_tag,
    open_to_all,
    preferred_language,
    site_of,
    unchanged,
)
from server.writing import Change, Update, permit

_METHODS = ("GET", "POST", "OPTIONS")
_RETRY = {"Retry-After": "5"}

router = APIRouter()


# With and without the last slash: clients are configured with either, and a redirect loses a POST's body.
# One route for all methods, so that the answer to any other method names them all.
@router.api_route("/sparql", methods=list(_METHODS))
@router.api_route("/sparql/", methods=list(_METHODS))
async def sparql(request: Request) -> Response:
    """Answer a request of the protocol."""
    if request.method == "OPTIONS":
        return open_to_all(_METHODS)
    if request.method == "GET":
        asked = read_parameters(request.url.query)
        if asked.update is not None:
            raise Problem(400, "an update is sent by POST")
        if asked.query is None:
            return await run_in_threadpool(_about, request)
        return await _query(request, asked.query, asked)
    asked = await read_body(request)
    if asked.update is not None:
        return await _update(request, asked.update, asked)
    return await _query(request, asked.query or "", asked)


async def _query(request: Request, query: str, parameters: Parameters) -> Response:
    base_iri = str(request.url.replace(query=""))
    asked = checked(query, Dataset(parameters.default_graphs, parameters.named_graphs, base_iri=base_iri))
    wanted = wanted_format(request, parameters.format, asked.formats)
    keepable = request.method == "GET" and not asked.words.volatile
    if keepable and (kept := await run_in_threadpool(_kept, request)) is not None:
        return kept
    try:
        served = await answered(request, asked, wanted)
    except QueryError as error:
        raise Problem(400, readable(str(error))) from error
    return body_response(served.body(), wanted, entity_tag(request, served.version) if keepable else None)


def _kept(request: Request) -> Response | None:
    if "if-none-match" not in request.headers:
        return None
    return unchanged(request, entity_tag(request, site_of(request).snapshots.version()))


async def _update(request: Request, update: str, parameters: Parameters) -> Response:
    site = site_of(request)
    permit(request, site.settings)
    words = read_query(update)
    if words.federated or words.loads:
        raise Problem(403, "this service asks no other service: SERVICE and LOAD are refused")
    try:
        text = with_dataset(update, parameters.using, parameters.using_named)
    except DatasetConflict as error:
        raise Problem(400, str(error)) from error
    await changed(request, Update(text, str(request.url.replace(query=""))))
    return Response(status_code=204, headers={"Access-Control-Allow-Origin": "*"})


async def changed(request: Request, change: Change) -> bool:
    """Make a change and publish it, as ``Writer.submit`` has it; raises Problem where it cannot be made."""
    site = site_of(request)
    try:
        return await asyncio.wrap_future(site.writer.submit(change))
    except QueryError as error:
        raise Problem(400, readable(str(error))) from error
    except MalformedGraph as error:
        raise Problem(400, str(error)) from error
    except StoreLocked as error:
        raise Problem(503, "papers are being ingested: send the change again later", headers=_RETRY) from error
    except StoreUnwritable as error:
        raise Problem(507, str(error)) from error
    except ProcessExpired as error:
        # The process may have ended by any signal; only the clock's own says what was too much.
        if error.exitcode == -signal.SIGALRM:
            raise Problem(504, "the change took too long and was not made", limit="query_seconds") from error
        raise Problem(503, "the change needed too much memory and was not made", limit="query_memory_mib") from error


def wanted_format(request: Request, name: str | None, formats: tuple[Format, ...]) -> Format:
    """The format of that name or media type, else the one that ``Accept`` likes best; a Problem (406) for none."""
    if name is not None:
        found = by_name(name, formats) or next((f for f in formats if name in f.media_types), None)
        if found is None:
            raise Problem(406, f"format {name!r} is not one of {', '.join(entry.name for entry in formats)}")
        return found
    chosen = choose_format(request.headers.get("accept"), formats)
    if chosen is None:
        raise Problem(406, f"available: {', '.join(entry.media_type for entry in formats)}")
    return chosen


def _about(request: Request) -> Response:
    site = site_of(request)
    # A client without a preference is a program, so the description comes before the page.
    chosen = wanted_format(request, None, (*GRAPH_FORMATS, HTML))
    if chosen == HTML:
        page = site.urls.sparql_page(preferred_language(request))
        return RedirectResponse(page, 303, headers={"Vary": "Accept, Accept-Language, Cookie"})
    snapshot = site.snapshots.newest()
    etag = entity_tag(request, snapshot.version)
    if (kept := unchanged(request, etag)) is not None:
        return kept
    endpoint = str(request.url.replace(query=""))
    writable = bool(site.settings.update_token)
    body = service_description(endpoint, graph_format(chosen), snapshot.store, writable=writable)
    return data_response(body, chosen, etag)
