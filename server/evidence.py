"""Finds the sentence behind a shown number: evidence by finding and part, as anchors of the page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Protocol

from kg import rows
from server.negotiation import Language
from server.urls import anchor


@dataclass(frozen=True, slots=True)
class Linked:
    """A text with the anchor of its sentence, ``None`` where there is no evidence for it.

    ``doubt`` is the anchor of a check that the finding does not pass.
    """

    text: str
    anchor: str | None
    doubt: str | None = None


@dataclass(frozen=True, slots=True)
class SourceLink:
    """Where one language's text states a finding."""

    language: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The sentence or phrase that a finding was read from, with its language and its anchor."""

    quote: str
    language: str
    anchor: str


class Placed(Protocol):
    """What is asked of evidence: the finding and its part, the report, the characters and their language."""

    @property
    def node(self) -> str:
        """The IRI of the finding."""

    @property
    def supports(self) -> str:
        """The concept of the part of it."""

    @property
    def report(self) -> str:
        """The IRI of the report."""

    @property
    def start(self) -> int:
        """The first character."""

    @property
    def end(self) -> int:
        """The character after the last."""

    @property
    def quote(self) -> str:
        """The words that stand there."""

    @property
    def language(self) -> str:
        """Their language."""


class EvidenceIndex:
    """Looks up the evidence of findings, in the page's language first."""

    def __init__(
        self,
        evidence: Iterable[Placed],
        reports: Iterable[rows.Report],
        language: Language,
        doubts: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self._doubts = doubts
        self._documents = {report.iri: report.id for report in reports}
        self._language = language
        self._by_node: dict[str, list[Placed]] = {}
        for entry in evidence:
            self._by_node.setdefault(entry.node, []).append(entry)

    def of(self, node: str) -> list[Placed]:
        """All evidence of a finding, in the page's language first, then in the order of the text."""
        return sorted(
            self._by_node.get(node, ()),
            key=lambda entry: (entry.language != self._language, entry.start, entry.end),
        )

    def anchor(self, entry: Placed) -> str:
        """The anchor of a piece of evidence."""
        return anchor(self._documents[entry.report], entry.start, entry.end)

    def linked(self, node: str, text: str, *parts: str) -> Linked:
        """The text linked to the evidence of the first part that has any, else to the finding's first."""
        entries = self.of(node)
        for part in parts:
            for entry in entries:
                if last_segment(entry.supports) == part:
                    return Linked(text, self.anchor(entry), self._doubts.get(node))
        return Linked(text, self.anchor(entries[0]) if entries else None, self._doubts.get(node))

    def sources(self, node: str, *parts: str) -> tuple[SourceLink, ...]:
        """One link for each language that states the finding, English first, if possible of the parts."""
        found: dict[str, SourceLink] = {}
        entries = self.of(node)
        chosen = [entry for entry in entries if last_segment(entry.supports) in parts] or entries
        for entry in chosen:
            found.setdefault(entry.language, SourceLink(entry.language, self.anchor(entry)))
        return tuple(found[language] for language in sorted(found))

    def excerpts(self, node: str) -> tuple[Excerpt, ...]:
        """The longest quote of the finding in each language, English first."""
        found: dict[str, Placed] = {}
        for entry in self.of(node):
            if entry.language not in found or len(entry.quote) > len(found[entry.language].quote):
                found[entry.language] = entry
        return tuple(
            Excerpt(found[language].quote, language, self.anchor(found[language])) for language in sorted(found)
        )

    def place(self, node: str) -> int:
        """Where the finding first stands in its text; findings without evidence come last."""
        return min((entry.start for entry in self._by_node.get(node, ())), default=2**31)


def last_segment(iri: str) -> str:
    """The last part of an IRI: the name of a concept or of a term."""
    return iri.rstrip("/").rsplit("/", 1)[-1].rsplit("#", 1)[-1]


def printed(number: rows.Quantity) -> str:
    """The number as printed, or in digits where it was printed in words."""
    return number.text if any(letter.isdigit() for letter in number.text) else plain(number.value)


def plain(number: Decimal) -> str:
    """The number in digits, without an exponent and without zeros at its end."""
    return f"{number.normalize():f}"


def in_language(names: Iterable[rows.Name], language: str) -> rows.Name | None:
    """The best name for a reader of the language: the first in it, else the first of all."""
    ordered = tuple(names)
    return next((name for name in ordered if name.language == language), ordered[0] if ordered else None)
