"""Real processes on one folder: servers beside an ingestion, clients that go away, disks that take nothing."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote

import pytest
from conftest import ROOT
from graph_fixtures import papers, reading, record, write

from kg.checkpoints import published_checkpoint
from kg.ingest import ingest
from kg.store import Store

READING = reading(*papers())
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


@contextmanager
def serving(data: Path, *options: str) -> Iterator[int]:
    """``kg serve`` over the folder; its port."""
    command = [sys.executable, "-c", "from server.cli import main; main()", "serve", "--port", "0", "--data", str(data)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "KG_QUERY_RATE": "100000"}
    with subprocess.Popen([*command, *options], stderr=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stderr is not None
        try:
            found = re.search(r"http://127\.0\.0\.1:(\d+)/", process.stderr.readline())
            assert found is not None
            yield int(found[1])
        finally:
            process.terminate()
            process.communicate(timeout=60)
    assert process.returncode in {0, -15}


def get(port: int, path: str) -> tuple[int, bytes]:
    connection = HTTPConnection("127.0.0.1", port, timeout=120)
    connection.request("GET", path)
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response.status, body


def until(true: Callable[[], bool]) -> None:
    """Wait for it; a machine that is busy may take long."""
    for _ in range(600):
        if true():
            return
        time.sleep(0.1)
    pytest.fail("it did not come to pass within a minute")


def texts(folder: Path) -> Path:
    """The hand-made papers as files."""
    folder.mkdir()
    return write(folder, *papers())


def test_a_query_whose_client_has_gone_is_stopped(made_data: Path) -> None:
    with serving(made_data, "--log-level", "critical") as port:

        def measured(name: str) -> int:
            found = re.search(rf"^{re.escape(name)} (\d+)", get(port, "/metrics")[1].decode(), re.MULTILINE)
            return int(found[1]) if found else 0

        with socket.create_connection(("127.0.0.1", port)) as client:
            client.sendall(f"GET /sparql?query={quote(ENDLESS)} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            until(lambda: measured("kg_queries_running") == 1)
        until(lambda: measured("kg_queries_running") == 0)

        assert measured('kg_queries_total{outcome="client-gone"}') == 1
        assert measured('kg_queries_total{outcome="query_seconds"}') == 0
        assert get(port, f"/sparql?query={quote('ASK {}')}")[0] == 200


def test_servers_move_to_each_new_graph_without_dropping_a_request(tmp_path: Path) -> None:
    data, files = tmp_path / "data", texts(tmp_path / "papers")
    ingest(Store.open(data), [files / "lamp.txt"], reading=READING)
    answers: list[tuple[str, int, bytes]] = []
    done = threading.Event()
    paths = ("/health", "/en/trial/NCT00000001", f"/sparql?query={quote('SELECT ?s { ?s ?p ?o } LIMIT 5')}")

    def client(port: int, path: str) -> None:
        while not done.is_set():
            answers.append((path, *get(port, path)))

    with serving(data, "--processes", "2") as port:
        until(lambda: get(port, "/health")[0] == 200)
        clients = [threading.Thread(target=client, args=(port, path)) for path in paths * 2]
        for one in clients:
            one.start()
        for number in range(4):
            lamp = record().document.text + f"\nCorrected for the {number}th time.\n"
            (files / "lamp.txt").write_text(lamp, encoding="utf-8")
            ingest(Store.open(data), [files], reading=READING)
        newest = published_checkpoint(data).name
        seen = len(answers)
        until(lambda: len(answers) > seen + 40)
        done.set()
        for one in clients:
            one.join()

    assert {status for _, status, _ in answers} == {200}
    versions = [json.loads(body)["version"] for path, _, body in answers if path == "/health"]
    assert {versions[0], versions[-1]} == {"00000001", newest} == {"00000001", "00000005"}
    assert {json.loads(body)["version"] for path, _, body in answers[-20:] if path == "/health"} == {newest}
    # No server reads the older ones any more: the next publication removes them.
    store = Store.open(data)
    store.update("INSERT DATA { <http://e/s> <http://e/p> 1 }")
    store.publish()
    assert sorted(path.name for path in (data / "published").glob("0*")) == ["00000005", "00000006"]


def test_a_server_process_that_dies_is_replaced(made_data: Path) -> None:
    with serving(made_data, "--processes", "2", "--log-level", "critical") as port:
        until(lambda: get(port, "/health")[0] == 200)
        # Those that listen at the port: the parent, which never answers, and its two children.
        servers = [pid for pid in children_of(os.getpid()) if listens(pid)]
        (parent,) = servers
        before = {pid for pid in children_of(parent) if listens(pid)}
        assert len(before) == 2
        os.kill(min(before), 9)
        until(lambda: len({pid for pid in children_of(parent) if listens(pid)} - before) == 1)

        assert get(port, "/health")[0] == 200


def children_of(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for task in listed for child in task.read_text(encoding="ascii").split()]


def listens(pid: int) -> bool:
    """Whether it is one of our servers, and no helper of them."""
    command = Path(f"/proc/{pid}/cmdline").read_bytes()
    return b"spawn_main" in command or b"server.cli" in command


# Ingests in a fork, after everything that an ingestion imports has been imported, and prints what went wrong.
HINDERED = f"""
import os, resource, sys
sys.path[:0] = [{str(ROOT)!r}, {str(ROOT / "tests")!r}]
from pathlib import Path
from graph_fixtures import papers, reading
from kg.documents import Documents
from kg.ingest import ingest
from kg.store import Store, StoreUnwritable

