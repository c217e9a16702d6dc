"""Reads the tables of JATS articles into grids: spans resolved, lines of cells told apart, pictures named."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from xml.etree.ElementTree import Element

from extractors.readers.jats_text import inline, lines, local

# No printed table is larger; spans beyond are slips or made to exhaust memory.
MAX_COLUMNS = 80
MAX_ROWS = 1500


@dataclass(frozen=True, slots=True)
class Piece:
    """A cell before it has its place in the text: its lines, its place in the grid and how far it spans."""

    row: int
    column: int
    lines: tuple[str, ...]
    row_span: int
    column_span: int
    indent: int = 0


@dataclass(frozen=True, slots=True)
class Grid:
    """A table's cells in the order of rows, how many rows its head has, and its size."""

    pieces: tuple[Piece, ...]
    header_rows: int
    rows: int
    columns: int


def grid(table: Element) -> Grid:
    """Return the cells of a ``table`` element; spans past the end of the table are cut there."""
    rows = list(_rows(table))[:MAX_ROWS]
    header_rows = 0
    for in_head, _ in rows:
        if not in_head:
            break
        header_rows += 1
    taken: set[tuple[int, int]] = set()
    pieces: list[Piece] = []
    for row, (_, cells) in enumerate(rows):
        column = 0
        for cell in cells:
            while (row, column) in taken:
                column += 1
            if column >= MAX_COLUMNS:
                break
            last = header_rows if row < header_rows else len(rows)
            height = min(_span(cell, "rowspan"), last - row)
            width = min(_span(cell, "colspan"), MAX_COLUMNS - column)
            width = next((free for free in range(1, width) if (row, column + free) in taken), width)
            taken.update((row + down, column + right) for down in range(height) for right in range(width))
            pieces.append(Piece(row, column, tuple(lines(cell)), height, width, _indent(cell)))
            column += width
    columns = max((column + 1 for _, column in taken), default=0)
    return _split_lines(Grid(tuple(pieces), header_rows, len(rows), columns))


def bodies(wrap: Element) -> Iterator[Element]:
    """The ``table`` elements of a wrap, without those that stand in cells."""
    for part in wrap:
        if local(part) == "table":
            yield part
        else:
            yield from bodies(part)


def footnotes(wrap: Element) -> Iterator[str]:
    """The notes below a table, each on one line."""
    for foot in wrap:
        if local(foot) == "table-wrap-foot":
            for note in foot:
                words = " ".join(
                    line for part in ([note] if local(note) == "p" else note.iter()) for line in _own(part)
                )
                if words:
                    yield words


def _own(part: Element) -> list[str]:
    words = inline(part) if local(part) in ("p", "label", "title", "attrib") else ""
    if local(part) == "label" and words and not words.startswith("^"):
        words = f"^{words}"
    return [words] if words else []


def _indent(cell: Element) -> int:
    """By how many wide blanks a cell's text is set in."""
    text = next((piece for piece in cell.itertext() if piece.strip("\n\t ")), "").lstrip("\n\t ")
    return sum(2 if sign in "\u2003\u2001" else 1 for sign in text[: len(text) - len(text.lstrip())])


def _rows(table: Element) -> Iterator[tuple[bool, list[Element]]]:
    """The rows with their cells, and whether each stands in the table's head; tables within cells are not entered."""
    for part in table:
        name = local(part)
        if name == "tr":
            yield False, _cells(part)
        elif name in ("thead", "tbody", "tfoot"):
            for row in part:
                if local(row) == "tr":
                    yield name == "thead", _cells(row)


def _cells(row: Element) -> list[Element]:
    return [cell for cell in row if local(cell) in ("td", "th")]


def _span(cell: Element, name: str) -> int:
    printed = (cell.get(name) or "1").strip()
    return max(1, min(int(printed), MAX_ROWS)) if printed.isdecimal() and len(printed) < 7 else 1


def _split_lines(found: Grid) -> Grid:
    """The grid with rows whose cells hold as many lines each cut into that many rows: several rows printed as one."""
    by_row: dict[int, list[Piece]] = {}
    spanned: set[int] = set()
    for piece in found.pieces:
        by_row.setdefault(piece.row, []).append(piece)
        if piece.row_span > 1:
            spanned.update(range(piece.row, piece.row + piece.row_span))
    pieces: list[Piece] = []
    start = 0
    for row in range(found.rows):
        own = by_row.get(row, [])
        height = _height(own) if row >= found.header_rows and row not in spanned else 1
        for piece in own:
            if height == 1 or len(piece.lines) <= 1:
                pieces.append(replace(piece, row=start))
            else:
                first = start + height - len(piece.lines)
                pieces += [replace(piece, row=first + i, lines=(line,)) for i, line in enumerate(piece.lines)]
        start += height
    return Grid(tuple(sorted(pieces, key=lambda p: (p.row, p.column))), found.header_rows, start, found.columns)


def _height(pieces: list[Piece]) -> int:
    """How many rows a row stands for: the number of its label's lines, if all its values have as many.

    The label may have one line more, which heads the others.
    """
    label = next((piece for piece in pieces if piece.column == 0), None)
    numbers = {len(piece.lines) for piece in pieces if piece is not label and len(piece.lines) > 1}
    if label is None or len(numbers) != 1:
        return 1
    lines_of_label, lines_of_values = len(label.lines), numbers.pop()
    return lines_of_label if lines_of_label in (lines_of_values, lines_of_values + 1) else 1
