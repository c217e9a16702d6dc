"""What an operator can set: one list of settings, and the frozen values a run of the program uses."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from kg.service import KINDS, Kind, Location, Service, addresses

CONFIGURATION_FILE = "kg.toml"
LOG_LEVELS = ("critical", "error", "warning", "info", "debug")


class SettingError(Exception):
    """A setting that cannot be used; the message names it, its source and what is expected."""


class HiddenValue(ValueError):
    """A value that cannot be used and is not to be shown, since it may hold a secret."""


def _whole_number(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError("expected a whole number above 0")
    return number


def _cores() -> int:
    return len(os.sched_getaffinity(0))


def _workers(text: str) -> int:
    if text == "all":
        return _cores()
    number = int(text)
    if number < 0:
        raise ValueError("expected a whole number, or all")
    return number


def _port(text: str) -> int:
    number = int(text)
    if not 0 <= number <= 65535:
        raise ValueError("expected a port between 0 and 65535")
    return number


def _seconds(text: str) -> float:
    number = float(text)
    if not 0 < number < 86400:
        raise ValueError("expected seconds above 0 and below 86400")
    return number


def _yes_or_no(text: str) -> bool:
    if text.lower() not in {"yes", "no", "true", "false"}:
        raise ValueError("expected yes or no")
    return text.lower() in {"yes", "true"}


def _base_iri(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.netloc or not text.endswith("/"):
        raise ValueError("expected an http(s) address that ends in /")
    return text


def _address(text: str) -> str:
    parts = urlsplit(text)
    if "@" in parts.netloc:
        raise HiddenValue("expected an address without a name in it; set store_user and store_password")
    if text and (parts.scheme not in {"http", "https"} or not parts.netloc):
        raise ValueError("expected an http(s) address")
    return text


def _kind(text: str) -> str:
    if text not in KINDS:
        raise ValueError(f"expected one of {', '.join(KINDS)}")
    return text


def _hashes(text: str) -> tuple[str, ...]:
    hashes = tuple(part.strip().lower() for part in text.split(",") if part.strip())
    if not all(re.fullmatch("[0-9a-f]{64}", found) for found in hashes):
        raise HiddenValue("expected hashes of 64 hexadecimal digits, not the tokens; kg token makes both")
    return hashes


def _log_level(text: str) -> str:
    if text.lower() not in LOG_LEVELS:
        raise ValueError(f"expected one of {', '.join(LOG_LEVELS)}")
    return text.lower()


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing that can be set: ``name`` is the key in kg.toml, ``KG_`` + upper-case name the variable."""

    name: str
    default: str
    help: str
    parse: Callable[[str], object]

    @property
    def variable(self) -> str:
        """The environment variable that holds it."""
        return f"KG_{self.name.upper()}"

    @property
    def option(self) -> str:
        """The command-line option that holds it."""
        return f"--{self.name.replace('_', '-')}"


SETTINGS = (
    Setting("data", "data", "folder that holds the store and the failure report", Path),
    Setting(
        "base_iri",
        "https://w3id.org/evidence-kg/",
        "start of every IRI that the graph makes; set it before the first ingest",
        _base_iri,
    ),
    Setting("store", "", "address of the SPARQL service that holds the graph; without one it lies in data", _address),
    Setting("store_kind", "standard", f"what the service is: {', '.join(KINDS)}", _kind),
    Setting("store_update", "", "where the service takes updates; known for oxigraph and virtuoso", _address),
    Setting("store_graphs", "", "where the service takes whole graphs; known for oxigraph and virtuoso", _address),
    Setting("store_user", "", "name to give to the service", str),
    Setting("store_password", "", "password of that name", str),
    Setting("store_token", "", "token to give to the service in the place of a name and a password", str),
    Setting(
        "workers",
        "all",
        "processes that read papers; all: one on each core, 0: none but the command's own, without the next two limits",
        _workers,
    ),
    Setting("document_seconds", "120", "seconds that reading one paper may take", _seconds),
    Setting("document_memory_mib", "2048", "memory that reading one paper may take, in MiB", _whole_number),
    Setting("host", "127.0.0.1", "address that the server listens on", str),
    Setting("port", "8000", "port that the server listens on; 0 takes a free one", _port),
    Setting("processes", "1", "server processes that share the port", _whole_number),
    Setting("query_seconds", "30", "seconds that one SPARQL query may take", _seconds),
    Setting("query_memory_mib", "1024", "memory that one SPARQL query may take, in MiB", _whole_number),
    Setting("query_result_mib", "32", "size that one SPARQL answer may have, in MiB", _whole_number),
    Setting("query_workers", "2", "SPARQL queries that run at the same time", _whole_number),
    Setting("query_queue", "16", "SPARQL queries that may wait for a free worker", _whole_number),
    Setting("query_per_client", "8", "SPARQL queries of one client that run or wait at the same time", _whole_number),
    Setting("query_rate", "600", "SPARQL queries of one client in a minute", _whole_number),
    Setting("log_queries", "no", "yes writes the text of each SPARQL query to the log, no only its hash", _yes_or_no),
    Setting(
        "update_token", "", "secret that allows SPARQL Update and changes to graphs; without one both are off", str
    ),
    Setting(
        "receive_tokens",
        "",
        "hashes, as kg token prints them, with commas between, of the tokens with which papers may be sent; "
        "without one nobody may",
        _hashes,
    ),
    Setting("receive_queue", "1000", "files that may wait to be read after they were sent", _whole_number),
    Setting("receive_rate", "600", "files that may be sent with one token in a minute", _whole_number),
    Setting("send_token", "", "token to give to the server that kg ingest --to sends papers to", str),
    Setting("max_file_mib", "20", "largest file that ingest, extract and the graph store read, in MiB", _whole_number),
    Setting("log_level", "warning", f"one of {', '.join(LOG_LEVELS)}", _log_level),
)


