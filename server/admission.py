"""Who may ask now: how many queries run and wait at once, in all and for one client, and how many a minute."""

from __future__ import annotations

import ipaddress
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from server.problems import Problem
from server.settings import Settings

# Clients whose rate is remembered; the one that has been quiet the longest is forgotten first.
_CLIENTS = 10_000
_RETRY = "5"


@dataclass(slots=True)
class _Client:
    """What one client may still ask this minute, and what it is being answered."""

    allowance: float
    seen: float
    active: int = 0


class Admission:
    """Counts the queries of all clients; safe to ask from several threads."""

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.monotonic) -> None:
        self._settings = settings
        self._clock = clock
        self._lock = threading.Lock()
        self._clients: OrderedDict[str, _Client] = OrderedDict()
        self.active = 0

    @property
    def running(self) -> int:
        """Queries that a worker is busy with."""
        return min(self.active, self._settings.query_workers)

    @property
    def waiting(self) -> int:
        """Queries that wait for a worker."""
        return self.active - self.running

    def enter(self, address: str) -> str:
        """Let one query of this client in and return the name to leave by; a Problem if it has to wait."""
        name = client_name(address)
        settings = self._settings
        with self._lock:
            client = self._refreshed(name)
            if client.allowance < 1:
                seconds = int((1 - client.allowance) * 60 / settings.query_rate) + 1
                raise Problem(
                    429,
                    f"more than {settings.query_rate} queries a minute; wait {seconds} seconds",
                    limit="query_rate",
                    headers={"Retry-After": str(seconds)},
                )
            if client.active >= settings.query_per_client:
                raise Problem(
                    429,
                    f"{client.active} of your queries are being answered; wait for one of them",
                    limit="query_per_client",
                    headers={"Retry-After": _RETRY},
                )
            if self.active >= settings.query_workers + settings.query_queue:
                raise Problem(
                    503,
                    "too many queries are waiting; try again in a moment",
                    limit="query_queue",
                    headers={"Retry-After": _RETRY},
                )
            client.allowance -= 1
            client.active += 1
            self.active += 1
        return name

    def leave(self, name: str) -> None:
        """The query of this client has been answered or stopped."""
        with self._lock:
            self.active -= 1
            self._clients[name].active -= 1

    def _refreshed(self, name: str) -> _Client:
        now = self._clock()
        rate = self._settings.query_rate
        client = self._clients.get(name)
        if client is None:
            self._forget()
            client = self._clients[name] = _Client(rate, now)
        client.allowance = min(rate, client.allowance + (now - client.seen) * rate / 60)
        client.seen = now
        self._clients.move_to_end(name)
        return client

    def _forget(self) -> None:
        if len(self._clients) < _CLIENTS:
            return
        idle = next((name for name, client in self._clients.items() if client.active == 0), None)
        if idle is not None:
            del self._clients[idle]


def client_name(address: str) -> str:
    """What stands for a client: its address, of an IPv6 address the network, which one client has whole."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    return str(ipaddress.ip_network((parsed, 64), strict=False))
