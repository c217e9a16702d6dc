"""The text that is written of a registry record: one section for each field, whose heading is the field's name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from importlib.metadata import version
from typing import Final

from extractors.documents import Language
from extractors.findings import Evidence
from extractors.readers.assembly import Part
from extractors.readers.registries.record import Words
from extractors.readers.registries.words import label
from extractors.readers.writing import Writing

COMPONENT: Final = "registry_record"
_VERSION: Final = version("evidence-kg")
# A field is copied, not read: nothing is to be weighed.
_SURE: Final = Decimal(1)


@dataclass(frozen=True, slots=True)
class Place:
    """Characters of the text, in a section and of a language."""

    section: str
    start: int
    end: int
    quote: str
    language: Language

    def part(self, words: str, after: int = 0) -> Place:
        """The place of the words within this one, from so many characters on; this place itself where they are not."""
        found = self.quote.find(words, after)
        if found < 0:
            return self
        return Place(self.section, self.start + found, self.start + found + len(words), words, self.language)

    def evidence(self, supports: str) -> Evidence:
        """The evidence that the place gives for a part of a finding."""
        return Evidence(
            section=self.section,
            start=self.start,
            end=self.end,
            quote=self.quote,
            language=self.language,
            supports=supports,
            component=COMPONENT,
            version=_VERSION,
            confidence=_SURE,
        )


class Page:
    """The text as it is being written; the same record always gives the same text."""

    def __init__(self) -> None:
        self._writing = Writing()

    @property
    def text(self) -> str:
        """All that has been written."""
        return self._writing.text

    @property
    def parts(self) -> tuple[Part, ...]:
        """The sections so far."""
        return tuple(self._writing.parts)

    def write(self, field: str, words: Words, role: str = "registration", *, first: bool = False) -> Place:
        """Write a field that is not empty; ``first`` sets it apart from the field before it. Returns its value's place.

        ``field`` is the name of a concept below ``field`` of ontology/records.ttl.
        """
        language = words.language or "en"
        heading = label(field, language)
        gap = "\n\n" if first else "\n"
        start = self._writing.write(f"{heading}\n{words.text}", gap) + len(heading) + 1
        end = self._writing.length
        shown = role != "results"
        self._writing.parts.append(Part(role, start, end, heading, shown, language))
        return Place(f"s{len(self._writing.parts)}", start, end, words.text, language)

    def write_all(
        self, field: str, several: Iterable[Words], role: str = "registration", *, first: bool = False
    ) -> list[Place]:
        """Write a field in each of its languages."""
        return [self.write(field, words, role, first=first and not place) for place, words in enumerate(several)]
