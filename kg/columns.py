"""Reads the columns of query solutions into the parts of rows: names, quantities, intervals, contexts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cache

from kg.answers import Value
from kg.rows import Context, Interval, Name, PValue, Quantity

Solution = Mapping[str, Value]


def text(solution: Solution, column: str) -> str:
    """The text or IRI of a column that every solution binds."""
    return solution[column].text


def optional(solution: Solution, column: str) -> str | None:
    """The text or IRI of a column, ``None`` where it is unbound."""
    value = solution.get(column)
    return None if value is None else value.text


def flag(solution: Solution, column: str) -> bool | None:
    """A boolean column, ``None`` where it is unbound."""
    value = solution.get(column)
    return None if value is None else value.text in {"true", "1"}


def quantity(solution: Solution, column: str) -> Quantity | None:
    """The number of ``column`` with the printed form of ``columnText``, ``None`` where it is unbound."""
    value = solution.get(column)
    if value is None:
        return None
    return Quantity(Decimal(value.text), text(solution, f"{column}Text"))


def printed(solution: Solution, column: str) -> Quantity:
    """The number of a column that every solution binds, with its printed form."""
    return Quantity(Decimal(text(solution, column)), text(solution, f"{column}Text"))


def ordered(solutions: Iterable[Solution], *names: str) -> list[Solution]:
    """The solutions in the order of the texts of these columns, unbound ones first.

    A database that puts a trial's rows in order looks each of its terms up again for every comparison, which takes
    several times as long as the query itself.
    """

    def place(solution: Solution) -> list[tuple[str, str]]:
        found = (solution.get(name) for name in names)
        return [("", "") if value is None else _order(value) for value in found]

    return sorted(solutions, key=place)


def grouped(solutions: Iterable[Solution], column: str) -> dict[str, list[Solution]]:
    """The solutions by the text of one column, in the order of first appearance."""
    groups: dict[str, list[Solution]] = {}
    for solution in solutions:
        groups.setdefault(text(solution, column), []).append(solution)
    return groups


def described(solutions: Iterable[Solution], column: str) -> dict[str, list[Solution]]:
    """Solutions that give one property each, by the node of one column, in the order of report and node.

    The first of a node's solutions has a column for each property, named by the last part of its IRI; where a
    property has several values, the others hold them, and the first has the last of them in the order of their texts.
    """
    nodes: dict[str, list[Solution]] = {}
    firsts: dict[str, dict[str, Value]] = {}
    for row in solutions:
        node = row[column].text
        name, value = local_name(row["property"].text), row["value"]
        if node not in nodes:
            firsts[node] = {"report": row["report"]}
            nodes[node] = [firsts[node]]
        first = firsts[node]
        if name not in first or _order(first[name]) < _order(value):
            first[name] = value
        nodes[node].append({name: value})
    return dict(sorted(nodes.items(), key=lambda item: (item[1][0]["report"].text, item[0])))


@cache
def local_name(iri: str) -> str:
    """The last part of the IRI of a property."""
    return re.split("[#/]", iri)[-1]


def _order(value: Value) -> tuple[str, str]:
    return value.text, value.language or ""


def distinct(group: Iterable[Solution], column: str) -> tuple[str, ...]:
    """The different values of a column, sorted."""
    return tuple(sorted({solution[column].text for solution in group if column in solution}))


def names(group: Sequence[Solution], column: str, best: str | None = None) -> tuple[Name, ...]:
    """The different texts of a column by language: those whose ``best`` is true first, then the longest."""
    ranks: dict[Name, bool] = {}
    for solution in group:
        value = solution.get(column)
        if value is None:
            continue
        name = Name(value.text, value.language or "")
        ranks[name] = ranks.get(name, False) or (best is not None and bool(flag(solution, best)))
    return tuple(sorted(ranks, key=lambda name: (name.language, not ranks[name], -len(name.text), name.text)))


def interval(group: Sequence[Solution]) -> Interval | None:
    """The interval of one result, ``None`` where the report gives none."""
    first = group[0]
    low, high = quantity(first, "intervalLow"), quantity(first, "intervalHigh")
    not_estimable = distinct(group, "boundNotEstimable")
    if low is None and high is None and not not_estimable:
        return None
    level = optional(first, "intervalLevel")
    return Interval(low, high, None if level is None else Decimal(level), not_estimable)


def p_value(solution: Solution) -> PValue | None:
    """The p-value of one result, ``None`` where the report gives none."""
    number = quantity(solution, "pValue")
    if number is None:
        return None
    sides = optional(solution, "pSides")
    return PValue(text(solution, "pOperator"), number, None if sides is None else int(sides))


def context(group: Sequence[Solution]) -> Context:
    """The circumstances of one result."""
    first = group[0]
    return Context(
        subgroup=names(group, "prefLabel"),
        subgroup_iri=optional(first, "subgroup"),
        time_point=names(group, "timePoint"),
        analysis_set=optional(first, "analysisSet"),
        planned=flag(first, "planned"),
        adjusted=flag(first, "adjusted"),
    )
