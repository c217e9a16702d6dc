"""Reads a serialised answer into a table to show, and a parser's message into a place in the query."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from ontology import prefixes
from server.urls import Urls

ROWS_SHOWN = 200
_LOCAL = re.compile(r"\w[\w.-]*")
_POSITION = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)
_CHARACTER_CLASSES = re.compile(r"(?:\[(?:'[^\n]*?'|_)[^\]]*\](?:,|\s*\|)?\s*)+")
_NUMERIC = re.compile(r"http://www\.w3\.org/2001/XMLSchema#(?:integer|decimal|double|float|int|long)")


@dataclass(frozen=True, slots=True)
class ResultCell:
    """A term of a query's result: its text, its language, and where it leads, if anywhere.

    ``outside`` says that the address is another server's, ``number`` that the term is one.
    """

    text: str
    language: str | None
    href: str | None
    outside: bool
    number: bool


@dataclass(frozen=True, slots=True)
class ResultTable:
    """The first rows of a query's result; ``total`` counts all of them."""

    columns: tuple[str, ...]
    rows: tuple[tuple[ResultCell | None, ...], ...]
    total: int


@dataclass(frozen=True, slots=True)
class QueryProblem:
    """Why a query has no answer; ``line`` and ``column``, from 1, where the parser says where.

    ``before``, ``at`` and ``after`` are then the parts of that line of the query.
    """

    status: int
    detail: str
    line: int | None = None
    column: int | None = None
    before: str = ""
    at: str = ""
    after: str = ""


def result_table(body: bytes, urls: Urls) -> ResultTable:
    """The first rows of a SPARQL 1.1 Query Results JSON document."""
    document = json.loads(body)
    columns = tuple(document["head"]["vars"])
    solutions = document["results"]["bindings"]
    return ResultTable(
        columns=columns,
        rows=tuple(
            tuple(_cell(solution.get(column), urls) for column in columns) for solution in solutions[:ROWS_SHOWN]
        ),
        total=len(solutions),
    )


def _cell(term: dict[str, str] | None, urls: Urls) -> ResultCell | None:
    if term is None:
        return None
    text = term["value"]
    if term["type"] == "uri":
        own = urls.thing(text)
        web = text if text.startswith(("https://", "http://")) else None
        return ResultCell(_short(text, urls), None, own or web, outside=own is None, number=False)
    number = bool(_NUMERIC.fullmatch(term.get("datatype", "")))
    return ResultCell(text, term.get("xml:lang"), None, outside=False, number=number)


def _short(iri: str, urls: Urls) -> str:
    """The IRI with its prefix, where it has one of ours and a plain name after it; of a thing its path."""
    thing = iri.removeprefix(urls.iri("id/"))
    if thing != iri:
        return thing
    for prefix, namespace in prefixes().items():
        name = iri.removeprefix(namespace)
        if name != iri and _LOCAL.fullmatch(name):
            return f"{prefix}:{name}"
    return iri


def verdict(body: bytes) -> bool:
    """What an ASK query found, from a SPARQL 1.1 Query Results JSON document."""
    return bool(json.loads(body)["boolean"])


def problem(status: int, message: str, query: str) -> QueryProblem:
    """The problem with its place in the query, where the message is a parser's and names one."""
    found = _POSITION.match(message)
    if found is None:
        return QueryProblem(status, message)
    line, column = int(found[1]), int(found[2])
    lines = query.splitlines() or [""]
    text = lines[min(line, len(lines)) - 1]
    return QueryProblem(
        status=status,
        detail=readable(message),
        line=line,
        column=column,
        before=text[: column - 1],
        at=text[column - 1 : column] or " ",
        after=text[column:],
    )


def readable(message: str) -> str:
    """A parser's message without the lists of characters that could have followed."""
    return _CHARACTER_CLASSES.sub("a letter or digit ", message).strip()
