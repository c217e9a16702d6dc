"""Reads abstracts in plain text: records in one or two languages, PubMed texts, bare abstracts."""

from __future__ import annotations

import re
from dataclasses import replace

from extractors.documents import Document, UnreadableDocument
from extractors.readers.abstracts import FIRST_SENTENCE, TITLE_CHARACTERS, is_title_sentence, read_abstract
from extractors.readers.assembly import document
from extractors.readers.headings import split
from extractors.readers.identity import doi, metadata
from extractors.readers.layout import Paragraph

_PUBMED_RECORD = re.compile(r"^\d{1,4}\. \S.{0,160}?\b(?:19|20)\d\d\b[^\n]{0,80};", re.MULTILINE)
_PMID_LINE = re.compile(r"^PMID: \d+", re.MULTILINE)
_ABBREVIATED = re.compile(r"\b(?:vs|v|no|st|dr|al|e\.g|i\.e|approx|fig|inc|ltd|ca|[A-Z])\.$", re.IGNORECASE)


def read_record(text: str, name: str, blocks: list[Paragraph]) -> Document:
    """Return the record or abstract in the paragraphs; raises UnreadableDocument if there is no abstract."""
    if len(_PUBMED_RECORD.findall(text)) > 1 and len(_PMID_LINE.findall(text)) > 1:
        raise UnreadableDocument("the file holds several PubMed records; save each of them as a file")
    if len(blocks) == 1:
        blocks = _title_apart(text, blocks[0])
    reading = read_abstract(text, blocks)
    dois = {each.casefold() for citation in reading.citations if (each := doi(citation))}
    if len(dois) > 1:
        raise UnreadableDocument("the file holds several papers with DOIs of their own; save each of them as a file")
    found = metadata(reading.titles, reading.authors, reading.citations, reading.notices)
    return document(text, name, "record", reading.parts, found, reader="plain")


def _title_apart(text: str, block: Paragraph) -> list[Paragraph]:
    """Split a lone paragraph after its first sentence, if that reads as the title."""
    if split(text, replace(block, end=min(block.end, block.start + 60))):
        return [block]
    position = block.start
    while match := FIRST_SENTENCE.match(text, position, block.end):
        end = match.end()
        if _ABBREVIATED.search(text, block.start, end):
            position = end
            continue
        sentence = text[block.start : end]
        if end - block.start <= TITLE_CHARACTERS and is_title_sentence(sentence):
            rest = text[end : block.end]
            start = block.end - len(rest.lstrip())
            return [
                Paragraph(block.start, end, sentence, block.after_gap),
                Paragraph(start, block.end, text[start : block.end], True),
            ]
        break
    return [block]
