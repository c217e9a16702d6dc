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


def references(text: str, entries: list[Paragraph]) -> tuple[Reference, ...]:
    """Return the references of the list's paragraphs.

    A paragraph without number or dash goes on with the entry before it if the list is numbered; an entry with
    a dash only, as text recognition leaves it, takes the next number.
    """
    marked = [_marker(entry.text) for entry in entries]
    is_marked = sum(1 for number, length in marked if number or length) > 0.5 * len(entries)
    found: list[Reference] = []
    for entry, (printed, length) in zip(entries, marked, strict=True):
        following = found[-1].number + 1 if found else 1
        fits = printed is not None and (not found or found[-1].number < printed <= found[-1].number + 20)
        if found and is_marked and not fits and not (printed is None and length):
            last = found[-1]
            found[-1] = _reference(text, last.number, last.start, entry.end)
            continue
        number = printed if printed is not None and fits else following
        found.append(_reference(text, number, entry.start + length, entry.end))
    return tuple(found)


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


def _reference(text: str, number: int, start: int, end: int) -> Reference:
    words = text[start:end]
    return Reference(number=number, text=" ".join(words.split()), start=start, end=end, doi=doi(words))
