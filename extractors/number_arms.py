"""Which of the two arms each marked number belongs to: a chain over the numbers of an abstract.

The encoder sees a number's kind well and its arm badly. Arms follow an order that holds over sentences, and stand near
the arm's name; both are seen better once the numbers and the names are known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

ARMS = ("iv", "cv")
BUCKETS = 1 << 14
# (first word, word after the last, kind)
WordSpan = tuple[int, int, str]
Buckets = NDArray[np.int64]

_PEOPLE = {"intervention-participants": "iv", "control-participants": "cv"}
_NAMES = {"intervention": "iv", "control": "cv"}
_BESIDE = 4
_FAR = 40
_STRETCH = 30


def arm_and_number(kind: str) -> tuple[str, str] | None:
    """The arm, iv or cv, and the sort of number that a kind names together; ``None`` for a kind without an arm."""
    if kind in _PEOPLE:
        return _PEOPLE[kind], "participants"
    arm, _, number = kind.partition("-")
    return (arm, number) if arm in ARMS else None


def kind_of(arm: str, number: str) -> str:
    """The corpus' kind for a number of an arm: the inverse of ``arm_and_number``."""
    return next((kind for kind, of in _PEOPLE.items() if number == "participants" and of == arm), f"{arm}-{number}")


@dataclass(frozen=True, slots=True)
class Number:
    """A number of an arm with the buckets of its own features and of those of the step from the number before it."""

    first: int
    end: int
    arm: str
    sort: str
    features: Buckets
    step: Buckets


@dataclass(frozen=True, slots=True)
class ArmModel:
    """What each feature says for the intervention (buckets), and for each pair of arms in a row (buckets x 4)."""

    single: NDArray[np.float32]
    pairs: NDArray[np.float32]

    def arms(self, numbers: Sequence[Number], leaning: Sequence[float]) -> list[str]:
        """The likeliest arms of the numbers; ``leaning`` is what else speaks for the intervention, as log odds."""
        if not numbers:
            return []
        own = np.zeros((len(numbers), 2))
        own[:, 0] = [self.single[n.features].sum() + odds for n, odds in zip(numbers, leaning, strict=True)]
        best, back = own[0], []
        for place in range(1, len(numbers)):
            ways = best[:, None] + self.pairs[numbers[place].step].sum(axis=0).reshape(2, 2)
            back.append(ways.argmax(axis=0))
            best = ways.max(axis=0) + own[place]
        path = [int(best.argmax())]
        for step in reversed(back):
            path.append(int(step[path[-1]]))
        return [ARMS[arm] for arm in reversed(path)]


def numbers_of(words: Sequence[str], spans: Sequence[WordSpan]) -> list[Number]:
    """The numbers of arms among the spans of a text, with their features; arms' names are taken from the spans too."""
    scene = _Scene(words, spans)
    numbers = []
    for place in range(len(scene.numbers)):
        first, end, arm, sort = scene.numbers[place]
        step = scene.step(place) if place else ()
        numbers.append(Number(first, end, arm, sort, _buckets("own", scene.own(place)), _buckets("step", step)))
    return numbers


def _buckets(group: str, features: Iterator[str] | tuple[()]) -> Buckets:
    return np.array(sorted({crc32(f"{group} {feature}".encode()) % BUCKETS for feature in features}), np.int64)


