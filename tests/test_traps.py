"""Sentences that look like one thing and are another, each in a whole abstract and through the whole reading.

Every case names lines that must be read and lines that must not. A line is one finding:
``HR 0.81 ci 0.64..1.03 at 95 p=0.09; overall survival; drug > placebo`` for an estimate (the arm it is for > the
reference), ``median 34.9 ci 28.8..40 at 95; overall survival; drug`` for a value of an arm,
``first higher p<0.05; endpoint; drug > placebo`` for a comparison in words, and ``design allocation randomised``,
``count randomised 521``, ``arm control placebo 205``, ``own NCT01942135`` and ``mentioned NCT01942135`` for the rest.
Names of one thing are joined by " / ". In a pattern a star stands for anything.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

import pytest

from extractors.findings import Count, Facts, Interval, Name, PValue
from extractors.pipelines import NotATrial, extract
from extractors.readers import read_bytes

REFUSED = "refused"


@dataclass(frozen=True)
class Trap:
    """An abstract with what must be and what must not be read of it."""

    kind: str
    text: str
    read: tuple[str, ...] = ()
    never: tuple[str, ...] = ()


TRAPS = [
    # An hour is no hazard ratio.
    Trap(
        "hour",
        """Early feeding after bowel surgery: a randomised trial
BACKGROUND: When to feed after surgery is not settled.
METHODS: We randomly assigned 240 patients after bowel surgery to early feeding or late feeding. The primary \
outcome was time to first flatus.
RESULTS: Median time to first flatus was 18 hr (95% CI 15-21) with early feeding and 31 hr (95% CI 27-36) with \
late feeding (p<0.001).
CONCLUSION: Early feeding speeds recovery.
""",
        read=(
            "median 18 ci 15..21 at 95; *flatus*; early feeding*",
            "median 31 ci 27..36 at 95; *flatus*; late feeding*",
        ),
        never=("HR *",),
    ),
    Trap(
        "hour",
        """Ketamine for pain after hip surgery
OBJECTIVE: To test ketamine against saline for pain after hip surgery.
METHODS: In this double-blind trial, 96 adults were randomised to ketamine or saline. The primary endpoint was \
pain intensity at 24 hr.
RESULTS: Pain intensity at 24 hr was lower with ketamine than with saline (mean 2.4 vs 3.9; p=0.01). The drug was \
infused for 0.5 hr (0.4-0.6 hr).
CONCLUSION: Ketamine eases pain.
""",
        read=("mean 2.4*; *ain intensity*; ketamine*", "mean 3.9*; *ain intensity*; saline*"),
        never=("HR *",),
    ),
    Trap(
        "hour",
        """术后早期进食的随机对照试验
目的：比较肠道手术后早期与延迟进食。
方法：240例肠道手术患者随机分为早期进食组和延迟进食组。主要终点为首次排气时间。
结果：早期进食组首次排气时间中位数为18 hr（95%CI 15～21），延迟进食组为31 hr（95%CI 27～36），P<0.001。
结论：早期进食加快恢复。
""",
        read=(
            "median 18 ci 15..21 at 95; *首次排气时间*; 早期进食*",
            "median 31 ci 27..36 at 95; *首次排气时间*; 延迟进食*",
        ),
        never=("HR *",),
    ),
    # "CI" may be a name.
    Trap(
        "CI as a name",
        """Dobutamine in septic shock: a randomised trial
BACKGROUND: Whether dobutamine raises the cardiac index (CI) in septic shock is unclear.
METHODS: We randomly assigned 88 patients with septic shock to dobutamine or placebo. The primary outcome was the \
CI at 6 hours.
RESULTS: Mean CI was 3.1 (SD 0.6) L/min/m2 with dobutamine and 2.6 (SD 0.5) L/min/m2 with placebo (p=0.002). A CI \
of 2.2-4.0 was held to be normal.
CONCLUSION: Dobutamine raises the cardiac index.
""",
        read=("mean 3.1*; *; dobutamine*", "mean 2.6*; *; placebo*"),
        never=("* ci 2.2..4*",),
    ),
    Trap(
        "CI as a name",
        """Drug delivery by continuous infusion (CI) or bolus in sarcoma
METHODS: Patients with sarcoma were randomised to doxorubicin by CI (arm A, n = 61) or by bolus (arm B, n = 63). \
The primary endpoint was overall survival.
RESULTS: The response rate was 24% (CI 5 days) and 21% (bolus 1 day). Overall survival did not differ (HR 0.95, \
95% CI 0.66-1.37).
CONCLUSIONS: Either schedule may be used.
""",
        read=("HR 0.95 ci 0.66..1.37 at 95; overall survival*; *",),
        never=("* ci 5*", "* ci 1..*"),
    ),
    Trap(
        "CI as a name",
        """多巴酚丁胺治疗感染性休克的随机试验
背景：多巴酚丁胺能否提高心脏指数（CI）尚不明确。
方法：88例感染性休克患者随机分为多巴酚丁胺组和安慰剂组，主要终点为6小时CI。
结果：多巴酚丁胺组平均CI为3.1±0.6，安慰剂组为2.6±0.5，P=0.002。CI 2.2～4.0为正常。
结论：多巴酚丁胺可提高心脏指数。
""",
        never=("* ci 2.2..4*",),
    ),
    # The p-value of an interaction belongs to no comparison of arms.
    Trap(
        "interaction",
        """Statin therapy after stroke
