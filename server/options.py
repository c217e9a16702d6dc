"""What the commands have in common: their options, the settings in force, and errors said in one line.

What it needs is imported where it is needed, since the language pipelines and the web framework take longer to load
than ``kg --help`` may.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from server.settings import SETTINGS, SettingError, Settings, load_settings

_HELP = {setting.name: setting.help for setting in SETTINGS}
Paths = Annotated[list[Path], typer.Argument(help="files and folders of papers", show_default=False)]
Data = Annotated[Path | None, typer.Option("--data", help=_HELP["data"], show_default=False)]
Base = Annotated[str | None, typer.Option("--base-iri", help=_HELP["base_iri"], show_default=False)]
Host = Annotated[str | None, typer.Option("--host", help=_HELP["host"], show_default=False)]
Port = Annotated[str | None, typer.Option("--port", help=_HELP["port"], show_default=False)]
Processes = Annotated[str | None, typer.Option("--processes", help=_HELP["processes"], show_default=False)]
MaxFile = Annotated[str | None, typer.Option("--max-file-mib", help=_HELP["max_file_mib"], show_default=False)]
Workers = Annotated[str | None, typer.Option("--workers", help=_HELP["workers"], show_default=False)]
DocumentSeconds = Annotated[
    str | None, typer.Option("--document-seconds", help=_HELP["document_seconds"], show_default=False)
]
Failures = Annotated[
    Path | None,
    typer.Option(help="where to write the failure report (JSON lines); DATA/failures.jsonl if not given"),
]
Log = Annotated[Path | None, typer.Option("--log", help="file to log each paper to (JSON lines)", show_default=False)]
Level = Annotated[str | None, typer.Option("--log-level", help=_HELP["log_level"], show_default=False)]


def fail(message: str) -> NoReturn:
    """End the command with the message and exit code 1."""
    typer.echo(f"kg: {message}", err=True)
    raise typer.Exit(1)


@contextmanager
def plainly() -> Iterator[None]:
    """Turn the errors that a user can mend into one line on standard error and exit code 1."""
    from kg.archive import FolderInUse, UnreadableBackup
    from kg.checkpoints import NothingPublished
    from kg.documents import DocumentsMissing
    from kg.evaluation.problems import EvaluationProblem
    from kg.labour import ClusterProblem
    from kg.replacement import StoreLocked
    from kg.service import ServiceError
    from kg.store import StoreDamaged, StoreUnwritable
    from server.problems import Problem, SendingFailed
    from server.serving import AddressInUse

    try:
        yield
    except NothingPublished as error:
        fail(f"{error} (kg ingest PATH, or kg demo to look at bundled examples)")
    except (
        SettingError,
        StoreLocked,
        StoreUnwritable,
        StoreDamaged,
        ServiceError,
        AddressInUse,
        SendingFailed,
        ClusterProblem,
        Problem,
        EvaluationProblem,
        FolderInUse,
        UnreadableBackup,
        DocumentsMissing,
    ) as error:
        fail(str(error))
    except OSError as error:
        if isinstance(error, BrokenPipeError) or error.filename is None:
            raise
        fail(f"{error.filename}: {error.strerror}")


def settings_of(**options: object) -> Settings:
    """The settings in force; ends the command where one cannot be used."""
    try:
        return load_settings(options, os.environ, Path.cwd())
    except SettingError as error:
        fail(str(error))


def existing(paths: list[Path]) -> None:
    """End the command where one of the paths is not there."""
    missing = [path for path in paths if str(path) != "-" and not path.exists()]
    if missing:
        fail(f"no such file or folder: {', '.join(map(str, missing))}")
