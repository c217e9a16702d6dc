"""The values of a sentence in groups that run along the arms, with the arms that names and order suggest for them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from extractors.components.carriers import verb_carrier
from extractors.components.comparisons import (
    BRACKETED,
    Placement,
    beside_each,
    end_of,
    is_taken,
    place,
    same_bracket,
)
from extractors.components.governing import RATIOS
from extractors.components.lists import Row, rows
from extractors.components.scene import Scene
from extractors.components.terms import AND, CHANGE, SPREAD, UNIT, VERSUS
from extractors.normal import is_han
from extractors.reading import Quantity, Span, Term

_TIGHT = 20
# The fewest characters of a Chinese subject.
_SUBJECT = 2
# How far the end of a change may stand from its beginning: "from 6.5 (SD 1.2) at baseline in arm A to …".
_COURSE = 60
# What is left of a value behind its number: its spread, in brackets or not.
_REST_OF_VALUE = re.compile(r"(?:\u00b1|\+\s?/\s?-)\s*[\d.]+|\([^()]*\)")
_SPREAD_TO = re.compile(rf"[\s\u00b1+/\d.()%{SPREAD}{UNIT}-]*")


def candidates(scene: Scene) -> tuple[list[Row], list[Quantity]]:
    """The values of a sentence that may belong to an arm: in lists within one arm, and the others."""
    if at_baseline(scene):
        return [], []
    values = [q for q in counted(scene) if not q.contrast and not restates(scene, q) and not was_before(scene, q)]
    early = [q for q in values if of_the_start(scene, q)]
    values = [q for q in values if q not in early] if len(early) < len(values) else values
    listed = rows(scene, values)
    taken = {q.start for row in listed for q in row.values}
    return listed, [q for q in values if q.start not in taken]


def proposed(scene: Scene, values: list[Quantity]) -> Iterator[tuple[list[Quantity], Placement | None]]:
    """The values in groups that each run along the arms, or stand alone, with the arms that order and names suggest."""
    previous_end = scene.sentence.start
    last: Placement | None = None
    for group in groups(scene, values):
        placement = place(scene, group, previous_end, next_value(scene, group))
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
        previous_end = end_of(group[-1])
        yield group, placement


def next_value(scene: Scene, group: list[Quantity]) -> int:
    """Where the next number behind a group begins, or the sentence ends."""
    return min([*(q.start for q in scene.values if q.start > group[-1].end), scene.sentence.end])


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


def of_the_start(scene: Scene, quantity: Quantity) -> bool:
    """Whether a value is said to be one before treatment: "1005 pg/mL before treatment and 241 after it"."""
    for cue in scene.cues("baseline"):
        gap = Span(quantity.end, cue.start) if cue.start >= quantity.end else Span(cue.end, quantity.start)
        if not 0 <= gap.end - gap.start <= _TIGHT + _TIGHT or counted_from(scene, cue):
            continue
        parts = scene.found.terms_in(gap, "units")
        parts += scene.found.terms_in(gap, "cues", "be", "time-at", "respectively")
        if not _REST_OF_VALUE.sub("", scene.found.without(gap, parts)).strip(" ():="):
            return True
    return False


def reached(scene: Scene, quantity: Quantity) -> bool:
    """Whether a value is where a change ended: "fell from 6.5 to 2.8"."""
    before = [q for q in scene.values if q.end <= quantity.start]
    return bool(before) and was_before(scene, before[-1])


def at_baseline(scene: Scene) -> bool:
    """Whether a sentence describes the people before treatment: its values are no results.

    A change "from baseline", a sentence that also gives later values and one that opposes times are results.
    """
    cues = [c for c in scene.cues("baseline") if not counted_from(scene, c)]
    if not cues or scene.time_points or scene.cues("reach") or any(q.contrast for q in scene.values):
        return False
    following = scene.found.terms_in(Span(cues[0].end, cues[0].end + 6), "cues", "conjunction")
    joined = [c for c in following if not scene.between(cues[0].end, c.start).strip(" ,")]
    later = [c for c in scene.cues("time-after") if c.start > cues[0].end + 2]
    sides = {q.start < cues[0].start for q in scene.values}
    return len(sides) == 1 and not joined and not later


def counted_from(scene: Scene, cue: Term) -> bool:
    """Whether a value at baseline is only what a change is counted from: "from baseline", "than before treatment"."""
    ahead = Span(max(scene.sentence.start, cue.start - 16), cue.start)
    return bool(
        scene.found.terms_in(ahead, "cues", "from", "stop", "range-to", "than", "versus", "comparing", "adjusted")
    )


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
    totals: set[int] = set()
    people: set[int] = set()
    for first, *rest in zip(values, values[1:], values[2:], strict=False):
        bounds = ((first.end, rest[1].start), (rest[0].end, scene.sentence.end))
        named = [beside_each(scene, [q], *bound)[0] for q, bound in zip(rest, bounds, strict=True)]
        alike_all = all(q.kind == first.kind and q.unit == first.unit for q in rest)
        behind = [m for m in scene.arms if first.end <= m.start < rest[0].start]
        tight = rest[0].start - first.end <= _TIGHT
        if alike_all and tight and not behind and None not in named and len({m.index for m in named if m}) == 2:
            totals.add(first.start)
        elif is_sum(first, rest) and scene.endpoints and not scene.cues("analysed", "enrolled", "allocation"):
            # "271 have relapsed: 110 with radiotherapy, 161 without": the parts are counts of people, as the whole is.
            totals.add(first.start)
            people.update(q.start for q in rest)
    return [replace(q, kind="people") if q.start in people else q for q in values if q.start not in totals]


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
    renamed = verb_carrier(scene, first.end, second.start) is not None or _new_subject(scene, first, second)
    return not named and not other and not tested and not renamed


def _new_subject(scene: Scene, first: Quantity, second: Quantity) -> bool:
    """Whether a Chinese clause with a subject of its own, which is no arm, leads to the second value."""
    verbs = [c for c in scene.cues("be") if first.end <= c.start and c.end == second.start]
    if not verbs or not is_han(scene.found.text(verbs[0])):
        return False
    comma = scene.between(first.end, verbs[0].start).rfind(",")
    subject = Span(first.end + comma + 1, verbs[0].start)
    grouped = any(subject.contains(m) for m in scene.arms)
    grouped = grouped or bool(scene.found.terms_in(subject, "cues", "group", "other-group", "control-arm"))
    return comma >= 0 and subject.end - subject.start >= _SUBJECT and not grouped


def _labelled(scene: Scene, gap: Span) -> bool:
    """Whether an arm is named between two values."""
    return any(gap.contains(m) for m in scene.arms)
