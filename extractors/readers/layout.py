"""Lines and paragraphs of a text with their offsets, whether paragraphs are single lines or wrapped."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise
from statistics import median

_LINE = re.compile(r"([^\r\n\f\v\x85\u2028\u2029]*)(\r\n|[\r\n\f\v\x85\u2028\u2029]|\Z)")
_SENTENCE_END = re.compile(r"[.!?\u3002\uff01\uff1f\uff0e][\"'\u201d\u2019)\]\uff09\u3011]*$")
_ABBREVIATED = re.compile(r"\b(?:vs|figs?|refs?|eq|no|approx|cf|e\.g|i\.e)\.$", re.IGNORECASE)
_LINK_END = re.compile(r"(?:https?://|\b10\.\d{4,9}/)\S+$")
# Text recognised in columns or sent by mail is broken at some 60 to 100 characters.
_WIDEST = 115
_NARROWEST = 45
_LEAST_LINES = 6
_LEAST_BROKEN = 3
# A line that fills less of the column than this is the last of its paragraph.
_FILLED = 0.6
_FILLED_LAST = 0.75


class LineKind(Enum):
    """How a line of wrapped text stands to its neighbours."""

    RUNNING = "running"
    ENTRY = "entry"
    HEADING = "heading"
    ALONE = "alone"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A stretch of text without surrounding blanks; ``after_gap`` tells that a blank line comes before it."""

    start: int
    end: int
    text: str
    after_gap: bool = False


def is_finished(text: str) -> bool:
    """Whether the text ends as a sentence does, and not in "vs." or "Fig."."""
    end = text.rstrip()[-40:]
    return _SENTENCE_END.search(end) is not None and _ABBREVIATED.search(end) is None


def lines(text: str) -> list[Paragraph]:
    """Return the lines that hold something, each without surrounding blanks."""
    found: list[Paragraph] = []
    gap = False
    for match in _LINE.finditer(text):
        content = match.group(1)
        stripped = content.strip()
        if stripped:
            start = match.start() + len(content) - len(content.lstrip())
            found.append(Paragraph(start, start + len(stripped), stripped, gap))
            gap = False
        else:
            gap = True
    return found


def paragraphs(text: str, kind_of: Callable[[Paragraph], LineKind]) -> list[Paragraph]:
    """Return the paragraphs of the text: its lines, or runs of lines where the text is wrapped.

    In wrapped text ``kind_of`` tells rows of tables and headings, which stand alone, and list entries, which open
    a paragraph. A heading or an entry must follow an end of some kind, because any word may come to stand at the
    start of a wrapped line.
    """
    single = lines(text)
    if not _is_wrapped(single):
        return single
    widest = median(_width(line.text) for line in single if _width(line.text) >= _NARROWEST)
    joined: list[Paragraph] = []
    last, last_kind, in_list = "", LineKind.ALONE, False
    for line in single:
        kind = kind_of(line)
        finished, filled = is_finished(last), _width(last) / widest
        ended = line.after_gap or last_kind is LineKind.ALONE or filled < (_FILLED_LAST if finished else _FILLED)
        if kind is LineKind.HEADING:
            kind = LineKind.ALONE if ended or finished else LineKind.RUNNING
        elif kind is LineKind.ENTRY and not (ended or (in_list and (finished or _LINK_END.search(last)))):
            kind = LineKind.RUNNING
        in_list = kind is LineKind.ENTRY or (in_list and not line.after_gap)
        if ended or not joined or kind is not LineKind.RUNNING:
            joined.append(line)
        else:
            first = joined[-1]
            joined[-1] = Paragraph(first.start, line.end, text[first.start : line.end], first.after_gap)
        last, last_kind = line.text, kind
    return joined


def _is_wrapped(single: list[Paragraph]) -> bool:
    """Whether lines end where the column ends.

    That shows where long lines break off and go on in small letters, or where most lines with another right below
    break off.
    """
    if (
        len(single) < _LEAST_LINES
        or max((_width(line.text) for line in single if "\t" not in line.text), default=0) > _WIDEST
    ):
        return False
    followed = [(line, below) for line, below in pairwise(single) if not below.after_gap]
    broken = [
        (line, below)
        for line, below in followed
        if not is_finished(line.text) and _width(line.text) >= _NARROWEST and "\t" not in line.text
    ]
    going_on = sum(1 for _, below in broken if below.text[0].islower())
    return going_on >= 2 or len(broken) >= max(_LEAST_BROKEN, 0.5 * len(followed))


def _width(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in line[: _WIDEST + 1])
