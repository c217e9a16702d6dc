"""What Chinese does otherwise: words without blanks, sizes of groups, clauses with subjects of their own."""

import pytest
from texts import read


@pytest.mark.parametrize(
    "text",
    [
        "将患者随机分为观察组与对照组，每组32例。",
        "将患者随机分为观察组与对照组，每组32例，观察两组患者疼痛评分的变化。",
        "将64例患者随机分为观察组和对照组各32例，对照组给予常规治疗。",
        "将患者随机分为观察组与对照组（各组32例）。",
        "观察组与对照组分别入组32例、32例患者。",
        "32例患者（50.1±6.5岁）和32例患者（51.5±7.8岁）分别随机分至观察组和对照组。",
        "患者64例，随机分成两组，观察组（甲药80 mg/m2第1～5天＋乙药130 mg/m2第1天静脉滴注，每21天重复）32例，"
        "对照组（甲药80 mg/m2第1～5天＋丙药25 mg/m2第1～3天静脉滴注，每21天重复）32例，治疗后评价不良反应。",
    ],
)
def test_the_wordings_of_group_sizes(text: str) -> None:
    found = read("zh", methods=f"患者随机分为观察组和对照组。{text}")
    assert [(arm.names[0].text, arm.size and arm.size.text) for arm in found.arms] == [
        ("观察组", "32"),
        ("对照组", "32"),
    ]


def test_events_in_a_bracket_are_no_group_sizes() -> None:
    found = read(
        "zh",
        methods="364例患者随机分配接受化疗或手术（化疗组182例，手术组182例）。",
        results="39例患者死亡（化疗组14例，手术组25例）。",
    )
    assert [arm.size and arm.size.text for arm in found.arms] == ["182", "182"]


def test_denominators_that_add_up_to_those_enrolled_are_the_sizes() -> None:
    found = read(
        "zh",
        methods="患者随机分为居家组和门诊组。",
        results="共入组216例患者。居家组复检率为46%（50/109），门诊组为23%（25/107）。",
    )
    assert [arm.size and arm.size.text for arm in found.arms] == ["109", "107"]


def test_a_number_of_two_groups_is_not_that_of_each() -> None:
    found = read("zh", methods="患者随机分为观察组和对照组，两组64例患者均接受手术。")
    assert [arm.size for arm in found.arms] == [None, None]


def test_two_words_that_meet_make_no_third() -> None:
    found = read("zh", results="治疗组成功率为80%，对照组分别为60%和50%，有效组分含量升高。")
    groups = [found.text(term) for term in found.terms if term.name == "group"]
    assert groups == ["组", "组"]


def test_outcomes_listed_for_one_arm_keep_it() -> None:
    found = read(
        "zh",
        methods="90例患者随机分为超声组和标志组。",
        results="标志组血肿发生率为8.4%，血胸为1.7%，气胸为2.4%，均显著高于超声组（P<0.001）。",
    )
    values = [
        (link.quantity.number.text, found.endpoints[link.endpoint].names[0].text, link.arms)
        for link in found.results
        if link.quantity
    ]
    assert values == [("8.4", "血肿发生率", (1,)), ("1.7", "血胸", (1,)), ("2.4", "气胸", (1,))]


ARMS = "60例患者随机分为观察组和对照组，观察组给予甲药，对照组给予乙药。"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "观察组1年、3年生存率分别为90.0%、70.0%，对照组分别为80.0%、55.0%。",
            [("90.0", 0, "1年"), ("70.0", 0, "3年"), ("80.0", 1, "1年"), ("55.0", 1, "3年")],
        ),
        (
            "观察组和对照组1、2、3年总生存率分别为77.9%、44.4%、37.3%及75.8%、56.3%、41.7%（P=0.79）。",
            [
                ("77.9", 0, "1"),
                ("44.4", 0, "2"),
                ("37.3", 0, "3年"),
                ("75.8", 1, "1"),
                ("56.3", 1, "2"),
                ("41.7", 1, "3年"),
            ],
        ),
    ],
)
def test_values_along_times_stay_with_their_arm(text: str, expected: list[tuple[str, int, str]]) -> None:
    found = read("zh", methods=ARMS, results=text)
    assert [
        (link.quantity.number.text, link.arms[0], link.time_point and found.text(link.time_point))
        for link in found.results
        if link.quantity
    ] == expected


@pytest.mark.parametrize(
    "text",
    [
        "观察组恶心、呕吐发生率分别为7.9%、4.4%，对照组分别为15.8%、6.3%。",
        "观察组恶心和呕吐发生率分别为7.9%和4.4%，对照组分别为15.8%和6.3%。",
        "观察组和对照组恶心、呕吐发生率分别为7.9%、4.4%和15.8%、6.3%。",
    ],
)
def test_a_list_of_outcomes_read_as_one_name_is_taken_apart(text: str) -> None:
    found = read("zh", methods=ARMS, results=text)
    values = [
        (link.quantity.number.text, found.endpoints[link.endpoint].names[0].text, link.arms)
        for link in found.results
        if link.quantity
    ]
    assert values == [("7.9", "恶心", (0,)), ("4.4", "呕吐", (0,)), ("15.8", "恶心", (1,)), ("6.3", "呕吐", (1,))]


@pytest.mark.parametrize("text", ["两组均未见严重不良事件。", "两组均无死亡病例。", "两组均未发生出血。"])
def test_what_no_arm_had_counts_none(text: str) -> None:
    found = read("zh", methods=ARMS, results=text)
    assert [(link.statistic, link.quantity and link.quantity.number.value, link.arms) for link in found.results] == [
        ("count", 0, (0,)),
        ("count", 0, (1,)),
    ]


def test_a_group_called_by_its_treatment_is_the_tested_arm() -> None:
    found = read(
        "zh",
        title="口服甲酰胺对口腔黏膜炎的影响",
        methods="70例患者随机分组：研究组（n=35）于放疗前口服甲酰胺混悬液，对照组（n=35）不予处理。",
        results="甲酰胺组32例（91.43%）、对照组34例（97.15%）发生黏膜炎。",
    )
    values = [(link.quantity.number.text, link.arms) for link in found.results if link.quantity]
    assert values == [("91.43", (0,)), ("97.15", (1,))]


def test_a_plain_number_with_an_interval_is_a_mean() -> None:
    found = read(
        "zh",
        methods=ARMS,
        results="观察组二氧化碳分压为5.9 kPa（95%置信区间5.4～6.5），对照组为8.3 kPa（95%置信区间7.2～9.5）。",
    )
    assert [(link.quantity.number.text, link.statistic) for link in found.results if link.quantity] == [
        ("5.9", "mean"),
        ("8.3", "mean"),
    ]
