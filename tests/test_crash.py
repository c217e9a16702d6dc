"""An ingestion that is killed, a disk that takes nothing, and backups: what is served stays whole."""

from __future__ import annotations

import gzip
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT
from graph_fixtures import papers, reading, write
from typer.testing import CliRunner

from kg.archive import FolderInUse, UnreadableBackup, back_up, restore
from kg.check import check
from kg.checkpoints import NothingPublished, published_checkpoint
from kg.ingest import ingest
from kg.store import Store, StoreUnwritable
from server.cli import app

# Kills its own process before the step of that number: each change and each publication has a step before it
# and a step after it.
KILLED = f"""
import os, signal, sys
sys.path[:0] = [{str(ROOT)!r}, {str(ROOT / "tests")!r}]
from pathlib import Path
from graph_fixtures import papers, reading
from kg.ingest import ingest
from kg.store import Store
import kg.checkpoints

left = int(sys.argv[3])
def step():
    global left
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    left -= 1
def stepping(function):
    def stepped(*arguments):
        step()
        result = function(*arguments)
        step()
        return result
    return stepped
Store._change = stepping(Store._change)
os.replace = stepping(os.replace)
ingest(Store.open(Path(sys.argv[1])), [Path(sys.argv[2])], reading=reading(*papers()))
"""
# Three papers, the graphs that belong to none of them, and the publication.
STEPS = 16


def run(folder: Path, files: Path, step: int) -> int:
    command = [sys.executable, "-c", KILLED, str(folder), str(files), str(step)]
    return subprocess.run(command, check=False, capture_output=True).returncode


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("papers"), *papers())


@pytest.fixture(scope="module")
def undisturbed(files: Path) -> bytes:
    """The store that an ingestion without a crash gives."""
    store = Store.memory()
    ingest(store, [files], reading=reading(*papers()))
    return store.dump()


@pytest.mark.parametrize("step", range(STEPS))
def test_an_ingestion_killed_at_any_step_leaves_no_half_and_can_be_run_again(
    tmp_path: Path, files: Path, undisturbed: bytes, step: int
) -> None:
    code = run(tmp_path, files, step)
    assert code in {-signal.SIGKILL, 0}
    try:
        assert Store.published(tmp_path).dump() == undisturbed
    except NothingPublished:
        assert code != 0
    ingest(Store.open(tmp_path), [files], reading=reading(*papers()))

    assert Store.published(tmp_path).dump() == undisturbed
    assert check(Store.published(tmp_path)) == ()


def test_the_steps_reach_from_the_first_change_to_the_end(tmp_path: Path, files: Path) -> None:
    assert run(tmp_path / "first", files, 0) == -signal.SIGKILL
    assert run(tmp_path / "last", files, STEPS - 1) == -signal.SIGKILL
    assert run(tmp_path / "beyond", files, STEPS) == 0


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