METHODS: We randomly assigned 1200 patients with stroke to atorvastatin or placebo. The primary endpoint was \
recurrent stroke.
RESULTS: Recurrent stroke was reduced with atorvastatin (HR 0.78, 95% CI 0.62-0.98). The effect was alike in men \
(HR 0.80, 95% CI 0.60-1.07) and women (HR 0.75, 95% CI 0.53-1.06; p for interaction = 0.71).
CONCLUSIONS: Atorvastatin prevents stroke.
""",
        read=("HR 0.78 ci 0.62..0.98 at 95; *; atorvastatin > placebo",),
        never=("*p=0.71*",),
    ),
    Trap(
        "interaction",
        """Exercise and depression
METHODS: 310 adults with depression were randomised to exercise or usual care; the primary outcome was the \
depression score.
RESULTS: Depression scores fell more with exercise than with usual care (mean difference -2.1, 95% CI -3.4 to \
-0.8; P = .002). Age did not modify the effect (interaction P = .48).
CONCLUSIONS: Exercise helps.
""",
        read=("MD -2.1 ci -3.4..-0.8 at 95 p=.002; *; exercise > usual care",),
        never=("*p=.48*",),
    ),
    Trap(
        "interaction",
        """阿托伐他汀预防卒中复发
方法：1200例卒中患者随机分为阿托伐他汀组和安慰剂组，主要终点为卒中复发。
结果：阿托伐他汀组卒中复发减少（HR 0.78，95%CI 0.62～0.98，P=0.03）。男性HR 0.80（95%CI 0.60～1.07），女性HR 0.75（\
95%CI 0.53～1.06），交互作用P=0.71。
结论：阿托伐他汀可预防卒中。
""",
        read=("HR 0.78 ci 0.62..0.98 at 95 p=0.03; *; 阿托伐他汀* > 安慰剂*",),
        never=("*p=0.71*",),
    ),
    # Intervals of two levels in one abstract.
    Trap(
        "two levels",
        """Surgery for stage IV disease
METHODS: Patients with metastatic breast cancer were randomly assigned to surgery or no surgery. The primary \
endpoint was overall survival.
RESULTS: Median overall survival was 40.2 months (95% CI 35.1-46.0) with surgery and 38.8 months (95% CI \
33.9-44.1) with no surgery (HR 0.93; 90% CI 0.78-1.11; p=0.24).
CONCLUSIONS: Surgery did not prolong survival.
""",
        read=(
            "median 40.2 ci 35.1..46.0 at 95; *; surgery*",
            "median 38.8 ci 33.9..44.1 at 95; *; no surgery*",
            "HR 0.93 ci 0.78..1.11 at 90 p=0.24; overall survival*; surgery > no surgery",
        ),
    ),
    Trap(
        "two levels",
        """Weekly or three-weekly paclitaxel
METHODS: 404 women with ovarian cancer were randomised to weekly paclitaxel or three-weekly paclitaxel; \
progression-free survival (PFS) was the primary endpoint.
RESULTS: The hazard ratio for PFS was 0.88 (90% confidence interval 0.74 to 1.05). Median PFS was 14.1 months (95% \
confidence interval 12.0 to 16.3) in the weekly group and 12.9 months (95% confidence interval 11.2 to 14.8) in \
the three-weekly group.
CONCLUSION: Weekly paclitaxel did not delay progression.
""",
        read=(
            "HR 0.88 ci 0.74..1.05 at 90; *PFS*; weekly* > three-weekly*",
            "median 14.1 ci 12.0..16.3 at 95; *PFS*; weekly*",
            "median 12.9 ci 11.2..14.8 at 95; *PFS*; three-weekly*",
        ),
    ),
    Trap(
        "two levels",
        """转移性乳腺癌原发灶手术的随机试验
方法：转移性乳腺癌患者随机分为手术组和非手术组，主要终点为总生存期。
结果：手术组中位总生存期为40.2个月（95%CI 35.1～46.0），非手术组为38.8个月（95%CI 33.9～44.1），HR为0.93（90%CI \
0.78～1.11，P=0.24）。
结论：手术未延长生存。
""",
        read=(
            "median 40.2 ci 35.1..46.0 at 95; *; 手术组*",
            "median 38.8 ci 33.9..44.1 at 95; *; 非手术组*",
            "HR 0.93 ci 0.78..1.11 at 90 p=0.24; 总生存期*; 手术* > 非手术*",
        ),
    ),
    # A reduction in percent is no share of people.
    Trap(
        "reduction",
        """Dapagliflozin in kidney disease
METHODS: We randomly assigned 900 patients with chronic kidney disease to dapagliflozin or placebo. The primary \
outcome was kidney failure.
RESULTS: The risk of kidney failure was 34% lower with dapagliflozin than with placebo (hazard ratio 0.66; 95% CI \
0.50 to 0.87).
CONCLUSIONS: Dapagliflozin protects the kidney.
""",
        read=("HR 0.66 ci 0.50..0.87 at 95; *; dapagliflozin > placebo",),
        never=("proportion 34*",),
    ),
    Trap(
        "reduction",
        """Nurse-led care in heart failure
METHODS: 420 patients with heart failure were randomised to nurse-led care or usual care. The primary endpoint was \
readmission.
RESULTS: Nurse-led care reduced readmission by 28% compared with usual care (RR 0.72, 95% CI 0.55-0.94, p=0.02). \
There was a 12% relative reduction in mortality with nurse-led care.
CONCLUSIONS: Nurse-led care keeps patients at home.
""",
        read=("RR 0.72 ci 0.55..0.94 at 95 p=0.02; *eadmission*; *urse-led care > usual care",),
        never=("proportion 28*", "proportion 12*"),
    ),
    Trap(
        "reduction",
        """达格列净治疗慢性肾脏病
