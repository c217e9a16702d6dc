"""Makes the table of how sure findings are from gold facts.

    python -m kg.evaluation.calibration TABLE GOLD [FOLDER ...]

GOLD is the folder that holds dev/: only the documents used while building are taken, never those set aside. Each
further FOLDER is a plain folder of gold documents, and taken whole.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from extractors.confidence import Model
from kg.evaluation.evaluation import evaluate
from kg.evaluation.samples import Sample, samples

FOLDS = 10
# How strongly weights may be held near zero; what predicts unseen documents best is taken, for each kind.
RIDGES = (2.0, 4.0, 8.0, 16.0, 64.0)
_STEPS = 20

Matrix = NDArray[np.float64]
Rows = NDArray[np.bool_]


def fitted(found: Sequence[Sample]) -> dict[str, Model]:
    """For each kind of finding the logistic model of being right, given the reasons."""
    return {kind: design.model(design.everything(), design.ridge()) for kind, design in designs(found).items()}


def cross_validated(found: Sequence[Sample]) -> list[tuple[Sample, float]]:
    """Each finding with the probability given by a model that has seen no finding of its document."""
    return [pair for design in designs(found).values() for pair in design.left_out(design.ridge())]


def designs(found: Sequence[Sample]) -> dict[str, Design]:
    """The findings by kind, laid out for regression."""
    kinds = sorted({sample.kind for sample in found})
    return {kind: Design([sample for sample in found if sample.kind == kind]) for kind in kinds}


class Design:
    """The findings of one kind as a matrix: a column for the base and one for each reason."""

    def __init__(self, found: Sequence[Sample]) -> None:
        self.samples = list(found)
        self.names = sorted({reason for sample in found for reason in sample.reasons})
        self.matrix = np.array([[1.0, *(float(name in sample.reasons) for name in self.names)] for sample in found])
        self.right = np.array([float(sample.right) for sample in found])
        # Findings of one document are right and wrong together: many of them count for less than as many documents.
        counted = Counter(sample.document for sample in found)
        self.counts = np.array([counted[sample.document] ** -0.5 for sample in found])
        documents = sorted(counted, key=lambda name: hashlib.sha256(name.encode()).digest())
        place = {name: position % FOLDS for position, name in enumerate(documents)}
        self.folds = np.array([place[sample.document] for sample in found])

    def everything(self) -> Rows:
        """All findings."""
        return np.full(len(self.samples), True)

    def ridge(self) -> float:
        """How strongly weights are best held near zero: the least squared error (Brier) for documents left out."""
        return min(RIDGES, key=lambda ridge: sum((p - s.right) ** 2 for s, p in self.left_out(ridge)))

    def left_out(self, ridge: float) -> Iterator[tuple[Sample, float]]:
        """Each finding with its probability by the findings of other documents."""
        for fold in sorted(set(self.folds)):
            model = self.model(self.folds != fold, ridge)
            for position in np.flatnonzero(self.folds == fold):
                yield self.samples[position], model.probability(self.samples[position].reasons)

    def model(self, rows: Rows, ridge: float) -> Model:
        """The model that the given findings make."""
        counts = self.counts[rows]
        # However many were right, one right and one wrong finding are added: nothing is certain (Laplace).
        added = np.zeros((2, self.matrix.shape[1]))
        added[:, 0] = 1.0
        base, *weights = _logistic(
            np.vstack([self.matrix[rows], added]),
            np.append(self.right[rows], [1.0, 0.0]),
            np.append(counts * len(counts) / max(counts.sum(), 1e-9), [1.0, 1.0]),
            ridge,
        )
        rounded = {name: round(float(weight), 2) for name, weight in zip(self.names, weights, strict=True)}
        return Model(round(float(base), 2), {name: weight for name, weight in rounded.items() if weight})


def _logistic(matrix: Matrix, right: Matrix, counts: Matrix, ridge: float) -> Matrix:
    # Newton's method for penalised logistic regression; the base, the first column, bears no penalty.
    penalty = np.diag([0.0, *[ridge] * (matrix.shape[1] - 1)])
    weights = np.zeros(matrix.shape[1])
    for _ in range(_STEPS):
        likely = 1 / (1 + np.exp(-matrix @ weights))
        slope = matrix.T @ (counts * (right - likely)) - penalty @ weights
        curve = (matrix.T * (counts * likely * (1 - likely))) @ matrix + penalty
        step = np.linalg.solve(curve, slope)
        weights = weights + step
        if np.abs(step).max() < 1e-8:
            break
    return weights


def table(models: dict[str, Model]) -> str:
    """The models as the JSON of ``extractors/confidence.json``, sorted."""
    data: dict[str, Any] = {kind: {"base": model.base, "weights": model.weights} for kind, model in models.items()}
    return json.dumps(data, indent=1, sort_keys=True) + "\n"


def main() -> None:
    """Write the table from the folders that the arguments name."""
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    target, gold, *further = map(Path, sys.argv[1:])
    found = [
        sample
        for place, folder in enumerate([gold, *further])
        for result in evaluate(folder).results
        if place or result.part.name == "building"
        for sample in samples(result.judged)
    ]
    target.write_text(table(fitted(found)), encoding="utf-8")
    sys.stderr.write(f"{target}: from {len(found)} findings of {len({s.document for s in found})} documents\n")


if __name__ == "__main__":
    main()
