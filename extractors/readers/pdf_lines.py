"""The lines of a PDF page as set in type, and the paragraphs that they make."""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import pypdfium2
import pypdfium2.raw

# Measures in parts of the size of the type: two lines of a paragraph lie at most so far apart, a raised mark so high
# and so small, an indented first line so far in.
_LEADING: Final = 1.65
_SAME_LINE: Final = 0.5
_RAISED: Final = 0.2
_SMALL: Final = 0.82
_INDENT: Final = (0.6, 4.0)
_SIZE_STEP: Final = 0.6
_SENTENCE_ENDS: Final = ".?!:;\u3002\uff1f\uff01"


@dataclass(frozen=True, slots=True)
class Line:
    """The text of a line, the size of its type in points, where it begins (from the page's lower left corner).

    A line of which a word is broken goes on over the next one; ``end_y`` is where the last of them stands.
    """

    text: str
    size: float
    x: float
    y: float
    end_y: float


@dataclass(frozen=True, slots=True)
class _Sign:
    character: str
    size: float
    x: float
    y: float


def lines(page: pypdfium2.PdfTextPage) -> list[Line]:
    """The lines of the page in the order in which they were set; raised marks have "^" before them."""
    found: list[Line] = []
    signs: list[_Sign] = []
    for sign in _signs(page):
        if sign.character in "\r\n":
            found += _line(signs)
            signs = []
        else:
            signs.append(sign)
    return found + _line(signs)


def paragraphs(found: Sequence[Line]) -> Iterator[str]:
    """The lines joined to paragraphs: a wider gap, another size of type or an indented line begins the next one."""
    words: list[str] = []
    before: Line | None = None
    for line in found:
        if before is not None and not _goes_on(before, line):
            yield " ".join(words)
            words = []
        words.append(line.text)
        before = line
    if words:
        yield " ".join(words)


def _goes_on(before: Line, line: Line) -> bool:
    down = before.end_y - line.y
    if abs(down) < _SAME_LINE * before.size:
        return True
    if not 0 < down <= _LEADING * max(before.size, line.size) or abs(before.size - line.size) > _SIZE_STEP:
        return False
    indent = (line.x - before.x) / line.size
    return not (_INDENT[0] < indent < _INDENT[1] and before.text[-1:] in _SENTENCE_ENDS)


def _line(signs: Sequence[_Sign]) -> list[Line]:
    printed = [sign for sign in signs if not sign.character.isspace() and sign.size > 0]
    if not printed:
        return []
    size = Counter(sign.size for sign in printed).most_common(1)[0][0]
    heights = [sign.y for sign in printed if sign.size == size]
    base = Counter(heights).most_common(1)[0][0]
    text: list[str] = []
    raised = False
    for sign in signs:
        lifts = sign.character.isalnum() and sign.size < _SMALL * size and sign.y > base + _RAISED * size
        if lifts and not raised and text:
            text.append("^")
        raised = lifts
        text.append(sign.character)
    words = " ".join("".join(text).split())
    return [Line(words, size, printed[0].x, heights[0], heights[-1])] if words else []


def _signs(page: pypdfium2.PdfTextPage) -> Iterator[_Sign]:
    """The characters of the page with their size, rounded to a tenth of a point, and their place."""
    raw, handle = pypdfium2.raw, page.raw
    x, y, matrix = ctypes.c_double(), ctypes.c_double(), raw.FS_MATRIX()
    for index in range(page.count_chars()):
        code = raw.FPDFText_GetUnicode(handle, index)
        raw.FPDFText_GetCharOrigin(handle, index, x, y)
        raw.FPDFText_GetMatrix(handle, index, matrix)
        # Many files set type of one point and scale it by the matrix.
        size = raw.FPDFText_GetFontSize(handle, index) * math.hypot(matrix.b, matrix.d)
        yield _Sign(chr(code) if code else " ", round(size, 1), x.value, round(y.value, 1))
