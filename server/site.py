"""One running site: its settings, graph and query workers, and how it answers with a page or with data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from server.admission import Admission
from server.kept import KeptPages
from server.metrics import Metrics
from server.negotiation import HTML, LANGUAGES, Format, Language, choose_language
from server.rendering import Alternate, Frame, render
from server.settings import Settings
from server.snapshot import Snapshots
from server.spool import Body
from server.urls import Urls
from server.workers import QueryPool
from server.writing import Writer

LANGUAGE_COOKIE = "language"
_A_YEAR = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Site:
    """What every handler needs; one for each application."""

    settings: Settings
    urls: Urls
    snapshots: Snapshots
    pool: QueryPool
    admission: Admission
    metrics: Metrics
    writer: Writer
    kept: KeptPages
    build: str


def make_site(settings: Settings) -> Site:
    """The site of these settings; nothing is opened before the first request."""
    return Site(
        settings=settings,
        urls=Urls(settings.base_iri),
        snapshots=Snapshots(settings.location),
        pool=QueryPool(settings),
        admission=Admission(settings),
        metrics=Metrics(),
        writer=Writer(settings),
        kept=KeptPages(),
        build=_build(),
    )


def site_of(request: Request) -> Site:
    """The site that a request came to."""
    site: Site = request.app.state.site
    return site


def _build() -> str:
    """A mark that changes with templates, styles and labels: no browser keeps a page of an older program."""
    folders = (Path(str(files(package))) for package in ("server", "ontology"))
    newest = max(path.stat().st_mtime_ns for folder in folders for path in folder.rglob("*.*"))
    return f"{newest:x}"


def frame_for(request: Request, language: Language, alternates: tuple[Alternate, ...] = ()) -> Frame:
    """What surrounds the page at the request's address."""
    urls = site_of(request).urls
    here = {other: urls.in_language(request.url.path, request.url.query, other) for other in LANGUAGES}
    return Frame(language, here, alternates)


def page_response(
    request: Request, template: str, frame: Frame, page: object, *, status: int = 200, etag: str | None = None
) -> Response:
    """An HTML page, with links to its other formats and, if it is to be kept, its entity tag."""
    return _html(request, render(template, frame, site_of(request).urls, page), frame, status, etag)


def kept_response(request: Request, template: str, frame: Frame, make: Callable[[], object], *, etag: str) -> Response:
    """The same for a page that takes long to make: made once for each version of the graph, while there is room."""
    site = site_of(request)
    address = f"{request.url.path}?{request.url.query}"
    content = site.kept.page(etag, address, lambda: render(template, frame, site.urls, make()))
    return _html(request, content, frame, 200, etag)


def _html(request: Request, content: str | bytes, frame: Frame, status: int, etag: str | None) -> Response:
    response = Response(content, status, media_type=HTML.content_type)
    links = [
        f'<{alternate.href}>; rel="alternate"; type="{alternate.wanted.media_type}"' for alternate in frame.alternates
    ]
    links += [f'<{href}>; rel="alternate"; hreflang="{other}"' for other, href in frame.here.items()]
    response.headers["Link"] = ", ".join(links)
    response.headers["Content-Language"] = frame.language
    mark(response, etag)
    if request.cookies.get(LANGUAGE_COOKIE) != frame.language:
        response.set_cookie(LANGUAGE_COOKIE, frame.language, max_age=_A_YEAR, samesite="lax", httponly=True)
    return response


def data_response(body: bytes, wanted: Format, etag: str | None = None) -> Response:
    """Data for machines of any origin."""
    response = Response(body, media_type=wanted.content_type)
    response.headers["Access-Control-Allow-Origin"] = "*"
    mark(response, etag)
    return response


def body_response(body: Body, wanted: Format, etag: str | None = None) -> Response:
    """A complete answer for machines of any origin; one that is held in a file is sent a part at a time."""
    response: Response
    if body.in_memory:
        # Parts are fetched in a thread, one after another, which takes longer than all else around a short query.
        response = Response(body.whole(), media_type=wanted.content_type)
    else:
        response = StreamingResponse(body.parts(), media_type=wanted.content_type)
        response.headers["Content-Length"] = str(body.size)
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = "ETag"
    mark(response, etag)
    return response


def open_to_all(methods: tuple[str, ...]) -> Response:
    """Tell browsers of other origins that they may ask by these methods."""
    return Response(
        status_code=204,
        headers={
            "Allow": ", ".join((*methods, "HEAD")),
            "Access-Control-Allow-Origin": "*",
            "Access-Control-Allow-Methods": ", ".join(methods),
            "Access-Control-Allow-Headers": "Accept, Authorization, Content-Type, If-None-Match",
            "Access-Control-Max-Age": "86400",
        },
    )


def mark(response: Response, etag: str | None) -> None:
    """Say what the response depends on, and that a kept copy is to be asked about before it is used."""
    response.headers["Vary"] = "Accept, Accept-Language, Cookie"
    if etag is not None:
        response.headers["ETag"] = etag
        response.headers["Cache-Control"] = "no-cache"


def entity_tag(request: Request, version: str) -> str:
    """The entity tag of everything made from a version of the graph; weak, since it names no bytes."""
    return f'W/"{version}-{site_of(request).build}"'


def unchanged(request: Request, etag: str) -> Response | None:
    """The answer 304 to a request that names this entity tag (RFC 9110, section 13.1.2), else ``None``."""
    header = request.headers.get("if-none-match")
    if header is None:
        return None
    named = {tag.strip().removeprefix("W/") for tag in header.split(",")}
    if etag.removeprefix("W/") not in named and "*" not in named:
        return None
    response = Response(status_code=304, headers={"Access-Control-Allow-Origin": "*"})
    mark(response, etag)
    return response


def preferred_language(request: Request) -> Language:
    """The language of a visitor whose address does not say one."""
    for language in LANGUAGES:
        if request.url.path.startswith(f"/{language}/"):
            return language
    return choose_language(request.cookies.get(LANGUAGE_COOKIE), request.headers.get("accept-language"))