@dataclass(frozen=True, slots=True)
class Settings:
    """The values in force, one field for each entry of ``SETTINGS``."""

    data: Path = Path("data")
    base_iri: str = "https://w3id.org/evidence-kg/"
    store: str = ""
    store_kind: Kind = "standard"
    store_update: str = ""
    store_graphs: str = ""
    store_user: str = ""
    store_password: str = field(default="", repr=False)
    store_token: str = field(default="", repr=False)
    workers: int = field(default_factory=_cores)
    document_seconds: float = 120.0
    document_memory_mib: int = 2048
    host: str = "127.0.0.1"
    port: int = 8000
    processes: int = 1
    query_seconds: float = 30.0
    query_memory_mib: int = 1024
    query_result_mib: int = 32
    query_workers: int = 2
    query_queue: int = 16
    query_per_client: int = 8
    query_rate: int = 600
    log_queries: bool = False
    update_token: str = field(default="", repr=False)
    receive_tokens: tuple[str, ...] = field(default=(), repr=False)
    receive_queue: int = 1000
    receive_rate: int = 600
    send_token: str = field(default="", repr=False)
    max_file_mib: int = 20
    log_level: str = "warning"

    @property
    def location(self) -> Location:
        """Where the graph is."""
        if not self.store:
            return self.data
        update, graphs = addresses(self.store_kind, self.store)
        return Service(
            query=self.store,
            update=self.store_update or update,
            graphs=self.store_graphs or graphs,
            kind=self.store_kind,
            base=self.base_iri,
            folder=self.data,
            user=self.store_user,
            password=self.store_password,
            token=self.store_token,
            seconds=self.query_seconds,
        )

    @property
    def max_file_bytes(self) -> int:
        """The largest file that is read, in bytes."""
        return self.max_file_mib * 1024 * 1024

    @property
    def document_memory_bytes(self) -> int:
        """The memory for one paper, in bytes."""
        return self.document_memory_mib * 1024 * 1024

    @property
    def query_result_bytes(self) -> int:
        """The largest SPARQL answer, in bytes."""
        return self.query_result_mib * 1024 * 1024

    @property
    def query_memory_bytes(self) -> int:
        """The memory of one SPARQL query, in bytes."""
        return self.query_memory_mib * 1024 * 1024


def load_settings(options: Mapping[str, object], environment: Mapping[str, str], folder: Path) -> Settings:
    """The settings in force: an option wins over a KG_* variable, that over kg.toml, that over the default.

    ``options`` maps setting names to values, ``None`` standing for an option not given. ``folder`` is where
    kg.toml is looked for. Raises SettingError for a value that cannot be used and for an unknown key.
    """
    written = _read_configuration(folder / CONFIGURATION_FILE)
    values: dict[str, object] = {}
    for setting in SETTINGS:
        candidates = (
            (options.get(setting.name), f"option {setting.option}"),
            (environment.get(setting.variable), f"variable {setting.variable}"),
            (written.get(setting.name), f"{CONFIGURATION_FILE}, key {setting.name}"),
            (setting.default, "default"),
        )
        value, source = next((value, source) for value, source in candidates if value is not None)
        try:
            values[setting.name] = setting.parse(str(value))
        except HiddenValue as error:
            raise SettingError(f"{source}: cannot be used: {error}") from None
        except ValueError as error:
            raise SettingError(f"{source}: {value!r} cannot be used: {error}") from error
    return Settings(**values)  # type: ignore[arg-type]  # each parse gives its field's type


def _read_configuration(path: Path) -> Mapping[str, object]:
    if not path.is_file():
        return {}
    try:
        written = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise SettingError(f"{path}: cannot be read: {error}") from error
    known = {setting.name for setting in SETTINGS}
    for name in written:
        if name not in known:
            raise SettingError(f"{path}: unknown key {name!r}; known are {', '.join(sorted(known))}")
    return written
