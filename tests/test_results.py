"""What a number belongs to: a grammar book of the ways in which trials report results.

Each example gives the sentences of a report and what must be read of them, one line for each result:
endpoint | measure value | arms | subgroup | time point.
"""

import pytest
from texts import document

from extractors.documents import Language
from extractors.findings import Facts, Name
from extractors.pipelines import extract

EN = "Patients were randomly assigned to systemic therapy alone (arm A) or surgery plus systemic therapy (arm B)."
EN_ENDPOINTS = "The primary endpoint was overall survival (OS); local relapse-free survival (LRFS) was secondary."
ZH = "患者被随机分配至单纯全身治疗组（A组）或手术联合全身治疗组（B组）。"
ZH_ENDPOINTS = "主要终点为总生存期（OS），次要终点为局部无复发生存期（LRFS）。"

EXAMPLES: list[tuple[Language, str, list[str]]] = [
    # A name beside each value.
    ("en", "Median OS was 69 months in arm A and 75 months in arm B.", ["OS | median 69 | A", "OS | median 75 | B"]),
    ("en", "Median OS was 69 months (arm A) and 75 months (arm B).", ["OS | median 69 | A", "OS | median 75 | B"]),
    ("zh", "中位OS分别为69个月（A组）和75个月（B组）。", ["OS | median 69 | A", "OS | median 75 | B"]),
    ("zh", "A组的中位OS为69个月，B组为75个月。", ["OS | median 69 | A", "OS | median 75 | B"]),
    # A value for all of the people before those of the arms belongs to neither.
    (
        "en",
        "Surgery helped: median OS was 76.8 months, with 65.2 months in arm A and 92.6 months in arm B.",
        ["OS | median 65.2 | A", "OS | median 92.6 | B"],
    ),
    # By how much one arm has less than the other.
    (
        "en",
        "Patients in arm B had an OS on average 1.8 (95% CI 1.2 to 2.4) points lower than patients in arm A.",
        ["OS | MD 1.8 | B A"],
    ),
    ("en", "OS differed: arm B versus arm A: 2.1 (95% CI 0.4 to 3.8).", ["OS | MD 2.1 | B A"]),
    # The time that a rate is of is no value.
    (
        "en",
        "Mean LRFS events were 3.1 per 4 weeks in arm A and 5.2 per 4 weeks in arm B.",
        ["LRFS events | mean 3.1 | A", "LRFS events | mean 5.2 | B"],
    ),
    # Of two names before the values only the second is known: the first value is of the other arm.
    ("en", "In both case and arm B patients OS fell (69 vs 75 months).", ["OS | other 69 | A", "OS | other 75 | B"]),
    # Two lists in the same order.
    (
        "en",
        "In arms A and B, median OS was 69 and 75 months, respectively.",
        ["OS | median 69 | A", "OS | median 75 | B"],
    ),
    ("zh", "A组和B组的中位OS分别为69个月和75个月。", ["OS | median 69 | A", "OS | median 75 | B"]),
    ("zh", "B组与A组的中位OS分别为75和69个月。", ["OS | median 75 | B", "OS | median 69 | A"]),
    (
        "zh",
        "B组总有效率95.6%，高于A组的74.6%。",
        ["总有效率 | proportion 95.6 | B", "总有效率 | proportion 74.6 | A", "总有效率 | first higher | B A"],
    ),
    (
        "zh",
        "B组死亡率 8.1%，A组 7.6%，两组相近。",
        ["死亡率 | proportion 8.1 | B", "死亡率 | proportion 7.6 | A", "死亡率 | no difference | B A"],
    ),
    # One arm opens a clause, and the clause goes on about it.
    (
        "zh",
        "A组死亡率为33.3%，泽布率为22.2%，住院时间(9±1)d；B组死亡率为30.1%。",
        [
            "死亡率 | proportion 33.3 | A",
            "泽布率 | proportion 22.2 | A",
            "住院时间 | mean 9 | A",
            "死亡率 | proportion 30.1 | B",
        ],
    ),
    # A sentence that sets two values against each other is on both arms, whatever the one before it was on.
    (
        "zh",
        "B组住院时间显著缩短。死亡例数亦减少，两组死亡率差异无显著性（7% vs 9%，P=0.59）。",
        [
            "死亡率 | proportion 7 | B",
            "死亡率 | proportion 9 | A",
            "住院时间 | first lower | B A",
            "死亡率 | no difference | B A",
        ],
    ),
    # What is compared with comes first in Chinese, and its value last.
    (
        "zh",
        "与A组比较，B组死亡率更低（5.1%比9.2%，P=0.03）。",
        ["死亡率 | proportion 5.1 | B", "死亡率 | proportion 9.2 | A", "死亡率 | first lower | B A"],
    ),
    (
        "zh",
        "与A组相比，B组住院时间更短［10（7，14）d比12（7，19）d］。",
        ["住院时间 | median 10 | B", "住院时间 | median 12 | A", "住院时间 | first lower | B A"],
    ),
    # All values of an arm, then the comparison of all of them.
    (
        "zh",
        "B组死亡率为10.6%，泽布瘤为7.1%，血肿为8.4%，均高于A组。",
        [
            "死亡率 | proportion 10.6 | B",
            "泽布瘤 | proportion 7.1 | B",
            "血肿 | proportion 8.4 | B",
            "死亡率 | first higher | B A",
            "血肿 | first higher | B A",
        ],
    ),
    # The phrase before the verb names what the lexicon does not know; a verb may be a part of its head. "In the two
    # groups, respectively" goes by the order of the groups' labels, of which the sentence has named the first.
    (
        "zh",
        "A组死亡率为8.1%，两组患者泽布药使用率分别为56.7%和28.4%，泽布疗程≤24 h者分别为11.4%和29.9%。",
        [
            "死亡率 | proportion 8.1 | A",
            "泽布药使用率 | proportion 56.7 | B",
            "泽布药使用率 | proportion 28.4 | A",
            "泽布疗程≤24 h | proportion 11.4 | B",
            "泽布疗程≤24 h | proportion 29.9 | A",
        ],
    ),
    # A value said again in another unit is one result.
    (
        "zh",
        "A组和B组的中位OS分别为168天（5.6个月）和140天（4.7个月）。",
        ["OS | median 168 | A", "OS | median 140 | B"],
    ),
    # A pair across its spreads; a plus between two decimal numbers is a slip of print.
    (
        "en",
        "The duration of weaning was 35.2 ± 17.0 and 47.1 ± 21.0 hours in arm A and arm B, respectively.",
        ["duration of weaning | mean 35.2 | A", "duration of weaning | mean 47.1 | B"],
    ),
    (
        "en",
        "Blood loss was 210.4 +35.2 mL in arm A and 250.1 +40.3 mL in arm B.",
        ["Blood loss | mean 210.4 | A", "Blood loss | mean 250.1 | B"],
    ),
    # What a ratio follows counts people.
    (
        "en",
        "Stroke (19 vs. 3, OR 9.2, 95% CI 2.5 to 33.6) was more frequent in arm B than in arm A.",
        ["Stroke | count 19 | B", "Stroke | count 3 | A", "Stroke | OR 9.2 | B A"],
    ),
    # What is not significant of one outcome takes nothing back of another.
    (
        "en",
        "Pain was lower in arm B than in arm A (2.1 ± 0.4 vs 3.0 ± 0.5, P = 0.01), whereas the fall in fatigue was not "
        "significant (1.1 ± 0.4 vs 1.3 ± 0.5, P = 0.30).",
        [
            "Pain | mean 2.1 | B",
            "Pain | mean 3.0 | A",
            "fall in fatigue | mean 1.1 | B",
            "fall in fatigue | mean 1.3 | A",
            "Pain | first lower | B A",
            "fall in fatigue | no difference | B A",
        ],
    ),
    # The arm compared with is the reference, whatever is usual; an interval behind a semicolon.
    ("en", "Compared with arm B, arm A had a longer OS (HR 0.70; 95% CI 0.51 to 0.96).", ["OS | HR 0.70 | A B"]),
    (
        "en",
        "There were changes (difference B-A; 95% CI) in haemoglobin (-2.9; -5.7, -1.1) and albumin (-0.2; -0.4, -0.1) "
        "in arm B compared with arm A.",
        ["haemoglobin | MD -2.9 | B A", "albumin | MD -0.2 | B A"],
    ),
    # A time right before a share of people.
    (
        "zh",
        "A组的缓解率高于B组（15周89.1%比72.3%，33周88.2%比61.4%）。",
        [
            "缓解率 | proportion 89.1 | A |  | 15周",
            "缓解率 | proportion 72.3 | B |  | 15周",
            "缓解率 | proportion 88.2 | A |  | 33周",
            "缓解率 | proportion 61.4 | B |  | 33周",
            "缓解率 | first higher | A B |  | 15周",
            "缓解率 | first higher | A B |  | 33周",
        ],
    ),
    # A list of times whose unit is printed once.
    (
        "en",
        "At 6, 12 and 24 months, pain did not differ between arm A and arm B.",
        [f"pain | no difference | B A |  | {time}" for time in ("6", "12", "24 months")],
    ),
    # A value before treatment is no result where one after it follows.
    (
        "en",
        "In arm A, mean ferritin was 1005 ± 129 ng/mL before treatment and 241 ± 41 ng/mL after treatment.",
        ["ferritin | mean 241 | A"],
    ),
    ("zh", "A组铁蛋白治疗前为（1005±129）ng/mL，治疗后为（241±41）ng/mL。", ["铁蛋白 | mean 241 | A"]),
    # The primary endpoint may be spoken of as such.
    (
        "en",
        "The primary endpoint was longer in arm B than in arm A (P = 0.02).",
        ["overall survival | first higher | B A"],
    ),
    ("zh", "B组患者主要终点显著长于A组（P=0.02）。", ["总生存期 | first higher | B A"]),
    # A time that opens a Chinese sentence.
    (
        "zh",
        "6个月时，B组疼痛评分低于A组（2.1±0.4 vs 3.0±0.5，P=0.01）。",
        [
            "疼痛评分 | mean 2.1 | B |  | 6个月",
            "疼痛评分 | mean 3.0 | A |  | 6个月",
            "疼痛评分 | first lower | B A |  | 6个月",
        ],
    ),
    # The words say which arm has more, against the order of the numbers.
    (
        "en",
        "LRFS in arm B was longer than that in arm A (median 20 vs. 63 months).",
        ["LRFS | median 20 | A", "LRFS | median 63 | B", "LRFS | first higher | B A"],
    ),
    (
        "en",
        "LRFS was longer in arm B than in arm A (median 63 vs. 20 months).",
        ["LRFS | median 63 | B", "LRFS | median 20 | A", "LRFS | first higher | B A"],
    ),
    (
        "zh",
        "B组的LRFS长于A组（中位20个月 vs. 63个月）。",
        ["LRFS | median 20 | A", "LRFS | median 63 | B", "LRFS | first higher | B A"],
    ),
    # Effect estimates: the tested arm against the control, unless the text names them.
    ("en", "OS did not differ (HR 0.86, 90% CI 0.69-1.07).", ["OS | HR 0.86 | B A"]),
    ("en", "The HR for OS in arm A versus arm B was 1.16 (90% CI 0.93-1.45).", ["OS | HR 1.16 | A B"]),
    ("zh", "两组OS差异无统计学意义（HR 0.86，90%CI 0.69～1.07）。", ["OS | HR 0.86 | B A"]),
    # Two comparisons in one sentence.
    (
        "en",
        "Surgery improved LRFS (HR 0.42; 95% CI 0.33-0.53) but not OS (HR 0.86; 90% CI 0.69-1.07).",
        ["LRFS | HR 0.42 | B A", "OS | HR 0.86 | B A"],
    ),
    # One value said of both arms.
    (
        "en",
        "The response rate was 80% in both arms.",
        ["response rate | proportion 80 | A", "response rate | proportion 80 | B"],
    ),
    # Percentages with events and group sizes.
    (
        "en",
        "Neutropenia occurred in 6.3% (13 of 205 patients) in arm A and 5.5% (11 of 202 patients) in arm B.",
        ["Neutropenia | proportion 6.3 | A", "Neutropenia | proportion 5.5 | B"],
    ),
    # Time points.
    (
        "en",
        "The 2-year OS was 41.9% in arm A and 43.0% in arm B.",
        ["OS | proportion 41.9 | A |  | 2-year", "OS | proportion 43.0 | B |  | 2-year"],
    ),
    (
        "zh",
        "A组和B组2年总生存率分别为41.9%和43.0%。",
        ["2年总生存率 | proportion 41.9 | A |  | 2年", "2年总生存率 | proportion 43.0 | B |  | 2年"],
    ),
    # Subgroups, one estimate for each.
    (
        "en",
        "In subgroup analyses OS was longer with surgery in HER2-negative disease (HR 0.64, 95% CI 0.45-0.91) and in "
        "patients younger than 55 years (HR 0.57, 95% CI 0.38-0.86).",
        ["OS | HR 0.64 | B A | HER2-negative disease", "OS | HR 0.57 | B A | younger than 55 years"],
    ),
    # Comparisons in words.
    ("en", "There was no significant difference in OS between the arms.", ["OS | no difference | B A"]),
    (
        "en",
        "In the subgroup analysis, surgery was associated with improved OS in premenopausal patients.",
        ["OS | first higher | B A | premenopausal patients"],
    ),
    (
        "zh",
        "亚组分析显示，手术与绝经前患者的OS改善相关。",
        ["OS | first higher | B A | 绝经前患者"],
    ),
    # "The figures" are those of the outcome named before.
    (
        "en",
        "Pain occurred in 6.3% in arm A and 5.5% in arm B. After randomisation, the figures were 3.9% in arm A and "
        "6.0% in arm B.",
        [
            "Pain | proportion 6.3 | A",
            "Pain | proportion 5.5 | B",
            "Pain | proportion 3.9 | A",
            "Pain | proportion 6.0 | B",
        ],
    ),
    # A list of values along outcomes, or along times, of one arm.
    (
        "en",
        "In arm A, nausea and fatigue occurred in 20% and 63%, respectively.",
        ["nausea | proportion 20 | A", "fatigue | proportion 63 | A"],
    ),
    (
        "en",
        "In arm B, the pain score was 4.3 and 5.1 at 1 and 3 months, respectively.",
        ["pain score | other 4.3 | B |  | 1", "pain score | other 5.1 | B |  | 3 months"],
    ),
    ("zh", "A组恶心和乏力的发生率分别为20%和63%。", ["恶心 | proportion 20 | A", "乏力 | proportion 63 | A"]),
    # Where a change began is no result.
    (
        "en",
        "The pain score fell from 6.5 to 2.8 in arm A (P = 0.01).",
        ["pain score | other 2.8 | A"],
    ),
    (
        "en",
        "Systolic blood pressure changed in arm A (147 ± 57 to 152 ± 69 mmHg) and arm B (144 ± 66 to 204 ± 73 mmHg).",
        ["Systolic blood pressure | mean 152 | A", "Systolic blood pressure | mean 204 | B"],
    ),
    # The values of a change keep the order of the arms: words do not say whether the change or its end is larger.
    (
        "en",
        "The pain score reduction was greater in arm B than in arm A (-4.1 vs. -0.9 points).",
        [
            "pain score reduction | other -4.1 | B",
            "pain score reduction | other -0.9 | A",
            "pain score reduction | first higher | B A",
        ],
    ),
    # A percentage in brackets says the change before it again; another unit says the value again.
    (
        "en",
        "Weight fell by 4.9 kg (6.1%) in arm A and 5.0 kg (6.3%) in arm B.",
        [
            "Weight | other 4.9 | A",
            "Weight | other 6.1 | A",
            "Weight | other 5.0 | B",
            "Weight | other 6.3 | B",
        ],
    ),
    (
        "en",
        "Mean glucose was 15.0 mg/dL (0.8 mmol/L) in arm A and 16.2 mg/dL (0.9 mmol/L) in arm B.",
        ["glucose | mean 15.0 | A", "glucose | mean 16.2 | B"],
    ),
    # What one bracket is said to hold, the next holds too; the unit may stand behind the spread.
    (
        "en",
        "The turnover rate was 2.7 (range: 0.9 to 3.4) in arm A and 2.3 (1.9 to 2.7) \u03bcmol in arm B.",
        ["turnover rate | median 2.7 | A", "turnover rate | median 2.3 | B"],
    ),
    (
        "en",
        "Mean weight was 71.0 +/- 2.1 kg in arm A and 69.4 \u00b1 2.0 kg in arm B.",
        ["weight | mean 71.0 | A", "weight | mean 69.4 | B"],
    ),
    # A value of all people, then those of the arms in a bracket.
    (
        "en",
        "The response rate was 43.5% (arm A 36.8% vs arm B 54.2%).",
        ["response rate | proportion 36.8 | A", "response rate | proportion 54.2 | B"],
    ),
    # The estimates of a list whose measure is named once, and a difference whose kind stands behind it.
    (
        "en",
        "Pain (difference -0.41; P < 0.001), weight (-3.8 kg; P = 0.01) and body mass index (-2.3 kg/m2) fell more in "
        "arm B than in arm A.",
        ["Pain | MD -0.41 | B A", "weight | MD -3.8 | B A", "body mass index | MD -2.3 | B A"],
    ),
    (
        "en",
        "Weight fell more in arm B (between-group difference in adjusted mean change -3.8 kg; 95% CI -4.9 to -2.7).",
        ["Weight | MD -3.8 | B A"],
    ),
    # One arm is named for all of the values.
    (
        "en",
        "Arm B showed reductions in pain by 3%, weight by 4.5 kg and waist circumference by 5.0 cm.",
        ["reductions in pain | other 3 | B", "weight | other 4.5 | B", "waist circumference | other 5.0 | B"],
    ),
    (
        "en",
        "Nausea was reported by 4.7% and 5.7% of patients in arms A and B, in the respective groups.",
        ["Nausea | proportion 4.7 | A", "Nausea | proportion 5.7 | B"],
    ),
    # A number set against a number of people is one too; "n" behind a name counts those who have the outcome.
    (
        "en",
        "Five patients in arm A had a complete response compared with 2 in arm B.",
        ["complete response | count Five | A", "complete response | count 2 | B"],
    ),
    (
        "en",
        "The pain score was lower in arm B (4.1 \u00b1 1.2) compared to arm A (6.2 \u00b1 1.3).",
        ["pain score | mean 4.1 | B", "pain score | mean 6.2 | A", "pain score | first lower | B A"],
    ),
    (
        "en",
        "The pain score differed (arm A = 4.1 and arm B = 3.2).",
        ["pain score | other 4.1 | A", "pain score | other 3.2 | B"],
    ),
    (
        "en",
        "The response rate was 77.0% in arm A; pain occurred in arm A (7.0%) and B (9.9%).",
        ["response rate | proportion 77.0 | A", "pain | proportion 7.0 | A", "pain | proportion 9.9 | B"],
    ),
    # Times whose unit stands first, and lists of times before what they are counted from.
    (
        "en",
        "At week 24, the pain score was 4.1 in arm A versus 3.2 in arm B.",
        ["pain score | other 4.1 | A |  | week 24", "pain score | other 3.2 | B |  | week 24"],
    ),
    # A sentence without an arm goes on with the one arm of the sentence before.
    (
        "en",
        "In arm B, the pain score fell from 6.5 to 2.8. One and 3 months after treatment, the pain score was 4.3 and "
        "5.1, respectively.",
        [
            "pain score | other 2.8 | B",
            "pain score | other 4.3 | B |  | One",
            "pain score | other 5.1 | B |  | 3 months",
        ],
    ),
    (
        "en",
        "Nausea occurred in 2.2% (n = 1/46) in arm A and 13.0% (n = 6/46) in arm B.",
        ["Nausea | proportion 2.2 | A", "Nausea | proportion 13.0 | B"],
    ),
    # The ends of a stretch are no values.
    ("en", "In arm A pain eased (effect sizes = 0.19-0.60).", []),
    # What an arm is compared with comes second, whether or not the first is named.
    (
        "en",
        "Rates of nausea were lower compared with arm A (12% vs. 20%).",
        [
            "Rates of nausea | proportion 12 | B",
            "Rates of nausea | proportion 20 | A",
            "Rates of nausea | first lower | B A",
        ],
    ),
    # The same of others.
    (
        "en",
        "Nausea was more frequent in arm B than in arm A, as were pain and fatigue (all P < 0.05).",
        ["Nausea | first higher | B A", "fatigue | first higher | B A", "pain | first higher | B A"],
    ),
    # An outcome that the lexicon lacks is named by what carries its number.
    (
        "en",
        "Zibble width was smaller in arm A (-4.6 cm) than in arm B (-1.2 cm).",
        ["Zibble width | other -4.6 | A", "Zibble width | other -1.2 | B", "Zibble width | first lower | A B"],
    ),
    (
        "en",
        "Mean differences were seen in zibble width (-4.6 cm; 95% CI -6.8 to -2.3) and zobble depth (2.43 cm; 95% CI "
        "0.6 to 4.3).",
        ["zibble width | MD -4.6 | B A", "zobble depth | MD 2.43 | B A"],
    ),
    (
        "zh",
        "A组客观反应率（response rate，RR）为26%，B组RR为24%。",
        ["RR | proportion 26 | A", "RR | proportion 24 | B"],
    ),
    # An abbreviation means what the text says: a difference of incidences, an adjusted relative risk.
    (
        "en",
        "Nausea was rarer in arm B (cumulative incidence difference [CID], -6.0%; 95% CI, -17.2% to 5.2%). Vomiting "
        "was rarer, too (CID, -15.0%; 95% CI, -18.6% to -11.4%).",
        ["Nausea | RD -6.0 | B A", "Vomiting | RD -15.0 | B A"],
    ),
    (
        "en",
        "Nausea was more likely in arm B (adjusted relative risk [ARR] 1.33, 95% CI 1.05-1.68), as was vomiting "
        "(ARR 1.10, 95% CI 1.02-1.20).",
        ["Nausea | RR 1.33 | B A", "vomiting | RR 1.10 | B A"],
    ),
    # The word "difference" makes an estimate of the value behind it, of means or of proportions.
    (
        "en",
        "The pain score was lower in arm B (difference, -1.2 points; 95% CI -2.0 to -0.4).",
        ["pain score | MD -1.2 | B A"],
    ),
    (
        "en",
        "Nausea occurred in 20% in arm A and 15% in arm B (difference -5%; 95% CI -9% to -1%).",
        ["Nausea | proportion 20 | A", "Nausea | proportion 15 | B", "Nausea | RD -5 | B A"],
    ),
    # A percentage that says a ratio again in words is no fact of its own.
    (
        "en",
        "Surgery reduced the risk of nausea by 34% (RR 0.66; 95% CI 0.50-0.87).",
        ["risk of nausea | RR 0.66 | B A"],
    ),
    # Counts are the events of the percentages behind them.
    (
        "en",
        "Nausea was seen in 119 patients in arm A (39.7%) and 123 patients in arm B (41.3%).",
        ["Nausea | proportion 39.7 | A", "Nausea | proportion 41.3 | B"],
    ),
    # The outcome may stand right behind its value.
    (
        "en",
        "There were 7% complete responses in arm A and 12% complete responses in arm B.",
        ["complete responses | proportion 7 | A", "complete responses | proportion 12 | B"],
    ),
    # Nothing happened.
    (
        "en",
        "No severe bleeding was recorded in either arm.",
        ["severe bleeding | count No | A", "severe bleeding | count No | B"],
    ),
    ("zh", "两组均未记录到出血。", ["出血 | count 未 | A", "出血 | count 未 | B"]),
    ("en", "There was no improvement in pain in either arm.", ["pain | no difference | B A"]),
    # What is not a result.
    ("en", "Median follow-up was 25.3 months in arm A and 26.3 months in arm B.", []),
    ("en", "Assuming a median OS of 20 months in arm A and 26 months in arm B, 404 patients were required.", []),
    ("en", "In arm B, patients with positive margins had worse OS than those without (HR 1.97, 95% CI 1.16-3.35).", []),
    ("en", "Patients were aged 49 to 66 years in arm A and 50 to 65 years in arm B.", []),
]


