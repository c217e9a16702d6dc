"""What a careful reader would write down of one report, as frozen data with the evidence of each part.

No spaCy and no RDF here. Numbers are ``Decimal`` with the printed form kept too ("0.70" stays "0.70").
Every finding carries evidence: ``document.text[e.start:e.end] == e.quote`` holds for each of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from extractors.documents import Language

if TYPE_CHECKING:
    from extractors.article_findings import ArticleFindings
    from extractors.registered import Registered

ArmRole = Literal["experimental", "control", "comparator", "unstated"]
EndpointRole = Literal["primary", "secondary", "other"]
Direction = Literal["first higher", "first lower", "no difference", "favours first", "favours second"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """The characters that one part of a finding was read from, who read them and how sure that is.

    ``supports`` names the part: name, role, size, value, interval, p, direction, text, identifier, unit, or for a cell
    row (the label of its row) and column (the head of its column).
    ``confidence`` is the share of findings read for the same ``reasons`` that are right, between 0 and 1, with two
    decimals; see ``extractors.confidence``. Evidence that is a cell names its table by ``Table.id``, with its row and
    column from 0.
    """

    section: str
    start: int
    end: int
    quote: str
    language: Language
    supports: str
    component: str
    version: str
    confidence: Decimal
    reasons: tuple[str, ...] = ()
    table: str | None = None
    row: int | None = None
    column: int | None = None


@dataclass(frozen=True, slots=True)
class Number:
    """A number and how it was printed."""

    value: Decimal
    text: str


@dataclass(frozen=True, slots=True)
class Interval:
    """An interval estimate; a bound that the report calls not estimable is ``None``. Level in percent."""

    low: Number | None
    high: Number | None
    level: Number | None


@dataclass(frozen=True, slots=True)
class PValue:
    """A p-value with its relation (=, <, >, ≤, ≥) and, where stated, the number of sides (1 or 2)."""

    operator: str
    value: Number
    sides: int | None = None


@dataclass(frozen=True, slots=True)
class Name:
    """A surface form in one language; ``concept`` is the IRI of the lexicon's concept that has the form."""

    text: str
    language: Language
    concept: str | None = None


@dataclass(frozen=True, slots=True)
class Registration:
    """A trial-registry identifier in canonical spelling, its registry's notation, and whose trial it is.

    ``secondary`` is a further number of the same trial, as a registry record lists it.
    """

    identifier: str
    registry: str
    role: Literal["own", "mentioned", "secondary"]
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class DesignFact:
    """One aspect of the design: allocation, masking, phase, structure, framework, centres, country, ratio, follow-up.

    ``value`` is the notation of a concept of ontology/designs.ttl, of a country its code in ontology/countries.ttl, or
    the printed number or ratio; ``unit`` goes with follow-up (a unit's notation, such as "months"). Only of countries
    there are several.
    """

    aspect: str
    value: str
    evidence: tuple[Evidence, ...]
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """How many people: enrolled, randomised, analysed, deaths (over all arms)."""

    kind: str
    number: Number
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Population:
    """The condition or people studied, fullest phrase first, and the numbers of people."""

    conditions: tuple[Name, ...]
    counts: tuple[Count, ...]
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Arm:
    """A group of the trial, with every name the report gives it and the number assigned to it."""

    key: str
    role: ArmRole
    names: tuple[Name, ...]
    size: Number | None
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A measured outcome with every name the report gives it and the role it declares."""

    key: str
    role: EndpointRole
    names: tuple[Name, ...]
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Context:
    """Where a result holds: empty tuples and ``None`` mean the whole trial, and not stated.

    Subgroup and time point are the printed phrases, one for each language; ``analysis_set`` is the notation
    of a concept of ontology/designs.ttl (intention-to-treat, per-protocol, safety).
    """

    subgroup: tuple[Name, ...] = ()
    time_point: tuple[Name, ...] = ()
    analysis_set: str | None = None
    planned: bool | None = None
    adjusted: bool | None = None


@dataclass(frozen=True, slots=True)
class Contrast:
    """An effect estimate between two arms: (the arm it is for, the reference arm), or no arms if not stated.

    ``measure`` is HR, OR, RR, IRR, RD, MD, SMD or other. The value's sign and direction stay as printed.
    ``method`` is the statistical method in the words of a registry record.
    """

    key: str
    endpoint: str
    measure: str
    value: Number
    interval: Interval | None
    p: PValue | None
    arms: tuple[str, str] | None
    unit: str | None
    context: Context
    significant: bool | None
    evidence: tuple[Evidence, ...]
    method: str | None = None


@dataclass(frozen=True, slots=True)
class Dispersion:
    """Spread of a value: kind SD, SE, IQR, range or "unstated ±"; one value, or low and high."""

    kind: str
    value: Number | None = None
    low: Number | None = None
    high: Number | None = None


@dataclass(frozen=True, slots=True)
class ArmResult:
    """A value in one arm: median, mean, proportion (in percent), rate, count or other."""

    key: str
    endpoint: str
    arm: str | None
    measure: str
    value: Number
    interval: Interval | None
    events: Number | None
    n: Number | None
    dispersion: Dispersion | None
    unit: str | None
    context: Context
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """A comparison in words, about ``arms[0]`` against ``arms[1]``, with the p-value given for it."""

    key: str
    endpoint: str
    arms: tuple[str, str] | None
    direction: Direction
    p: PValue | None
    context: Context
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class BaselineValue:
    """A number that describes the people before treatment, of one arm or of a group that is no arm.

    ``characteristic`` is what is described ("Age", "Sex"), ``level`` the value of it whose people are counted
    ("Female"). ``measure`` is that of an arm's result; a proportion is in percent, ``events`` are the people counted.
    ``group`` is the printed head of a column that is no arm ("Total").
    """

    key: str
    characteristic: Name
    level: Name | None
    arm: str | None
    group: Name | None
    measure: str
    value: Number
    events: Number | None
    n: Number | None
    dispersion: Dispersion | None
    interval: Interval | None
    unit: str | None
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Conclusion:
    """The authors' conclusion in one language, quoted whole."""

    text: str
    language: Language
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """All findings of one document: of one language, or of both after ``extractors.bilingual.merge``.

    ``article`` holds what only whole articles say; it is ``None`` for a record.

    ``Contrast.endpoint``, ``ArmResult.arm`` and the like hold the ``key`` of the endpoint or arm.
    Keys are stable: made from content, never from counters, and unique within the document.
    """

    document: str
    languages: tuple[Language, ...]
    registrations: tuple[Registration, ...]
    design: tuple[DesignFact, ...]
    population: Population
    arms: tuple[Arm, ...]
    endpoints: tuple[Endpoint, ...]
    contrasts: tuple[Contrast, ...]
    arm_results: tuple[ArmResult, ...]
    statements: tuple[Statement, ...]
    conclusions: tuple[Conclusion, ...]
    baseline: tuple[BaselineValue, ...] = ()
    article: ArticleFindings | None = None
    registered: Registered | None = None
