"""The page about the data: what the graph holds, how much of it every trial has, and which versions these are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from importlib.metadata import version
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from kg import rows
from kg.query_files import query_text
from kg.summary import Change, Summary
from server.convertors import language_of, register
from server.evidence import in_language
from server.negotiation import LANGUAGES, Language
from server.site import entity_tag, frame_for, page_response, site_of, unchanged
from server.snapshot import Snapshot
from server.urls import Urls

register()
router = APIRouter()

# So many of the last changes are named; the feed has more.
_CHANGES: Final = 10
# The queries behind the parts of the page.
_QUERIES: Final = ("counts", "report_kinds", "report_languages", "coverage", "software_versions")
# Where figures of accuracy are documented beside the source code, and the command that makes them.
_DOCUMENTED: Final = ("docs/evaluation.md", "kg evaluate")


@dataclass(frozen=True, slots=True)
class Share:
    """How many things of a total are so; ``percent`` has one decimal and is ``None`` where there is no total."""

    name: str
    number: int
    percent: str | None


@dataclass(frozen=True, slots=True)
class ShownChange:
    """A trial that is new or changed: the word for that, its best title, its key, and when (UTC)."""

    kind: str
    title: rows.Name
    key: str
    time: str


@dataclass(frozen=True, slots=True)
class AboutPage:
    """What the page shows: counts, shares of all reports and of all trials, versions, and the queries' addresses.

    ``kinds`` are named by the IRIs of kinds, ``languages`` by their codes, ``coverage`` by parts of
    ``kg.holdings.PARTS``, ``read_by`` by versions of the software. ``documented`` names the file with the figures of
    accuracy and the command that makes them. ``time`` is when the graph was published, empty where that is not known.
    """

    counts: rows.Counts
    kinds: tuple[Share, ...]
    languages: tuple[Share, ...]
    coverage: tuple[Share, ...]
    read_by: tuple[Share, ...]
    published: str
    time: str
    changes: tuple[ShownChange, ...]
    software: str
    documented: tuple[str, ...]
    queries: dict[str, str]


@router.get("/{language:language}/about")
def about(request: Request, language: str) -> Response:
    """The page about the data, as it was counted when it was published."""
    shown = language_of(language)
    site = site_of(request)
    snapshot = site.snapshots.newest()
    etag = entity_tag(request, snapshot.version)
    if (kept := unchanged(request, etag)) is not None:
        return kept
    found = site.snapshots.summary(snapshot)
    context = about_page(found, snapshot, shown, site.urls)
    return page_response(request, "about.html", frame_for(request, shown), context, etag=etag)


def about_page(summary: Summary, snapshot: Snapshot, language: Language, urls: Urls) -> AboutPage:
    """The page of what was counted in a snapshot, for readers of the language."""
    counts, found = summary.counts, summary.holdings
    return AboutPage(
        counts=counts,
        kinds=_shares(found.kinds.items(), counts.reports),
        languages=_shares(((one, found.languages.get(one, 0)) for one in LANGUAGES), counts.reports),
        coverage=_shares(found.coverage.items(), counts.trials),
        read_by=_shares(found.software.items(), sum(found.software.values())),
        published=snapshot.version,
        time=_readable(summary.time),
        changes=tuple(_change(change, language) for change in summary.changes[:_CHANGES]),
        software=_software(),
        documented=_DOCUMENTED,
        queries={name: urls.sparql_page(language, query_text(name)) for name in _QUERIES},
    )


def _change(change: Change, language: Language) -> ShownChange:
    title = in_language(change.titles, language) or rows.Name(change.key, "en")
    return ShownChange(f"feed-{change.kind}", title, change.key, _readable(change.time))


def _readable(time: str) -> str:
    """The time of a publication to the minute."""
    return time[:16].replace("T", " ")


def _shares(numbers: Iterable[tuple[str, int]], total: int) -> tuple[Share, ...]:
    return tuple(Share(name, number, _percent(number, total)) for name, number in numbers)


def _percent(number: int, total: int) -> str | None:
    if not total:
        return None
    return str((Decimal(100 * number) / total).quantize(Decimal("0.1"), ROUND_HALF_UP))


@cache
def _software() -> str:
    return version("evidence-kg")
