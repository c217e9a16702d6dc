"""Which arms a text lists, what it calls them, and how large they are."""

import pytest
from texts import read

from extractors.documents import Language

Arms = list[tuple[str, str, str | None]]

CASES: list[tuple[Language, str, Arms]] = [
    (
        "en",
        "Patients were randomly assigned 1:1 to systemic therapy alone (arm A) or surgery plus systemic therapy "
        "(arm B).",
        [("systemic therapy alone", "control", None), ("surgery plus systemic therapy", "experimental", None)],
    ),
    (
        "en",
        "Women were randomised to receive palbociclib and fulvestrant or placebo and fulvestrant.",
        [("palbociclib and fulvestrant", "experimental", None), ("placebo and fulvestrant", "control", None)],
    ),
    (
        "en",
        "Survivors were randomized to the intervention (n = 76) or control (n = 77).",
        [("intervention", "experimental", "76"), ("control", "control", "77")],
    ),
    (
        "en",
        "Participants were randomly allocated to exercise, education, or usual care.",
        [("exercise", "experimental", None), ("education", "experimental", None), ("usual care", "control", None)],
    ),
    (
        "en",
        "After a response to chemotherapy, women were randomly assigned to locoregional treatment or to no treatment.",
        [("locoregional treatment", "experimental", None), ("no treatment", "control", None)],
    ),
    (
        "en",
        "Women were randomised to receive for 5 years either fenretinide or no treatment.",
        [("fenretinide", "experimental", None), ("no treatment", "control", None)],
    ),
    (
        "en",
        "In this randomised trial 46 patients received clopidogrel and 47 patients received placebo.",
        [("clopidogrel", "experimental", "46"), ("placebo", "control", "47")],
    ),
    (
        "en",
        "This was a randomized trial comparing pamidronate with placebo in 40 women.",
        [("pamidronate", "experimental", None), ("placebo", "control", None)],
    ),
    (
        "zh",
        "患者按1:1随机分为手术组（n=45）和对照组（n=44）。",
        [("手术组", "experimental", "45"), ("对照组", "control", "44")],
    ),
    (
        "zh",
        "患者被随机1:1分配至单纯全身治疗组(A组)或手术联合全身治疗组(B组)。",
        [("单纯全身治疗组", "control", None), ("手术联合全身治疗组", "experimental", None)],
    ),
    (
        "zh",
        "受试者随机接受孕酮或安慰剂。",
        [("孕酮", "experimental", None), ("安慰剂", "control", None)],
    ),
]


@pytest.mark.parametrize(("language", "text", "expected"), CASES)
def test_the_arms_that_a_sentence_lists(language: Language, text: str, expected: Arms) -> None:
    found = read(language, methods=text)
    assert [(a.names[0].text, a.role, a.size.text if a.size else None) for a in found.arms] == expected


def test_labels_and_short_names_mean_the_same_arm() -> None:
    found = read(
        "en",
        methods="Patients were randomised to systemic therapy alone (arm A) or surgery plus systemic therapy (arm B).",
        results="Surgery was well tolerated. Deaths were fewer in arm B than in the control group.",
    )
    named = [(found.text(m), m.index) for m in found.arm_mentions if found.sentences[0].end < m.start]
    assert named == [("Surgery", 1), ("arm B", 1), ("control group", 0)]


def test_an_arm_that_goes_without_is_not_taken_for_the_other() -> None:
    found = read(
        "en",
        methods="Women were randomly assigned to locoregional treatment or to no locoregional treatment.",
        results="We randomised 350 women, 173 to locoregional treatment and 177 to no locoregional treatment.",
    )
    assert [arm.size.text if arm.size else None for arm in found.arms] == ["173", "177"]


def test_one_number_before_the_whole_list_is_no_arm_size() -> None:
    found = read("en", methods="Ninety patients were randomized to receive clopidogrel or placebo.")
    assert [arm.size for arm in found.arms] == [None, None]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "This randomized, double-blind trial was conducted to assess efficacy and safety."),
        ("en", "Blood glucose control was good and disease control was better."),
        ("zh", "本研究为随机、双盲、多中心试验。"),
    ],
)
def test_no_arms_are_invented(language: Language, text: str) -> None:
    assert read(language, methods=text).arms == []
