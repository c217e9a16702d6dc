"""What is registered is set against what is published: a difference is stated only where both sides are sure."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient
from graph_fixtures import reading, record, write
from registry_records import study

from extractors.readers.registries.words import named_concept
from kg.check import check
from kg.ingest import ingest
from kg.iris import Iris
from kg.reading import standard_reading
from kg.registered_checks import compared, registered_checks
from kg.registered_rows import Day, Figure, Outcome, RegisteredTrial, Side, registered_trials
from kg.registered_times import durations, same_durations
from kg.rows import Name
from kg.store import Store
from ontology import EV, by_name
from server.app import create_app
from server.settings import Settings

IRIS = Iris()
SURVIVAL = by_name("endpoints", "overall-survival").iri
PAIN = by_name("endpoints", "pain").iri


def outcome(name: str, role: str = "primary", concept: str | None = None, *times: str) -> Outcome:
    return Outcome(f"x:{name}-{role}", role, (Name(name, "en"),), concept, times)


def verdicts(registered: list[Outcome], published: list[Outcome]) -> set[tuple[str, str]]:
    trial = RegisteredTrial(
        "x:t", (Side("x:r", "r", tuple(registered), ()),), (Side("x:p", "p", tuple(published), ()),)
    )
    return {(found.message, found.verdict) for found in compared(trial)}


@pytest.mark.parametrize(
    ("registered", "published", "expected"),
    [
        (
            [outcome("Overall survival", "primary", SURVIVAL)],
            [outcome("death from any cause", "primary", SURVIVAL)],
            {("registered-primary-consistent", "consistent")},
        ),
        (
            [outcome("Brightness of the lantern at 12 weeks")],
            [outcome("brightness of the lantern")],
            {("registered-primary-consistent", "consistent")},
        ),
        (
            [outcome("Overall survival", "primary", SURVIVAL), outcome("Pain", "secondary", PAIN)],
            [outcome("pain", "primary", PAIN), outcome("survival", "secondary", SURVIVAL)],
            {("registered-primary-inconsistent", "inconsistent"), ("published-primary-inconsistent", "inconsistent")},
        ),
        (
            [outcome("Overall survival", "primary", SURVIVAL)],
            [outcome("pain", "primary", PAIN)],
            {("registered-primary-replaced", "inconsistent"), ("published-primary-new", "inconsistent")},
        ),
        (
            [outcome("Colour of the flame")],
            [outcome("smoke in the room")],
            {("registered-primary-not-found", "cannot tell"), ("published-primary-not-found", "cannot tell")},
        ),
        ([outcome("Overall survival", "primary", SURVIVAL)], [], {("registered-primary-only", "cannot tell")}),
        ([], [outcome("pain", "primary", PAIN)], {("published-primary-only", "cannot tell")}),
        # A common word of many outcomes is not what makes two of them one.
        (
            [outcome("Percentage of participants with smoke")],
            [outcome("percentage of participants with heat")],
            {("registered-primary-not-found", "cannot tell"), ("published-primary-not-found", "cannot tell")},
        ),
    ],
)
def test_primary_outcomes(registered: list[Outcome], published: list[Outcome], expected: set[tuple[str, str]]) -> None:
    assert verdicts(registered, published) == expected


@pytest.mark.parametrize(
    ("registered", "published", "message"),
    [
        ("12 weeks", ("at week 12",), "registered-time-consistent"),
        ("1 year", ("52 weeks", "4 weeks"), "registered-time-consistent"),
        ("2 years", ("12 weeks",), "registered-time-inconsistent"),
        ("Baseline, 4 and 12 weeks; then 1 year", ("24 weeks",), "registered-time-open"),
        ("2 years", (), "registered-time-only"),
    ],
)
def test_times_of_a_primary_outcome(registered: str, published: tuple[str, ...], message: str) -> None:
    found = verdicts(
        [outcome("Survival", "primary", SURVIVAL, registered)], [outcome("survival", "primary", SURVIVAL, *published)]
    )
    assert {name for name, _ in found if name.startswith("registered-time")} == {message}


@pytest.mark.parametrize(
    ("phrase", "days"), [("12 weeks", 84), ("Week 12", 84), ("第12周", None), ("24个月", 730), ("at baseline", None)]
)
def test_a_duration_is_read_in_days(phrase: str, days: int | None) -> None:
    found = durations(phrase)
    if days is not None:
        assert len(found) == 1
        assert abs(next(iter(found)) - days) < 2
    assert same_durations(found, found) == (len(found) == 1)


def figure(number: int, kind: str | None) -> Figure:
    return Figure(f"x:{number}-{kind}", kind, Decimal(number), str(number))


@pytest.mark.parametrize(
    ("registered", "published", "expected"),
    [
        ([figure(240, "actual")], [figure(240, "randomised")], "registered-size-consistent"),
        ([figure(240, "actual")], [figure(236, "randomised")], "registered-size-inconsistent"),
        ([figure(260, "planned")], [figure(240, "randomised")], "registered-size-consistent"),
        ([figure(260, "planned")], [figure(120, "randomised")], "registered-size-inconsistent"),
        ([figure(260, "planned"), figure(120, "actual")], [figure(120, "randomised")], "registered-size-consistent"),
        ([figure(260, "planned")], [figure(12, "deaths")], "registered-size-only-registered"),
        ([], [figure(120, "enrolled")], "registered-size-only-published"),
    ],
)
def test_sample_sizes(registered: list[Figure], published: list[Figure], expected: str) -> None:
    trial = RegisteredTrial(
        "x:t", (Side("x:r", "r", (), tuple(registered)),), (Side("x:p", "p", (), tuple(published)),)
    )
    assert [found.message for found in compared(trial)] == [expected]


@pytest.mark.parametrize(
    ("registered", "started", "expected"),
    [
        ("2019-02-11", "2019-03", "registered-date-consistent"),
        ("2019-03-11", "2019-03", "registered-date-open"),
        ("2019-03-11", "2019-03-11", "registered-date-consistent"),
        ("2019-04-11", "2019-03", "registered-date-inconsistent"),
        ("2019-04-11", None, "registered-date-only-registered"),
        (None, "2019-03", "registered-date-only-started"),
    ],
)
def test_dates_of_registration(registered: str | None, started: str | None, expected: str) -> None:
    days = [("registered-on", registered), ("first-enrolment", started)]
    known = tuple(Day(f"x:{kind}", kind, date) for kind, date in days if date)
    trial = RegisteredTrial("x:t", (Side("x:r", "r", (), (), known),), ())
    assert [found.message for found in compared(trial)] == [expected]


def test_the_checks_of_a_store_name_both_sources_in_both_languages(tmp_path: Path) -> None:
    store = Store.memory()
    ingest(store, [write(tmp_path, record())], reading=reading(record()))
    records = tmp_path / "records"
    records.mkdir()
    made = study(designModule={"enrollmentInfo": {"count": 999, "type": "ACTUAL"}})
    (records / "r.json").write_text(json.dumps(made), "utf-8")
    ingest(store, [records], reading=standard_reading())
    assert check(store) == ()
    (trial,) = registered_trials(store)
    found = {one.message: one for one in compared(trial)}
    assert found["registered-primary-consistent"].verdict == "consistent"
    size = found["registered-size-inconsistent"]
    assert len(size.reports) == 2
    assert "999" in size.words["en"]["registered"]
    triples = registered_checks([trial], IRIS)
    assert (EV.Discrepancy in {value for _, _, value in triples}) is True
    texts = [value for _, predicate, value in triples if predicate == EV.explanation]
    assert {value.language for value in texts} == {"en", "zh"}  # type: ignore[union-attr]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_trials_page_shows_the_table_and_why_its_reports_are_one(tmp_path: Path, language: str) -> None:
    folder = tmp_path / "papers"
    folder.mkdir()
    store = Store.open(tmp_path / "data")
    ingest(store, [write(folder, record())], reading=reading(record()))
    (folder / "record.json").write_text(json.dumps(study()), "utf-8")
    ingest(store, [folder / "record.json"], reading=standard_reading())
    with TestClient(create_app(Settings(data=tmp_path / "data", query_seconds=20))) as client:
        page = client.get(f"/{language}/trial/NCT00000001", headers={"accept": "text/html"})
    assert page.status_code == 200
    soup = BeautifulSoup(page.text, "html.parser")
    table = soup.select_one("table.comparisons")
    assert table is not None
    rows = [row.get_text(" ", strip=True) for row in table.select("tbody tr")]
    kinds = [by_name("checks", name).preferred[language] for name in ("registered-primary", "registered-size")]
    assert all(any(row.startswith(kind) for row in rows) for kind in kinds)
    anchors = {mark.get("id") for mark in soup.select("[id]")}
    links = [link["href"] for link in table.select("a.evidence")]
    assert links
    assert all(link.removeprefix("#") in anchors for link in links)
    reasons = soup.select_one("#one-trial")
    assert reasons is not None
    assert "NCT00000001" in reasons.get_text()
    # The posted results have a page of their own.
    assert "Brightness of the lantern" in soup.select_one("#registered").get_text()  # type: ignore[union-attr]
    assert "7.50" not in soup.select_one("#results").get_text()  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("title", "language", "name"),
    [
        ("BMI", "en", "body-mass-index"),
        ("Overall Survival (OS)", "en", "overall-survival"),
        ("OS", "en", "overall-survival"),
        ("总生存期（OS）", "zh", "overall-survival"),
        # An acronym is one in its own letters only, and what says more is not taken for what it begins with.
        ("os", "en", None),
        ("BMI of the partner (kg)", "en", None),
    ],
)
def test_a_registered_title_names_an_outcome_by_its_forms_and_acronyms(
    title: str, language: str, name: str | None
) -> None:
    found = named_concept("endpoints", title, "zh" if language == "zh" else "en")
    assert found == (by_name("endpoints", name).iri if name else None)
