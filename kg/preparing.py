"""What can be done for a paper without the store: reading its file, and making its graphs. It runs in any process."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from extractors.documents import Document, Refusal, UnreadableDocument
from extractors.findings import Facts
from kg.audit.paper import audit
from kg.check_nodes import check_graph
from kg.codes import UnknownCode
from kg.iris import Iris
from kg.provenance import described
from kg.report_sources import Rank, rank
from kg.stores import line
from kg.triples import report_graphs
from kg.validate import ShapeViolation, require_valid

# A file made to break a reader, or one that nobody foresaw: parsers of numbers, encodings and nested markup raise
# these, and one such file must not keep the others out.
_FORESEEN_BY_NOBODY: Final = (RecursionError, ValueError, MemoryError)


def _nothing() -> None:
    """Nothing has to be loaded."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How a file becomes documents and a document its merged findings, and the version of the software.

    Another version reads unchanged files again. ``load`` loads what reading needs, so that no paper waits for it.
    """

    read: Callable[[Path], Iterable[Document | Refusal]]
    extract: Callable[[Document], Facts]
    version: str
    load: Callable[[], None] = _nothing


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper that was read: what decides whether it is known, and where its document begins among those of its file.

    ``length`` is the number of characters of its text.
    """

    id: str
    source: str
    sha256: str
    reader: str
    length: int
    offset: int = 0

    @property
    def rank(self) -> Rank:
        """What orders the documents of a report."""
        return rank(self.reader, self.length, self.sha256)


@dataclass(frozen=True, slots=True)
class Papers:
    """The papers of a file, in order; ``problem`` says why those behind them, if any, could not be read."""

    found: tuple[Paper | Refusal, ...]
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Prepared:
    """The graphs of a paper as N-Triples lines by graph, checked against the shapes, and how many findings they hold.

    ``triples`` is how many lines there are in all.
    """

    graphs: dict[str, frozenset[str]]
    findings: int

    @property
    def triples(self) -> int:
        """How many triples the graphs have."""
        return sum(map(len, self.graphs.values()))


def read_papers(reading: Reading, file: Path, held: BinaryIO) -> Papers:
    """Read the papers of the file; their documents are written, one behind the other, to ``held``."""
    found: list[Paper | Refusal] = []
    try:
        for paper in reading.read(file):
            found.append(hold(paper, held))
    except _FORESEEN_BY_NOBODY as error:
        return Papers(tuple(found), unforeseen(error))
    return Papers(tuple(found))


def papers_held(held: BinaryIO) -> tuple[Paper | Refusal, ...]:
    """The papers that a process wrote before it ended, the one that it was writing left out."""
    found: list[Paper | Refusal] = []
    while True:
        offset = held.tell()
        try:
            paper = pickle.load(held)  # noqa: S301 - written by a process of our own a moment ago
        except (EOFError, pickle.UnpicklingError):
            return tuple(found)
        found.append(paper if isinstance(paper, Refusal) else _paper(paper, offset))


def hold(paper: Document | Refusal, held: BinaryIO) -> Paper | Refusal:
    """Write the document, or why there is none, behind the others of its file."""
    offset = held.tell()
    pickle.dump(paper, held)
    # What is written stays when the process is killed in the middle of the file.
    held.flush()
    return paper if isinstance(paper, Refusal) else _paper(paper, offset)


def document_at(held: BinaryIO, paper: Paper) -> Document:
    """The document of a paper of the file."""
    held.seek(paper.offset)
    document: Document = pickle.load(held)  # noqa: S301 - written by a process of our own a moment ago
    return document


def prepare(reading: Reading, iris: Iris, document: Document, number: int) -> Prepared | Refusal:
    """The graphs of version ``number`` of a report's document, or why it has none."""
    try:
        audited = audit(document, reading.extract(document))
        facts = audited.facts
        graphs = report_graphs(document, facts, number, iris, software=reading.version)
        known = described(graphs[iris.provenance_graph(document.id, number)])
        checks = check_graph(document, audited.checks, number, iris, known)
        graphs[iris.report_checks_graph(document.id, number)] = checks
        require_valid(triple for triples in graphs.values() for triple in triples)
        lines = {str(name): frozenset(map(line, triples)) for name, triples in graphs.items()}
        return Prepared(lines, _count(facts))
    except (UnreadableDocument, ShapeViolation, UnknownCode) as error:
        return Refusal(document.source, str(error))
    except _FORESEEN_BY_NOBODY as error:
        return Refusal(document.source, unforeseen(error))


def unforeseen(error: BaseException) -> str:
    """The reason of a failure that no reader names."""
    return f"could not be read: {type(error).__name__}: {error}"


def _paper(document: Document, offset: int) -> Paper:
    return Paper(document.id, document.source, document.sha256, document.reader, len(document.text), offset)


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
