"""Takes in papers over HTTP: holders of a token send files, which wait on disk until the writer has read them."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
import time
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from extractors.documents import UnreadableDocument
from extractors.readers import require_kind
from kg.received import Arrival, Inbox, Received, UnusableName
from server.interface import PREFIX, PROBLEM
from server.negotiation import JSON
from server.problems import Problem
from server.settings import Settings
from server.site import site_of

# Seconds after which a queue that is full may have room again.
_ROOM: Final = "15"
_STATUS: Final[dict[str, Any]] = {"content": {JSON.media_type: {}}}
_NOT_ALLOWED: Final[dict[int | str, dict[str, Any]]] = {
    401: {**PROBLEM, "description": "The token is missing or not known."},
    403: {**PROBLEM, "description": "This service takes in no papers."},
    422: {**PROBLEM, "description": "Never given."},
}

interface = APIRouter(prefix=f"{PREFIX}/papers", tags=["papers"])


@dataclass(slots=True)
class Rates:
    """How many files each token has still open in this minute; safe to ask from several threads."""

    a_minute: int
    _seen: dict[str, tuple[float, float]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def require(self, token: str) -> None:
        """Count one file; a Problem with status 429 where there were too many."""
        now = time.monotonic()
        with self._lock:
            left, then = self._seen.get(token, (float(self.a_minute), now))
            left = min(self.a_minute, left + (now - then) * self.a_minute / 60)
            self._seen[token] = left - 1 if left >= 1 else left, now
        if left < 1:
            seconds = int((1 - left) * 60 / self.a_minute) + 1
            raise Problem(
                429,
                f"more than {self.a_minute} files a minute; wait {seconds} seconds",
                limit="receive_rate",
                headers={"Retry-After": str(seconds)},
            )


@interface.post(
    "",
    status_code=202,
    response_class=Response,
    openapi_extra={"requestBody": {"required": True, "content": {"application/octet-stream": {}}}},
    responses={
        **_NOT_ALLOWED,
        200: {**_STATUS, "description": "The file is known already."},
        202: {**_STATUS, "description": "The file waits; the location says what becomes of it."},
        400: {**PROBLEM, "description": "The file's name cannot be used."},
        413: {**PROBLEM, "description": "The file is too large."},
        415: {**PROBLEM, "description": "No reader reads files of this kind."},
        429: {**PROBLEM, "description": "Too many files in a minute."},
        503: {**PROBLEM, "description": "Too many files wait."},
        507: {**PROBLEM, "description": "The disk is full."},
    },
)
async def receive(request: Request, name: str = Query(description="the file's name, without folders")) -> Response:
    """Take in a file of papers, as it is in the body; what it is, is told by its content."""
    settings = site_of(request).settings
    rates: Rates = request.app.state.rates
    rates.require(_token_of(request, settings))
    limit = settings.max_file_bytes
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > limit:
        raise _too_large(limit)
    try:
        with _inbox(settings).arrival(name) as arrival:
            async for part in _bounded(request.stream(), limit):
                arrival.write(part)
            known, is_new = await run_in_threadpool(_taken, settings, arrival)
    except UnusableName as error:
        raise Problem(400, str(error)) from error
    except UnreadableDocument as error:
        raise Problem(415, str(error)) from error
    except OSError as error:
        raise Problem(507, f"the file cannot be kept: {error.strerror}") from error
    return _status(known, 202 if is_new else 200)


@interface.get(
    "/{file_id}",
    response_class=Response,
    responses={**_NOT_ALLOWED, 200: _STATUS, 404: {**PROBLEM, "description": "No such file was sent."}},
)
def status(request: Request, file_id: str) -> Response:
    """What became of a file that was sent: ``waiting``, or ``done`` with its papers; raises Problem.

    A file's id is the SHA-256, in hexadecimal, of its name in UTF-8, a zero byte and its content.
    """
    settings = site_of(request).settings
    _token_of(request, settings)
    known = _inbox(settings).known(file_id)
    if known is None:
        raise Problem(404, "no file with this id was sent")
    return _status(known, 200)


def token_hash(token: str) -> str:
    """What is kept of a token: it cannot be told from it."""
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest()


def _token_of(request: Request, settings: Settings) -> str:
    """The hash of the request's token; a Problem with status 403 or 401 where it may not send."""
    if not settings.receive_tokens:
        raise Problem(403, "this service takes in no papers: no token for them has been set", limit="receive_tokens")
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    given = token_hash(token.strip())
    # All of them are compared, so that the time says nothing.
    fits = [hmac.compare_digest(given, known) for known in settings.receive_tokens]
    if scheme.lower() != "bearer" or not any(fits):
        raise Problem(
            401,
            "sending papers needs the header Authorization: Bearer with a token of this service",
            headers={"WWW-Authenticate": 'Bearer realm="papers"'},
        )
    return given


async def _bounded(stream: AsyncIterator[bytes], limit: int) -> AsyncIterator[bytes]:
    size = 0
    async for part in stream:
        size += len(part)
        if size > limit:
            raise _too_large(limit)
        yield part


def _too_large(limit: int) -> Problem:
    return Problem(413, f"a file may have {limit / 1048576:g} MiB; give it in parts", limit="max_file_mib")


def _taken(settings: Settings, arrival: Arrival) -> tuple[Received, bool]:
    """What is known of the file, and whether it was put into the queue just now."""
    inbox = _inbox(settings)
    known = inbox.known(arrival.id)
    # What was refused is tried again: limits or reading rules may have changed.
    if known is not None and (known.state == "waiting" or known.is_whole):
        return known, False
    require_kind(arrival.contents())
    if inbox.size() >= settings.receive_queue:
        raise Problem(
            503,
            f"{settings.receive_queue} files wait to be read; send this one later",
            limit="receive_queue",
            headers={"Retry-After": _ROOM},
        )
    return inbox.accept(arrival), True


def _status(known: Received, status_code: int) -> Response:
    document: dict[str, object] = {"id": known.id, "name": known.name, "state": known.state}
    if known.state == "waiting":
        document["before"] = known.before
    else:
        document["papers"] = [
            {"paper" if name == "source" else name: value for name, value in asdict(paper).items() if value is not None}
            for paper in known.papers
        ]
    response = Response(json.dumps(document, ensure_ascii=False), status_code, media_type=JSON.media_type)
    response.headers["Location"] = f"{PREFIX}/papers/{known.id}"
    response.headers["Cache-Control"] = "no-store"
    return response


def _inbox(settings: Settings) -> Inbox:
    return Inbox(settings.data / "received")
