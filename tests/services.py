"""Real services to test against: Oxigraph's server and Virtuoso, each on a free port with nothing in it."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import httpx2

from kg.client import Client
from kg.dialects import DIALECTS
from kg.iris import DEFAULT_BASE, Iris
from kg.remote import RemoteStore
from kg.service import Kind, Service, addresses

# What the tests of a second reader need and nothing more; ResultSetMaxRows is left out, so that no answer is cut.
VIRTUOSO_INI = """
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
[TempDatabase]
DatabaseFile = virtuoso-temp.db
TransactionFile = virtuoso-temp.trx
[Parameters]
ServerPort = {sql}
DirsAllowed = .
NumberOfBuffers = 20000
MaxDirtyBuffers = 15000
ThreadsPerQuery = 1
CheckpointInterval = 0
[HTTPServer]
ServerPort = {http}
ServerRoot = .
ServerThreads = 8
MaxKeepAlives = 8
KeepAliveTimeout = 30
[SPARQL]
MaxQueryExecutionTime = 60
"""


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def oxigraph_command() -> str | None:
    return shutil.which("oxigraph", path=str(Path(sys.executable).parent)) or shutil.which("oxigraph")


def virtuoso_command() -> str | None:
    return shutil.which("virtuoso-t")


@contextmanager
def oxigraph(folder: Path) -> Iterator[Service]:
    port = free_port()
    command = [oxigraph_command() or "", "serve", "--bind", f"127.0.0.1:{port}"]
    with _running(command, folder, f"http://127.0.0.1:{port}/query"):
        yield service("oxigraph", f"http://127.0.0.1:{port}/query", folder)


@contextmanager
def virtuoso(folder: Path) -> Iterator[Service]:
    sql, port = free_port(), free_port()
    (folder / "virtuoso.ini").write_text(VIRTUOSO_INI.format(sql=sql, http=port), encoding="ascii")
    command = [virtuoso_command() or "", "+configfile", "virtuoso.ini", "+foreground"]
    with _running(command, folder, f"http://127.0.0.1:{port}/sparql"):
        made = service("virtuoso", f"http://127.0.0.1:{port}/sparql", folder)
        yield replace(made, user="dba", password="dba")


def service(kind: Kind, query: str, folder: Path) -> Service:
    update, graphs = addresses(kind, query)
    return Service(query, update, graphs, kind, DEFAULT_BASE, folder / "data")


@contextmanager
def _running(command: list[str], folder: Path, address: str) -> Iterator[None]:
    log = (folder / "server.log").open("wb")
    process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
    try:
        until = time.monotonic() + 60
        while True:
            try:
                httpx2.get(address, params={"query": "ASK {}"}, timeout=5).raise_for_status()
                break
            except httpx2.HTTPError:
                assert process.poll() is None, f"{command[0]} ended: {(folder / 'server.log').read_text()}"
                assert time.monotonic() < until, f"{command[0]} does not answer"
                time.sleep(0.1)
        yield
    finally:
        # Nothing of it is kept, so it need not close its files.
        process.kill()
        process.wait()
        log.close()


def cleared(made: Service) -> Service:
    """The service with nothing in it, its state neither."""
    dialect = DIALECTS[made.kind]()
    client = Client(made, dialect.authentication(made))
    names = [*RemoteStore(made).graphs(), str(Iris(made.base).state_graph)]
    dialect.write(client, [(name, frozenset()) for name in names])
    client.close()
    return made
