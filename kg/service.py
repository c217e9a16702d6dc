"""A SPARQL 1.1 service that holds the graph instead of a folder: its addresses, its kind, and how it can fail.

Nothing heavy is imported here, since every command reads its settings.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal, get_args

Kind = Literal["standard", "oxigraph", "virtuoso"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)

# Where a service of a known kind takes updates and whole graphs, by the last part of its query address.
_ADDRESSES: Final[dict[Kind, tuple[str, str, str]]] = {
    "oxigraph": ("/query", "/update", "/store"),
    "virtuoso": ("/sparql", "/sparql-auth", "/sparql-graph-crud-auth"),
}


@dataclass(frozen=True, slots=True)
class Service:
    """Where a service is and how it is spoken to.

    ``folder`` is where the writers of this machine agree on who is first; ``seconds`` is how long an answer to a
    query may take. The secrets are in no representation.
    """

    query: str
    update: str
    graphs: str
    kind: Kind
    base: str
    folder: Path
    user: str = ""
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    seconds: float = 30.0


# Where a graph is: in a folder, or in a service.
Location = Path | Service


def addresses(kind: Kind, query: str) -> tuple[str, str]:
    """Where a service of the kind takes updates and whole graphs; empty where its kind does not say."""
    if kind not in _ADDRESSES:
        return "", ""
    last, update, graphs = _ADDRESSES[kind]
    stem = query.rstrip("/").removesuffix(last)
    return stem + update, stem + graphs


class ServiceError(Exception):
    """The service that holds the graph did not do what it was asked; the message says what to do."""


class ServiceUnreachable(ServiceError):
    """Nothing answers at its address, or only a gateway in front of it."""


class ServiceRefused(ServiceError):
    """It wants other credentials."""


class ServiceFault(ServiceError):
    """It answered with an error, by halves, or in a way that no standard knows."""


class ServiceTimeout(ServiceError):
    """No complete answer came in time."""


class ServiceUnsuited(ServiceError):
    """What was asked for is done with a folder only."""


class ServiceReadOnly(ServiceError):
    """No address for changes is known."""
