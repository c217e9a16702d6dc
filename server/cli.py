"""The command line: each command reads its settings, calls a plain function, and says what came of it.

Data go to standard output, messages to standard error. What a command needs is imported inside it, since the
language pipelines and the web framework take longer to load than ``kg --help`` may.
"""

from __future__ import annotations

import json
import sys
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from server import ingesting
from server.options import (
    Base,
    Data,
    Host,
    Level,
    MaxFile,
    Paths,
    Port,
    Processes,
    existing,
    plainly,
    settings_of,
)

app = typer.Typer(
    name="kg",
    help="Evidence Graph: what clinical trial papers report, as a graph with the sentence behind every number.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


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


app.command()(ingesting.ingest)
app.command()(ingesting.retry)
app.command()(ingesting.token)
app.command()(ingesting.publish)
app.command()(ingesting.rebuild)


@app.command()
def extract(
    paths: Paths,
    min_confidence: Annotated[
        float, typer.Option(min=0, max=1, help="leave out findings that are less sure than this, from 0 to 1")
    ] = 0,
    max_file_mib: MaxFile = None,
) -> None:
    """Print the facts of papers as JSON lines, one for each paper and language; "-" reads standard input."""
    settings = settings_of(max_file_mib=max_file_mib)
    with plainly():
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
    paths: Paths,
    as_json: Annotated[bool, typer.Option("--json", help="print one line of JSON for each paper")] = False,
    html: Annotated[Path | None, typer.Option(help="file to write the report to, as a page")] = None,
    language: Annotated[Language, typer.Option(help="language of the report")] = Language.en,
    max_file_mib: MaxFile = None,
) -> None:
    """Re-compute what papers print and say what does not fit; exits 1 if anything does not, 2 if one is unreadable."""
    settings = settings_of(max_file_mib=max_file_mib)
    existing(paths)
    with plainly():
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
    data: Data = None,
    base_iri: Base = None,
    host: Host = None,
    port: Port = None,
    processes: Processes = None,
    log_level: Level = None,
) -> None:
    """Serve the evidence pages, linked data and SPARQL until interrupted."""
    settings = settings_of(data=data, base_iri=base_iri, host=host, port=port, processes=processes, log_level=log_level)
    with plainly():
        from server.serving import serve_site

        serve_site(settings)


@app.command()
def query(
    text: Annotated[str, typer.Argument(help='the SPARQL query; "-" reads it from standard input')],
    form: Annotated[
        QueryFormat | None,
        typer.Option("--format", help="table and csv for SELECT, ttl for CONSTRUCT and DESCRIBE, json for all"),
    ] = None,
    data: Data = None,
) -> None:
    """Ask the published graph a SPARQL query."""
    settings = settings_of(data=data)
    with plainly():
        from server.asking import ask

        answer = ask(sys.stdin.read() if text == "-" else text, form.value if form else None, settings.location)
    typer.echo(answer, nl=not answer.endswith("\n"))


@app.command()
def export(
    form: Annotated[ExportFormat, typer.Option("--format", help="nq is sorted")] = ExportFormat.nq,
    out: Annotated[Path | None, typer.Option(help="file to write; standard output if not given")] = None,
    data: Data = None,
) -> None:
    """Write the whole published graph; equal graphs give equal bytes."""
    settings = settings_of(data=data)
    with plainly():
        from kg.opening import published_store
        from server.asking import EXPORTS

        body = published_store(settings.location).dump(EXPORTS[form.value])
        if out is None:
            sys.stdout.buffer.write(body)
        else:
            out.write_bytes(body)


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(help="file to write (.nq.gz)", show_default=False)], data: Data = None
) -> None:
    """Write the whole published graph to one compressed file; equal graphs give equal files."""
    settings = settings_of(data=data)
    with plainly():
        from kg.archive import back_up

        typer.echo(f"{back_up(settings.location, file):,} quads in {file}", err=True)


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="file that kg backup wrote", show_default=False)], data: Data = None
) -> None:
    """Make the graph of an empty data folder from a backup, and publish it."""
    settings = settings_of(data=data)
    existing([file])
    with plainly():
        from kg.archive import restore as make_anew

        typer.echo(f"{make_anew(settings.location, file):,} quads in {settings.store or settings.data}", err=True)


@app.command()
def check(data: Data = None) -> None:
    """Look over the whole published graph and print what is wrong with it; exits 1 if anything is."""
    settings = settings_of(data=data)
    with plainly():
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
    existing([path for path in (gold, write, floors) if path is not None])
    with plainly():
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
    data: Data = None, base_iri: Base = None, host: Host = None, port: Port = None, log_level: Level = None
) -> None:
    """Read the bundled example papers into the graph and serve it."""
    settings = settings_of(data=data, base_iri=base_iri, host=host, port=port, log_level=log_level)
    with plainly():
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
