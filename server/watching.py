"""Living use: folders are watched, and what comes into them is taken in."""

from __future__ import annotations

import sys
import threading
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Final

from watchfiles import Change, watch

from kg.replacement import StoreLocked
from server.intake import ingest_papers
from server.progress import interruption
from server.settings import Settings

# Milliseconds without a change after which a file that is being copied counts as whole, and after which changes that
# never end are looked at all the same.
_QUIET: Final = 2_000
_LONGEST: Final = 60_000
# Milliseconds between two looks at whether to stop, or to try again.
_TICK: Final = 1_000


def watch_papers(
    folders: Sequence[Path],
    settings: Settings,
    failures: Path,
    *,
    log: Path | None = None,
    stop: threading.Event | None = None,
) -> None:
    """Ingest the folders, then each file that is written into them, until ``stop`` is set or Ctrl-C is pressed.

    A file that is removed stays in the graph. While another process writes, files wait. Raises what ``ingest_papers``
    raises, but StoreLocked.
    """
    with nullcontext(stop) if stop is not None else interruption() as stopped:
        waiting: set[Path] | None = None
        for changes in watch(
            *(folder.resolve() for folder in folders),
            watch_filter=None,
            debounce=_LONGEST,
            step=_QUIET,
            rust_timeout=_TICK,
            yield_on_timeout=True,
            stop_event=stopped,
            raise_interrupt=False,
        ):
            # The first time everything is ingested, when the watch is on already, so that no file comes in between.
            waiting = {*folders} if waiting is None else waiting | _files(changes, folders)
            if waiting and not stopped.is_set():
                try:
                    ingest_papers(sorted(waiting), settings, failures, log=log, stop=stopped)
                except StoreLocked as locked:
                    sys.stderr.write(f"{locked}; trying again\n")
                else:
                    waiting = set()


def _files(changes: set[tuple[Change, str]], folders: Sequence[Path]) -> set[Path]:
    """The files that were written and are there, hidden ones left out."""
    written = {Path(name) for change, name in changes if change != Change.deleted}
    return {
        file
        for file in written
        if file.is_file()
        and any(
            not any(part.startswith(".") for part in file.relative_to(folder.resolve()).parts)
            for folder in folders
            if file.is_relative_to(folder.resolve())
        )
    }
