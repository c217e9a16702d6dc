"""What a whole article says beside its results, as plain JSON in the form of the gold facts of articles."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

from extractors.article_findings import ArticleFindings, Criterion
from extractors.findings import Evidence, Number

ToJson = Callable[[Iterable[Evidence]], list[dict[str, Any]]]


def article_parts(article: ArticleFindings | None, arms: Mapping[str, str], evidence: ToJson) -> dict[str, Any]:
    """The keys to add to the object of an article, none for a record.

    ``arms`` gives the local id of each arm's key, ``evidence`` turns evidence into objects.
    """
    if article is None:
        return {}
    return {"eligibility": _eligibility(article.criteria, evidence)}


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


def _number(number: Number | None) -> int | float | None:
    if number is None:
        return None
    value: Decimal = number.value
    return int(value) if value == value.to_integral_value() else float(value)
