"""What the components of a pipeline leave on a spaCy document, for the next component to read.

All offsets are character positions in the document's text; a span is half open.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal, cast

from spacy.tokens import Doc
from spacy.tokens import Span as TokenSpan

from extractors.documents import Document, Language, Section
from extractors.findings import (
    Count,
    DesignFact,
    Dispersion,
    Interval,
    Name,
    Number,
    PValue,
    Registration,
)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the text."""

    start: int
    end: int

    def contains(self, other: Span) -> bool:
        """Whether the other span lies within this one."""
        return self.start <= other.start and other.end <= self.end


@dataclass(frozen=True, slots=True)
class Sentence(Span):
    """A sentence of one section; ``role`` is the section's role."""

    section: str
    role: str


@dataclass(frozen=True, slots=True)
class Term(Span):
    """A form of the lexicon found in the text: the concept's scheme, name and IRI."""

    scheme: str
    name: str
    iri: str


@dataclass(frozen=True, slots=True)
class Labelled(Span):
    """A stretch that the trained span model marked: its kind in the PICO corpus' names, and how sure it is (0 to 1)."""

    kind: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Quantity(Span):
    """A number of the text with all that is printed around it and belongs to it.

    ``kind`` is percent, duration, fraction (events of a group), people, or plain. ``contrast`` is the notation
    of the effect measure that governs it (HR, OR, …), ``statistic`` that of a per-arm one (median, mean, …).
    """

    number: Number
    kind: str
    unit: str | None = None
    contrast: str | None = None
    statistic: str | None = None
    adjusted: bool | None = None
    interval: Interval | None = None
    interval_span: Span | None = None
    p: PValue | None = None
    p_span: Span | None = None
    events: Number | None = None
    n: Number | None = None
    dispersion: Dispersion | None = None
    governor: Span | None = None


@dataclass(frozen=True, slots=True)
class Probability(Span):
    """A p-value on its own, not attached to an effect estimate."""

    p: PValue


@dataclass(slots=True)
class ArmDraft:
    """A group of the trial while it is being put together; ``forms`` are normalised ways to name it."""

    role: str
    names: list[Name]
    forms: set[str]
    spans: list[Span]
    size: Number | None = None
    size_span: Span | None = None


@dataclass(slots=True)
class EndpointDraft:
    """An outcome while it is being put together."""

    role: str
    names: list[Name]
    concept: str | None
    spans: list[Span]
    role_span: Span | None = None


@dataclass(frozen=True, slots=True)
class Mention(Span):
    """A place where an arm or an endpoint is named; ``index`` is its place in the reading's list."""

    index: int


