"""An ingestion that is killed, a disk that takes nothing, and backups: what is served stays whole."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import ROOT
from graph_fixtures import papers, reading, write
from typer.testing import CliRunner

from kg.archive import FolderInUse, UnreadableBackup, back_up, restore
from kg.check import check
from kg.checkpoints import NothingPublished, published_checkpoint
from kg.documents import Documents
from kg.ingest import ingest
from kg.iris import Iris
from kg.rebuild import rebuild
from kg.store import Store, StoreUnwritable
from kg.vocabulary_graph import vocabulary_triples
from server.cli import app

# The vocabulary is written in one step, as any other graph: a hundred triples do as well as thirty thousand. Nothing
# is written while shapes are checked, which takes half of the time.
VOCABULARY = 100

# Forks an ingestion for each step, which kills its own process before the step of that number: the steps are
# whatever changes the store or moves a file. What an ingestion imports is imported once, before the forks.
# Prints how each of them ended.
KILLED = f"""
import os, shutil, signal, sys
sys.path[:0] = [{str(ROOT)!r}, {str(ROOT / "tests")!r}]
from pathlib import Path
from graph_fixtures import papers, reading
from kg.catalogue import example_triples
from kg.documents import Documents
from kg.ingest import ingest
from kg.rebuild import rebuild
from kg.iris import Iris
from kg.store import Store
from kg.vocabulary_graph import vocabulary_triples
import kg.ingest
import kg.preparing

vocabulary = vocabulary_triples()[:{VOCABULARY}]
kg.ingest.vocabulary_triples = lambda: vocabulary
kg.preparing.require_valid = list
example_triples(Iris())
left = 0
def step():
    global left
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    left -= 1
def stepping(function):
    def stepped(*arguments, **named):
        step()
        return function(*arguments, **named)
    return stepped
Store._change = stepping(Store._change)
os.replace = stepping(os.replace)
Path.unlink = stepping(Path.unlink)
os.rename = stepping(os.rename)

def work(folder):
    documents = Documents(folder / "documents")
    if sys.argv[1] == "rebuild":
        rebuild(folder, documents, reading=reading(*papers()), iris=Iris())
    else:
        ingest(Store.open(folder), [Path(sys.argv[2])], reading=reading(*papers()), documents=documents)

code, number = -signal.SIGKILL, 0
while code == -signal.SIGKILL:
    folder = Path(sys.argv[3]) / str(number)
    if sys.argv[1] == "rebuild":
        shutil.copytree(Path(sys.argv[3]) / "first", folder)
    child = os.fork()
    if child == 0:
        left = number
        work(folder)
        os._exit(0)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    print(code)
    number += 1
"""


def killed(command: str, files: Path, disk: Path) -> list[Path]:
    """Do it again and again, each time killed one step later, until none is left; the folders it was done in."""
    run = subprocess.run(
        [sys.executable, "-c", KILLED, command, str(files), str(disk)], check=True, capture_output=True, text=True
    )
    codes = [int(line) for line in run.stdout.split()]
    assert codes[-1] == 0, run.stderr
    assert len(codes) > 10, "three papers, the graphs that belong to none of them, and the publication"
    return [disk / str(step) for step in range(len(codes))]


@pytest.fixture(scope="module", autouse=True)
def _quick_ingestion() -> Iterator[None]:
    some = vocabulary_triples()[:VOCABULARY]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("kg.ingest.vocabulary_triples", lambda: some)
        patch.setattr("kg.preparing.require_valid", list)
        yield


@pytest.fixture
def memory_disk(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory where the system has such a disk.

    A process that is killed leaves there what it leaves on any disk, and nobody waits for a platter.
    """
    disk = Path("/dev/shm")
    if not os.access(disk, os.W_OK):
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir=disk) as folder:
        yield Path(folder)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("papers"), *papers())


@pytest.fixture(scope="module")
def undisturbed(files: Path) -> bytes:
    """The store that an ingestion without a crash gives."""
    store = Store.memory()
    ingest(store, [files], reading=reading(*papers()))
    return store.dump()


def test_an_ingestion_killed_at_any_step_leaves_no_half_and_can_be_run_again(
    memory_disk: Path, files: Path, undisturbed: bytes
) -> None:
    folders = killed("ingest", files, memory_disk)
    whole = report_graphs_of(undisturbed)
    for folder in folders:
        try:
            assert Store.published(folder).dump() == undisturbed
        except NothingPublished:
            assert folder != folders[-1]
        store = Store.open(folder)
        assert report_graphs_of(store.dump()).items() <= whole.items()
        ingest(store, [files], reading=reading(*papers()))

        assert Store.published(folder).dump() == undisturbed
    assert check(Store.published(folders[0])) == ()


