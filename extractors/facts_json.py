"""Findings as plain JSON in the form of the gold facts, with the evidence of each of them added."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from extractors.article_json import article_parts
from extractors.baseline_json import baseline_rows
from extractors.documents import Document
from extractors.findings import (
    ArmResult,
    Contrast,
    Dispersion,
    Evidence,
    Facts,
    Interval,
    Name,
    Number,
    PValue,
    Statement,
)
from extractors.selection import confidence_of

_DESIGN = ("allocation", "masking", "phase", "structure", "framework", "centres", "ratio")


def to_gold(document: Document, facts: Facts) -> dict[str, Any]:
    """One JSON object for the facts of one language; ids are local to it ("a1", "e1", "r1")."""
    arms = {arm.key: f"a{place}" for place, arm in enumerate(facts.arms, 1)}
    endpoints = {endpoint.key: f"e{place}" for place, endpoint in enumerate(facts.endpoints, 1)}
    results = [
        *(_contrast(item, arms, endpoints) for item in facts.contrasts),
        *(_arm_result(item, arms, endpoints) for item in facts.arm_results),
        *(_statement(item, arms, endpoints) for item in facts.statements),
    ]
    results.sort(key=lambda result: min(item["start"] for item in result["evidence"] if item["supports"] == "text"))
    counts = {count.kind: _number(count.number) for count in facts.population.counts}
    return {
        "source": document.source,
        "document": document.id,
        "language": facts.languages[0],
        "registrations": [r.identifier for r in facts.registrations if r.role == "own"],
        "mentioned_registrations": [r.identifier for r in facts.registrations if r.role == "mentioned"],
        "registration_evidence": {r.identifier: _evidence(r.evidence) for r in facts.registrations},
        "design": _design(facts),
        "population": {
            "condition": [name.text for name in facts.population.conditions],
            **{kind: counts.get(kind) for kind in ("enrolled", "randomised", "analysed")},
            "evidence": _evidence(facts.population.evidence),
            "count_evidence": {count.kind: _evidence(count.evidence) for count in facts.population.counts},
        },
        "arms": [
            {
                "id": arms[arm.key],
                "role": arm.role,
                "names": [name.text for name in arm.names],
                "n": _number(arm.size),
                "confidence": _confidence(arm.evidence),
                "evidence": _evidence(arm.evidence),
            }
            for arm in facts.arms
        ],
        "endpoints": [
            {
                "id": endpoints[endpoint.key],
                "role": endpoint.role,
                "names": [name.text for name in endpoint.names],
                "concept": endpoint.names[0].concept,
                "confidence": _confidence(endpoint.evidence),
                "evidence": _evidence(endpoint.evidence),
            }
            for endpoint in facts.endpoints
        ],
        "results": [{"id": f"r{place}", **result} for place, result in enumerate(results, 1)],
        "baseline": baseline_rows(facts, arms),
        "conclusions": [
            {"text": item.text, "language": item.language, "evidence": _evidence(item.evidence)}
            for item in facts.conclusions
        ],
        **article_parts(facts.article, arms, _evidence),
    }


def _design(facts: Facts) -> dict[str, Any]:
    values: dict[str, Any] = dict.fromkeys(_DESIGN)
    single = [fact for fact in facts.design if fact.aspect != "country"]
    countries = [fact for fact in facts.design if fact.aspect == "country"]
    for fact in single:
        values[fact.aspect] = int(fact.value) if fact.aspect == "centres" else fact.value
    values["countries"] = [fact.value for fact in countries]
    values["evidence"] = {fact.aspect: _evidence(fact.evidence) for fact in single}
    values["country_evidence"] = {fact.value: _evidence(fact.evidence) for fact in countries}
    return values


def _contrast(item: Contrast, arms: dict[str, str], endpoints: dict[str, str]) -> dict[str, Any]:
    return {
        "kind": "contrast",
        "endpoint": endpoints[item.endpoint],
        "measure": item.measure,
        "value": _number(item.value),
        **_interval(item.interval),
        "p": _p(item.p),
        "arms": [arms[arm] for arm in item.arms or ()],
        "unit": item.unit,
        "timepoint": _phrase(item.context.time_point),
        "subgroup": _phrase(item.context.subgroup),
        "significant": item.significant,
        "adjusted": item.context.adjusted,
        "confidence": _confidence(item.evidence),
        "evidence": _evidence(item.evidence),
    }


def _arm_result(item: ArmResult, arms: dict[str, str], endpoints: dict[str, str]) -> dict[str, Any]:
    return {
        "kind": "arm",
        "endpoint": endpoints[item.endpoint],
        "measure": item.measure,
        "value": _number(item.value),
        **_interval(item.interval),
        "arm": arms[item.arm] if item.arm else None,
        "events": _number(item.events),
        "n": _number(item.n),
        "dispersion": _dispersion(item.dispersion),
        "unit": item.unit,
        "timepoint": _phrase(item.context.time_point),
        "subgroup": _phrase(item.context.subgroup),
        "confidence": _confidence(item.evidence),
        "evidence": _evidence(item.evidence),
    }


def _statement(item: Statement, arms: dict[str, str], endpoints: dict[str, str]) -> dict[str, Any]:
    return {
        "kind": "statement",
        "endpoint": endpoints[item.endpoint],
        "arms": [arms[arm] for arm in item.arms or ()],
        "direction": item.direction,
        "p": _p(item.p),
        "timepoint": _phrase(item.context.time_point),
        "subgroup": _phrase(item.context.subgroup),
        "confidence": _confidence(item.evidence),
        "evidence": _evidence(item.evidence),
    }


def _plain(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def _number(number: Number | None) -> int | float | None:
    return None if number is None else _plain(number.value)


def _interval(interval: Interval | None) -> dict[str, Any]:
    if interval is None:
        return {"ci": None, "ci_level": None}
    return {"ci": [_number(interval.low), _number(interval.high)], "ci_level": _number(interval.level)}


def _p(p: PValue | None) -> dict[str, Any] | None:
    return None if p is None else {"op": p.operator, "value": _number(p.value), "sides": p.sides}


def _dispersion(spread: Dispersion | None) -> dict[str, Any] | None:
    if spread is None:
        return None
    if spread.value is not None:
        return {"kind": spread.kind, "value": _number(spread.value)}
    return {"kind": spread.kind, "low": _number(spread.low), "high": _number(spread.high)}


def _phrase(names: tuple[Name, ...]) -> str | None:
    return " / ".join(name.text for name in names) or None


def _confidence(items: Iterable[Evidence]) -> float:
    return float(confidence_of(items))


def _evidence(items: Iterable[Evidence]) -> list[dict[str, Any]]:
    return [
        {
            **({} if item.table is None else {"table": item.table, "row": item.row, "column": item.column}),
            "section": item.section,
            "start": item.start,
            "end": item.end,
            "quote": item.quote,
            "supports": item.supports,
            "component": item.component,
            "version": item.version,
            "confidence": float(item.confidence),
            "reasons": list(item.reasons),
        }
        for item in items
    ]
