"""Ingestion as a person sees it: progress while it runs, then what became of the papers."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from kg.documents import Documents
from kg.ingest import IngestReport, Outcome, ingest, refresh, write_failures
from kg.iris import Iris
from kg.opening import open_store, published_version
from kg.reading import standard_reading
from kg.rebuild import rebuild
from kg.service import ServiceUnsuited
from server.settings import Settings


def ingest_papers(paths: Sequence[Path], settings: Settings, failures: Path) -> IngestReport:
    """Ingest the papers, keep them, publish the graph, write the failure report, print a summary.

    Raises StoreLocked where another process is writing, StoreUnwritable, and the exceptions of ``kg.service``.
    """
    store = open_store(settings.location)
    with _progress() as tell:
        report = ingest(
            store,
            paths,
            reading=standard_reading(settings.max_file_bytes),
            iris=Iris(settings.base_iri),
            documents=_kept(settings),
            on_progress=tell,
        )
    return _told(report, failures)


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
    with _progress() as tell:
        report = rebuild(
            settings.data,
            _kept(settings),
            reading=standard_reading(settings.max_file_bytes),
            iris=Iris(settings.base_iri),
            on_progress=tell,
        )
    return _told(report, failures)


def _kept(settings: Settings) -> Documents:
    return Documents(settings.data / "documents")


def _told(report: IngestReport, failures: Path) -> IngestReport:
    failures.parent.mkdir(parents=True, exist_ok=True)
    write_failures(report, failures)
    _summarise(report, failures)
    return report


@contextmanager
def _progress() -> Iterator[Callable[[Outcome, int, int], None]]:
    """A bar on a terminal, a line for each paper elsewhere; both on standard error."""
    console = Console(stderr=True)
    if not console.is_terminal:

        def line(outcome: Outcome, done: int, total: int) -> None:
            reason = f": {outcome.reason}" if outcome.reason else ""
            sys.stderr.write(f"[{done}/{total}] {outcome.status} {outcome.source}{reason}\n")

        yield line
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console) as bar:
        task = bar.add_task("reading papers", total=None)

        def advance(outcome: Outcome, done: int, total: int) -> None:
            if outcome.status == "failed":
                bar.console.print(f"failed {outcome.source}: {outcome.reason}", markup=False, highlight=False)
            bar.update(task, completed=done, total=total)

        yield advance


def _summarise(report: IngestReport, failures: Path) -> None:
    table = Table(show_header=False, box=None, pad_edge=False)
    table.add_column()
    table.add_column(justify="right")
    for name, number in (
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
        sys.stderr.write(f"why papers failed: {failures}\n")
