"""Learns which outcomes values are of, which endpoints are of the trial and which are one, from gold facts and C-TrO.

    python -m kg.evaluation.endpoint_training MODELS SHARED [FOLDER ...]

MODELS is the folder for attachment.json and endpoints.json. SHARED holds gold/ and corpora/ctro: only the documents
used while building are taken from gold/dev, only the training part of the corpus. Each further FOLDER is a plain
folder of gold documents, and taken whole; those that list endpoints alone teach only what is asked of endpoints.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

from extractors.placement import Scores, endpoint_chain
from kg.evaluation.attachment_examples import of_gold, of_linked
from kg.evaluation.endpoint_questions import Answer, answers
from kg.evaluation.gold import GoldDocument, parts
from kg.evaluation.placement_training import learned, matrix_of

# How strongly weights are held near zero, how often a feature must be seen, how long is learned, what is not kept.
_CHAIN_RIDGE, _RIDGE, _SEEN, _ROUNDS, _LEAST = 2.0, 2.0, 3, 80, 0.01
_PARTS = ("building", "record")


def documents(shared: Path, further: Sequence[Path]) -> Iterator[GoldDocument]:
    """The gold documents to learn from."""
    for part in parts(shared / "gold"):
        if part.name in _PARTS:
            yield from part.documents
    for folder in further:
        for part in parts(folder):
            yield from part.documents


def regressed(found: Sequence[Answer]) -> dict[str, float]:
    """The weight of each feature by logistic regression, with a normal prior around zero."""
    seen = Counter(feature for answer in found for feature in answer.features)
    names = sorted(name for name, count in seen.items() if count >= _SEEN)
    table = matrix_of([answer.features for answer in found], {name: place for place, name in enumerate(names)})
    right = np.array([float(answer.yes) for answer in found])

    def loss(weights: Scores) -> tuple[float, Scores]:
        scores = table @ weights
        unlikely = float((np.logaddexp(0, scores) - right * scores).sum() + _RIDGE / 2 * weights @ weights)
        return unlikely, table.T @ (1 / (1 + np.exp(-scores)) - right) + _RIDGE * weights

    best = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B", options={"maxiter": _ROUNDS})
    return kept(dict(zip(names, best.x, strict=True)))


def kept(weights: Mapping[str, float]) -> dict[str, float]:
    """The weights that weigh anything, with three decimals."""
    return {name: round(float(weight), 3) for name, weight in weights.items() if abs(weight) >= _LEAST}


def main() -> None:
    """Read the sources, learn, write the weights."""
    models, shared, *further = map(Path, sys.argv[1:])
    gold = list(documents(shared, further))
    valued = [item for item in gold if item.facts["results"]]
    examples = [*of_gold(valued), *of_linked(shared / "corpora" / "ctro")]
    _write(models / "attachment.json", learned(examples, ridge=_CHAIN_RIDGE))
    endpoint_chain.cache_clear()  # (the endpoints are to be read as the new chain gives them)
    asked: dict[str, list[Answer]] = {"kept": [], "same": []}
    for question, answer in answers(gold):
        asked[question].append(answer)
    _write(models / "endpoints.json", {question: regressed(found) for question, found in asked.items()})
    sys.stderr.write(f"{len(gold)} texts, {len(examples)} sentences with values, {len(asked['kept'])} endpoints\n")


def _write(target: Path, weights: Mapping[str, object]) -> None:
    target.write_text(json.dumps(weights, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
