"""Speaks HTTP with a service: queries that may be asked again, changes that may not, bounds on time and size."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

import httpx2

from kg.answers import QueryError, ResultTooLarge
from kg.service import (
    Service,
    ServiceFault,
    ServiceReadOnly,
    ServiceRefused,
    ServiceTimeout,
    ServiceUnreachable,
)

# Seconds: until a connection stands, and for one change.
_CONNECTING: Final = 5.0
_WRITING: Final = 300.0
# Seconds to wait before a query is asked again that found nobody or lost its connection.
_PAUSES: Final = (0.2, 0.8)
# What an answer to a query of our own may have, in bytes.
LARGEST_ANSWER: Final = 1024 * 1024 * 1024
_MESSAGE: Final = 600

Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Reply:
    """A complete answer."""

    body: bytes
    headers: Mapping[str, str]


class Client:
    """The connections to one service; safe to use from several threads."""

    def __init__(self, service: Service, authentication: httpx2.Auth | None) -> None:
        self._service = service
        headers = {"Authorization": f"Bearer {service.token}"} if service.token else {}
        self._http = httpx2.Client(auth=authentication, headers=headers, follow_redirects=False)

    def close(self) -> None:
        """End all connections."""
        self._http.close()

    def query(self, parameters: Pairs, accept: str, max_bytes: int | None = None) -> Reply:
        """The answer to a query; asked again where nobody answered, since asking changes nothing.

        Raises QueryError, ResultTooLarge and the exceptions of ``kg.service``.
        """
        deadline = time.monotonic() + self._service.seconds
        form = list(parameters)
        for pause in _PAUSES:
            try:
                return self._send("POST", self._service.query, deadline, max_bytes, form=form, accept=accept)
            except ServiceUnreachable:
                if time.monotonic() + pause >= deadline:
                    raise
                time.sleep(pause)
        return self._send("POST", self._service.query, deadline, max_bytes, form=form, accept=accept)

    def update(self, text: str) -> None:
        """Make a change; never sent twice. Raises QueryError and the exceptions of ``kg.service``."""
        self._write("POST", self._required(self._service.update, "store_update"), text.encode(), "sparql-update")

    def put(self, graph: tuple[str, str], lines: bytes, *, merge: bool = False) -> None:
        """Give a graph, named by the parameter and the IRI, exactly these N-Triples; with ``merge`` add them."""
        address = self._required(self._service.graphs, "store_graphs")
        self._write("POST" if merge else "PUT", address, lines, "n-triples", graph)

    def delete(self, graph: tuple[str, str]) -> None:
        """Remove a graph, named by the parameter and the IRI."""
        self._write("DELETE", self._required(self._service.graphs, "store_graphs"), None, None, graph)

    def _required(self, address: str, setting: str) -> str:
        if not address:
            raise ServiceReadOnly(
                f"the store at {self._service.query} can only be read: set {setting} "
                f"(KG_{setting.upper()}) to the address where it takes changes"
            )
        return address

    def _write(
        self, method: str, address: str, body: bytes | None, kind: str | None, graph: tuple[str, str] | None = None
    ) -> None:
        deadline = time.monotonic() + _WRITING
        if graph:
            address = f"{address}{'&' if '?' in address else '?'}{urlencode([graph])}"
        self._send(method, address, deadline, None, body=body, kind=kind)

    def _send(
        self,
        method: str,
        address: str,
        deadline: float,
        max_bytes: int | None,
        *,
        accept: str = "*/*",
        form: Pairs | None = None,
        body: bytes | None = None,
        kind: str | None = None,
    ) -> Reply:
        headers = {"Accept": accept}
        if form is not None:
            body = urlencode(form).encode("ascii")
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        elif kind is not None:
            headers["Content-Type"] = f"application/{kind}"
        left = max(deadline - time.monotonic(), 0.001)
        timeout = httpx2.Timeout(left, connect=min(_CONNECTING, left))
        with self._told(address, writing=form is None):
            request = self._http.build_request(method, address, content=body, headers=headers, timeout=timeout)
            response = self._http.send(request, stream=True)
            try:
                limit = LARGEST_ANSWER if max_bytes is None else max_bytes
                data = b"".join(self._parts(response, deadline, limit))
            finally:
                response.close()
        self._judge(address, method, response.status_code, data)
        return Reply(data, response.headers)

    def _parts(self, response: httpx2.Response, deadline: float, limit: int) -> Iterator[bytes]:
        size = 0
        for part in response.iter_bytes():
            size += len(part)
            if size > limit:
                raise ResultTooLarge(f"the result has more than {limit} bytes; ask for less, with LIMIT for example")
            if time.monotonic() > deadline:
                raise httpx2.ReadTimeout("the answer did not end in time")
            yield part

    @contextmanager
    def _told(self, address: str, *, writing: bool) -> Iterator[None]:
        """Turn what can happen to a connection into the exceptions of ``kg.service``."""
        try:
            yield
        except httpx2.TimeoutException as error:
            if isinstance(error, httpx2.ConnectTimeout):
                raise self._away(address, error) from error
            unsure = "; whether the change was made is not known, so make it again" if writing else ""
            raise ServiceTimeout(f"the store at {address} did not answer in time{unsure}") from error
        except httpx2.DecodingError as error:
            raise ServiceFault(f"the answer of the store at {address} cannot be unpacked: {error}") from error
        except httpx2.TransportError as error:
            raise self._away(address, error) from error
        except httpx2.InvalidURL as error:
            raise ServiceUnreachable(f"the address of the store is no address: {address}") from error

    def _away(self, address: str, error: Exception) -> ServiceUnreachable:
        return ServiceUnreachable(
            f"the store at {address} cannot be reached ({error}): start it, or correct the setting store (KG_STORE)"
        )

    def _judge(self, address: str, method: str, status: int, data: bytes) -> None:
        """Raise what the status says, if it is not success."""
        if 200 <= status < 300 or (status == 404 and method == "DELETE"):
            return
        message = data[:_MESSAGE].decode("utf-8", "replace").strip()
        if status == 400:
            raise QueryError(message or "the store refuses this and does not say why")
        if status in {401, 403}:
            raise ServiceRefused(
                f"the store at {address} wants other credentials (status {status}): set store_user and "
                "store_password, or store_token (KG_STORE_USER, KG_STORE_PASSWORD, KG_STORE_TOKEN)"
            )
        if status in {404, 405, 502, 503} or 300 <= status < 400:
            raise ServiceUnreachable(
                f"no SPARQL service answers at {address} (status {status}): start it, or correct the settings "
                "store, store_update and store_graphs"
            )
        if status in {408, 504} or "S1T00" in message:
            raise ServiceTimeout(f"the store at {address} stopped the query: {message or status}")
        if status in {413, 414}:
            raise QueryError(f"the store refuses what is this long (status {status})")
        raise ServiceFault(f"the store at {address} failed (status {status}): {message}")
