"""Takes in everything that lies in the shared folder, and says what was found, how fast, and what a million would take.

    python benchmarks/whole.py ../shared FOLDER [--articles N] [--records N] [--workers 2] [--seconds 120]

Three stages go into one new data folder below FOLDER, which must not be there yet: the articles of
corpora/pmc_rct_jats.tar.xz, the 1,000 MEDLINE records of inputs/medline_ris, and all other files of inputs. Of each the
first may be taken only, 0 takes all. Then one paper more is taken in, and the clock stops when the search finds it and
its page is there. Progress goes to standard error, the tables in Markdown to standard output.

FOLDER/documents.tsv has a line for each paper: its source, what became of it and why, when it was done, and how many
findings and triples it has, and of them arms, endpoints, contrasts, results of arms, statements and conclusions.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import tarfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import running
from fastapi.testclient import TestClient

from kg.documents import Documents
from kg.ingest import files_of, ingest
from kg.iris import Iris
from kg.journal import Journal
from kg.labour import Limits, OneProcess, Processes
from kg.outcomes import Outcome
from kg.queries import counts
from kg.reading import standard_reading
from kg.refused import Refused
from kg.store import Store
from ontology import EV
from server.app import create_app
from server.settings import Settings

_FOUND: Final = {
    "arms": EV.arm,
    "endpoints": EV.hasEndpoint,
    "contrasts": EV.contrast,
    "arm results": EV.armResult,
    "statements": EV.statement,
    "conclusions": EV.conclusion,
    "registered facts": EV.registers,
}
_MILLION: Final = 1_000_000
_MACHINES: Final = 100
# A trial of nobody's, in words that no other paper has.
_ONE_MORE: Final = """Quillwort tea against bogbean tea for hiccups: a randomised trial.
Methods: Adults with hiccups were randomly assigned 1:1 to quillwort tea (n = 40) or bogbean tea (n = 41). \
The primary endpoint was overall survival (OS).
Results: OS did not differ between the groups (HR 0.91, 95% CI 0.60-1.38; P = 0.66).
Conclusions: Quillwort tea did not prolong OS.
Trial registration: ClinicalTrials.gov NCT09999991.
"""


@dataclass(slots=True)
class Memory:
    """The most memory, in bytes, of this process and of it with all that it started; looked at twice a second."""

    own: int = 0
    all: int = 0
    _done: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Look as long as this lasts."""
        watching = threading.Thread(target=self._watch, daemon=True)
        watching.start()
        try:
            yield
        finally:
            self._done.set()
            watching.join()

    def _watch(self) -> None:
        while not self._done.wait(0.5):
            self.own = max(self.own, running.resident(os.getpid()))
            self.all = max(self.all, running.memory(os.getpid()))


@dataclass(frozen=True, slots=True)
class Stage:
    """What one stage came to; seconds of the clock and of the processor, the last apart for this process and others.

    ``size`` is by how many bytes the data folder grew.
    """

    name: str
    files: int
    outcomes: tuple[Outcome, ...]
    moments: dict[str, float]
    reading: float
    publishing: float
    own: float
    workers: float
    size: int

    @property
    def papers(self) -> int:
        """Papers that were stored."""
        return sum(one.status in {"new", "updated"} for one in self.outcomes)

    @property
    def own_each(self) -> float:
        """Seconds of this process's processor for a paper, publication left out."""
        return self.own / max(1, len(self.outcomes))

    @property
    def workers_each(self) -> float:
        """Seconds of the others' processors for a paper, loading counted in."""
        return self.workers / max(1, len(self.outcomes))


def staged(name: str, files: list[Path], data: Path, workers: int, seconds: float) -> Stage:
    """Take the files in and publish."""
    reading, iris = standard_reading(), Iris()
    moments: dict[str, float] = {}
    last = (time.perf_counter(), time.process_time())
    told = time.monotonic()

    def note(outcome: Outcome, done: int, total: int) -> None:
        nonlocal last, told
        last = (time.perf_counter(), time.process_time())
        moments[outcome.source] = last[0] - began[0]
        if time.monotonic() > told + 20:
            told = time.monotonic()
            sys.stderr.write(f"{name}: {done}/{total} files, {len(moments) / moments[outcome.source]:.2f} papers/s\n")

    size = _bytes(data)
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = (time.perf_counter(), time.process_time())
    with closing(Journal(data / "read.sqlite", reading.version)) as journal:
        report = ingest(
            Store.open(data),
            files,
            reading=reading,
            iris=iris,
            labour=Processes(reading, iris, workers, Limits(seconds, 4 * 1024**3)),
            documents=Documents(data / "documents"),
            journal=journal,
            refused=Refused(data / "refused"),
            on_progress=note,
        )
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Stage(
        name,
        len(files),
        report.outcomes,
        moments,
        reading=last[0] - began[0],
        publishing=time.perf_counter() - last[0],
        own=last[1] - began[1],
        workers=ended.ru_utime + ended.ru_stime - children.ru_utime - children.ru_stime,
        size=_bytes(data) - size,
    )


