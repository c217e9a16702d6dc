"""Ingestion as a person calls for it: who reads, what is kept, and what became of the papers."""

from __future__ import annotations

import sys
import threading
from collections.abc import Sequence
from contextlib import closing, nullcontext, suppress
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table

from kg.documents import Documents
from kg.ingest import files_of, ingest, refresh
from kg.iris import Iris
from kg.journal import Journal
from kg.labour import Labour, Limits, OneProcess, Processes
from kg.opening import open_store, published_version
from kg.outcomes import IngestReport, write_failures
from kg.preparing import Reading
from kg.reading import standard_reading
from kg.rebuild import rebuild
from kg.refused import Refused
from kg.service import ServiceUnsuited
from server.progress import interruption, log_end, progress
from server.settings import Settings

# Bytes of papers that keep a process busy for as long as it takes to load the pipelines.
_WORTH_A_PROCESS: Final = 20_000


class NothingRefused(Exception):
    """There is nothing to try again."""


def ingest_papers(
    paths: Sequence[Path],
    settings: Settings,
    failures: Path,
    *,
    log: Path | None = None,
    again: bool = False,
    stop: threading.Event | None = None,
) -> IngestReport:
    """Ingest the papers, keep them, publish the graph, write the failure report, print a summary.

    Files that have not changed since they were read are not read again, unless ``again``. It ends early when ``stop``
    is set, or where there is none at Ctrl-C. Raises StoreLocked where another process is writing, StoreUnwritable, and
    the exceptions of ``kg.service``.
    """
    store = open_store(settings.location)
    reading = standard_reading(settings.max_file_bytes)
    iris = Iris(settings.base_iri)
    files = files_of(paths)
    with (
        progress(log) as tell,
        nullcontext(stop) if stop is not None else interruption() as stopped,
        closing(Journal(settings.data / "read.sqlite", reading.version, again=again)) as journal,
    ):
        report = ingest(
            store,
            files,
            reading=reading,
            iris=iris,
            labour=_labour(files, settings, reading, iris),
            documents=_kept(settings),
            journal=journal,
            refused=_refused(settings),
            on_progress=tell,
            stopped=stopped.is_set,
        )
    if log is not None:
        log_end(log, report)
    return _told(report, failures)


def retry_papers(settings: Settings, failures: Path, *, log: Path | None = None) -> IngestReport:
    """Read once more the files of which something was refused.

    Raises NothingRefused, and what ``ingest_papers`` raises.
    """
    files = _refused(settings).files()
    if not files:
        raise NothingRefused(f"nothing is refused in {settings.data}")
    return ingest_papers(files, settings, failures, log=log, again=True)


def publish_graph(settings: Settings) -> str:
    """Compute what spans reports anew, publish the graph and tell its version, whoever wrote the reports' graphs.

    Raises StoreLocked where another process is writing, StoreUnwritable, and the exceptions of ``kg.service``.
    """
    store = open_store(settings.location)
    iris = Iris(settings.base_iri)
    # A store does not notice what another program loaded into it. Its description is what always has to be made anew.
    store.replace({iris.description_graph: ()})
    refresh(store, iris)
    store.publish()
    return published_version(settings.location)


def rebuild_graph(settings: Settings, failures: Path) -> IngestReport:
    """Make the graph anew from the kept papers, as ``kg.rebuild.rebuild`` does, with the same report.

    Raises also ServiceUnsuited for a graph that lies in a service.
    """
    if settings.store:
        raise ServiceUnsuited(
            "a graph in a service is not rebuilt in place: leave KG_STORE out and rebuild it in the data folder, "
            "kg backup it, and kg restore it into an empty service"
        )
    reading = standard_reading(settings.max_file_bytes)
    iris = Iris(settings.base_iri)
    documents = _kept(settings)
    with progress() as tell:
        report = rebuild(
            settings.data,
            documents,
            reading=reading,
            iris=iris,
            labour=_labour(documents.files(), settings, reading, iris),
            on_progress=tell,
        )
    return _told(report, failures)


def _labour(files: Sequence[Path], settings: Settings, reading: Reading, iris: Iris) -> Labour:
    """Processes as the settings say, but no more than the files are worth loading the pipelines for."""
    if not settings.workers:
        return OneProcess(reading, iris)
    size = 0
    for file in files:
        with suppress(OSError):
            size += file.stat().st_size
    count = min(settings.workers, max(1, size // _WORTH_A_PROCESS))
    return Processes(reading, iris, count, Limits(settings.document_seconds, settings.document_memory_bytes))


def _kept(settings: Settings) -> Documents:
    return Documents(settings.data / "documents")


def _refused(settings: Settings) -> Refused:
    return Refused(settings.data / "refused")


def _told(report: IngestReport, failures: Path) -> IngestReport:
    failures.parent.mkdir(parents=True, exist_ok=True)
    write_failures(report, failures)
    _summarise(report, failures)
    return report


def _summarise(report: IngestReport, failures: Path) -> None:
    table = Table(show_header=False, box=None, pad_edge=False)
    table.add_column()
    table.add_column(justify="right")
    for name, number in (
        ("papers", len(report.outcomes)),
        ("new", report.new),
        ("unchanged", report.unchanged),
        ("updated", report.updated),
        ("failed", len(report.failed)),
        ("findings", report.findings),
        ("triples", report.triples),
    ):
        table.add_row(name, f"{number:,}")
    table.add_row("seconds", f"{report.seconds:.1f}")
    Console().print(table)
    if report.failed:
        sys.stderr.write(f"why papers failed: {failures}; to try them once more: kg retry\n")
    if report.left:
        sys.stderr.write(f"stopped with {report.left:,} files to go: the same command goes on where this one stopped\n")
