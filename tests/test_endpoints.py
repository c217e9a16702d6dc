"""The outcomes of a trial: declared ones with their role, those that a result is told of, and what is none."""

from __future__ import annotations

import pytest
from texts import document

from extractors.components.endpoints import before_verb
from extractors.documents import Language
from extractors.pipelines import extract, read_language
from extractors.readers import read_bytes
from extractors.reading import Span

EN = "In this trial 200 adults were randomly assigned to arm A or arm B."
ZH = "本试验将200例患者随机分为A组和B组。"


def outcomes(language: Language, methods: str, results: str) -> dict[str, str]:
    """The role of each outcome by its first name."""
    opening = EN if language == "en" else ZH
    (facts,) = extract(document(language, methods=f"{opening} {methods}", results=results))
    return {endpoint.names[0].text: endpoint.role for endpoint in facts.endpoints}


@pytest.mark.parametrize(
    ("language", "methods", "expected"),
    [
        ("en", "The primary outcome was zibble width at 6 weeks.", {"zibble width at 6 weeks": "primary"}),
        ("en", "Zibble width was the primary outcome.", {"Zibble width": "primary"}),
        (
            "en",
            "Primary outcomes were zibble width and time to zobble.",
            {"zibble width": "primary", "time to zobble": "primary"},
        ),
        (
            "en",
            "The primary outcome was change in zibble width. Secondary outcomes included pain, zobble depth and cost.",
            {
                "change in zibble width": "primary",
                "pain": "secondary",
                "zobble depth": "secondary",
                "cost": "secondary",
            },
        ),
        (
            "en",
            "The primary effectiveness outcome was zibble width, defined as free of zobble.",
            {"zibble width": "primary"},
        ),
        (
            "en",
            "The main outcome was zibble width, zobble depth and serum creatinine.",
            {"zibble width": "primary", "zobble depth": "primary", "serum creatinine": "primary"},
        ),
        ("en", "The primary clinical endpoint was overall survival.", {"overall survival": "primary"}),
        (
            "en",
            "Main outcome measures: zibble width and zobble depth.",
            {"zibble width": "primary", "zobble depth": "primary"},
        ),
        (
            "en",
            "Zibble width, serum zobble levels and pain were recorded at 6 weeks.",
            {"Zibble width": "other", "serum zobble levels": "other", "pain": "other"},
        ),
        (
            "en",
            "The distance covered during the zibble test was the primary outcome measure.",
            {"distance covered during the zibble test": "primary"},
        ),
        (
            "en",
            "Zibble width and time to zobble were the primary endpoints. At 12 weeks, pain was the secondary outcome.",
            {"Zibble width": "primary", "time to zobble": "primary", "pain": "secondary"},
        ),
        (
            "en",
            "Pain scores obtained after surgery were primarily evaluated.",
            {"Pain scores obtained after surgery": "primary"},
        ),
        ("en", "The primary outcome was to evaluate the time to relapse.", {"time to relapse": "primary"}),
        ("en", "The primary outcome, pain at 6 weeks, was assessed by telephone.", {"pain at 6 weeks": "primary"}),
        (
            "en",
            "The primary outcome was zibble width. Secondary outcomes were also assessed.",
            {"zibble width": "primary"},
        ),
        (
            "en",
            "Duration of analgesia, the operator's and the patient's satisfaction, and heart rate were evaluated.",
            {"Duration of analgesia": "other", "satisfaction": "other", "heart rate": "other"},
        ),
        (
            "en",
            "The aim was to determine the effect of arm A on serum lipids and quality of life.",
            {"serum lipids": "other", "quality of life": "other"},
        ),
        (
            "en",
            "The vital signs (heart rate, blood pressure and zibble) were measured.",
            {"vital signs": "other", "heart rate": "other", "blood pressure": "other", "zibble": "other"},
        ),
        (
            "zh",
            "术后记录不良事件（恶心呕吐、低血压和尿潴留）。",
            {"不良事件": "other", "恶心呕吐": "other", "低血压": "other", "尿潴留": "other"},
        ),
        (
            "zh",
            "主要结局指标为心率、收缩压和血氧饱和度。",
            {"心率": "primary", "收缩压": "primary", "血氧饱和度": "primary"},
        ),
        (
            "zh",
            "本研究旨在评价A组治疗对骨密度、免疫力和脂肪酸组成的影响。",
            {"骨密度": "other", "免疫力": "other", "脂肪酸组成": "other"},
        ),
        ("zh", "主要结局指标为术后疼痛评分。", {"术后疼痛评分": "primary"}),
        ("zh", "主要有效性终点为30天全因死亡率。", {"30天全因死亡率": "primary"}),
        (
            "zh",
            "主要结局为情感负担量表、自护量表和服药依从性。",
            {"情感负担量表": "primary", "自护量表": "primary", "服药依从性": "primary"},
        ),
        (
            "zh",
            "次要终点包括住院时间、输血率和手术费用。",
            {"住院时间": "secondary", "输血率": "secondary", "手术费用": "secondary"},
        ),
    ],
)
def test_declared(language: Language, methods: str, expected: dict[str, str]) -> None:
    results = "All people completed the trial." if language == "en" else "全部患者完成试验。"
    assert outcomes(language, methods, results) == expected


