"""What part each sentence plays: by headings, by the trained model, by cue words."""

from __future__ import annotations

from pathlib import Path

import pytest
from texts import document, read

from extractors.components.roles import GROUP
from extractors.corpora.structured import heading_role
from extractors.documents import Document, Language, Section
from extractors.model_scores import role_accuracy
from extractors.pipelines import load, read_language
from extractors.reading import Reading
from extractors.sentence_roles import BUCKETS, abstract_buckets, role_model

PLAIN = (
    "Falls are a frequent cause of injury among older women. "
    "Little is known about what prevents them. "
    "We randomly assigned 214 women to supervised walking or usual care for one year. "
    "The primary outcome was the number of falls. "
    "Falls occurred in 12% of the walking group and 25% of the usual care group (P = .01). "
    "Pain did not differ between the groups (P = .60). "
    "We conclude that supervised walking prevents falls in older women."
)
EXPECTED = ["background", "background", "methods", "methods", "results", "results", "conclusion"]


@pytest.mark.parametrize("models", [True, False])
def test_an_abstract_without_headings(models: bool) -> None:
    found = read_language(document("en", abstract=PLAIN), "en", models=models)
    assert [found.roles[sentence] for sentence in found.sentences] == EXPECTED


def test_a_chinese_abstract_without_headings() -> None:
    text = (
        "跌倒是老年女性受伤的常见原因。本研究旨在探讨步行训练的作用。将214例女性随机分为步行组和对照组。"
        "步行组跌倒发生率为12%，对照组为25%（P=0.01）。综上所述，步行训练可预防跌倒。"
    )
    found = read("zh", abstract=text)
    roles = [found.roles[sentence] for sentence in found.sentences]
    assert roles == ["background", "objective", "methods", "results", "conclusion"]


@pytest.mark.parametrize(
    ("language", "heading", "role", "expected"),
    [
        ("en", "Objective", "background", "objective"),
        ("en", "AIMS:", "background", "objective"),
        ("en", "Background", "background", "background"),
        ("en", "Patients and methods", "methods", "methods"),
        ("zh", "\u76ee\u7684", "background", "objective"),
        ("zh", "\u80cc\u666f", "background", "background"),
        ("zh", "\u7ed3\u679c", "results", "results"),
    ],
)
def test_a_heading_decides(language: Language, heading: str, role: str, expected: str) -> None:
    text = "Falls occurred in 12%."
    section = Section("s0", role, language, 0, len(text), heading=heading, in_abstract=True)
    paper = Document(id="role-test", source="test.txt", kind="record", text=text, sections=(section,))
    found = read_language(paper, language)
    assert list(found.roles.values()) == [expected]


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("OBJECTIVES:", "objective"),
        ("Background", "background"),
        ("Background and aims", None),
        ("Methods and findings", None),
        ("Main results", "results"),
        ("Trial registration", "registration"),
    ],
)
def test_headings_of_the_corpus(heading: str, expected: str | None) -> None:
    assert heading_role(heading) == expected


def test_the_document_holds_a_span_for_each_sentence() -> None:
    paper = document("en", title="Walking and falls", abstract=PLAIN)
    nlp = load("en")
    doc = nlp.make_doc(paper.text)
    found = doc.user_data["reading"] = Reading(paper, "en", paper.text)
    for _, component in nlp.pipeline:
        doc = component(doc)
    assert [span.label_ for span in doc.spans[GROUP]] == ["title", *EXPECTED]
    assert [span.start_char for span in doc.spans[GROUP]] == [sentence.start for sentence in found.sentences]


def test_the_model_is_sure_within_reason_and_takes_anything() -> None:
    told = role_model().roles(["", "12", "\u7814\u7a76", "a" * 5000])
    assert len(told) == 4
    assert all(0 < sure <= 1 for _, sure in told)
    assert role_model().roles([]) == []


def test_features_are_the_same_each_time() -> None:
    rows = abstract_buckets(["We assigned 12 women.", "They fell."])
    assert all((row < BUCKETS).all() for row in rows)
    assert [row.tolist() for row in rows] == [
        row.tolist() for row in abstract_buckets(["We assigned 3 women.", "They fell."])
    ]


@pytest.mark.shared
def test_the_shipped_model_holds_its_floor(shared: Path) -> None:
    scores = role_accuracy(shared / "corpora" / "pmc_rct_jats.tar.xz")
    assert scores.sentences > 2500
    assert scores.accuracy >= 0.90
