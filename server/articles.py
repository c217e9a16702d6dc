"""What a trial's page shows of the parts that only whole articles have, each linked to its sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from kg import article_rows, rows
from ontology import by_name
from server.evidence import EvidenceIndex, printed
from server.flow import Flow, flows
from server.negotiation import Language

# The matters of quotations in the order in which a page gives them.
_MATTERS = ("limitations", "funding", "conflicts", "ethics", "data-availability", "licence")


@dataclass(frozen=True, slots=True)
class ShownLimit:
    """A range in plain numbers: its measure and unit are concepts, ``text`` is such as "20–80" or "≥ 18"."""

    measure: str
    text: str
    unit: str | None


@dataclass(frozen=True, slots=True)
class ShownCriterion:
    """One condition of eligibility with the anchor of its sentence."""

    text: rows.Name
    limits: tuple[ShownLimit, ...]
    anchor: str | None


@dataclass(frozen=True, slots=True)
class CriterionGroup:
    """The conditions of one kind, in the order of the text; ``kind`` is a concept of articles."""

    kind: str
    criteria: tuple[ShownCriterion, ...]


@dataclass(frozen=True, slots=True)
class ShownDose:
    """A drug with its dose; ``amount`` is such as "20" or "5–7", ``unit`` a concept or printed."""

    drug: rows.Name
    amount: str
    unit: str | None
    unit_text: str | None
    route: str | None
    schedule: str | None


@dataclass(frozen=True, slots=True)
class ShownRegimen:
    """Drugs that are given together, with the arm and the cycle where they are stated."""

    arm: rows.Name | None
    doses: tuple[ShownDose, ...]
    cycle: str | None
    unit: str | None
    anchor: str | None


@dataclass(frozen=True, slots=True)
class PlanGroup:
    """What the plan says of one aspect, a concept of articles: each text with its unit and its anchor."""

    aspect: str
    facts: tuple[tuple[rows.Name, str | None, str | None], ...]


@dataclass(frozen=True, slots=True)
class ShownQuotation:
    """Words of the authors with the numbers printed in them."""

    text: rows.Name
    identifiers: tuple[str, ...]
    anchor: str | None


@dataclass(frozen=True, slots=True)
class QuotationGroup:
    """The words on one matter, a concept of articles."""

    matter: str
    quotations: tuple[ShownQuotation, ...]


@dataclass(frozen=True, slots=True)
class ShownWork:
    """An entry of a reference list, with the place that the page gives it and that of the text."""

    id: str
    work: article_rows.CitedWork
    anchor: str | None


@dataclass(frozen=True, slots=True)
class ShownNumber:
    """A cited work by its number in the reference list, with the place of its entry there."""

    id: str
    number: int


@dataclass(frozen=True, slots=True)
class ShownCitation:
    """A sentence on cited works of one intent, a concept of articles, with the entries that it is about."""

    intent: str
    text: rows.Name
    works: tuple[ShownNumber, ...]
    anchor: str | None


@dataclass(frozen=True, slots=True)
class ShownArticle:
    """The parts of a trial's articles; an empty tuple for what they do not say."""

    eligibility: tuple[CriterionGroup, ...] = ()
    flow: tuple[Flow, ...] = ()
    limitations: tuple[ShownQuotation, ...] = ()
    declarations: tuple[QuotationGroup, ...] = ()
    citations: tuple[ShownCitation, ...] = ()
    works: tuple[ShownWork, ...] = ()
    number_of_works: int = 0
    regimens: tuple[ShownRegimen, ...] = ()
    plan: tuple[PlanGroup, ...] = ()


def shown_article(
    parts: article_rows.ArticleParts,
    index: EvidenceIndex,
    language: Language,
    arm_name: Callable[[str], rows.Name | None],
    numbers: Sequence[article_rows.WorkNumber] = (),
) -> ShownArticle:
    """The parts for readers of the language; ``arm_name`` gives the name of an arm by its IRI.

    ``numbers`` are those of the cited works where the parts have been asked for without these.
    """
    cited: Sequence[article_rows.CitedWork | article_rows.WorkNumber] = parts.works or numbers
    places = {row.iri: ShownNumber(f"work-{place}", row.number) for place, row in enumerate(cited, start=1)}
    quotations = {group.matter: group for group in _quotations(parts.quotations, index, language)}
    limits = quotations.pop(by_name("articles", "limitations").iri, None)
    return ShownArticle(
        eligibility=tuple(_eligibility(parts.criteria, index, language)),
        flow=flows(parts.flow, index, arm_name),
        limitations=limits.quotations if limits else (),
        declarations=tuple(quotations.values()),
        citations=tuple(_citations(parts.citations, places, index)),
        works=tuple(ShownWork(places[row.iri].id, row, index.linked(row.iri, "").anchor) for row in parts.works),
        number_of_works=len(places),
        regimens=tuple(_regimens(parts.regimens, index, arm_name)),
        plan=tuple(_plan(parts.plan, index, language)),
    )