def report_graphs_of(quads: bytes) -> dict[str, list[str]]:
    """The lines of each report's graphs."""
    found: dict[str, list[str]] = {}
    for line in quads.decode().splitlines():
        graph = line.removesuffix(" .").rpartition(" ")[2]
        if "/report/" in graph:
            found.setdefault(graph, []).append(line)
    return found


def test_a_rebuild_killed_at_any_step_leaves_the_old_graph_or_the_new(
    memory_disk: Path, files: Path, undisturbed: bytes
) -> None:
    first = memory_disk / "first"
    ingest(Store.open(first), [files], reading=reading(*papers()), documents=Documents(first / "documents"))
    for folder in killed("rebuild", files, memory_disk):
        assert Store.published(folder).dump() == undisturbed
        assert Store.open(folder).dump() == undisturbed
        assert rebuild(folder, Documents(folder / "documents"), reading=reading(*papers()), iris=Iris()).new == 3
        assert Store.published(folder).dump() == undisturbed


def test_a_disk_that_takes_nothing_is_told_and_what_is_served_stays(
    tmp_path: Path, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store.open(tmp_path)
    ingest(store, [files], reading=reading(*papers()))
    before = published_checkpoint(tmp_path)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    store.update("INSERT DATA { <http://e/s> <http://e/p> 1 }")
    monkeypatch.setattr("kg.checkpoints.os.replace", full)
    with pytest.raises(StoreUnwritable, match=r"No space left.*make room.*published before is untouched"):
        store.publish()

    assert published_checkpoint(tmp_path) == before
    assert sorted(path.name for path in before.parent.iterdir() if path.is_dir()) == [before.name]
    monkeypatch.undo()
    assert store.publish() is not None


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")

    with pytest.raises(StoreUnwritable, match="cannot write to"):
        Store.open(tmp_path / "file" / "data")


def test_a_checkpoint_is_kept_while_somebody_reads_it(tmp_path: Path) -> None:
    writer = Store.open(tmp_path)
    writer.publish()
    reader = Store.published(tmp_path)
    for number in range(4):
        writer.update(f"INSERT DATA {{ <http://e/s> <http://e/p> {number} }}")
        writer.publish()
    folder = tmp_path / "published"
    assert [path.name for path in sorted(folder.iterdir()) if path.is_dir()] == ["00000001", "00000004", "00000005"]
    assert len(reader) == 0
    del reader
    writer.update("INSERT DATA { <http://e/s> <http://e/p> 9 }")
    writer.publish()

    assert [path.name for path in sorted(folder.iterdir()) if path.is_dir()] == ["00000005", "00000006"]


def test_a_backup_restores_the_same_graph(tmp_path: Path, files: Path, undisturbed: bytes) -> None:
    ingest(Store.open(tmp_path / "data"), [files], reading=reading(*papers()))
    file = tmp_path / "graph.nq.gz"
    command = CliRunner().invoke(app, ["backup", str(file), "--data", str(tmp_path / "data")])
    assert command.exit_code == 0, command.output
    again = CliRunner().invoke(app, ["restore", str(file), "--data", str(tmp_path / "again")])
    assert again.exit_code == 0, again.output

    assert Store.published(tmp_path / "again").dump() == undisturbed
    with pytest.raises(FolderInUse, match="another folder"):
        restore(tmp_path / "again", file)
    first = file.read_bytes()
    back_up(tmp_path / "again", file)
    assert file.read_bytes() == first


@pytest.mark.parametrize("cut", [0, 10, -10])
def test_a_broken_backup_restores_nothing(tmp_path: Path, files: Path, cut: int) -> None:
    ingest(Store.open(tmp_path / "data"), [files], reading=reading(*papers()))
    file = tmp_path / "graph.nq.gz"
    back_up(tmp_path / "data", file)
    whole = file.read_bytes()
    file.write_bytes(whole[:cut] if cut else gzip.compress(gzip.decompress(whole) + b"no quad\n"))

    with pytest.raises(UnreadableBackup, match="no whole backup"):
        restore(tmp_path / "again", file)
    with pytest.raises(NothingPublished):
        Store.published(tmp_path / "again")
    file.write_bytes(whole)
    assert restore(tmp_path / "again", file) == len(Store.published(tmp_path / "again"))
