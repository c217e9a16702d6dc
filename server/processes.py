"""Several server processes behind one port: starts them, replaces one that ends, and stops them together."""

from __future__ import annotations

import logging
import multiprocessing
import signal
import socket
import time
from collections.abc import Callable
from multiprocessing.connection import wait
from multiprocessing.context import SpawnProcess

from server.settings import Settings

_LOG = logging.getLogger(__name__)
# A process that cannot start is not started again and again without a pause.
_PAUSE_SECONDS = 1.0

Serve = Callable[[Settings, socket.socket], None]


def serve_together(serve: Serve, settings: Settings, listening: socket.socket) -> None:
    """Have ``settings.processes`` processes answer what comes to the socket, until interrupted or terminated."""

    def started() -> SpawnProcess:
        process = multiprocessing.get_context("spawn").Process(target=_serve, args=(serve, settings, listening))
        process.start()
        return process

    signal.signal(signal.SIGTERM, _interrupt)
    processes = [started() for _ in range(settings.processes)]
    try:
        while True:
            wait([process.sentinel for process in processes])
            time.sleep(_PAUSE_SECONDS)
            for place, process in enumerate(processes):
                if not process.is_alive():
                    _LOG.error("server process %s ended with %s and is replaced", process.pid, process.exitcode)
                    processes[place] = started()
    except KeyboardInterrupt:
        # Asked to end: each process finishes what it is answering.
        for process in processes:
            process.terminate()
        for process in processes:
            process.join()


def _serve(serve: Serve, settings: Settings, listening: socket.socket) -> None:
    try:
        serve(settings, listening)
    except KeyboardInterrupt:
        # The key reaches every process of the terminal; the first of them waits for the others.
        return


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt
