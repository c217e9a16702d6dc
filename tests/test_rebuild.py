"""The graph made anew from the kept documents is the graph that their ingestion gives."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import ROOT
from export_texts import RIS
from graph_fixtures import papers, reading, record, write
from typer.testing import CliRunner

from kg.checkpoints import NothingPublished, published_checkpoint
from kg.documents import Documents, DocumentsMissing
from kg.ingest import ingest
from kg.iris import Iris
from kg.outcomes import IngestReport
from kg.preparing import Reading
from kg.reading import standard_reading
from kg.rebuild import rebuild
from kg.replacement import StoreLocked
from kg.store import Store, StoreDamaged
from server.cli import app

pytestmark = pytest.mark.usefixtures("few_terms")

READING = reading(*papers())


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder with the hand-made papers, one of them in a second version."""
    folder = tmp_path / "data"
    (tmp_path / "papers").mkdir()
    taken_in(folder, write(tmp_path / "papers", *papers()))
    changed = tmp_path / "lamp.txt"
    changed.write_text(record().document.text + "\nCorrected.\n", encoding="utf-8")
    taken_in(folder, changed)
    return folder


def taken_in(folder: Path, *paths: Path) -> None:
    documents = Documents(folder / "documents")
    report = ingest(Store.open(folder), paths, reading=READING, documents=documents)
    assert report.failed == ()


def anew(folder: Path, reads: Reading = READING) -> IngestReport:
    return rebuild(folder, Documents(folder / "documents"), reading=reads, iris=Iris())


def test_the_graph_made_anew_is_the_same_with_all_its_versions(data: Path) -> None:
    before = Store.published(data).dump()
    report = anew(data)

    assert (report.new, report.updated, report.failed) == (3, 1, ())
    assert Store.published(data).dump() == before
    assert Store.open(data).dump() == before
    assert not (data / "rebuilding").exists()


def test_a_store_that_is_damaged_or_lost_is_made_anew(data: Path) -> None:
    before = Store.published(data).dump()
    (data / "store" / "CURRENT").write_bytes(b"nonsense")
    with pytest.raises(StoreDamaged, match=r"is damaged .*kg rebuild"):
        Store.open(data)
    anew(data)
    assert Store.open(data).dump() == before

    for folder in (data / "store", data / "published"):
        folder.rename(folder.with_suffix(".gone"))
    anew(data)
    assert Store.published(data).dump() == Store.open(data).dump() == before


def test_a_published_graph_that_is_damaged_is_told(data: Path) -> None:
    (published_checkpoint(data) / "CURRENT").write_bytes(b"nonsense")
    with pytest.raises(StoreDamaged, match="move its folder published elsewhere"):
        anew(data)


def test_papers_can_be_added_afterwards_and_known_ones_are_known(data: Path, tmp_path: Path) -> None:
    anew(data)
    version = published_checkpoint(data)
    taken_in(data, tmp_path / "lamp.txt")
    assert published_checkpoint(data) == version

    (tmp_path / "lamp.txt").write_text(record().document.text + "\nCorrected again.\n", encoding="utf-8")
    taken_in(data, tmp_path / "lamp.txt")
    before = Store.published(data).dump()
    assert b"/v3/assertion" in before
    anew(data)
    assert Store.published(data).dump() == before


def test_graphs_that_were_sent_stay_and_what_was_done_to_papers_graphs_does_not(data: Path) -> None:
    before = Store.published(data).dump()
    store = Store.open(data)
    store.update("""
        INSERT DATA { <http://e/s> <http://e/p> 1 GRAPH <http://e/g> { <http://e/s> <http://e/p> "ours" } } ;
        DELETE { GRAPH ?g { ?s ?p ?o } } WHERE { GRAPH ?g { ?s ?p ?o } FILTER(STRENDS(STR(?g), "/assertion")) }
    """)
    store.publish()
    del store
    anew(data)
    after = Store.published(data)

    sent = {line for line in after.dump().splitlines() if b"http://e/" in line}
    assert sent == {
        b'<http://e/s> <http://e/p> "1"^^<http://www.w3.org/2001/XMLSchema#integer> .',
        b'<http://e/s> <http://e/p> "ours" <http://e/g> .',
    }
    papers_lines = {line for line in before.splitlines() if b"/graph/description>" not in line}
    assert papers_lines <= set(after.dump().splitlines())