方法：900例慢性肾脏病患者随机分为达格列净组和安慰剂组，主要终点为肾衰竭。
结果：与安慰剂组相比，达格列净组肾衰竭风险降低34%（HR 0.66，95%CI 0.50～0.87）。
结论：达格列净保护肾脏。
""",
        read=("HR 0.66 ci 0.50..0.87 at 95; *; 达格列净* > 安慰剂*",),
        never=("proportion 34*",),
    ),
    # Two comparisons in one sentence.
    Trap(
        "two comparisons",
        """Radiotherapy after surgery for breast cancer
METHODS: Women with early breast cancer were randomised to radiotherapy or no radiotherapy. Endpoints were local \
recurrence (primary) and overall survival.
RESULTS: Radiotherapy lowered local recurrence (HR 0.31, 95% CI 0.22-0.44; p<0.001) but did not change overall \
survival (HR 0.97, 95% CI 0.80-1.18; p=0.76).
CONCLUSIONS: Radiotherapy prevents recurrence.
""",
        read=(
            "HR 0.31 ci 0.22..0.44 at 95 p<0.001; *ocal recurrence*; *",
            "HR 0.97 ci 0.80..1.18 at 95 p=0.76; overall survival*; *",
        ),
    ),
    Trap(
        "two comparisons",
        """Azithromycin for children with asthma
METHODS: 206 children with asthma were randomly assigned to azithromycin or placebo; the primary endpoint was \
exacerbations.
RESULTS: Exacerbations occurred in 22% of children in the azithromycin group and 35% in the placebo group \
(p=0.04), and hospital admission in 4% and 5%, respectively (p=0.78).
CONCLUSIONS: Azithromycin prevents exacerbations.
""",
        read=(
            "proportion 22*; *xacerbation*; azithromycin*",
            "proportion 35*; *xacerbation*; placebo*",
            "proportion 4; *admission*; azithromycin*",
            "proportion 5; *admission*; placebo*",
        ),
    ),
    Trap(
        "two comparisons",
        """早期乳腺癌术后放疗的随机试验
方法：早期乳腺癌患者随机分为放疗组和非放疗组，主要终点为局部复发，次要终点为总生存期。
结果：放疗降低局部复发（HR 0.31，95%CI 0.22～0.44，P<0.001），但未改善总生存期（HR 0.97，95%CI 0.80～1.18，P=0.76）。
结论：放疗可预防复发。
""",
        read=(
            "HR 0.31 ci 0.22..0.44 at 95 p<0.001; *局部复发*; *",
            "HR 0.97 ci 0.80..1.18 at 95 p=0.76; *总生存期*; *",
        ),
    ),
    # Three arms.
    Trap(
        "three arms",
        """Two doses of semaglutide for weight
METHODS: 300 adults with obesity were randomly assigned to semaglutide 1.0 mg, semaglutide 2.4 mg, or placebo. The \
primary endpoint was change in body weight.
RESULTS: The mean change in body weight was -7.0 kg with semaglutide 1.0 mg, -9.6 kg with semaglutide 2.4 mg, and \
-3.1 kg with placebo.
CONCLUSIONS: The higher dose worked better.
""",
        read=(
            "arm * semaglutide 1.0 mg*",
            "arm * semaglutide 2.4 mg*",
            "arm control placebo*",
            "mean -7.0*; *; semaglutide 1.0 mg*",
            "mean -9.6*; *; semaglutide 2.4 mg*",
            "mean -3.1*; *; placebo*",
        ),
    ),
    Trap(
        "three arms",
        """Three ways to stop smoking
METHODS: Smokers were randomised to varenicline (n = 200), nicotine patch (n = 198), or counselling alone (n = \
202). The primary outcome was abstinence.
RESULTS: Abstinence was 31%, 24%, and 12% in the varenicline, nicotine patch, and counselling alone groups, \
respectively.
CONCLUSIONS: Varenicline works best.
""",
        read=(
            "arm * varenicline*200",
            "arm * nicotine patch*198",
            "arm control counselling alone*202",
            "proportion 31; *bstinence*; varenicline*",
            "proportion 24; *bstinence*; nicotine patch*",
            "proportion 12; *bstinence*; counselling alone*",
        ),
    ),
    Trap(
        "three arms",
        """Inhalers as needed in hay fever: a randomised trial
METHODS: Adults were randomly assigned to one of three regimens: twice-daily placebo plus salmerol (0.5 mg) used as \
needed (salmerol group), twice-daily placebo plus ventasone-formol (200 mg of ventasone and 6 mg of formol) used as \
needed (ventasone-formol group), or twice-daily ventasone (200 mg) plus salmerol used as needed (ventasone \
maintenance group). The primary endpoint was the rate of attacks.
RESULTS: The annual rate of attacks was 0.21 with salmerol, 0.08 with ventasone-formol, and 0.10 with ventasone \
maintenance therapy; the rate ratio was 0.38 (95% CI, 0.27 to 0.53) for ventasone-formol versus salmerol and 0.80 \
(95% CI, 0.59 to 1.08) for ventasone-formol versus ventasone maintenance therapy.
CONCLUSIONS: As-needed use was good.
""",
        read=(
            "arm * *salmerol group*",
            "arm * *ventasone-formol group*",
            "arm * *ventasone maintenance group*",
            "IRR 0.38*ventasone-formol*salmerol*",
            "IRR 0.80*ventasone-formol*ventasone maintenance*",
        ),
    ),
    Trap(
        "three arms",
        """司美格鲁肽两种剂量减重的随机试验
方法：300例肥胖患者随机分为司美格鲁肽1.0 mg组、司美格鲁肽2.4 mg组和安慰剂组，主要终点为体重变化。
结果：三组有效率分别为52%、69%和31%。
结论：高剂量更有效。
""",
        read=(
            "arm * 司美格鲁肽1.0 mg*",
            "arm * 司美格鲁肽2.4 mg*",
            "arm control 安慰剂*",
            "proportion 52; *; 司美格鲁肽1.0*",
            "proportion 69; *; 司美格鲁肽2.4*",
            "proportion 31; *; 安慰剂*",
        ),
    ),
    # Crossover and cluster trials.
    Trap(
        "crossover",
        """Melatonin for sleep: a randomised crossover trial
