"""The trained span model: places that hold, kinds that make sense, and reading without it."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
from texts import document, read

import extractors
from extractors.components.spans import GROUP
from extractors.corpora.annotated import LabelledSpan
from extractors.model_scores import agreement, pico_scores
from extractors.number_arms import arm_and_number, kind_of, numbers_of
from extractors.pico_model import PicoSpan, pico_model
from extractors.pipelines import extract, load, read_language
from extractors.reading import Reading
from extractors.tagging import (
    WINDOW,
    labels_of,
    merge_windows,
    spans_of,
    transition_scores,
    viterbi,
    windows_of,
    words_of,
)

TITLE = "Randomised trial of daily walking to prevent falls in older women with early breast cancer."
METHODS = (
    "We randomly assigned 214 women aged 65-80 years with stage I breast cancer to supervised walking (n = 108) or "
    "usual care (n = 106)."
)
RESULTS = "Falls occurred in 12% of women in the walking group and 25% in the usual care group (P = .01)."


def test_marks_are_at_their_place_and_of_the_corpus_kinds() -> None:
    found = read("en", title=TITLE, methods=METHODS, results=RESULTS)
    kinds = {found.text(span): span.kind for span in found.labelled}
    assert kinds["214"] == "total-participants"
    assert {kinds.get("12%"), kinds.get("25%")} <= {"iv-bin-percent", "cv-bin-percent"}
    for span in found.labelled:
        assert found.text(span) == found.text(span).strip() != ""
        assert 0 < span.confidence <= 1
        assert any(s.start <= span.start and span.end <= s.end for s in found.sections)


def test_the_document_holds_them_as_spans_of_whole_tokens() -> None:
    paper = document("en", title=TITLE, methods=METHODS, results=RESULTS)
    nlp = load("en")
    doc = nlp.make_doc(paper.text)
    found = doc.user_data["reading"] = Reading(paper, "en", paper.text)
    for _, component in nlp.pipeline:
        doc = component(doc)
    group = doc.spans[GROUP]
    assert [(span.start_char, span.label_) for span in group] == [(span.start, span.kind) for span in found.labelled]
    assert group.attrs["confidence"] == [span.confidence for span in found.labelled]


def test_two_readings_are_the_same() -> None:
    parts = {"title": TITLE, "methods": METHODS, "results": RESULTS}
    assert read("en", **parts).labelled == read("en", **parts).labelled != []


def test_without_models_nothing_is_marked_and_the_rules_still_read() -> None:
    paper = document("en", title=TITLE, methods=METHODS, results=RESULTS)
    assert read_language(paper, "en", models=False).labelled == []
    (facts,) = extract(paper, models=False)
    assert facts.arms


def test_chinese_is_read_by_rules_alone() -> None:
    assert read("zh", methods="将120例患者随机分为试验组和对照组。").labelled == []


def test_a_text_of_any_length_is_covered_by_windows_that_overlap() -> None:
    text = " ".join(f"Patient {number} received hydroxychloroquine for 12.5 weeks." for number in range(200))
    words = words_of(text)
    windows = windows_of(text, words, pico_model().tokenizer)
    assert len(windows) > 2
    assert {word for window in windows for word in window.words} == set(range(len(words)))
    for window, following in itertools.pairwise(windows):
        assert len(window.pieces) <= WINDOW
        assert following.words[0] < window.words[-1] < following.words[-1]
    assert pico_model().spans(text) == pico_model().spans(text)


@pytest.mark.parametrize("text", ["", "   ", "\n", "x" * 3000, "e\u0301 \U0001f600 \u7814\u7a76 \ufeff"])
def test_odd_texts_do_no_harm(text: str) -> None:
    assert all(0 <= span.start < span.end <= len(text) for span in pico_model().spans(text))


def test_of_two_windows_the_one_that_shows_more_around_a_word_decides() -> None:
    text = " ".join(["walking"] * 900)
    windows = windows_of(text, words_of(text), pico_model().tokenizer)
    rows = [np.full((len(window.words), 1), number, np.float32) for number, window in enumerate(windows)]
    first = merge_windows(windows, rows, 900)[:, 0]
    overlap = sorted(set(windows[0].words) & set(windows[1].words))
    assert first[overlap[0]] == 0
    assert first[overlap[-1]] == 1


def test_a_label_sequence_never_goes_on_with_what_did_not_begin() -> None:
    labels = labels_of(["age", "control"])
    transitions = transition_scores([[0, 1, 2, 0, 3, 4]], labels, 0.5)
    wanted = labels.index("I-age")
    scores = np.zeros((3, len(labels)), np.float32)
    scores[:, wanted] = 5
    path = viterbi(scores, transitions)
    assert [labels[number] for number in path] == ["B-age", "I-age", "I-age"]
    assert spans_of(path, labels) == [(0, 3, "age")]


def _words(text: str) -> list[str]:
    return [text[start:end] for start, end in words_of(text)]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("intervention-participants", ("iv", "participants")),
        ("cv-bin-percent", ("cv", "bin-percent")),
        ("intervention", None),
        ("outcome", None),
    ],
)
def test_a_kind_names_an_arm_and_a_number(kind: str, expected: tuple[str, str] | None) -> None:
    assert arm_and_number(kind) == expected
    if expected is not None:
        assert kind_of(*expected) == kind


def test_what_the_encoder_is_sure_of_turns_a_chain_of_numbers() -> None:
    words = _words("Falls occurred in 12% and 25%. Pain occurred in 30% and 41%.")
    places = [place for place, word in enumerate(words) if word.isdigit()]
    numbers = numbers_of(words, [(place, place + 2, "iv-bin-percent") for place in places])
    arms = pico_model().decoder.arms
    assert arms.arms(numbers, [6, 0, 0, -6])[0] == "iv"
    assert arms.arms(numbers, [-9, 9, -9, 9]) == ["cv", "iv", "cv", "iv"]
    assert arms.arms([], []) == []


@pytest.mark.parametrize(
    ("given", "gold", "exact", "relaxed"),
    [
        ([(0, 4)], [(0, 4)], 1.0, 1.0),
        ([(0, 4)], [(2, 9)], 0.0, 1.0),
        ([(0, 4)], [(4, 9)], 0.0, 0.0),
        ([(0, 4), (6, 8)], [(0, 4)], 2 / 3, 2 / 3),
        ([], [(0, 4)], 0.0, 0.0),
    ],
)
def test_agreement(given: list[tuple[int, int]], gold: list[tuple[int, int]], exact: float, relaxed: float) -> None:
    found = agreement([PicoSpan(*span, "age", 1.0) for span in given], [LabelledSpan(*span, "age") for span in gold])
    assert found.exact_f1 == pytest.approx(exact)
    assert found.relaxed_f1 == pytest.approx(relaxed)


def test_the_shipped_models_are_small() -> None:
    folder = Path(extractors.__file__).parent / "models"
    assert 5_000_000 < sum(path.stat().st_size for path in folder.iterdir()) <= 25_000_000


@pytest.mark.shared
def test_the_shipped_model_holds_its_floor(shared: Path) -> None:
    scores = pico_scores(shared / "corpora" / "pico" / "dev")
    assert scores.documents == 100
    assert scores.micro.exact_f1 >= 0.56
    assert scores.micro.relaxed_f1 >= 0.70
    assert scores.exact_interval[0] < scores.micro.exact_f1 < scores.exact_interval[1]
