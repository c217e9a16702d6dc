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
        "Adults were randomized to 1 of 3 groups: 1) fasting (water only), 2) brisk walking, or 3) usual care.",
        [("fasting", "experimental", None), ("brisk walking", "experimental", None), ("usual care", "control", None)],
    ),
    (
        "en",
        "Infants were divided into 3 groups; A, formula-fed; B, breast-fed only; C, breast-fed with iron drops.",
        [
            ("formula-fed", "experimental", None),
            ("breast-fed", "comparator", None),
            ("breast-fed with iron drops", "comparator", None),
        ],
    ),
    (
        "en",
        "A total of 60 newborns were randomly assigned to either the study group (n = 31) or the control group "
        "(n = 29).",
        [("study group", "experimental", "31"), ("control group", "control", "29")],
    ),
    (
        "en",
        "Adults were randomized to either placebo, 400 IU vitamin D2 or 400 IU vitamin D3 once a month.",
        [
            ("placebo", "control", None),
            ("400 IU vitamin D2", "experimental", None),
            ("400 IU vitamin D3", "experimental", None),
        ],
    ),
    (
        "en",
        "Patients were randomly allocated to case and placebo groups.",
        [("case", "experimental", None), ("placebo groups", "control", None)],
    ),
    (
        "en",
        "Adults were randomised to placebo or sertraline 25, 50 and 100 mg.",
        [
            ("placebo", "control", None),
            ("sertraline 25 mg", "experimental", None),
            ("sertraline 50 mg", "experimental", None),
            ("sertraline 100 mg", "experimental", None),
        ],
    ),
    (
        "en",
        "Adults were randomly assigned to injections of 8 or 16 mg insulin per leg or to placebo.",
        [
            ("8 mg insulin per leg", "experimental", None),
            ("16 mg insulin per leg", "experimental", None),
            ("placebo", "control", None),
        ],
    ),
    (
        "en",
        "Women were randomised to 30 mg (n = 20) or 60 mg (n = 21) meloxicam or placebo (n = 19).",
        [("30 mg", "experimental", "20"), ("60 mg", "experimental", "21"), ("placebo", "control", "19")],
    ),
    (
        "en",
        "Infants were randomly divided into an observation group of 44 and a control group of 42.",
        [("observation group", "experimental", "44"), ("control group", "control", "42")],
    ),
    (
        "en",
        "Adults were randomly assigned to a group receiving mindfulness instructions or control instructions.",
        [("mindfulness instructions", "experimental", None), ("control instructions", "control", None)],
    ),
    (
        "en",
        "Adults were randomised to saline plus morphine or lidocaine plus morphine. There were no group differences.",
        [("saline plus morphine", "experimental", None), ("lidocaine plus morphine", "comparator", None)],
    ),
    (
        "en",
        "Adults were randomised to propofol plus normal saline (group C) or propofol plus lidocaine (group L).",
        [("propofol plus normal saline", "control", None), ("propofol plus lidocaine", "experimental", None)],
    ),
    (
        "en",
        "This was a trial of adults (N = 79) assigned to walking (n = 36) or yoga (n = 43).",
        [("walking", "experimental", "36"), ("yoga", "comparator", "43")],
    ),
    (
        "zh",
        "79例服用二甲双胍的患者按1:1随机分配接受舍曲林（n=36）或安慰剂（n=43）。",
        [("舍曲林", "experimental", "36"), ("安慰剂", "control", "43")],
    ),
    (
        "en",
        "Patients were randomised to placebo (n = 40) or delayed-release metformin (n = 41).",
        [("placebo", "control", "40"), ("delayed-release metformin", "experimental", "41")],
    ),
    (
        "zh",
        "患者随机接受安慰剂或舍曲林25、50、100 mg治疗。",
        [
            ("安慰剂", "control", None),
            ("舍曲林25 mg", "experimental", None),
            ("舍曲林50 mg", "experimental", None),
            ("舍曲林100 mg", "experimental", None),
        ],
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
    (
        "en",
        "Patients were randomised into three groups: a knee block group (group K, n = 17), a hip block group "
        "(group H, n = 18), and a control group (n = 19).",
        [
            ("knee block group", "experimental", "17"),
            ("hip block group", "experimental", "18"),
            ("control group", "control", "19"),
        ],
    ),
    (
        "en",
        "Patients were randomly assigned to one of three groups: A, 60 mg pamidronate daily; B, 90 mg pamidronate "
        "daily; and C, no treatment.",
        [
            ("60 mg pamidronate daily", "experimental", None),
            ("90 mg pamidronate daily", "experimental", None),
            ("no treatment", "control", None),
        ],
    ),
    (
        "en",
        "Between 1999 and 2003, 900 women were randomised: E → CMF 310, CMF → E 300, and CMF 290.",
        [("E → CMF", "experimental", "310"), ("CMF → E", "comparator", "300"), ("CMF", "comparator", "290")],
    ),
    (
        "en",
        "Women with metastases (N = 228) were randomly assigned to zoledronic acid (n = 114) or placebo (n = 114).",
        [("zoledronic acid", "experimental", "114"), ("placebo", "control", "114")],
    ),
    (
        "en",
        "We randomised people to follow-up invitations by either telephone advice or mailed advice for six weeks.",
        [("telephone advice", "experimental", None), ("mailed advice", "comparator", None)],
    ),
    (
        "zh",
        "入组900例患者：手术组310例，放疗组300例，对照组290例。",
        [("手术组", "experimental", "310"), ("放疗组", "experimental", "300"), ("对照组", "control", "290")],
    ),
    (
        "zh",
        "患者随机分为对照组、A观察组与B观察组，各32例。A观察组用泽布，B观察组用佐布。",
        [("对照组", "control", "32"), ("A观察组", "experimental", "32"), ("B观察组", "experimental", "32")],
    ),
    (
        "zh",
        "患者随机接受罗哌卡因或安慰剂，共24周，之后停药。",
        [("罗哌卡因", "experimental", None), ("安慰剂", "control", None)],
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


def test_denominators_that_add_up_to_all_people_are_the_sizes() -> None:
    found = read(
        "en",
        methods="Patients were randomised to perhexiline or placebo.",
        results="Of those, 286 patients were randomised. Death occurred in 36.7% (51/139) on perhexiline and 34.7% "
        "(51/147) on placebo. Pain occurred in 10/20 on perhexiline and 12/22 on placebo.",
    )
    assert [arm.size and arm.size.value for arm in found.arms] == [139, 147]


def test_a_part_of_a_treatment_is_not_its_name() -> None:
    found = read(
        "en",
        methods="Adults were randomised to daily feedback on steps (FDS) therapy including a step counter (n = 31) or "
        "to advice by mail (n = 29).",
    )
    assert [arm.size and arm.size.value for arm in found.arms] == [31, 29]
    assert "FDS" in [name.text for name in found.arms[0].names]


def test_events_and_completers_are_no_arm_sizes() -> None:
    found = read(
        "en",
        methods="Seventy-six adults were randomised to a mask (M) or a tube (T).",
        results="Adverse events were rare (M, n = 3 vs. T, n = 4). Sixty-eight adults (M 33 and T 35) "
        "completed the study.",
    )
    assert [arm.size for arm in found.arms] == [None, None]


def test_one_number_before_the_whole_list_is_no_arm_size() -> None:
    found = read("en", methods="Ninety patients were randomized to receive clopidogrel or placebo.")
    assert [arm.size for arm in found.arms] == [None, None]


@pytest.mark.parametrize(
    "text",
    [
        "Of these, 31 were assigned to the yoga group and 29 to the stretching group.",
        "The yoga group (group Y, n = 31) met weekly; the stretching group (group S, n = 29) did not.",
        "Thirty-one and 29 participants were allocated to the yoga and the stretching groups.",
        "There were 31 (52%) in the yoga group and 29 (48%) in the stretching group, and all were analysed.",
        "Sixty people were enrolled: 31 in the yoga group, 29 in the stretching group.",
        "The yoga group included 31 people and the stretching group comprised 29 people.",
        "All finished (n = 31 and n = 29 for the yoga group and the stretching group, respectively).",
        "We enrolled 31 (median [range] age, 50 [20-70] years) in the yoga group and 29 (median [range] age, 51 "
        "[22-70] years) in the stretching group.",
    ],
)
def test_the_wordings_of_group_sizes(text: str) -> None:
    found = read("en", methods=f"People were randomised to a yoga group or a stretching group. {text}")
    assert [arm.size and arm.size.value for arm in found.arms] == [31, 29]


@pytest.mark.parametrize(
    "text",
    [
        "People were randomised to yoga, stretching or usual care, with 25 people in each group.",
        "People were randomised to yoga, stretching or usual care (n = 25 per group).",
        "People were divided into yoga, stretching, and usual care groups each containing 25 people.",
        "People were randomised to three groups of 25 people: yoga, stretching or usual care.",
    ],
)
def test_a_size_that_all_groups_share(text: str) -> None:
    assert [arm.size and arm.size.value for arm in read("en", methods=text).arms] == [25, 25, 25]


@pytest.mark.parametrize(
    "text",
    [
        "Relapse occurred in 12 patients in the yoga group and 18 patients in the stretching group.",
        "The yoga group had 12 deaths and the stretching group had 18 deaths.",
        "Pain relief was reported by 12 in the yoga group and 18 in the stretching group.",
    ],
)
def test_people_to_whom_something_happened_are_no_group_size(text: str) -> None:
    found = read("en", methods="People were randomised to a yoga group or a stretching group.", results=text)
    assert [arm.size for arm in found.arms] == [None, None]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "This randomized, double-blind trial was conducted to assess efficacy and safety."),
        ("en", "Blood glucose control was good and disease control was better."),
    ],
)
def test_no_arms_are_invented(language: Language, text: str) -> None:
    assert read(language, methods=text).arms == []