METHODS: In a double-blind, placebo-controlled crossover trial, 40 adults with insomnia took melatonin and placebo \
for 2 weeks each, in random order. The primary outcome was total sleep time.
RESULTS: Total sleep time was 392 min with melatonin and 371 min with placebo (mean difference 21 min, 95% CI 8 to 34).
CONCLUSIONS: Melatonin lengthens sleep.
""",
        read=(
            "design structure crossover",
            "design masking double-blind",
            "MD 21 ci 8..34 at 95; *leep time*; melatonin* > placebo*",
        ),
    ),
    Trap(
        "crossover",
        """Two inhalers compared
METHODS: This was a randomised, two-period cross-over study in 64 patients with asthma, who received budesonide or \
fluticasone.
RESULTS: Lung function did not differ between the treatments (P = 0.55).
CONCLUSIONS: The inhalers are alike.
""",
        read=("design structure crossover", "arm * budesonide*", "arm * fluticasone*"),
        never=("design structure parallel",),
    ),
    Trap(
        "crossover",
        """褪黑素改善睡眠的随机双盲交叉试验
方法：采用随机、双盲、安慰剂对照交叉设计，40例失眠患者先后服用褪黑素和安慰剂各2周。
结果：褪黑素组睡眠时间为392 min，安慰剂组为371 min（P=0.002）。
结论：褪黑素延长睡眠。
""",
        read=("design structure crossover", "design masking double-blind"),
    ),
    Trap(
        "cluster",
        """Handwashing in schools: a cluster randomised trial
METHODS: We randomly assigned 60 schools (4200 children) to a handwashing programme or no programme. The primary \
outcome was absence.
RESULTS: Absence was lower in the handwashing programme schools than in the no programme schools (adjusted OR \
0.74, 95% CI 0.58-0.95).
CONCLUSIONS: Handwashing keeps children at school.
""",
        read=(
            "design structure cluster",
            "design allocation randomised",
            "OR 0.74 ci 0.58..0.95 at 95; *bsence*; handwashing programme* > no programme*",
        ),
        never=("count randomised 60", "arm * 60"),
    ),
    Trap(
        "cluster",
        """Text reminders for vaccination
METHODS: In this cluster-randomized controlled trial, 24 clinics were allocated to text reminders or usual care.
RESULTS: Vaccination uptake was 71% in the text reminder clinics and 64% in the usual care clinics (RR 1.11; 95% \
CI 1.02-1.21).
CONCLUSIONS: Reminders work.
""",
        read=("design structure cluster", "RR 1.11 ci 1.02..1.21 at 95; *"),
        never=("count randomised 24", "arm * 24"),
    ),
    Trap(
        "cluster",
        """学校洗手项目的整群随机对照试验
方法：将60所学校（4200名儿童）整群随机分为洗手项目组和对照组，主要结局为缺勤率。
结果：洗手项目组缺勤率低于对照组（OR 0.74，95%CI 0.58～0.95）。
结论：洗手可减少缺勤。
""",
        read=("design structure cluster", "OR 0.74 ci 0.58..0.95 at 95; *缺勤率*; *"),
        never=("count randomised 60",),
    ),
    # A margin is planned, not found.
    Trap(
        "margin",
        """Short or long antibiotics for pneumonia: a non-inferiority trial
METHODS: We randomly assigned 500 adults with pneumonia to 3 days or 8 days of amoxicillin. The primary outcome \
was clinical cure, with a non-inferiority margin of 10 percentage points.
RESULTS: Clinical cure occurred in 85% of the 3-day group and 86% of the 8-day group (difference -1.0%, 95% CI \
-7.0 to 5.0; non-inferiority margin 10%).
CONCLUSIONS: Three days are enough.
""",
        read=("design framework non-inferiority", "RD -1.0 ci -7.0..5.0 at 95; *linical cure*; *"),
        never=("* 10; *", "* 10 *; *", "RD 10*", "proportion 10*"),
    ),
    Trap(
        "margin",
        """Biosimilar insulin
METHODS: In this open-label non-inferiority trial, patients with type 2 diabetes were randomised to biosimilar \
insulin or reference insulin. The margin for the upper limit of the 95% CI of the difference was 0.4%.
RESULTS: HbA1c fell by 0.9% with biosimilar insulin and by 1.0% with reference insulin (difference 0.1%, 95% CI \
-0.1 to 0.3), within the margin of 0.4%.
CONCLUSIONS: Biosimilar insulin is not inferior.
""",
        read=(
            "design framework non-inferiority",
            "design masking open-label",
            "MD 0.1 ci -0.1..0.3 at 95; *HbA1c*; biosimilar insulin* > reference insulin*",
        ),
        never=("* 0.4*",),
    ),
    Trap(
        "margin",
        """肺炎短程抗生素的非劣效试验
方法：500例肺炎患者随机分为3天组和8天组，主要终点为临床治愈率，非劣效界值为10%。
结果：3天组临床治愈率为85%，8天组为86%，差值为-1.0%（95%CI -7.0～5.0），非劣效界值10%。
结论：3天疗程足够。
""",
        read=(
            "design framework non-inferiority",
            "proportion 85; *临床治愈率*; 3天*",
            "proportion 86; *临床治愈率*; 8天*",
        ),
        never=("RD 10*", "proportion 10*", "other 10*"),
    ),
    # Who was enrolled and how they were before treatment are no results.
    Trap(
        "baseline",
        """Rituximab in lupus
