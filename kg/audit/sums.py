"""Sums: parts that must make up a whole."""

from __future__ import annotations

from collections.abc import Sequence

from extractors.findings import Number
from kg.audit.checks import Outcome
from kg.audit.ranges import Range


def parts_of(parts: Sequence[Number], whole: Number) -> Outcome:
    """Whether the parts (arms of those randomised, levels of a characteristic) add up to the whole; counts only."""
    if len(parts) < 2:
        return Outcome("cannot tell")
    total = float(sum(part.value for part in parts))
    return Outcome("consistent" if total == float(whole.value) else "inconsistent", Range(total, total))


def part_of(part: Number, whole: Number) -> Outcome:
    """Whether the part is no greater than the whole: events and the people who could have them."""
    whole_ = float(whole.value)
    return Outcome("consistent" if part.value <= whole.value else "inconsistent", Range(0.0, whole_))
