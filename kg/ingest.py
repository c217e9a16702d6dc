"""Takes files into the store: read, extract, check, store, compute what spans reports, publish.

A file that cannot be read or does not fit the shapes is reported and leaves nothing behind; the others go on.
A file whose text is known already, as any version of its report, changes nothing. Whoever reads, and however many at
once, papers are decided upon in the order of their files, so that the graph is the same.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rdflib import URIRef

from extractors.documents import Document, Refusal
from kg import inventory
from kg.catalogue import description, example_triples
from kg.deciding import Build, Reports
from kg.discrepancies import discrepancies
from kg.documents import Documents
from kg.identity import Identified, identity
from kg.iris import Iris
from kg.journal import Journal, State, state_of
from kg.labour import Held, Labour, OneProcess
from kg.outcomes import IngestReport, Outcome
from kg.preparing import Paper, Papers, Prepared, Reading
from kg.refused import Refused
from kg.registered_checks import registered_checks
from kg.registered_rows import registered_trials
from kg.stores import WritableStore
from kg.vocabulary_graph import vocabulary_triples

Progress = Callable[[Outcome, int, int], None]


def ingest(
    store: WritableStore,
    paths: Iterable[Path],
    *,
    reading: Reading,
    iris: Iris | None = None,
    labour: Labour | None = None,
    documents: Documents | None = None,
    journal: Journal | None = None,
    refused: Refused | None = None,
    on_progress: Progress | None = None,
    stopped: Callable[[], bool] = lambda: False,
) -> IngestReport:
    """Take in the papers of the files, and of all files below the folders; report what became of each.

    ``labour`` reads them, this process where there is none. The files of what is taken in are kept in ``documents``;
    what ``journal`` knows is not read again; ``refused`` is told what was refused. ``on_progress`` is called after each
    paper with its outcome, the number of its file, and how many files there are. Once ``stopped`` says so no further
    paper is begun; what is under way is finished and published. Raises StoreUnwritable.
    """
    started = time.perf_counter()
    iris = iris or Iris()
    labour = labour or OneProcess(reading, iris)
    files = files_of(paths)
    reports = Reports(store, reading.version, iris, documents)
    try:
        run = _Run(reports, labour, journal, refused, files, on_progress or _silent, stopped)
        run.take_in()
    finally:
        labour.close()
    refresh(store, iris)
    store.publish()
    return IngestReport(tuple(run.outcomes()), time.perf_counter() - started, run.left)


def files_of(paths: Iterable[Path]) -> tuple[Path, ...]:
    """The files named and those below the folders named, sorted, each once; below folders no hidden ones."""
    found: dict[Path, Path] = {}
    for path in paths:
        for file in path.rglob("*") if path.is_dir() else [path]:
            if file == path or not (file.is_dir() or _hidden(file, path)):
                found.setdefault(file.resolve(), file)
    return tuple(sorted(found.values()))


def source_of(file: Path, paper: Document | Paper | Refusal) -> str:
    """What to call the paper in a message: its file as it was given, and the place in it, if the file holds many."""
    return f"{file}{paper.source.removeprefix(file.name)}"


def refresh(store: WritableStore, iris: Iris) -> None:
    """Bring up to date what belongs to no single report: vocabulary, registrations, trials, checks."""
    store.replace({iris.vocabulary_graph: vocabulary_triples(), iris.examples_graph: example_triples(iris)})
    reports = inventory.identified(store)
    store.replace(dict.fromkeys(_unused_registrations(store, reports, iris), ()))
    store.replace({iris.identity_graph: identity(reports, iris)})
    checks = discrepancies(inventory.comparable_contrasts(store), iris)
    checks += registered_checks(registered_trials(store), iris)
    store.replace({iris.checks_graph: sorted(checks)})
    # It takes a look at every triple, so it is made only where there is something new to publish.
    if store.unpublished:
        store.replace({iris.description_graph: description(store, iris)})


def _unused_registrations(store: WritableStore, reports: Iterable[Identified], iris: Iris) -> list[URIRef]:
    named = {
        iri
        for report in reports
        for iri in (*report.mentioned, *(own.iri for own in (*report.registrations, *report.secondary)))
    }
    used = {str(iris.registration_graph(iri)) for iri in named}
    ours = (graph for graph in store.graphs() if graph.startswith(iris.registration_graphs))
    return [URIRef(graph) for graph in ours if graph not in used]


def _hidden(file: Path, folder: Path) -> bool:
    return any(part.startswith(".") for part in file.relative_to(folder).parts)


def _silent(_: Outcome, __: int, ___: int) -> None:
    """Nobody is told."""


@dataclass(slots=True)
class _File:
    """A file on its way; ``known`` are its papers where they need not be read, ``outcomes`` those by place in it."""

    path: Path
    place: int
    state: State | None
    known: Papers | None = None
    held: Future[Held] | None = None
    papers: Papers = field(default_factory=lambda: Papers(()))
    outcomes: dict[int, Outcome] = field(default_factory=dict)
    cut_short: bool = False
    closed: bool = False

    @property
    def size(self) -> int:
        """How many outcomes there will be."""
        return len(self.papers.found) + (self.papers.problem is not None)


@dataclass(frozen=True, slots=True)
class _Task:
    """A paper whose graphs are being made."""

    file: _File
    place: int
    paper: Paper
    decision: Build


class _Run:
    """One ingestion: files are read ahead, papers decided upon in order, their graphs written as they come."""

    def __init__(
        self,
        reports: Reports,
        labour: Labour,
        journal: Journal | None,
        refused: Refused | None,
        files: tuple[Path, ...],
        tell: Progress,
        stopped: Callable[[], bool],
    ) -> None:
        self._reports = reports
        self._labour = labour
        self._journal = journal
        self._refused = refused
        self._files = files
        self._tell = tell
        self._stopped = stopped
        self._tasks: dict[Future[Prepared | Refusal], _Task] = {}
        self._under_way: set[str] = set()
        self._done: dict[int, tuple[Outcome, ...]] = {}
        self._finished = 0

    @property
    def left(self) -> int:
        """How many files were not finished."""
        return len(self._files) - self._finished

    def outcomes(self) -> Iterator[Outcome]:
        """What became of each paper, in the order of the files."""
        for _, outcomes in sorted(self._done.items()):
            yield from outcomes

    def take_in(self) -> None:
        """Take in the files, until there are none left or somebody says stop."""
        ahead: deque[_File] = deque()
        waiting = enumerate(self._files, start=1)
        while True:
            while len(ahead) < self._labour.ahead and not self._stopped() and (following := next(waiting, None)):
                ahead.append(self._begun(*following))
            if not ahead or self._stopped():
                break
            self._papers_of(ahead.popleft())
        while self._tasks:
            self._store_some()

    def _begun(self, place: int, path: Path) -> _File:
        # Looked at before it is read: what is written to it meanwhile makes it another file.
        file = _File(path, place, state_of(path))
        file.known = self._journal.papers(path, file.state) if self._journal is not None else None
        if file.known is None or not self._settled(file.known):
            file.known = None
            file.held = self._labour.read(path)
        return file

    def _settled(self, papers: Papers) -> bool:
        return all(isinstance(paper, Refusal) or self._reports.is_settled(paper) for paper in papers.found)

    def _papers_of(self, file: _File) -> None:
        """Decide upon the papers of the file, one after the other."""
        if file.held is not None:
            while not file.held.done():
                if self._stopped():
                    return
                self._store_some(file.held)
            file.papers = file.held.result().papers
        elif file.known is not None:
            file.papers = file.known
        for place, paper in enumerate(file.papers.found):
            if self._stopped():
                file.cut_short = True
                break
            self._decide(file, place, paper)
        else:
            if file.papers.problem is not None:
                self._tell_of(
                    file, len(file.papers.found), Outcome(str(file.path), "failed", reason=file.papers.problem)
                )
        self._close(file)

    def _decide(self, file: _File, place: int, paper: Paper | Refusal) -> None:
        source = source_of(file.path, paper)
        if isinstance(paper, Refusal):
            self._tell_of(file, place, Outcome(source, "failed", reason=paper.reason))
            return
        if file.held is None:
            self._tell_of(file, place, Outcome(source, "unchanged", paper.id))
            return
        # What becomes of a paper depends on those of the same report before it, and on no others.
        while paper.id in self._under_way or len(self._tasks) >= self._labour.ahead:
            self._store_some()
        decision = self._reports.decide(paper)
        held = file.held.result()
        if isinstance(decision, Build):
            self._under_way.add(paper.id)
            self._tasks[self._labour.prepare(held, paper, decision.number)] = _Task(file, place, paper, decision)
            self._store_done()
        else:
            kept = self._reports.kept(source, paper, decision, file.path, lambda: held.document(paper))
            self._tell_of(file, place, kept)

    def _store_some(self, other: Future[Held] | None = None) -> None:
        """Wait until some task, or the other one, is done, and write what there is to write."""
        futures: list[Future[Any]] = [*self._tasks, *([other] if other is not None else [])]
        # Not for ever, so that a word to stop is heard.
        wait(futures, timeout=1, return_when=FIRST_COMPLETED)
        self._store_done()

    def _store_done(self) -> None:
        for future in [future for future in self._tasks if future.done()]:
            task = self._tasks.pop(future)
            self._under_way.discard(task.paper.id)
            source = source_of(task.file.path, task.paper)
            prepared = future.result()
            if isinstance(prepared, Refusal):
                outcome = Outcome(source, "failed", reason=prepared.reason)
            else:
                outcome = self._reports.stored(source, task.paper, task.decision, prepared, task.file.path)
            self._tell_of(task.file, task.place, outcome)
            self._close(task.file)

    def _tell_of(self, file: _File, place: int, outcome: Outcome) -> None:
        file.outcomes[place] = outcome
        self._tell(outcome, file.place, len(self._files))

    def _close(self, file: _File) -> None:
        """Note what became of the file, once that is known of all its papers."""
        self._done[file.place] = tuple(outcome for _, outcome in sorted(file.outcomes.items()))
        if file.closed or file.cut_short or len(file.outcomes) < file.size:
            return
        file.closed = True
        self._finished += 1
        if file.held is not None:
            file.held.result().close()
            self._remember(file)

    def _remember(self, file: _File) -> None:
        failed = {place: outcome.reason or "" for place, outcome in file.outcomes.items() if outcome.status == "failed"}
        if self._journal is not None and file.state is not None:
            found = tuple(
                Refusal(paper.source, failed[place]) if place in failed else paper
                for place, paper in enumerate(file.papers.found)
            )
            self._journal.note(file.path, file.state, Papers(found, file.papers.problem))
        if self._refused is not None:
            failures = [outcome for _, outcome in sorted(file.outcomes.items()) if outcome.status == "failed"]
            self._refused.note(file.path, failures)
