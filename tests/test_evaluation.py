"""How often it is right: scoring against gold facts, the intervals, the tables, the floors, and what they say today."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from kg.evaluation.evaluation import Evaluation, evaluate
from kg.evaluation.figures import bootstrap, figure
from kg.evaluation.floors import BadFloors, shortfalls
from kg.evaluation.gold import NoGoldFacts, parts, set_aside
from kg.evaluation.matching import aligned, similarity, words
from kg.evaluation.scoring import Counts, score
from kg.evaluation.tables import CLOSING, OPENING, NoMarkers, written
from server.cli import app

ROOT = Path(__file__).resolve().parents[1]
FLOORS = ROOT / "kg" / "evaluation" / "floors.toml"

TEXT = """Lantern light against lamp light for reading: a randomised trial
METHODS: Adults with presbyopia were randomly assigned to lantern light (n = 40) or lamp light (n = 41). \
The primary endpoint was overall survival.
RESULTS: Overall survival did not differ (HR 0.91, 95% CI 0.60-1.38; P = 0.66).
CONCLUSIONS: Lantern light did not prolong survival. ClinicalTrials.gov NCT07654321.
"""
GOLD: dict[str, Any] = {
    "languages": ["en"],
    "registrations": ["NCT07654321"],
    "mentioned_registrations": [],
    "design": {"allocation": "randomised", "masking": None, "structure": "parallel"},
    "population": {"condition": {"en": ["presbyopia"]}, "enrolled": None, "randomised": None, "analysed": None},
    "arms": [
        {"id": "a1", "role": "comparator", "names": {"en": ["lantern light"]}, "n": 40},
        {"id": "a2", "role": "comparator", "names": {"en": ["lamp light"]}, "n": 41},
    ],
    "endpoints": [{"id": "e1", "role": "primary", "names": {"en": ["overall survival"]}}],
    "results": [
        {
            "id": "r1", "kind": "contrast", "endpoint": "e1", "measure": "HR", "value": 0.91, "ci": [0.6, 1.38],
            "ci_level": 95, "p": {"op": "=", "value": 0.66, "sides": None}, "arms": ["a1", "a2"], "unit": None,
            "timepoint": None, "subgroup": None, "significant": False,
        }
    ],
}  # fmt: skip


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    """A plain folder with one document of gold facts."""
    folder = tmp_path / "gold"
    (folder / "lantern").mkdir(parents=True)
    (folder / "lantern" / "en.txt").write_text(TEXT, "utf-8")
    (folder / "lantern" / "gold.json").write_text(json.dumps(GOLD), "utf-8")
    return folder


def read_back(**changes: Any) -> dict[str, Any]:
    """The gold facts in the form that facts are read in, with changes of the one result."""
    facts = copy.deepcopy(GOLD)
    for item in (*facts["arms"], *facts["endpoints"]):
        item["names"] = item["names"]["en"]
    facts["population"]["condition"] = facts["population"]["condition"]["en"]
    facts["results"][0].update(changes)
    return facts


@pytest.mark.parametrize(
    ("first", "second", "alike"),
    [
        ("overall survival", "Overall survival rate", 1.0),
        ("placebo group", "placebo", 1.0),
        ("tumour responses", "tumor response", 1.0),
        ("group", "group", 1.0),
        ("overall survival", "progression-free survival", 0.4),
        ("总生存期", "总生存期", 1.0),
        ("安慰剂组", "安慰剂", 1.0),
        ("总生存期", "无病生存期", 4 / 7),
        ("", "placebo", 0.0),
    ],
)
def test_names_are_alike_by_their_words(first: str, second: str, alike: float) -> None:
    assert similarity(first, second) == pytest.approx(alike)


def test_chinese_names_are_compared_by_pairs_of_characters() -> None:
    assert words("手术组") == {"手术"}
    assert words("组") == {"组"}


def test_the_closest_names_are_paired_first_and_what_is_left_may_share() -> None:
    gold = [{"id": "g1", "names": ["surgery"]}, {"id": "g2", "names": ["systemic therapy"]}]
    read = [{"id": "s1", "names": ["surgery and systemic"]}, {"id": "s2", "names": ["surgery"]},
            {"id": "s3", "names": ["surgery again"]}, {"id": "s4", "names": ["radiotherapy"]}]  # fmt: skip
    assert aligned(read, gold) == {"s2": "g1", "s1": "g2", "s3": "g1"}


@pytest.mark.parametrize(
    ("changes", "value", "full"),
    [
        ({}, Counts(1, 0, 0), Counts(1, 0, 0)),
        ({"value": 0.9}, Counts(0, 1, 1), Counts(0, 1, 1)),
        ({"measure": "OR"}, Counts(0, 1, 1), Counts(0, 1, 1)),
        ({"ci": None}, Counts(1, 0, 0), Counts(0, 1, 1)),
        ({"ci_level": 90}, Counts(1, 0, 0), Counts(0, 1, 1)),
        ({"ci_level": None}, Counts(1, 0, 0), Counts(1, 0, 0)),
        ({"p": None}, Counts(1, 0, 0), Counts(0, 1, 1)),
        ({"p": {"op": "<", "value": 0.66}}, Counts(1, 0, 0), Counts(0, 1, 1)),
        ({"arms": ["a2", "a1"]}, Counts(1, 0, 0), Counts(0, 1, 1)),
        ({"endpoint": "e9"}, Counts(1, 0, 0), Counts(0, 1, 1)),
    ],
)
def test_a_number_is_fully_right_with_all_its_parts(changes: dict[str, Any], value: Counts, full: Counts) -> None:
    result = score(read_back(), read_back(**changes), "en")
    assert (result.figures["value"], result.figures["full"]) == (value, full)
    assert result.verdicts == [full.right == 1]


@pytest.mark.parametrize(
    ("arms", "direction", "right"),
    [
        (["a1", "a2"], "first higher", True),
        (["a2", "a1"], "first lower", True),
        (["a2", "a1"], "first higher", False),
        (["a1", "a2"], "no difference", False),
    ],
)
def test_a_comparison_in_words_is_right_from_either_side(arms: list[str], direction: str, right: bool) -> None:
    statement = {"kind": "statement", "endpoint": "e1", "arms": ["a1", "a2"], "direction": "first higher", "p": None}
    gold = read_back() | {"results": [statement]}
    facts = read_back() | {"results": [statement | {"arms": arms, "direction": direction}]}
    assert score(gold, facts, "en").figures["stated"].right == right


def test_a_document_that_was_not_read_misses_everything() -> None:
    result = score(read_back(), {}, "en")
    assert result.figures["value"] == Counts(0, 0, 1)
    assert result.figures["arms"] == Counts(0, 0, 2)
    assert result.shares["arm n"].right == 0


def test_an_interval_comes_from_the_documents_and_is_the_same_in_every_run() -> None:
    table = np.array([[8, 10], [2, 10], [5, 10], [9, 10]], dtype=float)
    bounds = bootstrap(table)
    assert bounds is not None
    assert 0.2 <= bounds[0] < 0.6 < bounds[1] <= 0.9
    assert bounds == bootstrap(table)
    assert bootstrap(table[:1]) is None


def test_documents_that_are_all_alike_leave_nothing_open() -> None:
    found = figure([Counts(3, 1, 1)] * 5)
    assert (found.precision, found.recall, found.f1) == (0.75, 0.75, 0.75)
    assert found.interval == (0.75, 0.75)


def test_fifteen_documents_are_set_aside_whatever_their_order() -> None:
    folders = [Path(f"{number}") for number in range(40)]
    aside = set_aside(folders)
    assert len(aside) == 15
    assert set_aside(folders[::-1]) == aside


def test_a_folder_without_gold_facts_is_named(tmp_path: Path) -> None:
    with pytest.raises(NoGoldFacts, match=r"gold\.json"):
        parts(tmp_path)


def test_the_figures_go_between_the_markers(tmp_path: Path) -> None:
    document = tmp_path / "evaluation.md"
    document.write_text(f"Before.\n\n{OPENING}\nold\n{CLOSING}\n\nAfter.\n", "utf-8")
    written(document, "| new |\n")
    written(document, "| newer |\n")
    assert document.read_text("utf-8") == f"Before.\n\n{OPENING}\n\n| newer |\n\n{CLOSING}\n\nAfter.\n"
    document.write_text("No markers.", "utf-8")
    with pytest.raises(NoMarkers, match="add them"):
        written(document, "| new |")


def test_a_figure_below_its_floor_is_named(gold: Path, tmp_path: Path) -> None:
    evaluation = evaluate(gold)
    floors = tmp_path / "floors.toml"
    floors.write_text('[gold.en]\nvalue = 0.9\nfull = 1.5\n"arm n" = 1.0\n', "utf-8")
    assert list(shortfalls(evaluation, floors)) == ["gold.en: full is 1.000, below its floor 1.500"]
    for wrong in ("[gold.zh]\nvalue = 0.9", "[gold.en]\nbeauty = 0.9", "[gold.en"):
        floors.write_text(wrong, "utf-8")
        with pytest.raises(BadFloors, match=r"floors\.toml"):
            list(shortfalls(evaluation, floors))


def test_the_command_prints_writes_and_holds_to_floors(gold: Path, tmp_path: Path) -> None:
    document, floors = tmp_path / "figures.md", tmp_path / "floors.toml"
    document.write_text(f"{OPENING}\n{CLOSING}\n", "utf-8")
    floors.write_text("[gold.en]\nvalue = 1.0\n", "utf-8")
    done = CliRunner().invoke(app, ["evaluate", str(gold), "--write", str(document), "--floors", str(floors)])
    assert done.exit_code == 0
    assert "| gold, English (1) | 1.00 |" in document.read_text("utf-8")
    floors.write_text("[gold.en]\nvalue = 1.1\n", "utf-8")
    done = CliRunner().invoke(app, ["evaluate", str(gold), "--json", "--floors", str(floors)])
    assert done.exit_code == 1
    assert json.loads(done.stdout)["figures"][0]["value"]["F1"] == 1.0
    assert "value is 1.000, below its floor 1.100" in done.stderr
    done = CliRunner().invoke(app, ["evaluate", str(tmp_path / "nothing")])
    assert (done.exit_code, done.stderr) == (1, f"kg: no such file or folder: {tmp_path / 'nothing'}\n")


@pytest.fixture(scope="module")
def today(shared: Path) -> Evaluation:
    """What is read of all gold facts today."""
    return evaluate(shared / "gold")


@pytest.mark.shared
def test_the_figures_hold_their_floors(today: Evaluation) -> None:
    assert list(shortfalls(today, FLOORS)) == []


@pytest.mark.shared
def test_the_figures_are_those_of_the_published_scorer(today: Evaluation, shared: Path, tmp_path: Path) -> None:
    for result in today.results:
        folder = tmp_path / f"{result.part.name}-{result.language}"
        folder.mkdir()
        for item in result.judged:
            (folder / item.document.name).symlink_to(item.document.text.parent.resolve())
        facts = folder / "facts.jsonl"
        facts.write_text("\n".join(json.dumps(item.facts) for item in result.judged if item.facts), "utf-8")
        command = [sys.executable, str(shared / "gold" / "score.py"), str(folder), "--facts", str(facts)]
        done = subprocess.run([*command, "--lang", result.language, "--json"], capture_output=True, check=True)
        theirs: Mapping[str, Any] = json.loads(done.stdout)
        ours = result.figures.plain()
        for name in set(theirs) - {"lang", "absent"}:
            own = ours[name]
            if isinstance(own, dict):
                own = {key: value for key, value in own.items() if key != "interval"}
            assert own == theirs[name], (result.part.name, result.language, name)
