"""The one table of formats, and the choice among them by ``Accept``, ``Accept-Language`` and file extension.

Media ranges are read as RFC 9110, sections 12.5.1 and 12.5.4, has them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = ("en", "zh")


@dataclass(frozen=True, slots=True)
class Format:
    """A way to write an answer: ``name`` is its file extension, ``also`` the media types that mean it too."""

    name: str
    media_type: str
    also: tuple[str, ...] = ()
    text: bool = True

    @property
    def content_type(self) -> str:
        """The Content-Type header's value."""
        return f"{self.media_type}; charset=utf-8" if self.text else self.media_type

    @property
    def media_types(self) -> tuple[str, ...]:
        """All media types a client may ask for it by."""
        return (self.media_type, *self.also)


HTML = Format("html", "text/html", ("application/xhtml+xml",))
TURTLE = Format("ttl", "text/turtle", ("application/x-turtle",))
NTRIPLES = Format("nt", "application/n-triples", ("text/plain",))
NQUADS = Format("nq", "application/n-quads")
TRIG = Format("trig", "application/trig", ("application/x-trig",))
JSONLD = Format("jsonld", "application/ld+json", text=False)
RDFXML = Format("rdf", "application/rdf+xml", ("application/xml", "text/xml"), text=False)
JSON = Format("json", "application/json", text=False)
RESULTS_JSON = Format("json", "application/sparql-results+json", ("application/json",), text=False)
RESULTS_XML = Format("xml", "application/sparql-results+xml", ("application/xml", "text/xml"), text=False)
CSV = Format("csv", "text/csv")
TSV = Format("tsv", "text/tab-separated-values")
XLSX = Format("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", text=False)
SVG = Format("svg", "image/svg+xml")
PNG = Format("png", "image/png", text=False)
RIS = Format("ris", "application/x-research-info-systems")
BIBTEX = Format("bib", "application/x-bibtex")
FHIR = Format("fhir.json", "application/fhir+json", text=False)

# The first of each is what a client without a preference gets.
RESULT_FORMATS = (RESULTS_JSON, RESULTS_XML, CSV, TSV)
BOOLEAN_FORMATS = (RESULTS_JSON, RESULTS_XML)
GRAPH_FORMATS = (TURTLE, NTRIPLES, JSONLD, RDFXML, TRIG, NQUADS)
DATA_FORMATS = (TURTLE, JSONLD, NTRIPLES, JSON)
PAGE_FORMATS = (HTML, *DATA_FORMATS)
# What the page of a trial is given in beside.
TRIAL_FORMATS = (*PAGE_FORMATS, FHIR, TRIG)
# Files of pages: tables, figures, references.
FILE_FORMATS = (XLSX, CSV, SVG, PNG, RIS, BIBTEX)


@dataclass(frozen=True, slots=True)
class Range:
    """One entry of an Accept header, or of its like: a name in lower case, and its weight from 0 to 1."""

    name: str
    quality: float

    def precision(self, media_type: str) -> int:
        """3 for the type itself, 2 for its major type, 1 for anything, 0 for no match."""
        if self.name == media_type:
            return 3
        if self.name == media_type.partition("/")[0] + "/*":
            return 2
        return 1 if self.name == "*/*" else 0


def weighted(header: str) -> list[Range]:
    """The header's ranges with their weights; a malformed weight counts as 0."""
    ranges = []
    for part in header.split(","):
        name, *parameters = (piece.strip().lower() for piece in part.split(";"))
        if not name:
            continue
        quality = 1.0
        for parameter in parameters:
            key, _, value = parameter.partition("=")
            if key.strip() == "q":
                try:
                    quality = float(value)
                except ValueError:
                    quality = 0.0
        ranges.append(Range(name, quality if 0 <= quality <= 1 else 0.0))
    return ranges


def choose_format(accept: str | None, formats: Sequence[Format]) -> Format | None:
    """The format that the ``Accept`` header likes best, the first of ``formats`` among equals.

    No header, or an empty one, takes the first; ``None`` means that nothing here is acceptable (406).
    """
    if accept is None or not accept.strip():
        return formats[0]
    ranges = weighted(accept)
    best: Format | None = None
    best_quality = 0.0
    for candidate in formats:
        quality = max(_quality(ranges, media_type) for media_type in candidate.media_types)
        if quality > best_quality:
            best, best_quality = candidate, quality
    return best


def _quality(ranges: Sequence[Range], media_type: str) -> float:
    """The weight of the most precise range that covers the media type, 0 where none does."""
    precision, quality = max(((entry.precision(media_type), entry.quality) for entry in ranges), default=(0, 0.0))
    return quality if precision else 0.0


def by_name(name: str, formats: Sequence[Format]) -> Format | None:
    """The format with that file extension, or ``None``."""
    return next((candidate for candidate in formats if candidate.name == name), None)


def choose_language(cookie: str | None, accept_language: str | None) -> Language:
    """The language of a first visit: the one last chosen, else the browser's, else English."""
    for language in LANGUAGES:
        if cookie == language:
            return language
    best: Language = "en"
    best_quality = 0.0
    for entry in weighted(accept_language or ""):
        primary = entry.name.split("-")[0]
        for language in LANGUAGES:
            if primary == language and entry.quality > best_quality:
                best, best_quality = language, entry.quality
    return best
