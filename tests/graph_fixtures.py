"""Hand-made papers with their findings: a bilingual record, an article of its trial, another trial."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

from extractors.documents import Document, Language, Metadata, Refusal, Section
from extractors.findings import (
    Arm,
    ArmResult,
    Conclusion,
    Context,
    Contrast,
    Count,
    DesignFact,
    Dispersion,
    Endpoint,
    Evidence,
    Facts,
    Interval,
    Name,
    Number,
    Population,
    PValue,
    Registration,
    Statement,
)
from kg.preparing import Reading
from kg.store import Store
from ontology import by_name

OVERALL_SURVIVAL = by_name("endpoints", "overall-survival").iri
CONDITION = by_name("conditions", "asthma").iri
SOFTWARE = "9.9"

RECORD_TEXT = """Early surgery for lantern disease: the LAMP trial
灯笼病早期手术：LAMP试验

Background: Whether surgery helps is not known.
Methods: Patients with lantern disease were randomised in a phase 3 trial to surgery (n = 203) or
to drugs alone.
The primary endpoint was overall survival (OS).
Results: Median OS was 10.1 months with surgery and 12.3 months with drugs alone.
The hazard ratio for death was 0.86 (90% CI 0.69 to 1.07; one-sided p = 0.13).
In women it was 0.70 (95% CI 0.51 to NE).
Pain was no different.
Conclusion: Surgery did not prolong survival.
Trial registration: NCT00000001. A follow-up trial is ISRCTN00000009.

结果：手术组中位总生存期10.1个月，单纯药物组12.3个月；死亡风险比0.86（90%CI 0.69-1.07，单侧P=0.13）。
结论：手术未延长生存期。
"""

ARTICLE_TEXT = """Early surgery for lantern disease: full report of the LAMP trial

Results: The hazard ratio for death was 0.86 (90% CI 0.68 to 1.07).
"""

OTHER_TEXT = """Lanterns by day: the WICK trial

