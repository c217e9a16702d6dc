"""Whole articles of made-up trials, one in JATS and one in Chinese, with all the parts that abstracts leave out."""

from __future__ import annotations

ENGLISH = """<?xml version="1.0"?>
<article><front><journal-meta><journal-title>Annals of Lanterns</journal-title></journal-meta><article-meta>
<article-id pub-id-type="doi">10.1000/lantern.9</article-id>
<title-group><article-title>Drug A for lantern disease: a randomised controlled trial
(GLOW)</article-title></title-group>
<pub-date><year>2021</year></pub-date>
<abstract><sec><title>Methods</title><p>Adults with lantern disease were randomly assigned to drug A or placebo. The
primary endpoint was pain at 12 weeks.</p></sec><sec><title>Results</title><p>120 patients were randomised to drug A
(n = 61) or placebo (n = 59). Mean pain was 3.1 with drug A and 4.2 with placebo (P = 0.02).</p></sec></abstract>
<permissions><license><license-p>This is an open access article under the terms of the Creative Commons Attribution
License (CC BY 4.0).</license-p></license></permissions></article-meta></front>
<body>
<sec><title>Background</title><p>Lantern disease is rare. A small trial [1] suggested that drug A eases
pain.</p></sec>
<sec><title>Methods</title>
<sec><title>Participants</title><p>Inclusion criteria were:</p>
<list><list-item><p>age 18 to 75 years;</p></list-item>
<list-item><p>lantern disease confirmed by a specialist;</p></list-item>
<list-item><p>ECOG performance status 0&#8211;2.</p></list-item></list>
<p>Patients were excluded if they were pregnant or breastfeeding, had received drug A before, or could not read.
Patients with renal failure, a history of stroke, or known allergy to drug A were also excluded from the study.
The protocol was approved by the ethics committee of Hill Hospital (approval number HH-2016/114).
Written informed consent was obtained from all patients.</p></sec>
<sec><title>Treatment</title><p>Patients in the drug A group received oral drug A 20 mg daily for 12 weeks, and
patients in
the placebo group received matching tablets daily.</p></sec>
<sec><title>Statistical analysis</title><p>We assumed a mean pain of 3.0 with drug A and 4.0 with placebo. With a
two-sided alpha of 5% and a power of 80%, 110 patients were required. The analysis was by intention to
treat.</p></sec>
</sec>
<sec><title>Results</title><p>Between May 2017 and June 2019, 210 patients were screened for eligibility, of whom
90 were
excluded. A total of 120 patients were randomised: 61 to drug A and 59 to placebo. Four patients in the drug A
group and
three in the placebo group were lost to follow-up. The analysis included 57 patients in the drug A group and 56 in the
placebo group. Mean pain was 3.1 with drug A and 4.2 with placebo (P = 0.02).</p></sec>
<sec><title>Discussion</title><p>Drug A eased pain. This result is similar to that of two earlier trials [1, 2]. In
contrast
to our findings, Mason et al. [3] found no effect, with a mean pain of 5.5 in both groups (P = 0.9). In their trial 99
patients were randomised.</p>
<p>Our trial has limitations. It was done in one hospital, and follow-up was short.</p></sec>
<sec><title>Conclusions</title><p>Drug A eases pain in lantern disease.</p></sec>
</body>
<back>
<sec><title>Funding</title><p>The trial was funded by the Hill Foundation (grant HF-0042).</p></sec>
<sec><title>Competing interests</title><p>The authors declare that they have no competing interests.</p></sec>
<sec><title>Data availability</title><p>The data are available from the authors on request.</p></sec>
<ref-list>
<ref><label>1</label><element-citation publication-type="journal"><person-group><name><surname>Archer</surname>
<given-names>B</given-names></name><name><surname>Baker</surname><given-names>C</given-names></name></person-group>
<article-title>Drug A in lantern disease: a pilot trial</article-title><source>J Lantern Res</source><year>2009</year>
<volume>4</volume><fpage>11</fpage><pub-id pub-id-type="doi">10.1000/pilot.1</pub-id></element-citation></ref>
<ref><label>2</label><mixed-citation>Carter D, Dyer E. Drug A against pain. Pain Lett. 2011;7:21-9. PMID:
21234567</mixed-citation></ref>
<ref><label>3</label><mixed-citation>Mason F, Potter G, et al. No effect of drug A. Lancet Lantern.
2014;3:100-8.</mixed-citation></ref>
</ref-list>
</back></article>
"""

