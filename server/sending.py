"""Sends papers to a running server, and says of each what became of it there."""

from __future__ import annotations

import hashlib
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import httpx2

from kg.ingest import files_of
from kg.outcomes import IngestReport, Outcome
from server.account import told
from server.interface import PREFIX
from server.problems import SendingFailed
from server.progress import interruption, log_end, progress
from server.settings import Settings

# Seconds: for one answer, between two looks at what became of the files, and without any news.
_ANSWERING: Final = 120.0
_TICK: Final = 1.0
_PATIENCE: Final = 1800.0
# Seconds to wait before a server is called again that did not answer.
_PAUSES: Final = (1.0, 4.0, 15.0)
# Seconds that a server's word to wait is taken for at most.
_LONGEST_WAIT: Final = 300.0

Tell = Callable[[Outcome, int, int], None]


def send_papers(
    paths: Sequence[Path],
    address: str,
    settings: Settings,
    failures: Path,
    *,
    log: Path | None = None,
    stop: threading.Event | None = None,
    client: httpx2.Client | None = None,
) -> IngestReport:
    """Send the files, and those below the folders, to the server; wait until they are read; report as ``kg ingest``.

    A file that the server has taken in is not sent again. It ends early when ``stop`` is set, or where there is none at
    Ctrl-C; what was sent is read all the same. Raises SendingFailed.
    """
    _require_safe(address)
    if not settings.send_token:
        raise SendingFailed(
            "sending papers needs a token of the server: set send_token (KG_SEND_TOKEN) to the one from its operator"
        )
    files = files_of(paths)
    headers = {"Authorization": f"Bearer {settings.send_token}"}
    with (
        progress(log) as tell,
        nullcontext(stop) if stop is not None else interruption() as stopped,
        nullcontext(client) if client is not None else httpx2.Client(base_url=address, timeout=_ANSWERING) as http,
    ):
        report = _Sending(http, headers, address, settings.max_file_bytes, files, tell, stopped).run()
    if log is not None:
        log_end(log, report)
    return told(report, failures)


def _require_safe(address: str) -> None:
    parts = urlsplit(address)
    if "@" in parts.netloc or parts.scheme not in {"http", "https"} or not parts.hostname:
        raise SendingFailed(f"--to takes the address of a server, such as https://evidence.example.org: {address!r}")
    try:
        is_here = parts.hostname == "localhost" or ip_address(parts.hostname).is_loopback
    except ValueError:
        is_here = False
    if parts.scheme == "http" and not is_here:
        raise SendingFailed(f"{address} would carry the token in the clear: give an https address")


@dataclass(frozen=True, slots=True)
class _Sent:
    """A file that waits on the server."""

    file: Path
    place: int
    id: str


