"""The trials' papers as references: RIS and BibTeX."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

import rispy

from kg import rows
from server.evidence import in_language

# Signs that mean something to TeX.
_TEX: Final = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}


class _Unnumbered(rispy.RisWriter):  # type: ignore[misc]
    """RIS without a number before each reference: the format has lines with tags only."""

    def set_header(self, count: int) -> str:
        """Nothing."""
        return ""


def ris(reports: Iterable[rows.Report], language: str) -> bytes:
    """The reports as RIS, one reference each."""
    entries = [
        {
            key: value
            for key, value in {
                "type_of_reference": "JOUR",
                "authors": [_plain(author) for author in report.authors],
                "title": _title(report, language),
                "journal_name": report.journal and _plain(report.journal),
                "year": str(report.year) if report.year else None,
                "doi": report.doi and _plain(report.doi),
                "accession_number": report.pmid and _plain(report.pmid),
                "label": report.id,
            }.items()
            if value
        }
        for report in reports
    ]
    return str(rispy.dumps(entries, implementation=_Unnumbered)).encode("utf-8")


def bibtex(reports: Iterable[rows.Report], language: str) -> bytes:
    """The reports as BibTeX, one entry each; the keys are the reports' ids."""
    return "\n".join(_entry(report, language) for report in reports).encode("utf-8")


def _entry(report: rows.Report, language: str) -> str:
    fields = {
        "author": " and ".join(f"{{{_tex(author)}}}" for author in report.authors),
        "title": f"{{{_tex(_title(report, language))}}}",
        "journal": _tex(report.journal or ""),
        "year": str(report.year or ""),
        "doi": _tex(report.doi or ""),
        "pmid": _tex(report.pmid or ""),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value not in {"", "{}"}]
    key = re.sub(r"[^A-Za-z0-9.:-]", "-", report.id)
    return "\n".join([f"@article{{{key},", *lines, "}", ""])


def _title(report: rows.Report, language: str) -> str:
    title = in_language(report.titles, language)
    return _plain(title.text) if title else report.id


def _plain(text: str) -> str:
    """The text on one line: a line break would begin another field."""
    return " ".join(text.split())


def _tex(text: str) -> str:
    return "".join(_TEX.get(sign, sign) for sign in _plain(text))
