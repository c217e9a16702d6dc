"""A query from the command line: its answer as text, or where and why it cannot be asked."""

from __future__ import annotations

import json
from io import StringIO
from typing import Literal

from rich.console import Console
from rich.table import Table

from kg.answers import Answer, GraphFormat, QueryError, ResultFormat
from kg.opening import published_store
from kg.service import Location
from server.answers import problem
from server.asked import checked
from server.problems import Problem

EXPORTS: dict[str, Literal["nquads", "trig", "jsonld"]] = {"nq": "nquads", "trig": "trig", "jsonld": "jsonld"}
_RESULTS: dict[str, ResultFormat] = {"table": "json", "csv": "csv", "json": "json"}
_GRAPHS: dict[str, GraphFormat] = {"ttl": "turtle", "json": "jsonld"}


def ask(query: str, form: str | None, location: Location) -> str:
    """The answer of the location's published graph, as a table or as Turtle where no form is asked for.

    Raises NothingPublished, and Problem for a query that is refused, malformed, or has no such form.
    """
    asked = checked(query)
    form = form or ("ttl" if asked.graph else "table")
    if form not in (_GRAPHS if asked.graph else _RESULTS) or (asked.words.form == "ASK" and form == "csv"):
        raise Problem(406, f"the answer to this query cannot be written as {form}; leave --format out")
    store = published_store(location)
    try:
        answer = store.answer(
            query,
            results=_RESULTS.get(form, "json"),
            graphs=_GRAPHS.get(form, "turtle"),
            dataset=asked.dataset,
        )
    except QueryError as error:
        raise Problem(400, _explained(str(error), query)) from error
    return _table(answer) if form == "table" else answer.body.decode("utf-8")


def _explained(message: str, query: str) -> str:
    found = problem(400, message, query)
    if found.line is None:
        return f"the query cannot be asked: {found.detail}"
    pointer = " " * len(found.before) + "^"
    line = f"{found.before}{found.at}{found.after}".rstrip()
    return f"the query is malformed: {found.detail}\n  {line}\n  {pointer}"


def _table(answer: Answer) -> str:
    document = json.loads(answer.body)
    if answer.form == "boolean":
        return "true" if document["boolean"] else "false"
    columns = document["head"]["vars"]
    solutions = document["results"]["bindings"]
    table = Table(*columns, box=None, pad_edge=False, header_style="")
    for solution in solutions:
        table.add_row(*(solution.get(column, {}).get("value", "") for column in columns))
    # Wide enough that no cell is cut: a table is read by programs as well, and a terminal wraps by itself.
    console = Console(file=StringIO(), width=10_000, markup=False, highlight=False, emoji=False)
    console.print(table)
    lines = [line.rstrip() for line in console.file.getvalue().splitlines()]  # type: ignore[attr-defined]
    return "\n".join([*lines, f"({len(solutions)} rows)"])