data, files = Path(sys.argv[1]), Path(sys.argv[2])
# Whatever Python loads late is loaded before it may not any more.
ingest(Store.memory(), [files], reading=reading(*papers()))
Store.published(data)
if sys.argv[3] == "full":
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[4]), int(sys.argv[4])))
elif os.getuid() == 0:
    os.setuid(65534)
try:
    documents = Documents(data / "documents")
    ingest(Store.open(data), [files], reading=reading(*papers()), documents=documents)
except StoreUnwritable as error:
    print(error)
Store.published(data)
"""


@pytest.fixture
def published(tmp_path: Path) -> Iterator[tuple[Path, Path]]:
    """A folder with one paper published, in which anybody may look, and the files of all papers."""
    files = texts(tmp_path / "papers")
    data = tmp_path / "data"
    ingest(Store.open(data), [files / "lamp.txt"], reading=READING)
    for folder in (*tmp_path.parents[:2], tmp_path):
        folder.chmod(0o755)
    yield data, files
    for folder in (*tmp_path.parents[:2], tmp_path):
        folder.chmod(0o700)


def hindered(data: Path, files: Path, *how: str) -> str:
    command = [sys.executable, "-c", HINDERED, str(data), str(files), *how]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return run.stdout


@pytest.mark.parametrize("room", [0, 4_000, 1_000_000])
def test_a_full_disk_is_told_and_what_is_served_stays(published: tuple[Path, Path], room: int) -> None:
    data, files = published
    before = Store.published(data).dump()
    message = hindered(data, files, "full", str(room))

    assert re.match(rf"cannot write to {data}.*make room .*published before is untouched", message), message
    assert Store.published(data).dump() == before
    ingest(Store.open(data), [files], reading=READING)
    undisturbed = Store.memory()
    ingest(undisturbed, [files], reading=READING)
    assert Store.published(data).dump() == undisturbed.dump()


def test_a_read_only_disk_is_told_and_what_is_served_stays(published: tuple[Path, Path]) -> None:
    data, files = published
    before = Store.published(data).dump()
    every = [data, *data.rglob("*")]
    for path in every:
        path.chmod(0o555 if path.is_dir() else 0o444)
    message = hindered(data, files, "read-only")
    for path in every:
        path.chmod(0o755 if path.is_dir() else 0o644)

    assert re.match(rf"cannot write to {data}.*published before is untouched", message), message
    assert Store.published(data).dump() == before
