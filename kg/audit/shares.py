"""Counts with percentages: against the number of people they are of, and what else would fit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from extractors.findings import Facts, Number
from extractors.printed.passages import Passage
from extractors.printed.shares import PrintedShare, group_sizes, shares
from kg.audit.checks import Check, Input, Outcome, check
from kg.audit.proportions import fitting, implied_denominators, percent_of, slips
from kg.audit.ranges import Range, rounded

# "Grade 3/4 (12%)", "1/2 (50%)": fractions of so few are not of people.
_FEWEST = 10


def share_checks(facts: Facts, passages: Iterable[Passage]) -> Iterator[Check]:
    """Every printed count with a percentage against its number of people."""
    passages = tuple(passages)
    groups = people(facts)
    found = [share for passage in passages for share in shares(passage)]
    if not found:
        return
    others = (n for passage in passages for n in group_sizes(passage) if n >= _FEWEST)
    printed = list(dict.fromkeys((*groups, *sorted(others))))
    seen: set[tuple[str, str, str]] = set()
    for share in found:
        key = (share.events.text, share.percent.text, "" if share.n is None else share.n.text)
        if key not in seen:
            seen.add(key)
            yield from _share_check(share, groups, printed, found)


def people(facts: Facts) -> tuple[int, ...]:
    """The sizes of the arms and the numbers of people enrolled, randomised and analysed, the greatest first."""
    counted = {int(count.number.value) for count in facts.population.counts if count.kind != "deaths"}
    sized = {int(arm.size.value) for arm in facts.arms if arm.size is not None}
    return tuple(sorted(counted | sized, reverse=True))


def _share_check(
    share: PrintedShare, groups: tuple[int, ...], printed: list[int], others: list[PrintedShare]
) -> Iterator[Check]:
    read: tuple[Input, ...] = (Input("value", f"{share.events.text} ({share.percent.text}%)", share.evidence),)
    if share.n is not None:
        if share.n.value < _FEWEST or share.events.value > share.n.value:
            return
        outcome = _stated(share, share.n, printed)
        read = (*read, Input("size", share.n.text, share.evidence))
    else:
        outcome = _unstated(share, groups, printed, others)
    yield check(
        "percentage-of-count",
        outcome,
        read,
        events=share.events.text,
        percent=share.percent.text,
        n="" if share.n is None else share.n.text,
    )


def _stated(share: PrintedShare, n: Number, printed: list[int]) -> Outcome:
    found = percent_of(share.events, n, share.percent)
    if found.verdict != "inconsistent":
        return found
    others = fitting(share.events, share.percent, printed)
    if share.stated == "ahead":
        # Of those named first, some may be missing from what is counted: only another number of people tells.
        return Outcome("cannot tell", found.computed)
    if others:
        words = {"other": ", ".join(map(str, others[:3]))}
        return Outcome("inconsistent", found.computed, "percentage-of-count-other", words)
    return found


def _unstated(share: PrintedShare, groups: tuple[int, ...], printed: list[int], others: list[PrintedShare]) -> Outcome:
    """Without a number of people a percentage fits one that the report prints, or cannot be checked.

    Only where the count with two digits swapped fits a group of the trial, and the count as printed fits none nor
    nearly one (people may be missing from a group), is it more than open.
    """
    fits = fitting(share.events, share.percent, printed)
    implied = implied_denominators(share.events, share.percent)
    if fits:
        return Outcome("consistent", implied, "percentage-of-count-fits", {"n": str(fits[0])})
    nearly = any(Range(0.85 * group, group).overlaps(implied) for group in groups) or any(
        # Another share of as many people: the group exists, though its size is not read.
        other.events.value != share.events.value
        and other.percent.value >= 10
        and implied_denominators(other.events, other.percent).overlaps(implied)
        for other in others
    )
    precise = share.events.value >= 100 and "." in share.percent.text
    if precise and not nearly:
        for other in slips(int(share.events.value)):
            swapped = [n for n in groups if n >= other and rounded(share.percent).holds(100 * other / n)]
            if swapped:
                words = {"other": str(other), "n": str(swapped[0])}
                return Outcome("inconsistent", implied, "percentage-of-count-swapped", words)
    return Outcome("cannot tell", implied)
