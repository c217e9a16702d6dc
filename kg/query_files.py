"""The query room: the files of ``kg/sparql``, each complete and runnable as it stands."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Final

from kg.rows import Example

_TITLE: Final = re.compile(r"^# title@(?P<language>en|zh): (?P<title>.+)$", re.MULTILINE)


@cache
def query_text(name: str) -> str:
    """The text of ``kg/sparql/{name}.rq``, complete and runnable as it stands."""
    return files("kg").joinpath("sparql", f"{name}.rq").read_text(encoding="utf-8")


def query_names() -> tuple[str, ...]:
    """The names of all queries, sorted."""
    files_here = files("kg").joinpath("sparql").iterdir()
    return tuple(sorted(file.name.removesuffix(".rq") for file in files_here if file.name.endswith(".rq")))


@cache
def examples() -> tuple[Example, ...]:
    """The queries for users, by name, with the titles that they open with."""
    found = sorted(
        file.name for file in files("kg").joinpath("sparql").iterdir() if file.name.startswith("example_")
    )
    return tuple(_example(name.removesuffix(".rq")) for name in found)


def _example(name: str) -> Example:
    text = query_text(name)
    titles = {match["language"]: match["title"] for match in _TITLE.finditer(text)}
    return Example(name.removeprefix("example_"), titles, text)
