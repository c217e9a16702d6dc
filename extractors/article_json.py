"""What a whole article says beside its results, as plain JSON in the form of the gold facts of articles."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

from extractors.article_findings import (
    ArticleFindings,
    Citation,
    CitedWork,
    Criterion,
    FlowCount,
    PlanFact,
    Quotation,
    Regimen,
)
from extractors.findings import Evidence, Number

_OF_ARMS = ("allocated", "received", "lost", "analysed")
ToJson = Callable[[Iterable[Evidence]], list[dict[str, Any]]]


def article_parts(article: ArticleFindings | None, arms: Mapping[str, str], evidence: ToJson) -> dict[str, Any]:
    """The keys to add to the object of an article, none for a record.

    ``arms`` gives the local id of each arm's key, ``evidence`` turns evidence into objects.
    """
    if article is None:
        return {}
    return {
        "eligibility": _eligibility(article.criteria, evidence),
        "flow": _flow(article.flow, arms, evidence),
        "references": len(article.works),
        "works": [_work(one, evidence) for one in article.works],
        "citations": _citations(article.citations, article.works, evidence),
        "quotations": [_quotation(one, evidence) for one in article.quotations],
        "regimens": [_regimen(one, arms, evidence) for one in article.regimens],
        "plan": [_plan_fact(one, evidence) for one in article.plan],
    }


def _eligibility(criteria: Iterable[Criterion], evidence: ToJson) -> dict[str, Any]:
    kept: dict[str, list[str]] = {"inclusion": [], "exclusion": []}
    details = []
    for one in criteria:
        kept[one.kind].append(one.text)
        limits = [
            {"measure": x.measure, "low": _number(x.low), "high": _number(x.high), "unit": x.unit} for x in one.limits
        ]
        details.append({"kind": one.kind, "text": one.text, "limits": limits, "evidence": evidence(one.evidence)})
    return {**kept, "criteria": details}


def _flow(counts: Iterable[FlowCount], arms: Mapping[str, str], evidence: ToJson) -> dict[str, Any]:
    """The numbers over all arms by stage, those of each arm under its id, and the evidence of each."""
    whole: dict[str, Any] = dict.fromkeys(("screened", "excluded", "enrolled", "randomised"))
    of_arms: dict[str, dict[str, Any]] = {}
    sources = []
    for count in counts:
        arm = None if count.arm is None else arms[count.arm]
        place = whole if arm is None else of_arms.setdefault(arm, dict.fromkeys(_OF_ARMS))
        place[count.stage] = _number(count.number)
        sources.append({"stage": count.stage, "arm": arm, "evidence": evidence(count.evidence)})
    return {**whole, "arms": of_arms, "evidence": sources}


def _work(one: CitedWork, evidence: ToJson) -> dict[str, Any]:
    return {
        "number": one.number,
        "text": one.text,
        "authors": list(one.authors),
        "title": one.title,
        "journal": one.journal,
        "year": one.year,
        "doi": one.doi,
        "pmid": one.pmid,
        "evidence": evidence(one.evidence),
    }


def _citations(found: Iterable[Citation], works: Iterable[CitedWork], evidence: ToJson) -> list[dict[str, Any]]:
    numbers = {work.key: work.number for work in works}
    return [
        {"reference": numbers[one.work], "intent": one.intent, "text": one.text, "evidence": evidence(one.evidence)}
        for one in found
    ]


def _quotation(one: Quotation, evidence: ToJson) -> dict[str, Any]:
    return {
        "matter": one.matter,
        "text": one.text,
        "identifiers": list(one.identifiers),
        "evidence": evidence(one.evidence),
    }


def _regimen(one: Regimen, arms: Mapping[str, str], evidence: ToJson) -> dict[str, Any]:
    doses = [
        {
            "drug": dose.drug.text,
            "concept": dose.drug.concept,
            "dose": _number(dose.amount),
            "upper": _number(dose.upper),
            "unit": dose.unit,
            "route": dose.route,
            "schedule": dose.schedule,
        }
        for dose in one.doses
    ]
    cycle = None if one.cycle is None else {"value": _number(one.cycle), "unit": one.cycle_unit}
    arm = None if one.arm is None else arms[one.arm]
    return {"arm": arm, "doses": doses, "cycle": cycle, "evidence": evidence(one.evidence)}


def _plan_fact(one: PlanFact, evidence: ToJson) -> dict[str, Any]:
    return {
        "aspect": one.aspect,
        "text": one.text,
        "value": _number(one.number),
        "unit": one.unit,
        "evidence": evidence(one.evidence),
    }


def _number(number: Number | None) -> int | float | None:
    if number is None:
        return None
    value: Decimal = number.value
    return int(value) if value == value.to_integral_value() else float(value)
