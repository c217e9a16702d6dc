"""Writes the text of a JATS article and notes what its stretches are: sections, tables, references."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from xml.etree.ElementTree import Element

from extractors.documents import Cell, Language, Reference, Table
from extractors.readers.assembly import Part
from extractors.readers.headings import ORDER, bare, role_of
from extractors.readers.identity import doi
from extractors.readers.jats_references import tagged
from extractors.readers.jats_tables import Grid, bodies, footnotes, grid
from extractors.readers.jats_text import BLOCKS, inline, local
from extractors.readers.writing import Writing

# Roles that a heading opens within any part; "other" and the main parts follow the part around them.
_BACK = frozenset({"registration", "ethics", "funding", "conflicts", "data-availability"})
# The types of sections and notes that JATS names, beside those that are headings too.
_TYPES = {
    "intro": "background",
    "subjects": "methods",
    "material": "methods",
    "materials": "methods",
    "coi-statement": "conflicts",
    "conflict": "conflicts",
    "financial-disclosure": "funding",
    "supported-by": "funding",
    "trial-registration": "registration",
}
_MAIN_ABSTRACT = (None, "normal", "abstract", "summary")
_SKIPPED = frozenset({"title", "label", "table", "graphic", "glossary", "alternatives"})


class Page(Writing):
    """The text of an article, with its tables and references."""

    def __init__(self, language: Language | None) -> None:
        super().__init__(language)
        self.tables: list[Table] = []
        self.references: list[Reference] = []

    def article(self, root: Element) -> None:
        """Write the article: its title, abstract, body, back matter, and the tables that float."""
        for part in root:
            name = local(part)
            self.role, self.heading = "background", None
            if name in ("front", "front-stub"):
                self.front(part)
            elif name in ("body", "floats-group", "floats-wrap"):
                self.content(part, None)
            elif name == "back":
                self.back(part)
        self.licence(root)

    def licence(self, root: Element) -> None:
        """Write under which licence the article is published, behind all else."""
        self.heading = None
        for part in root:
            if local(part) in ("front", "front-stub"):
                for words in dict.fromkeys(inline(one) for one in part.iter() if local(one) == "license-p"):
                    self.add(words, "other")

    def front(self, front: Element) -> None:
        """Write the title, the abstracts in the languages that are read, and statements on funding."""
        self.in_abstract = True
        titles = [part for part in front.iter() if local(part) == "article-title"]
        if titles:
            self.add(inline(titles[0]), "title")
        for part in front.iter():
            if local(part) == "abstract" and part.get("abstract-type") in _MAIN_ABSTRACT:
                self.role, self.heading = "abstract", None
                self.content(part, None)
        self.in_abstract, self.heading = False, None
        for part in front.iter():
            if local(part) == "funding-statement":
                self.add(inline(part), "funding")

    def back(self, back: Element) -> None:
        """Write what follows the body: declarations, appendices, references."""
        for part in back:
            self.role, self.heading = "other", None
            self.content([part], None)

    def content(self, blocks: Iterable[Element], main: str | None) -> None:
        """Write blocks in order; ``main`` is the role of the main part around them, if there is one."""
        for block in blocks:
            name = local(block)
            if name == "sec":
                self.section(block, main)
            elif name == "p":
                self.paragraph(block, main)
            elif name == "table-wrap":
                self.table_wrap(block)
            elif name == "fig":
                self.figure(block)
            elif name == "ref-list":
                self.reference_list(block)
            elif name == "fn":
                role = self.role
                self.role = _TYPES.get((block.get("fn-type") or "").lower(), role)
                self.content(block, main)
                self.role = role
            elif name not in _SKIPPED:
                self.content(block, main)

    def section(self, section: Element, main: str | None) -> None:
        """Write a section under the role that its title or type gives it, or that of the part around it.

        Within a main part only a later one may open, as the conclusion at the end of a discussion does. A section of
        the body that nobody knows goes on with the part before it.
        """
        before = self.role, self.heading
        title = next((part for part in section if local(part) == "title"), None)
        words = inline(title) if title is not None else ""
        own = role_of(bare(words)[0]) or _role_of_type(section.get("sec-type") or "")
        if own is not None and (own in _BACK or _opens(own, main)):
            self.role = own
        if words:
            self.write(words)
        self.heading = words or None
        self.content(section, self.role if self.role in ORDER else main)
        goes_on = main is None and self.role in ORDER
        self.role, self.heading = self.role if goes_on else before[0], before[1]

    def paragraph(self, paragraph: Element, main: str | None) -> None:
        """Write a paragraph; what stands in it as a block of its own is written behind it."""
        words = inline(paragraph)
        if self.in_abstract:
            self.add_abstract(words)
        else:
            self.add(words, self.role)
        self.content([child for child in paragraph if local(child) in BLOCKS], main)

    def figure(self, figure: Element) -> None:
        """Write the label and caption of a figure."""
        words = ". ".join(part for part in _captioned(figure) if part)
        if words:
            start = self.write(words)
            self.parts.append(Part("figure", start, self.length, None, False, self.language))

    def reference_list(self, listed: Element) -> None:
        """Write the entries of a reference list, one paragraph each."""
        for entry in listed.iter():
            if local(entry) != "ref":
                continue
            label = next((inline(part) for part in entry if local(part) == "label"), "").strip("[]. ")
            words = " ".join(" ".join(" ".join(part.itertext()) for part in entry if local(part) != "label").split())
            if words:
                number = int(label) if label.isdecimal() else len(self.references) + 1
                start = self.write(words)
                self.references.append(tagged(Reference(number, words, start, self.length, doi(words)), entry))
                self.parts.append(Part("references", start, self.length, None, False, self.language))

    def table_wrap(self, wrap: Element) -> None:
        """Write a table: label and caption, its cells line by line, the notes below."""
        label, caption = _captioned(wrap)
        notes = tuple(footnotes(wrap))
        found = [grid(body) for body in bodies(wrap)]
        for body in found or [Grid((), 0, 0, 0)]:
            self.table(body, label, caption, notes)

    def table(self, body: Grid, label: str, caption: str, notes: tuple[str, ...]) -> None:
        """Write one table of a wrap; of one without a body only the caption."""
        head = ". ".join(part for part in (label, caption) if part)
        if not head and not body.pieces:
            return
        start = self.write(head or "\u2014")
        cells = tuple(self.cells(body))
        for note in notes:
            self.write(note, "\n")
        self.parts.append(Part("table", start, self.length, label or None, False, self.language))
        self.tables.append(
            Table(
                id=f"t{len(self.tables) + 1}",
                label=label or None,
                caption=caption or None,
                cells=cells,
                start=start,
                end=self.length,
                header_rows=body.header_rows,
                footnotes=notes,
                is_picture=not cells,
            )
        )

    def cells(self, body: Grid) -> Iterator[Cell]:
        """Write the rows of a table, one line each, and yield the cells that hold something."""
        pieces = iter(body.pieces)
        piece = next(pieces, None)
        for row in range(body.rows):
            self.write("", "\n")
            column = 0
            while piece is not None and piece.row == row:
                if piece.column > column:
                    self.write("\t" * (piece.column - column), "")
                words = " ".join(piece.lines)
                start = self.write(words, "")
                column = piece.column
                if words:
                    yield Cell(row, column, words, start, self.length, piece.row_span, piece.column_span, piece.indent)
                piece = next(pieces, None)


def _captioned(element: Element) -> tuple[str, str]:
    """The label of a table or figure and its caption on one line."""
    label = next((inline(part) for part in element if local(part) == "label"), "")
    caption = next((part for part in element if local(part) == "caption"), None)
    parts = (
        [] if caption is None else [inline(part) for part in caption.iter() if local(part) in ("title", "p", "caption")]
    )
    return label.strip(" .:"), " ".join(" ".join(parts).split())


def _opens(role: str, main: str | None) -> bool:
    """Whether a heading of this role opens a part of its own within a main part."""
    if main is None:
        return True
    return role in ORDER and ORDER[role] > ORDER[main] >= ORDER["results"]


def _role_of_type(printed: str) -> str | None:
    """The role of a section's ``sec-type``, of which one may name several ("materials|methods")."""
    roles = [_TYPES.get(part) or role_of(part) for part in printed.lower().split("|") if part]
    known = [role for role in roles if role is not None]
    return "abstract" if {"methods", "results"} <= set(known) else known[0] if known else None
