"""Comparisons in words: a grammar book of the ways in which trials say that one arm had more, less or the same.

Each example gives the sentences of a report and what must be read of them, one line for each comparison:
endpoint | direction | arms | p | time point | subgroup.
"""

import pytest
from texts import read

from extractors.documents import Language

EN = "Patients were randomly assigned to systemic therapy alone (arm A) or surgery plus systemic therapy (arm B)."
ZH = "患者被随机分配至单纯全身治疗组（A组）或手术联合全身治疗组（B组）。"
THREE = "Patients were randomly assigned to zibbling (arm A), zobbling (arm B) or placebo (arm C)."

EXAMPLES: list[tuple[Language, str, list[str]]] = [
    # The arm that the words are about, and the one behind "than", "compared with", "superior to".
    ("en", "Pain was lower in arm B than in arm A (P = 0.02).", ["Pain | first lower | B A | 0.02"]),
    ("en", "Compared with arm A, arm B had lower pain.", ["pain | first lower | B A"]),
    ("en", "Mortality in arm A was higher than that in arm B.", ["Mortality | first higher | A B"]),
    ("en", "Arm B was superior to arm A in pain.", ["pain | favours first | B A"]),
    ("en", "Arm B reduced pain compared with arm A.", ["pain | first lower | B A"]),
    ("zh", "B组疼痛低于A组（P=0.02）。", ["疼痛 | first lower | B A | 0.02"]),
    ("zh", "与A组相比，B组疼痛更低。", ["疼痛 | first lower | B A"]),
    ("zh", "B组较A组死亡率显著降低。", ["死亡率 | first lower | B A"]),
    # Two arms: the one not named is what the one named is compared with.
    ("en", "Pain was significantly less common in arm B.", ["Pain | first lower | B A"]),
    # No difference: a word of likeness, or a denial of a difference, an effect or a direction.
    ("en", "Mortality was similar in the two arms.", ["Mortality | no difference | B A"]),
    ("en", "Mortality did not differ significantly between the groups.", ["Mortality | no difference | B A"]),
    ("en", "Surgery did not reduce mortality.", ["mortality | no difference | B A"]),
    ("en", "Mortality was no better in arm B than in arm A.", ["Mortality | no difference | B A"]),
    ("zh", "两组死亡率差异无统计学意义（P>0.05）。", ["死亡率 | no difference | B A | 0.05"]),
    ("zh", "两组间死亡率相似。", ["死亡率 | no difference | B A"]),
    # What a comparison is about may stand behind "with respect to"; a change from the start is no comparison with it.
    ("en", "There was no difference with respect to pain.", ["pain | no difference | B A"]),
    (
        "en",
        "There were no significant differences between the groups with regards to pain compared to baseline.",
        ["pain | no difference | B A"],
    ),
    # The last clause of a list names the arms of all; a time behind a comparative is no limit.
    (
        "en",
        "Pain was significantly lower at 6 h (P = 0.04); nausea was significantly lower; and mortality was lower in "
        "arm B than in arm A.",
        [
            "Pain | first lower | B A | 0.04 | 6 h",
            "nausea | first lower | B A |  | 6 h",
            "mortality | first lower | B A",
        ],
    ),
    # A greater fall is less of it.
    (
        "en",
        "Mortality was higher in arm A than in arm B. The reduction of mortality was significantly "
        "greater in arm B than in arm A (P = 0.01).",
        ["Mortality | first higher | A B", "reduction of mortality | first lower | B A | 0.01"],
    ),
    (
        "zh",
        "B组疼痛改善情况均优于A组，治疗3个月后两组相近。",
        ["疼痛 | favours first | B A |  | 3个月", "疼痛 | no difference | B A |  | 3个月"],
    ),
    # What changed in an arm that opens the sentence changed in time.
    ("en", "In arm B, pain decreased significantly (P = 0.01).", []),
    # A small p-value stands against what is denied of another outcome.
    (
        "en",
        "Pain was higher in arm A than in arm B (P = 0.02); however, the width of zibbles showed non-significant "
        "differences between the groups.",
        ["Pain | first higher | A B | 0.02", "width of zibbles | no difference | B A"],
    ),
    # A denial takes back the direction said before it.
    (
        "en",
        "Mortality was lower in arm B than in arm A, but the difference was not significant (P = 0.4).",
        ["Mortality | no difference | B A | 0.4"],
    ),
    # Lists of outcomes, with one p-value or one for each.
    (
        "en",
        "There were no significant differences in mortality, pain, or zibble width between the arms.",
        ["mortality | no difference | B A", "pain | no difference | B A", "zibble width | no difference | B A"],
    ),
    (
        "en",
        "Mortality and pain were lower in arm B than in arm A (P = 0.01 and P = 0.02, respectively).",
        ["Mortality | first lower | B A | 0.01", "pain | first lower | B A | 0.02"],
    ),
    (
        "en",
        "Arm B had higher survival and lower pain than arm A.",
        ["survival | first higher | B A", "pain | first lower | B A"],
    ),
    (
        "zh",
        "两组的死亡率、疼痛差异均无统计学意义。",
        ["死亡率 | no difference | B A", "疼痛 | no difference | B A"],
    ),
    # An outcome that the lexicon does not know is named by its place.
    (
        "en",
        "Zibble insertion times were shorter in arm B than in arm A.",
        ["Zibble insertion times | first lower | B A"],
    ),
    # One claim at several times.
    (
        "en",
        "At 3 months and 6 months, pain was lower in arm B than in arm A (P = 0.03 and P = 0.04, respectively).",
        ["pain | first lower | B A | 0.03 | 3 months", "pain | first lower | B A | 0.04 | 6 months"],
    ),
    # Printed values and their p-value: the authors' words, else what the p-value allows.
    ("en", "Mortality was 4.7% in arm A and 8.0% in arm B (P = 0.27).", ["Mortality | no difference | B A | 0.27"]),
    ("en", "Mortality was 4.7% in arm A and 8.0% in arm B (P = 0.01).", ["Mortality | first higher | B A | 0.01"]),
    # A change, a greater one, a smaller one.
    ("en", "Pain improved more in arm B than in arm A.", ["Pain | favours first | B A"]),
    ("en", "Arm B had a greater reduction in pain than arm A.", ["pain | first lower | B A"]),
    # What compares no arms: a start, a course, a limit, a hint, a factor.
    ("en", "At baseline, pain was similar in both arms.", []),
    ("en", "Pain decreased significantly in arm A.", []),
    ("en", "Pain did not change significantly in either arm.", []),
    ("en", "Patients with 5 or more visits in arm A were interviewed.", []),
    ("en", "Pain tended to be lower in arm B than in arm A.", []),
    ("en", "Age was an independent predictor of lower mortality in arm A.", []),
    ("zh", "基线时两组疼痛相似。", []),
    # Chinese strings clauses together by commas: each has a predicate of its own, and the arm that it compares with.
    (
        "zh",
        "B组死亡率显著低于A组，住院时间明显短于A组，差异均有统计学意义。",
        ["死亡率 | first lower | B A", "住院时间 | first lower | B A"],
    ),
    ("zh", "两组疼痛均低于治疗前，且B组低于A组（P<0.05）。", ["疼痛 | first lower | B A | 0.05"]),
    ("zh", "两组疼痛均有改善，B组死亡率低于A组。", ["死亡率 | first lower | B A"]),
    ("zh", "B组疼痛下降幅度更大。", ["疼痛 | first lower | B A"]),
    (
        "zh",
        "A组死亡率为8%，泽布率为26%；B组死亡率为6%，泽布率为24%；两组比较均无统计学差异（P=0.11；P=0.34）。",
        ["死亡率 | no difference | B A | 0.11", "泽布率 | no difference | B A | 0.34"],
    ),
    # Words that hold the sign of another: "in time" is no "and", "level" before "both" is no "mean".
    ("zh", "B组及时就医率高于A组。", ["及时就医率 | first higher | B A"]),
    (
        "zh",
        "B组疼痛、泽布水平均低于A组。",
        ["疼痛 | first lower | B A", "泽布水平 | first lower | B A"],
    ),
    (
        "zh",
        "两组疼痛、泽布发生率比较，差异无统计学意义。",
        ["疼痛 | no difference | B A", "泽布发生率 | no difference | B A"],
    ),
    # An estimate says it in numbers.
    ("en", "Mortality was lower in arm B than in arm A (HR 0.70, 95% CI 0.50-0.90).", []),
]


