"""Lays out a report's text for reading: its parts by language side by side, with the evidence marked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from kg import rows
from server.evidence import last_segment
from server.highlight import Run, Stretch, runs, sentences
from server.urls import anchor

# Parts of the file that say who wrote the paper and where, not what the trial found.
_FRONT_MATTER = frozenset({"title", "authors", "affiliations", "citation"})


@dataclass(frozen=True, slots=True, order=True)
class Known:
    """A finding of the page: the rank and the name of its kind, and its number."""

    rank: int
    kind: str
    number: int


_UNKNOWN = Known(-1, "", 0)


@dataclass(frozen=True, slots=True)
class ReadBy:
    """Who read a marked stretch, how sure that is, and for which parts of findings it is evidence.

    On the page of a report also the kind of these findings and their numbers there.
    """

    components: tuple[str, ...]
    confidence: str
    supports: tuple[str, ...]
    kind: str
    facts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the text in one language; ``role`` is a concept of sections, ``None`` outside them."""

    role: str | None
    heading: str | None
    language: str
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class SourceText:
    """A report's text as rows; each row holds one part, or ``None``, for each of ``languages``.

    ``whole`` is false where only the parts that hold evidence are given. ``marks`` tells of each marked
    stretch, by its anchor.
    """

    report: rows.Report
    languages: tuple[str, ...]
    rows: tuple[tuple[Part | None, ...], ...]
    marks: dict[str, ReadBy]
    whole: bool


def abstract_text(source: rows.Source, report: rows.Report, evidence: Iterable[rows.Evidence]) -> SourceText:
    """The parts of a report that its trial's page shows.

    Of a record all but the front matter that holds no evidence, of an article the parts that hold evidence.
    """
    entries = [entry for entry in evidence if entry.report == source.report]
    record = last_segment(report.kind) == "record"
    chosen = [
        piece
        for piece in _pieces(source)
        if any(piece.start <= entry.start < piece.end for entry in entries)
        or (record and piece.role is not None and last_segment(piece.role) not in _FRONT_MATTER)
    ]
    return _lay_out(source, report, entries, chosen, whole=record)


def whole_text(
    source: rows.Source, report: rows.Report, evidence: Iterable[rows.Evidence], known: Mapping[str, Known]
) -> SourceText:
    """The text of a report from its first to its last character that is not blank, ``known`` findings told apart."""
    entries = [entry for entry in evidence if entry.report == source.report]
    return _lay_out(source, report, entries, _pieces(source), whole=True, known=known)


@dataclass(frozen=True, slots=True)
class _Piece:
    role: str | None
    heading: str | None
    language: str
    start: int
    end: int


def _pieces(source: rows.Source) -> list[_Piece]:
    """The whole text, in order: its outermost sections, and what stands between them but headings."""
    pieces: list[_Piece] = []
    position = 0
    for section in sorted(source.sections, key=lambda section: (section.start, -section.end)):
        start = max(section.start, position)
        if section.end <= start:
            # A section inside another one (a table in the results, say) is shown with the outer one.
            continue
        between = source.text[position:start].strip()
        if between and between != section.heading:
            pieces.append(_Piece(None, None, section.language, position, start))
        pieces.append(_Piece(section.role, section.heading, section.language, start, section.end))
        position = section.end
    if source.text[position:].strip():
        language = pieces[-1].language if pieces else "en"
        pieces.append(_Piece(None, None, language, position, len(source.text)))
    return pieces


def _lay_out(
    source: rows.Source,
    report: rows.Report,
    entries: Sequence[rows.Evidence],
    pieces: Sequence[_Piece],
    whole: bool,
    known: Mapping[str, Known] = MappingProxyType({}),
) -> SourceText:
    stretches = [
        Stretch(start, end, anchor(report.id, start, end))
        for start, end in sorted({(entry.start, entry.end) for entry in entries})
    ]
    languages = tuple(sorted({piece.language for piece in pieces}))
    by_place: dict[tuple[str | None, int], dict[str, Part]] = {}
    seen: dict[tuple[str | None, str], int] = {}
    for piece in pieces:
        place = seen[(piece.role, piece.language)] = seen.get((piece.role, piece.language), 0) + 1
        around = sentences(source.text, piece.start, piece.end, stretches)
        shown = runs(source.text, piece.start, piece.end, (*stretches, *around))
        part = Part(piece.role, piece.heading, piece.language, shown)
        by_place.setdefault((piece.role, place), {})[piece.language] = part
    return SourceText(
        report=report,
        languages=languages,
        rows=tuple(tuple(sides.get(language) for language in languages) for sides in by_place.values()),
        marks=_marks(report, entries, known),
        whole=whole,
    )


def _marks(report: rows.Report, entries: Iterable[rows.Evidence], known: Mapping[str, Known]) -> dict[str, ReadBy]:
    by_anchor: dict[str, list[rows.Evidence]] = {}
    for entry in entries:
        by_anchor.setdefault(anchor(report.id, entry.start, entry.end), []).append(entry)
    return {
        name: ReadBy(
            components=tuple(sorted({f"{entry.component} {entry.component_version}" for entry in group})),
            confidence=str(min(entry.confidence for entry in group)),
            supports=tuple(sorted({entry.supports for entry in group})),
            # A place of several kinds, such as the name of an arm within a result, is shown as the last of them.
            kind=max((known[entry.node] for entry in group if entry.node in known), default=_UNKNOWN).kind,
            facts=tuple(sorted({known[entry.node].number for entry in group if entry.node in known})),
        )
        for name, group in by_anchor.items()
    }
