"""Takes files into the store: read, extract, check, store, compute what spans reports, publish.

A file that cannot be read or does not fit the shapes is reported and leaves nothing behind; the others go on.
A file whose text is known already, as any version of its report, changes nothing.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Literal

from rdflib import URIRef

from extractors.documents import Document, Refusal, UnreadableDocument
from extractors.findings import Facts
from kg import inventory
from kg.audit.paper import audit
from kg.catalogue import description, example_triples
from kg.check_nodes import check_graph, quoted
from kg.codes import UnknownCode
from kg.discrepancies import discrepancies
from kg.documents import Documents
from kg.identity import Identified, identity
from kg.inventory import Version
from kg.iris import Iris
from kg.provenance import publication
from kg.queries import source as source_text
from kg.registered_checks import registered_checks
from kg.registered_rows import registered_trials
from kg.report_sources import Rank, rank, rank_of
from kg.store import StoreUnwritable
from kg.stores import Triple, WritableStore
from kg.triples import report_graphs
from kg.validate import ShapeViolation, require_valid
from kg.vocabulary_graph import vocabulary_triples

# A file made to break a reader, or one that nobody foresaw: parsers of numbers, encodings and nested markup raise
# these, and one such file must not keep the others out.
_FORESEEN_BY_NOBODY = (RecursionError, ValueError)

_OTHER_SOURCE: Final = "another source of this report; what is stored says as much"

Status = Literal["new", "updated", "unchanged", "failed"]


@dataclass(frozen=True, slots=True)
class Reading:
    """How a file becomes documents and a document its merged findings, and the version of the software.

    Another version reads unchanged files again.
    """

    read: Callable[[Path], Iterable[Document | Refusal]]
    extract: Callable[[Document], Facts]
    version: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one paper; ``reason`` says why it failed, or why it is an update.

    ``source`` names its file and, where that holds many papers, the paper behind a "#".
    """

    source: str
    status: Status
    report: str | None = None
    reason: str | None = None
    findings: int = 0
    triples: int = 0


