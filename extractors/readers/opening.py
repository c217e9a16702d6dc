"""Reads the first page of an article: title, authors, notices and abstract, down to the body."""

from __future__ import annotations

from itertools import pairwise

from extractors.readers import frontmatter
from extractors.readers.abstracts import ABSTRACT_ROLES, Reading, read_abstract
from extractors.readers.headings import ORDER, Heading, bare, heading_line, split
from extractors.readers.language import has_han, size_in_words
from extractors.readers.layout import Paragraph, is_finished

_TITLE_WORDS = 5
_ABSTRACT_WORDS = 40


def read_opening(text: str, blocks: list[Paragraph]) -> tuple[Reading, int]:
    """Return what stands before the article's body, and how many paragraphs that is."""
    abstract = _abstract_start(text, blocks)
    length = _body_start(blocks, abstract)
    length = _introduction_start(text, blocks, abstract, length)
    front = blocks[: min(abstract, length)]
    title = _title_place(front)
    kept = [
        block
        for index, block in enumerate(blocks[:length])
        if index == title or index >= len(front) or not _is_lettering(block.text)
    ]
    reading = read_abstract(text, kept, title=front[title] if title is not None else None)
    for block in front:
        if block not in kept:
            reading.add("other", block.start, block.end)
    return reading, length


def _abstract_start(text: str, blocks: list[Paragraph]) -> int:
    """The place of the first paragraph that is an abstract's heading or long prose."""
    for index, block in enumerate(blocks):
        heading = heading_line(block)
        run_in = split(text, block)
        first = heading or (run_in[0] if run_in else None)
        if first and first.role in ABSTRACT_ROLES:
            return index
        if size_in_words(block.text) >= _ABSTRACT_WORDS and is_finished(block.text) and not _is_around(block.text):
            return index
    return len(blocks)


def _body_start(blocks: list[Paragraph], abstract: int) -> int:
    """The place of the body's first heading.

    An abstract whose own headings stand on lines of their own ends where the parts begin anew.
    """
    heads = [
        (index, heading)
        for index, block in enumerate(blocks)
        if index >= abstract and (heading := heading_line(block)) and heading.role in ORDER
    ]
    if not heads:
        return len(blocks)
    first = heads[0][0]
    if heading_line(blocks[abstract]) is not None and first <= abstract + 1:
        for (_, before), (index, heading) in pairwise(heads):
            again = {other.role for place, other in heads if place >= index and other.is_principal}
            whole = {"methods"} <= again if heading.role == "background" else {"methods", "results"} <= again
            if ORDER[before.role] >= ORDER["discussion"] > ORDER[heading.role] and whole:
                return index
    return next((index for index, heading in heads if _opens_body(blocks[index], heading)), first)


def _opens_body(block: Paragraph, heading: Heading) -> bool:
    return (heading.is_principal or heading.role == "background") and bare(block.text)[1] < 2


def _introduction_start(text: str, blocks: list[Paragraph], abstract: int, length: int) -> int:
    """The place of the first paragraph of an introduction without heading, between abstract and methods."""
    heading = heading_line(blocks[length]) if length < len(blocks) else None
    if heading is None or heading.role == "background":
        return length
    start = length
    while start - 1 > abstract and _continues(text, blocks, start - 1):
        start -= 1
    while start < length and _is_around(blocks[start].text):
        start += 1
    return start


def _continues(text: str, blocks: list[Paragraph], index: int) -> bool:
    """Whether the paragraph has no heading of its own, neither in its first line nor above it."""
    return (
        heading_line(blocks[index]) is None
        and heading_line(blocks[index - 1]) is None
        and not split(text, blocks[index])
    )


def _title_place(front: list[Paragraph]) -> int | None:
    """The paragraph right above the authors, if it is long enough for a title, else the longest lettering."""
    for index, block in enumerate(front):
        if index and frontmatter.is_authors(block.text) and _may_be_title(front[index - 1].text):
            return index - 1
    able = [index for index, block in enumerate(front) if _may_be_title(block.text)]
    return max(able, key=lambda index: size_in_words(front[index].text), default=None)


def _may_be_title(words: str) -> bool:
    least = _TITLE_WORDS - 1 if has_han(words) else _TITLE_WORDS
    return least <= size_in_words(words) <= 80 and not frontmatter.is_authors(words) and not _is_around(words)


def _is_lettering(words: str) -> bool:
    """Whether the words are a label of the page, such as the kind of article."""
    known = frontmatter.is_authors(words) or _is_around(words) or has_han(words)
    return size_in_words(words) <= 30 and not is_finished(words) and not known


def _is_around(words: str) -> bool:
    """Whether the words are about the paper and not of it: citation, notice, addresses."""
    return (
        frontmatter.is_citation(words)
        or frontmatter.is_notice(words)
        or frontmatter.is_affiliation_block(words)
        or frontmatter.is_registration(words)
    )
