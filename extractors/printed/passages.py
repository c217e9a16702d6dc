"""The sentences in which numbers of this trial are printed, and patterns made of the lexicon's forms."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from extractors.components.sentences import READ_ROLES, sentences_of
from extractors.documents import Document, Section
from extractors.evidence import VERSION
from extractors.findings import Evidence, Number

COMPONENT: Final = "printed"
# What stands as a pattern of plain characters was read by a pattern of plain characters: nothing is to be weighed.
_SURE: Final = Decimal(1)
_DIGIT: Final = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence: ``normal`` is its text in one spelling of dashes and points, ``start`` its place in the document."""

    document: Document
    section: Section
    start: int
    normal: str

    def evidence(self, start: int, end: int, supports: str) -> Evidence:
        """The evidence that the characters from start to end of this sentence give for a part."""
        return Evidence(
            section=self.section.id,
            start=self.start + start,
            end=self.start + end,
            quote=self.document.text[self.start + start : self.start + end],
            language=self.section.language,
            supports=supports,
            component=COMPONENT,
            version=VERSION,
            confidence=_SURE,
        )

    def whole(self, supports: str = "text") -> Evidence:
        """The whole sentence as evidence."""
        return self.evidence(0, len(self.normal), supports)


def passages(document: Document, normal: str, roles: frozenset[str] = READ_ROLES) -> Iterator[Passage]:
    """The sentences with digits in the sections with these roles, in order.

    ``normal`` is the document's text as ``normalise`` gives it.
    """
    for section in document.sections:
        if section.role in roles:
            for sentence in sentences_of(normal, section):
                piece = normal[sentence.start : sentence.end]
                if _DIGIT.search(piece):
                    yield Passage(document, section, sentence.start, piece)


def printed_number(text: str) -> Number:
    """The number that the digits stand for, thousands commas left out; raises decimal.InvalidOperation for others."""
    return Number(Decimal(text.replace(",", "").replace(" ", "")), text)