METHODS: 120 patients with lupus were randomly assigned to rituximab (n = 59) or placebo (n = 61). The primary \
outcome was remission.
RESULTS: At baseline, mean age was 38 years (SD 11) in the rituximab group and 40 years (SD 12) in the placebo \
group, and 88% and 90% were women. Remission was reached by 54% with rituximab and 36% with placebo (p=0.04).
CONCLUSIONS: Rituximab may help.
""",
        read=(
            "proportion 54; *emission*; rituximab*",
            "proportion 36; *emission*; placebo*",
            "arm * rituximab*59",
            "arm control placebo*61",
        ),
        never=("* 38*", "* 40*", "proportion 88*", "proportion 90*", "count 59*"),
    ),
    Trap(
        "baseline",
        """Iron for fatigue
METHODS: In a randomised trial, women with fatigue received intravenous iron or placebo.
RESULTS: Between 2010 and 2014, 341 women were screened and 290 were randomised, 144 to intravenous iron and 146 \
to placebo. Baseline ferritin was 22 ng/mL with intravenous iron and 24 ng/mL with placebo. Of these, 271 \
completed the study.
CONCLUSIONS: Iron was well tolerated.
""",
        read=("count randomised 290", "arm * intravenous iron*144", "arm control placebo*146"),
        never=("* 22*; *", "* 24*; *", "* 341*; *", "* 271*; *", "* 290*; *", "* 144*; *"),
    ),
    Trap(
        "baseline",
        """利妥昔单抗治疗狼疮
方法：120例狼疮患者随机分为利妥昔单抗组（59例）和安慰剂组（61例），主要终点为缓解率。
结果：基线时利妥昔单抗组平均年龄为38岁，安慰剂组为40岁，女性分别占88%和90%。利妥昔单抗组缓解率为54%，\
安慰剂组为36%（P=0.04）。
结论：利妥昔单抗可能有效。
""",
        read=("proportion 54; *缓解率*; 利妥昔单抗*", "proportion 36; *缓解率*; 安慰剂*"),
        never=("* 38*", "* 40*", "proportion 88*", "proportion 90*"),
    ),
    # A prognostic factor compares kinds of people, not arms.
    Trap(
        "prognostic",
        """Chemotherapy for bladder cancer
METHODS: 320 patients with bladder cancer were randomly assigned to gemcitabine or observation. The primary \
endpoint was overall survival.
RESULTS: Overall survival was longer with gemcitabine (HR 0.79, 95% CI 0.63-0.99). In multivariable analysis, \
lymph node involvement (HR 2.31, 95% CI 1.70-3.14) and smoking (HR 1.45, 95% CI 1.10-1.91) were independent \
prognostic factors for overall survival.
CONCLUSIONS: Gemcitabine prolongs survival.
""",
        read=("HR 0.79 ci 0.63..0.99 at 95; overall survival*; gemcitabine > observation",),
        never=("HR 2.31*", "HR 1.45*"),
    ),
    Trap(
        "prognostic",
        """Early rehabilitation after stroke
METHODS: 210 patients with stroke were randomised to early rehabilitation or usual care. The primary outcome was \
independence at 6 months.
RESULTS: Independence at 6 months was more frequent with early rehabilitation (OR 1.52, 95% CI 1.05-2.20). Older \
age (OR 0.61, 95% CI 0.44-0.85) and diabetes (OR 0.70, 95% CI 0.51-0.96) predicted poor outcome.
CONCLUSIONS: Start early.
""",
        read=("OR 1.52 ci 1.05..2.20 at 95; *; early rehabilitation > usual care",),
        never=("OR 0.61*", "OR 0.70*"),
    ),
    Trap(
        "prognostic",
        """膀胱癌辅助化疗的随机试验
方法：320例膀胱癌患者随机分为吉西他滨组和观察组，主要终点为总生存期。
结果：吉西他滨组总生存期更长（HR 0.79，95%CI 0.63～0.99）。多因素分析显示，淋巴结转移（HR 2.31，95%CI \
1.70～3.14）是总生存期的独立预后因素。
结论：吉西他滨延长生存。
""",
        read=("HR 0.79 ci 0.63..0.99 at 95; 总生存期*; *",),
        never=("HR 2.31*",),
    ),
    # Nobody died: no number, and no arm that did better.
    Trap(
        "nobody died",
        """Day surgery for hernia
METHODS: 180 patients with inguinal hernia were randomised to day surgery or inpatient surgery. The primary \
outcome was recurrence.
RESULTS: Recurrence was seen in 3% after day surgery and 4% after inpatient surgery. No patients died.
CONCLUSIONS: Day surgery is safe.
""",
        read=("proportion 3; *ecurrence*; day surgery*", "proportion 4; *ecurrence*; inpatient surgery*"),
        never=(
            "* higher*; *eath*",
            "* lower*; *eath*",
            "* higher*; *died*",
            "* lower*; *died*",
            "favours *",
            "count *; *died*",
            "count *; *eath*",
        ),
    ),
    Trap(
        "nobody died",
        """Home birth support
METHODS: 412 women were randomly assigned to midwife support or standard care; the primary endpoint was caesarean \
section.
RESULTS: Caesarean section was less frequent with midwife support than with standard care (11% vs 19%, P = 0.02). \
There were no maternal deaths, and no woman died in either group during 12 months of follow-up.
CONCLUSIONS: Support avoids operations.
""",
        read=("proportion 11; *aesarean*; midwife support*", "proportion 19; *aesarean*; standard care*"),
        never=(
            "* higher*; *eath*",
            "* lower*; *eath*",
            "* higher*; *died*",
            "* lower*; *died*",
            "* 12; *",
            "count [1-9]; *",
            "count [0-9][0-9]; *",
        ),
    ),
    Trap(
        "nobody died",
        """腹股沟疝日间手术的随机试验
