"""Runs the web application at an address until it is interrupted."""

from __future__ import annotations

import logging
import multiprocessing
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.context import SpawnProcess
from typing import Final

import uvicorn

from kg.checkpoints import NothingPublished
from kg.opening import published_version
from kg.service import ServiceError
from server import logs
from server.app import create_app
from server.processes import serve_together
from server.settings import Settings

_LOG = logging.getLogger(__name__)
# Seconds between two looks at the process that reads papers.
_LOOK: Final = 1.0


class AddressInUse(Exception):
    """The server cannot listen at the address; the message says which settings to change."""


def serve_site(settings: Settings) -> None:
    """Serve until interrupted, saying the address first; raises AddressInUse."""
    listening = listen(settings)
    try:
        published_version(settings.location)
    except (NothingPublished, ServiceError) as error:
        sys.stderr.write(f"kg: {error}; until then every page says so\n")
    host, port = listening.getsockname()[:2]
    sys.stderr.write(f"Evidence Graph at http://{_shown(host)}:{port}/ (end with Ctrl-C)\n")
    with draining(settings):
        if settings.processes == 1:
            _serve(settings, listening)
        else:
            logs.set_up(settings.log_level)
            serve_together(_serve, settings, listening)


@contextmanager
def draining(settings: Settings) -> Iterator[None]:
    """Have a process read the papers that are sent, where the settings allow anybody to send some."""
    if not settings.receive_tokens:
        yield
        return
    closing = threading.Event()

    def started() -> SpawnProcess:
        # Not killed with this one: it finishes the papers under way, and ends by itself where nobody can tell it to.
        process = multiprocessing.get_context("spawn").Process(target=_drain, args=(settings,), daemon=False)
        process.start()
        return process

    def watch(process: SpawnProcess) -> None:
        while True:
            process.join(_LOOK)
            if closing.is_set():
                if process.is_alive():
                    process.terminate()
                process.join()
                return
            if not process.is_alive():
                _LOG.error("the process that reads papers ended with %s and is replaced", process.exitcode)
                process = started()

    watching = threading.Thread(target=watch, args=(started(),), daemon=True)
    watching.start()
    try:
        yield
    finally:
        closing.set()
        watching.join()


def _drain(settings: Settings) -> None:
    # The language pipelines take memory that only this process needs.
    from server.draining import drain_until_told  # noqa: PLC0415

    drain_until_told(settings)


def _serve(settings: Settings, listening: socket.socket) -> None:
    # A process of several has set up nothing yet.
    logs.set_up(settings.log_level)
    # Uvicorn's own access log would hold the addresses, and with them the queries.
    configuration = uvicorn.Config(
        create_app(settings),
        log_config=None,
        log_level=settings.log_level,
        access_log=False,
        server_header=False,
        proxy_headers=True,
    )
    uvicorn.Server(configuration).run(sockets=[listening])


def listen(settings: Settings) -> socket.socket:
    """A listening socket, made here so that a taken port is told in plain words."""
    try:
        family, *_, address = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)[0]
        listening = socket.create_server(address, family=family)
    except OSError as error:
        raise AddressInUse(
            f"cannot listen at {settings.host}:{settings.port} ({error.strerror}); choose another with --port or --host"
        ) from error
    # Handed down to every connection. The event loop sets it on sockets that it made itself only, and without it the
    # second answer on a connection waits 40 ms for the client to acknowledge the first part of it.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host
