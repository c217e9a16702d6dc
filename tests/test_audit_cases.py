"""Made cases for every check: true data, rounded as printed, never alarm, and planted errors are found."""

from __future__ import annotations

import os
from random import Random

import pytest

import ontology
from benchmarks.audit_numbers import NUMBERS
from benchmarks.audit_sums import SUMS
from benchmarks.audit_texts import TEXTS

CASES = {**NUMBERS, **SUMS, **TEXTS}
# benchmarks/audit.py makes ten thousand of each; each text is read as a paper is, which takes longer.
NUMBER = int(os.environ.get("AUDIT_CASES", "150"))
FEWER = NUMBER // 5


def number_of(kind: str) -> int:
    return FEWER if kind in TEXTS else NUMBER


def test_every_check_has_its_made_cases() -> None:
    assert set(CASES) == set(ontology.notations("checks", "check-kind"))


@pytest.mark.parametrize("kind", sorted(CASES))
def test_true_data_never_alarm(kind: str) -> None:
    verdicts = [CASES[kind](Random(f"{kind} true {place}"), False) for place in range(number_of(kind))]
    assert "inconsistent" not in verdicts


@pytest.mark.parametrize("kind", sorted(CASES))
def test_planted_errors_are_found(kind: str) -> None:
    verdicts = [CASES[kind](Random(f"{kind} planted {place}"), True) for place in range(number_of(kind))]
    assert verdicts.count("inconsistent") >= 0.95 * len(verdicts)