def test_without_its_documents_a_report_is_not_lost(data: Path, tmp_path: Path) -> None:
    before = published_checkpoint(data)
    (data / "documents").rename(tmp_path / "elsewhere")
    with pytest.raises(DocumentsMissing, match=r"documents of 3 reports are not kept.*ingest their files again"):
        anew(data)
    assert published_checkpoint(data) == before

    # A file that is known is kept again.
    taken_in(data, *Documents(tmp_path / "elsewhere").files())
    anew(data)
    assert Store.published(data).dump() == Store.open(data).dump()


def test_a_document_that_newer_software_refuses_is_reported(data: Path) -> None:
    report = anew(data, reading(*(paper for paper in papers() if paper.document.source != "wick.txt")))
    assert [Path(failure.source).name for failure in report.failed] == ["wick.txt"]


def test_a_kept_document_is_read_by_the_newer_software(data: Path) -> None:
    anew(data, replace(READING, version="10"))
    assert b'"10"' in Store.published(data).dump()
    assert b'"9.9"' not in Store.published(data).dump()


def test_nothing_is_made_anew_beside_a_writer(data: Path) -> None:
    script = "import sys\nfrom pathlib import Path\nfrom kg.store import Store\n"
    script += "store = Store.open(Path(sys.argv[1]))\nprint('open', flush=True)\nsys.stdin.read()"
    command = [sys.executable, "-c", script, str(data)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"open\n"
        with pytest.raises(StoreLocked, match="another process is writing to"):
            anew(data)
        writer.communicate()
    assert anew(data).failed == ()


def test_an_empty_folder_gives_a_graph_without_papers(tmp_path: Path) -> None:
    assert anew(tmp_path).outcomes == ()
    assert Store.published(tmp_path).graphs()


def test_a_file_that_fails_is_not_kept(tmp_path: Path) -> None:
    (tmp_path / "bad.txt").write_text("no paper", encoding="utf-8")
    documents = Documents(tmp_path / "documents")
    ingest(Store.memory(), [tmp_path / "bad.txt"], reading=READING, documents=documents)
    assert documents.files() == ()


def test_the_command_says_what_it_did(tmp_path: Path, examples: Path) -> None:
    paper = examples / "e2108.txt"
    again = CliRunner().invoke(app, ["rebuild", "--data", str(tmp_path)])
    assert again.exit_code == 0, again.output
    assert CliRunner().invoke(app, ["ingest", str(paper), "--data", str(tmp_path)]).exit_code == 0
    before = Store.published(tmp_path).dump()
    again = CliRunner().invoke(app, ["rebuild", "--data", str(tmp_path)])

    assert (again.exit_code, "new" in again.output) == (0, True)
    assert Store.published(tmp_path).dump() == before
    (kept,) = Documents(tmp_path / "documents").files()
    assert kept.read_bytes() == paper.read_bytes()
    with pytest.raises(NothingPublished):
        Store.published(tmp_path / "elsewhere")


def test_a_file_of_many_papers_is_kept_once(tmp_path: Path) -> None:
    export = tmp_path / "export.ris"
    export.write_text(RIS + RIS.replace("lamp.2021.7", "lamp.2022.8"), encoding="utf-8")
    documents = Documents(tmp_path / "data" / "documents")
    report = ingest(Store.memory(), [export], reading=standard_reading(), documents=documents)

    assert (report.new, len(report.failed)) == (2, 2)
    assert len(documents.files()) == 1
    assert documents.reports() == {"doi-10.5555-lamp.2021.7-record", "doi-10.5555-lamp.2022.8-record"}
