"""What goes wrong on the way to an answer: one exception with its status, and its body by RFC 9457."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus

from kg.service import ServiceError, ServiceFault, ServiceReadOnly, ServiceTimeout


class Problem(Exception):
    """An error status with a sentence that says what to do; ``limit`` names the setting that was reached."""

    def __init__(
        self, status: int, detail: str, *, limit: str | None = None, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.limit = limit
        self.headers = dict(headers or {})


class SendingFailed(Exception):
    """Papers cannot be sent to a server; the message says what to do."""


def service_problem(error: ServiceError) -> Problem:
    """What visitors are told of a failure of the service that holds the graph.

    The error's own words name addresses and settings, which are the operator's business and go to the log.
    """
    match error:
        case ServiceTimeout():
            return Problem(504, "the store behind this site took too long; ask for less", limit="query_seconds")
        case ServiceFault():
            return Problem(502, "the store behind this site gave no complete answer")
        case ServiceReadOnly():
            return Problem(403, "this site only reads: its store takes no changes", limit="store_update")
        case _:
            return Problem(
                503, "the store behind this site does not answer at the moment", headers={"Retry-After": "5"}
            )


def problem_body(problem: Problem) -> bytes:
    """The problem as application/problem+json; the same five keys at most, for every error of the server."""
    body: dict[str, object] = {
        "type": "about:blank",
        "title": HTTPStatus(problem.status).phrase,
        "status": problem.status,
        "detail": problem.detail,
    }
    if problem.limit is not None:
        body["limit"] = problem.limit
    return json.dumps(body, ensure_ascii=False).encode("utf-8")