def one_more(folder: Path, data: Path) -> dict[str, float]:
    """Seconds from the file of a new paper until it is stored, published, found by the search, and shown."""
    reading = standard_reading()
    began = time.perf_counter()
    reading.load()
    loaded = time.perf_counter() - began
    file = folder / "one-more.txt"
    file.write_text(_ONE_MORE, encoding="utf-8")
    moments = {"the pipelines are loaded": loaded}
    with TestClient(create_app(Settings(data=data))) as client:
        client.get("/en/")
        began = time.perf_counter()

        def note(*_: object) -> None:
            moments["it is stored"] = loaded + time.perf_counter() - began

        labour = OneProcess(reading, Iris())
        report = ingest(Store.open(data), [file], reading=reading, labour=labour, on_progress=note)
        moments["it is published"] = loaded + time.perf_counter() - began
        found = client.get("/api/v1/search", params={"q": "quillwort bogbean"}).json()
        moments["the search finds it"] = loaded + time.perf_counter() - began
        page = client.get("/en/trial/NCT09999991")
        moments["its page is there"] = loaded + time.perf_counter() - began
    if not (report.new == found["total"] == 1 and page.status_code == 200):
        sys.exit("the paper that was taken in last is not found")
    return moments


def written(file: Path, stages: list[Stage], store: Store) -> Counter[str]:
    """Write the table of all papers; how many findings of each kind there are in all."""
    found: dict[str, Counter[str]] = {}
    for name, link in _FOUND.items():
        query = f"SELECT ?report (COUNT(?found) AS ?number) {{ ?report <{link}> ?found }} GROUP BY ?report"
        found[name] = Counter({row["report"].text: int(row["number"].text) for row in store.select(query)})
    iris = Iris()
    with file.open("w", encoding="utf-8") as lines:
        head = ["stage", "paper", "status", "report", "findings", "triples", *_FOUND, "seconds", "reason"]
        lines.write("\t".join(head) + "\n")
        for stage in stages:
            for one in stage.outcomes:
                report = str(iris.report(one.report)) if one.report else ""
                row = [stage.name, one.source, one.status, one.report or "", one.findings, one.triples]
                row += [found[name][report] for name in _FOUND]
                row += [f"{stage.moments.get(one.source, 0):.1f}", (one.reason or "").replace("\t", " ")]
                lines.write("\t".join(map(str, row)).replace("\n", " ") + "\n")
    return Counter({name: sum(numbers.values()) for name, numbers in found.items()})


def tables(stages: list[Stage], store: Store, data: Path, memory: Memory, workers: int) -> Iterator[str]:
    """The figures, as lines of Markdown."""
    yield f"{workers} processes, {len(os.sched_getaffinity(0))} cores, load {os.getloadavg()[0]:.1f} at the end\n"
    heads = ("", "files", "papers", "stored", "unchanged", "refused", "papers/s", "CPU ms: command, workers")
    yield f"| {' | '.join((*heads, 'publishing s', 'bytes for one'))} |"
    yield "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |"
    for stage in stages:
        status = Counter(one.status for one in stage.outcomes)
        yield (
            f"| {stage.name} | {stage.files:,} | {len(stage.outcomes):,} | {stage.papers:,} | "
            f"{status['unchanged']:,} | {status['failed']:,} | {len(stage.outcomes) / max(stage.reading, 0.001):.2f} | "
            f"{1000 * stage.own_each:.0f}, {1000 * stage.workers_each:.0f} | {stage.publishing:.1f} | "
            f"{stage.size / max(1, stage.papers):,.0f} |"
        )
    number = max(1, counts(store).trials)
    sizes = {part: _bytes(data / part) for part in ("store", "published", "documents")}
    # Checkpoints are hard links of the store's files: what they share counts once.
    whole = _bytes(data)
    yield (
        f"\ntrials {number:,}, quads {len(store):,}; bytes a trial {whole / number:,.0f} ("
        + ", ".join(f"{part} {size / number:,.0f}" for part, size in sizes.items())
        + ", files shared by hard links counted in each)"
    )
    mebibytes = [f"{part / 2**20:,.0f}" for part in (memory.own, memory.all)]
    yield f"peak memory MiB: command {mebibytes[0]}, with its processes {mebibytes[1]}"
    reasons = Counter(
        (one.reason or "").partition(";")[0][:90]
        for stage in stages
        for one in stage.outcomes
        if one.status == "failed"
    )
    yield "\n| refused because | papers |\n| --- | --- |"
    yield from (f"| {reason} | {times:,} |" for reason, times in reasons.most_common(25))
    yield from _estimates(stages, stages[-1].publishing / number)


