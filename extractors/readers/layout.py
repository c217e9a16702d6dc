"""Lines and paragraphs of a text with their offsets, whether paragraphs are single lines or wrapped."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

_LINE = re.compile(r"([^\r\n\f\v\x85\u2028\u2029]*)(\r\n|[\r\n\f\v\x85\u2028\u2029]|\Z)")
_SENTENCE_END = re.compile(r"[.!?\u3002\uff01\uff1f\uff0e][\"'\u201d\u2019)\]\uff09\u3011]*$")
# Text recognised in columns or sent by mail is broken at some 60 to 100 characters.
_WIDEST = 115
_NARROWEST = 45


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A stretch of text without surrounding blanks; ``after_gap`` tells that a blank line comes before it."""

    start: int
    end: int
    text: str
    after_gap: bool = False


def is_finished(text: str) -> bool:
    """Whether the text ends as a sentence does."""
    return _SENTENCE_END.search(text.rstrip()) is not None


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


def paragraphs(text: str, stands_alone: Callable[[str], bool]) -> list[Paragraph]:
    """Return the paragraphs of the text: its lines, or runs of lines where the text is wrapped.

    ``stands_alone`` tells the lines that do not join a finished line before them, such as headings.
    """
    single = lines(text)
    if not _is_wrapped(single):
        return single
    widest = median(_width(line.text) for line in single if _width(line.text) >= _NARROWEST)
    joined: list[Paragraph] = []
    last, last_alone = "", True
    for line in single:
        alone = stands_alone(line.text) and (line.after_gap or last_alone or is_finished(last))
        ends = is_finished(last) and _width(last) < 0.7 * widest
        if not joined or line.after_gap or ends or alone:
            joined.append(line)
        else:
            first = joined[-1]
            joined[-1] = Paragraph(first.start, line.end, text[first.start : line.end], first.after_gap)
        last, last_alone = line.text, alone
    return joined


def _is_wrapped(single: list[Paragraph]) -> bool:
    widths = [_width(line.text) for line in single if "\t" not in line.text]
    if len(widths) < 6 or max(widths) > _WIDEST:
        return False
    return sum(1 for width in widths if width >= _NARROWEST) >= 0.5 * len(widths)


def _width(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in line[: _WIDEST + 1])