@pytest.mark.parametrize(
    ("language", "results", "expected"),
    [
        ("en", "Zibble width was significantly lower in arm A than in arm B (P = 0.01).", {"Zibble width"}),
        (
            "en",
            "Compared with arm B, arm A reduced the length of hospital stay (P = 0.02).",
            {"length of hospital stay"},
        ),
        ("en", "There was no difference in zibble width between groups.", {"zibble width"}),
        (
            "en",
            "There were no significant differences between groups in zibble width, zobble depth or serum creatinine.",
            {"zibble width", "zobble depth", "serum creatinine"},
        ),
        ("en", "Zibble width and zobble depth were similar in both groups.", {"Zibble width", "zobble depth"}),
        ("zh", "A组术后疼痛评分显著低于B组（P=0.01）。", {"术后疼痛评分"}),
        ("zh", "两组患者的满意度评分差异无统计学意义。", {"满意度评分"}),
        ("zh", "与B组相比，A组缩短了住院时间（P=0.02）。", {"住院时间"}),
        ("zh", "两组腰围、臀围和血清瘦素差异无统计学意义。", {"腰围", "臀围", "血清瘦素"}),
    ],
)
def test_compared(language: Language, results: str, expected: set[str]) -> None:
    assert set(outcomes(language, "", results)) == expected


@pytest.mark.parametrize(
    ("methods", "results", "expected"),
    [
        # The whole phrase names the outcome, not the one word of it that the lexicon knows.
        (
            "",
            "Any non-disabling stroke was seen in 12% of arm A and 15% of arm B.",
            {"non-disabling stroke"},
        ),
        (
            "",
            "Mean supine and standing blood pressures were lower in arm A than in arm B (P = 0.01).",
            {"supine and standing blood pressures"},
        ),
        # A short form is the outcome named in full before it, a fuller name after it another outcome.
        (
            "The primary outcome was postoperative neck pain.",
            "Pain was lower in arm A than in arm B (P = 0.01).",
            {"postoperative neck pain"},
        ),
        (
            "",
            "Neutropenia was seen in 12% of arm A and 15% of arm B. "
            "Febrile neutropenia was seen in 2% of arm A and 3% of arm B.",
            {"Neutropenia", "Febrile neutropenia"},
        ),
        # A list names two outcomes even where they are one concept.
        ("Treatment success and treatment failure were recorded.", "", {"Treatment success", "treatment failure"}),
        # A proportion of people is named up to its verb.
        (
            "",
            "The proportion of women who resumed zibbling increased in arm A compared with arm B (P = 0.01).",
            {"proportion of women who resumed zibbling"},
        ),
    ],
)
def test_named_by_the_whole_phrase(methods: str, results: str, expected: set[str]) -> None:
    assert set(outcomes("en", methods, results or "All completed the trial.")) == expected


@pytest.mark.parametrize(
    ("language", "methods", "results"),
    [
        ("en", "We failed to reach the primary outcome, although it is possible that this helps.", "All completed."),
        ("en", "", "Demographic data were similar in both groups."),
        ("en", "", "Body weight was correlated with age."),
        ("en", "Patients with heart failure were eligible.", "All completed."),
        ("zh", "", "两组一般资料差异无统计学意义。"),
        ("en", "Patients came from two lipid clinics and were watched in the recovery room.", "All completed."),
        ("en", "", "No differences in primary outcomes were revealed between the sequences."),
        ("en", "", "The proportion of patients was 5% in arm A and 6% in arm B."),
        ("en", "", "The odds ratio was lower. The remaining sixty were higher. A total of 5 were better."),
    ],
)
def test_no_outcome(language: Language, methods: str, results: str) -> None:
    assert outcomes(language, methods, results) == {}


