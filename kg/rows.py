"""What the queries give to the pages: frozen rows of plain values, without RDF terms and without markup.

IRIs are strings. Concepts are given as IRIs; their labels come from ``ontology`` where they are shown. Absent
means not reported: ``None`` for a single value, an empty tuple for several.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Name:
    """A text in one language, such as a surface form, a title or a printed phrase."""

    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number and how it was printed ("0.70" stays "0.70" in ``text``)."""

    value: Decimal
    text: str


@dataclass(frozen=True, slots=True)
class Interval:
    """An interval estimate, level in percent; ``not_estimable`` holds "low", "high" or both."""

    low: Quantity | None
    high: Quantity | None
    level: Decimal | None
    not_estimable: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PValue:
    """A p-value with its printed relation (=, <, >, ≤, ≥) and its sides where stated (1 or 2)."""

    operator: str
    value: Quantity
    sides: int | None


@dataclass(frozen=True, slots=True)
class Context:
    """Where a result holds; a result with no subgroup is one of the whole trial.

    ``subgroup_iri`` names the subgroup's node in the graph, ``analysis_set`` is a concept of designs.
    """

    subgroup: tuple[Name, ...]
    subgroup_iri: str | None
    time_point: tuple[Name, ...]
    analysis_set: str | None
    planned: bool | None
    adjusted: bool | None


@dataclass(frozen=True, slots=True)
class Counts:
    """How many things of each kind the graph holds."""

    trials: int
    reports: int
    contrasts: int
    arm_results: int
    statements: int
    evidence: int


@dataclass(frozen=True, slots=True)
class TrialKey:
    """A trial's IRI and the key its page has."""

    iri: str
    key: str


@dataclass(frozen=True, slots=True)
class Report:
    """One paper or record of a trial; ``kind`` is a concept of designs (record, article).

    ``version`` is the number of the current document version and ``source_name`` the name of its file;
    ``id`` is the document's id, as in the address of its page; ``languages`` are those of its text. ``status`` is
    the concept of publications that says that the report was retracted, ``None`` for any other.
    """

    iri: str
    id: str
    trial: str
    trial_key: str
    kind: str
    titles: tuple[Name, ...]
    authors: tuple[str, ...]
    acronyms: tuple[str, ...]
    languages: tuple[str, ...]
    citation: str | None
    journal: str | None
    year: int | None
    doi: str | None
    pmid: str | None
    version: int
    source_name: str
    status: str | None = None


@dataclass(frozen=True, slots=True)
class Registration:
    """A registry identifier; ``role`` is "own", or "mentioned" where it is another trial's."""

    iri: str
    report: str
    role: str
    identifier: str
    registry: str
    record_page: str | None
    curie: str | None


@dataclass(frozen=True, slots=True)
class DesignFact:
    """One aspect of the design; its value is a concept (``value``) or printed (``text``), never both."""

    iri: str
    report: str
    aspect: str
    value: str | None
    text: str | None
    unit: str | None
    unit_text: str | None


@dataclass(frozen=True, slots=True)
class Population:
    """The condition or people studied: the phrases, fullest first, and the lexicon's concepts for them."""

    iri: str
    report: str
    names: tuple[Name, ...]
    concepts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ParticipantCount:
    """How many people over all arms; ``kind`` is a concept of designs, such as randomised."""

    iri: str
    report: str
    kind: str
    number: Quantity


@dataclass(frozen=True, slots=True)
class Arm:
    """A group of the trial; ``names`` best first within each language."""

    iri: str
    report: str
    role: str
    names: tuple[Name, ...]
    size: Quantity | None


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A measured outcome; ``names`` best first in each language, ``concept`` where the lexicon has it."""

    iri: str
    report: str
    role: str
    names: tuple[Name, ...]
    concept: str | None


@dataclass(frozen=True, slots=True)
class Contrast:
    """An effect estimate of ``arm_for`` against ``arm_against``; ``measure`` and ``unit`` are concepts.

    ``unit_text`` is the printed unit where the lexicon lacks it.
    """

    iri: str
    report: str
    endpoint: str
    measure: str
    value: Quantity
    interval: Interval | None
    p: PValue | None
    arm_for: str | None
    arm_against: str | None
    unit: str | None
    unit_text: str | None
    significant: bool | None
    context: Context


@dataclass(frozen=True, slots=True)
class Dispersion:
    """Spread of a value: its kind as a concept, and one value, or low and high."""

    kind: str
    value: Quantity | None
    low: Quantity | None
    high: Quantity | None


@dataclass(frozen=True, slots=True)
class ArmResult:
    """A value in one arm; ``arm`` is ``None`` where the report does not say which."""

    iri: str
    report: str
    endpoint: str
    arm: str | None
    measure: str
    value: Quantity
    interval: Interval | None
    events: Quantity | None
    n: Quantity | None
    dispersion: Dispersion | None
    unit: str | None
    unit_text: str | None
    context: Context


@dataclass(frozen=True, slots=True)
class Statement:
    """A comparison in words of ``arm_for`` with ``arm_against``; ``direction`` is a concept."""

    iri: str
    report: str
    endpoint: str
    direction: str
    p: PValue | None
    arm_for: str | None
    arm_against: str | None
    context: Context


@dataclass(frozen=True, slots=True)
class Conclusion:
    """The authors' conclusion in one language, quoted whole."""

    iri: str
    report: str
    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Check:
    """A computed check of a report: its kind and verdict are concepts; the explanation in each language.

    ``involves`` holds findings and inputs that were read for the check alone; both have evidence.
    """

    iri: str
    report: str
    kind: str
    verdict: str
    involves: tuple[str, ...]
    explanations: tuple[Name, ...]


@dataclass(frozen=True, slots=True)
class FailedCount:
    """How many checks of one kind failed for a trial, with the trial's key."""

    trial: str
    key: str
    kind: str
    number: int


@dataclass(frozen=True, slots=True)
class FailedCheck:
    """A check that failed, with the key of its trial and the titles of the reports that it is of."""

    iri: str
    kind: str
    key: str
    titles: tuple[Name, ...]
    explanations: tuple[Name, ...]


class Quote(NamedTuple):
    """The characters of a report's current text that one part of a finding was read from: what pages need of evidence.

    In the order of the texts.
    """

    report: str
    start: int
    end: int
    node: str
    supports: str
    quote: str
    language: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """The characters of a document version that one part of a finding was read from, and who read them.

    ``node`` is the finding, ``supports`` the part of it that was read here; ``section_role`` is a concept.
    """

    iri: str
    node: str
    supports: str
    report: str
    version: int
    section: str
    section_role: str
    start: int
    end: int
    quote: str
    language: str
    confidence: Decimal
    component: str
    component_version: str


@dataclass(frozen=True, slots=True)
class SourceSection:
    """A stretch of a text; ``role`` is a concept of sections, ``start`` inclusive, ``end`` exclusive."""

    iri: str
    id: str
    role: str
    language: str
    start: int
    end: int
    heading: str | None


@dataclass(frozen=True, slots=True)
class Source:
    """The current version of a report's text, unchanged, with its sections in the order of the text."""

    iri: str
    report: str
    version: int
    sha256: str
    source_name: str
    reader: str
    text: str
    sections: tuple[SourceSection, ...]


@dataclass(frozen=True, slots=True)
class Example:
    """A query for users of the SPARQL page, with a title in each language."""

    name: str
    titles: Mapping[str, str]
    text: str


@dataclass(frozen=True, slots=True)
class UsedTerms:
    """The classes and properties that the graph uses."""

    classes: tuple[str, ...]
    properties: tuple[str, ...]