def of(names: tuple[Name, ...]) -> str:
    return " ".join(name.text for name in names)


def lines(facts: Facts, printed: str) -> list[str]:
    """The results of the facts in the notation of the examples, in order of the text."""
    letters = {arm.key: letter for arm, letter in zip(facts.arms, "ABC", strict=False)}
    endpoints = {e.key: [name.text for name in e.names] for e in facts.endpoints}

    def name(key: str) -> str:
        return next((n for n in sorted(endpoints[key], key=len) if n in printed), endpoints[key][0])

    rows = []
    for contrast in facts.contrasts:
        arms = " ".join(letters[arm] for arm in contrast.arms or ())
        row = (name(contrast.endpoint), f"{contrast.measure} {contrast.value.text}", arms)
        rows.append((contrast.evidence[1].start, row, contrast.context))
    for value in facts.arm_results:
        row = (name(value.endpoint), f"{value.measure} {value.value.text}", letters[value.arm or ""])
        rows.append((value.evidence[1].start, row, value.context))
    for statement in facts.statements:
        arms = " ".join(letters[arm] for arm in statement.arms or ())
        row = (name(statement.endpoint), statement.direction, arms)
        rows.append((10**6 + statement.evidence[0].start, row, statement.context))
    ordered = sorted(rows, key=lambda entry: (entry[0], entry[1]))
    return [
        " | ".join([*row, of(context.subgroup), of(context.time_point)]).rstrip(" |") for _, row, context in ordered
    ]


