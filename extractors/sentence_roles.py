"""What part of an abstract each sentence plays, told by a linear model over its words and by the order of parts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import BytesIO
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

ROLES = ("background", "objective", "methods", "results", "conclusion")
BUCKETS = 1 << 16
_WORD = re.compile(r"\d+(?:[.,\u00b7]\d+)*|[^\W\d_]+|[%=<>\u00b1]")


@dataclass(frozen=True, slots=True)
class RoleModel:
    """Weights (buckets x roles) and the log probability of each role after each other (from x to, start last)."""

    weights: NDArray[np.float32]
    transitions: NDArray[np.float32]

    def probabilities(self, sentences: Sequence[str]) -> NDArray[np.float64]:
        """The probability of each role for each sentence of one abstract, by its words alone: (sentences, roles)."""
        scores = np.stack([self.weights[buckets].sum(axis=0) for buckets in abstract_buckets(sentences)])
        grown = np.exp(scores - scores.max(axis=1, keepdims=True)).astype(np.float64)
        shares: NDArray[np.float64] = grown / grown.sum(axis=1, keepdims=True)
        return shares

    def roles(self, sentences: Sequence[str]) -> list[tuple[str, float]]:
        """The likeliest sequence of roles for the sentences of one abstract, each with its probability by words."""
        if not sentences:
            return []
        shares = self.probabilities(sentences)
        best = self.transitions[-1] + np.log(shares[0])
        back = np.zeros(shares.shape, np.int64)
        for place in range(1, len(shares)):
            ways = best[:, None] + self.transitions[:-1]
            back[place] = ways.argmax(axis=0)
            best = ways.max(axis=0) + np.log(shares[place])
        path = [int(best.argmax())]
        for place in range(len(shares) - 1, 0, -1):
            path.append(int(back[place, path[-1]]))
        return [(ROLES[role], float(shares[place, role])) for place, role in enumerate(path[::-1])]


def abstract_buckets(sentences: Sequence[str]) -> list[NDArray[np.int64]]:
    """For each sentence the numbers of its features: words, pairs of words, neighbours' words, its place."""
    words = [["#" if word[0].isdigit() else word.casefold() for word in _WORD.findall(text)] for text in sentences]
    rows = []
    for place in range(len(words)):
        features = {*_features(words, place)}
        rows.append(np.array(sorted({crc32(feature.encode()) % BUCKETS for feature in features}), np.int64))
    return rows


def _features(words: Sequence[Sequence[str]], place: int) -> Iterator[str]:
    own = words[place]
    decile = 10 * place // len(words)
    yield "bias"
    yield f"at {decile}"
    yield f"from end {min(len(words) - place, 4)}"
    yield f"from start {min(place, 4)}"
    yield from own
    yield from (f"{one} {two}" for one, two in zip(["^", *own], [*own, "$"], strict=True))
    yield from (f"opens {word} {decile // 2}" for word in own[:2])
    if place:
        yield from (f"before {word}" for word in words[place - 1])
    if place + 1 < len(words):
        yield from (f"after {word}" for word in words[place + 1])


@cache
def role_model() -> RoleModel:
    """The shipped model, loaded once."""
    stored = np.load(BytesIO(files("extractors").joinpath("models/roles.npz").read_bytes()))
    return RoleModel(stored["weights"].astype(np.float32), stored["transitions"].astype(np.float32))
