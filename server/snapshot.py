"""The graph that pages read: what is published now, opened anew when it is something else."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path

from kg import queries
from kg.holdings import holdings
from kg.opening import published_index, published_store, published_summary, published_version
from kg.search.finding import SearchIndex
from kg.service import Location
from kg.stores import ReadableStore
from kg.summary import Summary


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One published state of the graph; ``version`` names it and changes with every publication."""

    store: ReadableStore
    version: str


class Snapshots:
    """Gives the newest snapshot of a location; safe to ask from several threads."""

    def __init__(self, location: Location) -> None:
        self._location = location
        self._lock = threading.Lock()
        self._newest: Snapshot | None = None
        self._index: tuple[str, SearchIndex] | None = None
        # Of its own: counting takes long in a large graph, and no other page is to wait for it.
        self._counting = threading.Lock()
        self._summary: tuple[str, Summary] | None = None

    def index(self, version: str) -> SearchIndex:
        """The index of the search for a version that is published; raises IndexMissing."""
        # A service that is being changed has a version of its own for every reader, but one index.
        number = version.partition("-")[0]
        with self._lock:
            if self._index is None or self._index[0] != number:
                self._index = number, published_index(self._location, number)
            return self._index[1]

    def summary(self, snapshot: Snapshot) -> Summary:
        """How much a snapshot holds and what changed last, as it was written when it was published.

        A graph that an older program published, or for a service another machine, is counted here, once for each
        version; it names no change.
        """
        number = snapshot.version.partition("-")[0]
        with self._counting:
            if self._summary is None or self._summary[0] != number:
                found = published_summary(self._location, number)
                if found is None:
                    found = Summary("", queries.counts(snapshot.store), holdings(snapshot.store), ())
                self._summary = number, found
            return self._summary[1]

    def version(self) -> str:
        """The name of what is published now, for one small file read or one small query.

        Raises NothingPublished and the exceptions of ``kg.service``.
        """
        return published_version(self._location)

    def newest(self) -> Snapshot:
        """The newest snapshot; raises NothingPublished and the exceptions of ``kg.service``."""
        if not isinstance(self._location, Path):
            store = published_store(self._location)
            return Snapshot(store, store.version)
        version = self.version()
        with self._lock:
            if self._newest is None or self._newest.version != version:
                store = published_store(self._location)
                self._newest = Snapshot(store, store.version)
            return self._newest
