"""The SPARQL 1.1 Protocol: what a request asks, the answer in its format, the service description."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future
from dataclasses import dataclass
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request
from starlette.requests import ClientDisconnect
from starlette.responses import RedirectResponse, Response

from kg.store import Answer, QueryError
from server.answers import readable
from server.description import service_description
from server.negotiation import GRAPH_FORMATS, HTML, Format, by_name, choose_format
from server.problems import Problem
from server.runs import checked, finished, formats_of, graph_format, start_query
from server.site import data_response, preferred_language, site_of

_METHODS = ("GET", "POST", "OPTIONS")
_MAX_BODY = 1024 * 1024
_POLL_SECONDS = 0.25

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Asked:
    """What a protocol request asks; ``query`` is ``None`` where it asks nothing."""

    query: str | None
    default_graphs: tuple[str, ...]
    named_graphs: tuple[str, ...]
    format: str | None


# With and without the last slash: clients are configured with either, and a redirect loses a POST's body.
# One route for all methods, so that the answer to any other method names them all.
@router.api_route("/sparql", methods=list(_METHODS))
@router.api_route("/sparql/", methods=list(_METHODS))
async def sparql(request: Request) -> Response:
    """Answer a request of the protocol."""
    if request.method == "OPTIONS":
        return options()
    return await (post(request) if request.method == "POST" else get(request))


def options() -> Response:
    """Tell browsers of other origins that they may ask."""
    return Response(
        status_code=204,
        headers={
            "Allow": ", ".join((*_METHODS, "HEAD")),
            "Access-Control-Allow-Origin": "*",
            "Access-Control-Allow-Methods": ", ".join(_METHODS),
            "Access-Control-Allow-Headers": "Accept, Content-Type",
            "Access-Control-Max-Age": "86400",
        },
    )


async def get(request: Request) -> Response:
    """Answer the address's query; without one, lead browsers to the query page and describe the service."""
    asked = read_parameters(request.url.query)
    if asked.query is None:
        return _about(request)
    return await _answer(request, asked)


async def post(request: Request) -> Response:
    """Answer a query of the body, which is a form or the query itself."""
    content_type, _, parameters = request.headers.get("content-type", "").lower().partition(";")
    content_type = content_type.strip()
    if "charset" in parameters and "utf-8" not in parameters.replace("utf8", "utf-8"):
        raise Problem(415, "a query is read as UTF-8: send it so, or leave the charset out")
    body = await _body(request)
    if content_type == "application/x-www-form-urlencoded":
        asked = read_parameters(_text(body))
        if asked.query is None:
            raise Problem(400, "the form has no query")
        return await _answer(request, asked)
    if content_type == "application/sparql-query":
        address = read_parameters(request.url.query)
        if address.query is not None:
            raise Problem(400, "one request holds one query: this one has a query in the address and in the body")
        asked = Asked(_text(body), address.default_graphs, address.named_graphs, address.format)
        return await _answer(request, asked)
    if content_type == "application/sparql-update":
        raise Problem(403, "this service only reads: SPARQL Update is refused")
    raise Problem(415, "send a query as application/sparql-query, or as a form: application/x-www-form-urlencoded")


def read_parameters(encoded: str) -> Asked:
    """What the parameters ask, percent-decoded once; raises Problem where they ask no one query."""
    try:
        pairs = parse_qsl(encoded, keep_blank_values=True, errors="strict")
    except (UnicodeDecodeError, ValueError) as error:
        raise Problem(400, "the parameters are not percent-encoded UTF-8") from error
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        values.setdefault(name, []).append(value)
    if "update" in values:
        if "query" in values:
            raise Problem(400, "one request holds one query: this one also has an update")
        raise Problem(403, "this service only reads: SPARQL Update is refused")
    if any(name in values for name in ("using-graph-uri", "using-named-graph-uri")):
        raise Problem(400, "using-graph-uri goes with an update, and this service only reads")
    if len(values.get("query", [])) > 1:
        raise Problem(400, "one request holds one query: this one has several")
    return Asked(
        query=values["query"][0] if "query" in values else None,
        default_graphs=tuple(values.get("default-graph-uri", ())),
        named_graphs=tuple(values.get("named-graph-uri", ())),
        format=values["format"][0] if values.get("format") else None,
    )


async def _answer(request: Request, asked: Asked) -> Response:
    query = asked.query or ""
    words = checked(query)
    wanted = _wanted(request, asked.format, formats_of(words))
    site = site_of(request)
    future = start_query(
        site.pool, query, words, wanted, default_graphs=asked.default_graphs, named_graphs=asked.named_graphs
    )
    await _wait(request, future)
    try:
        answer = finished(future, site.settings)
    except QueryError as error:
        raise Problem(400, readable(str(error))) from error
    return data_response(answer.body, wanted)


async def _wait(request: Request, future: Future[Answer]) -> None:
    """Wait for the answer without holding a thread, and stop the query when the client has gone."""
    waiting = asyncio.wrap_future(future)
    while not (await asyncio.wait({waiting}, timeout=_POLL_SECONDS))[0]:
        if await request.is_disconnected():
            future.cancel()
            raise ClientDisconnect
    # The answer or the error is taken from the future itself; asking here keeps asyncio from reporting it.
    waiting.exception()


def _wanted(request: Request, name: str | None, formats: tuple[Format, ...]) -> Format:
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
    accept = request.headers.get("accept")
    # A client without a preference is a program, so the description comes before the page.
    chosen = choose_format(accept, (*GRAPH_FORMATS, HTML))
    if chosen is None:
        raise Problem(406, f"available: {', '.join(f.media_type for f in (*GRAPH_FORMATS, HTML))}")
    if chosen == HTML:
        page = site.urls.sparql_page(preferred_language(request))
        return RedirectResponse(page, 303, headers={"Vary": "Accept, Accept-Language, Cookie"})
    endpoint = str(request.url.replace(query=""))
    return data_response(service_description(endpoint, graph_format(chosen)), chosen)


async def _body(request: Request) -> bytes:
    parts = bytearray()
    async for part in request.stream():
        parts += part
        if len(parts) > _MAX_BODY:
            raise Problem(413, f"a query has at most {_MAX_BODY} bytes")
    return bytes(parts)


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Problem(400, "the body is not UTF-8") from error
