"""Links per-arm values to their endpoint and arm: medians, means, proportions, rates, counts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from extractors.components.carriers import bracket_carrier, mentioned, subject_carrier, verb_carrier
from extractors.components.comparisons import (
    BRACKETED,
    SIGNS,
    Placement,
    beside_each,
    end_of,
    is_taken,
    place,
    same_bracket,
)
from extractors.components.estimates import planned
from extractors.components.governing import RATIOS
from extractors.components.lists import Row, rows
from extractors.components.scene import Scene
from extractors.components.terms import AND, CHANGE, SPREAD, UNIT, VERSUS
from extractors.reading import Linked, Quantity, Span, Term

_TIGHT = 20
# How far the end of a change may stand from its beginning: "from 6.5 (SD 1.2) at baseline in arm A to …".
_COURSE = 60
_SPREAD_TO = re.compile(rf"[\s\u00b1+/\d.()%{SPREAD}{UNIT}-]*")


def arm_values(scene: Scene) -> Iterator[Linked]:
    """The per-arm values of a sentence, list by list."""
    values = [q for q in counted(scene) if not q.contrast and not restates(scene, q) and not was_before(scene, q)]
    if at_baseline(scene):
        return
    listed = rows(scene, values)
    for row in listed:
        yield from (value_of_row(scene, row, position) for position in range(len(row.values)))
    taken = {q.start for row in listed for q in row.values}
    linked = list(with_events(grouped(scene, [q for q in values if q.start not in taken])))
    yield from linked
    for link in linked:
        again = scene.repeated.get(link.quantity.start) if link.quantity else None
        if again is not None:
            yield replace(link, quantity=again, statistic=kind_of_value(again, CHANGE))


def grouped(scene: Scene, values: list[Quantity]) -> Iterator[Linked]:
    """The values that run along the arms, group by group, or stand alone beside one."""
    previous_end, endpoint = scene.sentence.start, None
    last: Placement | None = None
    for group in groups(scene, values):
        following = [q.start for q in scene.values if q.start > group[-1].end]
        next_start = min([*following, scene.sentence.end])
        placement = place(scene, group, previous_end, next_start)
        named = any(previous_end <= m.start < group[0].start for m in scene.arms)
        if (
            last
            and len(group) == 1 == len(last.arms)
            and not named
            and same_bracket(scene, previous_end, group[0].start)
        ):
            placement = last
        elif (
            placement is None
            and last
            and len(group) == 1
            and not named
            and goes_on(scene, last, previous_end, group[0])
        ):
            placement = replace(last, way="list")
        elif placement is None and len(group) == 1 and not scene.arms and len(scene.arms_before) == 1:
            # "In arm A, knowledge rose from 9 to 23. The stress score fell from 22 to 16."
            placement = Placement(scene.arms_before, (None,), "list carried over") if reached(scene, group[0]) else None
        last = placement
        endpoint = value_endpoint(scene, group, previous_end, next_start, endpoint)
        previous_end = end_of(group[-1])
        if placement is None or endpoint is None or bare(scene, group, placement):
            continue
        statistic = next((q.statistic for q in group if q.statistic), None)
        repeated = group * len(placement.arms) if len(group) == 1 else group
        for quantity, arm, span in zip(repeated, placement.arms, placement.spans, strict=True):
            yield Linked(
                sentence=scene.sentence,
                endpoint=endpoint[0],
                endpoint_span=endpoint[1],
                arms=(arm,),
                arm_spans=(span,) if span else (),
                quantity=quantity,
                statistic=kind_of_value(quantity, statistic),
                subgroup=scene.subgroup_for(group[0], scene.sentence.start),
                time_point=scene.time_point_for(group[0]),
                planned=planned(scene) if scene.subgroup_terms else None,
                way=placement.way,
            )


def goes_on(scene: Scene, last: Placement, end: int, value: Quantity) -> bool:
    """Whether a value is the next in a clause on one arm: "arm A had a median OS of 9 months and a response of 26%; …".

    The arm opens the clause, and the clause names no other.
    """
    if len(last.arms) != 1 or last.spans[0] is None or re.search(r"[;\u3002]", scene.between(end, value.start)):
        return False
    text = BRACKETED.sub(
        lambda match: " " * len(match.group()), scene.between(scene.sentence.start, scene.sentence.end)
    )
    place = value.start - scene.sentence.start
    start = scene.sentence.start + max(text.rfind(sign, 0, place) for sign in ";\u3002") + 1
    close = min((at for sign in ";\u3002" if (at := text.find(sign, place)) >= 0), default=len(text))
    within = [m for m in scene.arms if start <= m.start < scene.sentence.start + close]
    named = {m.index for m in within if not is_taken(scene, m)}
    opens = not any(start <= q.start < last.spans[0].start for q in scene.values)
    return named == {last.arms[0]} and start <= last.spans[0].start < end and opens


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
        subgroup=scene.subgroup_for(row.values[0], scene.sentence.start),
        time_point=time_point or scene.time_point_for(quantity),
        planned=planned(scene) if scene.subgroup_terms else None,
        way=row.way,
    )


def counted(scene: Scene) -> list[Quantity]:
    """The values, a bare number set against a number of people being one too: "five patients in A v 2 in arm B"."""
    values = list(scene.values)
    for number, (first, second) in enumerate(pairwise(scene.values), 1):
        bare_number = second.kind == "plain" and second.unit is None and second.number.text.isdigit()
        behind = [m for m in scene.arms if second.end <= m.start <= second.end + _TIGHT]
        gap = scene.found.mask[first.end : second.start]
        if first.kind == "people" and bare_number and behind and (VERSUS in gap or AND in gap):
            values[number] = replace(second, kind="people")
    return values


def restates(scene: Scene, quantity: Quantity) -> bool:
    """Whether a value only says in other words what the ratio behind it or the value before it measures.

    "By 62% (HR 0.38)" and "168 days (5.6 months)" give one result each.
    """
    before = [q for q in scene.values if q.end < quantity.start and q.kind == "duration" == quantity.kind]
    if before and before[-1].unit != quantity.unit and quantity.end < scene.sentence.end:
        gap = scene.between(before[-1].end, quantity.start).strip()
        if gap == "(" and scene.found.normal[quantity.end] == ")":
            return True
    following = [q for q in scene.values if q.start > quantity.end]
    if quantity.statistic != CHANGE or not following or not following[0].contrast:
        return False
    bracketed = scene.between(quantity.end, following[0].start).lstrip()[:1] in ("(", "[")
    return following[0].contrast in RATIOS or bracketed


def was_before(scene: Scene, quantity: Quantity) -> bool:
    """Whether a value is where a change began: "fell from 6.5 at baseline to 2.8", "29.7 ± 3.4 to 33.4 ± 4.5 mm"."""
    following = [q for q in scene.values if q.start >= quantity.end and q.kind == quantity.kind]
    if not following or quantity.interval:
        return False
    gap = Span(quantity.end, following[0].start)
    to = [c for c in scene.found.terms_in(gap, "cues", "range-to", "reach") if c.end >= gap.end - 2]
    if not to or gap.end - gap.start > _COURSE:
        return False
    ahead = Span(max(scene.sentence.start, quantity.start - 8), quantity.start)
    # The lexicon has "from" among the words that end a phrase.
    beginning = [c for c in scene.found.terms_in(ahead, "cues", "from", "stop") if c.end >= quantity.start - 1]
    return bool(beginning or _SPREAD_TO.fullmatch(scene.found.mask[gap.start : to[-1].start]))


def reached(scene: Scene, quantity: Quantity) -> bool:
    """Whether a value is where a change ended: "fell from 6.5 to 2.8"."""
    before = [q for q in scene.values if q.end <= quantity.start]
    return bool(before) and was_before(scene, before[-1])


def at_baseline(scene: Scene) -> bool:
    """Whether a sentence describes the people before treatment: its values are no results.

    A change "from baseline", a sentence that also gives later values and one that opposes times are results.
    """
    cues = [c for c in scene.cues("baseline") if not _apart(scene, c)]
    if not cues or scene.time_points or scene.cues("reach") or any(q.contrast for q in scene.values):
        return False
    joined = scene.found.terms_in(Span(cues[0].end, cues[0].end + 6), "cues", "conjunction")
    sides = {q.start < cues[0].start for q in scene.values}
    return len(sides) == 1 and not joined


def _apart(scene: Scene, cue: Term) -> bool:
    """Whether a value at baseline is only what a change is counted from: "from baseline", "than before treatment"."""
    ahead = Span(max(scene.sentence.start, cue.start - 16), cue.start)
    return bool(
        scene.found.terms_in(ahead, "cues", "from", "stop", "range-to", "than", "versus", "comparing", "adjusted")
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


def bare(scene: Scene, group: list[Quantity], placement: Placement) -> bool:
    """Whether durations or plain numbers are no results: no statistic, no spread, nothing set against them.

    Two of them are a comparison when a word opposes them; durations also when each has its arm beside it.
    """
    if any(q.statistic or q.interval or q.dispersion or reached(scene, q) for q in group):
        return False
    if group[0].kind != "duration" and (group[0].kind != "plain" or group[0].unit is not None):
        return False
    opposed = scene.parted(group[0].start, group[-1].end) or scene.cues("respectively")
    # In "the weights (A = 146.7 and B = 198.8)" the arms label their values.
    labelled = all(scene.between(q.start - 3, q.start).rstrip().endswith("=") for q in group)
    placed = (group[0].kind == "duration" or labelled) and placement.way == "beside"
    return len(group) < 2 or not (opposed or placed)


def groups(scene: Scene, values: list[Quantity]) -> Iterator[list[Quantity]]:
    """Values that are one comparison: alike in kind, nothing new between them, at most one for each arm."""
    most = max(len(scene.found.arms), 1)
    group: list[Quantity] = []
    for quantity in without_totals(scene, values):
        if group and (len(group) == most or not alike(scene, group[-1], quantity)):
            yield group
            group = []
        group.append(quantity)
    if group:
        yield group


def without_totals(scene: Scene, values: list[Quantity]) -> list[Quantity]:
    """The values without one for all arms that opens a list: "68.7 months, 71.6 in arm A and 68.6 in arm B"."""
    kept = list(values)
    for first, *rest in zip(values, values[1:], values[2:], strict=False):
        bounds = ((first.end, rest[1].start), (rest[0].end, scene.sentence.end))
        named = [beside_each(scene, [q], *bound)[0] for q, bound in zip(rest, bounds, strict=True)]
        alike_all = all(q.kind == first.kind and q.unit == first.unit for q in rest)
        behind = [m for m in scene.arms if first.end <= m.start < rest[0].start]
        tight = rest[0].start - first.end <= _TIGHT
        if alike_all and tight and not behind and None not in named and len({m.index for m in named if m}) == 2:
            kept.remove(first)
        elif is_sum(first, rest) and scene.endpoints and not scene.cues("analysed", "enrolled", "allocation"):
            # "271 have relapsed: 110 with radiotherapy, 161 without": the parts are counts of people, as the whole is.
            kept = [replace(q, kind="people") if q in rest else q for q in kept if q is not first]
    return kept


def is_sum(whole: Quantity, parts: list[Quantity]) -> bool:
    """Whether a number is the sum of the two that follow it."""
    return len(parts) == 2 and whole.number.value > 0 and whole.number.value == sum(q.number.value for q in parts)


def alike(scene: Scene, first: Quantity, second: Quantity) -> bool:
    """Whether two neighbouring values can belong to one comparison."""
    if first.kind != second.kind or first.unit != second.unit:
        return False
    named = [m for m in scene.endpoints if first.end <= m.start and m.end <= second.start]
    other = [q for q in scene.values if first.end <= q.start < second.start and not restates(scene, q)]
    gap = BRACKETED.sub("", scene.between(first.end, second.start))
    if re.fullmatch(r"[^)\]]*[(\[][^)\]]*", gap) and _labelled(scene, Span(first.end, second.start)):
        # "The rate was 43.5% (A 36.8%, B 54.2%)": a value of all, then those of the arms in a bracket.
        return False
    tested = [p for p in scene.found.probabilities if first.end <= p.start < second.start]
    # "haematoma was 8.4%, haemothorax was 1.7%": what is named before the verb is another outcome.
    return not named and not other and not tested and verb_carrier(scene, first.end, second.start) is None


def _labelled(scene: Scene, gap: Span) -> bool:
    """Whether an arm is named between two values."""
    return any(gap.contains(m) for m in scene.arms)


def value_endpoint(
    scene: Scene,
    group: list[Quantity],
    previous_end: int,
    next_start: int,
    last: tuple[int, Span | None] | None,
) -> tuple[int, Span | None] | None:
    """The endpoint of a group of values: named before it, else the one of the group before, else after it."""
    before = [m for m in scene.endpoints if m.end <= group[0].start]
    adjacent = [m for m in scene.endpoints if m.start >= group[-1].end and touches(scene, group[-1].end, m.start)]
    if adjacent:
        # "Six (7%) complete responses and 31 (36%) partial responses", "3.1 and 2.6 for anxiety".
        return adjacent[0].index, adjacent[0]
    since = [m for m in before if previous_end <= m.start]
    carrier = None
    if not since:
        start = group[0].start
        carrier = mentioned(
            scene, bracket_carrier(scene, previous_end, start) or verb_carrier(scene, previous_end, start)
        )
    named = since[-1:] or [m for m in (carrier,) if m]
    if named or last is not None:
        return (named[0].index, named[0]) if named else last
    subject = None if before else mentioned(scene, subject_carrier(scene, group[0].start))
    after = [m for m in scene.endpoints if group[-1].end <= m.start]
    after = [m for m in after if m.start < next_start] or after[:1]
    for mention in [*before[-1:], subject, *after[:1]]:
        if mention is not None:
            return mention.index, mention
    return (scene.topic, None) if scene.topic is not None and in_abstract(scene) else None


def touches(scene: Scene, end: int, start: int) -> bool:
    """Whether nothing but a closing bracket and "for" or "of" stands between two offsets."""
    gap = Span(end, start)
    rest = scene.found.without(gap, scene.found.terms_in(gap, "cues", "stop", "of"))
    return not BRACKETED.sub("", rest).strip(" )")


def in_abstract(scene: Scene) -> bool:
    """Whether the sentence is one of the abstract, dense enough to carry an endpoint from sentence to sentence."""
    return scene.found.section_of(scene.sentence).in_abstract


def kind_of_value(quantity: Quantity, statistic: str | None) -> str:
    """The measure of a per-arm value, by the statistic that governs it, its unit and its spread."""
    if quantity.kind == "percent" and quantity.dispersion is None:
        return kind_of_percentage(quantity, statistic)
    if quantity.kind in ("fraction", "people", "size"):
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
    """A printed sign makes a percentage a change, not a share of people."""
    signed = quantity.number.text[:1] in SIGNS
    if signed and statistic in ("median", "mean"):
        return statistic
    return "other" if signed or statistic == CHANGE else "proportion"
