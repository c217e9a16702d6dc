"""Reads the heads of a table's columns: which arm each is about, when, and what its numbers are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from extractors.components.terms import DIFFERENCE
from extractors.documents import Cell
from extractors.findings import Number
from extractors.reading import Span
from extractors.tables.arm_names import ArmNames, Candidate
from extractors.tables.grid import Grid
from extractors.tables.labels import Label, label
from extractors.tables.values import Hint, hint
from extractors.tables.words import cue_pattern, is_form, plain

_LISTED = re.compile(r"[^\s/]+(?:\s?/\s?[^\s/]+)+")


@dataclass(frozen=True, slots=True)
class Fragment:
    """A cell of the head or a label with what it says, and its name's place in the document."""

    cell: Cell
    said: Label
    name: str | None

    @property
    def span(self) -> Span | None:
        """Where the name stands."""
        return (
            None
            if self.said.name is None
            else Span(self.cell.start + self.said.name[0], self.cell.start + self.said.name[1])
        )

    @property
    def time(self) -> Span | None:
        """Where the time point stands."""
        return (
            None
            if self.said.time is None
            else Span(self.cell.start + self.said.time[0], self.cell.start + self.said.time[1])
        )


def fragment(cell: Cell) -> Fragment:
    """A cell with what its words say."""
    said = label(cell.text)
    return Fragment(cell, said, cell.text[slice(*said.name)] if said.name else None)


def row_fragment(cell: Cell, *, keeps_times: bool, is_time: bool = False) -> Fragment:
    """A row's label with what its words say; an effect measure's sign there is a name ("HR": heart rate).

    Among characteristics of people a word such as "Admission" is one of them and not a time. In a column of times
    all of the label is one.
    """
    if is_time:
        early = is_form(cell.text, "baseline-time") or cell.text.strip() == "0"
        return Fragment(cell, Label(time=(0, len(cell.text)), is_baseline=early), None)
    found = fragment(cell)
    said = found.said
    if said.name is None and is_form(cell.text, "difference-row"):
        # In a row whose columns are arms, a difference is one within each arm.
        return Fragment(cell, Label(roles=frozenset({"change"}), marks=said.marks), None)
    is_name = said.name is None and (said.contrast is not None or (said.time is not None and not keeps_times))
    if is_name and not said.spreads:
        named = Label(name=(0, len(cell.text)), statistics=said.statistics, marks=said.marks, unit=said.unit)
        return Fragment(cell, named, cell.text)
    return found


@dataclass(slots=True)
class Column:
    """What a column holds; ``arms`` has several where each cell lists the values of all arms ("57/58/62").

    ``contrast`` is the effect measure that the head names; ``is_unnamed`` tells that it names none but two arms.
    """

    number: int
    fragments: list[Fragment]
    arms: tuple[int, ...] = ()
    arm_span: Span | None = None
    size: Number | None = None
    time: Span | None = None
    is_baseline: bool = False
    names: list[Fragment] = field(default_factory=list)
    hints: list[Hint] = field(default_factory=list)
    contrast: str | None = None
    is_unnamed: bool = False
    pair: tuple[int, int] | None = None
    level: Number | None = None
    unit: str | None = None
    roles: frozenset[str] = frozenset()

    @property
    def group(self) -> tuple[object, ...]:
        """What columns of values that belong together share: time and the part of the people."""
        return (self.moment, tuple(f.name for f in self.names))

    @property
    def moment(self) -> str | None:
        """The words of the time: each arm may have a head of its own for it."""
        for each in self.fragments:
            if self.time is not None and each.cell.start <= self.time.start < each.cell.end:
                start = each.cell.start
                return plain(each.cell.text[self.time.start - start : self.time.end - start])
        return None

    @property
    def is_spread(self) -> bool:
        """Whether the numbers only go with those of the column before: standard deviations, percentages, intervals."""
        stated = self.hints[0] if self.hints else None
        if stated is None:
            return False
        return bool(stated.spreads and not stated.statistics) or (
            stated.statistics == ("percent",) and not stated.spreads
        )

    @property
    def is_value(self) -> bool:
        """Whether the column gives values of arms."""
        return bool(self.arms) and not self.contrast and not self.roles & {"p", "test"}


def columns_of(grid: Grid, names: ArmNames, row: int | None = None) -> list[Column]:
    """The columns right of the labels, with the arms that their heads, or the cells of a row that heads anew, name."""
    heads_of = {number: grid.head(number) for number in grid.value_columns}
    if row is not None:
        heads_of = {number: [cell] if (cell := grid.at(row, number)) else [] for number in grid.value_columns}
    columns = [Column(number, [fragment(cell) for cell in cells]) for number, cells in heads_of.items()]
    if any(is_form(f.cell.text, "response-head") for column in columns for f in column.fragments):
        for column in columns:
            # Beside other kinds of response, SD is stable disease.
            column.fragments = [_response(each) for each in column.fragments]
    heads = dict.fromkeys(f for column in columns for f in column.fragments)
    named = [f for f in heads if f.name and not f.said.contrast and not f.said.roles & {"p", "test"}]
    matched = names.matched([Candidate(words, f.said.size) for f in named for words in (f.name or "",)])
    if len(set(matched.values())) < len(names.arms):
        parts = names.matched([Candidate(part, f.said.size) for f in named for part in parts_of(f.name or "")])
        matched = parts if len(set(parts.values())) > len(set(matched.values())) else matched
    for column in columns:
        for each in column.fragments:
            _take(column, each, matched, names)
    for left, column in pairwise(columns):
        if column.pair is not None and column.contrast is None and column.is_spread:
            # "A vs B (95% CI)" is an estimate of which only the numbers can tell that it is no ratio.
            column.contrast, column.is_unnamed = DIFFERENCE, True
            continue
        joins = column.is_spread and not column.contrast and not column.names and column.time in (None, left.time)
        if joins and not matched and not left.contrast and not left.roles:
            column.names, column.time = list(left.names), left.time
        if joins and left.is_value and column.arms in ((), left.arms):
            column.names, column.time, column.is_baseline = list(left.names), left.time, left.is_baseline
            column.arms, column.arm_span, column.size = left.arms, left.arm_span, left.size
    return columns


