"""Marks stretches of a text: cuts it into runs that say which marks open before and close after them.

Marks may lie inside one another; where two overlap in part, the later one is cut at the end of the earlier.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of the text to mark, under a name that is unique among the stretches."""

    start: int
    end: int
    name: str


@dataclass(frozen=True, slots=True)
class Opening:
    """The beginning of a mark; ``first`` is false for what follows the cut of a stretch."""

    name: str
    first: bool


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text, the marks that open before it and the number of marks that close after it."""

    text: str
    opens: tuple[Opening, ...]
    closes: int


def runs(text: str, start: int, end: int, stretches: Iterable[Stretch]) -> tuple[Run, ...]:
    """The characters from ``start`` to ``end`` as runs; their texts joined are ``text[start:end]``.

    Stretches are clipped to that window, and those wholly outside are left out.
    """
    nested = _nest(start, end, stretches)
    opens: dict[int, list[tuple[int, Opening]]] = {}
    closes: dict[int, int] = {}
    for piece_start, piece_end, opening in nested:
        opens.setdefault(piece_start, []).append((piece_end, opening))
        closes[piece_end] = closes.get(piece_end, 0) + 1
    cuts = sorted({start, end, *opens, *closes})
    return tuple(
        Run(text[left:right], tuple(opening for _, opening in opens.get(left, ())), closes.get(right, 0))
        for left, right in itertools.pairwise(cuts)
    )


def _nest(start: int, end: int, stretches: Iterable[Stretch]) -> list[tuple[int, int, Opening]]:
    """Pieces that never overlap in part, in the order in which they open: outer before inner."""
    waiting = [
        (max(stretch.start, start), -min(stretch.end, end), stretch.name, True)
        for stretch in stretches
        if max(stretch.start, start) < min(stretch.end, end)
    ]
    heapq.heapify(waiting)
    opened: list[int] = []
    pieces: list[tuple[int, int, Opening]] = []
    while waiting:
        piece_start, negative_end, name, first = heapq.heappop(waiting)
        piece_end = -negative_end
        while opened and opened[-1] <= piece_start:
            opened.pop()
        if opened and piece_end > opened[-1]:
            heapq.heappush(waiting, (opened[-1], -piece_end, name, False))
            piece_end = opened[-1]
            # The shortened piece must still open after longer ones that begin at the same place.
            heapq.heappush(waiting, (piece_start, -piece_end, name, first))
            continue
        opened.append(piece_end)
        pieces.append((piece_start, piece_end, Opening(name, first)))
    return pieces
