"""Tells what the paragraphs of a record or of an article's opening are, by their look and order."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from extractors.documents import Language
from extractors.readers import frontmatter
from extractors.readers.assembly import Part
from extractors.readers.headings import ORDER, Heading, heading_line, split, split_unmarked
from extractors.readers.language import has_han, language_of, size_in_words
from extractors.readers.layout import Paragraph, is_finished

_AROUND = frozenset({"title", "authors", "affiliations", "citation"})
ABSTRACT_ROLES = frozenset({*ORDER, "abstract", "registration"})

# "Randomized Controlled Trial", "Original Article": the kind of paper, printed above its title.
_KIND_WORDS = 3
_SPEAKS = re.compile(r"\b(?:we|our|was|were|has|have|had|is|are|been|this study|this trial|aimed)\b", re.IGNORECASE)
_STATISTIC = re.compile(r"\d[.\u00b7]\d|\d\s?%|[Pp]\s*[<=>\uff1c\uff1d\uff1e\u2264]")
TITLE_CHARACTERS = 450
FIRST_SENTENCE = re.compile(r".{10,400}?(?:[?!.](?=\s+[A-Z0-9\"'\u2018\u201c(])|[\u3002\uff1f\uff01])", re.DOTALL)


@dataclass
class _Script:
    """What has been seen so far of the record's part in one language."""

    has_title: bool = False
    has_authors: bool = False
    in_abstract: bool = False
    is_registered: bool = False
    current: Heading | None = None

    def saw(self, role: str) -> None:
        """Remember that a section of this role was read; a registration line ends the part it stands in."""
        self.has_title = self.has_title or role == "title"
        self.has_authors = self.has_authors or role == "authors"
        self.in_abstract = self.in_abstract or role in ABSTRACT_ROLES
        if role == "registration":
            self.is_registered = True
            self.current = None


@dataclass
class Reading:
    """What the paragraphs turned out to be: sections, and the lines that name and cite the report."""

    text: str
    parts: list[Part] = field(default_factory=list)
    titles: list[tuple[Language, str]] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    citations: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    in_linked: bool = False
    scripts: dict[Language, _Script] = field(default_factory=lambda: {"en": _Script(), "zh": _Script()})

    def add(self, role: str, start: int, end: int, heading: str | None = None) -> None:
        """Note a section and what it says about the report as a whole."""
        words = self.text[start:end].strip()
        in_abstract = role in ABSTRACT_ROLES or role == "title"
        self.parts.append(Part(role, start, end, heading, in_abstract))
        if role == "title" and words:
            self.titles.append((language_of(words), words))
        elif role == "authors":
            self.authors.append(words)
        elif role == "citation":
            self.citations.append(words)
        elif role == "other":
            self.notices.append(words)


def read_abstract(text: str, blocks: list[Paragraph], title: Paragraph | None = None) -> Reading:
    """Return what the paragraphs are, in one language or two; ``title`` is among them, where it is known."""
    reading = Reading(text)
    for index, block in enumerate(blocks):
        if block == title:
            reading.scripts[language_of(block.text)].saw("title")
            reading.add("title", block.start, block.end)
        else:
            _read_block(reading, blocks, index, block)
    reading.parts = _labelled_by_shape(text, _marked_without_signs(text, reading.parts))
    return reading


def _read_block(reading: Reading, blocks: list[Paragraph], index: int, block: Paragraph) -> None:
    language = language_of(block.text)
    script = reading.scripts[language]
    following = blocks[index + 1] if index + 1 < len(blocks) else None
    goes_on = reading.in_linked and not block.after_gap and frontmatter.is_citation(block.text)
    reading.in_linked = goes_on or frontmatter.opens_linked(block.text)
    if reading.in_linked:
        reading.add("other", block.start, block.end)
        return
    line = heading_line(block)
    if line and following and not (line.role == "registration" and frontmatter.is_registration(block.text)):
        script.current = line
        script.in_abstract = script.in_abstract or line.role in ABSTRACT_ROLES
        return
    if frontmatter.is_identifier(block.text):
        reading.add("citation", block.start, block.end)
        return
    run_in = split(reading.text, block)
    if run_in:
        _read_run_in(reading, script, block, run_in)
        return
    heading = script.current
    is_below = bool(index) and heading is not None and heading.body == blocks[index - 1].end
    if heading and heading.role not in ABSTRACT_ROLES and block.after_gap and not is_below:
        heading = script.current = None
    if is_below and heading and heading.role in _AROUND:
        role = heading.role
    else:
        role = _role_around(reading, script, blocks, index) or (heading.role if heading else "abstract")
    script.saw(role)
    label = heading.label if heading and heading.role == role else None
    reading.add(role, block.start, block.end, label)


