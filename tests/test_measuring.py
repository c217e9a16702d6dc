"""What numbers measure, as the learned chain tells it where no word for a measure stands beside them."""

from __future__ import annotations

import pytest
from texts import document

from extractors.components.measuring import DIFFERENCES, LABELS, NO_RESULT, VALUES, Measures, measure_chain
from extractors.components.scene import Scene
from extractors.pipelines import extract, read_language
from extractors.reading import Quantity
from kg.evaluation.measure_training import label_of

METHODS = "Patients were randomised to yoga (n = 40) or walking (n = 41)."


def shares(results: str) -> dict[str, dict[object, float]]:
    """The probabilities of each number of the results, by its printed form."""
    found = read_language(document("en", methods=METHODS, results=results), "en")
    sentence = next(s for s in found.sentences if s.role == "results")
    listed: list[Quantity] = [q for q in found.quantities if sentence.contains(q)]
    told = measure_chain().shares(Measures(Scene(found, sentence, None), listed))
    return {q.number.text: dict(share) for q, share in zip(listed, told, strict=True)}


def test_probabilities_add_up() -> None:
    for share in shares("Systolic pressure was 121.5 mmHg with yoga and 128.3 mmHg with walking.").values():
        assert set(share) == set(LABELS)
        assert sum(share.values()) == pytest.approx(1)


def test_values_of_arms_are_told_from_times() -> None:
    told = shares("At 6 months, pain had gone in 42.1% of those in the yoga group and 30.7% in the walking group.")
    assert sum(told["42.1"][label] for label in VALUES) > 0.75
    assert told["6"][NO_RESULT] > 0.75


@pytest.mark.parametrize(
    ("results", "measure"),
    [
        ("Yoga lowered systolic blood pressure by 1.9 mmHg (95% CI 0.1 to 3.8) compared with walking.", "MD"),
        ("Yoga was associated with 3.7 mmHg lower systolic blood pressure (95% CI 0.6 to 8.1) than walking.", "MD"),
    ],
)
def test_differences_in_words_are_estimates(results: str, measure: str) -> None:
    facts = extract(document("en", methods=METHODS, results=results))[0]
    assert [contrast.measure for contrast in facts.contrasts] == [measure]
    assert not facts.arm_results


def test_facts_are_labelled_by_kind_and_measure() -> None:
    assert label_of({"kind": "arm", "measure": "median"}) == "median"
    assert label_of({"kind": "contrast", "measure": "RD"}) in DIFFERENCES
    assert label_of({"kind": "contrast", "measure": "HR"}) == "ratio"
