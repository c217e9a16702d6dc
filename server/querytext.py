"""Reads a SPARQL query's words without running it: its form, and whether it reaches out or changes anything.

Keywords are told from strings, IRIs, names, variables and comments by the terminals of SPARQL 1.1 Query
Language, section 19.8.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class QueryText:
    """What a query's words say: ``form`` is ``None`` for anything but a query.

    ``update`` means that its first word is one of SPARQL Update; ``federated`` that it calls another service;
    ``dataset`` that it names its own graphs (FROM).
    """

    form: Form | None
    update: bool
    federated: bool
    dataset: bool


def read_query(text: str) -> QueryText:
    """What the query's words say; nothing is checked beyond them."""
    words = _words(text)
    first = next((word for word in words if word in _FORMS or word in _UPDATES), None)
    # Some parsers undo codepoint escapes (SPARQL 1.1, section 19.2) before they look for words, some do not.
    federated = "SERVICE" in words or "SERVICE" in _words(_ESCAPE.sub(_character, text))
    return QueryText(
        form=next((form for form in _FORMS if form == first), None),
        update=first in _UPDATES,
        federated=federated,
        dataset="FROM" in words,
    )


def _words(text: str) -> list[str]:
    return [match["word"].upper() for match in _TOKEN.finditer(text) if match["word"]]


def _character(match: re.Match[str]) -> str:
    code = int(match[1] or match[2], 16)
    return chr(code) if code <= 0x10FFFF else match[0]
