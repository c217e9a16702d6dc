"""The likeliest labels of numbers in a row: a chain of weighed features, learned from abstracts with linked numbers.

A linear-chain conditional random field (Lafferty, McCallum and Pereira 2001): each label of a number scores the weights
of its features, each pair of neighbouring labels those of the step between them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import fsum
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Label = int | str
Scores = NDArray[np.float64]


class Sequenced(Protocol):
    """What the chain is asked about: numbers in order, the labels that each may have, and what speaks for them."""

    labels: list[Label]

    def __len__(self) -> int: ...

    def own(self, place: int, label: Label) -> Iterable[str]:
        """The features of a label at a place."""

    def step(self, place: int) -> Iterable[str]:
        """The features of the step to a place from the one before it."""

    def relation(self, first: Label, second: Label) -> str:
        """How two labels in a row stand to each other."""


def relation(first: Label, second: Label) -> str:
    """How two labels in a row stand to each other: the same arm, another one, or which of them is no arm."""
    if isinstance(first, int) and isinstance(second, int):
        return "same" if first == second else "other"
    return f"{'arm' if isinstance(first, int) else first} {'arm' if isinstance(second, int) else second}"


def of_step(feature: str, kind: str) -> str:
    """The name under which the weight of a step's feature for a relation of two labels is kept."""
    return f"step {kind} {feature}"


def relations(sequence: Sequenced) -> list[list[str]]:
    """How each label stands to each as the one before it: a row for the first of the two, a column for the second."""
    return [[sequence.relation(first, second) for second in sequence.labels] for first in sequence.labels]


@dataclass(frozen=True, slots=True)
class Chain:
    """The weights of the features, by name; what is not known weighs nothing."""

    weights: Mapping[str, float]

    def shares(self, sequence: Sequenced) -> list[dict[Label, float]]:
        """For each number the probability of each of its labels."""
        if not len(sequence):
            return []
        _, single, _ = forward_backward(*self._scores(sequence))
        return [dict(zip(sequence.labels, map(float, row), strict=True)) for row in single]

    def likeliest(self, sequence: Sequenced) -> list[tuple[Label, float]]:
        """For each number its label on the likeliest path, and the probability of that label, from 0 to 1."""
        if not len(sequence):
            return []
        own, steps = self._scores(sequence)
        best, back = own[0], []
        for place in range(1, len(own)):
            ways = best[:, None] + steps[place]
            back.append(ways.argmax(axis=0))
            best = ways.max(axis=0) + own[place]
        path = [int(best.argmax())]
        for step in reversed(back):
            path.append(int(step[path[-1]]))
        path.reverse()
        _, shares, _ = forward_backward(own, steps)
        return [(sequence.labels[label], float(shares[place][label])) for place, label in enumerate(path)]

    def _scores(self, sequence: Sequenced) -> tuple[Scores, list[Scores]]:
        weigh = self.weights.get
        own = np.array(
            [
                [fsum(weigh(feature, 0.0) for feature in set(sequence.own(place, label))) for label in sequence.labels]
                for place in range(len(sequence))
            ]
        )
        kinds = relations(sequence) if len(sequence) > 1 else []
        steps = [np.zeros((len(sequence.labels),) * 2)]
        for place in range(1, len(sequence)):
            features = set(sequence.step(place))
            told = {
                kind: fsum(weigh(of_step(feature, kind), 0.0) for feature in features)
                for kind in {kind for row in kinds for kind in row}
            }
            steps.append(np.array([[told[kind] for kind in row] for row in kinds]))
        return own, steps


def forward_backward(own: Scores, steps: Sequence[Scores]) -> tuple[float, list[Scores], list[Scores]]:
    """The log of the summed scores of all paths, each label's probability at each place, and each pair's at each step.

    ``own`` has a row for each place and a column for each label; ``steps`` a square for each place, of which the first
    is not looked at; the pairs begin with the second place.
    """
    forward, backward = [own[0]], [np.zeros(own.shape[1])]
    for place in range(1, len(own)):
        forward.append(_log_sum(forward[-1][:, None] + steps[place], 0) + own[place])
    for place in range(len(own) - 1, 0, -1):
        backward.append(_log_sum(steps[place] + (own[place] + backward[-1])[None, :], 1))
    backward.reverse()
    whole = _log_sum(forward[-1], 0)
    single = [np.exp(one + other - whole) for one, other in zip(forward, backward, strict=True)]
    pairs = [
        np.exp(forward[place - 1][:, None] + steps[place] + (own[place] + backward[place])[None, :] - whole)
        for place in range(1, len(own))
    ]
    return float(whole), single, pairs


def _log_sum(scores: Scores, axis: int) -> Scores:
    largest = scores.max(axis=axis, keepdims=True)
    summed: Scores = (largest + np.log(np.exp(scores - largest).sum(axis=axis, keepdims=True))).squeeze(axis)
    return summed


@cache
def arm_chain() -> Chain:
    """The shipped chain that places numbers in arms."""
    return _shipped("placement")


@cache
def endpoint_chain() -> Chain:
    """The shipped chain that tells which outcome values are of."""
    return _shipped("attachment")


def _shipped(name: str) -> Chain:
    return Chain(json.loads(files("extractors").joinpath(f"models/{name}.json").read_text("utf-8")))
