"""The sections of a document under construction, and the last steps that every reader shares."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from extractors.documents import (
    Document,
    Kind,
    Language,
    Metadata,
    Reference,
    Section,
    Table,
    UnreadableDocument,
)
from extractors.readers.identity import identifier
from extractors.readers.language import has_han, language_of, size_in_words

PROSE = frozenset({"abstract", "background", "methods", "results", "discussion", "conclusion"})
# The shortest abstracts of trials have some 60 words, those with headings 30; numbers do not count here.
_LEAST_WORDS = 30
_LEAST_WORDS_HEADED = 20
_LEAST_SENTENCE = 15
_STOP = re.compile(r"[.!?\u3002\uff0e]")


@dataclass(frozen=True, slots=True)
class Part:
    """A section before it has its number, its language and its trimmed ends."""

    role: str
    start: int
    end: int
    heading: str | None = None
    in_abstract: bool = False
    language: Language | None = None


def sections(text: str, parts: Iterable[Part]) -> tuple[Section, ...]:
    """Return the parts in the order of the text, trimmed, without empty ones, each with its language."""
    found: list[Section] = []
    for part in sorted((_trimmed(text, each) for each in parts), key=lambda each: each.start):
        if part.start >= part.end:
            continue
        language = part.language or language_of((part.heading or "") + " " + text[part.start : part.end])
        if part.role == "registration" and part.language is None and found:
            language = _language_beside(text[part.start : part.end], language, found[-1].language)
        found.append(
            Section(
                id=f"s{len(found) + 1}",
                role=part.role,
                language=language,
                start=part.start,
                end=part.end,
                heading=part.heading or None,
                in_abstract=part.in_abstract,
            )
        )
    return tuple(found)


def document(
    text: str,
    name: str,
    kind: Kind,
    parts: Iterable[Part],
    metadata: Metadata,
    *,
    reader: str,
    tables: tuple[Table, ...] = (),
    references: tuple[Reference, ...] = (),
) -> Document:
    """Return the finished document; raises UnreadableDocument if it holds too little prose to be a paper."""
    finished = sections(text, parts)
    prose = [text[section.start : section.end] for section in finished if section.role in PROSE]
    headed = {section.role for section in finished if section.heading} & PROSE
    least = _LEAST_WORDS_HEADED if len(headed) >= 3 else _LEAST_WORDS
    if sum(map(size_in_words, prose)) < least or not any(map(_has_sentence, prose)):
        raise UnreadableDocument(
            "no abstract or article text was found; give at least the whole abstract of a trial report"
        )
    return Document(
        id=identifier(metadata, prose[0], kind),
        source=name,
        kind=kind,
        text=text,
        sections=finished,
        metadata=metadata,
        tables=tables,
        references=references,
        reader=reader,
    )


def _has_sentence(text: str) -> bool:
    *finished, _ = _STOP.split(text)
    return any(len(words.strip()) >= _LEAST_SENTENCE for words in finished)


def _trimmed(text: str, part: Part) -> Part:
    start, end = part.start, part.end
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return replace(part, start=start, end=end)


def _language_beside(line: str, own: Language, before: Language) -> Language:
    """A bare registration number has no language of its own and takes that of the text before it."""
    return before if not has_han(line) and size_in_words(line) <= 6 else own