@pytest.mark.parametrize(
    "text",
    [
        "Pupils were randomised to warm or cold drinks. A change was seen in the cortex (Max: x = 40, "
        "y = \u221220, z = 12), in the left (x = \u221234, y = 32, z = 20).",
        "In the task pupils were randomly assigned to happy or calm faces (1 for happy, \u20131 for calm).",
    ],
)
def test_numbers_below_one_are_no_sizes(text: str) -> None:
    assert not [arm for arm in read("en", methods=text).arms if arm.size or arm.names[0].text in ("x", "y")]


@pytest.mark.parametrize(
    ("language", "parts", "expected"),
    [
        # Groups that only the results name.
        (
            "en",
            {"methods": "Participants were randomised.", "results": "Pain was lower in the yoga group than in the "
             "stretching group. Sleep was better in the yoga group."},
            [{"yoga group"}, {"stretching group"}],
        ),
        # One word for a group behind several names.
        (
            "en",
            {"methods": "Patients were randomised to three groups.", "results": "Pain was lower in the ketamine and "
             "esmolol groups than in the control group."},
            [{"ketamine"}, {"esmolol groups"}, {"control group"}],
        ),
        # What each group was given is a name of it.
        (
            "en",
            {"methods": "Patients were randomly allocated to two groups. The control group received saline. The "
             "intervention group received oral magnesium."},
            [{"control group", "saline"}, {"intervention group", "oral magnesium"}],
        ),
        # The title says what was tested, the text that it was tested against placebo.
        (
            "en",
            {"title": "Effect of vildagliptin on liver fat", "results": "Liver fat fell with vildagliptin but not "
             "with placebo."},
            [{"vildagliptin"}, {"placebo"}],
        ),
        # Two names of one group, of which one stands in brackets, are one arm.
        (
            "en",
            {"methods": "Patients were allocated to a saline group (group S), a ketamine group (group K), or a "
             "ketamine plus esmolol group (group KE).", "results": "Pain was lower in group K and group KE than in "
             "group S. Group KE slept better than group K."},
            [{"saline group", "group S"}, {"ketamine group", "group K"}, {"ketamine plus esmolol group", "group KE"}],
        ),
        # The second verb is left out.
        (
            "en",
            {"methods": "Patients were randomly divided into two groups. The first group received 200 mg of lidocaine, "
             "and the second group, 200 mg of lidocaine with ketorolac."},
            [{"first group", "200 mg of lidocaine"}, {"second group", "200 mg of lidocaine with ketorolac"}],
        ),
        # What stands behind a bracket may say more of what stands before it.
        (
            "en",
            {"methods": "Subjects drank a plum beverage (450 ml) made with dried fruit (n = 22) or a placebo beverage "
             "(n = 23)."},
            [{"plum beverage"}, {"placebo beverage"}],
        ),
        # The arms stand only in a bracket, each with its number.
        (
            "en",
            {"methods": "Ninety patients (30 placebo; 60 vildagliptin) took part.", "results": "Liver fat fell."},
            [{"placebo"}, {"vildagliptin"}],
        ),
        # Labels and names of the same groups are not four arms.
        (
            "en",
            {"methods": "Cases were assigned at random. In group A lasers were used, while group B had an incision.",
             "results": "Stay was shorter in the laser group than in the open group. Pain was lower in group A than in "
             "group B, and blood loss was less in the laser group than in the open group."},
            [{"laser group"}, {"open group"}],
        ),
        # One treatment was compared with two.
        (
            "en",
            {"methods": "In part B, vildagliptin (5 or 10 mg daily) was compared with placebo and open-label "
             "metformin in 90 patients with diabetes."},
            [{"vildagliptin"}, {"placebo"}, {"open-label metformin"}],
        ),
        # Chinese sets no blanks between a name and the words before it.
        (
            "zh",
            {"methods": "患者随机分为两组。", "results": "血压在训练组低于对照组。训练组睡眠更好。"},
            [{"训练组"}, {"对照组"}],
        ),
    ],
)  # fmt: skip
def test_the_arms_of_a_whole_abstract(language: Language, parts: dict[str, str], expected: list[set[str]]) -> None:
    found = read(language, **parts)
    assert len(found.arms) == len(expected)
    for arm, names in zip(found.arms, expected, strict=True):
        assert names <= {name.text for name in arm.names}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Twelve lakes were compared. Growth was higher in the older age group than in the younger age group."),
        ("en", "The International Breast Cancer Study Group ran two trials and the Eastern Oncology Group one."),
        ("en", "Women randomised to treatment reported sleep, pain and fatigue with the Pittsburgh index."),
    ],
)
def test_groups_that_are_no_arms(language: Language, text: str) -> None:
    assert read(language, results=text).arms == []


