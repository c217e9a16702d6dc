"""Makes the store anew from the kept documents, beside the old one, and puts it in the old one's place.

Readers see the old graph until the new one is complete. A crash leaves the one or the other: the file ``COMPLETE``
decides, and the next writer finishes what was begun (``kg.replacement``).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from kg import inventory
from kg.checkpoints import NothingPublished, add_checkpoint, published_checkpoint
from kg.documents import Documents, DocumentsMissing
from kg.ingest import ingest
from kg.iris import Iris
from kg.labour import Labour
from kg.outcomes import IngestReport, Outcome
from kg.preparing import Reading
from kg.replacement import alone, put_in_place, ready, rebuilding
from kg.store import Store, StoreDamaged, StoreUnwritable


def rebuild(
    folder: Path,
    documents: Documents,
    *,
    reading: Reading,
    iris: Iris,
    labour: Labour | None = None,
    on_progress: Callable[[Outcome, int, int], None] | None = None,
) -> IngestReport:
    """Read all kept documents into a new store, publish it, and have later writers go on with it.

    Graphs that no ingestion makes, such as those sent over HTTP, are taken over as they were published. Raises
    DocumentsMissing, StoreLocked, StoreUnwritable, and StoreDamaged where what is published is; the old graph is then
    as it was.
    """
    try:
        with alone(folder):
            try:
                return _made_anew(folder, documents, reading, iris, labour, on_progress)
            finally:
                # What was moved to its place is not there any more.
                shutil.rmtree(rebuilding(folder), ignore_errors=True)
    except OSError as error:
        raise StoreUnwritable(f"cannot write to {folder} ({error}); the graph is as it was") from error


def _made_anew(
    folder: Path,
    documents: Documents,
    reading: Reading,
    iris: Iris,
    labour: Labour | None,
    on_progress: Callable[[Outcome, int, int], None] | None,
) -> IngestReport:
    old = _published(folder)
    if old is not None:
        _require_documents(old, documents, iris)
    beside = rebuilding(folder)
    shutil.rmtree(beside, ignore_errors=True)
    store = Store.open(beside, since=folder)
    if old is not None:
        store.take_over(old, lambda graph: not _computed(graph, iris))
    report = ingest(store, documents.files(), reading=reading, iris=iris, labour=labour, on_progress=on_progress)
    # The database is closed before its folder is moved.
    del store
    new = published_checkpoint(beside)
    add_checkpoint(folder, lambda path: os.rename(new, path))
    ready(folder)
    put_in_place(folder)
    return report


def _published(folder: Path) -> Store | None:
    try:
        return Store.published(folder)
    except NothingPublished:
        return None
    except StoreDamaged as error:
        raise StoreDamaged(
            f"what {folder} has published is damaged ({error.__cause__}); move its folder published elsewhere and run "
            "it again: what was changed over HTTP is then lost"
        ) from error


def _require_documents(old: Store, documents: Documents, iris: Iris) -> None:
    kept = {str(iris.report(report)) for report in documents.reports()}
    missing = sorted(set(inventory.versions(old)) - kept)
    if missing:
        raise DocumentsMissing(
            f"the documents of {len(missing)} reports are not kept, of {missing[0]} for one; "
            "ingest their files again, which keeps them, and then rebuild"
        )


def _computed(graph: str, iris: Iris) -> bool:
    return graph.startswith((f"{iris.base}report/", f"{iris.base}graph/"))
