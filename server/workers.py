"""Runs strangers' queries in processes that can be stopped, within limits of time, memory and size.

An answer is complete or it is an exception; a worker that goes beyond its memory ends and is replaced.
"""

from __future__ import annotations

import multiprocessing
import resource
import shutil
import signal
import tempfile
import threading
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from pebble import ProcessExpired, ProcessPool

from kg.answers import EVERYTHING, Dataset, Form, GraphFormat, ResultFormat
from kg.opening import published_store, published_version
from kg.service import Location
from kg.stores import ReadableStore
from server.spool import Body, Spool

if TYPE_CHECKING:
    from server.settings import Settings

# A worker is replaced after so many queries, so that memory which one of them left behind is not kept.
_QUERIES_PER_WORKER = 500


class QueryTimeout(Exception):
    """The query ran longer than the limit and was stopped."""


class WorkerDied(Exception):
    """The query's process ended, most likely because the query needed more memory than the limit."""


@dataclass(frozen=True, slots=True)
class Question:
    """A query and how to answer it."""

    text: str
    results: ResultFormat = "json"
    graphs: GraphFormat = "turtle"
    dataset: Dataset = EVERYTHING


@dataclass(frozen=True, slots=True)
class WholeGraph:
    """All triples of one graph, of the default graph for ``None``."""

    graph: str | None
    form: GraphFormat


@dataclass(frozen=True, slots=True)
class Served:
    """A complete answer, or ``None`` for a graph that is not there, from one published version."""

    form: Form | None
    version: str
    kept: bytes | Path

    def body(self) -> Body:
        """The answer's bytes; to be asked for once."""
        return Body.of(self.kept)


@dataclass(slots=True)
class QueryPool:
    """Worker processes; each moves to a newer published graph before its next query."""

    settings: Settings
    _pool: ProcessPool | None = None
    _spool: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="kg-answers-")))
    _started: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def submit(self, asked: Question | WholeGraph) -> Future[Served]:
        """Start the query and return its future; cancelling the future stops the query."""
        with self._lock:
            pool = self._running_pool()
            self._started += 1
            file = self._spool / str(self._started)
            future: Future[Served] = pool.schedule(
                _answer,
                args=(asked, file, self.settings.query_result_bytes),
                timeout=self.settings.query_seconds,
            )
        future.add_done_callback(lambda done: _discard(done, file))
        return future

    def _running_pool(self) -> ProcessPool:
        if self._pool is not None and self._pool.active:
            return self._pool
        context = multiprocessing.get_context("forkserver")
        # New workers are forked from a process that has these loaded already and runs nothing else.
        context.set_forkserver_preload(["server.workers"])
        self._pool = ProcessPool(
            max_workers=self.settings.query_workers,
            max_tasks=_QUERIES_PER_WORKER,
            initializer=_prepare,
            initargs=(self.settings.location, self.settings.query_memory_bytes),
            context=context,
        )
        return self._pool

    def close(self) -> None:
        """Stop all workers."""
        if self._pool is not None:
            self._pool.stop()  # type: ignore[no-untyped-call]  # pebble annotates it not
            self._pool.join()
        shutil.rmtree(self._spool, ignore_errors=True)


def _discard(done: Future[Served], file: Path) -> None:
    """Remove what a query that was stopped has left behind."""
    if done.cancelled() or done.exception() is not None:
        file.unlink(missing_ok=True)


def failure(error: BaseException, settings: Settings) -> Exception | None:
    """The exception of this module that a future's error stands for, or ``None`` for any other error."""
    if isinstance(error, TimeoutError):
        return QueryTimeout(
            f"the query took longer than {settings.query_seconds:g} seconds and was stopped; "
            "ask for less, or run it on an export of the graph"
        )
    if isinstance(error, ProcessExpired):
        return WorkerDied(
            f"the query was stopped, most likely because it needed more than {settings.query_memory_mib} MiB "
            "of memory; ask for less, or run it on an export of the graph"
        )
    return None


class _Graph:
    """In a worker: the newest published graph, and the memory that the process may take beyond it."""

    def __init__(self, location: Location, extra: int) -> None:
        self._location = location
        self._extra = extra
        self._store: ReadableStore | None = None

    def newest(self) -> ReadableStore:
        """The graph published last; opened first, since its files and threads take address space too."""
        if not isinstance(self._location, Path):
            return published_store(self._location)
        version = published_version(self._location)
        if self._store is None or self._store.version != version:
            _bound_memory(None)
            self._store = published_store(self._location)
            _bound_memory(self._extra)
        return self._store


_graphs: list[_Graph] = []


def _bound_memory(extra: int | None) -> None:
    """Let the process grow by ``extra`` bytes and no further, or again without a bound."""
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = hard
    if extra is not None:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        limit = pages * resource.getpagesize() + extra
    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))


def _prepare(location: Location, extra: int) -> None:
    # The pool asks a worker to end by SIGTERM, which Python could not attend to while a query runs.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _graphs.append(_Graph(location, extra))


def _answer(asked: Question | WholeGraph, file: Path, max_bytes: int) -> Served:
    store = _graphs[0].newest()
    spool = Spool(file)
    if isinstance(asked, WholeGraph):
        found = store.write_graph(spool, asked.graph, asked.form, max_bytes=max_bytes)
        return Served("triples" if found else None, store.version, spool.complete())
    form = store.write_answer(
        spool,
        asked.text,
        results=asked.results,
        graphs=asked.graphs,
        dataset=asked.dataset,
        max_bytes=max_bytes,
    )
    return Served(form, store.version, spool.complete())
