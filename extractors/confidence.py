"""How sure a finding is: the share of findings read for the same reasons that turned out right.

The shares come from the table ``confidence.json``, which ``make calibrate`` makes from gold facts: for each kind of
finding a logistic model with a weight for each reason.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files

# Kinds of findings that gold facts say nothing of, such as the conclusion, which is quoted whole.
_NOT_MEASURED = Decimal("0.90")
_SUREST = 0.99


@dataclass(frozen=True, slots=True)
class Assessment:
    """The probability that a finding is right, and the reasons that it follows from."""

    confidence: Decimal
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Model:
    """The log odds that a finding of a kind is right: a base and what each reason adds to it."""

    base: float
    weights: Mapping[str, float]

    def probability(self, reasons: Iterable[str]) -> float:
        """Between 0 and 1; reasons that the model does not know add nothing."""
        odds = self.base + sum(self.weights.get(reason, 0.0) for reason in reasons)
        return 1 / (1 + math.exp(-odds))


@cache
def models() -> Mapping[str, Model]:
    """The calibrated model of each kind of finding."""
    data = json.loads(files("extractors").joinpath("confidence.json").read_text("utf-8"))
    return {kind: Model(entry["base"], entry["weights"]) for kind, entry in data.items()}


def assessed(kind: str, reasons: Iterable[str]) -> Assessment:
    """The assessment of a finding of the kind; with two decimals, and never quite certain."""
    kept = tuple(reasons)
    model = models().get(kind)
    if model is None:
        return Assessment(_NOT_MEASURED, kept)
    bounded = min(max(model.probability(kept), 1 - _SUREST), _SUREST)
    return Assessment(Decimal(f"{bounded:.2f}"), kept)
