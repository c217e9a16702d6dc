"""Marks stretches of a text, and the sentences around them: cuts it into runs between which marks open and close.

Marks may lie inside one another; where two overlap in part, the later one is cut at the end of the earlier.
"""

from __future__ import annotations

import heapq
import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass

# The name of a sentence that holds a marked stretch.
SENTENCE = ""
# After the full stop, question mark and exclamation mark of Chinese; after those of English if a capital, a bracket
# or a quotation mark follows, so that "vs. 20" and "0.86" stay whole; and after a line.
_SENTENCE_END = re.compile(r"[\u3002\uff01\uff1f]|[.!?](?=\s+[A-Z(\[\u201c\"])|\n")


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of the text to mark, under a name that is unique among the stretches, or ``SENTENCE``."""

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
    """A piece of text, the marks that open before it, and the names of those that close after it, in order."""

    text: str
    opens: tuple[Opening, ...]
    closes: tuple[str, ...]


def runs(text: str, start: int, end: int, stretches: Iterable[Stretch]) -> tuple[Run, ...]:
    """The characters from ``start`` to ``end`` as runs; their texts joined are ``text[start:end]``.

    Stretches are clipped to that window, and those wholly outside are left out.
    """
    nested = _nest(start, end, stretches)
    opens: dict[int, list[tuple[int, Opening]]] = {}
    closes: dict[int, list[str]] = {}
    for piece_start, piece_end, opening in nested:
        opens.setdefault(piece_start, []).append((piece_end, opening))
        # What opened last closes first.
        closes.setdefault(piece_end, []).insert(0, opening.name)
    cuts = sorted({start, end, *opens, *closes})
    return tuple(
        Run(text[left:right], tuple(opening for _, opening in opens.get(left, ())), tuple(closes.get(right, ())))
        for left, right in itertools.pairwise(cuts)
    )


def sentences(text: str, start: int, end: int, stretches: Iterable[Stretch]) -> tuple[Stretch, ...]:
    """The sentences of the window that hold a stretch; one that runs over a sentence's end joins the two."""
    inside = sorted((s.start, s.end) for s in stretches if s.start < end and s.end > start)
    ends = [match.end() for match in _SENTENCE_END.finditer(text, start, end)]
    cuts = [start, *(cut for cut in ends if not any(left < cut < right for left, right in inside)), end]
    return tuple(
        Stretch(left, right, SENTENCE)
        for left, right in itertools.pairwise(cuts)
        if any(left <= first < right for first, _ in inside)
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
