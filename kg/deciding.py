"""What becomes of each paper that was read, told from what the store knows of its report; and the writing of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from rdflib import URIRef

from extractors.documents import Document
from kg import inventory
from kg.documents import Documents
from kg.inventory import Version
from kg.iris import Iris
from kg.outcomes import Outcome, Status
from kg.preparing import Paper, Prepared
from kg.provenance import publication
from kg.queries import source as source_text
from kg.report_sources import Rank, rank
from kg.store import StoreUnwritable
from kg.stores import WritableStore

_OTHER_SOURCE: Final = "another source of this report; what is stored says as much"


@dataclass(frozen=True, slots=True)
class Build:
    """The paper's graphs are to be made, as version ``number``, in the place of ``before`` where that is a version."""

    number: int
    before: Version | None


@dataclass(frozen=True, slots=True)
class Keep:
    """The paper changes no graph of its report; it is a further source, or a further name, of ``current``."""

    current: Version | None = None
    is_source: bool = False
    is_name: bool = False

    @property
    def changes_nothing(self) -> bool:
        """Whether the store says all of it already."""
        return not (self.is_source or self.is_name)


class Reports:
    """The store, and what it knows of each report so far."""

    def __init__(self, store: WritableStore, software: str, iris: Iris, documents: Documents | None) -> None:
        self.iris = iris
        self.software = software
        self._documents = documents
        self._store = store
        self._versions = inventory.versions(store)
        self._sources = inventory.report_sources(store)
        self._kept = documents.reports() if documents is not None else None

    def decide(self, paper: Paper) -> Build | Keep:
        """What is to be done with the paper; it depends on its report alone."""
        report = str(self.iris.report(paper.id))
        versions = self._versions.get(report, [])
        known = next((version for version in versions if version.sha256 == paper.sha256), None)
        current = next((version for version in versions if version.current), None)
        is_noted = paper.sha256 in self._sources.known(report)
        if (known is not None or is_noted) and not (known and known.current and known.software != self.software):
            if current is None or not (is_noted or known is current):
                return Keep()
            return Keep(current, is_name=paper.source not in self._named(report, paper, current))
        if known is not None:
            return Build(known.number, known)
        if current is None or paper.source in self._names(report, current):
            return Build(len(versions) + 1, None)
        if self._rank(report, current) >= paper.rank:
            return Keep(current, is_source=True)
        return Build(current.number, current)

    def is_settled(self, paper: Paper) -> bool:
        """Whether taking the paper in once more would change nothing, neither in the store nor beside it."""
        if self._kept is not None and paper.id not in self._kept:
            return False
        decision = self.decide(paper)
        return isinstance(decision, Keep) and decision.changes_nothing

    def kept(self, source: str, paper: Paper, decision: Keep, file: Path, document: Callable[[], Document]) -> Outcome:
        """Note the paper where it is a source or name that the store lacks; raises StoreUnwritable."""
        self._keep(paper, file)
        if decision.current is not None and decision.is_source:
            self._note(paper, decision.current)
            return Outcome(source, "unchanged", paper.id, reason=_OTHER_SOURCE)
        if decision.current is not None and decision.is_name:
            self._name(paper, decision.current, document)
        return Outcome(source, "unchanged", paper.id)

    def stored(self, source: str, paper: Paper, decision: Build, prepared: Prepared, file: Path) -> Outcome:
        """Write the paper's graphs; raises StoreUnwritable."""
        report = str(self.iris.report(paper.id))
        number, before = decision.number, decision.before
        # Before its graphs, so that there is no graph without its document; alone it does no harm.
        self._keep(paper, file)
        status: Status = "updated" if self._versions.get(report) else "new"
        self._store.write(prepared.graphs | self._superseded(paper.id, number))
        if before is not None and before.sha256 != paper.sha256:
            self._note(paper, before)
        elif before is None and self._sources.known(report):
            self._sources.note(report, paper.sha256, paper.reader, paper.source)
            self._store.replace({self.iris.sources_graph(paper.id): self._sources.triples(report, self.iris)})
        self._remember(report, Version(number, paper.sha256, self.software, True, paper.source, paper.reader))
        return Outcome(
            source,
            status,
            paper.id,
            reason=_reason(number, before, paper),
            findings=prepared.findings,
            triples=prepared.triples,
        )

    def _names(self, report: str, version: Version) -> set[str]:
        """The names of the files that hold the version's text."""
        noted = self._sources.known(report).get(version.sha256)
        return {version.name, *(noted.names if noted is not None else ())}

    def _named(self, report: str, paper: Paper, current: Version) -> set[str]:
        """The names by which a text that is known is noted."""
        noted = self._sources.known(report).get(paper.sha256)
        return noted.names if noted is not None else {current.name}

    def _rank(self, report: str, version: Version) -> Rank:
        found = source_text(self._store, report)
        return rank(version.reader, len(found.text) if found is not None else 0, version.sha256)

    def _note(self, paper: Paper, other: Version) -> None:
        """Name both documents as sources of the report."""
        report = str(self.iris.report(paper.id))
        self._sources.note(report, other.sha256, other.reader, other.name)
        self._sources.note(report, paper.sha256, paper.reader, paper.source)
        self._store.replace({self.iris.sources_graph(paper.id): self._sources.triples(report, self.iris)})

    def _name(self, paper: Paper, current: Version, document: Callable[[], Document]) -> None:
        """Note a further name of a text that is known; a version is called by the first name in the alphabet."""
        self._note(paper, current)
        if paper.sha256 == current.sha256 and paper.source < current.name:
            graph = self.iris.publication_graph(paper.id, current.number)
            triples = publication(document(), current.number, self.iris, software=current.software)
            self._store.replace({graph: triples})
            self._remember(str(self.iris.report(paper.id)), replace(current, name=paper.source))

    def _keep(self, paper: Paper, file: Path) -> None:
        if self._documents is None:
            return
        try:
            self._documents.keep(paper.id, file)
        except OSError as error:
            raise StoreUnwritable.at(self._documents.folder, error) from error

    def _superseded(self, document: str, number: int) -> dict[str, frozenset[str]]:
        if number == 1:
            return {}
        graphs: tuple[URIRef, ...] = (
            self.iris.assertion_graph(document, number - 1),
            self.iris.provenance_graph(document, number - 1),
            self.iris.report_checks_graph(document, number - 1),
        )
        return {str(graph): frozenset() for graph in graphs}

    def _remember(self, report: str, version: Version) -> None:
        older = [replace(one, current=False) for one in self._versions.get(report, []) if one.number != version.number]
        self._versions[report] = [*older, version]


def _reason(number: int, before: Version | None, paper: Paper) -> str | None:
    if before is not None and before.sha256 == paper.sha256:
        return "read again by another version of the software"
    if before is not None:
        return "a better source of this report; it takes the place of the one before"
    return f"version {number} of this report; its text differs from the version before" if number > 1 else None
