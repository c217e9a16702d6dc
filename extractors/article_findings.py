"""What a whole article says beside its results, as frozen data with the evidence of each part.

As in ``extractors.findings``, ``document.text[e.start:e.end] == e.quote`` holds for each piece of evidence, and keys
are made from content and unique within the document.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, Protocol, TypeVar

from extractors.documents import Language
from extractors.findings import Evidence, Name, Number

CriterionKind = Literal["inclusion", "exclusion"]
Intent = Literal["agrees", "disagrees"]


@dataclass(frozen=True, slots=True)
class Limit:
    """A range that a criterion sets: of age, performance status or BMI; an open side is ``None``.

    ``unit`` is a unit's notation ("years"), ``None`` for a score.
    """

    measure: str
    low: Number | None
    high: Number | None
    unit: str | None


@dataclass(frozen=True, slots=True)
class Criterion:
    """One condition for taking part (inclusion) or for being kept out (exclusion), in the words of the text."""

    key: str
    kind: CriterionKind
    text: str
    language: Language
    limits: tuple[Limit, ...]
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class FlowCount:
    """How many people reached a stage of the trial, in one arm or over all of them (``arm`` is ``None``).

    ``stage`` is screened, excluded, enrolled, randomised, allocated, received, lost, discontinued or analysed.
    """

    key: str
    stage: str
    arm: str | None
    number: Number
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class CitedWork:
    """One entry of the reference list: ``text`` as printed, its parts where they can be told apart."""

    key: str
    number: int
    text: str
    authors: tuple[str, ...]
    title: str | None
    journal: str | None
    year: int | None
    doi: str | None
    pmid: str | None
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Citation:
    """A sentence that says that this trial agrees with a cited work, or disagrees; ``work`` is the work's key."""

    key: str
    work: str
    intent: Intent
    text: str
    language: Language
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Quotation:
    """The authors' own words on a matter: funding, conflicts, ethics, data-availability, licence or limitations.

    ``identifiers`` are the numbers of approvals or grants, or the short name of a licence, printed in them.
    """

    key: str
    matter: str
    text: str
    language: Language
    identifiers: tuple[str, ...]
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Dose:
    """How much of a drug is given: ``upper`` ends a range of amounts, ``unit`` is as printed ("mg/m2").

    ``route`` is oral, intravenous and so on; ``schedule`` is printed ("twice daily", "days 1, 8, 15").
    """

    drug: Name
    amount: Number
    upper: Number | None
    unit: str
    route: str | None
    schedule: str | None


@dataclass(frozen=True, slots=True)
class Regimen:
    """Drugs that are given together, in the arm that the sentence names, with the length of their cycle.

    ``cycle_unit`` is a unit's notation ("weeks").
    """

    key: str
    arm: str | None
    doses: tuple[Dose, ...]
    cycle: Number | None
    cycle_unit: str | None
    language: Language
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class PlanFact:
    """A fact of the plan: what its size was computed from, when people were taken in, how data were analysed.

    ``text`` is printed; ``number`` where it is one, shares in percent, ``unit`` its notation.
    """

    key: str
    aspect: str
    text: str
    number: Number | None
    unit: str | None
    language: Language
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class ArticleFindings:
    """All findings of the parts of a whole article that an abstract leaves out."""

    criteria: tuple[Criterion, ...] = ()
    flow: tuple[FlowCount, ...] = ()
    works: tuple[CitedWork, ...] = ()
    citations: tuple[Citation, ...] = ()
    quotations: tuple[Quotation, ...] = ()
    regimens: tuple[Regimen, ...] = ()
    plan: tuple[PlanFact, ...] = ()


class _Keyed(Protocol):
    @property
    def key(self) -> str: ...


Item = TypeVar("Item", bound=_Keyed)


def together(first: ArticleFindings, second: ArticleFindings, keys: Mapping[str, str]) -> ArticleFindings:
    """The findings of both languages of an article, each key once; ``keys`` translates the second one's arms."""
    flow = tuple(replace(count, arm=keys.get(count.arm or "", count.arm)) for count in second.flow)
    return ArticleFindings(
        criteria=_once(first.criteria + second.criteria),
        flow=_once(first.flow + flow),
        works=_once(first.works + second.works),
        citations=_once(first.citations + second.citations),
        quotations=_once(first.quotations + second.quotations),
        regimens=_once(first.regimens + tuple(replace(r, arm=keys.get(r.arm or "", r.arm)) for r in second.regimens)),
        plan=_once(first.plan + second.plan),
    )


def _once(found: tuple[Item, ...]) -> tuple[Item, ...]:
    return tuple({item.key: item for item in reversed(found)}.values())[::-1]