@pytest.mark.parametrize(("language", "text", "expected"), EXAMPLES, ids=[text[:48] for _, text, _ in EXAMPLES])
def test_results(language: Language, text: str, expected: list[str]) -> None:
    arms, endpoints = (EN, EN_ENDPOINTS) if language == "en" else (ZH, ZH_ENDPOINTS)
    (facts,) = extract(document(language, methods=f"{arms} {endpoints}", results=text))
    assert lines(facts, text) == expected


def test_a_part_of_a_sum_may_have_parts_of_its_own() -> None:
    methods = (
        "Children were randomised to tablets only or tablets plus syrup. The primary endpoint was stool frequency."
    )
    results = "Relapses in four children: 3 early (1 tablets only, 2 tablets plus syrup), 1 late (tablets plus syrup)."
    (facts,) = extract(document("en", methods=methods, results=results))
    assert [(result.value.text, result.arm.split("-")[-2]) for result in facts.arm_results] == [("1", "tablets")]


def test_a_name_does_not_end_in_of() -> None:
    results = (
        "In arm B, no complications were reported. The incidence of early postoperative complications of grade 2 or "
        "worse was 6.4% (11 of 173 patients), while that of grade 3 complications was 1.2% (2 of 173 patients)."
    )
    (facts,) = extract(document("en", methods=f"{EN} {EN_ENDPOINTS}", results=results))
    names = {name.text for endpoint in facts.endpoints for name in endpoint.names}
    assert "incidence of early postoperative complications" in names
    assert not [name for name in names if name.endswith(" of")]
