"""Reads the solutions of a SELECT query from the table that the database writes of them.

The table is TSV (SPARQL 1.1 Query Results CSV and TSV Formats, section 4): one line for each solution, each term as in
Turtle. Taking it apart costs a third of asking the database for every term of every solution.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from kg.answers import QueryError, Value

_ESCAPE: Final = re.compile(r"\\(.)")
_ESCAPED: Final = {"t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f", '"': '"', "'": "'", "\\": "\\"}


def read_table(table: bytes, known: Mapping[str, Value]) -> list[dict[str, Value]]:
    """The solutions, unbound variables left out; a variable of ``known`` has that value in each of them.

    Raises QueryError for a term that no page can show.
    """
    head, *lines = table.decode("utf-8").split("\n")
    names = [name.removeprefix("?") for name in head.split("\t")]
    same = {name: known[name] for name in names if name in known}
    columns = [(place, name) for place, name in enumerate(names) if name not in known]
    # Most terms of a table stand in it many times.
    terms: dict[str, Value] = {}
    found = []
    # What follows the last line feed is no solution.
    for line in lines[:-1]:
        tokens = line.split("\t")
        solution = same.copy()
        for place, name in columns:
            if token := tokens[place]:
                if token not in terms:
                    terms[token] = read_term(token)
                solution[name] = terms[token]
        found.append(solution)
    return found


def read_term(token: str) -> Value:
    """A term as Turtle spells it, a number or a truth value without quotes; raises QueryError for a triple."""
    if token[0] == '"':
        # No quote stands after the closing one: neither language tags nor the IRIs of datatypes have any.
        end = token.rindex('"')
        text, rest = token[1:end], token[end + 1 :]
        if "\\" in text:
            text = _ESCAPE.sub(lambda match: _ESCAPED[match[1]], text)
        return Value(text, rest[1:].partition("--")[0] if rest[:1] == "@" else None)
    if token.startswith("<<"):
        raise QueryError(f"the solution holds a term that no page can show: {token}")
    if token[0] == "<":
        return Value(token[1:-1])
    return Value(token.removeprefix("_:"))
