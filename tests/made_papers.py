"""Two papers made by hand, with their findings, so that pages are tested without the reading of papers."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from extractors.documents import Document, Language, Metadata, Section
from extractors.findings import (
    Arm,
    ArmResult,
    Conclusion,
    Context,
    Contrast,
    Count,
    DesignFact,
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
from kg.ingest import ingest
from kg.preparing import Reading
from kg.store import Store

SURVIVAL = "https://w3id.org/evidence-kg/concept/endpoints/overall-survival"
WHOLE = Context()

ENGLISH = {
    "title": "Early versus late walking after hip repair: a randomised trial",
    "methods": "Adults with hip fracture were randomised 1:1 to early walking (arm E) or late walking (arm L). "
    "The primary endpoint was overall survival (OS). Pain at week 4 was a secondary endpoint.",
    "results": "We randomised 120 adults, 61 to arm E and 59 to arm L. OS did not differ (HR 0.86, 90% CI 0.69-1.07; "
    "one-sided p = 0.13). Median OS was 41 months in arm E and 38 months in arm L. In women the HR was 0.70 "
    "(95% CI 0.41-1.19). Pain scores differed by -1.2 points (95% CI -2.0 to -0.4; P = 0.003). "
    "Fewer falls were seen with early walking.",
    "conclusion": "Early walking did not prolong OS but eased pain.",
    "registration": "Registered as NCT01234567. A sister trial is ISRCTN10175490.",
}
CHINESE = {
    "title": "髋部修复术后早期与晚期行走：随机试验",
    "methods": "髋部骨折成人按1:1随机分配至早期行走组（E组）或晚期行走组（L组）。主要终点为总生存期（OS）。",
    "results": "共随机120例，E组61例，L组59例。OS差异无统计学意义（HR 0.86，90%CI 0.69-1.07；单侧p = 0.13）。",
    "conclusion": "早期行走未延长OS，但减轻了疼痛。",
}
HOSTILE_TITLE = "<script>alert('x')</script> & \"quoted\" 'title' <b>bold</b> ${1} {{ 7*7 }}"


def _document(name: str, texts: tuple[tuple[Language, dict[str, str]], ...], metadata: Metadata) -> Document:
    text = ""
    sections = []
    for language, parts in texts:
        for role, part in parts.items():
            start = len(text)
            text += f"{part}\n"
            section = Section(f"{language}-{role}", role, language, start, len(text) - 1, in_abstract=True)
            sections.append(section)
    return Document(name, f"{name}.txt", "record", text, tuple(sections), metadata)


class _Quotes:
    """Finds the evidence of a finding by its quotes, each in the language's part of the text."""

    def __init__(self, document: Document) -> None:
        self._document = document

    def __call__(self, supports: str, english: str, chinese: str = "") -> tuple[Evidence, ...]:
        sides: tuple[tuple[Language, str], ...] = (("en", english), ("zh", chinese))
        return tuple(self._find(supports, language, quote) for language, quote in sides if quote)

    def _find(self, supports: str, language: Language, quote: str) -> Evidence:
        for section in self._document.sections:
            start = self._document.text.find(quote, section.start, section.end)
            if section.language == language and start >= 0:
                end = start + len(quote)
                return Evidence(section.id, start, end, quote, language, supports, "by-hand", "1", Decimal("0.95"))
        raise AssertionError(f"no {language} part of the paper holds {quote!r}")


def _number(text: str) -> Number:
    return Number(Decimal(text), text)


def _interval(low: str, high: str, level: str) -> Interval:
    return Interval(_number(low), _number(high), _number(level))


HIP = _document(
    "doi-10.1000-hip.1-record",
    (("en", ENGLISH), ("zh", CHINESE)),
    Metadata(
        titles=(("en", ENGLISH["title"]), ("zh", CHINESE["title"])),
        authors=("Ada Example", "Wei Li"),
        journal="Journal of Walking",
        year=2024,
        doi="10.1000/hip.1",
        pmid="12345678",
        acronyms=("WALK-1", "SHARED"),
    ),
)


