"""How sure findings are, why, and that the calibrated table keeps its word."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path
from typing import get_args

import pytest
from texts import document
from typer.testing import CliRunner

from extractors.bilingual import merge
from extractors.confidence import Model, assessed, models
from extractors.documents import Language
from extractors.findings import Facts
from extractors.pipelines import extract
from extractors.reading import Way
from extractors.selection import at_least, confidence_of
from kg.evaluation.calibration import cross_validated, fitted, table
from kg.evaluation.reliability import reliability
from kg.evaluation.samples import Sample
from server.cli import app

EN = "Patients were randomly assigned to lantern light (n = 40) or lamp light (n = 41). The primary endpoint was pain."
ZH = "患者被随机分配至灯笼组（40例）或台灯组（41例）。主要终点为疼痛。"

PAPER = f"""Lantern light for pain: a randomised trial.
Methods: {EN}
Results: Mean pain was 2.1 with lantern light and 3.4 with lamp light.
Conclusions: Lantern light eased pain.
"""


def facts_of(language: Language, results: str) -> Facts:
    methods = EN if language == "en" else ZH
    (facts,) = extract(document(language, methods=methods, results=results))
    return facts


def sureness(facts: Facts) -> dict[str, Decimal]:
    """The confidence of each number by how it is printed."""
    return {item.value.text: confidence_of(item.evidence) for item in (*facts.contrasts, *facts.arm_results)}


@pytest.mark.parametrize(
    ("language", "clear", "doubtful"),
    [
        (
            "en",
            "Mean pain was 2.1 with lantern light and 3.4 with lamp light.",
            "Pain and nausea were recorded. In all, 14% and 21%, respectively, complained.",
        ),
        ("zh", "灯笼组平均疼痛为2.1分，台灯组为3.4分。", "记录疼痛和恶心。分别有14%和21%。"),
    ],
)
def test_a_number_with_its_names_beside_it_is_surer(language: Language, clear: str, doubtful: str) -> None:
    sure, unsure = sureness(facts_of(language, clear)), sureness(facts_of(language, doubtful))
    assert set(sure) == {"2.1", "3.4"}
    assert min(sure.values()) > max(unsure.values(), default=Decimal(0))


def test_every_finding_says_how_sure_it_is_and_why() -> None:
    facts = facts_of("en", "Mean pain was 2.1 with lantern light and 3.4 with lamp light (p = 0.01).")
    for finding in (*facts.arms, *facts.endpoints, *facts.arm_results, *facts.statements, *facts.design):
        for item in finding.evidence:
            assert Decimal(0) < item.confidence < Decimal(1)
            assert item.reasons
    assert "arms beside" in facts.arm_results[0].evidence[0].reasons


def test_a_fact_in_two_languages_keeps_the_reasons_of_both() -> None:
    english, chinese = "Mean pain was 2.1 with lantern light.", "灯笼组平均疼痛为2.1分，台灯组为3.4分。"
    paper = document("en", methods=EN, results=english)
    parts = (facts_of("en", english), facts_of("zh", chinese))
    (value, *_) = (v for v in merge(paper, parts).arm_results if v.value.text == "2.1")
    by_language = {item.language: item.confidence for item in value.evidence}
    assert set(by_language) == {"en", "zh"}
    assert confidence_of(value.evidence) == max(by_language.values())


def test_findings_below_the_least_are_left_out_with_what_only_they_need() -> None:
    facts = facts_of("en", "Mean pain was 2.1 with lantern light and 3.4 with lamp light.")
    assert at_least(facts, Decimal(0)) == facts
    limit = max(sureness(facts).values())
    kept = at_least(facts, limit)
    assert set(sureness(kept).values()) == {limit}
    assert {value.endpoint for value in kept.arm_results} <= {endpoint.key for endpoint in kept.endpoints}
    assert {value.arm for value in kept.arm_results} <= {arm.key for arm in kept.arms}
    none = at_least(facts, Decimal(1))
    assert (none.arms, none.endpoints, none.arm_results, none.design, none.conclusions) == ((), (), (), (), ())


def test_the_command_leaves_out_what_is_less_sure(tmp_path: Path) -> None:
    paper = tmp_path / "paper.txt"
    paper.write_text(PAPER, "utf-8")
    lines = {}
    for least in ("0", "0.99"):
        done = CliRunner().invoke(app, ["extract", "--min-confidence", least, str(paper)])
        assert done.exit_code == 0
        lines[least] = json.loads(done.stdout)
    assert lines["0"]["results"]
    assert all(result["confidence"] < 0.99 for result in lines["0"]["results"])
    assert lines["0.99"]["results"] == []
    assert CliRunner().invoke(app, ["extract", "--min-confidence", "2", str(paper)]).exit_code == 2


def test_the_table_names_only_reasons_that_are_given() -> None:
    source = (Path(__file__).resolve().parents[1] / "extractors" / "reasons.py").read_text("utf-8")
    given = set(re.findall(r'"([^"\n]+)"', source)) | {f"arms {way}" for way in get_args(Way)}
    for kind in ("number", "statement"):
        assert set(models()[kind].weights) <= given


def test_a_kind_that_was_not_measured_has_a_confidence_of_its_own() -> None:
    assert assessed("conclusion", ("en",)).confidence == Decimal("0.90")


@pytest.mark.parametrize(("base", "confidence"), [(0.0, "0.50"), (99.0, "0.99"), (-99.0, "0.01")])
def test_no_confidence_is_certain(monkeypatch: pytest.MonkeyPatch, base: float, confidence: str) -> None:
    monkeypatch.setattr("extractors.confidence.models", lambda: {"number": Model(base, {})})
    assert assessed("number", ("arms beside",)).confidence == Decimal(confidence)


def made(right: int, of: int, *reasons: str) -> list[Sample]:
    """Findings of as many documents, so many of them right."""
    return [Sample(f"{reasons}{n}", "number", reasons, 0.5, n < right) for n in range(of)]


def test_the_calibration_finds_how_often_reasons_are_right() -> None:
    found = [*made(90, 100, "clear"), *made(30, 100, "vague")]
    model = fitted(found)["number"]
    assert model.probability(("clear",)) == pytest.approx(0.9, abs=0.04)
    assert model.probability(("vague",)) == pytest.approx(0.3, abs=0.04)
    assert model.probability(("never seen",)) == pytest.approx(model.probability(()))
    assert fitted(found[::-1])["number"] == model
    assert json.loads(table({"number": model}))["number"]["weights"].keys() == {"clear", "vague"}


def test_cross_validation_leaves_out_the_document_itself() -> None:
    lonely = [Sample("odd one", "number", ("odd",), 0.5, True)] * 5
    found = [*made(50, 100, "plain"), *lonely]
    judged = dict(cross_validated(found))
    assert judged[lonely[0]] == pytest.approx(0.5, abs=0.06)
    assert fitted(found)["number"].probability(("odd",)) > 0.6


def test_reliability_compares_confidence_with_the_share_that_is_right() -> None:
    kept = reliability("well", [(sample, 0.9) for sample in made(9, 10, "clear")])
    assert kept.error == pytest.approx(0)
    assert kept.brier == pytest.approx(0.09) == kept.base
    assert [(part.findings, part.right) for part in kept.bins][-1] == (10, 0.9)
    boasting = reliability("ill", [(sample, 0.9) for sample in made(5, 10, "clear")])
    assert boasting.error == pytest.approx(0.4)
    assert boasting.brier == pytest.approx(0.41)
