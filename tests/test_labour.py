"""Ingestion over several processes: the graph that one gives, and a paper that ends its process ends nothing else."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from conftest import ROOT
from hostile_reading import READING, SEPARATOR, paper, write
from test_cli import RECORD

from kg.documents import Documents
from kg.ingest import ingest
from kg.iris import Iris
from kg.journal import Journal, state_of
from kg.labour import Limits, Processes
from kg.outcomes import IngestReport
from kg.refused import Refused
from kg.store import Store

MEBIBYTE = 1024 * 1024
pytestmark = pytest.mark.usefixtures("few_terms")


def processes(count: int = 2, seconds: float = 60, memory: int = 1024) -> Processes:
    return Processes(READING, Iris(), count, Limits(seconds, memory * MEBIBYTE))


def counted(report: IngestReport) -> dict[str, int]:
    assert len(report.outcomes) == report.new + report.updated + report.unchanged + len(report.failed)
    return {
        "new": report.new,
        "updated": report.updated,
        "unchanged": report.unchanged,
        "failed": len(report.failed),
    }


def many(folder: Path) -> Path:
    """Papers in files of their own, some in one file, one report in files of several names and lengths."""
    texts = {f"{number:02d}.txt": paper(number) for number in range(8)}
    texts["many.txt"] = SEPARATOR.join([paper(20), paper(21, "refused"), paper(3), paper(22)])
    texts["again.txt"] = paper(3, "and a line more")
    texts["copy.txt"] = paper(5)
    write(folder, texts)
    write(folder / "other", {"06.txt": paper(6, "the same name, another text")})
    return folder


def test_any_number_of_processes_gives_the_graph_of_one(tmp_path: Path) -> None:
    files = many(tmp_path / "files")
    alone = Store.memory()
    report = ingest(alone, [files], reading=READING)
    assert counted(report) == {"new": 10, "updated": 2, "unchanged": 2, "failed": 1}

    store = Store.memory()
    other = ingest(store, [files], reading=READING, labour=processes())
    assert store.dump() == alone.dump()
    assert other.outcomes == report.outcomes


def test_papers_that_end_their_process_are_reported_and_cost_nothing_else(tmp_path: Path) -> None:
    deeds = {"segfault": "ended", "memory": "MemoryError", "defect": "a defect of the program"}
    deeds |= {"hang": "took longer than 20 seconds and was stopped"}
    texts = {f"{number:02d}.txt": paper(number) for number in range(len(deeds))}
    texts |= {f"{deed}.txt": paper(100 + number, deed) for number, deed in enumerate(deeds)}
    texts["some.txt"] = SEPARATOR.join([paper(7), paper(8, "refused"), paper(9, "read-kill"), paper(10)])
    report = ingest(Store.memory(), [write(tmp_path, texts)], reading=READING, labour=processes(seconds=20))
    assert counted(report) == {"new": len(deeds) + 1, "updated": 0, "unchanged": 0, "failed": len(deeds) + 2}
    failed = {Path(failure.source).name: failure.reason for failure in report.failed}
    assert failed.keys() == {*(f"{deed}.txt" for deed in deeds), "some.txt", "some.txt#2"}
    for deed, reason in deeds.items():
        assert reason in failed[f"{deed}.txt"]
    # What was read of a file before its process ended is kept.
    assert "the process that read it ended" in failed["some.txt"]


def test_files_that_have_not_changed_are_not_read_again(tmp_path: Path) -> None:
    files = write(tmp_path / "files", {"1.txt": paper(1), "2.txt": paper(2, "refused"), "3.txt": paper(3, "defect")})
    (files / "3.txt").write_text(SEPARATOR.join([paper(3), paper(4, "refused")]), encoding="utf-8")
    data = tmp_path / "data"
    read: list[str] = []

    def noted(path: Path) -> object:
        read.append(path.name)
        return READING.read(path)

    def run(again: bool = False) -> IngestReport:
        reads = type(READING)(noted, READING.extract, READING.version)  # type: ignore[arg-type]
        read.clear()
        with closing(Journal(data / "read.sqlite", reads.version, again=again)) as journal:
            return ingest(
                Store.open(data),
                [files],
                reading=reads,
                documents=Documents(data / "documents"),
                journal=journal,
                refused=Refused(data / "refused"),
            )

    assert counted(run()) == {"new": 2, "updated": 0, "unchanged": 0, "failed": 2}
    assert read == ["1.txt", "2.txt", "3.txt"]
    before = Store.published(data).dump()
    again = run()
    assert counted(again) == {"new": 0, "updated": 0, "unchanged": 2, "failed": 2}
    assert (read, Store.published(data).dump()) == ([], before)
    assert [Path(failure.source).name for failure in again.failed] == ["2.txt", "3.txt#2"]

    (files / "1.txt").write_text(paper(1, "another text"), encoding="utf-8")
    assert counted(run()) == {"new": 0, "updated": 1, "unchanged": 1, "failed": 2}
    assert read == ["1.txt"]
    assert Refused(data / "refused").files() == (files / "2.txt", files / "3.txt")

    (files / "2.txt").write_text(paper(2), encoding="utf-8")
    assert counted(run(again=True)) == {"new": 1, "updated": 0, "unchanged": 2, "failed": 1}
    assert Refused(data / "refused").files() == (files / "3.txt",)


def test_what_the_journal_remembers_counts_only_where_the_store_says_so_too(tmp_path: Path) -> None:
    files = write(tmp_path / "files", {"1.txt": paper(1)})
    for store in (Store.memory(), Store.memory()):
        with closing(Journal(tmp_path / "read.sqlite", READING.version)) as journal:
            assert ingest(store, [files], reading=READING, journal=journal).new == 1
    (tmp_path / "read.sqlite").write_bytes(b"SQLite format 3\0" + bytes(4000))
    (tmp_path / "read.sqlite-wal").unlink(missing_ok=True)
    with closing(Journal(tmp_path / "read.sqlite", READING.version)) as journal:
        assert journal.papers(files / "1.txt", state_of(files / "1.txt")) is None


def test_a_run_that_is_stopped_publishes_what_is_whole_and_is_gone_on_with(tmp_path: Path) -> None:
    files = write(tmp_path / "files", {f"{number:02d}.txt": paper(number, "wait") for number in range(12)})
    outcomes: list[str] = []
    store = Store.open(tmp_path / "data")
    report = ingest(
        store,
        [files],
        reading=READING,
        labour=processes(),
        on_progress=lambda outcome, _, __: outcomes.append(outcome.source),
        stopped=lambda: len(outcomes) >= 3,
    )
    assert 3 <= report.new == len(report.outcomes) == 12 - report.left < 12
    assert Store.published(tmp_path / "data").dump() == store.dump()
    rest = ingest(store, [files], reading=READING)
    assert (rest.unchanged, rest.new) == (report.new, report.left)
    whole = Store.memory()
    ingest(whole, [files], reading=READING)
    assert store.dump() == whole.dump()


def test_ctrl_c_ends_the_command_cleanly(tmp_path: Path) -> None:
    folder = tmp_path / "papers"
    folder.mkdir()
    for number in range(200):
        text = RECORD.replace("NCT07654321", f"NCT076{number:05d}").replace("Lantern light against", f"{number} light,")
        (folder / f"{number:02d}.txt").write_text(text, encoding="utf-8")
    data = tmp_path / "data"
    command = [sys.executable, "-c", "from server.cli import main; main()", "ingest", str(folder), "--data", str(data)]
    command += ["--log", str(tmp_path / "log.jsonl"), "--workers", "1"]
    running = subprocess.Popen(
        command,
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        start_new_session=True,
    )
    log = tmp_path / "log.jsonl"
    until = time.monotonic() + 400
    try:
        while not (log.exists() and log.read_text("utf-8").count("\n") >= 2):
            assert time.monotonic() < until
            assert running.poll() is None
            time.sleep(0.05)
        # As a terminal does: to the command and to the processes that it has started.
        os.killpg(running.pid, signal.SIGINT)
        shown, told = running.communicate(timeout=400)
    finally:
        if running.poll() is None:
            running.kill()
            running.communicate()

    assert running.returncode == 130, told
    assert "Traceback" not in told
    assert re.search(r"stopped with \d+ files to go: the same command goes on", told)
    lines = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    (end,) = [line for line in lines if "papers" in line]
    assert end["papers"] == end["new"] == len(lines) - 1
    assert end["papers"] + end["files_left"] == 200
    assert re.search(rf"^new +{end['new']}$", shown, re.MULTILINE)
    assert len(Store.published(data)) > 0
