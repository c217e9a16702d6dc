"""The page to write queries on: examples, an editor's words, the answer as a table and as a plot."""

from __future__ import annotations

from dataclasses import dataclass, replace

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from kg import queries, rows
from kg.answers import Dataset, QueryError
from kg.checkpoints import NothingPublished
from ontology import prefixes
from server.answers import QueryProblem, ResultTable, problem, result_table, verdict
from server.asked import checked
from server.convertors import language_of, register
from server.negotiation import Format
from server.plots import Bars, Dots, plot
from server.problems import Problem
from server.runs import answered
from server.site import frame_for, page_response, site_of

# What the page shows before anything is asked: the question that brings most people to it.
_FIRST_EXAMPLE = "overall_survival"

register()
router = APIRouter()


@dataclass(frozen=True, slots=True)
class QueryPage:
    """The page with the answer to the query that it was opened with; ``words`` are what the editor completes."""

    query: str
    examples: tuple[rows.Example, ...]
    words: dict[str, object]
    answered: bool = False
    table: ResultTable | None = None
    plot: Bars | Dots | None = None
    verdict: bool | None = None
    graph: str | None = None
    problem: QueryProblem | None = None
    formats: tuple[Format, ...] = ()


@router.get("/{language:language}/sparql")
async def sparql(request: Request, language: str, query: str = "", example: str = "") -> Response:
    """The page to write a query on, with the answer to ``query``, or with an example to run."""
    shown = language_of(language)
    examples = queries.examples()
    wanted = example if example and not query.strip() else _FIRST_EXAMPLE
    first = next((entry.text for entry in examples if entry.name == wanted), "")
    page = QueryPage(query if query.strip() else first, examples, await run_in_threadpool(_words, request))
    if query.strip():
        page = await _answered(request, page)
    status = page.problem.status if page.problem else 200
    return page_response(request, "sparql.html", frame_for(request, shown), page, status=status)


def _words(request: Request) -> dict[str, object]:
    """What the editor completes: prefixes with their namespaces, and the classes and properties in use."""
    try:
        used = queries.used_terms(site_of(request).snapshots.newest().store)
    except NothingPublished:
        used = rows.UsedTerms((), ())
    return {
        "prefixes": [f"{prefix}: <{namespace}>" for prefix, namespace in prefixes().items()],
        "classes": used.classes,
        "properties": used.properties,
    }


async def _answered(request: Request, page: QueryPage) -> QueryPage:
    site = site_of(request)
    try:
        asked = checked(page.query, Dataset(base_iri=str(request.url.replace(path="/sparql", query=""))))
        served = await answered(request, asked)
    except QueryError as error:
        return replace(page, problem=problem(400, str(error), page.query))
    except Problem as error:
        return replace(page, problem=QueryProblem(error.status, error.detail))
    body = await run_in_threadpool(served.body().whole)
    page = replace(page, answered=True, formats=asked.formats)
    if served.form == "boolean":
        return replace(page, verdict=verdict(body))
    if served.form == "triples":
        return replace(page, graph=body.decode("utf-8"))
    table = await run_in_threadpool(result_table, body, site.urls)
    return replace(page, table=table, plot=plot(table))
