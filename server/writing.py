"""Makes the changes that holders of the token send, in a process of their own, and publishes each of them."""

from __future__ import annotations

import hmac
import multiprocessing
import resource
import signal
import threading
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from pebble import ProcessPool

from kg.answers import GraphFormat, QueryError
from kg.opening import open_store
from kg.replacement import StoreLocked
from kg.service import Location, ServiceError
from kg.store import StoreUnwritable
from kg.stores import MalformedGraph, WritableStore
from server.problems import Problem

if TYPE_CHECKING:
    from starlette.requests import Request

    from server.settings import Settings


@dataclass(frozen=True, slots=True)
class Update:
    """A SPARQL Update, its relative IRIs against an address."""

    text: str
    base_iri: str


@dataclass(frozen=True, slots=True)
class Put:
    """A graph, or the default graph for ``None``, gets these data; with ``merge`` beside what it has."""

    graph: str | None
    data: bytes
    form: GraphFormat
    base_iri: str
    merge: bool


@dataclass(frozen=True, slots=True)
class Drop:
    """A graph is removed."""

    graph: str | None


Change = Update | Put | Drop


@dataclass(slots=True)
class Writer:
    """One process at a time that writes; it opens the store for one change, so that ingestion can have it next."""

    settings: Settings
    _pool: ProcessPool | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def submit(self, change: Change) -> Future[bool]:
        """Make the change and publish it.

        The future tells whether a graph was made (Put) or was there (Drop).
        """
        with self._lock:
            if self._pool is None or not self._pool.active:
                context = multiprocessing.get_context("forkserver")
                context.set_forkserver_preload(["server.workers"])
                self._pool = ProcessPool(max_workers=1, context=context)
            future: Future[bool] = self._pool.schedule(
                _make,
                args=(self.settings.location, change, self.settings.query_seconds, self.settings.query_memory_bytes),
            )
        return future

    def close(self) -> None:
        """Stop the process, after the change that it is making."""
        if self._pool is not None:
            self._pool.close()  # type: ignore[no-untyped-call]  # pebble annotates it not
            self._pool.join()


def permit(request: Request, settings: Settings) -> None:
    """Let the holder of the token pass; a Problem with status 403 or 401 for anybody else."""
    if not settings.update_token:
        raise Problem(403, "this service only reads: no token for changes has been set", limit="update_token")
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    given = token.strip().encode("utf-8", "surrogateescape")
    if scheme.lower() != "bearer" or not hmac.compare_digest(given, settings.update_token.encode("utf-8")):
        raise Problem(
            401,
            "a change needs the header Authorization: Bearer with the token of this service",
            headers={"WWW-Authenticate": 'Bearer realm="changes"'},
        )


def _make(location: Location, change: Change, seconds: float, extra: int) -> bool:
    """In the process: one change, as ``_made`` makes it."""
    try:
        return _made(location, change, seconds, extra)
    except (MalformedGraph, QueryError, ServiceError, StoreLocked, StoreUnwritable) as error:
        # A fresh one: the frames that the first one came through hold the store, and with it its lock.
        problem = type(error)(str(error))
    raise problem


def _made(location: Location, change: Change, seconds: float, extra: int) -> bool:
    """Make one change, all or nothing, and publish it.

    The process ends by itself when the change takes too long or too much memory; then nothing has been
    written. Once the change is written, its publication is let finish.
    """
    store = open_store(location)
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + extra, hard))
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        made = _changed(store, change)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        resource.setrlimit(resource.RLIMIT_AS, (hard, hard))
    store.publish()
    return made


def _changed(store: WritableStore, change: Change) -> bool:
    match change:
        case Update():
            store.update(change.text, base_iri=change.base_iri)
            return True
        case Put():
            return store.put_graph(change.graph, change.data, change.form, base_iri=change.base_iri, merge=change.merge)
        case Drop():
            return store.drop_graph(change.graph)