# How the arms of a result were found: named beside each value, listed in the order of the values, one named and the
# other its counterpart, the usual order of "20 v 63", a value said of both; a list within one arm that is named in the
# sentence or before it; the arms of which an event is denied; the pair of an estimate; the pair of two values, compared
# in words or by a p-value only; the pair that words alone compare.
# A value of a table belongs to the arm that its column or row names.
Way = Literal[
    "table", "beside", "in order", "counterpart", "usual order", "both", "list", "list carried over", "absence",
    "estimate", "paired", "paired by p", "worded", "weighed",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place(Span):
    """A cell of a table: the table's id, its row and column, and what it says of the finding."""

    table: str
    row: int
    column: int
    supports: str


@dataclass(frozen=True, slots=True)
class Linked:
    """A result with what it belongs to: indexes of endpoint and arms, subgroup and time point.

    ``quantity`` is set for contrasts and arm results, ``direction`` for statements; ``time_unit`` is where the head of
    a table names the unit of a time that is a bare number.
    """

    sentence: Sentence
    endpoint: int
    endpoint_span: Span | None
    arms: tuple[int, ...]
    arm_spans: tuple[Span, ...]
    quantity: Quantity | None
    way: Way
    statistic: str | None = None
    direction: str | None = None
    direction_span: Span | None = None
    p: PValue | None = None
    p_span: Span | None = None
    subgroup: Span | None = None
    time_point: Span | None = None
    planned: bool | None = None
    significant: bool | None = None
    subgroup_heading: Span | None = None
    time_unit: Span | None = None
    places: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Characteristic:
    """A number of the people before treatment as a table gives it: of one arm, or of a column that is no arm.

    ``name`` holds the characteristic's heading and its own words, ``level`` the value of it that is counted.
    """

    row: Sentence
    name: tuple[Span, ...]
    level: Span | None
    arm: int | None
    group: Span | None
    quantity: Quantity
    statistic: str
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Headed(Span):
    """The number of people over the column of an arm in a table of outcomes."""

    arm: int
    number: Number
    place: Place


@dataclass(slots=True)
class Reading:
    """Everything read of one language of a document so far.

    ``models`` says whether trained models may be used; ``roles`` gives the part that each sentence plays, also where
    no heading does: background, objective, methods, results, conclusion, title or registration. ``doubted`` are the
    places of endpoints that are likely none of this trial, unless it declares them or gives a result.
    """

    document: Document
    language: Language
    normal: str
    mask: str = ""
    models: bool = True
    sections: list[Section] = field(default_factory=list)
    sentences: list[Sentence] = field(default_factory=list)
    roles: dict[Sentence, str] = field(default_factory=dict)
    labelled: list[Labelled] = field(default_factory=list)
    terms: list[Term] = field(default_factory=list)
    abbreviations: dict[str, Span] = field(default_factory=dict)
    quantities: list[Quantity] = field(default_factory=list)
    probabilities: list[Probability] = field(default_factory=list)
    registrations: list[Registration] = field(default_factory=list)
    design: list[DesignFact] = field(default_factory=list)
    counts: list[Count] = field(default_factory=list)
    conditions: list[Span] = field(default_factory=list)
    arms: list[ArmDraft] = field(default_factory=list)
    arm_mentions: list[Mention] = field(default_factory=list)
    endpoints: list[EndpointDraft] = field(default_factory=list)
    endpoint_mentions: list[Mention] = field(default_factory=list)
    results: list[Linked] = field(default_factory=list)
    baseline: list[Characteristic] = field(default_factory=list)
    headed: list[Headed] = field(default_factory=list)
    doubted: set[int] = field(default_factory=set)
    conclusions: list[Span] = field(default_factory=list)
    _indexed: list[Term] | None = None
    _by_scheme: dict[str | None, tuple[list[int], list[Term]]] = field(default_factory=dict)
    _ordered: list[Quantity] | None = None
    _starts: list[int] = field(default_factory=list)
    _is_ordered: bool = True
    _bounded: list[Sentence] | None = None
    _begins: list[int] = field(default_factory=list)

    def text(self, span: Span) -> str:
        """The span as printed."""
        return self.document.text[span.start : span.end]

    def terms_in(self, span: Span, scheme: str | None = None, *names: str) -> list[Term]:
        """The lexicon's terms inside the span, in order, of one scheme and of the given concepts if any."""
        starts, terms = self._terms_of(scheme)
        found = []
        for place in range(bisect_left(starts, span.start), len(terms)):
            term = terms[place]
            if term.start >= span.end:
                break
            if term.end <= span.end and (not names or term.name in names):
                found.append(term)
        return found

    def _terms_of(self, scheme: str | None) -> tuple[list[int], list[Term]]:
        """The terms of one scheme, or all, with where they start; made once for each list of terms."""
        if self._indexed is not self.terms:
            self._indexed, self._by_scheme = self.terms, {}
        if scheme not in self._by_scheme:
            terms = [term for term in self.terms if scheme in (None, term.scheme)]
            self._by_scheme[scheme] = ([term.start for term in terms], terms)
        return self._by_scheme[scheme]

    def quantities_in(self, span: Span) -> list[Quantity]:
        """The numbers inside the span, in their order."""
        if self._ordered is not self.quantities or len(self._starts) != len(self.quantities):
            self._ordered, self._starts = self.quantities, [quantity.start for quantity in self.quantities]
            self._is_ordered = all(first <= second for first, second in pairwise(self._starts))
        if not self._is_ordered:
            return [quantity for quantity in self.quantities if span.contains(quantity)]
        first, last = bisect_left(self._starts, span.start), bisect_left(self._starts, span.end + 1)
        return [quantity for quantity in self.quantities[first:last] if quantity.end <= span.end]

    def sentence_of(self, span: Span) -> Sentence | None:
        """The sentence that holds the whole span."""
        if self._bounded is not self.sentences or len(self._begins) != len(self.sentences):
            self._bounded, self._begins = self.sentences, [sentence.start for sentence in self.sentences]
        place = bisect_right(self._begins, span.start) - 1
        return self.sentences[place] if place >= 0 and self.sentences[place].contains(span) else None

    def without(self, span: Span, parts: Iterable[Span]) -> str:
        """The normalised text of the span with blanks in place of the given parts of it."""
        rest = list(self.normal[span.start : span.end])
        for part in parts:
            rest[part.start - span.start : part.end - span.start] = " " * (part.end - part.start)
        return "".join(rest)

    def section_of(self, span: Span) -> Section:
        """The section that holds the span; raises ``LookupError`` for a span outside all of them."""
        for section in self.sections:
            if section.start <= span.start < section.end:
                return section
        raise LookupError(f"no section holds {span}")


def reading(doc: Doc) -> Reading:
    """The reading that the pipeline keeps on the document."""
    return cast(Reading, doc.user_data["reading"])


def token_span(doc: Doc, span: Span, label: str) -> TokenSpan:
    """The whole tokens that the span touches, labelled; raises ``LookupError`` for a span outside the text."""
    found = doc.char_span(span.start, span.end, label=label, alignment_mode="expand")
    if found is None:
        raise LookupError(f"no token holds {span}")
    return found
