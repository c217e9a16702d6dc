"""Which arm a number belongs to, as the chain weighs it: its arithmetic, and what it decides in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from math import exp, isclose, log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.documents import Language
from extractors.pipelines import extract
from extractors.placement import Chain, Label, forward_backward, of_step, relation
from kg.evaluation.placement_examples import Example
from kg.evaluation.placement_training import Task, learned
from tests.texts import document

SCORES = st.floats(-4, 4)


@dataclass(frozen=True)
class Two:
    """Two numbers of which the first stands beside arm 0; nothing but the step tells the second."""

    labels: list[Label]

    def __len__(self) -> int:
        return 2

    def own(self, place: int, label: Label) -> Iterator[str]:
        if place == 0 and label == 0:
            yield "beside"

    def step(self, place: int) -> Iterator[str]:
        if place == 1:
            yield "opposed"

    def relation(self, first: Label, second: Label) -> str:
        return relation(first, second)


def test_a_number_opposed_to_one_of_an_arm_belongs_to_another() -> None:
    chain = Chain({"beside": 2.0, of_step("opposed", relation(0, 1)): 2.0})
    found = chain.likeliest(Two([0, 1, "none"]))
    assert [label for label, _ in found] == [0, 1]
    assert all(0 < probability < 1 for _, probability in found)


def test_relations_name_no_arm_by_its_number() -> None:
    assert relation(0, 0) == relation(1, 1) == "same"
    assert relation(0, 1) == relation(1, 0) == "other"
    assert relation(0, "none") == "arm none"


@given(st.data(), st.integers(1, 4), st.integers(2, 4))
def test_probabilities_are_those_of_all_paths(data: st.DataObject, length: int, labels: int) -> None:
    own = np.array([[data.draw(SCORES) for _ in range(labels)] for _ in range(length)])
    steps = [np.array([[data.draw(SCORES) for _ in range(labels)] for _ in range(labels)]) for _ in range(length)]
    whole, shares, pairs = forward_backward(own, steps)
    paths = {}
    for path in product(range(labels), repeat=length):
        score = sum(own[place, label] for place, label in enumerate(path))
        score += sum(steps[place][path[place - 1], path[place]] for place in range(1, length))
        paths[path] = exp(score)
    total = sum(paths.values())
    assert isclose(whole, log(total), abs_tol=1e-6)
    for place in range(length):
        for label in range(labels):
            share = sum(weight for path, weight in paths.items() if path[place] == label) / total
            assert isclose(shares[place][label], share, abs_tol=1e-6)
    assert all(isclose(pair.sum(), 1, abs_tol=1e-6) for pair in pairs)


def planted() -> list[Example]:
    """Sentences in which a number stands beside its arm, and the one behind it belongs to the other."""
    labels: tuple[Label, ...] = (0, 1, "none")
    kinds = tuple(tuple(relation(first, second) for second in labels) for first in labels)
    found = []
    for arm in (0, 1):
        first = tuple(frozenset({"beside"} if label == arm else {"away"}) for label in labels)
        second = tuple(frozenset({"away"}) for _ in labels)
        right: tuple[frozenset[Label], ...] = (frozenset({arm}), frozenset({1 - arm}))
        steps = (frozenset(), frozenset({"opposed"}))
        found += [Example("one", labels, (first, second), kinds, steps, right)] * 6
    return found


def test_what_is_learned_places_what_it_was_learned_from() -> None:
    chain = Chain(learned(planted()))
    assert [label for label, _ in chain.likeliest(Two([0, 1, "none"]))] == [0, 1]


def test_the_slope_is_that_of_the_loss() -> None:
    task = Task(planted())
    weights = np.linspace(-0.5, 0.5, len(task.names))
    _, slope = task.loss(weights)
    for place in range(len(task.names)):
        step = np.zeros_like(weights)
        step[place] = 1e-5
        difference = (task.loss(weights + step)[0] - task.loss(weights - step)[0]) / 2e-5
        assert difference == pytest.approx(slope[place], abs=1e-3)


EN = "Adults with gout were randomly assigned to morlixin (n = 60) or placebo (n = 62). The primary endpoint was pain."
ZH = "痛风患者随机分为莫利辛组（60例）和安慰剂组（62例）。主要终点为疼痛评分。"

SENTENCES: list[tuple[Language, str, dict[str, str]]] = [
    (
        "en",
        "Mean pain was 3.1 (SD 0.9) and 4.6 (SD 1.0), and mean swelling 2.2 (SD 0.4) and 2.9 (SD 0.6), with morlixin "
        "and placebo, respectively.",
        {"3.1": "morlixin", "4.6": "placebo", "2.2": "morlixin", "2.9": "placebo"},
    ),
    ("en", "Mean pain was reduced to 3.1 (SD 0.9) following morlixin and 4.6 (SD 1.0) following placebo.",
     {"3.1": "morlixin", "4.6": "placebo"}),
    ("en", "Nausea (morlixin 12%, placebo 7%; P = 0.20) was mild.", {"12": "morlixin", "7": "placebo"}),
    ("zh", "莫利辛组疼痛评分为（3.1±0.9）分，安慰剂组为（4.6±1.0）分（P=0.01）。",
     {"3.1": "莫利辛组", "4.6": "安慰剂组"}),
    ("zh", "两组恶心（莫利辛组12%，安慰剂组7%，P=0.20）差异无统计学意义。", {"12": "莫利辛组", "7": "安慰剂组"}),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text", "expected"), SENTENCES, ids=[text[:40] for _, text, _ in SENTENCES])
def test_numbers_are_placed(language: Language, text: str, expected: dict[str, str]) -> None:
    (facts,) = extract(document(language, methods=EN if language == "en" else ZH, results=text))
    names = {arm.key: [name.text for name in arm.names] for arm in facts.arms}
    placed = {result.value.text: names[result.arm] for result in facts.arm_results if result.arm}
    assert placed.keys() == expected.keys()
    for value, arm in expected.items():
        assert arm in placed[value]
