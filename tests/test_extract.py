"""Whole documents: from text to facts, in two languages, with evidence for every part."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from texts import document

from extractors.bilingual import merge
from extractors.documents import Document
from extractors.facts_json import to_gold
from extractors.findings import Evidence, Facts
from extractors.pipelines import NotATrial, extract, load
from extractors.readers import read

RECORDS = ("jcog1017-record", "tata-memorial", "mf07-01", "abcsg-28", "e2108")


def evidence_of(facts: Facts) -> list[Evidence]:
    """All evidence of all findings."""
    groups = (
        facts.registrations,
        facts.design,
        facts.population.counts,
        (facts.population,),
        facts.arms,
        facts.endpoints,
        facts.contrasts,
        facts.arm_results,
        facts.statements,
        facts.conclusions,
    )
    return [item for group in groups for finding in group for item in finding.evidence]


def check_evidence(paper: Document, facts: Facts) -> None:
    sections = {section.id: section for section in paper.sections}
    items = evidence_of(facts)
    assert items
    for item in items:
        section = sections[item.section]
        assert paper.text[item.start : item.end] == item.quote
        assert section.start <= item.start < item.end <= section.end
        assert 0 <= item.confidence <= 1


def facts_of(path: Path) -> tuple[Document, Facts]:
    paper = read(path)
    return paper, merge(paper, extract(paper))


@pytest.mark.parametrize("name", [*RECORDS, "jcog1017-article"])
def test_every_finding_quotes_its_text(examples: Path, name: str) -> None:
    paper = read(examples / f"{name}.txt")
    parts = extract(paper)
    for facts in (*parts, merge(paper, parts)):
        check_evidence(paper, facts)


@pytest.mark.parametrize("name", RECORDS)
def test_a_fact_in_two_languages_is_one_with_evidence_in_both(examples: Path, name: str) -> None:
    _, facts = facts_of(examples / f"{name}.txt")
    assert facts.languages == ("en", "zh")
    for result in (*facts.contrasts, *facts.arm_results):
        assert {item.language for item in result.evidence} == {"en", "zh"}, result.value.text
    for arm in facts.arms:
        assert {item.language for item in arm.evidence} == {"en", "zh"}


def contrasts(facts: Facts) -> set[tuple[object, ...]]:
    """Effect estimates as tuples: concept of the endpoint, measure, value, bounds, level, p."""
    concepts = {e.key: (e.names[0].concept or "").rpartition("/")[2] for e in facts.endpoints}
    rows = set()
    for item in facts.contrasts:
        interval = item.interval
        bounds = (
            (interval.low.text, interval.high.text, interval.level.text)
            if interval and interval.low and interval.high and interval.level
            else None
        )
        p = f"{item.p.operator}{item.p.value.text}" if item.p else None
        rows.add((concepts[item.endpoint], item.measure, item.value.text, bounds, p))
    return rows


@pytest.mark.parametrize(
    ("name", "registrations", "sizes", "estimates"),
    [
        (
            "jcog1017-record",
            {"UMIN000005586", "jRCTs031180151"},
            {("control", "205"), ("experimental", "202")},
            {
                ("overall-survival", "HR", "0.86", ("0.69", "1.07", "90"), "=0.13"),
                ("local-relapse-free-survival", "HR", "0.42", ("0.33", "0.53", "95"), "<0.0001"),
            },
        ),
        (
            "tata-memorial",
            {"NCT00193778"},
            {("control", "177"), ("experimental", "173")},
            {("overall-survival", "HR", "1.04", ("0.81", "1.34", "95"), "=0.79")},
        ),
        (
            "mf07-01",
            {"NCT00557986"},
            {("comparator", "136"), ("experimental", "138")},
            {
                ("overall-survival", "HR", "0.66", ("0.49", "0.88", "95"), "=0.005"),
                ("overall-survival", "HR", "0.64", ("0.46", "0.91", "95"), "=0.01"),
                ("overall-survival", "HR", "0.64", ("0.45", "0.91", "95"), "=0.01"),
                ("overall-survival", "HR", "0.57", ("0.38", "0.86", "95"), "=0.007"),
                ("overall-survival", "HR", "0.47", ("0.23", "0.98", "95"), "=0.04"),
            },
        ),
        (
            "abcsg-28",
            {"NCT01015625"},
            {("control", "45"), ("experimental", "45")},
            {
                ("overall-survival", "HR", "0.691", ("0.358", "1.333", "95"), "=0.267"),
                ("time-to-distant-progression", "HR", "0.598", ("0.343", "1.043", "95"), "=0.0668"),
            },
        ),
        (
            "e2108",
            {"NCT01242800"},
            {("control", "131"), ("experimental", "125")},
            {("overall-survival", "HR", "1.11", ("0.82", "1.52", "90"), "=0.57")},
        ),
    ],
)
def test_the_bundled_examples(
    examples: Path,
    name: str,
    registrations: set[str],
    sizes: set[tuple[str, str]],
    estimates: set[tuple[object, ...]],
) -> None:
    paper = read(examples / f"{name}.txt")
    for facts in extract(paper):
        assert {r.identifier for r in facts.registrations if r.role == "own"} == registrations
        assert {(arm.role, arm.size.text if arm.size else "") for arm in facts.arms} == sizes
        assert contrasts(facts) == estimates
        primary = [e.names[0].concept for e in facts.endpoints if e.role == "primary"]
        assert [concept and concept.rsplit("/", 1)[1] for concept in primary] == ["overall-survival"]
        assert all(contrast.arms for contrast in facts.contrasts)
    merged = merge(paper, extract(paper))
    assert contrasts(merged) == estimates
    assert len(merged.contrasts) == len(estimates)


def check_main_results(facts: Facts) -> None:
    """The primary result of JCOG1017 as its body prints it, and whose registrations the paper names."""
    medians = {(r.value.text, r.interval.low.text, r.interval.high.text)
               for r in facts.arm_results
               if r.measure == "median" and r.interval and r.interval.low and r.interval.high}  # fmt: skip
    assert {("68.7", "55.7", "81.1"), ("74.9", "65.7", "95.4")} <= medians
    rows = contrasts(facts)
    assert ("overall-survival", "HR", "0.86", ("0.68", "1.07", "90"), "=0.13") in rows
    assert any(row[:3] == ("local-relapse-free-survival", "HR", "0.42") for row in rows)
    sides = {c.p.sides for c in facts.contrasts if c.value.text == "0.86" and c.p}
    assert sides == {1}
    own = {r.identifier for r in facts.registrations if r.role == "own"}
    mentioned = {r.identifier for r in facts.registrations if r.role == "mentioned"}
    assert own == {"UMIN000005586", "jRCTs031180151"}
    assert mentioned == {"jRCTs031230439", "NCT06135714"}


def test_the_main_results_of_a_whole_article(examples: Path) -> None:
    check_main_results(facts_of(examples / "jcog1017-article.txt")[1])


def test_the_main_results_of_the_users_article(shared: Path) -> None:
    check_main_results(facts_of(shared / "seeds" / "article.txt")[1])


def test_nothing_of_the_discussion_becomes_a_result(examples: Path) -> None:
    paper, facts = facts_of(examples / "jcog1017-article.txt")
    roles = {section.id: section.role for section in paper.sections}
    results = (*facts.contrasts, *facts.arm_results, *facts.statements)
    assert {roles[item.section] for result in results for item in result.evidence} <= {"abstract", "results", "table"}


@pytest.mark.parametrize(
    "parts",
    [
        {"title": "Surgery for breast cancer: a systematic review and meta-analysis",
         "abstract": "We searched for trials. The pooled hazard ratio was 0.97 (95% CI 0.72-1.29)."},
        {"title": "Pancakes", "abstract": "Mix 200 g of flour with 2 eggs and 300 mL of milk. Fry for 2 minutes."},
        {"title": "A letter", "abstract": "We read the article with interest and would like to add some thoughts."},
    ],
    ids=["review", "recipe", "letter"],
)  # fmt: skip
def test_what_is_no_trial_is_refused(parts: dict[str, str]) -> None:
    with pytest.raises(NotATrial, match=r"trial"):
        extract(document("en", **parts))


def test_both_pipelines_have_the_same_components_but_the_trained_spans() -> None:
    assert [name for name in load("en").pipe_names if name != "evidence_spans"] == load("zh").pipe_names


def test_the_json_form_keeps_numbers_and_evidence(examples: Path) -> None:
    paper = read(examples / "e2108.txt")
    english = to_gold(paper, extract(paper)[0])
    (contrast,) = [r for r in english["results"] if r["kind"] == "contrast"]
    assert contrast["value"] == 1.11
    assert contrast["ci"] == [0.82, 1.52]
    assert contrast["ci_level"] == 90
    for part in contrast["evidence"]:
        assert paper.text[part["start"] : part["end"]] == part["quote"]
    assert json.loads(json.dumps(english, ensure_ascii=False)) == english


def test_the_users_record_is_read_in_full(shared: Path, tmp_path: Path) -> None:
    """The gold facts of the seed record, by the published scorer: every figure is 1.0 in both languages."""
    record = shared / "gold" / "seed" / "record" / "text.txt"
    paper = read(record)
    lines = [{**to_gold(paper, facts), "source": str(record)} for facts in extract(paper)]
    file = tmp_path / "facts.jsonl"
    file.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines), encoding="utf-8")
    gold = tmp_path / "gold"
    (gold / "record").mkdir(parents=True)
    for name in ("gold.json", "text.txt"):
        (gold / "record" / name).write_bytes((record.parent / name).read_bytes())
    for language in ("en", "zh"):
        command = [sys.executable, str(shared / "gold" / "score.py"), str(gold), "--facts", str(file)]
        done = subprocess.run([*command, "--lang", language, "--json"], capture_output=True, text=True, check=True)
        scores = json.loads(done.stdout)
        for figure in ("value", "full", "stated", "arms", "endpoints", "registrations"):
            assert scores[figure]["F1"] == 1.0, (language, figure)
        for figure in ("primary", "condition", "randomised", "enrolled", "arm n", "design", "subgroup", "timepoint"):
            assert scores[figure]["right"] == scores[figure]["of"], (language, figure)
        assert scores["design wrong"] == 0
