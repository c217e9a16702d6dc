"""Links per-arm values to their endpoint and arm: medians, means, proportions, rates, counts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from extractors.components.comparisons import SIGNS
from extractors.components.counts import EVENTS
from extractors.components.estimates import in_percent, planned
from extractors.components.governing import RATIOS
from extractors.components.lists import Row
from extractors.components.owners import Group, Owner, likely_owners, owners
from extractors.components.scene import Scene
from extractors.components.subgroups import subgroup_for
from extractors.components.terms import CHANGE, notation_of
from extractors.reading import Linked, Quantity, Span

_CENTRES = ("mean", "median")
# How far behind two counts the ratio of them may stand.
_ESTIMATED = 30


def arm_values(
    scene: Scene, listed: Sequence[Row], groups: Sequence[Group], outcomes: Mapping[int, tuple[int, Span | None]]
) -> Iterator[Linked]:
    """The per-arm values of a sentence, list by list: those within one arm, then those that run along the arms.

    ``outcomes`` gives the endpoint of each group and where that is named, by the place of the first value.
    """
    for row in listed:
        yield from (value_of_row(scene, row, position) for position in range(len(row.values)))
    linked = list(with_events(grouped(scene, groups, outcomes)))
    yield from linked
    for link in linked:
        again = scene.repeated.get(link.quantity.start) if link.quantity else None
        if again is not None:
            yield replace(link, quantity=again, statistic=kind_of_value(again, CHANGE))


def grouped(scene: Scene, groups: Sequence[Group], outcomes: Mapping[int, tuple[int, Span | None]]) -> Iterator[Linked]:
    """The values that run along the arms, group by group, or stand alone beside one."""
    settled, guessed = owners(scene, groups), likely_owners(scene, groups) if scene.meant else {}
    for group, _ in groups:
        endpoint = outcomes.get(group[0].start)
        if endpoint is None:
            continue
        statistic = next((q.statistic for q in group if q.statistic), None)
        as_before = statistic_before(scene, endpoint[0], group[0])
        people = are_counts(scene, group)
        for quantity in group:
            kind = "count" if people else kind_of_value(quantity, statistic)
            kind = "other" if kind == "proportion" and is_level(scene, endpoint, quantity) else kind
            kind = as_before if kind == "other" and as_before else kind
            kind = "mean" if kind == "other" and is_estimated(scene, quantity) else kind
            owned = settled[quantity.start]
            if not owned and quantity.start in scene.meant and not is_of_all(scene, quantity, settled):
                owned, kind = [guessed[quantity.start]], scene.meant[quantity.start]
            for owner in owned:
                yield Linked(
                    sentence=scene.sentence,
                    endpoint=endpoint[0],
                    endpoint_span=endpoint[1],
                    arms=(owner.arm,) if owner.arm is not None else (),
                    arm_spans=(owner.span,) if owner.span else (),
                    quantity=quantity,
                    statistic=kind,
                    subgroup=subgroup_for(scene, group[0], scene.sentence.start),
                    time_point=scene.time_point_for(group[0]),
                    planned=planned(scene) if scene.subgroup_terms else None,
                    way=owner.way,
                )


def is_of_all(scene: Scene, quantity: Quantity, settled: Mapping[int, Sequence[Owner]]) -> bool:
    """Whether a bracket with the values of several arms follows a value: "the rate was 43.5% (A 36.8%, B 54.2%)"."""
    behind = [q for q in scene.values if q.start > quantity.end][:2]
    if len(behind) < 2 or "(" not in scene.between(quantity.end, behind[0].start):
        return False
    arms = {owner.arm for q in behind for owner in settled.get(q.start, ())}
    return ")" not in scene.between(quantity.end, behind[1].start) and len(arms) > 1


def are_counts(scene: Scene, group: list[Quantity]) -> bool:
    """Whether bare whole numbers set against each other count people or events: "(19 v 3, OR 9.2)".

    They do where an odds or risk ratio of them follows, the clause says that something occurred, or numbers of events
    stand before them: "neutropenia (37 events v 29 events) and anaemia (18 v 12)".
    """
    bare = all(q.kind == "plain" and q.unit is None and q.number.text.isdigit() for q in group)
    if len(group) != 2 or not bare or any(q.dispersion or q.interval or q.statistic in _CENTRES for q in group):
        return False
    if not scene.parted(group[0].end, group[1].start):
        return False
    ratios = [q for q in scene.values if q.contrast in RATIOS and 0 <= q.start - group[1].end <= _ESTIMATED]
    ahead = scene.found.quantities_in(Span(scene.sentence.start, group[0].start))
    listed = any(q.unit == EVENTS for q in ahead)
    return bool(ratios) or listed or any(cue.end <= group[0].start for cue in scene.cues("occur"))


def is_level(scene: Scene, outcome: tuple[int, Span | None], quantity: Quantity) -> bool:
    """Whether percentages of an outcome are amounts of it, no shares of people: "HbA1c was 7.9%".

    Of one with a bound, "HbA1c below 7%", they are such shares.
    """
    index, span = outcome
    bound = span is not None and re.match(r"\s*[<>\u2264\u2265]", scene.found.normal[span.end :])
    return quantity.events is None and not bound and in_percent(scene.found.endpoints[index].concept)


def is_estimated(scene: Scene, quantity: Quantity) -> bool:
    """Whether a plain number has an interval of its own, as the mean of an arm has.

    In a sentence on ratios, or behind a label ("aRR = 1.25"), it may be something else.
    """
    labelled = re.search(r"[A-Za-z\]]\s*=\s*$", scene.between(scene.sentence.start, quantity.start))
    ratios = any(t.scheme == "measures" and notation_of(t.iri) in RATIOS for t in scene.found.terms_in(scene.sentence))
    return quantity.kind == "plain" and quantity.interval is not None and not labelled and not ratios


def statistic_before(scene: Scene, endpoint: int, quantity: Quantity) -> str | None:
    """The statistic that an earlier sentence gave for values of the endpoint: "mean score 0.4 … at 6 months 0.5"."""
    if quantity.kind == "percent":
        return None
    told = [
        link.statistic
        for link in scene.found.results
        if link.endpoint == endpoint
        and link.statistic in _CENTRES
        and link.quantity
        and (link.quantity.kind, link.quantity.unit) == (quantity.kind, quantity.unit)
    ]
    return told[-1] if told else None


def value_of_row(scene: Scene, row: Row, position: int) -> Linked:
    """One value of a list that runs along endpoints or time points within one arm."""
    quantity = row.values[position]
    endpoint, time_point = row.endpoints[position], row.time_points[position]
    statistic = next((q.statistic for q in row.values if q.statistic), None)
    return Linked(
        sentence=scene.sentence,
        endpoint=endpoint.index,
        endpoint_span=Span(endpoint.start, endpoint.end),
        arms=(row.arm,),
        arm_spans=(row.arm_span,) if row.arm_span else (),
        quantity=quantity,
        statistic=kind_of_value(quantity, statistic),
        subgroup=subgroup_for(scene, row.values[0], scene.sentence.start),
        time_point=time_point or scene.time_point_for(quantity),
        planned=planned(scene) if scene.subgroup_terms else None,
        way=row.way,
    )


def with_events(linked: Iterator[Linked]) -> Iterator[Linked]:
    """The values, each count taken into the percentage of the same arm that follows it.

    "119 patients in A (39.7%) and 123 in B (41.3%)" and "1 woman in A and 3 women in B (1.5% v 4.4%)" give two
    proportions with their events.
    """
    found = list(linked)
    for count in [link for link in found if link.statistic == "count" and link.quantity and link.quantity.n is None]:
        after = found[found.index(count) + 1 :][:2]
        shares = [link for link in after if link.statistic == "proportion" and link.arms == count.arms]
        if shares and count.quantity and shares[0].quantity and shares[0].quantity.events is None:
            events = replace(shares[0].quantity, events=count.quantity.number)
            counted = replace(shares[0], quantity=events, endpoint=count.endpoint, endpoint_span=count.endpoint_span)
            found[found.index(shares[0])] = counted
            found.remove(count)
    yield from found


def kind_of_value(quantity: Quantity, statistic: str | None) -> str:
    """The measure of a per-arm value, by the statistic that governs it, its unit and its spread."""
    if quantity.kind == "percent" and quantity.dispersion is None:
        return kind_of_percentage(quantity, statistic)
    if quantity.kind in ("fraction", "people", "size") or (quantity.unit == EVENTS and quantity.dispersion is None):
        return "count"
    if quantity.dispersion is not None and statistic not in ("median", "mean"):
        # A rate with a spread over people is one of each of them: "a synthesis rate of 2.7 (range 0.9 to 3.4)".
        return "median" if quantity.dispersion.kind in ("IQR", "range") else "mean"
    if statistic in ("median", "mean", "rate"):
        return statistic
    if quantity.unit is not None and quantity.unit.startswith("per "):
        return "rate"
    return "other"


def kind_of_percentage(quantity: Quantity, statistic: str | None) -> str:
    """A mean or median percentage is no share of people, nor is one with a sign, which is a change."""
    signed = quantity.number.text[:1] in SIGNS
    if statistic in _CENTRES:
        return statistic
    return "other" if signed or statistic == CHANGE else "proportion"
