"""Kills an ingestion at random moments and looks at what is served and stored then, and at what a second run gives.

    python benchmarks/crash.py PAPERS [--kills 120] [--seed 1] [--folder artefacts]

Half of the ingestions begin in an empty folder; the others in one where half of the papers are published, one of
them in an earlier text. The papers are read and their shapes checked beforehand, and of the vocabulary, which is one
graph of many, a hundred triples are written, so that the moments fall into the work of the store on papers.
The report is JSON on standard output; the exit code is 1 if anything was not as it should be.
"""

from __future__ import annotations

import argparse
import json
import os
import pickle
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import kg.ingest
import kg.preparing
from kg.checkpoints import NothingPublished
from kg.documents import Documents
from kg.ingest import files_of, ingest
from kg.iris import Iris
from kg.preparing import Reading
from kg.reading import standard_reading
from kg.rebuild import rebuild
from kg.store import Store
from kg.vocabulary_graph import vocabulary_triples


def remembered() -> Reading:
    """The product's reading, which reads each text only once."""
    standard = standard_reading()
    read: dict[str, object] = {}

    def extract(document):  # type: ignore[no-untyped-def]
        if document.text not in read:
            read[document.text] = standard.extract(document)
        return read[document.text]

    return Reading(standard.read, extract, standard.version)


def report_graphs(quads: bytes) -> dict[str, bytes]:
    """The lines of each report's graphs, by graph."""
    found: dict[str, bytes] = {}
    for line in quads.splitlines():
        graph = line.removesuffix(b" .").rpartition(b" ")[2].decode()
        if "/report/" in graph:
            found[graph] = found.get(graph, b"") + line + b"\n"
    return found


@dataclass(slots=True)
class Case:
    """Where an ingestion begins, and the graphs before and after it."""

    name: str
    start: Path
    papers: Path
    before: bytes | None
    after: bytes
    seconds: float


def killed(work: Callable[[], object], seconds: float) -> bool:
    """Whether the work, in a process of its own, was killed after so many seconds; it may be done before."""
    child = os.fork()
    if child == 0:
        work()
        os._exit(0)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


T = TypeVar("T")


def apart(work: Callable[[], T]) -> T:
    """What the work gives in a process of its own: this one never opens a store, whose threads no fork would have."""
    with tempfile.NamedTemporaryFile() as kept:
        child = os.fork()
        if child == 0:
            Path(kept.name).write_bytes(pickle.dumps(work()))
            os._exit(0)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if code:
            raise RuntimeError(f"a process ended with {code}")
        return pickle.loads(Path(kept.name).read_bytes())  # type: ignore[no-any-return]  # noqa: S301 - written above


def taken_in(data: Path, papers: Path, reading: Reading) -> None:
    """An ingestion as the command makes it."""
    ingest(Store.open(data), [papers], reading=reading, documents=Documents(data / "documents"))


def made_cases(papers: Path, folder: Path, reading: Reading) -> list[Case]:
    """The two cases, each run once without a kill."""
    everything, half = folder / "papers", folder / "half"
    for one in (everything, half):
        one.mkdir(parents=True)
    files = files_of([papers])
    for number, file in enumerate(files):
        shutil.copy(file, everything / file.name)
        if number < len(files) // 2:
            shutil.copy(file, half / file.name)
    first = half / files[0].name
    first.write_bytes(first.read_bytes() + b"\nAn earlier text.\n")
    # Reads every text once, and loads what an ingestion loads.
    for one in (half, everything):
        ingest(Store.memory(), [one], reading=reading)
    begun = folder / "begun"
    kg.preparing.require_valid = list
    vocabulary = vocabulary_triples()[:100]
    kg.ingest.vocabulary_triples = lambda: vocabulary
    apart(lambda: taken_in(begun, half, reading))
    return [
        made_case("from nothing", folder / "nothing", None, everything, reading),
        made_case("from half", begun, apart(lambda: Store.published(begun).dump()), everything, reading),
    ]


def made_case(name: str, start: Path, before: bytes | None, papers: Path, reading: Reading) -> Case:
    """The case, with the graph that an undisturbed ingestion gives and the seconds that it takes."""
    start.mkdir(exist_ok=True)
    data = start.with_name(f"{start.name}-undisturbed")
    shutil.copytree(start, data)
    started = time.monotonic()
    apart(lambda: taken_in(data, papers, reading))
    taken = time.monotonic() - started
    return Case(name, start, papers, before, apart(lambda: Store.published(data).dump()), taken)


def look(case: Case, data: Path, reading: Reading) -> tuple[str, list[str]]:
    """Which graph is served after a kill, and what is wrong with what it has left."""
    wrong = []
    try:
        served = Store.published(data).dump()
    except NothingPublished:
        served = None
    if served not in {case.before, case.after}:
        wrong.append(f"{case.name}: the served graph is neither the one before nor the one after")
    whole = set(report_graphs(case.before or b"").items()) | set(report_graphs(case.after).items())
    store = Store.open(data)
    for graph, lines in report_graphs(store.dump()).items():
        if (graph, lines) not in whole:
            wrong.append(f"{case.name}: a part of {graph} is stored")
    ingest(store, [case.papers], reading=reading, documents=Documents(data / "documents"))
    if store.dump() != case.after or Store.published(data).dump() != case.after:
        wrong.append(f"{case.name}: a second run gives another graph than an undisturbed one")
    return f"{case.name}: {'after' if served == case.after else 'before'}", wrong


def rebuilt(data: Path, reading: Reading) -> bytes:
    """The graph that a rebuild gives."""
    rebuild(data, Documents(data / "documents"), reading=reading, iris=Iris())
    return Store.published(data).dump()


def main() -> None:
    """Run the benchmark and print its report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("papers", type=Path)
    parser.add_argument("--kills", type=int, default=120)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, default=Path("artefacts"))
    chosen = parser.parse_args()
    moments = random.Random(chosen.seed)  # noqa: S311 - moments of kills are no secrets
    reading = remembered()
    kills: Counter[str] = Counter()
    found: Counter[str] = Counter()
    wrong: list[str] = []
    chosen.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=chosen.folder) as made:
        folder = Path(made)
        cases = made_cases(chosen.papers, folder, reading)
        tried = 0
        while kills.total() < chosen.kills:
            case = cases[tried % len(cases)]
            tried += 1
            data = folder / str(tried)
            shutil.copytree(case.start, data)
            moment = moments.uniform(0, case.seconds)
            if killed(lambda case=case, data=data: taken_in(data, case.papers, reading), moment):  # type: ignore[misc]
                kills[case.name] += 1
                served, problems = apart(lambda case=case, data=data: look(case, data, reading))  # type: ignore[misc]
                found[served] += 1
                wrong += problems
                sys.stderr.write(f"{kills.total()} kills, {len(wrong)} wrong\n")
                # Now and then, what a rebuild makes of the documents that kills and second runs have left.
                if kills.total() % 10 == 0 and apart(lambda data=data: rebuilt(data, reading)) != case.after:  # type: ignore[misc]
                    wrong.append(f"{case.name}: kg rebuild gives another graph than an undisturbed ingestion")
            shutil.rmtree(data)
    report = {
        "kills": dict(kills),
        "ended before the kill": tried - kills.total(),
        "seconds of an undisturbed ingestion": {case.name: round(case.seconds, 2) for case in cases},
        "served after the kill": dict(sorted(found.items())),
        "wrong": wrong,
    }
    json.dump(report, sys.stdout, indent=1)
    sys.stdout.write("\n")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
