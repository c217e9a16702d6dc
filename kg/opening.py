"""Opens the graph where the settings say it is: in a folder, or in a service."""

from __future__ import annotations

from pathlib import Path

from kg.checkpoints import published_checkpoint
from kg.remote import RemoteStore, search_folder
from kg.search.finding import SearchIndex
from kg.service import Location
from kg.store import Store
from kg.stores import ReadableStore, WritableStore
from kg.summary import Summary, read_summary


def open_store(location: Location) -> WritableStore:
    """The store for its one writer; raises StoreLocked, StoreUnwritable and the exceptions of ``kg.service``."""
    return Store.open(location) if isinstance(location, Path) else RemoteStore.open(location)


def published_store(location: Location) -> ReadableStore:
    """The store for a reader; raises NothingPublished and the exceptions of ``kg.service``."""
    return Store.published(location) if isinstance(location, Path) else RemoteStore.published(location)


def published_version(location: Location) -> str:
    """The name of what is published now; raises NothingPublished and the exceptions of ``kg.service``."""
    if isinstance(location, Path):
        return published_checkpoint(location).name
    return RemoteStore.published(location).version


def published_summary(location: Location, version: str) -> Summary | None:
    """How much a published version holds, and what changed; ``None`` if an older program or machine published it."""
    if isinstance(location, Path):
        return read_summary(location / "published" / version)
    return read_summary(search_folder(location, version))


def published_index(location: Location, version: str) -> SearchIndex:
    """The index of the search for a version that is published; raises IndexMissing."""
    if isinstance(location, Path):
        return SearchIndex.open(location / "published" / version)
    return SearchIndex.open(search_folder(location, version))
