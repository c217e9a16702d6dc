"""Reads article-length text, such as text recognition of a printed paper gives it, into its parts."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from extractors.documents import Document, Table
from extractors.readers import frontmatter, tables
from extractors.readers.assembly import Part, document
from extractors.readers.headings import ORDER, Heading, bare, heading_line, split
from extractors.readers.identity import metadata
from extractors.readers.language import language_of, size_in_words
from extractors.readers.layout import Paragraph, is_finished
from extractors.readers.opening import read_opening
from extractors.readers.references import references

_LEAST_WORDS = 450
_SURELY_ARTICLE = 2300
_PAGE = re.compile(r"(?:page\s*)?\d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?|[-\u2013]\s*\d{1,4}\s*[-\u2013]", re.IGNORECASE)
_RUNNING_AUTHOR = re.compile(r"(?:\d{1,4}\s+)?[A-Z][\w'-]+(?: [A-Z]{1,3})? et al\.?(?:\s+\d{1,4})?")
_HEADING_WORDS = 14
_LONGEST_RUNNING_HEAD = 25
_LETTERING_WORDS = 8
_BULLET = re.compile(r"[\u2022\u25cf\u25aa\u25e6\u2666\u2023*\u2013\u2014-]\s")
_HEADED_TEXT = re.compile(r"(?P<head>\d{1,2}(?:\.\d{1,2}){1,3}[\s\u3000]+\S{2,24})[\s\u3000]+(?=\S{12})")
_BACK = frozenset({"funding", "conflicts", "ethics", "data-availability", "registration", "other", "references"})


@dataclass
class _Body:
    """The state of the reading: which main part the text is in, under which heading, and what was found."""

    text: str
    journal: str | None
    repeated: frozenset[str]
    main_roles: frozenset[str]
    role: str = "background"
    main: str = "background"
    heading: str | None = None
    parts: list[Part] = field(default_factory=list)
    entries: list[Paragraph] = field(default_factory=list)

    def add(self, role: str, start: int, end: int) -> None:
        """Note a section; text around prose has no heading of its own."""
        heading = self.heading if role == self.role else None
        if role == "references" and self.parts and self.parts[-1].role == role:
            start = self.parts.pop().start
        self.parts.append(Part(role, start, end, heading))


def is_article(blocks: list[Paragraph]) -> bool:
    """Whether the paragraphs are those of a whole paper: long, with references or a discussion."""
    length = sum(size_in_words(block.text) for block in blocks)
    if length < _LEAST_WORDS:
        return False
    found = [heading for block in blocks if (heading := heading_line(block))]
    roles = {heading.role for heading in found if heading.is_principal or heading.role == "references"}
    if not roles & {"references", "discussion"}:
        return False
    return length > _SURELY_ARTICLE or len(roles & {"methods", "results", "discussion"}) >= 2


def read_article(text: str, name: str, blocks: list[Paragraph]) -> Document:
    """Return the article that the paragraphs hold; raises UnreadableDocument if it holds no prose."""
    opening, length = read_opening(text, blocks)
    rest = blocks[length:]
    received = [block.text for block in rest if frontmatter.is_notice(block.text)]
    found = metadata(opening.titles, opening.authors, opening.citations, [*opening.notices, *received])
    body = _Body(text, found.journal, _repeated(blocks), _main_roles(rest))
    table_parts, found_tables, taken = _tables(text, rest)
    for index in range(len(rest)):
        if index not in taken:
            _read_block(body, rest, index, taken)
    parts = [*opening.parts, *body.parts, *table_parts]
    return document(
        text,
        name,
        "article",
        parts,
        found,
        reader="article",
        tables=found_tables,
        references=references(text, body.entries),
    )


def _read_block(body: _Body, blocks: list[Paragraph], index: int, taken: set[int]) -> None:
    block = blocks[index]
    heading = heading_line(block)
    if heading:
        _enter(body, heading, bare(block.text)[1])
        return
    if body.role == "references" and not _is_page_line(body, block.text):
        body.entries.append(block)
        body.add("references", block.start, block.end)
        return
    if tables.caption(block.text):
        body.add("figure", block.start, block.end)
        return
    if _is_furniture(body, block.text):
        body.add("other", block.start, block.end)
        return
    if _is_label(block.text) and _heads_text(blocks, index, taken):
        _enter_unknown(body, block)
    elif _is_label(block.text) and size_in_words(block.text) <= _LETTERING_WORDS:
        body.add("other", block.start, block.end)
    else:
        _read_prose(body, block)


def _read_prose(body: _Body, block: Paragraph) -> None:
    """Note a paragraph of prose, with the heading that runs into it, if it has one."""
    headed = _HEADED_TEXT.match(block.text)
    if headed and language_of(block.text) == "zh":
        line = Paragraph(block.start, block.start + headed.end("head"), headed["head"])
        heading = heading_line(line)
        if heading:
            _enter(body, heading, bare(line.text)[1])
        else:
            body.heading = bare(line.text)[0]
        body.add(body.role, block.start + headed.end(), block.end)
        return
    run_in = split(body.text, block)
    if run_in and run_in[0].start == block.start and run_in[0].role in _BACK:
        before = (body.role, body.main, body.heading)
        _enter(body, run_in[0], 0)
        body.add(body.role, run_in[0].body, block.end)
        body.role, body.main, body.heading = before
        return
    body.add(body.role, block.start, block.end)


def _enter(body: _Body, heading: Heading, depth: int) -> None:
    """Move to the part that a known heading opens, or keep it as a subheading of the part the text is in."""
    role = heading.role
    body.heading = heading.label
    if role == "other" and body.main in {"methods", "results"}:
        body.role = body.main
    elif role in _BACK:
        body.role = role
    elif role in ORDER and _opens(body, heading, depth):
        body.role = body.main = role
    else:
        body.role = body.main


def _opens(body: _Body, heading: Heading, depth: int) -> bool:
    """Whether the heading opens a main part.

    A plain one ("Results") does, unless its number says that it is a subsection; another wording ("Comment")
    only for what follows the results, where the paper has no plain heading for that part.
    """
    if heading.is_principal:
        return depth < 2
    after_results = ORDER[heading.role] > ORDER[body.main] >= ORDER["results"]
    return depth < 2 and after_results and heading.role not in body.main_roles


def _enter_unknown(body: _Body, block: Paragraph) -> None:
    """A heading that ontology/ does not know is a subsection, or back matter once the text is over."""
    body.heading = bare(block.text)[0]
    over = body.role in _BACK and body.main in {"discussion", "conclusion"}
    body.role = "other" if over else body.main


def _is_furniture(body: _Body, words: str) -> bool:
    """Whether the paragraph belongs to the page and not to the text: running head, notice, addresses."""
    if _is_page_line(body, words) or frontmatter.is_notice(words):
        return True
    if frontmatter.is_affiliation_block(words) or frontmatter.is_authors(words):
        return True
    return size_in_words(words) <= _LONGEST_RUNNING_HEAD and frontmatter.is_citation(words)


def _is_page_line(body: _Body, words: str) -> bool:
    """Whether the paragraph is a page number or a running head."""
    if _PAGE.fullmatch(words) or _RUNNING_AUTHOR.fullmatch(words):
        return True
    plain = words.casefold()
    starts_as_journal = body.journal is not None and plain.startswith(body.journal.casefold())
    return size_in_words(words) <= _LONGEST_RUNNING_HEAD and (plain in body.repeated or starts_as_journal)


def _is_label(words: str) -> bool:
    """Whether the paragraph is a few words without a full stop: a heading or a picture's lettering."""
    if is_finished(words) or words.endswith((":", "\uff1a", ";", ",")) or _BULLET.match(words):
        return False
    return size_in_words(words) <= _HEADING_WORDS and words[:1].upper() == words[:1]


