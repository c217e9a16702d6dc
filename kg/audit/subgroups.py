"""Subgroups: the people and events of the levels of a subgroup against those of the whole arm."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from extractors.findings import ArmResult, Number
from kg.audit.checks import Check, Outcome, check
from kg.audit.inputs import inputs_of
from kg.audit.sums import parts_of

# What stands between the heading of a subgroup and its level, as findings name them: "Age: below 65".
_HEADED: Final = ": "


def subgroup_checks(results: Iterable[ArmResult]) -> Iterator[Check]:
    """The events of each endpoint and arm by subgroup, where people and events of the whole arm are printed too."""
    found: dict[tuple[object, ...], list[ArmResult]] = {}
    for result in results:
        if result.events is not None and result.n is not None and result.measure == "proportion":
            times = frozenset(name.text.casefold() for name in result.context.time_point)
            key = (result.endpoint, result.arm, times, result.context.analysis_set)
            found.setdefault(key, []).append(result)
    for group in found.values():
        whole = [result for result in group if not result.context.subgroup]
        for heading, levels in _by_heading(group).items():
            if len(whole) == 1 and len(levels) >= 2:
                yield from _levels(heading, levels, whole[0])


def _by_heading(results: Iterable[ArmResult]) -> dict[str, list[ArmResult]]:
    """The results by the heading of their subgroup, each level once."""
    levels: dict[str, dict[str, ArmResult]] = {}
    for result in results:
        for name in result.context.subgroup[:1]:
            heading, mark, level = name.text.partition(_HEADED)
            if mark:
                levels.setdefault(heading, {}).setdefault(level, result)
    return {heading: list(found.values()) for heading, found in levels.items()}


def _levels(heading: str, levels: Sequence[ArmResult], whole: ArmResult) -> Iterator[Check]:
    people = [result.n for result in levels if result.n is not None]
    events = [result.events for result in levels if result.events is not None]
    if whole.n is None or whole.events is None:
        return
    outcome = of_whole(events, people, whole.events, whole.n)
    read = (*inputs_of(whole, "value"), *(one for result in levels for one in inputs_of(result, "value")))
    yield check(
        "subgroups-to-total",
        outcome,
        read,
        characteristic=heading,
        parts=" + ".join(f"{e.text}/{n.text}" for e, n in zip(events, people, strict=True)),
        sum=f"{sum(e.value for e in events)}/{sum(n.value for n in people)}",
        whole=f"{whole.events.text}/{whole.n.text}",
    )


def of_whole(events: Sequence[Number], people: Sequence[Number], all_events: Number, all_people: Number) -> Outcome:
    """Whether levels make up the whole: where their people do, their events must; more people than all never fit.

    Where people are missing from the levels nothing is told, but that the events of the levels are no more than all.
    """
    sums = (parts_of(people, all_people), parts_of(events, all_events))
    if all(one.verdict == "consistent" for one in sums):
        return Outcome("consistent", sums[1].computed)
    few = sum(number.value for number in people) < all_people.value
    if few and sum(number.value for number in events) <= all_events.value:
        return Outcome("cannot tell", sums[1].computed)
    return Outcome("inconsistent", sums[1].computed)