def _response(each: Fragment) -> Fragment:
    """The head as the name of a kind of response where it is the two letters that may be a spread as well."""
    if each.said.spreads != ("SD",) or each.name is not None or plain(each.cell.text) != "sd":
        return each
    return Fragment(each.cell, Label(name=(0, len(each.cell.text))), each.cell.text)


def _take(column: Column, each: Fragment, matched: Mapping[str, int], names: ArmNames) -> None:
    """Add what one cell of the head says."""
    said = each.said
    column.roles |= said.roles
    column.unit = said.unit or column.unit
    column.level = said.level or column.level
    found = hint(said)
    if found is not None:
        column.hints.insert(0, found)
    if said.size is not None:
        column.size = said.size
    if said.time is not None and column.time is None:
        column.time, column.is_baseline = each.time, said.is_baseline
    if said.contrast:
        column.contrast = said.contrast
        column.pair = pair_of(each.name or "", names) or column.pair
    elif each.name is not None:
        ways = (each.name, *parts_of(each.name))
        # Beside the head of another arm "A/B" is one arm that gets both.
        is_one = each.name in matched and len(set(matched.values())) > 1
        listed, besides = ((), "") if is_one else listed_arms(each.name, names)
        arm = None if listed else next((matched[words] for words in ways if words in matched), None)
        if arm is not None:
            column.arms, column.arm_span = (arm,), each.span
        elif listed:
            column.arms, column.arm_span = listed, each.span
            _take_besides(column, each, besides)
        elif is_form(each.name, "baseline-time", "later-time"):
            column.time = column.time or each.span
        elif column.contrast is None and (pair := pair_of(each.name, names)):
            column.pair = pair
        else:
            column.names.append(each)


def _take_besides(column: Column, each: Fragment, rest: str) -> None:
    """Add what a head that lists arms says besides: a time, or a name."""
    if not rest or each.span is None or each.name is None:
        return
    start = each.span.start + each.name.index(rest)
    if is_form(rest, "baseline-time", "later-time"):
        column.time = column.time or Span(start, start + len(rest))
        column.is_baseline = is_form(rest, "baseline-time")
    else:
        place = start - each.cell.start
        column.names.append(Fragment(each.cell, replace(each.said, name=(place, place + len(rest))), rest))


def parts_of(words: str) -> list[str]:
    """The parts of a head before, in and behind its brackets, if it has any: "Events (arm A)"."""
    parts = [part.strip() for part in re.split(r"[()\[\]]", words)]
    return [part for part in parts if part] if len(parts) > 1 else []


def listed_arms(words: str, names: ArmNames) -> tuple[tuple[int, ...], str]:
    """The arms that a list such as "Gly/Glu/Sal" names in order, each once, and what the head says besides.

    Arms may be listed by all the words, within brackets ("Reperfusion (A/B)") or by the brackets themselves ("A (B)").
    """
    match = _LISTED.search(words)
    parts = parts_of(words)
    slashed = [within for within in (*parts, words) if "/" in within]
    # A bracket behind an arm's name mostly says more of this arm: "A (n = 20)", "A (control)".
    lists = [*((each, each.split("/"), True) for each in slashed), (words, parts, True)]
    lists += [(match.group(), match.group().split("/"), False)] if match else []
    for listed, each, by_words in lists:
        candidates = [Candidate(part.strip()) for part in each]
        matched = names.matched(candidates, by_words=by_words)
        arms = tuple(matched[one.words] for one in candidates if one.words in matched)
        if len(arms) == len(each) == len(names.arms) > 1:
            ends = words.split(listed, 1)
            return arms, max((end.strip(" ,;:()[]") for end in ends), key=len)
    return (), ""


def pair_of(words: str, names: ArmNames) -> tuple[int, int] | None:
    """The two arms that words set against each other: "A versus B", "A - B"."""
    for split in (cue_pattern("versus"), re.compile(r"\s[-\u2013\u2212/]\s|(?<=\w)[-\u2013\u2212](?=\w)")):
        parts = [part.strip() for part in split.split(words) if part and part.strip()]
        if len(parts) == 2:
            matched = names.matched([Candidate(part) for part in parts])
            arms = [matched[part] for part in parts if part in matched]
            if len(arms) == 2:
                return arms[0], arms[1]
    return None


def fragments_of(cells: Iterable[Cell]) -> list[Fragment]:
    """The fragments of several cells."""
    return [fragment(cell) for cell in cells]


def single_group(columns: Sequence[Column]) -> bool:
    """Whether all columns of values belong to one time and one part of the people."""
    return len({column.group for column in columns if column.is_value}) == 1
