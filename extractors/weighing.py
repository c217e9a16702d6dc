"""How likely something is by the weights of what speaks for it: logistic regression, learned beforehand."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import exp, fsum


@dataclass(frozen=True, slots=True)
class Weighing:
    """The weights of the features, by name; what is not known weighs nothing."""

    weights: Mapping[str, float]

    def probability(self, features: Iterable[str]) -> float:
        """The probability, from 0 to 1, of what has the features; each of them counts once, in any order."""
        return 1 / (1 + exp(-fsum(self.weights.get(feature, 0.0) for feature in set(features))))


@cache
def endpoint_weighing(question: str) -> Weighing:
    """The shipped weights of a question about endpoints: "kept" (is it one of the trial) or "same" (are two one)."""
    told = json.loads(files("extractors").joinpath("models/endpoints.json").read_text("utf-8"))
    return Weighing(told[question])