def test_sizes_listed_in_the_order_of_the_arms() -> None:
    found = read(
        "en",
        methods="Clinics were randomised to a control arm or an intervention arm.",
        results="A total of 1385 women were analysed: 758 and 627 in the control and intervention arms respectively.",
    )
    assert {arm.role: arm.size.text for arm in found.arms if arm.size} == {"control": "758", "experimental": "627"}


def test_the_control_is_what_the_control_group_was_given() -> None:
    found = read(
        "en",
        methods="Patients were randomised to bupivacaine or ropivacaine. The control group received bupivacaine.",
    )
    assert [(arm.names[0].text, arm.role) for arm in found.arms] == [
        ("bupivacaine", "control"),
        ("ropivacaine", "experimental"),
    ]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "Median time to placement was lower for the curved tube (6.1 s; 95% CI 5.2-6.9), the soft mask (7.9 s; "
            "95% CI 6.9-9.0) and the short blade (8.8 s; 95% CI 7.3-10.3) than for the long blade (39.4 s; "
            "95% CI 34-44).",
            {"curved tube", "soft mask", "short blade", "long blade"},
        ),
        (
            "Reductions were largest at week 8: evolocumab plus placebo, 47.4%; evolocumab plus ezetimibe, 56.6%; "
            "evolocumab plus fenofibrate, 54.3%.",
            {"evolocumab plus placebo", "evolocumab plus ezetimibe", "evolocumab plus fenofibrate"},
        ),
    ],
)
def test_arms_that_only_the_results_name(text: str, wanted: set[str]) -> None:
    methods = "Nurses were randomly assigned to different devices. A curved tube and a short blade were at hand."
    found = read("en", methods=methods, results=f"{text} The soft mask and the long blade were well accepted.")
    assert {arm.names[0].text for arm in found.arms} == wanted


def test_outcomes_with_two_values_each_are_no_arms() -> None:
    text = "Events with aspirin and with placebo were nausea (13% vs 22%) and diarrhoea (19% vs 11%)."
    found = read("en", methods="Adults were randomly assigned to aspirin or placebo.", results=text)
    assert [arm.names[0].text for arm in found.arms] == ["aspirin", "placebo"]