def _regimens(
    found: Iterable[article_rows.Regimen], index: EvidenceIndex, arm_name: Callable[[str], rows.Name | None]
) -> Iterable[ShownRegimen]:
    for row in sorted(found, key=lambda row: (index.place(row.iri), row.iri)):
        yield ShownRegimen(
            arm=arm_name(row.arm) if row.arm else None,
            doses=tuple(_dose(dose) for dose in row.doses),
            cycle=printed(row.cycle) if row.cycle else None,
            unit=row.unit,
            anchor=index.linked(row.iri, "", "value").anchor,
        )


def _dose(row: article_rows.Dose) -> ShownDose:
    amount = printed(row.amount) + (f"\u2013{printed(row.upper)}" if row.upper else "")
    return ShownDose(row.drug, amount, row.unit, row.unit_text, row.route, row.schedule)


def _plan(found: Iterable[article_rows.PlanFact], index: EvidenceIndex, language: Language) -> Iterable[PlanGroup]:
    """The facts by aspect, in the order of the text, in the page's language where the text has them in it."""
    groups: dict[str, list[article_rows.PlanFact]] = {}
    for row in sorted(found, key=lambda row: (index.place(row.iri), row.iri)):
        groups.setdefault(row.aspect, []).append(row)
    for aspect, group in groups.items():
        own = [row for row in group if row.text.language == language] or group
        yield PlanGroup(aspect, tuple((row.text, row.unit, index.linked(row.iri, "", "value").anchor) for row in own))


def _quotations(
    found: Iterable[article_rows.Quotation], index: EvidenceIndex, language: Language
) -> Iterable[QuotationGroup]:
    """The words by matter, in the page's language where the text has them in it."""
    ordered = sorted(found, key=lambda row: (index.place(row.iri), row.iri))
    for name in _MATTERS:
        matter = by_name("articles", name).iri
        of_matter = [row for row in ordered if row.matter == matter]
        own = [row for row in of_matter if row.text.language == language] or of_matter
        if own:
            shown = (ShownQuotation(row.text, row.identifiers, index.linked(row.iri, "").anchor) for row in own)
            yield QuotationGroup(matter, tuple(shown))


def _citations(
    found: Iterable[article_rows.Citation], works: Mapping[str, ShownNumber], index: EvidenceIndex
) -> Iterable[ShownCitation]:
    """The sentences that agree or disagree with others' works, each once with all the works that it is about."""
    sentences: dict[tuple[str, rows.Name], list[article_rows.Citation]] = {}
    for row in sorted(found, key=lambda row: (index.place(row.iri), row.iri)):
        sentences.setdefault((row.intent, row.text), []).append(row)
    for (intent, text), group in sentences.items():
        cited = sorted((works[row.work] for row in group), key=lambda shown: shown.number)
        yield ShownCitation(intent, text, tuple(cited), index.linked(group[0].iri, "").anchor)


def _eligibility(
    criteria: Iterable[article_rows.Criterion], index: EvidenceIndex, language: Language
) -> Iterable[CriterionGroup]:
    """The conditions by kind, in the page's language where the text has them in it; none of a kind, no group."""
    ordered = sorted(criteria, key=lambda row: (index.place(row.iri), row.iri))
    for name in ("inclusion", "exclusion"):
        kind = by_name("articles", name).iri
        of_kind = [row for row in ordered if row.kind == kind]
        own = [row for row in of_kind if row.text.language == language] or of_kind
        once = {row.text.text.casefold(): row for row in reversed(own)}
        if once:
            yield CriterionGroup(kind, tuple(_criterion(row, index) for row in reversed(once.values())))


def _criterion(row: article_rows.Criterion, index: EvidenceIndex) -> ShownCriterion:
    limits = tuple(ShownLimit(limit.measure, _range(limit), limit.unit) for limit in row.limits)
    return ShownCriterion(row.text, limits, index.linked(row.iri, "", "value").anchor)


def _range(limit: article_rows.Limit) -> str:
    low, high = limit.low and printed(limit.low), limit.high and printed(limit.high)
    if low and high:
        return f"{low}\u2013{high}"
    return f"\u2265 {low}" if low else f"\u2264 {high}"
