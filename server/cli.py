"""The command line: each command reads its settings, calls a plain function, and says what came of it.

Data go to standard output, messages to standard error. What a command needs is imported inside it, since the
language pipelines and the web framework take longer to load than ``kg --help`` may.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from server.settings import SETTINGS, SettingError, Settings, load_settings

app = typer.Typer(
    name="kg",
    help="Evidence Graph: what clinical trial papers report, as a graph with the sentence behind every number.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

_HELP = {setting.name: setting.help for setting in SETTINGS}
_Paths = Annotated[list[Path], typer.Argument(help="files and folders of papers", show_default=False)]
_Data = Annotated[Path | None, typer.Option("--data", help=_HELP["data"], show_default=False)]
_Base = Annotated[str | None, typer.Option("--base-iri", help=_HELP["base_iri"], show_default=False)]
_Host = Annotated[str | None, typer.Option("--host", help=_HELP["host"], show_default=False)]
_Port = Annotated[str | None, typer.Option("--port", help=_HELP["port"], show_default=False)]
_Processes = Annotated[str | None, typer.Option("--processes", help=_HELP["processes"], show_default=False)]
_MaxFile = Annotated[str | None, typer.Option("--max-file-mib", help=_HELP["max_file_mib"], show_default=False)]
_Level = Annotated[str | None, typer.Option("--log-level", help=_HELP["log_level"], show_default=False)]


class QueryFormat(StrEnum):
    """How ``kg query`` prints an answer."""

    table = "table"
    csv = "csv"
    json = "json"
    ttl = "ttl"


class ExportFormat(StrEnum):
    """How ``kg export`` writes the graph."""

    nq = "nq"
    trig = "trig"
    jsonld = "jsonld"


class Language(StrEnum):
    """The language of a report."""

    en = "en"
    zh = "zh"


def main() -> None:
    """Run the command that the arguments name."""
    app()


def _fail(message: str) -> NoReturn:
    typer.echo(f"kg: {message}", err=True)
    raise typer.Exit(1)


@contextmanager
def _plainly() -> Iterator[None]:
    """Turn the errors that a user can mend into one line on standard error and exit code 1."""
    from kg.archive import FolderInUse, UnreadableBackup
    from kg.checkpoints import NothingPublished
    from kg.documents import DocumentsMissing
    from kg.evaluation.problems import EvaluationProblem
    from kg.replacement import StoreLocked
    from kg.service import ServiceError
    from kg.store import StoreDamaged, StoreUnwritable
    from server.problems import Problem
    from server.serving import AddressInUse

    try:
        yield
    except NothingPublished as error:
        _fail(f"{error} (kg ingest PATH, or kg demo to look at bundled examples)")
    except (
        SettingError,
        StoreLocked,
        StoreUnwritable,
        StoreDamaged,
        ServiceError,
        AddressInUse,
        Problem,
        EvaluationProblem,
        FolderInUse,
        UnreadableBackup,
        DocumentsMissing,
    ) as error:
        _fail(str(error))
    except OSError as error:
        if isinstance(error, BrokenPipeError) or error.filename is None:
            raise
        _fail(f"{error.filename}: {error.strerror}")


def _settings(**options: object) -> Settings:
    try:
        return load_settings(options, os.environ, Path.cwd())
    except SettingError as error:
        _fail(str(error))


def _existing(paths: list[Path]) -> None:
    missing = [path for path in paths if str(path) != "-" and not path.exists()]
    if missing:
        _fail(f"no such file or folder: {', '.join(map(str, missing))}")


@app.command()
def ingest(
    paths: _Paths,
    failures: Annotated[
        Path | None,
        typer.Option(help="where to write the failure report (JSON lines); DATA/failures.jsonl if not given"),
    ] = None,
    data: _Data = None,
    base_iri: _Base = None,
    max_file_mib: _MaxFile = None,
) -> None:
    """Read papers into the graph and publish it; exits 1 if any paper failed."""
    settings = _settings(data=data, base_iri=base_iri, max_file_mib=max_file_mib)
    _existing(paths)
    with _plainly():
        from server.intake import ingest_papers

        report = ingest_papers(paths, settings, failures or settings.data / "failures.jsonl")
    raise typer.Exit(1 if report.failed else 0)


@app.command()
def extract(
    paths: _Paths,
    min_confidence: Annotated[
        float, typer.Option(min=0, max=1, help="leave out findings that are less sure than this, from 0 to 1")
    ] = 0,
    max_file_mib: _MaxFile = None,
) -> None:
    """Print the facts of papers as JSON lines, one for each paper and language; "-" reads standard input."""
    settings = _settings(max_file_mib=max_file_mib)
    with _plainly():
        from server.extracting import facts_lines

        failed = False
        for outcome in facts_lines(paths, sys.stdin.buffer, settings.max_file_bytes, Decimal(str(min_confidence))):
            if outcome.error is None:
                typer.echo(outcome.line)
            else:
                failed = True
                typer.echo(f"{outcome.source}: {outcome.error}", err=True)
    raise typer.Exit(1 if failed else 0)


@app.command()
def audit(
    paths: _Paths,
    as_json: Annotated[bool, typer.Option("--json", help="print one line of JSON for each paper")] = False,
    html: Annotated[Path | None, typer.Option(help="file to write the report to, as a page")] = None,
    language: Annotated[Language, typer.Option(help="language of the report")] = Language.en,
    max_file_mib: _MaxFile = None,
) -> None:
    """Re-compute what papers print and say what does not fit; exits 1 if anything does not, 2 if one is unreadable."""
    settings = _settings(max_file_mib=max_file_mib)
    _existing(paths)
    with _plainly():
        from server import auditing

        papers = []
        for paper in auditing.audited(paths, settings.max_file_bytes):
            papers.append(paper)
            if paper.error is not None:
                typer.echo(f"{paper.source}: {paper.error}", err=True)
            elif html is None:
                typer.echo(auditing.as_json(paper) if as_json else auditing.as_text(paper, language.value) + "\n")
        if html is not None:
            html.write_text(auditing.as_page(papers, language.value), encoding="utf-8")
    unreadable = any(paper.error is not None for paper in papers)
    raise typer.Exit(2 if unreadable else 1 if any(paper.with_verdict("inconsistent") for paper in papers) else 0)


@app.command()
def serve(
    data: _Data = None,
    base_iri: _Base = None,
    host: _Host = None,
    port: _Port = None,
    processes: _Processes = None,
    log_level: _Level = None,
) -> None:
    """Serve the evidence pages, linked data and SPARQL until interrupted."""
    settings = _settings(data=data, base_iri=base_iri, host=host, port=port, processes=processes, log_level=log_level)
    with _plainly():
        from server.serving import serve_site

        serve_site(settings)


@app.command()
def query(
    text: Annotated[str, typer.Argument(help='the SPARQL query; "-" reads it from standard input')],
    form: Annotated[
        QueryFormat | None,
        typer.Option("--format", help="table and csv for SELECT, ttl for CONSTRUCT and DESCRIBE, json for all"),
    ] = None,
    data: _Data = None,
) -> None:
    """Ask the published graph a SPARQL query."""
    settings = _settings(data=data)
    with _plainly():
        from server.asking import ask

        answer = ask(sys.stdin.read() if text == "-" else text, form.value if form else None, settings.location)
    typer.echo(answer, nl=not answer.endswith("\n"))


@app.command()
def export(
    form: Annotated[ExportFormat, typer.Option("--format", help="nq is sorted")] = ExportFormat.nq,
    out: Annotated[Path | None, typer.Option(help="file to write; standard output if not given")] = None,
    data: _Data = None,
) -> None:
    """Write the whole published graph; equal graphs give equal bytes."""
    settings = _settings(data=data)
    with _plainly():
        from kg.opening import published_store
        from server.asking import EXPORTS

        body = published_store(settings.location).dump(EXPORTS[form.value])
        if out is None:
            sys.stdout.buffer.write(body)
        else:
            out.write_bytes(body)


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(help="file to write (.nq.gz)", show_default=False)], data: _Data = None
) -> None:
    """Write the whole published graph to one compressed file; equal graphs give equal files."""
    settings = _settings(data=data)
    with _plainly():
        from kg.archive import back_up

        typer.echo(f"{back_up(settings.location, file):,} quads in {file}", err=True)


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="file that kg backup wrote", show_default=False)], data: _Data = None
) -> None:
    """Make the graph of an empty data folder from a backup, and publish it."""
    settings = _settings(data=data)
    _existing([file])
    with _plainly():
        from kg.archive import restore as make_anew

        typer.echo(f"{make_anew(settings.location, file):,} quads in {settings.store or settings.data}", err=True)


@app.command()
def publish(data: _Data = None, base_iri: _Base = None) -> None:
    """Compute trials and checks anew and publish the graph, after another program has loaded graphs into its store."""
    settings = _settings(data=data, base_iri=base_iri)
    with _plainly():
        from server.intake import publish_graph

        typer.echo(f"version {publish_graph(settings)} of {settings.store or settings.data}", err=True)


@app.command()
def rebuild(data: _Data = None, base_iri: _Base = None, max_file_mib: _MaxFile = None) -> None:
    """Make the whole graph anew from the papers that were kept, and publish it; exits 1 if any paper failed."""
    settings = _settings(data=data, base_iri=base_iri, max_file_mib=max_file_mib)
    with _plainly():
        from server.intake import rebuild_graph

        report = rebuild_graph(settings, settings.data / "failures.jsonl")
    raise typer.Exit(1 if report.failed else 0)


@app.command()
def check(data: _Data = None) -> None:
    """Look over the whole published graph and print what is wrong with it; exits 1 if anything is."""
    settings = _settings(data=data)
    with _plainly():
        from kg.check import check as look_over
        from kg.opening import published_store

        problems = look_over(published_store(settings.location))
    for problem in problems:
        typer.echo(f"{problem.kind}: {problem.thing}: {problem.message}")
    typer.echo(f"{len(problems)} problems" if problems else "no problems", err=True)
    raise typer.Exit(1 if problems else 0)


@app.command()
def evaluate(
    gold: Annotated[
        Path, typer.Argument(help="folder of gold facts: one with dev/, dev_zh/ and seed/, or a plain one of documents")
    ],
    write: Annotated[
        Path | None, typer.Option(help="Markdown file between whose marker lines the figures are written")
    ] = None,
    floors: Annotated[Path | None, typer.Option(help="TOML file with the least figures that are accepted")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="print the figures as JSON")] = False,
) -> None:
    """Score what is read against gold facts, with intervals; exits 1 if a figure lies below its floor."""
    _existing([path for path in (gold, write, floors) if path is not None])
    with _plainly():
        from kg.evaluation.evaluation import evaluate as evaluated
        from kg.evaluation.floors import shortfalls
        from kg.evaluation.reliability import reliabilities
        from kg.evaluation.tables import tables, written
        from kg.evaluation.trained import trained

        evaluation = evaluated(gold)
        kept = list(reliabilities(evaluation))
        models = list(trained(gold.resolve().parent / "corpora"))
        block = tables(evaluation, kept, models)
        if write is not None:
            written(write, block)
        plain = {"figures": evaluation.plain(), "reliability": [item.plain() for item in kept]}
        plain["trained"] = [item.plain() for item in models]
        typer.echo(json.dumps(plain, ensure_ascii=False) if as_json else block)
        below = list(shortfalls(evaluation, floors)) if floors is not None else []
    for line in below:
        typer.echo(line, err=True)
    raise typer.Exit(1 if below else 0)


@app.command()
def demo(
    data: _Data = None, base_iri: _Base = None, host: _Host = None, port: _Port = None, log_level: _Level = None
) -> None:
    """Read the bundled example papers into the graph and serve it."""
    settings = _settings(data=data, base_iri=base_iri, host=host, port=port, log_level=log_level)
    with _plainly():
        from server.examples import examples_folder
        from server.intake import ingest_papers
        from server.serving import serve_site

        ingest_papers([examples_folder()], settings, settings.data / "failures.jsonl")
        serve_site(settings)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(version("evidence-kg"))
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", help="say the version and end", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """Evidence Graph."""