def hip_facts() -> Facts:
    """What a careful reader writes down of the bilingual paper."""
    quote = _Quotes(HIP)
    hr = "HR 0.86, 90% CI 0.69-1.07; one-sided p = 0.13"
    hr_zh = "HR 0.86，90%CI 0.69-1.07；单侧p = 0.13"
    women = Context(subgroup=(Name("women", "en"),), planned=False)
    return Facts(
        document=HIP.id,
        languages=("en", "zh"),
        registrations=(
            Registration("NCT01234567", "ClinicalTrials.gov", "own", quote("identifier", "NCT01234567")),
            Registration("ISRCTN10175490", "ISRCTN", "mentioned", quote("identifier", "ISRCTN10175490")),
        ),
        design=(
            DesignFact("allocation", "randomised", quote("value", "randomised 1:1", "随机分配")),
            DesignFact("ratio", "1:1", quote("value", "1:1", "1:1")),
        ),
        population=Population(
            (Name("hip fracture", "en"), Name("髋部骨折", "zh")),
            (Count("randomised", _number("120"), quote("value", "120", "120例")),),
            quote("name", "hip fracture", "髋部骨折"),
        ),
        arms=(
            Arm(
                "early",
                "experimental",
                (Name("early walking", "en"), Name("arm E", "en"), Name("早期行走组", "zh"), Name("E组", "zh")),
                _number("61"),
                (*quote("name", "early walking", "早期行走组"), *quote("size", "61", "61例")),
            ),
            Arm(
                "late",
                "control",
                (Name("late walking", "en"), Name("arm L", "en"), Name("晚期行走组", "zh")),
                _number("59"),
                (*quote("name", "late walking", "晚期行走组"), *quote("size", "59", "59例")),
            ),
        ),
        endpoints=(
            Endpoint(
                "os",
                "primary",
                (Name("overall survival", "en", SURVIVAL), Name("OS", "en"), Name("总生存期", "zh", SURVIVAL)),
                quote("name", "overall survival (OS)", "总生存期（OS）"),
            ),
            Endpoint("pain", "secondary", (Name("pain at week 4", "en"),), quote("name", "Pain at week 4")),
            Endpoint("falls", "other", (Name("falls", "en"),), quote("name", "falls")),
        ),
        contrasts=(
            Contrast(
                "os-hr",
                "os",
                "HR",
                _number("0.86"),
                _interval("0.69", "1.07", "90"),
                PValue("=", _number("0.13"), 1),
                ("early", "late"),
                None,
                WHOLE,
                False,
                (
                    *quote("value", hr, hr_zh),
                    *quote("interval", "90% CI 0.69-1.07", "90%CI 0.69-1.07"),
                    *quote("p", "one-sided p = 0.13", "单侧p = 0.13"),
                ),
            ),
            Contrast(
                "os-hr-women",
                "os",
                "HR",
                _number("0.70"),
                _interval("0.41", "1.19", "95"),
                None,
                ("early", "late"),
                None,
                women,
                None,
                quote("value", "In women the HR was 0.70 (95% CI 0.41-1.19)"),
            ),
            Contrast(
                "pain-md",
                "pain",
                "MD",
                _number("-1.2"),
                _interval("-2.0", "-0.4", "95"),
                PValue("=", _number("0.003"), None),
                ("early", "late"),
                "points",
                WHOLE,
                True,
                quote("value", "-1.2 points (95% CI -2.0 to -0.4; P = 0.003)"),
            ),
        ),
        arm_results=tuple(
            ArmResult(
                f"os-{arm}",
                "os",
                arm,
                "median",
                _number(months),
                None,
                None,
                None,
                None,
                "months",
                WHOLE,
                quote("value", words),
            )
            for arm, months, words in (
                ("early", "41", "41 months in arm E"),
                ("late", "38", "38 months in arm L"),
            )
        ),
        statements=(
            Statement(
                "falls",
                "falls",
                ("early", "late"),
                "first lower",
                None,
                WHOLE,
                quote("direction", "Fewer falls were seen with early walking."),
            ),
        ),
        conclusions=(
            Conclusion(ENGLISH["conclusion"], "en", quote("text", ENGLISH["conclusion"])),
            Conclusion(CHINESE["conclusion"], "zh", quote("text", "", CHINESE["conclusion"])),
        ),
    )


_SECOND = {
    "title": HOSTILE_TITLE,
    "results": 'We studied <i>few</i> adults & report RR 1.40 for "recovery" in ChiCTR2300070727.',
}
HOSTILE = _document(
    "doi-10.1000-hostile-record",
    (("en", _SECOND),),
    Metadata(titles=(("en", HOSTILE_TITLE),), doi="10.1000/hostile", acronyms=("SHARED",)),
)


def hostile_facts() -> Facts:
    """What a careful reader writes down of a paper whose title is an attack and which reports next to nothing."""
    quote = _Quotes(HOSTILE)
    return Facts(
        document=HOSTILE.id,
        languages=("en",),
        registrations=(Registration("ChiCTR2300070727", "ChiCTR", "own", quote("identifier", "ChiCTR2300070727")),),
        design=(),
        population=Population((), (), ()),
        arms=(),
        endpoints=(Endpoint("recovery", "other", (Name('"recovery" <i>', "en"),), quote("name", '"recovery"')),),
        contrasts=(
            Contrast(
                "recovery-rr",
                "recovery",
                "RR",
                _number("1.40"),
                None,
                None,
                None,
                None,
                WHOLE,
                None,
                quote("value", "RR 1.40"),
            ),
        ),
        arm_results=(),
        statements=(),
        conclusions=(),
    )


_PAPERS = {HIP.source: (HIP, hip_facts), HOSTILE.source: (HOSTILE, hostile_facts)}


def made_reading() -> Reading:
    """Reads the two papers by the names of their files, whatever the files hold."""
    facts = {document.id: make for document, make in _PAPERS.values()}
    return Reading(
        read=lambda path: [_PAPERS[path.name][0]], extract=lambda document: facts[document.id](), version="made"
    )


def publish_made_papers(folder: Path) -> None:
    """Ingest and publish the two papers into the folder."""
    papers = folder / "papers"
    papers.mkdir(parents=True)
    for name in _PAPERS:
        (papers / name).write_text("made by hand", encoding="utf-8")
    store = Store.open(folder)
    report = ingest(store, [papers], reading=made_reading())
    assert not report.failed, report.failed