def _heads_text(blocks: list[Paragraph], index: int, taken: set[int]) -> bool:
    """Whether prose stands right below the label."""
    below = index + 1
    if below >= len(blocks) or below in taken:
        return False
    words = blocks[below].text
    return size_in_words(words) > _HEADING_WORDS and not tables.caption(words) and not words[:1].islower()


def _repeated(blocks: list[Paragraph]) -> frozenset[str]:
    """Short lines that stand more than once, as running heads do."""
    short = Counter(
        block.text.casefold()
        for block in blocks
        if size_in_words(block.text) <= 20 and not is_finished(block.text) and heading_line(block) is None
    )
    return frozenset(words for words, count in short.items() if count > 1)


def _main_roles(blocks: list[Paragraph]) -> frozenset[str]:
    """The main parts that have a plain heading of their own."""
    found = (heading_line(block) for block in blocks)
    return frozenset(heading.role for heading in found if heading and heading.is_principal)


def _tables(text: str, blocks: list[Paragraph]) -> tuple[list[Part], tuple[Table, ...], set[int]]:
    """Return the tables' sections, the tables, and the places of their paragraphs in the list.

    A table's caption stands above or below it, a figure's below its lettering; each caption serves one table.
    """
    runs = _runs(text, blocks)
    taken = {index for run in runs for index in run}
    captions = {index: found for index, block in enumerate(blocks) if (found := tables.caption(block.text))}
    parts: list[Part] = []
    found_tables: list[Table] = []
    for run in runs:
        body = tables.block(text, blocks[run.start : run.stop])
        place = None if body.caption else _caption_place(run, captions)
        title = captions.pop(place) if place is not None else None
        if not body.cells:
            continue
        found_tables.append(tables.table(len(found_tables) + 1, body, title))
        parts.append(Part("table", body.start, body.end, found_tables[-1].label))
        if place is not None:
            taken.add(place)
            parts.append(Part(title.role if title else "table", blocks[place].start, blocks[place].end))
    for place, left in captions.items():
        if place not in taken and left.role == "table":
            taken.add(place)
            parts.append(Part("table", blocks[place].start, blocks[place].end))
    return parts, tuple(found_tables), taken


def _caption_place(run: range, captions: dict[int, tables.Caption]) -> int | None:
    above, below = captions.get(run.start - 1), captions.get(run.stop)
    if above and above.role == "table":
        return run.start - 1
    return run.stop if below else None


def _runs(text: str, blocks: list[Paragraph]) -> list[range]:
    """Return the stretches of two or more rows; a short line between two rows belongs to them."""
    rows = [tables.is_row(text, block) for block in blocks]
    for index in range(1, len(blocks) - 1):
        close = not blocks[index].after_gap and not blocks[index + 1].after_gap
        if rows[index - 1] and rows[index + 1] and close and size_in_words(blocks[index].text) <= _HEADING_WORDS:
            rows[index] = True
    found: list[range] = []
    start = 0
    for index, is_row in enumerate([*rows, False]):
        if not is_row:
            if index - start >= 2:
                found.append(range(start, index))
            start = index + 1
    return found
