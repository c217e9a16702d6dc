"""Finds figures of different reports of one trial that do not agree: computed checks that point at the findings.

What one report prints is checked when it is read (``kg.audit``). A failed check is a reason to look at the sources,
not a verdict: a later report may hold a later analysis.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import combinations
from typing import Final

from rdflib import URIRef

from extractors.findings import Number
from kg.audit.repeats import agrees
from kg.check_nodes import LANGUAGES, check_triples
from kg.inventory import Comparable
from kg.iris import Iris
from kg.rows import Quantity
from kg.stores import Triple
from ontology import EV, by_name, label

# Two ratios whose product is this close to 1 are one ratio, given for either arm.
RECIPROCAL_TOLERANCE: Final = Decimal("0.02")


def discrepancies(comparable: Sequence[Comparable], iris: Iris) -> list[Triple]:
    """The triples of the graph of checks that span reports, a node for each that failed."""
    return sorted(
        triple for first, second in disagreements(comparable) for triple in _disagreement(first, second, iris)
    )


def disagreements(comparable: Sequence[Comparable]) -> Iterator[tuple[Comparable, Comparable]]:
    """Pairs of estimates of two reports of one trial that ought to be the same and are not.

    Either the value is the same and the interval is another, or each report gives just one estimate in the
    same setting and the values differ by more than the choice of the reference arm explains.
    """
    groups: dict[tuple[str, str, str], list[Comparable]] = {}
    for one in comparable:
        groups.setdefault((one.trial, one.endpoint, one.measure), []).append(one)
    for group in groups.values():
        ordered = sorted(group, key=lambda one: (one.report, one.contrast))
        for first, second in combinations(ordered, 2):
            if first.report == second.report:
                continue
            if _agree(first.value, second.value):
                if _other_interval(first, second):
                    yield first, second
            elif (
                first.setting == second.setting
                and _alone(first, ordered)
                and _alone(second, ordered)
                and abs(first.value.value * second.value.value - 1) > RECIPROCAL_TOLERANCE
            ):
                yield first, second


def _alone(one: Comparable, group: Sequence[Comparable]) -> bool:
    return sum(other.report == one.report for other in group) == 1


def _other_interval(first: Comparable, second: Comparable) -> bool:
    a, b = first.interval, second.interval
    if a is None or b is None or (a.level is not None and b.level is not None and a.level != b.level):
        return False
    return any(
        low is not None and high is not None and not _agree(low, high)
        for low, high in ((a.low, b.low), (a.high, b.high))
    )


def _agree(first: Quantity, second: Quantity) -> bool:
    return agrees(Number(first.value, first.text), Number(second.value, second.text))


def _disagreement(first: Comparable, second: Comparable, iris: Iris) -> Iterator[Triple]:
    involved = (first.contrast, second.contrast)
    node = iris.discrepancy("reports-disagree", involved)
    template = by_name("audit", "reports-disagree-inconsistent")
    words = {
        language: template.preferred[language].format_map(
            {
                "endpoint": label(first.endpoint, language),
                "measure": label(first.measure, language),
                "first": _figures(first),
                "firstReport": _named(first, second, language),
                "second": _figures(second),
                "secondReport": _named(second, first, language),
            }
        )
        for language in LANGUAGES
    }
    yield from check_triples(node, "reports-disagree", "inconsistent", map(URIRef, involved), words)
    for one in (first, second):
        yield URIRef(one.report), EV.hasCheck, node


def _named(one: Comparable, other: Comparable, language: str) -> str:
    """What a report is called beside the other: by its kind, with its id where both are of one kind."""
    kind = label(one.kind, language)
    return f"{kind} {one.report_id}" if one.kind == other.kind else kind


def _figures(one: Comparable) -> str:
    if one.interval is None:
        return one.value.text
    low, high = ("NE" if bound is None else bound.text for bound in (one.interval.low, one.interval.high))
    return f"{one.value.text} [{low}, {high}]"
