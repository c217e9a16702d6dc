"""The graph that pages read: the newest published checkpoint, opened anew when a newer one appears."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path

from kg.checkpoints import published_checkpoint
from kg.store import Store


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One published state of the graph; ``version`` names it and changes with every publication."""

    store: Store
    version: str


class Snapshots:
    """Gives the newest snapshot of a folder; safe to ask from several threads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._newest: Snapshot | None = None

    def newest(self) -> Snapshot:
        """The newest snapshot, for one small file read where nothing has changed; raises NothingPublished."""
        version = published_checkpoint(self._folder).name
        with self._lock:
            if self._newest is None or self._newest.version != version:
                store = Store.published(self._folder)
                self._newest = Snapshot(store, store.version)
            return self._newest
