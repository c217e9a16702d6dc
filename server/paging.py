"""Cuts a long list of trials into pages."""

from __future__ import annotations

from dataclasses import dataclass

TRIALS_ON_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class Part:
    """Page ``number`` of ``last`` pages of a list of ``found`` entries: those from ``first`` on, before ``end``."""

    found: int
    number: int
    last: int
    first: int
    end: int


def part_of(found: int, number: int) -> Part:
    """The page with that number, kept within the pages that there are."""
    last = max(1, -(-found // TRIALS_ON_A_PAGE))
    number = min(max(number, 1), last)
    first = (number - 1) * TRIALS_ON_A_PAGE
    return Part(found, number, last, first, min(found, first + TRIALS_ON_A_PAGE))
