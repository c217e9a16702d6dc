"""Papers sent to a server: who may, what is kept until it is read, and what the sender is told."""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest
from conftest import ROOT
from fastapi.testclient import TestClient
from hostile_reading import READING, SEPARATOR, paper
from test_cli import RECORD
from test_cli import kg as command

import server.intake
import server.sending
from kg.received import Inbox
from kg.store import Store
from server.app import create_app
from server.draining import drain, take_in
from server.intake import ingest_papers
from server.problems import SendingFailed
from server.receiving import token_hash
from server.sending import send_papers
from server.settings import Settings

TOKEN = "a-token-of-the-tests"
ALLOWED = {"Authorization": f"Bearer {TOKEN}"}
PAPERS = "/api/v1/papers"
pytestmark = pytest.mark.usefixtures("few_terms")
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(60)


def settings_for(data: Path, **more: object) -> Settings:
    return Settings(
        data=data,
        workers=0,
        receive_tokens=("0" * 64, token_hash(TOKEN)),
        send_token=TOKEN,
        **more,  # type: ignore[arg-type]
    )


@pytest.fixture(scope="module", autouse=True)
def _quick() -> Iterator[None]:
    """A reading of made papers; the last test has that of the program."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(server.intake, "standard_reading", lambda _: READING)
        yield


@contextmanager
def served(settings: Settings, *, reading: bool = False) -> Iterator[TestClient]:
    """The application in memory, and where ``reading`` its writer beside it."""
    told = threading.Event()
    writer = threading.Thread(target=drain, args=(settings, told))
    with TestClient(create_app(settings)) as client:
        if reading:
            writer.start()
        try:
            yield client
        finally:
            told.set()
            if reading:
                writer.join(60)


def post(client: TestClient, name: str, content: str | bytes, headers: dict[str, str] = ALLOWED) -> httpx2.Response:
    answer: httpx2.Response = client.post(PAPERS, params={"name": name}, content=content, headers=headers)
    return answer


def test_papers_that_are_sent_give_the_graph_that_reading_them_gives(tmp_path: Path) -> None:
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "one.txt").write_text(paper(1), encoding="utf-8")
    (folder / "two.txt").write_text(SEPARATOR.join([paper(2), paper(3)]), encoding="utf-8")
    (folder / "short.txt").write_text(SEPARATOR.join([paper(4), paper(5, "refused")]), encoding="utf-8")
    (folder / "picture.txt").write_bytes(PICTURE)
    (folder / "large.txt").write_text(paper(6) * 3000, encoding="utf-8")
    here = [folder / name for name in ("one.txt", "short.txt", "two.txt")]
    ingest_papers(here, Settings(data=tmp_path / "here", workers=0), tmp_path / "here.jsonl")
    settings = settings_for(tmp_path / "there", max_file_mib=1)
    sender = settings_for(tmp_path / "sender")
    with served(settings, reading=True) as client:
        report = send_papers([folder], "https://there.example", sender, tmp_path / "sent.jsonl", client=client)
        assert (report.new, report.unchanged, report.left, len(report.failed)) == (4, 0, 0, 3)
        reasons = {Path(failure.source).name: failure.reason for failure in report.failed}
        assert reasons["short.txt#2"] == "this is no paper"
        assert reasons["picture.txt"].startswith("the server refuses it: this is a picture")
        assert reasons["large.txt"] == "the server refuses it: a file may have 1 MiB; give it in parts"
        assert report.findings > 0
        assert Store.published(settings.data).dump() == Store.published(tmp_path / "here").dump()
        # What is known is not sent again; what was refused is, since limits or rules may have changed.
        sent: list[str] = []
        client.event_hooks = {"request": [lambda request: sent.append(f"{request.method} {request.url.query}")]}
        again = send_papers([folder], "https://there.example", sender, tmp_path / "sent.jsonl", client=client)
    assert (again.new, again.unchanged, len(again.failed)) == (0, 4, 3)
    assert sorted(line for line in sent if line.startswith("POST")) == [
        f"POST b'name={name}'" for name in ("large.txt", "picture.txt", "short.txt")
    ]
    assert (tmp_path / "sent.jsonl").read_text("utf-8").count("\n") == 3


def test_only_holders_of_a_token_send_and_ask(tmp_path: Path) -> None:
    with served(Settings(data=tmp_path / "closed")) as closed:
        answer = post(closed, "a.txt", paper(1))
        assert (answer.status_code, answer.json()["limit"]) == (403, "receive_tokens")
    with served(settings_for(tmp_path / "open")) as client:
        file_id = post(client, "a.txt", paper(1)).json()["id"]
        assert file_id == hashlib.sha256(b"a.txt\0" + paper(1).encode()).hexdigest()
        for wrong in ({}, {"Authorization": "Bearer x"}, {"Authorization": f"Basic {TOKEN}"}):
            assert post(client, "b.txt", paper(2), wrong).status_code == 401
            assert client.get(f"{PAPERS}/{file_id}", headers=wrong).status_code == 401
        # Who has read the settings cannot send for all that.
        assert post(client, "b.txt", paper(2), {"Authorization": f"Bearer {token_hash(TOKEN)}"}).status_code == 401
        assert client.get(f"{PAPERS}/{file_id}", headers=ALLOWED).json()["state"] == "waiting"
        for unknown in ("0" * 64, "..", "%2e%2e%2f%2e%2e", "x"):
            assert client.get(f"{PAPERS}/{unknown}", headers=ALLOWED).status_code == 404
    assert Inbox(tmp_path / "open" / "received").size() == 1


@pytest.mark.parametrize("name", ["", ".hidden", "../up.txt", "a/b.txt", "a\\b.txt", "a\nb.txt", "a\0b", "n" * 300])
def test_a_name_that_is_no_files_name_is_refused(tmp_path: Path, name: str) -> None:
    with served(settings_for(tmp_path / "data")) as client:
        answer = post(client, name, paper(1))
    assert answer.status_code == 400
    assert "file's name" in answer.json()["detail"]
    assert Inbox(tmp_path / "data" / "received").size() == 0


def test_what_is_no_paper_by_its_content_is_refused_at_the_door(tmp_path: Path) -> None:
    with served(settings_for(tmp_path / "data", max_file_mib=1)) as client:
        for content, why in (
            (PICTURE, "picture"),
            (b"", "empty"),
            (b"\x7fELF\x02\x01\x01\0\0\0\0", "binary data"),
            (b"PK\x03\x04 and no more", "broken"),
        ):
            answer = post(client, "paper.txt", content)
            assert answer.status_code == 415
            assert why in answer.json()["detail"]
        assert post(client, "paper.txt", bytes(2**20 + 1)).status_code == 413

        def unmeasured() -> Iterator[bytes]:
            yield from [bytes(2**19)] * 3

        long = client.post(PAPERS, params={"name": "x.txt"}, content=unmeasured(), headers=ALLOWED)
        assert (long.status_code, long.json()["limit"]) == (413, "max_file_mib")
    received = tmp_path / "data" / "received"
    assert not [path for path in received.rglob("*") if path.is_file()]


def test_what_was_accepted_outlives_the_server_and_a_crash_of_its_writer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = settings_for(tmp_path / "data")
    inbox = Inbox(settings.data / "received")
    with served(settings) as client:
        first = post(client, "one.txt", paper(1))
        second = post(client, "two.txt", paper(2))
        assert (first.status_code, second.status_code, second.json()["before"]) == (202, 202, 1)
        assert post(client, "one.txt", paper(1)).status_code == 200
        (inbox.folder / "arriving" / "half").mkdir()
        (inbox.folder / "arriving" / "half" / "three.txt").write_text("half of a", encoding="utf-8")
    with served(settings) as client:
        assert client.get(second.headers["Location"], headers=ALLOWED).json()["state"] == "waiting"

        def crash(*_: object) -> None:
            raise OSError("the machine stops here")

        with monkeypatch.context() as patch:
            patch.setattr(Inbox, "settle", crash)
            with pytest.raises(OSError, match="stops here"):
                take_in(inbox, settings)
        graph = Store.published(settings.data).dump()
        assert inbox.size() == 2
        report = take_in(inbox, settings)
        assert report is not None
        assert (report.unchanged, inbox.size()) == (2, 0)
        assert Store.published(settings.data).dump() == graph
        done = client.get(first.headers["Location"], headers=ALLOWED).json()
        assert done["state"] == "done"
        assert [(one["paper"], one["status"]) for one in done["papers"]] == [("one.txt", "unchanged")]
        assert take_in(inbox, settings) is None


def test_an_upload_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    app = create_app(settings_for(tmp_path / "data"))
    messages = [{"type": "http.request", "body": RECORD.encode(), "more_body": True}, {"type": "http.disconnect"}]
    answers: list[dict[str, object]] = []

    async def receive() -> dict[str, object]:
        return messages.pop(0)

    async def send(message: dict[str, object]) -> None:
        answers.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": PAPERS,
        "raw_path": PAPERS.encode(),
        "query_string": b"name=a.txt",
        "headers": [(b"authorization", f"Bearer {TOKEN}".encode()), (b"content-length", b"9999")],
    }
    asyncio.run(app(scope, receive, send))  # type: ignore[arg-type]
    assert answers[0]["status"] == 499
    assert not [path for path in (tmp_path / "data").rglob("*") if path.is_file()]


def test_how_many_are_sent_and_how_many_wait_is_bounded(tmp_path: Path) -> None:
    with served(settings_for(tmp_path / "data", receive_queue=1, receive_rate=3)) as client:
        assert post(client, "one.txt", paper(1)).status_code == 202
        full = post(client, "two.txt", paper(2))
        assert (full.status_code, full.json()["limit"], full.headers["Retry-After"]) == (503, "receive_queue", "15")
        post(client, "two.txt", paper(2))
        often = post(client, "two.txt", paper(2))
        assert (often.status_code, often.json()["limit"]) == (429, "receive_rate")
        assert 0 < int(often.headers["Retry-After"]) <= 21


def test_what_was_refused_can_be_tried_again_where_it_lies(tmp_path: Path) -> None:
    settings = settings_for(tmp_path / "data")
    inbox = Inbox(settings.data / "received")
    with served(settings) as client:
        location = post(client, "a.txt", paper(1, "refused")).headers["Location"]
        take_in(inbox, settings)
        (found,) = client.get(location, headers=ALLOWED).json()["papers"]
        assert (found["paper"], found["status"]) == ("a.txt", "failed")
        (kept,) = (inbox.folder / "refused").rglob("a.txt")
        # In the place of another version of the program, which reads it.
        kept.write_text(paper(1), encoding="utf-8")
        assert command("retry", "--data", settings.data).exit_code == 0
        (found,) = client.get(location, headers=ALLOWED).json()["papers"]
        assert found["status"] == "new"
    assert not list((inbox.folder / "refused").iterdir())
    assert command("retry", "--data", settings.data).stderr.startswith("nothing is refused")


def test_a_sender_waits_as_long_as_the_server_asks_and_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "one.txt"
    file.write_text(RECORD, encoding="utf-8")
    done = {"state": "done", "papers": [{"paper": "one.txt#2", "status": "new", "findings": 3, "triples": 40}]}
    answers = iter(
        [
            httpx2.Response(404, json={}),
            httpx2.Response(429, json={"detail": "too many a minute"}, headers={"Retry-After": "0"}),
            httpx2.Response(503, json={"detail": "the queue is full"}, headers={"Retry-After": "0"}),
            httpx2.Response(202, json={"state": "waiting"}),
            httpx2.Response(502, text="a proxy's page"),
            httpx2.Response(200, json={"state": "waiting"}),
            httpx2.Response(200, json=done),
        ]
    )
    monkeypatch.setattr(server.sending, "_TICK", 0.01)
    http = httpx2.Client(transport=httpx2.MockTransport(lambda _: next(answers)), base_url="https://there.example")
    with http:
        report = send_papers([file], "https://there.example", settings_for(tmp_path), tmp_path / "f", client=http)
    assert [outcome.source for outcome in report.outcomes] == [f"{file}#2"]
    assert (report.new, report.findings, report.triples) == (1, 3, 40)
    said = capsys.readouterr().err
    assert "the server asks to wait 0 seconds: too many a minute" in said
    assert "the server asks to wait 0 seconds: the queue is full" in said


@pytest.mark.parametrize(
    ("status", "advice"),
    [
        (401, r"set send_token \(KG_SEND_TOKEN\)"),
        (403, r"kg token makes one"),
        (404, r"check the address"),
        (500, r"answers 500: it broke; tell its operator"),
    ],
)
def test_a_sender_is_told_what_to_do(tmp_path: Path, status: int, advice: str) -> None:
    (tmp_path / "one.txt").write_text(paper(1), encoding="utf-8")
    answer = httpx2.MockTransport(lambda _: httpx2.Response(status, json={"detail": "it broke"}))
    with (
        httpx2.Client(transport=answer, base_url="https://there.example") as http,
        pytest.raises(SendingFailed, match=advice),
    ):
        send_papers([tmp_path], "https://there.example", settings_for(tmp_path), tmp_path / "f", client=http)


def test_a_sender_that_is_stopped_goes_on_where_it_was(tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text(paper(1), encoding="utf-8")
    (tmp_path / "two.txt").write_text(paper(2), encoding="utf-8")
    settings = settings_for(tmp_path / "data")
    stop = threading.Event()
    stop.set()
    with served(settings) as client:
        report = send_papers([tmp_path], "https://x.example", settings, tmp_path / "f", client=client, stop=stop)
        assert (report.left, report.outcomes) == (2, ())
        for file in ("one.txt", "two.txt"):
            post(client, file, (tmp_path / file).read_bytes())
        take_in(Inbox(settings.data / "received"), settings)
        again = send_papers([tmp_path / "one.txt"], "https://x.example", settings, tmp_path / "f", client=client)
    assert (again.unchanged, again.left) == (1, 0)


def test_the_command_refuses_to_send_a_token_in_the_clear_or_none(tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text(RECORD, encoding="utf-8")
    for address, token, why in (
        ("http://there.example", "x", "give an https address"),
        ("https://name:word@there.example", "x", "--to takes the address"),
        ("there.example", "x", "--to takes the address"),
        ("https://there.example", "", "set send_token (KG_SEND_TOKEN)"),
    ):
        told = command("ingest", tmp_path, "--to", address, "--data", tmp_path / "data", KG_SEND_TOKEN=token)
        assert (told.exit_code, why in told.stderr) == (1, True), told.stderr
    both = command("ingest", tmp_path, "--to", "https://there.example", "--watch")
    assert (both.exit_code, "choose one" in both.stderr) == (1, True)


def test_a_token_and_its_hash_fit(tmp_path: Path) -> None:
    lines = dict(line.split("=", 1) for line in command("token").stdout.splitlines())
    assert lines["KG_RECEIVE_TOKENS"] == token_hash(lines["KG_SEND_TOKEN"])
    assert lines["KG_SEND_TOKEN"] not in lines["KG_RECEIVE_TOKENS"]
    wrong = command("serve", "--data", tmp_path, KG_RECEIVE_TOKENS=lines["KG_SEND_TOKEN"])
    assert wrong.exit_code == 1
    assert lines["KG_SEND_TOKEN"] not in wrong.stderr


def test_a_server_has_what_is_sent_to_it_read_by_a_process_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text(RECORD, encoding="utf-8")
    data = tmp_path / "data"
    program = [sys.executable, "-c", "from server.cli import main; main()"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "KG_WORKERS": "0", "KG_SEND_TOKEN": TOKEN}
    environment["KG_RECEIVE_TOKENS"] = token_hash(TOKEN)
    serving = subprocess.Popen(
        [*program, "serve", "--port", "0", "--data", str(data)], stderr=subprocess.PIPE, text=True, env=environment
    )
    try:
        assert serving.stderr is not None
        address = next(found[1] for line in serving.stderr if (found := re.search(r"(http://\S+)/ ", line)))
        sent = subprocess.run(
            [*program, "ingest", str(tmp_path / "one.txt"), "--to", address, "--data", str(tmp_path / "sender")],
            env=environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert sent.returncode == 0, sent.stderr
        assert re.search(r"^new +1$", sent.stdout, re.MULTILINE)
        assert b"NCT07654321" in Store.published(data).dump()
        serving.send_signal(signal.SIGINT)
        said = serving.communicate(timeout=100)[1]
        assert "Traceback" not in said
    finally:
        if serving.poll() is None:
            serving.kill()
            serving.communicate()