@dataclass(frozen=True, slots=True)
class Failure:
    """A paper that was not taken in, and why."""

    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What an ingestion did: papers by outcome, and how many findings and triples were stored."""

    outcomes: tuple[Outcome, ...]
    seconds: float

    @property
    def new(self) -> int:
        """How many papers are reports that were not known before."""
        return self._count("new")

    @property
    def updated(self) -> int:
        """How many papers are a new version of a report, or were read again by new software."""
        return self._count("updated")

    @property
    def unchanged(self) -> int:
        """How many papers were known already."""
        return self._count("unchanged")

    @property
    def failed(self) -> tuple[Failure, ...]:
        """The papers that were not taken in."""
        return tuple(
            Failure(outcome.source, outcome.reason or "") for outcome in self.outcomes if outcome.status == "failed"
        )

    @property
    def findings(self) -> int:
        """How many findings were stored."""
        return sum(outcome.findings for outcome in self.outcomes)

    @property
    def triples(self) -> int:
        """How many triples were stored for the papers."""
        return sum(outcome.triples for outcome in self.outcomes)

    def _count(self, status: Status) -> int:
        return sum(outcome.status == status for outcome in self.outcomes)


def ingest(
    store: WritableStore,
    paths: Iterable[Path],
    *,
    reading: Reading,
    iris: Iris | None = None,
    documents: Documents | None = None,
    on_progress: Callable[[Outcome, int, int], None] | None = None,
) -> IngestReport:
    """Take in the papers of the files, and of all files below the folders; report what became of each.

    The files of what is taken in are kept in ``documents``. ``on_progress`` is called after each paper with its
    outcome, the number of its file, and how many files there are. Raises StoreUnwritable.
    """
    started = time.perf_counter()
    session = _Session(store, reading, iris or Iris(), documents)
    files = files_of(paths)
    outcomes: list[Outcome] = []
    for done, file in enumerate(files, start=1):
        for outcome in session.take_in(file):
            outcomes.append(outcome)
            if on_progress is not None:
                on_progress(outcome, done, len(files))
    refresh(store, session.iris)
    store.publish()
    return IngestReport(tuple(outcomes), time.perf_counter() - started)


def files_of(paths: Iterable[Path]) -> tuple[Path, ...]:
    """The files named and those below the folders named, sorted, each once; below folders no hidden ones."""
    found: dict[Path, Path] = {}
    for path in paths:
        for file in path.rglob("*") if path.is_dir() else [path]:
            if file == path or not (file.is_dir() or _hidden(file, path)):
                found.setdefault(file.resolve(), file)
    return tuple(sorted(found.values()))


def source_of(file: Path, paper: Document | Refusal) -> str:
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


def write_failures(report: IngestReport, path: Path) -> None:
    """Write the failures as JSON lines with the keys ``file`` and ``reason``; no lines if there are none."""
    lines = (
        json.dumps({"file": failure.source, "reason": failure.reason}, ensure_ascii=False) for failure in report.failed
    )
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def _hidden(file: Path, folder: Path) -> bool:
    return any(part.startswith(".") for part in file.relative_to(folder).parts)


class _Session:
    """One ingestion: the store, and what it knows of each report so far."""

    def __init__(self, store: WritableStore, reading: Reading, iris: Iris, documents: Documents | None):
        self.iris = iris
        self._documents = documents
        self._store = store
        self._reading = reading
        self._versions = inventory.versions(store)
        self._sources = inventory.report_sources(store)

    def take_in(self, file: Path) -> Iterator[Outcome]:
        """What became of each paper of the file, one after the other."""
        try:
            for paper in self._reading.read(file):
                yield self._outcome(file, paper)
        except _FORESEEN_BY_NOBODY as error:
            yield Outcome(str(file), "failed", reason=_unforeseen(error))

    def _outcome(self, file: Path, paper: Document | Refusal) -> Outcome:
        source = source_of(file, paper)
        if isinstance(paper, Refusal):
            return Outcome(source, "failed", reason=paper.reason)
        try:
            return self._take_in(source, paper, file)
        except (UnreadableDocument, ShapeViolation, UnknownCode) as error:
            return Outcome(source, "failed", reason=str(error))
        except _FORESEEN_BY_NOBODY as error:
            return Outcome(source, "failed", reason=_unforeseen(error))

    def _take_in(self, source: str, document: Document, file: Path) -> Outcome:
        report = str(self.iris.report(document.id))
        versions = self._versions.get(report, [])
        known = next((version for version in versions if version.sha256 == document.sha256), None)
        current = next((version for version in versions if version.current), None)
        is_noted = document.sha256 in self._sources.known(report)
        if (known is not None or is_noted) and not (
            known and known.current and known.software != self._reading.version
        ):
            self._keep(document, file)
            if current is not None and (is_noted or known is current):
                self._name(document, current)
            return Outcome(source, "unchanged", document.id)
        if known is not None:
            return self._stored(source, document, file, known.number, known)
        if current is None or document.source in self._names(report, current):
            return self._stored(source, document, file, len(versions) + 1, None)
        if self._rank(report, current) >= rank_of(document):
            self._keep(document, file)
            self._note(document, current)
            return Outcome(source, "unchanged", document.id, reason=_OTHER_SOURCE)
        return self._stored(source, document, file, current.number, current)

    def _stored(self, source: str, document: Document, file: Path, number: int, before: Version | None) -> Outcome:
        report = str(self.iris.report(document.id))
        audited = audit(document, self._reading.extract(document))
        facts = audited.facts
        graphs = report_graphs(document, facts, number, self.iris, software=self._reading.version)
        checks = check_graph(document, audited.checks, number, self.iris, known=quoted(facts))
        graphs[self.iris.report_checks_graph(document.id, number)] = checks
        require_valid(triple for triples in graphs.values() for triple in triples)
        # Before its graphs, so that there is no graph without its document; alone it does no harm.
        self._keep(document, file)
        status: Status = "updated" if self._versions.get(report) else "new"
        self._store.replace(graphs | self._superseded(document.id, number))
        if before is not None and before.sha256 != document.sha256:
            self._note(document, before)
        elif before is None and self._sources.known(report):
            self._sources.note(report, document.sha256, document.reader, document.source)
            self._store.replace({self.iris.sources_graph(document.id): self._sources.triples(report, self.iris)})
        self._remember(
            report,
            Version(number, document.sha256, self._reading.version, True, document.source, document.reader),
        )
        return Outcome(
            source,
            status,
            document.id,
            reason=_reason(number, before, document),
            findings=_count(facts),
            triples=sum(len(set(triples)) for triples in graphs.values()),
        )

    def _names(self, report: str, version: Version) -> set[str]:
        """The names of the files that hold the version's text."""
        noted = self._sources.known(report).get(version.sha256)
        return {version.name, *(noted.names if noted is not None else ())}

    def _rank(self, report: str, version: Version) -> Rank:
        found = source_text(self._store, report)
        return rank(version.reader, len(found.text) if found is not None else 0, version.sha256)

    def _note(self, document: Document, other: Version) -> None:
        """Name both documents as sources of the report."""
        report = str(self.iris.report(document.id))
        self._sources.note(report, other.sha256, other.reader, other.name)
        self._sources.note(report, document.sha256, document.reader, document.source)
        self._store.replace({self.iris.sources_graph(document.id): self._sources.triples(report, self.iris)})

    def _name(self, document: Document, current: Version) -> None:
        """Note a further name of a text that is known; a version is called by the first name in the alphabet."""
        report = str(self.iris.report(document.id))
        noted = self._sources.known(report).get(document.sha256)
        if document.source in (noted.names if noted is not None else {current.name}):
            return
        self._note(document, current)
        if document.sha256 == current.sha256 and document.source < current.name:
            graph = self.iris.publication_graph(document.id, current.number)
            self._store.replace({graph: publication(document, current.number, self.iris, software=current.software)})
            self._remember(report, replace(current, name=document.source))

    def _keep(self, document: Document, file: Path) -> None:
        if self._documents is None:
            return
        try:
            self._documents.keep(document.id, file)
        except OSError as error:
            raise StoreUnwritable.at(self._documents.folder, error) from error

    def _superseded(self, document: str, number: int) -> dict[URIRef, list[Triple]]:
        if number == 1:
            return {}
        return {
            self.iris.assertion_graph(document, number - 1): [],
            self.iris.provenance_graph(document, number - 1): [],
            self.iris.report_checks_graph(document, number - 1): [],
        }

    def _remember(self, report: str, version: Version) -> None:
        older = [replace(one, current=False) for one in self._versions.get(report, []) if one.number != version.number]
        self._versions[report] = [*older, version]


def _unforeseen(error: Exception) -> str:
    return f"could not be read: {type(error).__name__}: {error}"


def _reason(number: int, before: Version | None, document: Document) -> str | None:
    if before is not None and before.sha256 == document.sha256:
        return "read again by another version of the software"
    if before is not None:
        return "a better source of this report; it takes the place of the one before"
    return f"version {number} of this report; its text differs from the version before" if number > 1 else None


def _count(facts: Facts) -> int:
    registered = facts.registered
    plans = (
        ()
        if registered is None
        else (
            registered.outcomes,
            registered.arms,
            registered.interventions,
            registered.details,
            registered.sizes,
            registered.dates,
        )
    )
    return sum(
        map(
            len,
            (
                facts.registrations,
                facts.design,
                facts.population.conditions,
                facts.population.counts,
                facts.arms,
                facts.endpoints,
                facts.contrasts,
                facts.arm_results,
                facts.statements,
                facts.conclusions,
                *plans,
            ),
        )
    )
