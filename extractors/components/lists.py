"""Lists that run in the same order: values along endpoints or along time points, within one arm."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

from extractors.components.comparisons import distinct, end_of
from extractors.components.scene import Scene
from extractors.components.terms import AND, UNIT, VERSUS
from extractors.reading import Mention, Quantity, Span, Way

# What stands between the members of a list: commas and "and", brackets of intervals already read.
_JOINT = re.compile(rf"[\s,;:()\[\]%{AND}{UNIT}]*")
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
        row = row_of(scene, run, found[-1] if found else None)
        if row is not None:
            found.append(row)
    return found


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
    before = [end_of(q) for q in scene.values if end_of(q) <= run[0].start]
    after = [q.start for q in scene.values if q.start > run[-1].end]
    window = Span(max([scene.sentence.start, *before]), min([scene.sentence.end, *after]))
    nearby = [m for m in scene.arms if window.contains(m)]
    arms = distinct([m for m in nearby if m.end <= run[0].start] or nearby)
    if len(arms) > 1 or (not arms and len(scene.arms_before) != 1):
        return None
    named = [m for m in scene.endpoints if window.start <= m.start and m.end <= run[0].start]
    times = [t for t in scene.time_points if window.contains(t)]
    endpoints = last_list(scene, named, len(run))
    points = last_list(scene, times, len(run))
    if endpoints is None and last is not None and not named and len(last.values) == len(run):
        endpoints = last.endpoints
    if endpoints is None and (points is None or not named):
        return None
    return Row(
        values=tuple(run),
        endpoints=tuple(endpoints or named[-1:] * len(run)),
        time_points=tuple(points) if points and not endpoints else (None,) * len(run),
        arm=arms[0].index if arms else scene.arms_before[0],
        arm_span=arms[0] if arms else None,
        way="list" if arms else "list carried over",
    )


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
