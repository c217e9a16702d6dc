"""Reads the words of a SPARQL query or update without running it: its form, what it reaches out to, its dataset.

Keywords are told from strings, IRIs, names, variables and comments by the terminals of SPARQL 1.1 Query
Language, section 19.8.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

Form = Literal["SELECT", "ASK", "CONSTRUCT", "DESCRIBE"]

_FORMS: tuple[Form, ...] = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
_UPDATES = frozenset(
    {"INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH"},
)
_TOKEN = re.compile(
    r"""
    (?P<iri><[^<>"{}|^`\\\x00-\x20]*>)
    |(?P<comment>\#[^\r\n]*)
    |(?P<string>\"\"\"(?:\"{0,2}(?:[^"\\]|\\.))*\"\"\"|'''(?:'{0,2}(?:[^'\\]|\\.))*'''
        |"(?:[^"\\\r\n]|\\.)*"|'(?:[^'\\\r\n]|\\.)*')
    |(?P<variable>[?$]\w+)
    |(?P<tag>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
    |(?P<name>(?:[^\W\d_][\w.\-]*)?:(?:[\w.\-:]|%[0-9A-Fa-f]{2}|\\.)*)
    |(?P<word>[A-Za-z_]\w*)
    |(?P<other>\S)
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")


# What an IRI may not hold between its angle brackets (SPARQL 1.1, section 19.8, IRIREF).
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[^<>\"{}|^`\\\x00-\x20]*")
# Functions that give another answer each time they are asked.
_VOLATILE = frozenset({"NOW", "RAND", "UUID", "STRUUID", "BNODE"})


class DatasetConflict(ValueError):
    """An update names its graphs twice, or names one by something that is no IRI."""


@dataclass(frozen=True, slots=True)
class QueryText:
    """What a text's words say: ``form`` is ``None`` for anything but a query.

    ``update`` means that its first word is one of SPARQL Update; ``federated`` that it calls another service;
    ``loads`` that it fetches a graph; ``dataset`` that it names its own graphs (FROM); ``volatile`` that its
    answer changes while the graph does not.
    """

    form: Form | None
    update: bool
    federated: bool
    loads: bool
    dataset: bool
    volatile: bool


def read_query(text: str) -> QueryText:
    """What the query's words say; nothing is checked beyond them."""
    words = _words(text)
    first = next((word for word in words if word in _FORMS or word in _UPDATES), None)
    # Some parsers undo codepoint escapes (SPARQL 1.1, section 19.2) before they look for words, some do not.
    escaped = _words(unescaped(text)) if "\\" in text else words
    return QueryText(
        form=next((form for form in _FORMS if form == first), None),
        update=first in _UPDATES,
        federated="SERVICE" in words or "SERVICE" in escaped,
        loads=first in _UPDATES and ("LOAD" in words or "LOAD" in escaped),
        dataset="FROM" in words,
        volatile=not _VOLATILE.isdisjoint(words),
    )


def any_graph(text: str) -> bool:
    """Whether the query looks into named graphs (GRAPH), and into any, never into one that it names."""
    tokens = [match for match in _TOKEN.finditer(text) if not match["comment"]]
    after = [then["variable"] for word, then in pairwise(tokens) if (word["word"] or "").upper() == "GRAPH"]
    return bool(after) and all(after)


def unescaped(text: str) -> str:
    """The text with its codepoint escapes undone (SPARQL 1.1, section 19.2)."""
    return _ESCAPE.sub(_character, text)


def bound(text: str, terms: Mapping[str, str]) -> str:
    """The query with terms, written as in N-Triples, in the place of variables; projections lose them.

    For services, which have no other way to take a parameter. Where a variable may stand but a term may not
    (GROUP BY, ORDER BY), the outcome is malformed.
    """
    parts: list[str] = []
    done = 0
    projecting = False
    brackets = 0
    for match in _TOKEN.finditer(text):
        symbol = match["word"].upper() if match["word"] else match["other"] or ""
        if symbol in {"SELECT", "WHERE", "FROM", "{"}:
            projecting = symbol == "SELECT"
        brackets += {"(": 1, ")": -1}.get(symbol, 0)
        term = terms.get(match["variable"][1:]) if match["variable"] else None
        if term is not None:
            parts += [text[done : match.start()], "" if projecting and not brackets else term]
            done = match.end()
    return "".join(parts) + text[done:]


def with_dataset(update: str, graphs: Sequence[str], named_graphs: Sequence[str]) -> str:
    """The update with USING clauses for these graphs in each operation that has a WHERE.

    (SPARQL 1.1 Protocol, section 2.2.3.) Raises DatasetConflict where the update says USING or WITH itself.
    """
    if not graphs and not named_graphs:
        return update
    for iri in (*graphs, *named_graphs):
        if not _IRI.fullmatch(iri):
            raise DatasetConflict(f"{iri!r} is not an absolute IRI")
    clauses = [f"USING <{iri}>" for iri in graphs] + [f"USING NAMED <{iri}>" for iri in named_graphs]
    return _rewritten(update, f" {' '.join(clauses)} ")


def _rewritten(update: str, clauses: str) -> str:
    parts: list[str] = []
    done = depth = 0
    before = ""
    # Where the pattern of a DELETE WHERE begins, which is its template as well and has no place for USING.
    template: int | None = None
    for match in _TOKEN.finditer(update):
        symbol = match["word"].upper() if match["word"] else match["other"] or ""
        depth += {"{": 1, "}": -1}.get(symbol, 0)
        if depth == 0 and symbol in {"USING", "WITH"}:
            raise DatasetConflict("the request names the graphs of the update, and so does the update itself")
        if depth == 0 and symbol == "WHERE":
            parts.append(update[done : match.start()])
            done = match.end()
            if before == "DELETE":
                template = match.end()
            else:
                parts.append(f"{clauses}WHERE")
        elif depth == 0 and symbol == "}" and template is not None:
            pattern = update[template : match.end()]
            parts.append(f"{pattern}{clauses}WHERE{pattern}")
            done, template = match.end(), None
        if not match["comment"]:
            before = symbol
    return "".join(parts) + update[done:]


def _words(text: str) -> list[str]:
    return [match["word"].upper() for match in _TOKEN.finditer(text) if match["word"]]


def _character(match: re.Match[str]) -> str:
    code = int(match[1] or match[2], 16)
    return chr(code) if code <= 0x10FFFF else match[0]