CHINESE = """甲药联合乙药治疗灯笼病的随机对照试验

摘要
目的：评价甲药联合乙药治疗灯笼病的疗效。方法：将120例患者随机分为观察组和对照组各60例，对照组给予甲药，观察组给予甲药联合乙药。结果：观察组总有效率为91.7%（55/60），高于对照组的76.7%（46/60），差异有统计学意义（P<0.05）。结论：联合治疗疗效较好。
关键词：灯笼病；甲药；乙药

引言

灯笼病是一种少见而致残率高的疾病，患者常有持续疼痛，生活质量明显下降。甲药是该病的常用药物，但单药治疗时仍有部分患者症状控制不佳。近年来乙药逐渐受到重视，但其在不同人群中的疗效与安全性尚需进一步验证。既往研究多集中于轻度患者，对于中度患者的证据仍然有限，缺乏高质量的随机对照研究。本研究旨在比较甲药单药与甲药联合乙药治疗灯笼病的疗效与安全性，为临床用药提供依据，并为今后制定治疗方案提供参考。近年来国内外学者对灯笼病的发病机制进行了大量研究，认为炎症反应与神经损伤共同参与其发生发展。甲药通过抑制炎症反应缓解疼痛，乙药则通过保护神经改善功能，二者作用机制不同，联合应用可能具有协同作用。然而已有的研究样本量较小，观察时间较短，结论尚不一致，有必要开展进一步的研究。

1 资料与方法

1.1 一般资料

选取2019年1月至2021年6月本院收治的灯笼病患者135例，其中15例因不符合标准被排除，最终纳入120例，采用随机数字表法分为观察组和对照组，每组60例。两组性别、年龄等一般资料比较，差异无统计学意义，具有可比性。本研究经医院伦理委员会批准（批准号：2018-LS-027），患者均签署知情同意书。

1.2 纳入与排除标准

纳入标准：①年龄40～75岁；②符合灯笼病诊断标准；③病程不超过3年。排除标准：①合并严重心、肝、肾功能不全者；②有出血倾向或近期手术史；③妊娠期或哺乳期女性。

1.3 方法

对照组给予甲药100 mg口服，1次/d；观察组在对照组基础上给予乙药75 mg口服，1次/d。两组均连续治疗4周。

1.4 统计学方法

采用SPSS 22.0软件进行统计分析，P<0.05为差异有统计学意义。

2 结果

观察组总有效率为91.7%（55/60），对照组为76.7%（46/60），差异有统计学意义（P=0.024）。观察组失访2例，对照组失访3例。

3 讨论

灯笼病给家庭和社会带来沉重负担，及时有效的治疗十分重要。本研究结果显示，联合治疗的总有效率高于单药治疗，与王某等[2]的研究结果一致。李某等[3]报道总有效率为85.0%，与本研究结果不一致。本研究的局限性在于样本量较小，为单中心研究，随访时间较短，今后需开展多中心、大样本研究进一步验证。综上所述，联合治疗灯笼病疗效确切，值得临床推广。

利益冲突

所有作者均声明不存在利益冲突。

参考文献
[1] 张某, 李某. 灯笼病的治疗进展[J]. 灯笼杂志, 2018, 51(9): 666-682.
[2] 王某, 刘某, 赵某, 等. 甲药联合乙药的疗效观察[J]. 临床灯笼, 2017, 37(2): 55-57.
[3] 李某, 周某. 双药联合治疗灯笼病[J]. 中国灯笼杂志, 2016, 11(3): 210-215.
"""
