"""The web application: routes, static files, security headers, and the one table from exception to status."""

from __future__ import annotations

import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from importlib.resources import files

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kg.checkpoints import NothingPublished
from kg.search.finding import IndexMissing
from kg.service import ServiceError
from server import (
    about,
    discrepancies,
    feed,
    graphstore,
    interface,
    lexicon,
    linked,
    logs,
    operating,
    pages,
    protocol,
    receiving,
    workbench,
)
from server.compare import routes as compare_routes
from server.compression import Compression
from server.contexts import ErrorPage
from server.metrics import Metrics
from server.negotiation import HTML, JSON, choose_format
from server.network import routes as network_routes
from server.problems import Problem, problem_body, service_problem
from server.question import routes as question_routes
from server.search import routes as search_routes
from server.settings import Settings
from server.site import frame_for, make_site, page_response, preferred_language
from server.trial import downloads, parts
from server.trial import interface as trial_interface

_LOG = logging.getLogger(__name__)
PROBLEM_TYPE = "application/problem+json"
_SECURITY = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"})
_ADVICE = {400: "advice-400", 404: "advice-404", 500: "advice-500", 503: "advice-503"}


def create_app(settings: Settings) -> FastAPI:
    """The application over the published graph of the settings' folder."""
    site = make_site(settings)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        site.pool.close()
        site.writer.close()

    # The generated documentation pages load scripts from another host, so there are none.
    app = FastAPI(title="Evidence Graph", lifespan=lifespan, openapi_url=None, docs_url=None, redoc_url=None)
    app.state.site = site
    app.state.rates = receiving.Rates(settings.receive_rate)
    app.mount("/static", StaticFiles(directory=str(files("server").joinpath("static"))), name="static")
    app.include_router(protocol.router)
    app.include_router(graphstore.router)
    app.include_router(operating.router)
    # Before the linked data: what a finding is published as lies below the finding itself.
    app.include_router(trial_interface.router)
    app.include_router(linked.router)
    app.include_router(lexicon.router)
    app.include_router(discrepancies.router)
    app.include_router(about.router)
    app.include_router(feed.router)
    app.include_router(interface.router)
    app.state.interface = (
        search_routes.interface,
        question_routes.interface,
        trial_interface.interface,
        compare_routes.interface,
        receiving.interface,
    )
    for data in app.state.interface:
        app.include_router(data)
    app.include_router(search_routes.router)
    app.include_router(downloads.router)
    app.include_router(parts.router)
    app.include_router(pages.router)
    app.include_router(compare_routes.router)
    app.include_router(question_routes.router)
    app.include_router(network_routes.router)
    app.include_router(workbench.router)
    app.add_exception_handler(Problem, _problem)
    app.add_exception_handler(NothingPublished, _nothing_published)
    app.add_exception_handler(IndexMissing, _no_index)
    app.add_exception_handler(ServiceError, _service)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(ClientDisconnect, _gone)
    app.add_exception_handler(Exception, _fault)
    app.add_middleware(Compression)
    app.add_middleware(Envelope, metrics=site.metrics)
    return app


class Envelope:
    """Answers HEAD as GET without the body, adds the security headers to everything, and counts the requests."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, with its method and its answer adjusted."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        head = scope["method"] == "HEAD"
        inner = {**scope, "method": "GET"} if head else scope
        started = time.monotonic()
        status = 499

        async def adjusted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                for name, value in _SECURITY.items():
                    headers.setdefault(name, value)
            elif head and message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        try:
            await self._app(inner, receive, adjusted)
        finally:
            self._note(inner, scope["method"], status, time.monotonic() - started)

    def _note(self, scope: Scope, method: str, status: int, seconds: float) -> None:
        # The pattern of the address and not the address: queries and identifiers are nobody's business.
        route = getattr(scope.get("route"), "path", "none")
        known = method if method in _METHODS else "other"
        self._metrics.count("kg_requests_total", route=route, method=known, status=str(status))
        self._metrics.observe("kg_request_seconds", seconds, route=route)
        logs.log(logs.REQUESTS, "request", route=route, method=known, status=status, seconds=round(seconds, 6))


def _respond(request: Request, problem: Problem, advice: str | None = None) -> Response:
    """One body for machines, one page for people, chosen as everywhere else."""
    chosen = choose_format(request.headers.get("accept"), (JSON, HTML))
    machine = request.url.path.startswith(("/sparql", "/graphs", "/api")) or chosen != HTML
    if machine:
        response = Response(problem_body(problem), problem.status, media_type=PROBLEM_TYPE)
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Vary"] = "Accept"
    else:
        language = preferred_language(request)
        # The heading says what the phrase of the status would say again, and of a page that is not there all that
        # the detail says, which is in English.
        said = problem.detail == HTTPStatus(problem.status).phrase or (problem.status == 404 and language != "en")
        page = ErrorPage(problem.status, advice or _ADVICE.get(problem.status), None if said else problem.detail)
        frame = frame_for(request, language)
        response = page_response(request, "error.html", frame, page, status=problem.status)
    response.headers.update(problem.headers)
    return response


def _problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)  # noqa: S101 - the framework passes what the table says
    return _respond(request, error)


def _nothing_published(request: Request, error: Exception) -> Response:
    return _respond(request, Problem(503, str(error)), "advice-nothing-published")


def _no_index(request: Request, error: Exception) -> Response:
    _LOG.warning("%s", error)
    return _respond(request, Problem(503, "the search has no index of what is published"), "search-missing")


def _service(request: Request, error: Exception) -> Response:
    assert isinstance(error, ServiceError)  # noqa: S101 - the framework passes what the table says
    _LOG.warning("the store failed: %s", error)
    return _respond(request, service_problem(error))


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - the framework passes what the table says
    return _respond(request, Problem(error.status_code, error.detail, headers=error.headers))


def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - the framework passes what the table says
    reasons = "; ".join(f"{entry['loc'][-1]}: {entry['msg']}" for entry in error.errors())
    return _respond(request, Problem(400, reasons))


def _gone(_: Request, __: Exception) -> Response:
    # Nobody is there to read it; 499 is what proxies log for a client that has gone.
    return Response(status_code=499)


def _fault(request: Request, error: Exception) -> Response:
    _LOG.error("fault while answering %s", request.url.path, exc_info=error)
    return _respond(request, Problem(500, "the server failed to answer; the fault has been logged"))
