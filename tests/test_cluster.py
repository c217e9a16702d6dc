"""Ingestion by the workers of a Dask cluster: the graph of one process, whatever becomes of a worker meanwhile."""

from __future__ import annotations

import gzip
import json
import os
import random
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from conftest import ROOT
from hostile_reading import READING, SEPARATOR, made_reading, paper, write
from test_cli import kg as command

import kg.cluster
from kg.cluster import Cluster
from kg.documents import Documents
from kg.ingest import ingest
from kg.iris import Iris
from kg.labour import ClusterProblem, Limits
from kg.outcomes import IngestReport, Outcome
from kg.preparing import Prepared, Reading
from kg.shards import DamagedShard, Entry, Shards
from kg.store import Store

pytestmark = [
    pytest.mark.usefixtures("few_terms"),
    # Dask's own: sockets that it leaves to the interpreter to close.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
LIMITS = Limits(60, 1024**3)


def started(*arguments: str) -> subprocess.Popen[str]:
    folders = os.pathsep.join(map(str, (ROOT, ROOT / "tests")))
    return subprocess.Popen(
        [sys.executable, "-m", "dask", *arguments, "--no-dashboard"],
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": folders},
    )


@contextmanager
def ended(*processes: subprocess.Popen[str]) -> Iterator[None]:
    try:
        yield
    finally:
        for process in processes:
            process.kill()
            process.communicate()


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    """A scheduler that listens on a port of its own."""
    process = started("scheduler", "--host", "127.0.0.1", "--port", "0")
    with ended(process):
        assert process.stderr is not None
        address = next(found[0] for line in process.stderr if (found := re.search(r"tcp://127\.0\.0\.1:\d+", line)))
        # Nobody reads what it says, so that it must not fill the pipe.
        threading.Thread(target=process.stderr.read, daemon=True).start()
        yield address


def worker(scheduler: str) -> subprocess.Popen[str]:
    process = started("worker", scheduler, "--nthreads", "1", "--no-nanny")
    assert process.stderr is not None
    threading.Thread(target=process.stderr.read, daemon=True).start()
    return process


@pytest.fixture(scope="module")
def workers(scheduler: str) -> Iterator[tuple[subprocess.Popen[str], ...]]:
    """Two workers; a test may end the first."""
    both = worker(scheduler), worker(scheduler)
    with ended(*both):
        yield both


def cluster(scheduler: str, folder: Path) -> Cluster:
    return Cluster(scheduler, made_reading, Iris(), LIMITS, folder=folder / "shards", largest=100_000)


def files(folder: Path) -> Path:
    """Papers in files of their own and together, a report of two sources, papers that cannot be read."""
    texts = {f"{number:02d}.txt": paper(number, "wait") for number in range(10)}
    texts["many.txt"] = SEPARATOR.join([paper(20), paper(21, "refused"), paper(3), paper(22)])
    texts["again.txt"] = paper(5, "and a line more")
    write(folder / "b", {"01.txt": paper(1, "the same name, another text")})
    return write(folder / "a", texts).parent


def taken_in(folder: Path, paths: list[Path], labour: Cluster | None = None) -> tuple[IngestReport, bytes]:
    store = Store.open(folder)
    report = ingest(
        store, paths, reading=READING, labour=labour, documents=Documents(folder / "documents"), iris=Iris()
    )
    return report, store.dump()


def test_a_worker_killed_in_the_middle_costs_nothing(
    scheduler: str, workers: tuple[subprocess.Popen[str], ...], tmp_path: Path
) -> None:
    papers = files(tmp_path / "papers")
    expected, graph = taken_in(tmp_path / "alone", [papers])
    assert (expected.new, expected.updated, len(expected.failed)) == (12, 2, 1)
    deadly = write(papers / "c", {"deadly.txt": paper(30, "kill")}) / "deadly.txt"

    told: list[Outcome] = []
    own: list[psutil.Process] = []

    def kill(outcome: Outcome, _: int, __: int) -> None:
        told.append(outcome)
        if len(told) == 2:
            own.extend(psutil.Process(workers[0].pid).children(recursive=True))
            workers[0].kill()

    store = Store.open(tmp_path / "data")
    labour = cluster(scheduler, tmp_path / "data")
    assert labour.ahead >= 4
    report = ingest(store, [papers], reading=READING, labour=labour, on_progress=kill)
    assert report.outcomes[:-1] == expected.outcomes
    # A paper that ends its process ends no worker.
    assert report.outcomes[-1].source == str(deadly)
    assert "the process that read it ended" in (report.outcomes[-1].reason or "")
    assert len(told) == len(report.outcomes)
    assert store.dump() == graph
    assert workers[0].wait(10) != 0
    assert not list((tmp_path / "data" / "shards").iterdir())
    # Its processes do not outlive it.
    _, alive = psutil.wait_procs(own, timeout=30)
    assert not alive


def test_any_order_of_files_and_any_number_of_workers_gives_the_same_graph(
    scheduler: str, workers: tuple[subprocess.Popen[str], ...], tmp_path: Path
) -> None:
    texts = {f"{number}.txt": paper(number) for number in range(4)}
    texts |= {"5.txt": paper(2, "with a line more"), "6.txt": SEPARATOR.join([paper(3, "longer"), paper(9)])}
    papers = write(tmp_path / "papers", texts)
    _, graph = taken_in(tmp_path / "alone", [papers])
    assert graph.splitlines() == sorted(graph.splitlines())
    for seed in range(2):
        shuffled = sorted(papers.iterdir())
        random.Random(seed).shuffle(shuffled)
        for place, some in enumerate((shuffled[:2], shuffled[2:])):
            data = tmp_path / f"data-{seed}"
            labour = cluster(scheduler, data) if place == seed else None
            _, given = taken_in(data, some, labour)
        assert given == graph
    assert workers[1].poll() is None


def test_shards_that_a_crash_has_left_are_loaded_and_what_they_say_is_checked(
    scheduler: str, workers: tuple[subprocess.Popen[str], ...], tmp_path: Path
) -> None:
    papers = write(tmp_path / "papers", {"a.txt": SEPARATOR.join([paper(1), paper(2, "refused"), paper(3)])})
    with closing(cluster(scheduler, tmp_path)) as labour:
        held = labour.read(papers / "a.txt").result(60)
        (name,) = {file.name.partition(".")[0] for file in (tmp_path / "shards").iterdir()}
    shards = Shards(tmp_path / "shards")
    written = json.loads((tmp_path / "shards" / f"{name}.json").read_text("utf-8"))
    shard = tmp_path / "shards" / f"{name}.nq.gz"
    quads = gzip.decompress(shard.read_bytes()).decode()
    assert written["counts"] == {"papers": 3, "quads": quads.count("\n")}
    manifest = shards.manifest(name)
    assert manifest is not None
    assert manifest.papers == held.papers
    first = manifest.entries[0]
    assert isinstance(first, Entry)
    whole = shards.prepared(name, first)
    assert isinstance(whole, Prepared)
    assert whole.triples == first.quads

    # Nobody reads the file again: the shard says all.
    with closing(cluster(scheduler, tmp_path)) as labour:
        labour._client.submit = None
        report, graph = taken_in(tmp_path / "data", [papers / "a.txt"], labour)
    assert (report.new, len(report.failed)) == (2, 1)
    assert graph == taken_in(tmp_path / "alone", [papers])[1]

    shards.keep(name, manifest, gzip_of(quads, manifest.entries))
    shard.write_bytes(shard.read_bytes()[:-9] + bytes(9))
    assert shards.manifest(name) is None
    with pytest.raises(DamagedShard, match="damaged on their way"):
        shards.keep(name, manifest, b"something else")
    assert workers[1].poll() is None


def gzip_of(quads: str, entries: tuple[object, ...]) -> bytes:
    """The members of a shard, made anew."""
    lines = quads.splitlines(keepends=True)
    members = b""
    for entry in entries:
        if isinstance(entry, Entry):
            members += gzip.compress("".join(lines[: entry.quads]).encode(), mtime=0)
            lines = lines[entry.quads :]
    return members


def other_version() -> Reading:
    """A reading that says another version of itself each time it is asked for."""
    return replace(READING, version=f"9.9+{os.getpid()}")


def test_a_cluster_that_cannot_do_the_work_says_why(
    scheduler: str, workers: tuple[subprocess.Popen[str], ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    papers = write(tmp_path / "papers", {"a.txt": paper(1)})
    for arguments, why in (
        ((papers, "--scheduler", "tcp://127.0.0.1:9"), "no scheduler answers at tcp://127.0.0.1:9"),
        ((papers, "--scheduler", "nonsense://"), "no scheduler answers at nonsense://"),
        ((papers, "--scheduler", scheduler, "--watch"), "choose one of them"),
    ):
        monkeypatch.setattr(kg.cluster, "_CONNECTING", 0.5)
        told = command("ingest", *arguments, "--data", tmp_path / "data")
        assert (told.exit_code, why in told.stderr) == (1, True), told.stderr
    other = Cluster(scheduler, other_version, Iris(), LIMITS, folder=tmp_path / "shards", largest=1000_000)
    with pytest.raises(ClusterProblem, match="install the same on both"):
        taken_in(tmp_path / "data", [papers], other)
    assert workers[1].poll() is None


def test_a_scheduler_without_workers_and_one_that_goes_end_the_run_with_a_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    process = started("scheduler", "--host", "127.0.0.1", "--port", "0")
    with ended(process):
        assert process.stderr is not None
        address = next(found[0] for line in process.stderr if (found := re.search(r"tcp://127\.0\.0\.1:\d+", line)))
        threading.Thread(target=process.stderr.read, daemon=True).start()
        monkeypatch.setattr(kg.cluster, "_FIRST_WORKER", 0.5)
        with pytest.raises(ClusterProblem, match="has no workers; start some"):
            cluster(address, tmp_path)
        monkeypatch.setattr(kg.cluster, "_FIRST_WORKER", 60)
        only = worker(address)
        with ended(only), closing(cluster(address, tmp_path)) as labour:
            held = labour.read(write(tmp_path / "papers", {"a.txt": paper(1, "hang")}) / "a.txt")
            time.sleep(0.5)
            process.kill()
            with pytest.raises(ClusterProblem, match="the same command goes on"):
                held.result(120)
