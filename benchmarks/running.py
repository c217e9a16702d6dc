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
    return sum(map(resident, _family(pid)))


def resident(pid: int) -> int:
    """Resident bytes of the process alone; none once it has gone."""
    return int((_read(Path(f"/proc/{pid}/statm")).split() or ["0", "0"])[1]) * os.sysconf("SC_PAGE_SIZE")


def processor_seconds(pid: int) -> dict[str, float]:
    """Seconds of the processor that the process has had, and those below it together."""
    taken = {one: _read(Path(f"/proc/{one}/stat")).rpartition(")")[2].split()[11:13] for one in _family(pid)}
    ticks = {one: sum(map(int, fields)) / os.sysconf("SC_CLK_TCK") for one, fields in taken.items()}
    return {"server": ticks.pop(pid), "query workers": sum(ticks.values())}


def _family(pid: int) -> list[int]:
    """The process and all below it."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        fields = _read(entry).rpartition(")")[2].split()
        if fields:
            children.setdefault(int(fields[1]), []).append(int(entry.parent.name))
    found = [pid]
    for one in found:
        found += children.get(one, [])
    return found


def _read(path: Path) -> str:
    """A file of /proc; empty once its process has gone."""
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def percentile(seconds: Sequence[float], share: float) -> float:
    """That share of the durations is at most so long, in milliseconds."""
    return round(sorted(seconds)[min(len(seconds) - 1, int(len(seconds) * share))] * 1000, 1)