@dataclass(slots=True)
class _Sending:
    """One run: files are sent one after the other, and those that wait there are asked about meanwhile."""

    http: httpx2.Client
    headers: dict[str, str]
    address: str
    max_bytes: int
    files: tuple[Path, ...]
    tell: Tell
    stopped: threading.Event
    waiting: deque[_Sent] = field(default_factory=deque)
    done: dict[int, list[Outcome]] = field(default_factory=dict)
    looked: float = 0.0
    news: float = field(default_factory=time.monotonic)

    def run(self) -> IngestReport:
        """Send them all, and wait."""
        started = time.monotonic()
        for place, file in enumerate(self.files, start=1):
            if self.stopped.is_set():
                break
            self._send(file, place)
            self._look()
        while self.waiting and not self.stopped.wait(_TICK):
            self._look()
            self._require_news("no file has been read for half an hour")
        outcomes = [outcome for _, found in sorted(self.done.items()) for outcome in found]
        return IngestReport(tuple(outcomes), time.monotonic() - started, len(self.files) - len(self.done))

    def _send(self, file: Path, place: int) -> None:
        try:
            size = file.stat().st_size
            data = file.read_bytes() if size <= self.max_bytes else b""
        except OSError as error:
            self._refuse(file, place, f"the file cannot be opened ({error.strerror}); check that it may be read")
            return
        if size > self.max_bytes:
            self._refuse(file, place, f"the file has more than {self.max_bytes / 1048576:g} MiB; give it in parts")
            return
        name = file.name.encode("utf-8", "replace").decode("utf-8")
        file_id = hashlib.sha256(name.encode("utf-8") + b"\0" + data).hexdigest()
        known = self._ask("GET", f"/{file_id}")
        if known.status_code == 200 and self._settle(_Sent(file, place, file_id), known.json(), is_new=False):
            return
        answer = self._ask("POST", "", params={"name": name}, content=data)
        if answer.status_code in {400, 413, 415}:
            self._refuse(file, place, f"the server refuses it: {_detail(answer)}")
        elif answer.status_code in {200, 202}:
            self.news = time.monotonic()
            self._settle(_Sent(file, place, file_id), answer.json(), is_new=answer.status_code == 202)
        elif not self.stopped.is_set():
            raise SendingFailed(f"{self.address} answers {answer.status_code}: {_detail(answer)}; tell its operator")

    def _look(self) -> None:
        """Ask about the files that wait, in their order, until one of them still waits."""
        if time.monotonic() < self.looked + _TICK:
            return
        self.looked = time.monotonic()
        while self.waiting:
            first = self.waiting.popleft()
            answer = self._ask("GET", f"/{first.id}")
            if answer.status_code != 200:
                self.waiting.appendleft(first)
                return
            before = len(self.waiting)
            self._settle(first, answer.json(), is_new=True)
            if len(self.waiting) > before:
                self.waiting.rotate(1)
                return
            self.news = time.monotonic()

    def _settle(self, sent: _Sent, status: dict[str, Any], *, is_new: bool) -> bool:
        """Note what became of the file; false where it was refused in an earlier run and is to be sent again."""
        if status["state"] == "waiting":
            self.waiting.append(sent)
            return True
        found = [_outcome(sent.file, entry) for entry in status["papers"]]
        if not is_new:
            if any(outcome.status == "failed" for outcome in found):
                return False
            found = [replace(outcome, status="unchanged", reason=None, findings=0, triples=0) for outcome in found]
        self._note(sent.place, found)
        return True

    def _refuse(self, file: Path, place: int, reason: str) -> None:
        self._note(place, [Outcome(str(file), "failed", reason=reason)])

    def _note(self, place: int, found: list[Outcome]) -> None:
        self.done[place] = found
        for outcome in found:
            self.tell(outcome, len(self.done), len(self.files))

    def _ask(self, method: str, path: str, **rest: Any) -> httpx2.Response:
        """The server's answer, once it is not one to wait for; raises SendingFailed where nothing can be sent to it."""
        pauses = list(_PAUSES)
        while True:
            try:
                answer = self.http.request(method, f"{PREFIX}/papers{path}", headers=self.headers, **rest)
            except httpx2.TransportError as error:
                if not pauses or self.stopped.is_set():
                    raise SendingFailed(
                        f"{self.address} does not answer ({error}); when it does, the same command goes on"
                    ) from error
                self.stopped.wait(pauses.pop(0))
                continue
            if answer.status_code == 401:
                raise SendingFailed(
                    f"{self.address} does not know the token: set send_token (KG_SEND_TOKEN) to one it has"
                )
            if answer.status_code == 403:
                raise SendingFailed(
                    f"{self.address} takes in no papers: its operator has to set receive_tokens (kg token makes one)"
                )
            if answer.status_code == 404 and method == "POST":
                raise SendingFailed(f"{self.address} is no Evidence Graph that takes in papers: check the address")
            if answer.status_code not in {429, 503} or self.stopped.is_set():
                return answer
            self._wait(answer)

    def _wait(self, answer: httpx2.Response) -> None:
        """Wait as long as the server says."""
        said = answer.headers.get("retry-after", "")
        seconds = min(float(said), _LONGEST_WAIT) if said.isdecimal() else _PAUSES[-1]
        self._require_news(f"the server has had no room for half an hour: {_detail(answer)}")
        sys.stderr.write(f"the server asks to wait {seconds:g} seconds: {_detail(answer)}\n")
        self.stopped.wait(seconds)

    def _require_news(self, problem: str) -> None:
        if time.monotonic() > self.news + _PATIENCE:
            raise SendingFailed(f"{problem}; ask the operator of {self.address}, then call the same command again")


def _outcome(file: Path, entry: dict[str, Any]) -> Outcome:
    return Outcome(
        f"{file}{entry['paper'].removeprefix(file.name)}",
        entry["status"],
        entry.get("report"),
        entry.get("reason"),
        entry.get("findings", 0),
        entry.get("triples", 0),
    )


def _detail(answer: httpx2.Response) -> str:
    """What the server says is wrong, in its own words where it has any."""
    try:
        return str(answer.json()["detail"])
    except (ValueError, KeyError, TypeError):
        return answer.reason_phrase
