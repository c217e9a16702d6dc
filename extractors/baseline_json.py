"""Baseline values as plain JSON: one object for each row of the table, with the values of the arms in it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from extractors.findings import BaselineValue, Facts, Number

_STATISTICS = {
    ("mean", "SD"): "mean (SD)",
    ("mean", "SE"): "mean (SE)",
    ("mean", "unstated \u00b1"): "mean \u00b1",
    ("median", "IQR"): "median (IQR)",
    ("median", "range"): "median (range)",
}


def baseline_rows(facts: Facts, arms: Mapping[str, str]) -> list[dict[str, Any]]:
    """The rows in order; ``arms`` gives the local id of each arm's key, others by their printed names."""
    rows: dict[tuple[str, str | None, str, int], dict[str, Any]] = {}
    for value in facts.baseline:
        level = value.level.text if value.level else None
        statistic = _statistic(value)
        start = min((item.start for item in value.evidence if item.supports == "text"), default=0)
        row = rows.setdefault(
            (value.characteristic.text, level, statistic, start),
            {
                "characteristic": value.characteristic.text,
                "level": level,
                "statistic": statistic,
                "unit": None if value.measure in ("proportion", "count") else value.unit,
                "values": {},
                "evidence": {"start": start, "quote": next(i.quote for i in value.evidence if i.supports == "text")},
            },
        )
        group = arms[value.arm] if value.arm else value.group.text if value.group else "all"
        row["values"][group] = _numbers(value)
    return list(rows.values())


def _statistic(value: BaselineValue) -> str:
    if value.measure in ("proportion", "count"):
        return "n (%)" if value.events is not None else "%" if value.measure == "proportion" else "n"
    return _STATISTICS.get((value.measure, value.dispersion.kind if value.dispersion else ""), value.measure)


def _numbers(value: BaselineValue) -> dict[str, int | float]:
    if value.measure in ("proportion", "count"):
        count = value.events if value.measure == "proportion" else value.value
        found = {"n": count, "percent": value.value if value.measure == "proportion" else None}
    else:
        spread = value.dispersion
        name = "se" if spread and spread.kind == "SE" else "sd"
        found = {"value": value.value, name: spread.value if spread else None}
        found |= {"low": spread.low if spread else None, "high": spread.high if spread else None}
    return {key: _plain(number) for key, number in found.items() if number is not None}


def _plain(number: Number) -> int | float:
    value: Decimal = number.value
    return int(value) if value == value.to_integral_value() else float(value)