方法：180例腹股沟疝患者随机分为日间手术组和住院手术组，主要终点为复发率。
结果：日间手术组复发率为3%，住院手术组为4%。两组均无患者死亡。
结论：日间手术安全。
""",
        read=("proportion 3; *复发率*; 日间手术*", "proportion 4; *复发率*; 住院手术*"),
        never=("* higher*; *死亡*", "* lower*; *死亡*", "favours *"),
    ),
    # Abstracts without numbers.
    Trap(
        "no numbers",
        """Yoga for low back pain
METHODS: Adults with low back pain were randomly assigned to yoga or usual care. The primary outcome was pain.
RESULTS: Pain was lower with yoga than with usual care. Quality of life did not differ between the groups.
CONCLUSIONS: Yoga eases pain.
""",
        read=(
            "arm * yoga*",
            "arm * usual care*",
            "first lower; *ain*; yoga > usual care",
            "no difference; *uality of life*; *",
        ),
        never=("HR *", "OR *", "RR *", "MD *", "mean *", "proportion *", "count *", "median *"),
    ),
    Trap(
        "no numbers",
        """Acupuncture or sham for migraine
METHODS: Patients with migraine were randomised to acupuncture or sham acupuncture.
RESULTS: There was no significant difference in headache days between the groups. No serious adverse events occurred.
CONCLUSIONS: Acupuncture was no better than sham.
""",
        read=("arm * acupuncture*", "arm control sham acupuncture*"),
        never=("HR *", "OR *", "RR *", "MD *", "mean *", "proportion *", "count *", "median *", "first *; *dverse*"),
    ),
    Trap(
        "no numbers",
        """瑜伽治疗腰痛的随机对照试验
方法：将腰痛患者随机分为瑜伽组和常规护理组，主要终点为疼痛评分。
结果：瑜伽组疼痛评分低于常规护理组，两组生活质量差异无统计学意义。
结论：瑜伽可缓解疼痛。
""",
        read=(
            "arm * 瑜伽*",
            "arm * 常规护理*",
            "first lower; *疼痛*; 瑜伽* > 常规护理*",
            "no difference; *生活质量*; *",
        ),
        never=("HR *", "OR *", "RR *", "MD *", "mean *", "proportion *", "count *", "median *"),
    ),
    # Observational studies are recognised as such, and nobody is put into arms.
    Trap(
        "observational",
        """Coffee and stroke: a prospective cohort study
METHODS: We followed 41 000 adults in a prospective cohort for 12 years. The outcome was stroke.
RESULTS: Each cup of coffee per day was associated with a lower risk of stroke (HR 0.94, 95% CI 0.90-0.98).
CONCLUSIONS: Coffee drinkers have fewer strokes.
""",
        read=("design allocation observational",),
        never=("arm *", "design structure *", "* > *"),
    ),
    Trap(
        "observational",
        """Falls in nursing homes
DESIGN: Retrospective case-control study of 640 residents with falls.
RESULTS: Sedatives were more frequent among residents who fell (odds ratio 1.8, 95% CI 1.3-2.6).
CONCLUSIONS: Sedatives should be reviewed.
""",
        read=("design allocation observational",),
        never=("arm *", "design structure *", "* > *"),
    ),
    Trap(
        "observational",
        """咖啡与卒中：一项前瞻性队列研究
方法：采用前瞻性队列研究，随访41000名成人12年，结局为卒中。
结果：每日每杯咖啡与卒中风险降低相关（HR 0.94，95%CI 0.90～0.98）。
结论：饮用咖啡者卒中较少。
""",
        read=("design allocation observational",),
        never=("arm *", "design structure *", "* > *"),
    ),
    # A meta-analysis is not the report of a trial.
    Trap(
        "meta-analysis",
        """Probiotics for eczema: a meta-analysis of randomised trials
METHODS: We searched four databases for randomised trials of probiotics or placebo in children.
RESULTS: Twelve trials with 2180 children were pooled. Eczema was less frequent with probiotics (RR 0.78, 95% CI \
0.67-0.90).
CONCLUSIONS: Probiotics may prevent eczema.
""",
        read=(REFUSED,),
    ),
    Trap(
        "meta-analysis",
        """Does vitamin D prevent falls?
OBJECTIVE: To review systematically the evidence on vitamin D and falls.
DATA SOURCES: We searched Medline and Embase from inception for randomised controlled trials of vitamin D against \
placebo.
DATA SYNTHESIS: Fourteen studies met the inclusion criteria; the pooled risk ratio was 0.95 (95% CI 0.89-1.02; I2 \
= 41%).
CONCLUSION: This systematic review found no clear effect.
""",
        read=(REFUSED,),
    ),
    Trap(
        "meta-analysis",
        """益生菌预防湿疹随机对照试验的Meta分析
方法：检索四个数据库中益生菌与安慰剂比较的随机对照试验。
结果：共纳入12项研究2180例儿童，益生菌组湿疹较少（RR 0.78，95%CI 0.67～0.90）。
结论：益生菌可能预防湿疹。
""",
        read=(REFUSED,),
    ),
    # Registry identifiers in odd spellings.
    Trap(
        "odd identifier",
        """Aspirin in pregnancy
METHODS: 600 women were randomised to aspirin or placebo.
RESULTS: Pre-eclampsia occurred in 4% with aspirin and 7% with placebo (P = 0.04).
CONCLUSIONS: Aspirin helps. ClinicalTrials.gov number NCT 01942135 .
""",
        read=("own NCT01942135",),
    ),
    Trap(
        "odd identifier",
        """Surgery or not in stage IV disease