def _estimates(stages: list[Stage], publishing: float) -> Iterator[str]:
    cores = len(os.sched_getaffinity(0))
    yield f"\nA million of each, multiplied out; machines of {cores} cores as this one:\n"
    yield "| hours | one machine | a hundred | of that the command's own | publishing | disk GB |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for stage in stages[:2]:
        own, workers = stage.own_each * _MILLION / 3600, stage.workers_each * _MILLION / 3600
        last = publishing * _MILLION / 3600
        one = max((own + workers) / cores, own) + last
        many = max(workers / (cores * _MACHINES), own) + last
        disk = stage.size / max(1, stage.papers) * _MILLION / 1e9
        yield f"| {stage.name} | {one:,.1f} | {many:,.1f} | {own:,.1f} | {last:,.1f} | {disk:,.0f} |"


def _bytes(folder: Path) -> int:
    """What the files below the folder take on disk, each once however many names it has."""
    known: dict[tuple[int, int], int] = {}
    for file in folder.rglob("*"):
        about = file.lstat()
        known[about.st_dev, about.st_ino] = about.st_blocks * 512
    return sum(known.values())


def _articles(archive: Path, folder: Path, most: int) -> list[Path]:
    folder.mkdir(parents=True)
    with tarfile.open(archive) as packed:
        for member in packed:
            if member.isfile():
                packed.extract(member, folder, filter="data")
                most -= 1
            if not most:
                break
    return list(files_of([folder]))


def _records(file: Path, folder: Path, most: int) -> list[Path]:
    """The export of records, as one file; the first of them where not all are wanted."""
    if not most:
        return [file]
    folder.mkdir(parents=True)
    text = file.read_text("utf-8")
    (folder / file.name).write_text("\nPMID- ".join(text.split("\nPMID- ")[: most + 1]), encoding="utf-8")
    return [folder / file.name]


def main() -> None:
    """Print the figures."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("shared", type=Path)
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--articles", type=int, default=0)
    arguments.add_argument("--records", type=int, default=0)
    arguments.add_argument("--inputs", type=int, default=0, help="the first so many files of inputs only")
    arguments.add_argument("--workers", type=int, default=len(os.sched_getaffinity(0)))
    arguments.add_argument("--seconds", type=float, default=120)
    given = arguments.parse_args()
    data = given.folder / "data"
    if given.folder.exists():
        sys.exit(f"{given.folder} is there already: name a new folder")
    data.mkdir(parents=True)
    medline = given.shared / "inputs" / "medline_ris" / "robotsearch_pubmed_test_1000rec.nbib.txt"
    inputs = [file for file in files_of([given.shared / "inputs"]) if file.name != medline.name]
    memory = Memory()
    with memory.watched():
        stages = []
        for name, files in (
            (
                "articles",
                _articles(given.shared / "corpora/pmc_rct_jats.tar.xz", given.folder / "articles", given.articles),
            ),
            ("records", _records(medline, given.folder / "records", given.records)),
            ("inputs", inputs[: given.inputs or None]),
        ):
            stages.append(staged(name, files, data, given.workers, given.seconds))
            sys.stderr.write(f"{name} are published\n")
        moments = one_more(given.folder, data)
    store = Store.published(data)
    found = written(given.folder / "documents.tsv", stages, store)
    for line in tables(stages, store, data, memory, given.workers):
        sys.stdout.write(f"{line}\n")
    sys.stdout.write("\nfound in all: " + ", ".join(f"{name} {number:,}" for name, number in found.items()) + "\n")
    sys.stdout.write("\n| seconds until | |\n| --- | --- |\n")
    sys.stdout.writelines(f"| {name} | {seconds:.1f} |\n" for name, seconds in moments.items())


if __name__ == "__main__":
    main()
