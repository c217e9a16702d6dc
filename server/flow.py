"""The flow of people through a trial as a diagram of boxes and as a table: geometry and cells, nothing is drawn here.

Lengths are those of the diagram's own view box.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from kg import article_rows, rows
from ontology import by_name
from server.evidence import EvidenceIndex, Linked, printed

# The stages before there are arms, from top to bottom, and those of each arm.
_WHOLE: Final = ("screened", "excluded", "enrolled", "randomised")
_OF_ARMS: Final = ("allocated", "received", "lost", "discontinued", "completed", "analysed")
_WIDTH, _LINE, _PAD, _GAP = 230, 18, 12, 26
_LONGEST_NAME = 30


@dataclass(frozen=True, slots=True)
class FlowLine:
    """A stage, as a concept, with its number of people; ``y`` is the base line of its text."""

    stage: str
    number: Linked
    y: int


@dataclass(frozen=True, slots=True)
class FlowBox:
    """A box of the diagram with its lines; ``name`` is the arm's, shortened for the drawing, ``None`` over all."""

    x: int
    y: int
    width: int
    height: int
    name: rows.Name | None
    lines: tuple[FlowLine, ...]

    @property
    def middle(self) -> int:
        """The middle of the box from left to right."""
        return self.x + self.width // 2


@dataclass(frozen=True, slots=True)
class FlowArrow:
    """A line from one box to another."""

    path: str


@dataclass(frozen=True, slots=True)
class FlowRow:
    """A row of the table: a stage with the numbers over all and in each arm, ``None`` where none is given."""

    stage: str
    cells: tuple[Linked | None, ...]


@dataclass(frozen=True, slots=True)
class Flow:
    """The flow of one report: the diagram and its table; ``arms`` are the heads of the table's columns."""

    report: str
    width: int
    height: int
    boxes: tuple[FlowBox, ...]
    arrows: tuple[FlowArrow, ...]
    arms: tuple[rows.Name, ...]
    table: tuple[FlowRow, ...]


def flows(
    counts: Sequence[article_rows.FlowCount], index: EvidenceIndex, arm_name: Callable[[str], rows.Name | None]
) -> tuple[Flow, ...]:
    """The flow of each report that gives more than one number; ``arm_name`` names an arm for the page's readers."""
    reports = dict.fromkeys(count.report for count in counts)
    found = ([count for count in counts if count.report == report] for report in reports)
    return tuple(_flow(group, index, arm_name) for group in found if len(group) > 1)


def _flow(
    counts: Sequence[article_rows.FlowCount], index: EvidenceIndex, arm_name: Callable[[str], rows.Name | None]
) -> Flow:
    numbers = {(count.stage, count.arm): index.linked(count.iri, printed(count.number), "value") for count in counts}
    arms = sorted({count.arm for count in counts if count.arm}, key=index.place)
    names = tuple(arm_name(arm) or rows.Name("", "") for arm in arms)
    width = _WIDTH * max(2, len(arms)) + _GAP * (max(2, len(arms)) - 1)
    trunk, aside, y = _upper(numbers, width)
    lower = [
        _box((_WIDTH + _GAP) * place, y, name, _lines(numbers, _OF_ARMS, arm))
        for place, (arm, name) in enumerate(zip(arms, names, strict=True))
    ]
    if not lower and (lines := _lines(numbers, _OF_ARMS, None)):
        lower = [_box((width - _WIDTH) // 2, y, None, lines)]
    every = [*trunk, *aside, *lower]
    return Flow(
        report=counts[0].report,
        width=width,
        height=max(box.y + box.height for box in every),
        boxes=tuple(every),
        arrows=tuple(_arrows(trunk, aside, lower)),
        arms=names,
        table=tuple(_table(numbers, arms)),
    )


def _upper(numbers: dict[tuple[str, str | None], Linked], width: int) -> tuple[list[FlowBox], list[FlowBox], int]:
    """The boxes over all people from top to bottom, the one set aside, and where the next ones begin."""
    trunk: list[FlowBox] = []
    aside: list[FlowBox] = []
    y = 0
    for stage in _WHOLE:
        lines = _lines(numbers, (stage,), None)
        if lines:
            is_aside = stage == "excluded"
            box = _box(width - _WIDTH if is_aside else (width - _WIDTH) // 2, y, None, lines)
            (aside if is_aside else trunk).append(box)
            y = box.y + box.height + (_GAP // 3 if is_aside else _GAP)
    return trunk, aside, y


def _lines(
    numbers: dict[tuple[str, str | None], Linked], stages: Iterable[str], arm: str | None
) -> list[tuple[str, Linked]]:
    concepts = (by_name("articles", stage).iri for stage in stages)
    return [(stage, numbers[stage, arm]) for stage in concepts if (stage, arm) in numbers]


def _box(x: int, y: int, name: rows.Name | None, lines: Sequence[tuple[str, Linked]]) -> FlowBox:
    first = y + _PAD + _LINE - 5 + (_LINE if name else 0)
    placed = tuple(FlowLine(stage, number, first + _LINE * place) for place, (stage, number) in enumerate(lines))
    height = 2 * _PAD + _LINE * (len(lines) + bool(name))
    return FlowBox(x, y, _WIDTH, height, _shortened(name), placed)


def _shortened(name: rows.Name | None) -> rows.Name | None:
    if name is None or len(name.text) <= _LONGEST_NAME:
        return name
    return rows.Name(name.text[: _LONGEST_NAME - 1].rstrip() + "\u2026", name.language)


def _arrows(trunk: Sequence[FlowBox], aside: Sequence[FlowBox], lower: Sequence[FlowBox]) -> Iterable[FlowArrow]:
    """The lines down the trunk, from it to the box aside, and to the arms."""
    for above, below in pairwise(trunk):
        yield FlowArrow(f"M{above.middle} {above.y + above.height}V{below.y}")
    for box in aside:
        if trunk and trunk[0].y < box.y:
            yield FlowArrow(f"M{trunk[0].middle} {trunk[0].y + trunk[0].height}V{box.y + box.height // 2}H{box.x}")
    for box in lower if trunk else ():
        turn = box.y - _GAP // 2
        yield FlowArrow(f"M{trunk[-1].middle} {trunk[-1].y + trunk[-1].height}V{turn}H{box.middle}V{box.y}")


def _table(numbers: dict[tuple[str, str | None], Linked], arms: Sequence[str]) -> Iterable[FlowRow]:
    for stage in (by_name("articles", name).iri for name in (*_WHOLE, *_OF_ARMS)):
        cells = (numbers.get((stage, None)), *(numbers.get((stage, arm)) for arm in arms))
        if any(cells):
            yield FlowRow(stage, cells)
