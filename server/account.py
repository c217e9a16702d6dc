"""What an ingestion comes to, in figures for a person and in a failure report."""

from __future__ import annotations

import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table

from kg.outcomes import IngestReport, write_failures


def told(report: IngestReport, failures: Path) -> IngestReport:
    """Write the failure report and print the figures of the run; raises OSError."""
    failures.parent.mkdir(parents=True, exist_ok=True)
    write_failures(report, failures)
    _summarise(report, failures)
    return report


def _summarise(report: IngestReport, failures: Path) -> None:
    table = Table(show_header=False, box=None, pad_edge=False)
    table.add_column()
    table.add_column(justify="right")
    for name, number in (
        ("papers", len(report.outcomes)),
        ("new", report.new),
        ("unchanged", report.unchanged),
        ("updated", report.updated),
        ("failed", len(report.failed)),
        ("findings", report.findings),
        ("triples", report.triples),
    ):
        table.add_row(name, f"{number:,}")
    table.add_row("seconds", f"{report.seconds:.1f}")
    Console().print(table)
    if report.failed:
        sys.stderr.write(f"why papers failed: {failures}; to try them once more: kg retry\n")
    if report.left:
        sys.stderr.write(f"stopped with {report.left:,} files to go: the same command goes on where this one stopped\n")