METHODS: Patients were randomised to surgery or no surgery (UMIN Clinical Trials Registry: UMIN 000005586).
RESULTS: Overall survival did not differ (HR 0.90, 95% CI 0.70-1.16).
CONCLUSIONS: Surgery did not help.
""",
        read=("own UMIN000005586",),
    ),
    Trap(
        "odd identifier",
        """Herbal granules for cough
METHODS: 90 adults with cough were randomised to herbal granules or placebo. Registered as ChiCTR-TRC-12002222 and \
ISRCTN 89462491.
RESULTS: Cough score fell more with herbal granules than with placebo (p<0.05).
CONCLUSIONS: The granules ease cough.
""",
        read=("own ChiCTR-TRC-12002222", "own ISRCTN89462491"),
    ),
    Trap(
        "odd identifier",
        """中药颗粒治疗咳嗽
方法：90例咳嗽患者随机分为颗粒组和安慰剂组（注册号：ChiCTR－TRC－12002222，NCT 01942135）。
结果：颗粒组咳嗽评分低于安慰剂组（P<0.05）。
结论：颗粒可缓解咳嗽。
""",
        read=("own ChiCTR-TRC-12002222", "own NCT01942135"),
    ),
    # Another trial's identifier is not this trial's.
    Trap(
        "another trial",
        """Extended therapy for lung cancer
BACKGROUND: The earlier FIRST trial (NCT00112233) showed a benefit of short therapy.
METHODS: Patients with lung cancer were randomised to extended therapy or observation (NCT04556677).
RESULTS: Progression-free survival was longer with extended therapy (HR 0.70, 95% CI 0.55-0.89).
CONCLUSIONS: Extended therapy helps.
""",
        read=("own NCT04556677", "mentioned NCT00112233"),
        never=("own NCT00112233",),
    ),
    Trap(
        "another trial",
        """Vaccination of nurses
METHODS: 700 nurses were randomly assigned to influenza vaccine or placebo. Trial registration: ISRCTN55667788.
RESULTS: Influenza was less frequent with influenza vaccine than with placebo (2% vs 5%).
CONCLUSIONS: The vaccine protects nurses. A larger trial (ISRCTN11223344) is under way.
""",
        read=("own ISRCTN55667788", "mentioned ISRCTN11223344"),
        never=("own ISRCTN11223344",),
    ),
    Trap(
        "another trial",
        """肺癌延长治疗的随机试验
背景：既往FIRST试验（NCT00112233）显示短程治疗有效。
方法：肺癌患者随机分为延长治疗组和观察组（注册号NCT04556677）。
结果：延长治疗组无进展生存期更长（HR 0.70，95%CI 0.55～0.89）。
结论：延长治疗有益。
""",
        read=("own NCT04556677", "mentioned NCT00112233"),
        never=("own NCT00112233",),
    ),
    # OS is a part of many words.
    Trap(
        "OS in a word",
        """DIAGNOSIS AND PROGNOSIS IN TUBERCULOSIS: A RANDOMISED TRIAL
METHODS: 250 PATIENTS WITH TUBERCULOSIS WERE RANDOMISED TO RAPID DIAGNOSIS OR STANDARD DIAGNOSIS. THE PRIMARY \
OUTCOME WAS MORTALITY.
RESULTS: MORTALITY WAS 8% WITH RAPID DIAGNOSIS AND 13% WITH STANDARD DIAGNOSIS (P = 0.04).
CONCLUSIONS: RAPID DIAGNOSIS SAVES LIVES.
""",
        read=("proportion 8; *MORTALITY*; RAPID DIAGNOSIS*", "proportion 13; *MORTALITY*; STANDARD DIAGNOSIS*"),
        never=("*; OS;*", "*; *overall survival*", "*; OS"),
    ),
    Trap(
        "OS in a word",
        """Dose of cortisone in sarcoidosis
METHODS: Patients with sarcoidosis were randomised to high-dose prednisone or low-dose prednisone. The primary \
outcome was relapse.
RESULTS: Relapse occurred in 42% with high-dose prednisone and 45% with low-dose prednisone. Fibrosis was rare. \
Cosmesis was not assessed.
CONCLUSIONS: The dose matters little.
""",
        read=("proportion 42; *elapse*; high-dose*", "proportion 45; *elapse*; low-dose*"),
        never=("*; *overall survival*", "*; OS*"),
    ),
    Trap(
        "OS in a word",
        """SARCOIDOSIS患者泼尼松剂量的随机试验
方法：SARCOIDOSIS患者随机分为高剂量组和低剂量组，主要终点为复发率。
结果：高剂量组复发率为42%，低剂量组为45%。FIBROSIS少见。
结论：剂量影响不大。
""",
        read=("proportion 42; *复发率*; 高剂量*", "proportion 45; *复发率*; 低剂量*"),
        never=("*; *总生存*", "*; OS*"),
    ),
    # Chinese without spaces around Latin words.
    Trap(
        "no spaces",
        """替莫唑胺治疗胶质瘤的随机试验
方法：将320例胶质瘤患者随机分为替莫唑胺组和对照组,主要终点为OS,次要终点为PFS。
结果：替莫唑胺组中位OS为14.6个月(95%CI13.2-16.8),对照组为12.1个月(95%CI11.2-13.0),HR0.63(95%CI0.52-0.75,P<0.001)。\
替莫唑胺组PFS长于对照组(HR=0.54,95%CI:0.45~0.64)。
结论：替莫唑胺延长生存。
""",
        read=(
            "median 14.6 ci 13.2..16.8 at 95; *OS*; 替莫唑胺*",
            "median 12.1 ci 11.2..13.0 at 95; *OS*; 对照*",
            "HR 0.63 ci 0.52..0.75 at 95 p<0.001; *OS*; 替莫唑胺* > 对照*",
            "HR 0.54 ci 0.45..0.64 at 95; *PFS*; 替莫唑胺* > 对照*",
        ),
    ),
    Trap(
        "no spaces",
        """IL-17抑制剂治疗银屑病