def _read_run_in(reading: Reading, script: _Script, block: Paragraph, run_in: list[Heading]) -> None:
    first = run_in[0]
    if first.start > block.start:
        before = script.current.role if script.current else "abstract"
        reading.add(before, block.start, first.start, script.current.label if script.current else None)
    for heading, end in zip(run_in, [*(later.start for later in run_in[1:]), block.end], strict=True):
        reading.add(heading.role, heading.body, end, heading.label)
        script.current = heading
        script.saw(heading.role)


def _role_around(reading: Reading, script: _Script, blocks: list[Paragraph], index: int) -> str | None:
    """Return the role that a paragraph has by its look and place, or None where it is abstract text."""
    words = blocks[index].text
    if frontmatter.is_notice(words) and not frontmatter.is_identifier(words):
        return "other"
    if frontmatter.is_citation(words):
        return "citation"
    if script.in_abstract:
        if frontmatter.is_registration(words):
            return "registration"
        return "other" if script.is_registered and script.current is None else None
    below = blocks[index + 1].text if index + 1 < len(blocks) else None
    return _role_before_abstract(script, words, below)


def _role_before_abstract(script: _Script, words: str, below: str | None) -> str | None:
    if not script.has_authors and frontmatter.is_authors(words):
        return "authors"
    if below and size_in_words(words) <= _KIND_WORDS and not is_finished(below) and _could_be_title(script, below):
        return "other"
    if below and _could_be_title(script, words):
        return "title"
    if frontmatter.is_registration(words) and size_in_words(words) <= 8:
        return "registration"
    if script.has_authors and frontmatter.is_affiliation(words) and size_in_words(words) <= 400:
        return "affiliations"
    return None


def _could_be_title(script: _Script, words: str) -> bool:
    """Whether the paragraph reads as a title: short, and one sentence at most."""
    if script.has_title or len(words) > TITLE_CHARACTERS or size_in_words(words) < 3:
        return False
    if script.has_authors and frontmatter.is_affiliation(words):
        return False
    if not is_finished(words):
        return True
    sentence = FIRST_SENTENCE.match(words + " A")
    is_single = sentence is not None and sentence.end() >= len(words.rstrip())
    return is_single and is_title_sentence(words)


def is_title_sentence(words: str) -> bool:
    """Whether a finished sentence may be a title: nobody speaks in it, and it has few clauses."""
    if has_han(words):
        return "\uff0c" not in words and "," not in words and len(words) <= 150
    return _SPEAKS.search(words) is None or ":" in words


def _marked_without_signs(text: str, parts: list[Part]) -> list[Part]:
    """Split abstracts whose headings have no colon or bracket, where a whole row of them is found."""
    result = list(parts)
    for language in ("en", "zh"):
        own = [part for part in parts if part.in_abstract and _language(text, part) == language]
        plain = [part for part in own if part.role == "abstract" or part.heading]
        if len({part.role for part in own} & set(ORDER)) >= 2:
            continue
        group = [
            Paragraph(part.start, part.end, text[part.start : part.end])
            for part in plain
            if part.role not in {"registration", "title"}
        ]
        found = split_unmarked(text, group)
        if found:
            starts = {piece.start for piece in group}
            result = [part for part in result if part.start not in starts or part not in plain]
            result += _cut(group, found, {part.start: part for part in plain})
    return result


def _cut(group: list[Paragraph], found: list[Heading], own: dict[int, Part]) -> list[Part]:
    pieces: list[Part] = []
    current: Heading | None = None
    for paragraph in group:
        inside = [heading for heading in found if paragraph.start <= heading.start < paragraph.end]
        first = inside[0].start if inside else paragraph.end
        if first > paragraph.start:
            before = own[paragraph.start]
            role, label = (current.role, current.label) if current else (before.role, before.heading)
            pieces.append(Part(role, paragraph.start, first, label, True))
        ends = [*(heading.start for heading in inside), paragraph.end][1:]
        for heading, end in zip(inside, ends, strict=True):
            pieces.append(Part(heading.role, heading.body, end, heading.label, True))
            current = heading
    return pieces


def _labelled_by_shape(text: str, parts: list[Part]) -> list[Part]:
    """Name the four paragraphs of an unlabelled abstract, where the numbers stand only as they would in one.

    Statistics belong in the third paragraph and in no other; else the paragraphs stay unlabelled.
    """
    result = list(parts)
    for language in ("en", "zh"):
        own = [part for part in parts if part.in_abstract and _language(text, part) == language]
        plain = [part for part in own if part.role == "abstract" and part.heading is None]
        if len(plain) != 4 or any(part.role in ORDER for part in own):
            continue
        counts = [len(_STATISTIC.findall(text, part.start, part.end)) for part in plain]
        if counts[2] >= 2 and not any(counts[:2]) and not counts[3]:
            names = ("background", "methods", "results", "conclusion")
            for part, role in zip(plain, names, strict=True):
                result[result.index(part)] = replace(part, role=role)
    return result


def _language(text: str, part: Part) -> Language:
    return language_of((part.heading or "") + text[part.start : part.end])
