"""The pages that were made last, kept in memory until they are too many."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

# Some hundred pages of trials; each process of the server keeps its own.
_MOST_BYTES: Final = 32 * 1024 * 1024


class KeptPages:
    """Pages by what they were made from; safe to ask from several threads.

    A key names everything that the page depends on, the version of the graph first of all, so that no page is ever
    out of date; old ones are not asked for again and make room.
    """

    def __init__(self, most_bytes: int = _MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._lock = threading.Lock()
        self._pages: OrderedDict[tuple[str, str], bytes] = OrderedDict()
        self._bytes = 0

    def page(self, etag: str, address: str, make: Callable[[], str]) -> bytes:
        """The page of that entity tag at that address (path and query), made if it is not kept."""
        key = (etag, address)
        with self._lock:
            if key in self._pages:
                self._pages.move_to_end(key)
                return self._pages[key]
        # Outside the lock: two visitors may make the same page, but none waits for the page of another.
        made = make().encode("utf-8")
        with self._lock:
            if key not in self._pages and len(made) <= self._most_bytes:
                self._pages[key] = made
                self._bytes += len(made)
            while self._bytes > self._most_bytes:
                _, oldest = self._pages.popitem(last=False)
                self._bytes -= len(oldest)
        return made
