"""Ingestion as a person calls for it: who reads, what is kept, and what became of the papers."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from contextlib import closing, nullcontext, suppress
from functools import partial
from pathlib import Path
from typing import Final

from kg.documents import Documents
from kg.ingest import files_of, ingest, refresh
from kg.iris import Iris
from kg.journal import Journal
from kg.labour import ClusterProblem, Labour, Limits, OneProcess, Processes
from kg.opening import open_store, published_version
from kg.outcomes import IngestReport
from kg.preparing import Reading
from kg.reading import standard_reading
from kg.rebuild import rebuild
from kg.received import Inbox
from kg.refused import Refused
from kg.service import ServiceUnsuited
from server.account import told
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
    scheduler: str | None = None,
) -> IngestReport:
    """Ingest the papers, keep them, publish the graph, write the failure report, print a summary.

    Files that have not changed since they were read are not read again, unless ``again``. It ends early when ``stop``
    is set, or where there is none at Ctrl-C. The workers behind a ``scheduler`` read them, where there is one. Raises
    StoreLocked where another process is writing, StoreUnwritable, ClusterProblem, and the exceptions of ``kg.service``.
    """
    reading = reading_for(settings)
    iris = Iris(settings.base_iri)
    files = files_of(paths)
    # Before the store: nobody is kept from writing while a cluster's first worker is waited for.
    with nullcontext() if scheduler is None else closing(_cluster(scheduler, settings, iris)) as cluster:
        store = open_store(settings.location)
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
                labour=cluster or labour_for(files, settings, reading, iris),
                documents=kept_documents(settings),
                journal=journal,
                refused=refused_files(settings),
                on_progress=tell,
                stopped=stopped.is_set,
            )
    if log is not None:
        log_end(log, report)
    return told(report, failures)


def retry_papers(settings: Settings, failures: Path, *, log: Path | None = None) -> IngestReport:
    """Read once more the files of which something was refused.

    Raises NothingRefused, and what ``ingest_papers`` raises.
    """
    refused = refused_files(settings)
    files = refused.files()
    if not files:
        raise NothingRefused(f"nothing is refused in {settings.data}")
    report = ingest_papers(files, settings, failures, log=log, again=True)
    inbox = Inbox(settings.data / "received")
    for file in files if not report.left else ():
        # Who sent a file is told what became of it now.
        inbox.settle(file, (one for one in report.outcomes if one.source.startswith(f"{file.parent}/")), refused)
    return report


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
    reading = reading_for(settings)
    iris = Iris(settings.base_iri)
    documents = kept_documents(settings)
    with progress() as tell:
        report = rebuild(
            settings.data,
            documents,
            reading=reading,
            iris=iris,
            labour=labour_for(documents.files(), settings, reading, iris),
            on_progress=tell,
        )
    return told(report, failures)


def reading_for(settings: Settings) -> Reading:
    """How papers are read under these settings."""
    return standard_reading(settings.max_file_bytes)


def labour_for(files: Sequence[Path], settings: Settings, reading: Reading, iris: Iris) -> Labour:
    """Processes as the settings say, but no more than the files are worth loading the pipelines for."""
    if not settings.workers:
        return OneProcess(reading, iris)
    size = 0
    for file in files:
        with suppress(OSError):
            size += file.stat().st_size
    count = min(settings.workers, max(1, size // _WORTH_A_PROCESS))
    return Processes(reading, iris, count, Limits(settings.document_seconds, settings.document_memory_bytes))


def _cluster(scheduler: str, settings: Settings, iris: Iris) -> Labour:
    try:
        # An extra: who has one machine does without it.
        from kg.cluster import Cluster  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise ClusterProblem(
            "a cluster needs the extra of that name: pip install --require-hashes -r requirements-cluster.lock"
        ) from error
    return Cluster(
        scheduler,
        partial(standard_reading, settings.max_file_bytes),
        iris,
        Limits(settings.document_seconds, settings.document_memory_bytes),
        folder=settings.data / "shards",
        largest=settings.max_file_bytes,
    )


def kept_documents(settings: Settings) -> Documents:
    """Where the files of what is taken in are kept."""
    return Documents(settings.data / "documents")


def refused_files(settings: Settings) -> Refused:
    """Where files are noted of which something was refused."""
    return Refused(settings.data / "refused")