def statements(language: Language, arms: str, text: str) -> list[str]:
    """The comparisons of a text in the notation of the examples, in order."""
    found = read(language, methods=arms, results=text)
    rows = []
    for link in found.results:
        if link.direction is not None and link.endpoint_span is not None:
            letters = " ".join("ABC"[arm] for arm in link.arms)
            details = [found.text(span) if span else "" for span in (link.time_point, link.subgroup)]
            p = link.p.value.text if link.p else ""
            rows.append(" | ".join([found.text(link.endpoint_span), link.direction, letters, p, *details]).rstrip(" |"))
    return rows


@pytest.mark.parametrize(("language", "text", "expected"), EXAMPLES, ids=[text[:48] for _, text, _ in EXAMPLES])
def test_statements(language: Language, text: str, expected: list[str]) -> None:
    assert statements(language, EN if language == "en" else ZH, text) == expected


def test_each_two_of_three_arms_are_compared() -> None:
    assert statements("en", THREE, "Pain did not differ between the groups.") == [
        "Pain | no difference | A B",
        "Pain | no difference | A C",
        "Pain | no difference | B C",
    ]


def test_the_other_two_groups_are_both_references() -> None:
    assert statements("en", THREE, "Pain in arm B was higher than in the other two groups.") == [
        "Pain | first higher | B A",
        "Pain | first higher | B C",
    ]
