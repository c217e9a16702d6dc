"""A folder that is watched: what is written into it is taken in and published, until it is told to stop."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from test_cli import RECORD

import server.watching
from kg.checkpoints import NothingPublished
from kg.queries import counts
from kg.replacement import StoreLocked
from kg.store import Store
from server.settings import Settings
from server.watching import watch_papers

pytestmark = pytest.mark.usefixtures("few_terms")


def eventually(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + 300
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.2)


def reports(data: Path) -> int:
    try:
        return counts(Store.published(data)).reports
    except NothingPublished:
        return 0


def other(number: str) -> str:
    return RECORD.replace("NCT07654321", number).replace(
        "Lantern light against", f"Beacons of {number}, not lanterns, or"
    )


def test_what_comes_into_a_watched_folder_is_taken_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, data = tmp_path / "papers", tmp_path / "data"
    folder.mkdir()
    (folder / "first.txt").write_text(RECORD, encoding="utf-8")
    runs: list[list[str]] = []
    ingest_papers = server.watching.ingest_papers

    def noted(paths: list[Path], *rest: object, **named: object) -> object:
        runs.append([path.name for path in paths])
        if len(runs) == 2:
            raise StoreLocked("another process is writing")
        return ingest_papers(paths, *rest, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(server.watching, "ingest_papers", noted)
    stop = threading.Event()
    settings = Settings(data=data, workers=0)
    watching = threading.Thread(
        target=watch_papers, args=([folder], settings, tmp_path / "failures.jsonl"), kwargs={"stop": stop}
    )
    watching.start()
    try:
        eventually(lambda: reports(data) == 1)
        (folder / ".unfinished").write_text(other("NCT07654329"), encoding="utf-8")
        (folder / "second.txt").write_text(other("NCT07654322"), encoding="utf-8")
        eventually(lambda: reports(data) == 2)
        (folder / "first.txt").unlink()
    finally:
        stop.set()
        watching.join(60)
    assert not watching.is_alive()
    # A file that could not be taken in because another process was writing is not forgotten.
    assert runs == [["papers"], ["second.txt"], ["second.txt"]]
    assert reports(data) == 2