方法：128例银屑病患者按1∶1随机分为IL-17抑制剂组(n=64)和安慰剂组(n=64),主要终点为第12周PASI75应答率。
结果：第12周IL-17抑制剂组PASI75应答率为81.3%,安慰剂组为7.8%(RR=10.4,95%CI4.4~24.5,P<0.001)。
结论：IL-17抑制剂有效。
""",
        read=(
            "proportion 81.3; *PASI75*; IL-17抑制剂*",
            "proportion 7.8; *PASI75*; 安慰剂*",
            "RR 10.4 ci 4.4..24.5 at 95 p<0.001; *PASI75*; IL-17抑制剂* > 安慰剂*",
            "design ratio 1:1",
        ),
    ),
    # Slips of print and of character recognition.
    Trap(
        "slip of print",
        """Letrozole after surgery
METHODS: Women with breast cancer were randomly assigned to letrozole or placebo; the primary endpoint was \
disease-free survival.
RESULTS: Disease-free survival was longer with letrozole than with placebo (HR 0·86, 95% Cl 0·75–0·98).
CONCLUSIONS: Letrozole prevents relapse.
""",
        read=("HR 0·86 ci 0·75..0·98 at 95; *isease-free survival*; letrozole > placebo",),
    ),
    Trap(
        "slip of print",
        """Surgery of the primary tumour
METHODS: Patients with metastatic breast cancer were randomised to surgery or no surgery. The primary endpoint was \
overall survival.
RESULTS: Median overall survival was 68.7 months (95%) CI 55.7-81.1 with surgery and 60.2 months (95 %CI 51.0 - \
70.4) with no surgery (HR 0. 86; 95 % CI, 0.70–1.06, p = 0 .15).
CONCLUSIONS: Surgery did not help.
""",
        read=(
            "median 68.7 ci 55.7..81.1 at 95; overall survival*; surgery*",
            "median 60.2 ci 51.0..70.4 at 95; overall survival*; no surgery*",
            "HR 0. 86 ci 0.70..1.06 at 95 p=0.15; overall survival*; surgery > no surgery",
        ),
    ),
    Trap(
        "slip of print",
        """来曲唑辅助治疗乳腺癌
方法：乳腺癌患者随机分为来曲唑组和安慰剂组，主要终点为无病生存期。
结果：来曲唑组无病生存期更长（ＨＲ＝０．８６，95％ＣＩ：０．７５～０．９８，Ｐ＝０．０２）。两组总生存期无差异（HR \
0·95，95%Cl 0·80～1·13）。
结论：来曲唑预防复发。
""",
        read=(
            "HR ０．８６ ci ０．７５..０．９８ at 95 p=０．０２; *无病生存期*; 来曲唑* > 安慰剂*",
            "HR 0·95 ci 0·80..1·13 at 95; *总生存期*; *",
        ),
    ),
]


def lines(text: str) -> list[str]:
    """The findings of an abstract in the notation of the cases; one line if the abstract is refused."""
    document = read_bytes(text.encode(), "abstract.txt")
    try:
        parts = extract(document)
    except NotATrial:
        return [REFUSED]
    return [line for facts in parts for line in lines_of(facts)]


def lines_of(facts: Facts) -> Iterator[str]:
    """The findings of one language, a line each."""
    arms = {arm.key: named(arm.names) for arm in facts.arms}
    endpoints = {endpoint.key: named(endpoint.names) for endpoint in facts.endpoints}
    yield from (f"{item.role} {item.identifier}" for item in facts.registrations)
    yield from (f"design {fact.aspect} {fact.value}" for fact in facts.design)
    yield from (counted(count) for count in facts.population.counts)
    for arm in facts.arms:
        yield " ".join(["arm", arm.role, arms[arm.key], *([arm.size.text] if arm.size else [])])
    for contrast in facts.contrasts:
        pair = " > ".join(arms[key] for key in contrast.arms or ())
        shown = f"{contrast.measure} {contrast.value.text}{interval(contrast.interval)}{p_value(contrast.p)}"
        yield f"{shown}; {endpoints[contrast.endpoint]}; {pair}"
    for value in facts.arm_results:
        shown = f"{value.measure} {value.value.text}{interval(value.interval)}"
        yield f"{shown}; {endpoints[value.endpoint]}; {arms[value.arm] if value.arm else ''}"
    for statement in facts.statements:
        pair = " > ".join(arms[key] for key in statement.arms or ())
        yield f"{statement.direction}{p_value(statement.p)}; {endpoints[statement.endpoint]}; {pair}"


def named(names: tuple[Name, ...]) -> str:
    return " / ".join(name.text for name in names)


def counted(count: Count) -> str:
    return f"count {count.kind} {count.number.text}"


def interval(found: Interval | None) -> str:
    if found is None:
        return ""
    low, high, level = (number.text if number else "?" for number in (found.low, found.high, found.level))
    return f" ci {low}..{high} at {level}"


def p_value(p: PValue | None) -> str:
    return f" p{p.operator}{p.value.text}" if p else ""


@pytest.mark.parametrize(
    "trap",
    [
        pytest.param(
            trap,
            id=f"{trap.kind}: {trap.text[:40].splitlines()[0]}",
        )
        for trap in TRAPS
    ],
)
def test_traps(trap: Trap) -> None:
    found = lines(trap.text)
    for pattern in trap.read:
        assert any(fnmatchcase(line, pattern) for line in found), (pattern, found)
    for pattern in trap.never:
        assert not [line for line in found if fnmatchcase(line, pattern)], pattern
