"""Numbers tied to arms and endpoints as annotators tied them: the reader of the corpus and what is counted."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from kg.evaluation.ctro import linked_abstract
from kg.evaluation.linking import Share, link_scores

BASE = "http://ctro/data#"
# Words as the corpus cuts them; a bar ends a sentence.
TEXT = (
    "J Lantern . | 2020 Jan 1 . | Lanternol against placebo in darkness . | Aba C ( 1 ) . Author information : "
    "( 1 ) Here . | METHODS : Adults with darkness were randomized to lanternol ( n = 40 ) or placebo ( n = 41 ) , "
    "once daily for twelve weeks , and asked at each visit how they felt . | "
    "RESULTS : Mean pain was 2 . 5 ( SD 0 . 4 ) with lanternol and 3 . 7 ( SD 0 . 3 ) with placebo "
    "( P < . 001 ) . | "
    "CONCLUSIONS : In adults with darkness , a lantern gives more comfort than nothing at all . | PMID : 123"
)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A corpus of one abstract, of which two values and one planted wrong link are annotated."""
    tokens, onset, places = [], 0, []
    for number, sentence in enumerate(TEXT.split(" | "), 1):
        for word in sentence.split():
            tokens.append(f'1, {number}, 1, 1, 0, 0, {onset}, {onset + len(word)}, "{word}"')
            places.append((onset, word))
            onset += len(word) + 1
    text = " ".join(word for _, word in places)

    def marked(number: int, kind: str, phrase: str, subject: str = "", relation: str = "") -> str:
        start = text.rindex(phrase)
        triple = f'<{BASE}{subject}> <{BASE}{relation}> \\"{phrase}\\".' if subject else ""
        return f'{number}, {kind}, {start}, {start + len(phrase)}, "{phrase}", "", "{triple}"'

    folder = tmp_path / "dm2"
    folder.mkdir()
    (folder / "7.tokens.csv").write_text("\n".join(["# header", *tokens]), "utf-8")
    spans = [
        marked(1, "Pain", "pain"),
        marked(2, "Lanternol", "lanternol"),
        marked(3, "Placebo", "placebo"),
        marked(4, "Increase", "2 . 5", "Outcome_1", "hasChangeValue"),
        marked(5, "Reduction", "3 . 7", "Outcome_2", "hasChangeValue"),
    ]
    (folder / "7.annodb").write_text("\n".join(["# header", *spans]), "utf-8")
    triples = [
        ("ClinicalTrial_1", "hasArm", "Arm_1"), ("ClinicalTrial_1", "hasArm", "Arm_2"),
        ("Arm_1", "hasIntervention", "Intervention_1"), ("Intervention_1", "hasMedication", "Medication_1"),
        ("Medication_1", "hasDrug", "Lanternol"), ("Arm_1", "hasOutcome", "Outcome_1"),
        ("Arm_2", "hasIntervention", "Intervention_2"), ("Intervention_2", "hasMedication", "Medication_2"),
        ("Medication_2", "hasDrug", "Placebo"), ("Arm_2", "hasOutcome", "Outcome_2"),
        ("Outcome_1", "hasEndpoint", "Endpoint_1"), ("Outcome_2", "hasEndpoint", "Endpoint_1"),
        ("Endpoint_1", "hasEndoPointDescription", "Pain"),
    ]  # fmt: skip
    lines = [f"<{BASE}{s}> <{BASE}{p}> <{BASE}{o}> ." for s, p, o in triples]
    (folder / "7.nt").write_text("\n".join(lines), "utf-8")
    (tmp_path / "gl").mkdir()
    for disease in ("dm2", "glaucoma"):
        (tmp_path / f"{disease}_validation_ids.txt").write_text("7\n" if disease == "dm2" else "", "utf-8")
    return tmp_path


def test_the_text_is_put_together_as_it_was_printed(corpus: Path) -> None:
    abstract = linked_abstract(corpus / "dm2" / "7")
    title, methods, results, conclusions = abstract.text.split("\n\n")
    assert title == "Lanternol against placebo in darkness."
    assert methods.startswith("METHODS: Adults with darkness were randomized to lanternol (n = 40)")
    assert "Mean pain was 2.5 (SD 0.4) with lanternol and 3.7 (SD" in results
    assert "(P < .001)." in results
    assert conclusions.endswith("at all.")
    printed = {abstract.text[v.start : v.end]: v for v in abstract.values}
    assert {printed: v.value for printed, v in printed.items()} == {"2.5": Decimal("2.5"), "3.7": Decimal("3.7")}
    assert printed["2.5"].arms == {"Arm_1"}
    assert printed["3.7"].arms == {"Arm_2"}


def test_right_links_count(corpus: Path) -> None:
    scores = link_scores(corpus, "validation")
    assert (scores.read, scores.arms, scores.endpoint) == (Share(2, 2), Share(2, 2), Share(2, 2))


def test_a_link_to_another_arm_and_endpoint_does_not(corpus: Path) -> None:
    templates = corpus / "dm2" / "7.nt"
    said = templates.read_text("utf-8")
    said = said.replace(f"<{BASE}Arm_2> <{BASE}hasOutcome>", f"<{BASE}Arm_1> <{BASE}hasOutcome>")
    templates.write_text(
        said.replace(f"hasEndoPointDescription> <{BASE}Pain>", f"hasEndoPointDescription> <{BASE}Placebo>"), "utf-8"
    )
    scores = link_scores(corpus, "validation")
    assert (scores.read, scores.arms, scores.endpoint) == (Share(2, 2), Share(1, 2), Share(0, 2))
