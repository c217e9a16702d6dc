"""Finds figures that do not agree: computed statements that point at the findings they were made from.

Two checks: a hazard ratio beside medians that say the opposite, and two reports of one trial that give
different figures for the same thing. A failed check is a reason to look at the sources, not a verdict: curves
may cross, and a later report may hold a later analysis.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import combinations
from typing import Final

from rdflib import RDF, Literal, URIRef

from kg.codes import coded
from kg.inventory import AgainstMedians, Comparable
from kg.iris import Iris
from kg.rows import Name
from kg.stores import Triple
from ontology import EV, by_name, label

LANGUAGES: Final = ("en", "zh")

# Two ratios whose product is this close to 1 are one ratio, given for either arm.
RECIPROCAL_TOLERANCE: Final = Decimal("0.02")


def discrepancies(
    against_medians: Iterable[AgainstMedians],
    comparable: Sequence[Comparable],
    arm_names: Mapping[str, tuple[Name, ...]],
    iris: Iris,
) -> list[Triple]:
    """The triples of the graph of checks: a node for each discrepancy, explained in both languages."""
    triples: list[Triple] = []
    # A report may print a ratio or a median twice, in the abstract and the text: that is one discrepancy.
    groups: dict[tuple[str, str, str, str], list[AgainstMedians]] = {}
    for one in against_medians:
        groups.setdefault((one.endpoint, one.arm_for, one.arm_against, one.unit), []).append(one)
    for group in groups.values():
        triples.extend(_against_medians(group, arm_names, iris))
    for first, second in disagreements(comparable):
        triples.extend(_disagreement(first, second, iris))
    return sorted(triples)


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
            if first.value.value == second.value.value:
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
        low is not None and high is not None and low.value != high.value
        for low, high in ((a.low, b.low), (a.high, b.high))
    )


def _against_medians(
    group: Sequence[AgainstMedians], arm_names: Mapping[str, tuple[Name, ...]], iris: Iris
) -> Iterator[Triple]:
    found = group[0]
    involved = {node for one in group for node in (one.contrast, one.result_for, one.result_against)}
    yield from _discrepancy(
        "ratio-against-medians",
        tuple(sorted(involved)),
        {
            language: {
                "measure": label(found.measure, language),
                "value": _printed(one.value for one in group),
                "armFor": _best(arm_names.get(found.arm_for, ()), language),
                "armAgainst": _best(arm_names.get(found.arm_against, ()), language),
                "medianFor": _printed(one.median_for for one in group),
                "medianAgainst": _printed(one.median_against for one in group),
                "unit": label(found.unit, language),
            }
            for language in LANGUAGES
        },
        iris,
    )


def _disagreement(first: Comparable, second: Comparable, iris: Iris) -> Iterator[Triple]:
    yield from _discrepancy(
        "reports-disagree",
        (first.contrast, second.contrast),
        {
            language: {
                "endpoint": label(first.endpoint, language),
                "measure": label(first.measure, language),
                "first": _figures(first),
                "firstReport": _named(first, second, language),
                "second": _figures(second),
                "secondReport": _named(second, first, language),
            }
            for language in LANGUAGES
        },
        iris,
    )


def _named(one: Comparable, other: Comparable, language: str) -> str:
    """What a report is called beside the other: by its kind, with its id where both are of one kind."""
    kind = label(one.kind, language)
    return f"{kind} {one.report_id}" if one.kind == other.kind else kind


def _discrepancy(
    kind: str, involved: tuple[str, ...], words: Mapping[str, Mapping[str, str]], iris: Iris
) -> Iterator[Triple]:
    node = iris.discrepancy(kind, involved)
    template = by_name("interface", f"explain-{kind}")
    yield node, RDF.type, EV.Discrepancy
    yield node, EV.discrepancyKind, coded("designs", kind, "discrepancy-kind")
    for thing in involved:
        yield node, EV.involves, URIRef(thing)
    for language in LANGUAGES:
        text = template.preferred[language].format_map(words[language])
        yield node, EV.explanation, Literal(text, lang=language)


def _best(names: Sequence[Name], language: str) -> str:
    ranked = sorted(names, key=lambda name: name.language != language)
    return ranked[0].text if ranked else ""


def _printed(numbers: Iterable[str]) -> str:
    return " / ".join(sorted(set(numbers)))


def _figures(one: Comparable) -> str:
    if one.interval is None:
        return one.value.text
    low, high = ("NE" if bound is None else bound.text for bound in (one.interval.low, one.interval.high))
    return f"{one.value.text} [{low}, {high}]"
