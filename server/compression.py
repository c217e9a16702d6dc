"""Compresses answers as the client's Accept-Encoding likes best: br, gzip, or not at all (RFC 9110, 12.5.3)."""

from __future__ import annotations

import zlib
from typing import Protocol

import brotli
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.negotiation import weighted

# Shorter answers do not get shorter by it.
_SHORTEST = 600
_COMPRESSIBLE = (
    "text/",
    "application/json",
    "application/ld+json",
    "application/sparql-results",
    "application/rdf+xml",
)
_ALSO = ("application/n-", "application/trig", "application/problem+json", "image/svg+xml")


class _Encoder(Protocol):
    def add(self, part: bytes) -> bytes: ...

    def end(self) -> bytes: ...


class _Gzip:
    def __init__(self) -> None:
        self._encoder = zlib.compressobj(5, wbits=31)

    def add(self, part: bytes) -> bytes:
        return self._encoder.compress(part)

    def end(self) -> bytes:
        return self._encoder.flush()


class _Brotli:
    def __init__(self) -> None:
        self._encoder = brotli.Compressor(quality=4)

    def add(self, part: bytes) -> bytes:
        return bytes(self._encoder.process(part))

    def end(self) -> bytes:
        return bytes(self._encoder.finish())


def chosen_encoding(header: str | None) -> str | None:
    """``br`` or ``gzip``, whichever the header weighs more, ``br`` among equals; ``None`` for neither."""
    qualities = {entry.name: entry.quality for entry in weighted(header or "")}
    other = qualities.get("*", 0.0)
    best = max(("br", "gzip"), key=lambda name: qualities.get(name, other))
    return best if qualities.get(best, other) > 0 else None


class Compression:
    """Compresses what is worth it, part by part, without waiting for the whole."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and compress its answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        name = chosen_encoding(Headers(scope=scope).get("accept-encoding"))
        await self._app(scope, receive, _Compressed(send, name))


class _Compressed:
    def __init__(self, send: Send, name: str | None) -> None:
        self._send = send
        self._name = name
        self._encoder: _Encoder | None = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start(message)
        elif self._encoder is not None and message["type"] == "http.response.body":
            message = self._packed(message, self._encoder)
        await self._send(message)

    def _start(self, message: Message) -> None:
        headers = MutableHeaders(scope=message)
        if not _worth_it(headers):
            return
        headers.add_vary_header("Accept-Encoding")
        if self._name is None:
            return
        self._encoder = _Brotli() if self._name == "br" else _Gzip()
        headers["Content-Encoding"] = self._name
        del headers["Content-Length"]

    @staticmethod
    def _packed(message: Message, encoder: _Encoder) -> Message:
        body = encoder.add(message.get("body", b""))
        if not message.get("more_body", False):
            body += encoder.end()
        return {**message, "body": body}


def _worth_it(headers: MutableHeaders) -> bool:
    if "content-encoding" in headers or int(headers.get("content-length", _SHORTEST)) < _SHORTEST:
        return False
    return headers.get("content-type", "").startswith((*_COMPRESSIBLE, *_ALSO))
