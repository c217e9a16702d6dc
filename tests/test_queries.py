"""Each query file obeys the rules of its room, and each function gives the rows that pages read."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest
from graph_fixtures import OVERALL_SURVIVAL, RECORD_TEXT, article, other_trial, papers, reading, record, write
from rdflib import URIRef
from rdflib.plugins.sparql import prepareQuery

from kg import (
    article_queries,
    baseline,
    check_queries,
    holdings,
    inventory,
    nanopublications,
    queries,
    registered_rows,
    registry_queries,
    rows,
    summary,
)
from kg.codes import coded
from kg.ingest import ingest
from kg.iris import Iris
from kg.query_files import query_names, query_text
from kg.question import queries as question
from kg.rows import Name, Quantity
from kg.store import Store
from ontology import by_name, label, prefixes

IRIS = Iris()
TRIAL = str(IRIS.trial("NCT00000001"))
OTHER = str(IRIS.trial("ISRCTN00000002"))
RECORD = record().document.id
ARTICLE = article().document.id

# The functions that use a query file, where the name of the function is not that of the file.
USES = {
    "baseline": "baseline_values",
    "identity_reasons": "registry_parts",
    "registered_against_published": "registered_trials",
    "registered_facts": "registry_parts",
    "source_sections": "source",
    "check_orphans": "orphans",
    "check_reports": "report_graphs",
    "check_spans": "spans",
    "check_texts": "texts",
    "check_verdicts": "check_counts",
    "checks_shown": "shown_checks",
    "cited_works": "article_findings",
}
# What a store that is a service asks about itself.
STORES = {"graph_names", "graph_triples", "many_rows", "state"}
# What the index of the search is made from.
SEARCH = {"search_trials", "search_findings", "search_concepts"}
EXAMPLES = [name for name in query_names() if name.startswith("example_")]
OURS = [name for name in query_names() if name not in EXAMPLES]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    made = Store.memory()
    folder = write(tmp_path_factory.mktemp("papers"), *papers())
    assert not ingest(made, [folder], reading=reading(*papers())).failed
    return made


def node(kind: str, key: str, document: str = RECORD) -> str:
    return str(IRIS.finding(document, kind, key))


@pytest.mark.parametrize("name", query_names())
def test_a_query_is_standard_sparql_with_known_prefixes(name: str) -> None:
    prepareQuery(query_text(name))
    declared = dict(re.findall(r"^PREFIX (\w+): <(.+)>$", query_text(name), re.MULTILINE))
    assert declared.items() <= prefixes().items()
    body = re.sub(r"^PREFIX .*$|<[^>]*>|#.*$", "", query_text(name), flags=re.MULTILINE)
    assert {prefix for prefix in declared if not re.search(rf"\b{prefix}:", body)} == set()


@pytest.mark.parametrize("name", OURS)
def test_a_query_opens_with_title_parameters_and_columns(name: str) -> None:
    title, parameters, columns = query_text(name).splitlines()[:3]
    assert re.match(r"# \S.+", title)
    assert re.match(r"# parameters: (none|\?\w+)", parameters)
    if "CONSTRUCT" in query_text(name):
        assert columns == "# columns: triples"
    else:
        projected = [f"?{variable}" for variable in prepareQuery(query_text(name)).algebra.PV]
        assert columns == "# columns: " + " ".join(projected)


@pytest.mark.parametrize("name", OURS)
def test_a_parameter_is_projected_at_every_level(name: str) -> None:
    text = query_text(name)
    (parameter,) = re.findall(r"^# parameters: (none|\?\w+)", text, re.MULTILINE)
    if parameter == "none" or "CONSTRUCT" in text:
        return
    for selected, body in re.findall(r"SELECT ([^{]*?)\s*WHERE\s*(\{(?:[^{}]|\{[^{}]*\})*\})", text):
        if re.search(rf"\{parameter}\b", body):
            assert parameter in selected.split()


# The modules whose functions ask the queries.
ASKING = (
    queries,
    article_queries,
    baseline,
    check_queries,
    holdings,
    inventory,
    nanopublications,
    question,
    registered_rows,
    registry_queries,
    summary,
)


@pytest.mark.parametrize("name", OURS)
def test_every_query_has_its_function(name: str) -> None:
    function = USES.get(name, name)
    assert name in STORES | SEARCH or any(hasattr(module, function) for module in ASKING)


def test_every_query_file_is_asked_for_by_name() -> None:
    folder = Path(queries.__file__).parent
    code = "".join(Path(module.__file__ or "").read_text("utf-8") for module in ASKING)
    code += (folder / "remote.py").read_text("utf-8") + (folder / "dialects.py").read_text("utf-8")
    code += (folder / "search" / "entries.py").read_text("utf-8")
    asked = set(re.findall(r'query_text\("(\w+)"\)|_of_trial\(store, "(\w+)"', code))
    assert {a or b for a, b in asked} == set(OURS)


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_has_a_title_in_each_language_and_finds_something(store: Store, name: str) -> None:
    (example,) = (one for one in queries.examples() if f"example_{one.name}" == name)
    assert set(example.titles) == {"en", "zh"}
    assert re.search(r"[\u4e00-\u9fff]", example.titles["zh"])
    assert store.select(example.text), "the fixture papers hold something for every example"


def test_the_example_of_overall_survival_gives_one_row_for_each_report_and_estimate(store: Store) -> None:
    found = store.select(query_text("example_overall_survival"))
    assert [
        (r["registrations"].text, r["doi"].text, r["hazardRatio"].text, r["low"].text, r["level"].text) for r in found
    ] == [
        ("NCT00000001", "10.1000/lamp.1", "0.86", "0.68", "90"),
        ("NCT00000001", "10.1000/LAMP.1", "0.86", "0.69", "90"),
    ]


def test_counts(store: Store) -> None:
    found = queries.counts(store)
    assert (found.trials, found.reports, found.contrasts, found.arm_results, found.statements) == (
        2,
        3,
        3,
        3,
        1,
    )
    assert found.evidence > 20


@pytest.mark.parametrize(
    "name",
    [
        "NCT00000001",
        "nct00000001",
        " 10.1000/Lamp.1 ",
        "doi-10.1000-lamp.1",
        "lamp",
        "doi-10.1000-lamp.1-article",
    ],
)
def test_a_trial_is_found_by_each_of_its_names(store: Store, name: str) -> None:
    assert queries.find_trials(store, name) == (rows.TrialKey(TRIAL, "NCT00000001"),)


@pytest.mark.parametrize("name", ["ISRCTN00000009", "NCT0000000", "", "lantern"])
def test_what_names_no_trial_finds_none(store: Store, name: str) -> None:
    assert queries.find_trials(store, name) == ()


def test_reports(store: Store) -> None:
    found = {report.id: report for report in queries.reports(store, TRIAL)}
    assert set(found) == {RECORD, ARTICLE}
    report = found[RECORD]
    assert (report.trial_key, report.kind) == ("NCT00000001", str(coded("designs", "record", "report-kind")))
    assert report.authors == ("Zhang Wei", "Adams Ann")
    assert report.languages == ("en", "zh")
    assert (report.citation, report.journal, report.year) == ("J Lanterns 2024; 1: 1-9", "J Lanterns", 2024)
    assert (report.doi, report.pmid) == ("10.1000/LAMP.1", "123")
    assert (report.version, report.source_name) == (1, "lamp.txt")
    assert found[ARTICLE].authors == ()
    assert found[ARTICLE].journal is None


def test_registrations_tell_own_from_mentioned(store: Store) -> None:
    assert [(r.role, r.identifier, r.record_page) for r in queries.registrations(store, TRIAL)] == [
        ("own", "NCT00000001", "https://clinicaltrials.gov/study/NCT00000001"),
        ("mentioned", "ISRCTN00000009", "https://www.isrctn.com/ISRCTN00000009"),
    ]


def test_design_facts_are_concepts_or_printed(store: Store) -> None:
    found = {label(fact.aspect, "en"): fact for fact in queries.design_facts(store, TRIAL)}
    assert (found["phase"].value, found["phase"].text) == (str(coded("designs", "3", "phase")), None)
    assert (found["centres"].value, found["centres"].text) == (None, "3")


def test_population_and_counts(store: Store) -> None:
    (population,) = queries.populations(store, TRIAL)
    assert population.names[0] == Name("patients with lantern disease", "en")
    (count,) = queries.participant_counts(store, TRIAL)
    assert (label(count.kind, "en"), count.number.text) == ("randomised", "406")


def test_arms_and_endpoints_have_their_best_name_first(store: Store) -> None:
    arms = {arm.iri: arm for arm in queries.arms(store, TRIAL)}
    surgery = arms[node("arm", "surgery")]
    assert surgery.names == (Name("surgery", "en"), Name("手术组", "zh"))
    assert surgery.size == Quantity(Decimal(203), "203")
    assert arms[node("arm", "drugs-alone")].size is None
    endpoints = {endpoint.iri: endpoint for endpoint in queries.endpoints(store, TRIAL)}
    survival = endpoints[node("endpoint", "overall-survival")]
    assert survival.names == (Name("overall survival", "en"), Name("OS", "en"), Name("总生存期", "zh"))
    assert survival.concept == OVERALL_SURVIVAL
    assert label(survival.role, "en") == "primary"
    assert endpoints[node("endpoint", "pain")].concept is None


def test_contrasts(store: Store) -> None:
    found = {contrast.iri: contrast for contrast in queries.contrasts(store, TRIAL)}
    assert found[node("contrast", "os-hr")] == rows.Contrast(
        iri=node("contrast", "os-hr"),
        report=str(IRIS.report(RECORD)),
        endpoint=node("endpoint", "overall-survival"),
        measure=str(coded("measures", "HR")),
        value=Quantity(Decimal("0.86"), "0.86"),
        interval=rows.Interval(Quantity(Decimal("0.69"), "0.69"), Quantity(Decimal("1.07"), "1.07"), Decimal(90), ()),
        p=rows.PValue("=", Quantity(Decimal("0.13"), "0.13"), 1),
        arm_for=node("arm", "surgery"),
        arm_against=node("arm", "drugs-alone"),
        unit=None,
        unit_text=None,
        significant=False,
        context=rows.Context(
            subgroup=(),
            subgroup_iri=None,
            time_point=(),
            analysis_set=str(coded("designs", "ITT")),
            planned=True,
            adjusted=None,
        ),
    )
    women = found[node("contrast", "os-hr-women")]
    assert women.value.text == "0.70"
    assert women.interval is not None
    assert (women.interval.high, women.interval.not_estimable) == (None, ("high",))
    assert women.context.subgroup == (Name("women", "en"), Name("女性", "zh"))
    assert women.significant is None
    assert women.p is None
    death = found[node("contrast", "death-hr", ARTICLE)]
    assert death.arm_for is None


def test_arm_results(store: Store) -> None:
    (light,) = queries.arm_results(store, OTHER)
    assert light.value == Quantity(Decimal("-3.5"), "-3.5")
    assert light.events == Quantity(Decimal(20), "20")
    assert light.n == Quantity(Decimal(40), "40")
    assert light.dispersion is not None
    assert light.dispersion.kind == str(coded("measures", "SD"))
    assert light.dispersion.value == Quantity(Decimal("1.2"), "1.2")
    assert (light.unit, light.unit_text) == (None, "lux")
    median = next(r for r in queries.arm_results(store, TRIAL) if r.iri == node("arm-result", "os-median-surgery"))
    assert (median.unit, median.unit_text) == (str(coded("units", "months")), None)


def test_statements_and_conclusions(store: Store) -> None:
    (statement,) = queries.statements(store, TRIAL)
    assert label(statement.direction, "en") == "no difference"
    assert statement.p is None
    assert {(c.language, c.text) for c in queries.conclusions(store, TRIAL)} == {
        ("en", "Surgery did not prolong survival."),
        ("zh", "手术未延长生存期。"),
    }


def test_evidence_gives_the_characters_of_each_part(store: Store) -> None:
    found = [e for e in queries.evidence(store, TRIAL) if e.node == node("contrast", "os-hr")]
    assert {(e.language, e.quote, label(e.supports, "en")) for e in found} == {
        ("en", "0.86", "value"),
        ("zh", "风险比0.86", "value"),
    }
    for piece in queries.evidence(store, TRIAL):
        source = queries.source(store, piece.report)
        assert source is not None
        assert source.text[piece.start : piece.end] == piece.quote
        assert (source.version, piece.confidence, piece.component) == (piece.version, Decimal("0.9"), "hand")


def test_a_source_is_the_whole_text_with_its_sections(store: Store) -> None:
    source = queries.source(store, str(IRIS.report(RECORD)))
    assert source is not None
    assert source.text == RECORD_TEXT
    assert source.sha256 == record().document.sha256
    assert [(s.id, s.language, s.heading) for s in source.sections] == [
        ("results-en", "en", "Results"),
        ("results-zh", "zh", "结果"),
    ]
    assert queries.source(store, "http://example.org/unknown") is None


def test_checks_say_in_both_languages_what_does_not_agree(store: Store) -> None:
    wrong = by_name("checks", "inconsistent").iri
    found = {label(one.kind, "en"): one for one in check_queries.checks(store, TRIAL) if one.verdict == wrong}
    medians = found["ratio against medians"]
    assert set(medians.involves) == {
        node("contrast", "os-hr"),
        node("arm-result", "os-median-surgery"),
        node("arm-result", "os-median-drugs"),
    }
    english, chinese = medians.explanations
    assert "hazard ratio for surgery against drugs alone is 0.86" in english.text
    assert "10.1 and 12.3" in english.text
    assert "手术组对比drugs alone的风险比为0.86" in chinese.text
    reports = found["reports of one trial disagree"]
    assert set(reports.involves) == {node("contrast", "os-hr"), node("contrast", "death-hr", ARTICLE)}
    assert "0.86 [0.68, 1.07]" in reports.explanations[0].text
    assert "0.86 [0.69, 1.07]" in reports.explanations[1].text


def test_checks_that_pass_are_kept_too(store: Store) -> None:
    right = by_name("checks", "consistent").iri
    found = {label(one.kind, "en"): one for one in check_queries.checks(store, TRIAL) if one.verdict == right}
    assert "0.13 is printed" in found["p-value implied by the interval"].explanations[0].text


def test_a_trial_is_described_with_what_its_reports_say(store: Store) -> None:
    described = queries.describe(store, TRIAL, "ntriples")
    assert described is not None
    assert node("contrast", "os-hr").encode() in described
    assert node("contrast", "death-hr", ARTICLE).encode() in described
    assert b"wick" not in described
    assert b"fullText" not in described


def test_a_finding_is_described_with_its_evidence(store: Store) -> None:
    described = queries.describe(store, node("contrast", "os-hr"), "turtle")
    assert described is not None
    assert "风险比0.86" in described.decode()
    assert queries.describe(store, "http://example.org/unknown", "turtle") is None


def test_every_function_of_a_trial_gives_nothing_for_an_unknown_one(store: Store) -> None:
    for function in (queries.reports, queries.contrasts, queries.evidence, check_queries.checks):
        assert function(store, str(IRIS.trial("nothing"))) == ()


@pytest.mark.parametrize("name", ["reports", "contrasts", "evidence"])
def test_substitution_leaves_nothing_of_other_trials(store: Store, name: str) -> None:
    found = store.select(query_text(name), {"trial": URIRef(OTHER)})
    assert all(solution["trial"].text == OTHER for solution in found)
    assert found or name == "contrasts"
    assert other_trial().document.id.startswith("wick")


def test_each_example_is_known_and_each_stands_in_the_graph(store: Store) -> None:
    executables = store.select(
        "PREFIX sh: <http://www.w3.org/ns/shacl#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
        "SELECT ?query ?comment { ?example a sh:SPARQLExecutable ; rdfs:comment ?comment ; sh:select ?query }"
    )
    assert len(queries.examples()) == 23
    assert {(row["query"].text, row["comment"].text) for row in executables} == {
        (example.text, title) for example in queries.examples() for title in example.titles.values()
    }


def test_each_trial_has_a_digest_of_its_texts(store: Store) -> None:
    found = summary.trial_texts(store)
    assert {iri: key for iri, (key, _) in found.items()} == {TRIAL: "NCT00000001", OTHER: "ISRCTN00000002"}
    assert len({text for _, text in found.values()}) == 2


def test_quotes_are_cut_from_the_texts(store: Store) -> None:
    sources = [source for report in queries.reports(store, TRIAL) if (source := queries.source(store, report.iri))]
    found = queries.quotes(store, TRIAL, sources)
    assert {(one.node, one.supports, one.start, one.quote) for one in found} == {
        (one.node, one.supports, one.start, one.quote) for one in queries.evidence(store, TRIAL)
    }
    assert queries.quotes(store, TRIAL, []) == ()
