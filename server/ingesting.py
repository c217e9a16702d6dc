"""The commands that change the graph from papers: ingest, retry, publish, rebuild."""

from __future__ import annotations

import secrets
from typing import Annotated

import typer

from server.options import (
    Base,
    Data,
    DocumentSeconds,
    Failures,
    Log,
    MaxFile,
    Paths,
    Workers,
    existing,
    fail,
    plainly,
    settings_of,
)


def ingest(
    paths: Paths,
    watch: Annotated[bool, typer.Option("--watch", help="go on, and read what comes into the folders")] = False,
    to: Annotated[
        str | None, typer.Option(help="address of a running server that is to read them", show_default=False)
    ] = None,
    scheduler: Annotated[
        str | None,
        typer.Option(help="address of a Dask scheduler (tcp://...) whose workers are to read them", show_default=False),
    ] = None,
    failures: Failures = None,
    log: Log = None,
    workers: Workers = None,
    document_seconds: DocumentSeconds = None,
    data: Data = None,
    base_iri: Base = None,
    max_file_mib: MaxFile = None,
) -> None:
    """Read papers into the graph and publish it; exits 1 if any paper failed, 130 if it was stopped.

    With --watch it goes on until it is stopped, and exits 0. With --to the papers are read by a server,
    with --scheduler by the workers of a cluster.
    """
    settings = settings_of(
        data=data,
        base_iri=base_iri,
        max_file_mib=max_file_mib,
        workers=workers,
        document_seconds=document_seconds,
    )
    existing(paths)
    if sum(map(bool, (watch, to, scheduler))) > 1:
        fail("--watch, --to and --scheduler are three ways to read papers: choose one of them")
    written = failures or settings.data / "failures.jsonl"
    with plainly():
        if watch:
            from server.watching import watch_papers

            watch_papers(paths, settings, written, log=log)
            raise typer.Exit(0)
        if to is not None:
            from server.sending import send_papers

            report = send_papers(paths, to, settings, written, log=log)
        else:
            from server.intake import ingest_papers

            report = ingest_papers(paths, settings, written, log=log, scheduler=scheduler)
    raise typer.Exit(130 if report.left else 1 if report.failed else 0)


def token() -> None:
    """Make a token for sending papers: what the sender sets, and what the server does, which only holds its hash."""
    made = secrets.token_urlsafe(32)
    with plainly():
        from server.receiving import token_hash

        typer.echo(f"KG_SEND_TOKEN={made}\nKG_RECEIVE_TOKENS={token_hash(made)}")


def retry(
    failures: Failures = None,
    log: Log = None,
    workers: Workers = None,
    document_seconds: DocumentSeconds = None,
    data: Data = None,
    base_iri: Base = None,
    max_file_mib: MaxFile = None,
) -> None:
    """Read once more the files of which something was refused; exits as kg ingest does."""
    settings = settings_of(
        data=data,
        base_iri=base_iri,
        max_file_mib=max_file_mib,
        workers=workers,
        document_seconds=document_seconds,
    )
    with plainly():
        from server.intake import NothingRefused, retry_papers

        try:
            report = retry_papers(settings, failures or settings.data / "failures.jsonl", log=log)
        except NothingRefused as nothing:
            typer.echo(str(nothing), err=True)
            raise typer.Exit(0) from nothing
    raise typer.Exit(130 if report.left else 1 if report.failed else 0)


def publish(data: Data = None, base_iri: Base = None) -> None:
    """Compute trials and checks anew and publish the graph, after another program has loaded graphs into its store."""
    settings = settings_of(data=data, base_iri=base_iri)
    with plainly():
        from server.intake import publish_graph

        typer.echo(f"version {publish_graph(settings)} of {settings.store or settings.data}", err=True)


def rebuild(data: Data = None, base_iri: Base = None, max_file_mib: MaxFile = None) -> None:
    """Make the whole graph anew from the papers that were kept, and publish it; exits 1 if any paper failed."""
    settings = settings_of(data=data, base_iri=base_iri, max_file_mib=max_file_mib)
    with plainly():
        from server.intake import rebuild_graph

        report = rebuild_graph(settings, settings.data / "failures.jsonl")
    raise typer.Exit(1 if report.failed else 0)
