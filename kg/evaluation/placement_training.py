"""Learns which arm numbers belong to, from gold facts and from the corpora C-TrO and PICO-Corpus.

    python -m kg.evaluation.placement_training MODEL SHARED [FOLDER ...]

SHARED holds gold/ and corpora/ctro and corpora/pico: only the documents used while building are taken from gold/dev,
only the training parts of the corpora, and of PICO-Corpus nothing that is in gold/dev. Each further FOLDER is a plain
folder of gold documents, and taken whole. Takes about five minutes on one core.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from extractors.placement import Scores, forward_backward, of_step
from kg.evaluation.gold import parts
from kg.evaluation.placement_examples import Example, of_gold, of_linked, of_marked

# How strongly weights are held near zero, how often a feature must be seen, how long is learned, what is not kept.
_RIDGE, _SEEN, _ROUNDS, _LEAST = 3.0, 4, 60, 0.01
_IMPOSSIBLE = -1e9
_PARTS = ("building", "record")


def examples(shared: Path, further: Sequence[Path]) -> Iterator[Example]:
    """All examples of the sources."""
    found = {part.name: part for part in parts(shared / "gold")}
    for name in _PARTS:
        yield from of_gold(found[name].documents)
    for folder in further:
        for part in parts(folder):
            yield from of_gold(part.documents)
    yield from of_linked(shared / "corpora" / "ctro")
    known = frozenset(document.name for document in found["all"].documents)
    yield from of_marked(shared / "corpora" / "pico" / "train", known)


def learned(found: Sequence[Example], *, ridge: float = _RIDGE, seen: int = _SEEN) -> dict[str, float]:
    """The weight of each feature: the likeliest ones for the right labels, with a normal prior around zero."""
    task = Task(found, ridge, seen)
    best = minimize(task.loss, np.zeros(len(task.names)), jac=True, method="L-BFGS-B", options={"maxiter": _ROUNDS})
    pairs = zip(task.names, best.x, strict=True)
    return {name: round(float(weight), 3) for name, weight in pairs if abs(weight) >= _LEAST}


class Task:
    """The examples laid out as matrices: a row for each label of each number and for each relation of each step."""

    def __init__(self, found: Sequence[Example], ridge: float = _RIDGE, least: int = _SEEN) -> None:
        self.found = list(found)
        self.ridge = ridge
        seen = Counter(feature for example in found for row in (*_own(example), *_steps(example)) for feature in row)
        self.names = sorted(name for name, count in seen.items() if count >= least)
        places = {name: place for place, name in enumerate(self.names)}
        self.own = matrix_of([row for example in found for row in _own(example)], places)
        self.steps = matrix_of([row for example in found for row in _steps(example)], places)

    def loss(self, weights: Scores) -> tuple[float, Scores]:
        """How unlikely the right labels are under the weights, and its gradient."""
        own, steps = self.own @ weights, self.steps @ weights
        own_slope, steps_slope = np.zeros_like(own), np.zeros_like(steps)
        loss = 0.5 * self.ridge * float(weights @ weights)
        at = step_at = 0
        for example in self.found:
            table, names = _relations(example)
            length, labels, kinds = len(example.own), len(example.labels), len(names)
            rows = slice(at, at + length * labels)
            step_rows = slice(step_at, step_at + (length - 1) * kinds)
            scores = own[rows].reshape(length, labels)
            told = [table, *(row[table] for row in steps[step_rows].reshape(length - 1, kinds))]
            whole, share, pairs = forward_backward(scores, told)
            right, right_share, right_pairs = forward_backward(scores + _impossible(example), told)
            loss += whole - right
            own_slope[rows] = (np.array(share) - np.array(right_share)).ravel()
            apart = [(one - other).ravel() for one, other in zip(pairs, right_pairs, strict=True)]
            if apart:
                counted = [np.bincount(table.ravel(), row, minlength=kinds) for row in apart]
                steps_slope[step_rows] = np.concatenate(counted)
            at, step_at = rows.stop, step_rows.stop
        return loss, self.ridge * weights + self.own.T @ own_slope + self.steps.T @ steps_slope


def _own(example: Example) -> Iterator[frozenset[str]]:
    for place in example.own:
        yield from place


def _steps(example: Example) -> Iterator[list[str]]:
    _, kinds = _relations(example)
    for features in example.steps[1:]:
        for kind in kinds:
            yield [of_step(feature, kind) for feature in features]


def _relations(example: Example) -> tuple[NDArray[np.int64], list[str]]:
    """Which of the relations of its labels each pair of them has, and the names of these relations."""
    names = sorted({kind for row in example.relations for kind in row})
    return np.array([[names.index(kind) for kind in row] for row in example.relations]), names


def _impossible(example: Example) -> Scores:
    return np.array([[0.0 if label in right else _IMPOSSIBLE for label in example.labels] for right in example.right])


def matrix_of(rows: Sequence[Sequence[str] | frozenset[str]], places: dict[str, int]) -> csr_matrix:
    """A row for each set of features with a one in the column of each feature that has a place."""
    cells = [(row, places[name]) for row, features in enumerate(rows) for name in features if name in places]
    at, columns = ([cell[0] for cell in cells], [cell[1] for cell in cells])
    return csr_matrix((np.ones(len(cells)), (at, columns)), shape=(len(rows), len(places)))


def main() -> None:
    """Read the sources, learn, write the weights."""
    target, shared, *further = map(Path, sys.argv[1:])
    found = list(examples(shared, further))
    weights = learned(found)
    target.write_text(json.dumps(weights, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
    documents = len({example.document for example in found})
    sys.stderr.write(f"{target}: {len(weights)} weights from {len(found)} sentences of {documents} documents\n")


if __name__ == "__main__":
    main()