@pytest.mark.parametrize(
    ("language", "text", "concept"),
    [
        ("en", "Mini-Mental State Examination", "mmse"),
        ("en", "nocturia", "nocturia"),
        ("en", "Cmax", "cmax"),
        ("zh", "获卵数", "oocyte-yield"),
        ("zh", "骨不连", "nonunion"),
        ("zh", "凝血酶原时间", "prothrombin-time"),
    ],
)
def test_outcomes_of_all_medicine_have_a_concept(language: Language, text: str, concept: str) -> None:
    sentence = f"{text} was higher in arm A than in arm B." if language == "en" else f"A组{text}高于B组。"
    opening = EN if language == "en" else ZH
    (facts,) = extract(document(language, methods=opening, results=sentence))
    assert [(e.names[0].concept or "").rpartition("/")[2] for e in facts.endpoints] == [concept]


@pytest.mark.parametrize(
    ("methods", "results", "names"),
    [
        ("Pain was assessed with the visual analogue scale.", "VAS was lower in arm A.", {"Pain", "VAS"}),
        (
            "Disablement was measured using the Oswestry Disability Index.",
            "ODI did not differ between arm A and arm B.",
            {"Disablement", "ODI"},
        ),
    ],
)
def test_an_instrument_names_what_it_alone_measures(methods: str, results: str, names: set[str]) -> None:
    (facts,) = extract(document("en", methods=f"{EN} {methods}", results=results))
    (endpoint,) = facts.endpoints
    assert names <= {name.text for name in endpoint.names}


def test_declarations_name_no_clauses_and_no_times() -> None:
    methods = (
        "The primary outcomes were zibble width, performed at baseline, 3 months after surgery and time to relapse. "
        "Secondary outcomes were tested for superiority."
    )
    assert outcomes("en", methods, "None.") == {"zibble width": "primary", "time to relapse": "primary"}


def test_phrases_end_before_words_that_belong_to_what_follows() -> None:
    found = outcomes(
        "en", "", "The rate of neutropenia in the arm A was 5%. Time to first relapse was longer in arm A."
    )
    assert not any(name.endswith((" in", " the", " of", " to")) for name in found)
    assert "Time to first relapse" in found


def test_phrases_begin_behind_denials_and_end_before_grades() -> None:
    found = outcomes(
        "en",
        "Women were randomised to arm A or arm B.",
        "Non-haematological adverse events of grade 3-4 occurred in 5% in arm A and 7% in arm B. "
        "No treatment-related deaths occurred in either arm.",
    )
    assert "treatment-related deaths" in found
    assert not any(name.endswith(" grade") for name in found)


def test_several_instruments_are_several_outcomes() -> None:
    methods = "Pain was assessed with the visual analogue scale and the McGill Pain Questionnaire."
    results = "VAS was lower in arm A. McGill Pain Questionnaire scores did not differ between arm A and arm B."
    assert len(outcomes("en", methods, results)) == 3


def test_events_given_as_examples_have_no_result() -> None:
    results = "Adverse events were fewer in arm A. The most common were headache and nausea."
    assert set(outcomes("en", "", results)) == {"Adverse events"}


def test_numbered_outcomes_are_not_one() -> None:
    results = "Interleukin-6 was lower in arm A than in arm B. Interleukin-8 was higher in arm A than in arm B."
    assert set(outcomes("en", "", results)) == {"Interleukin-6", "Interleukin-8"}


def test_declared_by_a_heading() -> None:
    text = (
        "Zibbling for neck pain: a randomised trial\n\n"
        "Methods:\nIn this trial 200 adults were randomly assigned to zibbling or usual care.\n"
        "Main outcome measures:\nZibble width of the neck at 6 weeks.\n"
        "Results:\nZibble width was lower with zibbling than with usual care (P = 0.01).\n"
    )
    (facts,) = extract(read_bytes(text.encode(), "paper.txt"))
    assert [(e.role, e.names[0].text) for e in facts.endpoints] == [("primary", "Zibble width of the neck at 6 weeks")]


def test_a_verb_is_no_part_of_what_the_model_marks() -> None:
    text = "Median survival was 20 months in arm A and 15 months in arm B."
    found = read_language(document("en", methods=EN, results=text), "en", models=False)
    place = found.normal.index("Median survival")
    cut = before_verb(found, Span(place, place + len("Median survival was")))
    assert found.text(cut) == "Median survival"
