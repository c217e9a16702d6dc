"""Runs strangers' queries in processes that can be stopped, within limits of time, memory and size.

An answer is complete or it is an exception; a worker that goes beyond its memory ends and is replaced.
"""

from __future__ import annotations

import multiprocessing
import resource
import signal
import threading
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pebble import ProcessExpired, ProcessPool

from kg.store import Answer, GraphFormat, ResultFormat, Store, published_checkpoint

if TYPE_CHECKING:
    from server.settings import Settings

# Queries that may wait for a free worker, for each worker; more are refused at once.
_WAITING_PER_WORKER = 8


class QueryTimeout(Exception):
    """The query ran longer than the limit and was stopped."""


class WorkerDied(Exception):
    """The query's process ended, most likely because the query needed more memory than the limit."""


class TooManyQueries(Exception):
    """As many queries are waiting as the server lets wait."""


@dataclass(frozen=True, slots=True)
class Request:
    """A query and how to answer it.

    Without graphs the dataset is the union of all; ``own_dataset`` says that the query names its own.
    """

    text: str
    results: ResultFormat
    graphs: GraphFormat
    own_dataset: bool = False
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()


class QueryPool:
    """Worker processes over the newest published graph of a folder, replaced when a newer one appears."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._pool: ProcessPool | None = None
        self._version = ""
        self._lock = threading.Lock()
        self._running = 0

    def submit(self, request: Request) -> Future[Answer]:
        """Start the query and return its future; raises TooManyQueries and NothingPublished.

        Cancelling the future stops the query.
        """
        with self._lock:
            if self._running >= self._settings.query_workers * (1 + _WAITING_PER_WORKER):
                raise TooManyQueries("too many queries are waiting; try again in a moment")
            future: Future[Answer] = self._current().schedule(
                _answer,
                args=(request, self._settings.query_result_bytes),
                timeout=self._settings.query_seconds,
            )
            self._running += 1
        future.add_done_callback(self._finished)
        return future

    def _current(self) -> ProcessPool:
        version = published_checkpoint(self._settings.data).name
        if self._pool is None or not self._pool.active or version != self._version:
            if self._pool is not None:
                # Queries that are still running on the older graph are let finish.
                self._pool.close()  # type: ignore[no-untyped-call]  # pebble annotates it not
            self._version = version
            self._pool = ProcessPool(
                max_workers=self._settings.query_workers,
                initializer=_prepare,
                initargs=(self._settings.data, self._settings.query_memory_bytes),
                context=multiprocessing.get_context("spawn"),
            )
        return self._pool

    def _finished(self, _: Future[Answer]) -> None:
        with self._lock:
            self._running -= 1

    def close(self) -> None:
        """Stop all workers."""
        if self._pool is not None:
            self._pool.stop()  # type: ignore[no-untyped-call]  # pebble annotates it not
            self._pool.join()


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


_opened: list[Store] = []


def _prepare(folder: Path, extra: int) -> None:
    """In a new worker: open the graph, then let the process grow by ``extra`` bytes and no further.

    The graph is opened first, since its files and threads take address space that no query answers for.
    """
    # The pool asks a worker to end by SIGTERM, which Python could not attend to while a query runs.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _opened.append(Store.published(folder))
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    limit = pages * resource.getpagesize() + extra
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _answer(request: Request, max_bytes: int) -> Answer:
    return _opened[0].answer(
        request.text,
        results=request.results,
        graphs=request.graphs,
        default_graphs=request.default_graphs,
        named_graphs=request.named_graphs,
        union=not request.own_dataset,
        max_bytes=max_bytes,
    )
