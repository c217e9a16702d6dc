"""Lists that run in the same order: values along endpoints or along time points, within one arm."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

from extractors.components.comparisons import distinct, end_of
from extractors.components.identity import endpoint_named, new_endpoint
from extractors.components.scene import Scene
from extractors.components.terms import AND, UNIT, VERSUS
from extractors.reading import Mention, Quantity, Span, Way

# What stands between the members of a list: commas and "and", brackets of intervals already read.
_JOINT = re.compile(rf"[\s,;:()\[\]%{AND}{UNIT}]*")
# A member of a list within one name.
_ITEM = re.compile(rf"[^{AND},]+")
Member = TypeVar("Member", bound=Span)


@dataclass(frozen=True, slots=True)
class Row:
    """Values of one arm, each with its endpoint and its time point, if the list runs along time points."""

    values: tuple[Quantity, ...]
    endpoints: tuple[Mention, ...]
    time_points: tuple[Span | None, ...]
    arm: int
    arm_span: Span | None
    way: Way


def rows(scene: Scene, values: list[Quantity]) -> list[Row]:
    """The lists of values of a sentence that run along endpoints or time points; the others run along arms.

    "In arm A, response and control rates were 20% and 63%, respectively": as many endpoints as values, one arm.
    """
    if not scene.cues("respectively"):
        return []
    found: list[Row] = []
    for run in runs(scene, values):
        shared = shared_out(scene, run)
        row = None if shared else row_of(scene, run, found[-1] if found else None)
        found += shared or ([row] if row is not None else [])
    return found


def shared_out(scene: Scene, run: list[Quantity]) -> list[Row]:
    """The lists of several arms in one: "1-, 3- and 5-year survival in A and B was 90, 70 and 50% and 80, 55 and 40%".

    The endpoint and its times stand before all values, and what parts the arms' values does not part those of one.
    """
    window = Span(behind_last(scene, run), run[0].start)
    ahead = [m for m in scene.arms if m.end <= run[0].start]
    arms = distinct([m for m in ahead if window.contains(m)] or ahead)
    named = [m for m in scene.endpoints if window.contains(m)]
    times = [t for t in scene.time_points if window.contains(t)]
    length = len(run) // max(len(arms), 1)
    if len(arms) < 2 or length < 2 or length * len(arms) != len(run) or not named:
        return []
    joints = [scene.found.mask[end_of(a) : b.start].strip(f" {UNIT}%") for a, b in pairwise(run)]
    parting = {joint for place, joint in enumerate(joints, 1) if place % length == 0}
    inner = {joint for place, joint in enumerate(joints, 1) if place % length}
    # English closes each list with "and"; then its last joint is the one that parts the lists, too.
    if parting & inner and not (len(arms) == 2 and all(AND in joint for joint in parting)):
        return []
    listed, points = outcomes(scene, named, length), last_list(scene, times, length)
    if listed is None and (points is None or len(times) > length):
        return []
    endpoints = tuple(listed) if listed is not None else (named[-1],) * length
    time_points = tuple(points) if points is not None and listed is None else (None,) * length
    return [
        Row(
            values=tuple(run[place * length : (place + 1) * length]),
            endpoints=endpoints,
            time_points=time_points,
            arm=arm.index,
            arm_span=arm,
            way="list",
        )
        for place, arm in enumerate(arms)
    ]


def behind_last(scene: Scene, run: list[Quantity]) -> int:
    """Where the value before a list ends, or the sentence begins."""
    return max([scene.sentence.start, *(end_of(q) for q in scene.values if end_of(q) <= run[0].start)])


def runs(scene: Scene, values: list[Quantity]) -> Iterator[list[Quantity]]:
    """Stretches of two or more values of a kind with nothing but the joints of a list between them."""
    run: list[Quantity] = []
    for quantity in values:
        if run and not follows(scene, run[-1], quantity):
            if len(run) > 1:
                yield run
            run = []
        run.append(quantity)
    if len(run) > 1:
        yield run


def follows(scene: Scene, first: Quantity, second: Quantity) -> bool:
    """Whether a value is the next member of a list."""
    gap = scene.found.mask[end_of(first) : second.start]
    return first.kind == second.kind and VERSUS not in gap and _JOINT.fullmatch(gap) is not None


def row_of(scene: Scene, run: list[Quantity], last: Row | None) -> Row | None:
    """The list as values of one arm, or ``None`` where it runs along arms or its arm cannot be told.

    A list that names no endpoints runs along those of the last one: "(4.7 and 9.5) … those in arm B (4.2 and 8.2)".
    """
    after = [q.start for q in scene.values if q.start > run[-1].end]
    window = Span(behind_last(scene, run), min([scene.sentence.end, *after]))
    nearby = [m for m in scene.arms if window.contains(m)]
    behind = [m for m in nearby if m.start >= run[-1].end and "," not in scene.between(run[-1].end, m.start)]
    arms = distinct([m for m in nearby if m.end <= run[0].start] or behind)
    if len(arms) > 1 or (not arms and len(scene.arms_before) != 1):
        return None
    named = [m for m in scene.endpoints if window.start <= m.start and m.end <= run[0].start]
    times = [t for t in scene.time_points if window.contains(t)]
    listed, points = outcomes(scene, named, len(run)), last_list(scene, times, len(run))
    unsaid: tuple[Span | None, ...] = (None,) * len(run)
    if listed is not None:
        endpoints, time_points = tuple(listed), unsaid
    elif points is not None and named:
        endpoints, time_points = (named[-1],) * len(run), tuple(points)
    elif last is not None and not named and len(last.values) == len(run):
        endpoints, time_points = last.endpoints, tuple(points) if points else last.time_points
    else:
        return None
    return Row(
        values=tuple(run),
        endpoints=endpoints,
        time_points=time_points,
        arm=arms[0].index if arms else scene.arms_before[0],
        arm_span=arms[0] if arms else None,
        way="list" if arms else "list carried over",
    )


def outcomes(scene: Scene, named: Sequence[Mention], length: int) -> Sequence[Mention] | None:
    """The last so many outcomes named in one list; one name may hold several: "nausea and vomiting"."""
    whole = last_list(scene, named, length)
    if whole is not None or not named:
        return whole
    items = last_list(scene, [item for mention in named for item in items_of(scene, mention)], length)
    return [item if isinstance(item, Mention) else outcome(scene, item) for item in items] if items else None


def items_of(scene: Scene, mention: Mention) -> Sequence[Span]:
    """The members of a list that was read as one name, or the name itself."""
    text = scene.found.mask[mention.start : mention.end]
    spans = [Span(mention.start + m.start(), mention.start + m.end()) for m in _ITEM.finditer(text)]
    return spans if len(spans) > 1 else [mention]


def outcome(scene: Scene, item: Span) -> Mention:
    """A member of a list as an outcome of its own, not the one whose name holds the whole list."""
    index = endpoint_named(scene.found, item)
    spans = scene.found.endpoints[index].spans
    listed = any(len(items_of(scene, Mention(span.start, span.end, index))) > 1 for span in spans)
    return Mention(item.start, item.end, new_endpoint(scene.found, item) if listed else index)


def last_list(scene: Scene, members: Sequence[Member], length: int) -> Sequence[Member] | None:
    """The last so many members, if they and no more of them stand in one list."""
    tail = members[-length:]
    if len(tail) < length or len({(m.start, m.end) for m in tail}) < length:
        return None
    joined = [
        _JOINT.fullmatch(scene.found.mask[first.end : second.start]) is not None for first, second in pairwise(members)
    ]
    inner, outer = joined[len(joined) - length + 1 :], joined[: len(joined) - length + 1]
    return tail if all(inner) and not (outer and outer[-1]) else None
