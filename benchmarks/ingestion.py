"""Measures how fast papers are taken in by one process and by several, and whether the graph is the same.

    python benchmarks/ingestion.py FOLDER [COUNT] [--workers 1 2]

Of the files of FOLDER the first COUNT by name are ingested (default 100), once for each number of processes, into a
new store each time. The clock runs from the first paper to the last, without loading and publishing. On a busy machine
look at the processor's time instead: what the command itself needs for a paper, and what its processes do (loading
counted in), bounds how many of them it can keep busy (column "at most").
"""

from __future__ import annotations

import argparse
import hashlib
import os
import resource
import sys
import tempfile
import time
from pathlib import Path

from kg.documents import Documents
from kg.ingest import files_of, ingest
from kg.iris import Iris
from kg.labour import Limits, Processes
from kg.outcomes import Outcome
from kg.reading import standard_reading
from kg.store import Store


def measured(files: list[Path], workers: int) -> tuple[str, str]:
    """A line of figures, and the hash of the graph."""
    reading, iris = standard_reading(), Iris()
    times: list[tuple[float, float]] = []

    def note(_: Outcome, __: int, ___: int) -> None:
        times.append((time.perf_counter(), time.process_time()))

    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(Path(folder))
        began = resource.getrusage(resource.RUSAGE_CHILDREN)
        limits = Limits(300, 4 * 1024**3)
        labour = Processes(reading, iris, workers, limits)
        report = ingest(
            store,
            files,
            reading=reading,
            iris=iris,
            labour=labour,
            documents=Documents(Path(folder) / "documents"),
            on_progress=note,
        )
        ended = resource.getrusage(resource.RUSAGE_CHILDREN)
        digest = hashlib.sha256(store.dump()).hexdigest()[:12]
    papers = len(times) - 1
    seconds, own = (end - start for start, end in zip(times[0], times[-1], strict=True))
    theirs = ended.ru_utime + ended.ru_stime - began.ru_utime - began.ru_stime
    line = (
        f"{workers:9d}  {papers / seconds:8.2f}  {1000 * own / papers:14.1f}  {1000 * theirs / papers:14.1f}  "
        f"{theirs / max(own, 0.001):7.0f}  {len(report.failed):6d}  {digest}"
    )
    return line, digest


def main() -> None:
    """Print the figures for the folder given on the command line."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("count", type=int, nargs="?", default=100)
    arguments.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    given = arguments.parse_args()
    files = list(files_of([given.folder]))[: given.count]
    sys.stdout.write(f"{len(files)} files, {len(os.sched_getaffinity(0))} cores, load {os.getloadavg()[0]:.1f}\n")
    sys.stdout.write("processes  papers/s  command CPU ms  workers CPU ms  at most  failed  graph\n")
    digests = set()
    for workers in given.workers:
        line, digest = measured(files, workers)
        digests.add(digest)
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()
    if len(digests) > 1:
        sys.exit("the graphs differ")


if __name__ == "__main__":
    main()
