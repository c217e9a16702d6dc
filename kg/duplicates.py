"""Which reports are one report that came from two sources without a common identifier between their files.

Two reports of one kind are one if they share a PubMed number, or a title and a year and contradict each other neither
in their DOIs nor in their PubMed numbers. Computed from all reports at once, so the order of ingestion does not matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import combinations
from typing import Final, Protocol

import networkx as nx

from extractors.normal import normalise

# Shorter titles ("Editorial", "Erratum") are those of many papers.
_SHORTEST_TITLE: Final = 30


class Cited(Protocol):
    """What identifies a report as a publication."""

    @property
    def report(self) -> str:
        """The IRI."""

    @property
    def doi(self) -> str | None:
        """The DOI."""

    @property
    def pmid(self) -> str | None:
        """The PubMed number."""

    @property
    def titles(self) -> tuple[str, ...]:
        """The titles in all languages."""

    @property
    def year(self) -> str | None:
        """The year of publication."""

    @property
    def kind(self) -> str | None:
        """The concept of the kind of report."""


def duplicates(reports: Iterable[Cited]) -> Mapping[str, str]:
    """The IRI of each report that is a duplicate, with that of the one it is a duplicate of.

    Of several the one with a DOI counts, then the one with a PubMed number, then the first by its IRI.
    """
    known = {report.report: report for report in sorted(reports, key=lambda report: report.report)}
    places: dict[tuple[str, ...], list[str]] = {}
    for report in known.values():
        for key in _keys(report):
            places.setdefault(key, []).append(report.report)
    graph: nx.Graph[str] = nx.Graph()
    for names in places.values():
        for first, second in combinations(names, 2):
            if not _contradict(known[first], known[second]):
                graph.add_edge(first, second)
    found: dict[str, str] = {}
    for component in nx.connected_components(graph):
        members = sorted((known[name] for name in component), key=_order)
        # A chain may join two papers through a third that lacks what tells them apart.
        if not any(_contradict(one, other) for one, other in combinations(members, 2)):
            found |= {member.report: members[0].report for member in members[1:]}
    return found


def _keys(report: Cited) -> list[tuple[str, ...]]:
    kind = report.kind or ""
    keys: list[tuple[str, ...]] = []
    if report.pmid:
        keys.append((kind, "pmid", report.pmid))
    for title in report.titles if report.year else ():
        bare = re.sub(r"\W+", "", normalise(title).casefold())
        if len(bare) >= _SHORTEST_TITLE or (not bare.isascii() and len(bare) >= _SHORTEST_TITLE // 3):
            keys.append((kind, "title", bare, report.year or ""))
    return keys


def _contradict(one: Cited, other: Cited) -> bool:
    pairs = (((one.doi or "").casefold(), (other.doi or "").casefold()), (one.pmid, other.pmid))
    return any(first and second and first != second for first, second in pairs)


def _order(report: Cited) -> tuple[bool, bool, str]:
    return report.doi is None, report.pmid is None, report.report
