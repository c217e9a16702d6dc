"""How an ingestion goes: what is shown while it runs, and the log of what became of each paper."""

from __future__ import annotations

import json
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Final, TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from kg.outcomes import IngestReport, Outcome

# Seconds between two lines on how far it is, where no bar can be drawn.
_PAUSE: Final = 10.0


@dataclass(slots=True)
class Pace:
    """Papers in a second, and the seconds that the files left will take at that pace.

    It begins with the first paper, so that loading the pipelines does not count.
    """

    began: float = field(default_factory=time.monotonic)
    papers: int = 0
    done: int = 0
    total: int = 0

    def note(self, done: int, total: int) -> None:
        """A paper of file ``done`` of ``total`` is finished."""
        if self.total:
            self.papers += 1
        else:
            self.began = time.monotonic()
        self.done, self.total = max(self.done, done), total

    def said(self) -> str:
        """Both in words; nothing as long as there is one paper only."""
        if not self.papers:
            return ""
        seconds = max(time.monotonic() - self.began, 0.001)
        left = seconds / self.done * (self.total - self.done)
        return f"{self.papers / seconds:.1f} papers a second, {_duration(left)} left"


def _duration(seconds: float) -> str:
    minutes = round(seconds / 60)
    if minutes < 1:
        return f"{seconds:.0f} s"
    return f"{minutes} min" if minutes < 120 else f"{minutes / 60:.0f} h"


@contextmanager
def progress(log: Path | None = None) -> Iterator[Callable[[Outcome, int, int], None]]:
    """What to call after each paper: a bar on a terminal, lines elsewhere, both on standard error; and the log.

    The log gets one JSON object a line, behind what it holds. Raises OSError where it cannot be written.
    """
    with ExitStack() as stack:
        shown = stack.enter_context(_bar() if Console(stderr=True).is_terminal else _lines())
        if log is None:
            yield shown
            return
        log.parent.mkdir(parents=True, exist_ok=True)
        lines = stack.enter_context(log.open("a", encoding="utf-8"))

        def both(outcome: Outcome, done: int, total: int) -> None:
            _write(lines, outcome)
            shown(outcome, done, total)

        yield both


def log_end(log: Path, report: IngestReport) -> None:
    """Write to the log what the whole run came to."""
    with log.open("a", encoding="utf-8") as lines:
        entry = {
            "time": _now(),
            "papers": len(report.outcomes),
            "new": report.new,
            "updated": report.updated,
            "unchanged": report.unchanged,
            "failed": len(report.failed),
            "files_left": report.left,
            "seconds": round(report.seconds, 1),
        }
        lines.write(f"{json.dumps(entry)}\n")


@contextmanager
def interruption() -> Iterator[threading.Event]:
    """An event that is set when somebody presses Ctrl-C, or sends SIGTERM; the second time ends the command at once."""
    pressed = threading.Event()

    def note(number: int, frame: FrameType | None) -> None:
        if pressed.is_set():
            raise KeyboardInterrupt
        pressed.set()
        sys.stderr.write("finishing the papers under way, then publishing; once more ends it at once\n")

    if threading.current_thread() is not threading.main_thread():
        # Signals come to the main thread alone.
        yield pressed
        return
    before = {number: signal.signal(number, note) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield pressed
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _lines() -> Iterator[Callable[[Outcome, int, int], None]]:
    pace = Pace()
    said = pace.began

    def line(outcome: Outcome, done: int, total: int) -> None:
        nonlocal said
        reason = f": {outcome.reason}" if outcome.reason else ""
        sys.stderr.write(f"[{done}/{total}] {outcome.status} {outcome.source}{reason}\n")
        pace.note(done, total)
        if pace.papers and time.monotonic() - said > _PAUSE:
            said = time.monotonic()
            sys.stderr.write(f"[{pace.done}/{total}] {pace.said()}\n")

    yield line


@contextmanager
def _bar() -> Iterator[Callable[[Outcome, int, int], None]]:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[pace]}"),
        TimeRemainingColumn(),
    )
    pace = Pace()
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("reading papers", total=None, pace="")

        def advance(outcome: Outcome, done: int, total: int) -> None:
            if outcome.status == "failed":
                bar.console.print(f"failed {outcome.source}: {outcome.reason}", markup=False, highlight=False)
            pace.note(done, total)
            bar.update(task, completed=pace.done, total=total, pace=pace.said().partition(",")[0])

        yield advance


def _write(lines: TextIO, outcome: Outcome) -> None:
    entry = {"time": _now(), "paper": outcome.source, "status": outcome.status}
    entry |= {"report": outcome.report} if outcome.report else {}
    entry |= {"reason": outcome.reason} if outcome.reason else {}
    lines.write(f"{json.dumps(entry, ensure_ascii=False)}\n")
    lines.flush()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
