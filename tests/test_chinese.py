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
