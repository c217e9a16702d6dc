"""The query room: the files of ``kg/sparql``, each complete and runnable as it stands."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def query_text(name: str) -> str:
    """The text of ``kg/sparql/{name}.rq``, complete and runnable as it stands."""
    return files("kg").joinpath("sparql", f"{name}.rq").read_text(encoding="utf-8")


def query_names() -> tuple[str, ...]:
    """The names of all queries, sorted."""
    files_here = files("kg").joinpath("sparql").iterdir()
    return tuple(sorted(file.name.removesuffix(".rq") for file in files_here if file.name.endswith(".rq")))
