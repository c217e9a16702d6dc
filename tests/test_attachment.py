"""Which outcome a value is of, and which endpoints a trial has: what is weighed, and what it decides."""

from __future__ import annotations

from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.components.attachment import suggested, view_of
from extractors.components.identity import Phrase, one_outcome
from extractors.components.results import scenes
from extractors.components.settling import COMPONENT, renumber
from extractors.documents import Language
from extractors.pipelines import extract, read_language
from extractors.reading import Reading, Span
from extractors.weighing import Weighing
from kg.evaluation.endpoint_questions import Answer
from kg.evaluation.endpoint_training import regressed
from tests.texts import document, read

EN = "Adults with gout were randomly assigned to morlixin (n = 60) or placebo (n = 62)."
ZH = "痛风患者随机分为莫利辛组（60例）和安慰剂组（62例）。"

SENTENCES: list[tuple[Language, str, dict[str, str]]] = [
    (
        "en",
        "Retching occurred in 11% of the morlixin group and 29% of the placebo group, and vomiting in 6% and 18%, "
        "respectively.",
        {"11": "Retching", "29": "Retching", "6": "vomiting", "18": "vomiting"},
    ),
    (
        "en",
        "The mean number of flares was 1.2 (SD 0.4) with morlixin and 2.6 (SD 0.8) with placebo, and tender joints "
        "fell to 3.1 (SD 1.0) and 5.2 (SD 1.4).",
        {"1.2": "flares", "2.6": "flares", "3.1": "tender joints", "5.2": "tender joints"},
    ),
    (
        "zh",
        "莫利辛组疼痛评分为（3.1±0.9）分，安慰剂组为（4.6±1.0）分；关节肿胀数分别为（2.2±0.4）个和（2.9±0.6）个。",
        {"3.1": "疼痛评分", "4.6": "疼痛评分", "2.2": "肿胀", "2.9": "肿胀"},
    ),
]


@pytest.mark.parametrize(("language", "text", "expected"), SENTENCES, ids=[text[:40] for _, text, _ in SENTENCES])
def test_values_are_of_the_outcome_that_the_sentence_says(
    language: Language, text: str, expected: dict[str, str]
) -> None:
    (facts,) = extract(document(language, methods=EN if language == "en" else ZH, results=text))
    names = {endpoint.key: " ".join(name.text for name in endpoint.names) for endpoint in facts.endpoints}
    told = {result.value.text: names[result.endpoint] for result in facts.arm_results}
    assert told.keys() == expected.keys()
    for value, outcome in expected.items():
        assert outcome in told[value]


@given(st.dictionaries(st.text(max_size=4), st.floats(-5, 5), max_size=6), st.lists(st.text(max_size=4)))
def test_what_speaks_for_and_against_is_told_as_a_probability(weights: dict[str, float], features: list[str]) -> None:
    probability = Weighing(weights).probability(features)
    turned = Weighing({name: -weight for name, weight in weights.items()}).probability(features)
    assert 0 < probability < 1
    assert isclose(probability + turned, 1)
    assert Weighing(weights).probability([*features, *features]) == probability


def test_what_is_not_known_weighs_nothing() -> None:
    assert Weighing({"declared": 2.0}).probability(["unheard of"]) == 0.5


def test_what_always_goes_with_yes_comes_to_speak_for_it() -> None:
    asked = [Answer(frozenset({"declared", "long"}), True), Answer(frozenset({"long"}), False)] * 8
    weighing = Weighing(regressed(asked))
    assert weighing.probability({"declared", "long"}) > 0.6
    assert weighing.probability({"long"}) < 0.5


def test_endpoints_taken_together_keep_their_names_and_results() -> None:
    text = document(
        "en",
        methods=f"{EN} The primary endpoint was pain at week 12; sleep quality was secondary.",
        results="Mean pain was 3.1 with morlixin and 4.6 with placebo (P = 0.01). Sleep quality did not differ.",
    )
    found = read_language(text, "en", until=COMPONENT)
    names = [{name.text for name in draft.names} for draft in found.endpoints]
    values = [(link.quantity, names[link.endpoint]) for link in found.results]
    mentions = [(mention.start, names[mention.index]) for mention in found.endpoint_mentions]
    assert len(names) > 1
    renumber(found, [0] * len(names))
    (draft,) = found.endpoints
    assert draft.role == "primary"
    printed = {name.text.casefold() for name in draft.names}
    assert printed == {name.casefold() for one in names for name in one}
    assert [(link.quantity, link.endpoint) for link in found.results] == [(quantity, 0) for quantity, _ in values]
    assert [(mention.start, mention.index) for mention in found.endpoint_mentions] == [(s, 0) for s, _ in mentions]


def phrase(found: Reading, name: str, place: int = 0) -> Phrase:
    """The phrase of a name at the first of its places in the text from the given one on."""
    start = found.document.text.index(name, place)
    return Phrase(found, Span(start, start + len(name)))


PAIRS: list[tuple[Language, str, str, bool]] = [
    ("en", "Late knee joint gout flare", "Late knee joint gout flare or swelling", False),
    ("en", "Viral load", "Viral load <50 copies/mL", False),
    ("en", "Serum urate <5 mg/dL", "Serum urate <6 mg/dL", False),
    ("en", "Serum urate <5 mg/dL", "Serum urate < 5 mg/dL", True),
    ("en", "Tender joints", "Number of tender joints", True),
    ("zh", "疗程≤7天", "疗程>7天", False),
]


@pytest.mark.parametrize(("language", "first", "second", "same"), PAIRS)
def test_a_bound_or_a_second_event_makes_another_outcome(
    language: Language, first: str, second: str, same: bool
) -> None:
    end = "。" if language == "zh" else ". "
    found = read(language, results=f"{first}{end}{second}{end}")
    assert one_outcome(phrase(found, first), phrase(found, second, len(first))) is same


def test_a_phrase_may_go_on_to_the_bound_that_it_sets() -> None:
    found = read("en", methods=EN, results="Serum urate <6 mg/dL was seen in 41% with morlixin and 12% with placebo.")
    (scene,) = scenes(found)
    told = [([quantity], None) for quantity in scene.values]
    assert "Serum urate <6 mg/dL" in {found.text(candidate) for candidate in view_of(scene, told).candidates}


def test_a_phrase_knows_what_it_shares_with_arms_and_times() -> None:
    found = read("en", methods=EN, results="Flares fell with morlixin (12%) but not with placebo (41%) at 6 weeks.")
    (scene,) = scenes(found)
    view = view_of(scene, list(suggested(scene, [])) or [([scene.values[0]], None)])
    told = {
        found.text(candidate).casefold(): set(view.own(0, label)) for label, candidate in enumerate(view.candidates)
    }
    assert any(feature.endswith("of arms 0") for feature in told["flares"])
    assert any(feature.endswith("time False False") for feature in told["flares"])
