"""Finds tables printed with tabs or bars, joins them to their captions, and finds the captions of figures."""

from __future__ import annotations

import re
from dataclasses import dataclass

from extractors.documents import Cell, Table
from extractors.readers.headings import role_of
from extractors.readers.language import HAN
from extractors.readers.layout import Paragraph, is_finished

_CAPTION = re.compile(
    rf"[*_#\s]*(?P<label>(?P<word>(?:Supplement\w+ )?[A-Z][A-Za-z]{{2,6}}\.?|[{HAN}]{{1,2}})\s?"
    r"(?P<number>[A-Z]?\d{1,2}[A-Za-z]?))(?P<stop>\s*[.:\uff1a\uff0e|]\s*|[\s\u3000]+|$)(?P<text>.*)",
    re.DOTALL,
)
# "Table 2 shows that ..." is a sentence about a table, not its caption.
_SENTENCE_VERB = re.compile(
    r"(?:show|present|depict|illustrat|display|summari|list|give|gave|provide|report|describe|contain|compare|"
    r"demonstrat|indicat|reveal|detail|is |are |was |were |and |for the )",
)
_RULE = re.compile(r"[\s|:+=-]+")
_PIPED = re.compile(r"\s*\|.*\|\s*")


@dataclass(frozen=True, slots=True)
class Caption:
    """A caption: "table" or "figure", its label as printed and its words."""

    role: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Block:
    """Consecutive lines of a table, without its caption unless that stands in the first line."""

    start: int
    end: int
    cells: tuple[Cell, ...]
    caption: Caption | None = None


def caption(text: str) -> Caption | None:
    """Return the caption that the paragraph is, or None."""
    match = _CAPTION.match(text)
    if match is None or len(text) > 1500:
        return None
    role = role_of(match["word"].rstrip("."))
    if role not in {"table", "figure"}:
        return None
    words = " ".join(match["text"].split())
    spaced = match["stop"].isspace()
    if spaced and (_SENTENCE_VERB.match(words) or (words[:1].islower() and is_finished(words))):
        return None
    return Caption(role, " ".join(match["label"].split()), words)


def is_row(text: str, line: Paragraph) -> bool:
    """Whether the line has the columns of a table: tabs, also at its ends, or bars around it."""
    start, end = _whole_line(text, line)
    return "\t" in text[start:end] or _PIPED.fullmatch(text, start, end) is not None


def block(text: str, rows: list[Paragraph]) -> Block:
    """Return the rows as a block of cells; a caption alone in the first row becomes the block's caption."""
    cells: list[Cell] = []
    found: Caption | None = None
    row = 0
    for line in rows:
        start, end = _whole_line(text, line)
        if _RULE.fullmatch(text, start, end):
            continue
        filled = _cells(text, start, end, row)
        if not cells and found is None and len(filled) == 1 and (found := caption(filled[0].text)):
            continue
        cells += filled
        row += 1
    return Block(rows[0].start, rows[-1].end, tuple(cells), found)


def table(number: int, body: Block, title: Caption | None) -> Table:
    """Return the table of a block and its caption; ``number`` counts the document's tables from 1."""
    title = title or body.caption
    return Table(
        id=f"t{number}",
        label=title.label if title else None,
        caption=title.text or None if title else None,
        cells=body.cells,
        start=body.start,
        end=body.end,
    )


def _whole_line(text: str, line: Paragraph) -> tuple[int, int]:
    """The line with the tabs at its ends, which stand for empty cells."""
    start, end = line.start, line.end
    while start > 0 and text[start - 1] in "\t ":
        start -= 1
    while end < len(text) and text[end] in "\t ":
        end += 1
    return start, end


def _cells(text: str, start: int, end: int, row: int) -> list[Cell]:
    separator = "\t" if "\t" in text[start:end] else "|"
    if separator == "|":
        start, end = _inside_bars(text, start, end)
    found: list[Cell] = []
    for column, piece in enumerate(text[start:end].split(separator)):
        stripped = piece.strip()
        if stripped:
            first = start + len(piece) - len(piece.lstrip())
            found.append(Cell(row, column, stripped, first, first + len(stripped)))
        start += len(piece) + 1
    return found


def _inside_bars(text: str, start: int, end: int) -> tuple[int, int]:
    inner = text[start:end]
    lead = len(inner) - len(inner.lstrip())
    if inner.lstrip().startswith("|"):
        start += lead + 1
    if inner.rstrip().endswith("|"):
        end -= len(inner) - len(inner.rstrip()) + 1
    return start, max(start, end)
