"""The writer behind a server: reads papers that were sent into the graph, publishes, and says what became of them."""

from __future__ import annotations

import logging
import os
import signal
import threading
from collections.abc import Callable
from typing import Final

from kg.ingest import ingest
from kg.iris import Iris
from kg.opening import open_store
from kg.outcomes import IngestReport
from kg.received import Inbox
from kg.replacement import StoreLocked
from kg.service import ServiceError
from kg.store import StoreDamaged, StoreUnwritable
from server import logs
from server.intake import kept_documents, labour_for, reading_for, refused_files
from server.settings import Settings

_LOG = logging.getLogger(__name__)
# Files that are read before they are published: a publication takes the longer the larger the graph is.
_TOGETHER: Final = 500
# Seconds until the queue is looked at again, until another writer may be done, and until a fault may be mended.
_TICK: Final = 1.0
_BUSY: Final = 5.0
_FAULT: Final = 30.0


def drain_until_told(settings: Settings) -> None:
    """Work the queue off until SIGINT or SIGTERM comes, or the process that started this one has ended."""
    logs.set_up(settings.log_level)
    told = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: told.set())
    parent = os.getppid()
    drain(settings, told, lambda: os.getppid() != parent)


def drain(settings: Settings, told: threading.Event, orphaned: Callable[[], bool] = lambda: False) -> None:
    """Work the queue off until ``told`` is set or ``orphaned`` says so; another process that does so is let finish."""
    inbox = Inbox(settings.data / "received")
    while not (told.is_set() or orphaned()):
        with inbox.alone() as mine:
            if mine:
                inbox.tidy()
                _work(inbox, settings, told, orphaned)
        told.wait(_BUSY)


def _work(inbox: Inbox, settings: Settings, told: threading.Event, orphaned: Callable[[], bool]) -> None:
    while not (told.is_set() or orphaned()):
        try:
            pause = 0.0 if take_in(inbox, settings, lambda: told.is_set() or orphaned()) else _TICK
        except StoreLocked:
            pause = _BUSY
        except (StoreUnwritable, StoreDamaged, ServiceError, OSError) as error:
            # The files stay where they are until somebody has mended it.
            _LOG.error("papers that were sent cannot be taken in: %s", error)
            pause = _FAULT
        told.wait(pause)


def take_in(inbox: Inbox, settings: Settings, stopped: Callable[[], bool] = lambda: False) -> IngestReport | None:
    """Take in and publish the first files of the queue; ``None`` where none wait. Raises what ``ingest`` raises."""
    files = inbox.waiting(_TOGETHER)
    if not files:
        return None
    store = open_store(settings.location)
    reading, iris = reading_for(settings), Iris(settings.base_iri)
    report = ingest(
        store,
        files,
        reading=reading,
        iris=iris,
        labour=labour_for(files, settings, reading, iris),
        documents=kept_documents(settings),
        stopped=stopped,
    )
    # Of one that was stopped nobody knows which files are finished: they are read again, which changes nothing.
    if not report.left:
        for file in files:
            own = [one for one in report.outcomes if one.source.startswith(f"{file.parent}/")]
            inbox.settle(file, own, refused_files(settings))
    return report