Results: Mean light fell by -3.5 lux (SD 1.2) in 20 of 40 patients with the wick.
Registered as ISRCTN00000002; an earlier trial was NCT00000001.
"""


@dataclass(frozen=True)
class Paper:
    """A document with what an extractor would find in it."""

    document: Document
    facts: Facts


def number(text: str) -> Number:
    return Number(Decimal(text), text)


class Pen:
    """Makes evidence for quotes of one text."""

    def __init__(self, text: str):
        self.text = text

    def __call__(
        self, quote: str, supports: str, language: Language = "en", section: str = "results"
    ) -> tuple[Evidence, ...]:
        start = self.text.index(quote)
        return (
            Evidence(
                section=f"{section}-{language}",
                start=start,
                end=start + len(quote),
                quote=quote,
                language=language,
                supports=supports,
                component="hand",
                version="1",
                confidence=Decimal("0.90"),
            ),
        )


def sections(text: str, *languages: Language) -> tuple[Section, ...]:
    return tuple(
        Section(
            id=f"results-{language}",
            role="results",
            language=language,
            start=text.index({"en": "Results: ", "zh": "结果："}[language]),
            end=len(text),
            heading={"en": "Results", "zh": "结果"}[language],
            in_abstract=True,
        )
        for language in languages
    )


def empty_facts(document: Document) -> Facts:
    return Facts(
        document=document.id,
        languages=document.languages,
        registrations=(),
        design=(),
        population=Population((), (), ()),
        arms=(),
        endpoints=(),
        contrasts=(),
        arm_results=(),
        statements=(),
        conclusions=(),
    )


def record() -> Paper:
    pen = Pen(RECORD_TEXT)
    document = Document(
        id="doi-10.1000-lamp.1-record",
        source="lamp.txt",
        kind="record",
        text=RECORD_TEXT,
        sections=sections(RECORD_TEXT, "en", "zh"),
        metadata=Metadata(
            titles=(
                ("en", "Early surgery for lantern disease: the LAMP trial"),
                ("zh", "灯笼病早期手术：LAMP试验"),
            ),
            authors=("Zhang Wei", "Adams Ann"),
            citation="J Lanterns 2024; 1: 1-9",
            journal="J Lanterns",
            year=2024,
            doi="10.1000/LAMP.1",
            pmid="123",
            acronyms=("LAMP",),
        ),
    )
    survival = Endpoint(
        key="overall-survival",
        role="primary",
        names=(
            Name("overall survival", "en", OVERALL_SURVIVAL),
            Name("OS", "en", OVERALL_SURVIVAL),
            Name("总生存期", "zh", OVERALL_SURVIVAL),
        ),
        evidence=pen("The primary endpoint was overall survival", "role"),
    )
    pain = Endpoint("pain", "other", (Name("pain", "en"),), pen("Pain", "name"))
    surgery = Arm(
        key="surgery",
        role="experimental",
        names=(Name("surgery", "en"), Name("手术组", "zh")),
        size=number("203"),
        evidence=pen("surgery (n = 203)", "size") + pen("手术组", "name", "zh"),
    )
    drugs = Arm("drugs-alone", "control", (Name("drugs alone", "en"),), None, pen("drugs alone", "name"))
    whole = Contrast(
        key="os-hr",
        endpoint="overall-survival",
        measure="HR",
        value=number("0.86"),
        interval=Interval(number("0.69"), number("1.07"), number("90")),
        p=PValue("=", number("0.13"), 1),
        arms=("surgery", "drugs-alone"),
        unit=None,
        context=Context(analysis_set="ITT", planned=True),
        significant=False,
        evidence=pen("0.86", "value") + pen("风险比0.86", "value", "zh"),
    )
    women = replace(
        whole,
        key="os-hr-women",
        value=number("0.70"),
        interval=Interval(number("0.51"), None, number("95")),
        p=None,
        significant=None,
        context=Context(subgroup=(Name("women", "en"), Name("女性", "zh"))),
        evidence=pen("0.70 (95% CI 0.51 to NE)", "value"),
    )
    median = ArmResult(
        key="os-median-surgery",
        endpoint="overall-survival",
        arm="surgery",
        measure="median",
        value=number("10.1"),
        interval=None,
        events=None,
        n=None,
        dispersion=None,
        unit="months",
        context=Context(),
        evidence=pen("10.1 months", "value") + pen("10.1个月", "value", "zh"),
    )
    other_median = replace(
        median,
        key="os-median-drugs",
        arm="drugs-alone",
        value=number("12.3"),
        evidence=pen("12.3 months", "value"),
    )
    facts = Facts(
        document=document.id,
        languages=("en", "zh"),
        registrations=(
            Registration("NCT00000001", "ClinicalTrials.gov", "own", pen("NCT00000001", "identifier")),
            Registration("ISRCTN00000009", "ISRCTN", "mentioned", pen("ISRCTN00000009", "identifier")),
        ),
        design=(
            DesignFact("phase", "3", pen("phase 3", "value")),
            DesignFact("centres", "3", pen("3", "value")),
        ),
        population=Population(
            (
                Name("patients with lantern disease", "en"),
                Name("lantern disease", "en", CONDITION),
                Name("灯笼病", "zh"),
            ),
            (Count("randomised", number("406"), pen("randomised", "value")),),
            pen("Patients with lantern disease", "name"),
        ),
        arms=(surgery, drugs),
        endpoints=(survival, pain),
        contrasts=(whole, women),
        arm_results=(median, other_median),
        statements=(
            Statement(
                key="pain",
                endpoint="pain",
                arms=("surgery", "drugs-alone"),
                direction="no difference",
                p=None,
                context=Context(),
                evidence=pen("Pain was no different.", "direction"),
            ),
        ),
        conclusions=(
            Conclusion("Surgery did not prolong survival.", "en", pen("Surgery did not prolong survival.", "text")),
            Conclusion("手术未延长生存期。", "zh", pen("手术未延长生存期。", "text", "zh")),
        ),
    )
    return Paper(document, facts)


def article() -> Paper:
    pen = Pen(ARTICLE_TEXT)
    document = Document(
        id="doi-10.1000-lamp.1-article",
        source="lamp-article.txt",
        kind="article",
        text=ARTICLE_TEXT,
        sections=sections(ARTICLE_TEXT, "en"),
        metadata=Metadata(titles=(("en", "Full report of the LAMP trial"),), year=2024, doi="10.1000/lamp.1"),
    )
    facts = replace(
        empty_facts(document),
        endpoints=(Endpoint("death", "other", (Name("death", "en", OVERALL_SURVIVAL),), pen("death", "name")),),
        contrasts=(
            Contrast(
                key="death-hr",
                endpoint="death",
                measure="HR",
                value=number("0.86"),
                interval=Interval(number("0.68"), number("1.07"), number("90")),
                p=None,
                arms=None,
                unit=None,
                context=Context(),
                significant=None,
                evidence=pen("0.86 (90% CI 0.68 to 1.07)", "value"),
            ),
        ),
    )
    return Paper(document, facts)


def other_trial() -> Paper:
    pen = Pen(OTHER_TEXT)
    document = Document(
        id="wick-record",
        source="wick.txt",
        kind="record",
        text=OTHER_TEXT,
        sections=sections(OTHER_TEXT, "en"),
        metadata=Metadata(titles=(("en", "Lanterns by day: the WICK trial"),), acronyms=("WICK",)),
    )
    facts = replace(
        empty_facts(document),
        registrations=(
            Registration("ISRCTN00000002", "ISRCTN", "own", pen("ISRCTN00000002", "identifier")),
            Registration("NCT00000001", "ClinicalTrials.gov", "mentioned", pen("NCT00000001", "identifier")),
        ),
        arms=(Arm("wick", "experimental", (Name("wick", "en"),), None, pen("wick", "name")),),
        endpoints=(Endpoint("light", "other", (Name("light", "en"),), pen("light", "name")),),
        arm_results=(
            ArmResult(
                key="light-mean",
                endpoint="light",
                arm="wick",
                measure="mean",
                value=number("-3.5"),
                interval=None,
                events=number("20"),
                n=number("40"),
                dispersion=Dispersion("SD", value=number("1.2")),
                unit="lux",
                context=Context(),
                evidence=pen("-3.5 lux (SD 1.2)", "value"),
            ),
        ),
    )
    return Paper(document, facts)


def papers() -> tuple[Paper, ...]:
    return record(), article(), other_trial()


def reading(*known: Paper, version: str = SOFTWARE) -> Reading:
    """Reads files that hold the text of one of the papers, from the first line of it to the last."""

    def read(path: Path) -> list[Document | Refusal]:
        text = path.read_text(encoding="utf-8")
        for paper in known:
            if text.splitlines()[:1] == paper.document.text.splitlines()[:1]:
                return [replace(paper.document, text=text, source=path.name)]
        return [Refusal(path.name, "this is no paper; give the text of a trial report")]

    def extract(document: Document) -> Facts:
        return next(paper.facts for paper in known if paper.document.id == document.id)

    return Reading(read, extract, version)


def write(folder: Path, *known: Paper) -> Path:
    for paper in known:
        (folder / paper.document.source).write_text(paper.document.text, encoding="utf-8")
    return folder


def lines(store: Store) -> list[str]:
    return store.dump().decode().splitlines()
