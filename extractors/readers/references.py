"""Reads the entries of a reference list: number, text and DOI."""

from __future__ import annotations

import re

from extractors.documents import Reference
from extractors.readers.identity import doi
from extractors.readers.layout import Paragraph

_MARKER = re.compile(
    r"(?P<dash>[-\u2022\u2013*]\s+)?"
    r"(?:\[(?P<bracket>\d{1,3})\]|\(?(?P<plain>\d{1,3})[.)\u3001\uff0e](?!\d)|(?P<bare>\d{1,3})(?=\s+[^\W\d_]))?\s*"
)
# A list that jumps further than this has not been numbered by the mark at hand.
_WIDEST_GAP = 20


def references(text: str, entries: list[Paragraph]) -> tuple[Reference, ...]:
    """Return the references of the list's paragraphs.

    A paragraph without number or dash goes on with the entry before it if the list is numbered; an entry with
    a dash only, as text recognition leaves it, takes the next number.
    """
    marked = [_marker(entry.text) for entry in entries]
    is_marked = sum(1 for number, length in marked if number or length) > 0.5 * len(entries)
    grouped: list[tuple[int, list[Paragraph]]] = []
    for entry, (printed, length) in zip(entries, marked, strict=True):
        last = grouped[-1][0] if grouped else 0
        fits = printed is not None and (not grouped or last < printed <= last + _WIDEST_GAP)
        if grouped and is_marked and not fits and not (printed is None and length):
            grouped[-1][1].append(entry)
            continue
        number = printed if printed is not None and fits else last + 1
        start = entry.start + length
        grouped.append((number, [Paragraph(start, entry.end, text[start : entry.end])]))
    return tuple(_reference(number, pieces) for number, pieces in grouped)


def is_entry(line: str) -> bool:
    """Whether the line opens a numbered or dashed entry."""
    return any(_marker(line))


def _marker(line: str) -> tuple[int | None, int]:
    match = _MARKER.match(line)
    if match is None:
        return None, 0
    digits = match["bracket"] or match["plain"] or match["bare"]
    if digits is None:
        return None, match.end() if match["dash"] else 0
    return int(digits), match.end()


def _reference(number: int, pieces: list[Paragraph]) -> Reference:
    words = " ".join(" ".join(piece.text for piece in pieces).split())
    return Reference(number, words, pieces[0].start, pieces[-1].end, doi(words))
