"""Parts lines of text tables that hold two rows: text recognition runs rows together that stand close on the page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

from extractors.documents import Cell
from extractors.normal import normalise, words_of
from extractors.tables.cells import printed
from extractors.tables.words import cue_pattern

_VALUE = re.compile(r"[^\s()\[\]]+(?:\s?[(\[][^()\[\]]*[)\]])?")
_TOKEN = re.compile(r"\S+")
_MOST_ROWS = 4
_MOST_WORDS = 10
_VALUES = frozenset({"fraction", "between", "bracket", "plus-minus", "percent"})
_DENIED = re.compile(r"(?P<level>\S.*?)\s+(?:not|non|no)[\s-]+(?P<again>\S.*)", re.IGNORECASE)


def parted(cells: Sequence[Cell]) -> tuple[list[Cell], dict[int, int]]:
    """The cells with lines that hold several rows parted, and the printed row of each row."""
    by_row: dict[int, list[Cell]] = {}
    for cell in cells:
        by_row.setdefault(cell.row, []).append(cell)
    found: list[Cell] = []
    rows: dict[int, int] = {}
    start = 0
    for row, line in sorted(by_row.items()):
        lines = _parts(line) or [[_cut(cell) if cell.column == 0 else cell for cell in line]]
        for place, part in enumerate(lines):
            rows[start + place] = row
            found += [replace(cell, row=start + place) for cell in part]
        start += len(lines)
    return found, rows


def _parts(line: Sequence[Cell]) -> list[list[Cell]] | None:
    """The rows of a line in which two cells or more hold as many values each, with the label parted as well."""
    values = {cell: _values(cell) for cell in line if cell.column > 0}
    numbers = {len(found) for found in values.values() if len(found) > 1}
    single = any(len(found) == 1 for found in values.values())
    if len(numbers) != 1 or single or sum(len(found) > 1 for found in values.values()) < 2:
        return None
    count = numbers.pop()
    label = next((cell for cell in line if cell.column == 0), None)
    levels = _levels(label, count) if label is not None and count <= _MOST_ROWS else None
    if levels is None:
        return None
    heading, own = levels
    rows = [[level, *(found[place] for found in values.values() if found)] for place, level in enumerate(own)]
    return [[heading], *rows] if heading is not None else rows


def _values(cell: Cell) -> list[Cell]:
    """The values that a cell holds one after the other; none if anything else stands in it."""
    if printed(cell.text).kind in _VALUES:
        return [cell]
    matches = list(_VALUE.finditer(cell.text))
    if not matches or any(printed(match.group()).kind not in _VALUES for match in matches):
        return []
    return [_part(cell, *match.span()) for match in matches]


def _part(cell: Cell, start: int, end: int) -> Cell:
    return replace(cell, text=cell.text[start:end], start=cell.start + start, end=cell.start + end)


def _levels(label: Cell, count: int) -> tuple[Cell | None, list[Cell]] | None:
    """A label cut into so many levels that begin alike, after a heading if there is one ("HER2 Negative Positive")."""
    tokens = list(_TOKEN.finditer(label.text))[: _MOST_WORDS + 1]
    if not count <= len(tokens) <= _MOST_WORDS:
        return None
    scored: list[tuple[float, tuple[int, ...]]] = []
    for cuts in combinations(range(len(tokens)), count):
        groups = list(zip(cuts, (*cuts[1:], len(tokens)), strict=True))
        shapes = {_shape(tokens[start].group()) for start, _ in groups}
        open_ended = any(_joins(tokens[end - 1].group()) for _, end in groups)
        if cuts[0] > 1 or len(shapes) > 1 or open_ended:
            continue
        lengths = [end - start for start, end in groups]
        scored.append((max(lengths) - min(lengths) + 0.5 * cuts[0], cuts))
    scored.sort()
    if not scored or (len(scored) > 1 and scored[0][0] == scored[1][0]):
        return None
    cuts = scored[0][1]
    ends = [tokens[cut - 1].end() for cut in (*cuts[1:], len(tokens))]
    levels = [_part(label, tokens[cut].start(), end) for cut, end in zip(cuts, ends, strict=True)]
    return (_part(label, 0, tokens[cuts[0] - 1].end()) if cuts[0] else None), levels


def _shape(word: str) -> str:
    """How a word begins: with a number or a sign of comparison, with a capital, or otherwise."""
    first = normalise(word)[:1]
    return "number" if first.isdigit() or first in "<>=\u2264\u2265" else "capital" if first.isupper() else "small"


def _joins(word: str) -> bool:
    """Whether more must follow a word: a sign of comparison, "or"."""
    line = normalise(word)
    return not any(map(str.isalnum, line)) or cue_pattern("alternative", "conjunction").fullmatch(line) is not None


def _cut(label: Cell) -> Cell:
    """A label without the denial of itself, which belongs to the next row ("Bone only Not only bone")."""
    match = _DENIED.fullmatch(normalise(label.text))
    same = match is not None and words_of(match["level"]) == words_of(match["again"])
    return _part(label, *match.span("level")) if match is not None and same else label
