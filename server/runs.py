"""From a stranger's query to its complete answer, or to the Problem that says why there is none."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import Future

from starlette.requests import ClientDisconnect, Request

from kg.answers import QueryError, ResultTooLarge
from kg.service import ServiceError
from server import logs
from server.asked import Asked, graph_format, result_format
from server.negotiation import Format
from server.problems import Problem
from server.settings import Settings
from server.site import Site, site_of
from server.workers import QueryTimeout, Question, Served, WholeGraph, WorkerDied, failure

_RETRY = {"Retry-After": "5"}
_POLL_SECONDS = 0.25


async def answered(request: Request, asked: Asked, wanted: Format | None = None) -> Served:
    """The answer in the format, else in JSON or Turtle; raises QueryError, and Problem for a limit reached.

    When the client goes, the query is stopped and ClientDisconnect raised.
    """
    question = Question(
        text=asked.text,
        results=result_format(wanted) if wanted is not None and not asked.graph else "json",
        graphs=graph_format(wanted) if wanted is not None and asked.graph else "turtle",
        dataset=asked.dataset,
    )
    return await _run(request, question, asked.text, asked.words.form or "none")


async def whole_graph(request: Request, graph: str | None, wanted: Format) -> Served:
    """All triples of one graph, within the same limits as a query; its form is ``None`` for an unknown graph."""
    return await _run(request, WholeGraph(graph, graph_format(wanted)), graph or "default", "graph")


async def _run(request: Request, question: Question | WholeGraph, text: str, form: str) -> Served:
    site = site_of(request)
    client = site.admission.enter(request.client.host if request.client else "")
    started = time.monotonic()
    outcome = "fault"
    served: Served | None = None
    try:
        future = site.pool.submit(question)
        await _wait(request, future)
        served = _finished(future, site.settings)
        outcome = "answered"
    except QueryError:
        outcome = "malformed"
        raise
    except ServiceError:
        outcome = "store"
        raise
    except Problem as problem:
        outcome = problem.limit or "refused"
        raise
    except (ClientDisconnect, asyncio.CancelledError):
        outcome = "client-gone"
        raise
    else:
        return served
    finally:
        site.admission.leave(client)
        _note(site, text, form, outcome, time.monotonic() - started, served)


def _note(site: Site, text: str, form: str, outcome: str, seconds: float, served: Served | None) -> None:
    site.metrics.count("kg_queries_total", outcome=outcome)
    site.metrics.observe("kg_query_seconds", seconds)
    fields: dict[str, object] = {
        "query": logs.query_hash(text),
        "form": form,
        "outcome": outcome,
        "seconds": round(seconds, 6),
    }
    if served is not None:
        fields["version"] = served.version
    if site.settings.log_queries:
        fields["text"] = text
    logs.log(logs.QUERIES, "query", **fields)


async def _wait(request: Request, future: Future[Served]) -> None:
    """Wait for the answer without holding a thread, and stop the query when the client has gone."""
    waiting = asyncio.wrap_future(future)
    try:
        gone = False
        while not gone and not (await asyncio.wait({waiting}, timeout=_POLL_SECONDS))[0]:
            gone = await request.is_disconnected()
    except asyncio.CancelledError:
        future.cancel()
        raise
    if gone:
        future.cancel()
        raise ClientDisconnect
    # The answer or the error is taken from the future itself; asking here keeps asyncio from reporting it.
    waiting.exception()


def _finished(future: Future[Served], settings: Settings) -> Served:
    """The answer of a future that is done; raises QueryError, and Problem for a limit reached."""
    try:
        return future.result()
    except ResultTooLarge as error:
        raise Problem(413, str(error), limit="query_result_mib") from error
    except OSError as error:
        known = failure(error, settings)
        if isinstance(known, QueryTimeout):
            raise Problem(504, str(known), limit="query_seconds") from error
        if isinstance(known, WorkerDied):
            raise Problem(503, str(known), limit="query_memory_mib", headers=_RETRY) from error
        raise