class _Scene:
    """The words of a text with their sentences, the arm that each names, and the numbers in order."""

    def __init__(self, words: Sequence[str], spans: Sequence[WordSpan]) -> None:
        self.plain = [word.casefold() for word in words]
        self.shown = ["#" if word[0].isdigit() else word for word in self.plain]
        self.sentence = _sentences(words)
        self.numbers = [
            (first, end, *found) for first, end, kind in spans if (found := arm_and_number(kind)) is not None
        ]
        names: dict[str, set[str]] = {arm: set() for arm in ARMS}
        for first, end, kind in spans:
            if kind in _NAMES:
                named = range(first, _after_brackets(words, end))
                names[_NAMES[kind]].update(self.plain[at] for at in named if _tells(words[at]))
        self.named = [
            "iv" if word in names["iv"] - names["cv"] else "cv" if word in names["cv"] - names["iv"] else ""
            for word in self.plain
        ]

    def own(self, place: int) -> Iterator[str]:
        """What speaks for a number's arm: its rank in the sentence, words beside it, the arms named around it."""
        first, end, _, sort = self.numbers[place]
        rank, count = self._rank(place)
        yield "bias"
        yield f"{sort} {rank}/{count}"
        for distance in range(1, _BESIDE + 1):
            for side, at in (("l", first - distance), ("r", end - 1 + distance)):
                if 0 <= at < len(self.shown) and self.sentence[at] == self.sentence[first]:
                    yield f"{side}{distance} {self.shown[at]}"
                    yield f"{side} {self.shown[at]}"
        left, left_far = self._nearest(first, -1)
        right, right_far = self._nearest(end - 1, 1)
        yield f"left {left}"
        yield f"right {right}"
        yield f"around {left} {right}"
        yield f"around {sort} {left} {right}"
        yield f"around {rank} {left} {right}"
        yield f"left at {left} {min(left_far, 6)}"
        yield f"right at {right} {min(right_far, 6)}"
        yield f"order {self._order(first)} {rank}/{count}"
        before, after = self._stretches(place)
        yield from (f"before {self.shown[at]}" for at in before)
        yield from (f"after {self.shown[at]}" for at in after)
        met = f"{self._met(before)} | {self._met(after)}"
        yield f"met {met}"
        yield f"met {met} {rank}/{count}"
        yield f"met before {self._met(before)} {rank}/{count}"
        yield f"met after {self._met(after)} {rank}/{count}"

    def step(self, place: int) -> Iterator[str]:
        """What speaks for the arms of a number and the one before it: their sorts and the words between them."""
        _, left, _, before = self.numbers[place - 1]
        first, _, _, sort = self.numbers[place]
        sentences = self.sentence[first] - self.sentence[left]
        between = self.shown[left:first]
        rank, count = self._rank(place - 1)
        yield "bias"
        yield f"{before} {sort}"
        yield f"sentences {min(sentences, 3)}"
        yield f"{before} {sort} {sentences == 0}"
        yield f"{before} {sort} {sentences == 0} {min(len(between), 12) // 2}"
        yield f"{before} {sort} {sentences == 0} {rank}/{count}"
        met = self._met(range(left, first))
        yield f"met {met} {sentences == 0}"
        if sentences == 0:
            yield f"met {met} order {self._order(first)}"
            yield from (f"holds {word}" for word in between[:15])
            if len(between) <= 6:
                yield f"is {' '.join(between)}"
                yield f"{before} {sort} is {' '.join(between)}"

    def _rank(self, place: int) -> tuple[int, int]:
        """Which of its sort in the sentence the number is, from 0, and of how many; both held to five."""
        first, _, _, sort = self.numbers[place]
        alike = [n for n in self.numbers if n[3] == sort and self.sentence[n[0]] == self.sentence[first]]
        return min(sum(n[0] < first for n in alike), 5), min(len(alike), 6)

    def _nearest(self, start: int, direction: int) -> tuple[str, int]:
        """The arm named nearest to a word in its sentence with the numbers between, and how far off; "none" without."""
        for distance in range(1, _FAR):
            at = start + direction * distance
            if not 0 <= at < len(self.named) or self.sentence[at] != self.sentence[start]:
                break
            if self.named[at]:
                low, high = min(at, start), max(at, start)
                between = sum(low < first < high for first, *_ in self.numbers)
                return f"{self.named[at]} {min(between, 3)}", distance
        return "none", 0

    def _stretches(self, place: int) -> tuple[range, range]:
        """The words of the sentence before and after a number, up to the numbers next to it."""
        first, end, _, _ = self.numbers[place]
        low = self.numbers[place - 1][1] if place else 0
        high = self.numbers[place + 1][0] if place + 1 < len(self.numbers) else len(self.shown)
        start, stop = first, end
        while start > max(low, first - _STRETCH) and self.sentence[start - 1] == self.sentence[first]:
            start -= 1
        while stop < min(high, end + _STRETCH) and self.sentence[stop] == self.sentence[first]:
            stop += 1
        return range(start, first), range(end, stop)

    def _order(self, first: int) -> str:
        """The arms in the order in which the word's sentence names them."""
        return self._met(at for at, sentence in enumerate(self.sentence) if sentence == self.sentence[first])

    def _met(self, places: Iterable[int]) -> str:
        """The arms that the words at the places name, in order, each once in a row."""
        return " ".join([arm for arm, _ in groupby(self.named[at] for at in places if self.named[at])][:4])


def _tells(word: str) -> bool:
    """Whether a word of an arm's name can tell it: a long one or an acronym."""
    return len(word) > 3 or (len(word) > 1 and word.isupper())


def _after_brackets(words: Sequence[str], end: int) -> int:
    """Where a name ends with the acronym in brackets that may follow it."""
    if words[end : end + 1] == ["("] and ")" in words[end : end + 6]:
        return words.index(")", end)
    return end


def _sentences(words: Sequence[str]) -> list[int]:
    """The number of each word's sentence: a new one after a stop that a capital letter follows."""
    numbers, current = [], 0
    for place, word in enumerate(words):
        numbers.append(current)
        if word in ".!?" and place + 1 < len(words) and words[place + 1][0].isupper():
            current += 1
    return numbers
