"""Registry records are documents of their own kind; what they register is apart from what papers say."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from graph_fixtures import lines, reading, record, write
from rdflib import URIRef
from registry_records import CHICTR_PAGE, CONTACTS, EUCTR_TEXT, FORMS, ISRCTN, STUDY, study

from extractors.documents import Document, Refusal
from extractors.findings import Evidence, Facts
from extractors.pipelines import extract
from extractors.readers import papers_in
from extractors.readers.registries.directions import direction
from extractors.readers.registries.posted_words import is_time, p_value
from extractors.readers.registries.words import count, iso_date, number, plain
from extractors.registered import Registered
from kg.check import check
from kg.ingest import ingest
from kg.iris import Iris
from kg.reading import standard_reading
from kg.store import Store
from ontology import EV, by_name

IRIS = Iris()


def documents(text: str, name: str = "file") -> list[Document | Refusal]:
    return list(papers_in(text.encode(), name))


def only(text: str) -> tuple[Document, Facts, Registered]:
    found = documents(text)
    assert len(found) == 1
    document = found[0]
    assert isinstance(document, Document), document
    facts = extract(document)[0]
    assert facts.registered is not None
    return document, facts, facts.registered


def evidence_of(facts: Facts) -> list[Evidence]:
    plan = facts.registered
    assert plan is not None
    findings = (
        *facts.registrations, *facts.arms, *facts.endpoints, *facts.contrasts, *facts.arm_results,
        *plan.outcomes, *plan.arms, *plan.interventions, *plan.details, *plan.sizes, *plan.dates,
    )  # fmt: skip
    return [piece for finding in findings for piece in finding.evidence]


@pytest.mark.parametrize("name", FORMS)
def test_each_form_is_told_by_what_it_holds_and_each_fact_stands_in_a_field(name: str) -> None:
    found = documents(FORMS[name])
    assert found
    for document in found:
        assert isinstance(document, Document), document
        assert document.kind == "registry"
        facts = extract(document)[0]
        sections = {section.id: section for section in document.sections}
        for piece in evidence_of(facts):
            assert document.text[piece.start : piece.end] == piece.quote
            assert sections[piece.section].start <= piece.start
            assert piece.end <= sections[piece.section].end
            assert sections[piece.section].heading


def test_a_study_of_the_api_gives_its_plan() -> None:
    document, facts, plan = only(FORMS["ctgov.json"])
    assert document.id == "NCT00000001-registry"
    assert document.metadata.titles == (("en", "Early surgery for lantern disease"),)
    assert document.metadata.acronyms == ("LAMP",)
    assert {(r.identifier, r.role) for r in facts.registrations} == {
        ("NCT00000001", "own"),
        ("2019-000001-11", "secondary"),
        ("NCT00000099", "mentioned"),
    }
    assert [(o.role, o.names[0].text, o.time_frames[0].text) for o in plan.outcomes] == [
        ("primary", "Overall survival", "2 years"),
        ("secondary", "Brightness of the lantern", "12 weeks"),
    ]
    assert plan.outcomes[0].names[0].concept == by_name("endpoints", "overall-survival").iri
    details = {(d.aspect, (d.value.concept or d.value.text).rsplit("/", 1)[-1]) for d in plan.details}
    assert {
        ("status", "completed"),
        ("phase", "phase-2-3"),
        ("allocation", "randomised"),
        ("masking", "masking-double"),
        ("model", "model-parallel"),
        ("purpose", "treatment"),
        ("study-type", "interventional"),
        ("sponsor", "Lantern University Hospital"),
        ("condition", "asthma"),
    } == details
    assert [(s.kind, s.number.text) for s in plan.sizes] == [("actual", "240")]
    assert {(d.kind, d.date, d.certainty) for d in plan.dates} == {
        ("registered", "2019-02-11", None),
        ("first enrolment", "2019-03", "actual"),
        ("completion", "2021-06-30", "actual"),
    }
    assert [(a.names[0].text, (a.kind or "").rsplit("/", 1)[-1]) for a in plan.arms] == [
        ("Lumicillin", "arm-experimental"),
        ("Placebo", "arm-placebo"),
    ]


def test_the_results_section_gives_values_and_an_estimate_whose_arms_arithmetic_tells() -> None:
    _, facts, _ = only(FORMS["ctgov.json"])
    roles = {arm.key: (arm.names[0].text, arm.role) for arm in facts.arms}
    assert set(roles.values()) == {("Lumicillin", "experimental"), ("Placebo", "control")}
    values = {(roles[v.arm or ""][0], v.measure, v.value.text, v.n and v.n.text) for v in facts.arm_results}
    # "NA" is no value.
    assert values == {
        ("Lumicillin", "count", "90", "120"),
        ("Placebo", "count", "70", "118"),
        ("Lumicillin", "mean", "7.50", None),
    }
    (mean,) = (value for value in facts.arm_results if value.measure == "mean")
    assert mean.dispersion is not None
    assert (mean.dispersion.kind, mean.dispersion.value and mean.dispersion.value.text) == ("SD", "1.2")
    assert (mean.unit, mean.context.time_point[0].text) == ("points", "Week 12")
    (estimate,) = facts.contrasts
    assert (estimate.measure, estimate.value.text, estimate.method) == ("RR", "1.26", "Fisher Exact")
    assert estimate.p is not None
    assert (estimate.p.operator, estimate.p.value.text) == ("<", "0.01")
    assert estimate.interval is not None
    assert [b and b.text for b in (estimate.interval.low, estimate.interval.high, estimate.interval.level)] == [
        "1.06", "1.51", "95",
    ]  # fmt: skip
    # 90 of 120 against 70 of 118 is 1.26, though the record lists placebo first.
    assert estimate.arms is not None
    assert [roles[arm][0] for arm in estimate.arms] == ["Lumicillin", "Placebo"]


def test_an_estimate_whose_direction_the_values_do_not_show_names_no_arms() -> None:
    made = study()
    measure = made["resultsSection"]["outcomeMeasuresModule"]["outcomeMeasures"][0]
    measure["analyses"][0] |= {"paramType": "Hazard Ratio (HR)", "paramValue": "0.70", "ciLowerLimit": "0.9"}
    _, facts, _ = only(json.dumps(made))
    (estimate,) = facts.contrasts
    assert (estimate.measure, estimate.arms) == ("HR", None)


def test_an_interval_in_the_wrong_order_and_one_with_one_side_are_left_out() -> None:
    for change in ({"ciLowerLimit": "9"}, {"ciNumSides": "ONE_SIDED"}):
        made = study()
        made["resultsSection"]["outcomeMeasuresModule"]["outcomeMeasures"][0]["analyses"][0] |= change
        assert only(json.dumps(made))[1].contrasts[0].interval is None


def test_an_analysis_of_one_kind_of_several_is_not_said_of_the_whole_outcome() -> None:
    made = study()
    measure = made["resultsSection"]["outcomeMeasuresModule"]["outcomeMeasures"][0]
    first = measure["classes"][0]
    measure["classes"] = [{**first, "title": "Deaths by fire"}, {**first, "title": "Deaths by water"}]
    assert only(json.dumps(made))[1].contrasts == ()
    measure["analyses"][0]["groupDescription"] = "Comparison of deaths by water"
    _, facts, _ = only(json.dumps(made))
    endpoints = {endpoint.key: endpoint.names[0].text for endpoint in facts.endpoints}
    assert [endpoints[c.endpoint] for c in facts.contrasts] == ["Overall survival: Deaths by water"]


@pytest.mark.parametrize(
    ("values", "estimate", "way"),
    [(("10", "4"), "6.1", "first"), (("10", "4"), "-6.1", "second"), (("10", "4"), "2", None), (("1", "1"), "0", None)],
)
def test_a_difference_is_for_the_group_whose_value_it_follows(
    values: tuple[str, str], estimate: str, way: str | None
) -> None:
    printed = number(estimate)
    assert printed is not None
    pair = number(values[0]), number(values[1])
    assert direction("MD", printed, pair, (None, None), "mean", is_percentage=False) == way


def test_the_older_xml_gives_the_same_plan_as_the_api() -> None:
    _, older, plan = only(FORMS["ctgov.xml"])
    assert [(o.role, o.names[0].text, o.time_frames[0].text) for o in plan.outcomes] == [
        ("primary", "Overall survival", "2 years")
    ]
    assert {(d.kind, d.date, d.certainty) for d in plan.dates} == {
        ("registered", "2019-02-11", None),
        ("first enrolment", "2019-03", None),
        ("completion", "2021-06-30", "actual"),
    }
    assert [(s.kind, s.number.text) for s in plan.sizes] == [("actual", "240")]
    assert ("2019-000001-11", "secondary") in {(r.identifier, r.role) for r in older.registrations}


def test_the_portals_export_gives_a_document_for_each_trial() -> None:
    found = documents(FORMS["ictrp.xml"], "export.xml")
    assert [d.source for d in found] == ["export.xml#ChiCTR1900000001", "export.xml#ACTRN12619000000001"]
    assert isinstance(found[0], Document)
    plan = extract(found[0])[0].registered
    assert plan is not None
    assert [(a.names[0].text, a.size and a.size.text, a.descriptions[0].text) for a in plan.arms] == [
        ("Lumicillin", "120", "one wick a day"),
        ("Placebo", "120", "none"),
    ]
    assert [o.names[0].text for o in plan.outcomes] == ["Overall survival", "Brightness"]
    # The sizes of arms are not added up, and a sponsor that may be a person is left out.
    assert plan.sizes == ()
    assert "sponsor" not in {detail.aspect for detail in plan.details}
    # 01/03/2019 may be a day in March or in January.
    assert {(d.kind, d.date) for d in plan.dates} == {("registered", "2019-02-11")}
    assert len(documents(FORMS["ictrp.csv"])) == 2


def test_the_eu_download_gives_one_record_of_a_trial_in_several_countries() -> None:
    _, facts, plan = only(EUCTR_TEXT)
    assert {(r.identifier, r.role) for r in facts.registrations} == {
        ("2019-000001-11", "own"),
        ("NCT00000001", "secondary"),
    }
    assert plan.outcomes[0].names[0].text == "Overall survival measured from the first wick"
    assert plan.outcomes[0].time_frames[0].text == "2 years"
    assert [(s.kind, s.number.text) for s in plan.sizes] == [("planned", "260")]


def test_the_chinese_page_gives_both_languages_of_a_fact_as_one() -> None:
    document, facts, plan = only(CHICTR_PAGE)
    assert facts.languages == ("en", "zh")
    assert dict(document.metadata.titles) == {"zh": "灯笼病早期手术试验", "en": "Early surgery for lantern disease"}
    (outcome,) = plan.outcomes
    assert outcome.role == "primary"
    assert {name.language: name.text for name in outcome.names} == {"zh": "总生存期", "en": "Overall survival"}
    assert [(tuple(n.text for n in arm.names), arm.size and arm.size.text) for arm in plan.arms] == [
        (("手术组", "Surgery"), "120"),
        (("药物组", "Drugs"), "118"),
    ]


def test_no_contact_data_enter_the_graph(tmp_path: Path) -> None:
    store = Store.memory()
    for name, text in FORMS.items():
        (tmp_path / name).write_text(text, "utf-8")
    report = ingest(store, [tmp_path], reading=standard_reading())
    assert report.failed == ()
    quads = "\n".join(lines(store))
    assert "Lumicillin" in quads
    for said in CONTACTS:
        assert said not in quads


@pytest.mark.parametrize(
    ("printed", "kept"),
    [
        ("Ask dora@lantern.example now", "Ask […] now"),
        ("call +44 20 7946 0958.", "call […]."),
        ("Tel: 020 7946 0958", "[…]"),
        ("at 12 to 24 weeks (100 mg)", "at 12 to 24 weeks (100 mg)"),
        ("<b>Overall</b>&nbsp;survival", "Overall survival"),
    ],
)
def test_addresses_and_telephone_numbers_are_taken_out_of_prose(printed: str, kept: str) -> None:
    assert plain(printed) == kept


@pytest.mark.parametrize(
    ("printed", "date"),
    [
        ("2015-09", "2015-09"), ("September 13, 2001", "2001-09-13"), ("July 2001", "2001-07"),
        ("20200217", "2020-02-17"),
        ("17 February 2020", "2020-02-17"), ("28/01/2020", "2020-01-28"), ("02/03/2020", None), ("2020-02-30", None),
        ("2020/02/01", "2020-02-01"), ("May", None), ("2024-05-28 00:00:00", "2024-05-28"),
    ],
)  # fmt: skip
def test_a_date_is_taken_where_it_can_only_be_one(printed: str, date: str | None) -> None:
    assert iso_date(printed) == date


def test_numbers_p_values_and_times_are_whole_fields_or_nothing() -> None:
    assert [number(text) is None for text in ("NA", "12 to 15", "1e5", "", "9" * 30, "\u0661")] == [True] * 6
    assert count("1,234") == number("1,234")
    assert count("-3") is None
    assert count("2.5") is None
    assert p_value("p = 0.03") == p_value("=0.03")
    assert p_value("1.2") is None
    assert p_value("not significant") is None
    assert is_time("Week 12")
    assert is_time("6 months")
    assert not is_time("Grade 3")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (json.dumps(STUDY)[:400], "broken or cut off"),
        (json.dumps(study("ABC")), "no number of a registry"),
        (json.dumps({"protocolSection": {"identificationModule": {"nctId": "NCT00000001"}}}), "neither a title"),
        (json.dumps({"resourceType": "ResearchStudy", "id": "1"}), "FHIR"),
        (FORMS["ctgov.xml"][:600], "malformed"),
        (json.dumps([{"isrctn": "12", "trialDescription": {"title": "x"}}]), "no number of a registry"),
        (FORMS["ictrp.csv"] + "NCT00000003,too,few\n", "cells"),
    ],
)
def test_what_is_malformed_is_refused_with_a_reason(text: str, reason: str) -> None:
    refusals = [one for one in documents(text) if isinstance(one, Refusal)]
    assert any(reason in one.reason for one in refusals), refusals


def test_registered_facts_are_apart_from_what_papers_say_and_fit_the_shapes(tmp_path: Path) -> None:
    store = stored(tmp_path, {"record.json": FORMS["ctgov.json"]}, papers=True)
    assert check(store) == ()
    node = URIRef(f"{IRIS.report('NCT00000001-registry')}")
    planned = {str(v) for v in values(store, node, EV.registers)}
    said = {str(v) for p in (EV.arm, EV.hasEndpoint, EV.designFact) for v in values(store, node, p)}
    assert planned
    assert said
    assert planned.isdisjoint(said)


def test_a_record_and_the_paper_that_names_its_number_are_one_trial_and_the_graph_says_why(tmp_path: Path) -> None:
    store = stored(tmp_path, {"record.json": FORMS["ctgov.json"], "other.json": json.dumps(ISRCTN)}, papers=True)
    trial = IRIS.trial("NCT00000001")
    reports = {str(v).rsplit("/", 1)[-1] for v in values(store, trial, EV.hasReport)}
    assert {"NCT00000001-registry", "ISRCTN00000010-registry", "doi-10.1000-lamp.1-record"} <= reports
    reasons = {
        (str(k).rsplit("/", 1)[-1], str(r).rsplit("/", 1)[-1], len(values(store, reason, EV.joins)))
        for reason in values(store, trial, EV.identityReason)
        for k in values(store, reason, EV.reasonKind)
        for r in values(store, reason, EV.restsOn)
    }
    assert ("names-secondary", "NCT00000001", 1) in reasons
    assert any(kind == "shares-registration" and number == "NCT00000001" for kind, number, _ in reasons)


def test_a_secondary_number_of_two_records_of_one_registry_joins_them_not(tmp_path: Path) -> None:
    records = {f"{n}.json": json.dumps(study(f"NCT0000000{n}")) for n in (1, 2)}
    store = stored(tmp_path, records)
    first, second = (IRIS.trial(f"NCT0000000{n}") for n in (1, 2))
    assert values(store, first, EV.hasReport) != values(store, second, EV.hasReport)
    kinds = {
        str(kind).rsplit("/", 1)[-1]
        for reason in values(store, second, EV.identityReason)
        for kind in values(store, reason, EV.reasonKind)
    }
    assert kinds == {"hub-record"}


def stored(folder: Path, files: dict[str, str], *, papers: bool = False) -> Store:
    """A store with these files, and with the made paper of the same trial."""
    store = Store.memory()
    if papers:
        (folder / "papers").mkdir()
        ingest(store, [write(folder / "papers", record())], reading=reading(record()))
    records = folder / "records"
    records.mkdir()
    for name, text in files.items():
        (records / name).write_text(text, "utf-8")
    report = ingest(store, [records], reading=standard_reading())
    assert report.failed == ()
    return store


def values(store: Store, subject: URIRef, predicate: URIRef) -> list[str]:
    query = "SELECT ?value WHERE { ?subject ?predicate ?value } ORDER BY ?value"
    bound = query.replace("?subject", f"<{subject}>").replace("?predicate", f"<{predicate}>")
    return [solution["value"].text for solution in store.select(bound)]
