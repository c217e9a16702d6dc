"""Files become versions of reports; what is known changes nothing, what is bad stops nothing."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest
from graph_fixtures import article, lines, number, other_trial, papers, reading, record, write
from rdflib import PROV, URIRef

from extractors.documents import Document, Refusal
from kg import check_queries, queries
from kg.check import check
from kg.ingest import files_of, ingest
from kg.iris import Iris
from kg.outcomes import IngestReport, Outcome, write_failures
from kg.preparing import Reading
from kg.reading import standard_reading
from kg.search.entries import entries
from kg.store import Store
from ontology import label

pytestmark = pytest.mark.usefixtures("few_terms")

IRIS = Iris()
READING = reading(*papers())


def run(store: Store, *paths: Path, reads: Reading = READING) -> IngestReport:
    return ingest(store, paths, reading=reads)


@pytest.fixture
def store() -> Store:
    return Store.memory()


def test_new_files_are_stored_and_counted(store: Store, tmp_path: Path) -> None:
    report = run(store, write(tmp_path, *papers()))
    assert (report.new, report.updated, report.unchanged, report.failed) == (3, 0, 0, ())
    assert report.findings == sum(outcome.findings for outcome in report.outcomes) > 20
    assert report.triples < len(store)
    assert check(store) == ()


def test_ingesting_again_changes_nothing(store: Store, tmp_path: Path) -> None:
    folder = write(tmp_path, *papers())
    run(store, folder)
    before = lines(store)
    report = run(store, folder)
    assert (report.new, report.updated, report.unchanged) == (0, 0, 3)
    assert lines(store) == before


def test_ingesting_again_publishes_nothing(tmp_path: Path) -> None:
    folder = write(tmp_path, record())
    kept = Store.open(tmp_path / "store")
    run(kept, folder / "lamp.txt")
    assert kept.publish() is None
    run(kept, folder / "lamp.txt")
    assert len(list((tmp_path / "store" / "published").glob("0*"))) == 1


def test_what_is_ingested_is_published(tmp_path: Path) -> None:
    write(tmp_path, record())
    run(Store.open(tmp_path / "store"), tmp_path / "lamp.txt")
    assert queries.counts(Store.published(tmp_path / "store")).trials == 1


def test_any_order_of_files_gives_the_same_quads(tmp_path: Path) -> None:
    write(tmp_path, *papers())
    dumps = set()
    for order in permutations(paper.document.source for paper in papers()):
        store = Store.memory()
        for name in order:
            run(store, tmp_path / name)
        dumps.add(store.dump())
    assert len(dumps) == 1


def test_a_changed_file_is_a_new_version(store: Store, tmp_path: Path) -> None:
    folder = write(tmp_path, record())
    run(store, folder)
    with (folder / "lamp.txt").open("a", encoding="utf-8") as file:
        file.write("A line more.\n")
    report = run(store, folder)
    assert (report.new, report.updated) == (0, 1)
    (outcome,) = report.outcomes
    assert outcome.reason == "version 2 of this report; its text differs from the version before"

    document = record().document.id
    graphs = store.graphs()
    assert str(IRIS.assertion_graph(document, 1)) not in graphs
    assert str(IRIS.provenance_graph(document, 1)) not in graphs
    assert {str(IRIS.publication_graph(document, number)) for number in (1, 2)} <= graphs
    revision = f"<{IRIS.version(document, 2)}> <{PROV.wasRevisionOf}> <{IRIS.version(document, 1)}>"
    assert revision in store.triples(IRIS.publication_graph(document, 2))
    source = queries.source(store, str(IRIS.report(document)))
    assert source is not None
    assert source.version == 2
    assert source.text.endswith("A line more.\n")
    assert check(store) == ()


def test_a_registration_that_no_report_names_any_more_is_removed(store: Store, tmp_path: Path) -> None:
    folder = write(tmp_path, record())
    run(store, folder)
    graph = IRIS.registration_graph(IRIS.registration("ISRCTN00000009"))
    assert store.triples(graph)
    own_only = tuple(one for one in record().facts.registrations if one.role == "own")
    fewer = replace(record(), facts=replace(record().facts, registrations=own_only))
    run(store, folder, reads=reading(fewer, version="10.0"))
    assert not store.triples(graph)
    assert check(store) == ()


def test_an_earlier_text_that_comes_again_is_known(store: Store, tmp_path: Path) -> None:
    write(tmp_path, record())
    file = tmp_path / "lamp.txt"
    first = file.read_text("utf-8")
    run(store, file)
    file.write_text(first + "A line more.\n", encoding="utf-8")
    assert run(store, file).updated == 1
    before = lines(store)
    for text in (first, first + "A line more.\n"):
        file.write_text(text, encoding="utf-8")
        assert run(store, file).unchanged == 1
        assert lines(store) == before


def test_the_same_text_twice_is_one_report(store: Store, tmp_path: Path) -> None:
    write(tmp_path, record())
    (tmp_path / "copy.txt").write_bytes((tmp_path / "lamp.txt").read_bytes())
    report = run(store, tmp_path)
    assert (report.new, report.unchanged) == (1, 1)


def test_new_software_reads_the_current_version_again_in_place(store: Store, tmp_path: Path) -> None:
    folder = write(tmp_path, record())
    run(store, folder)
    fewer = replace(record(), facts=replace(record().facts, statements=()))
    report = run(store, folder, reads=reading(fewer, version="10.0"))
    assert report.updated == 1
    assert report.outcomes[0].reason == "read again by another version of the software"
    assert queries.counts(store).statements == 0
    assert str(IRIS.publication_graph(record().document.id, 2)) not in store.graphs()
    assert run(store, folder, reads=reading(fewer, version="10.0")).unchanged == 1


def test_a_bad_file_is_reported_and_stops_nothing(store: Store, tmp_path: Path) -> None:
    folder = write(tmp_path, record())
    (folder / "bad.txt").write_text("not a paper", encoding="utf-8")
    report = run(store, folder, folder / "missing.txt", reads=_missing_is_unreadable())
    assert report.new == 1
    assert [(Path(failure.source).name, failure.reason) for failure in report.failed] == [
        ("bad.txt", "this is no paper; give the text of a trial report"),
        ("missing.txt", "no such file"),
    ]


def _missing_is_unreadable() -> Reading:
    def read(path: Path) -> Iterable[Document | Refusal]:
        return READING.read(path) if path.exists() else [Refusal(path.name, "no such file")]

    return replace(READING, read=read)


@pytest.mark.parametrize("error", [ValueError("odd number"), RecursionError("too deep")])
def test_a_file_that_breaks_a_reader_is_reported(store: Store, tmp_path: Path, error: Exception) -> None:
    def extract(document: Document) -> object:
        raise error

    report = run(store, write(tmp_path, record()), reads=replace(READING, extract=extract))  # type: ignore[arg-type]
    (failure,) = report.failed
    assert failure.reason == f"could not be read: {type(error).__name__}: {error}"
    assert queries.counts(store).reports == 0


def test_a_mistake_of_ours_is_not_hidden(store: Store, tmp_path: Path) -> None:
    def extract(document: Document) -> object:
        raise AttributeError("a defect")

    with pytest.raises(AttributeError, match="a defect"):
        run(store, write(tmp_path, record()), reads=replace(READING, extract=extract))  # type: ignore[arg-type]


def test_an_unknown_code_leaves_nothing_of_the_file(store: Store, tmp_path: Path) -> None:
    paper = record()
    broken = replace(paper.facts.contrasts[0], measure="hazzard")
    reads = reading(replace(paper, facts=replace(paper.facts, contrasts=(broken,))), other_trial())
    report = run(store, write(tmp_path, record(), other_trial()), reads=reads)
    assert report.new == 1
    assert "no concept with the notation 'hazzard'" in report.failed[0].reason
    assert queries.counts(store).reports == 1


def test_findings_that_break_a_shape_are_refused_and_leave_nothing(store: Store, tmp_path: Path) -> None:
    paper = record()
    count = replace(paper.facts.population.counts[0], number=number("-5"))
    population = replace(paper.facts.population, counts=(count,))
    reads = reading(replace(paper, facts=replace(paper.facts, population=population)))
    report = run(store, write(tmp_path, record()), reads=reads)
    (failure,) = report.failed
    assert failure.reason.startswith("the findings do not fit ontology/shapes.ttl:\n")
    assert "/count/randomised--5>" in failure.reason
    assert "ev:value" in failure.reason
    assert queries.counts(store).reports == 0


def test_failures_are_written_one_line_each(tmp_path: Path) -> None:
    outcomes = (
        Outcome("a.txt", "new"),
        Outcome("b.txt", "failed", reason="无法读取\nsecond line"),
    )
    write_failures(IngestReport(outcomes, 1.0), tmp_path / "failures.jsonl")
    (line,) = (tmp_path / "failures.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(line) == {"file": "b.txt", "reason": "无法读取\nsecond line"}


def test_files_are_found_below_folders_once_sorted_and_not_hidden(tmp_path: Path) -> None:
    for name in ("b.txt", "sub/a.txt", ".git/c.txt", "sub/.hidden.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    found = files_of([tmp_path, tmp_path / "b.txt", tmp_path / "sub" / ".." / "b.txt"])
    assert [str(path.relative_to(tmp_path)) for path in found] == ["b.txt", "sub/a.txt"]
    assert files_of([tmp_path / "sub" / ".hidden.txt"]) == (tmp_path / "sub" / ".hidden.txt",)


def test_progress_is_told_file_by_file(store: Store, tmp_path: Path) -> None:
    told = []
    ingest(
        store,
        [write(tmp_path, *papers())],
        reading=READING,
        on_progress=lambda outcome, done, all_: told.append((Path(outcome.source).name, done, all_)),
    )
    assert told == [("lamp-article.txt", 1, 3), ("lamp.txt", 2, 3), ("wick.txt", 3, 3)]


def test_two_reports_of_one_trial_join_and_a_mention_does_not(store: Store, tmp_path: Path) -> None:
    run(store, write(tmp_path, *papers()))
    assert {entry.line.key: entry.line.reports for entry in entries(store)} == {
        "NCT00000001": 2,
        "ISRCTN00000002": 1,
    }


def test_the_base_is_a_setting(store: Store, tmp_path: Path) -> None:
    iris = Iris("http://localhost:8000/")
    ingest(store, [write(tmp_path, article())], reading=READING, iris=iris)
    assert all(graph.startswith("http://localhost:8000/") for graph in store.graphs())
    assert store.triples(URIRef("http://localhost:8000/graph/identity"))


def test_the_example_papers_make_a_sound_graph(examples: Path) -> None:
    store = Store.memory()
    report = run(store, examples, reads=standard_reading())
    assert report.failed == ()
    assert check(store) == ()
    trials = {entry.line.key: entry.line for entry in entries(store)}
    assert set(trials) == {
        "NCT00193778",
        "NCT00557986",
        "NCT01015625",
        "NCT01242800",
        "jRCTs031180151",
    }
    jcog = trials["jRCTs031180151"]
    assert jcog.reports == 2
    kinds = {label(one.kind, "en") for one in check_queries.checks(store, str(IRIS.trial(jcog.key)))}
    assert "reports of one trial disagree" in kinds
    before = lines(store)
    assert run(store, examples, reads=standard_reading()).unchanged == len(report.outcomes)
    assert lines(store) == before
