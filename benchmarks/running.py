"""What the benchmarks share: a server to measure, its memory, percentiles."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def served(data: Path, settings: Mapping[str, str]) -> Iterator[tuple[int, int]]:
    """A server over the folder, with KG_* variables: its port and its process id."""
    command = [sys.executable, "-c", "from server.cli import main; main()", "serve", "--data", str(data), "--port", "0"]
    process = subprocess.Popen(command, env=os.environ | dict(settings), stderr=subprocess.PIPE, text=True)  # noqa: S603 - our own command
    if process.stderr is None:
        raise RuntimeError("a pipe was asked for")
    line = process.stderr.readline()
    threading.Thread(target=process.stderr.read, daemon=True).start()
    try:
        yield int(line.split("127.0.0.1:")[1].split("/")[0]), process.pid
    finally:
        process.terminate()
        process.wait()


def memory(pid: int) -> int:
    """Resident bytes of the process and of all below it."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        fields = _read(entry).rpartition(")")[2].split()
        if fields:
            children.setdefault(int(fields[1]), []).append(int(entry.parent.name))
    total, todo = 0, [pid]
    while todo:
        one = todo.pop()
        todo += children.get(one, [])
        total += int((_read(Path(f"/proc/{one}/statm")).split() or ["0", "0"])[1]) * os.sysconf("SC_PAGE_SIZE")
    return total


def _read(path: Path) -> str:
    """A file of /proc; empty once its process has gone."""
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def percentile(seconds: Sequence[float], share: float) -> float:
    """That share of the durations is at most so long, in milliseconds."""
    return round(sorted(seconds)[min(len(seconds) - 1, int(len(seconds) * share))] * 1000, 1)
