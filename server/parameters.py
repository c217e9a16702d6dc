"""Reads what a request of the SPARQL 1.1 Protocol says: its parameters, its body, and nothing twice."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qsl

from starlette.requests import Request

from server.problems import Problem

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"
_MAX_BODY = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Parameters:
    """What the parameters say; ``query`` and ``update`` are ``None`` where there is none, and never both given."""

    query: str | None = None
    update: str | None = None
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    using: tuple[str, ...] = ()
    using_named: tuple[str, ...] = ()
    format: str | None = None


def read_parameters(encoded: str) -> Parameters:
    """The parameters, percent-decoded once; raises Problem where they ask no one thing."""
    try:
        pairs = parse_qsl(encoded, keep_blank_values=True, errors="strict")
    except (UnicodeDecodeError, ValueError) as error:
        raise Problem(400, "the parameters are not percent-encoded UTF-8") from error
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        values.setdefault(name, []).append(value)
    asked = [*values.get("query", ()), *values.get("update", ())]
    if len(asked) > 1:
        raise Problem(400, "one request holds one query or one update: this one has several")
    read = Parameters(
        query=next(iter(values.get("query", ())), None),
        update=next(iter(values.get("update", ())), None),
        default_graphs=tuple(values.get("default-graph-uri", ())),
        named_graphs=tuple(values.get("named-graph-uri", ())),
        using=tuple(values.get("using-graph-uri", ())),
        using_named=tuple(values.get("using-named-graph-uri", ())),
        format=values["format"][0] if values.get("format") else None,
    )
    if (read.query is not None and (read.using or read.using_named)) or (
        read.update is not None and (read.default_graphs or read.named_graphs)
    ):
        raise Problem(400, "default-graph-uri and named-graph-uri go with a query, using-graph-uri with an update")
    return read


async def read_body(request: Request) -> Parameters:
    """What a POST says, in its body and its address; raises Problem."""
    content_type, _, rest = request.headers.get("content-type", "").lower().partition(";")
    content_type = content_type.strip()
    if content_type not in {FORM, QUERY, UPDATE}:
        raise Problem(415, f"send a query as {QUERY}, an update as {UPDATE}, or either as a form: {FORM}")
    if "charset" in rest and "utf-8" not in rest.replace("utf8", "utf-8"):
        raise Problem(415, "a query is read as UTF-8: send it so, or leave the charset out")
    text = _text(await bounded_body(request, _MAX_BODY))
    if content_type == FORM:
        # Parameters of the dataset may stand in the address of a form, too.
        encoded = "&".join(part for part in (request.url.query, text) if part)
        read = read_parameters(encoded)
        if read.query is None and read.update is None:
            raise Problem(400, "the form has neither a query nor an update")
        return read
    address = read_parameters(request.url.query)
    if address.query is not None or address.update is not None:
        raise Problem(400, "one request holds one query or one update: this one has one in the address, too")
    query, update = (text, None) if content_type == QUERY else (None, text)
    if (update is None and (address.using or address.using_named)) or (
        query is None and (address.default_graphs or address.named_graphs)
    ):
        raise Problem(400, "default-graph-uri and named-graph-uri go with a query, using-graph-uri with an update")
    return Parameters(
        query,
        update,
        address.default_graphs,
        address.named_graphs,
        address.using,
        address.using_named,
        address.format,
    )


async def bounded_body(request: Request, limit: int) -> bytes:
    """The body of a request; a Problem with status 413 as soon as it is longer than the limit."""
    parts = bytearray()
    async for part in request.stream():
        parts += part
        if len(parts) > limit:
            raise Problem(413, f"the body of such a request has at most {limit} bytes")
    return bytes(parts)


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Problem(400, "the body is not UTF-8") from error
