"""Reads answers of Europe PMC's search service, in JSON or XML; only its "core" answers hold abstracts.

The fields are described at https://europepmc.org/RestfulWebService.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from typing import Final
from xml.etree.ElementTree import Element, tostring

from extractors.documents import UnreadableDocument
from extractors.readers.jats_text import local
from extractors.readers.markup import elements, has_root
from extractors.readers.records.record import Passage, Record

_JSON = re.compile(r"\s*\{.{0,2000}?\"resultList\"\s*:", re.DOTALL)
_DUBLIN_CORE: Final = "<rdf:RDF"
_HEADING = re.compile(r"<h\d>(?P<heading>.*?)</h\d>", re.DOTALL)
_TAG = re.compile(r"<[^<>]+>")


def is_europepmc(text: str) -> bool:
    """Whether the text is an answer of Europe PMC's search."""
    return has_root(text, ("responseWrapper",)) or _JSON.match(text) is not None


def europepmc_records(text: str) -> Iterator[Record]:
    """The records of the answer in order; raises UnreadableDocument for one that is broken or in Dublin Core."""
    if has_root(text, ("responseWrapper",)):
        if _DUBLIN_CORE in text[:4000]:
            raise UnreadableDocument(
                "this is Europe PMC's answer in Dublin Core, without fields for the abstract; "
                "ask again with resultType=core and format=json"
            )
        return (_record(_fields(result)) for result in elements(text, ("result",)))
    try:
        answer = json.loads(text)
        results = answer["resultList"]["result"]
    except (ValueError, KeyError, TypeError) as error:
        raise UnreadableDocument("Europe PMC's answer is broken or cut off; ask for it again") from error
    return (_record(result) for result in results if isinstance(result, dict))


def _fields(element: Element) -> dict[str, object]:
    """The children of an element by name, as the JSON of the same answer has them."""
    return {local(child): _value(child) for child in element}


def _value(element: Element) -> object:
    if not len(element):
        return element.text
    marked = local(element) in ("title", "abstractText")
    return tostring(element, encoding="unicode") if marked else _fields(element)


def _record(result: dict[str, object]) -> Record:
    info = _inner(result, "journalInfo")
    return Record(
        titles=tuple(_plain(title) for title in [_words(result, "title")] if title),
        abstract=tuple(_passages(_words(result, "abstractText") or "")),
        authors=tuple(name for name in (_words(result, "authorString") or "").rstrip(".").split(", ") if name),
        journal=_words(_inner(info, "journal"), "title") or _words(result, "journalTitle"),
        year=_words(result, "pubYear"),
        volume=_words(info, "volume") or _words(result, "journalVolume"),
        issue=_words(info, "issue") or _words(result, "issue"),
        pages=_words(result, "pageInfo"),
        doi=_words(result, "doi"),
        pmid=_words(result, "pmid"),
        types=tuple(_types(result)),
    )


def _passages(marked: str) -> Iterator[Passage]:
    """The paragraphs of an abstract whose headings are marked as headings of HTML."""
    places = [*_HEADING.finditer(marked)]
    before = marked[: places[0].start()] if places else marked
    if _plain(before):
        yield Passage(_plain(before))
    ends = [*(place.start() for place in places[1:]), len(marked)][: len(places)]
    for place, end in zip(places, ends, strict=True):
        if words := _plain(marked[place.end() : end]):
            yield Passage(words, _plain(place["heading"]))


def _types(result: dict[str, object]) -> Iterator[str]:
    listed = _inner(result, "pubTypeList").get("pubType")
    for kind in listed if isinstance(listed, list) else [listed or result.get("pubType")]:
        if isinstance(kind, str):
            yield kind


def _plain(marked: str) -> str:
    return " ".join(html.unescape(_TAG.sub("", marked)).split())


def _inner(fields: dict[str, object], key: str) -> dict[str, object]:
    value = fields.get(key)
    return value if isinstance(value, dict) else {}


def _words(fields: dict[str, object], key: str) -> str | None:
    value = fields.get(key)
    return str(value).strip() or None if isinstance(value, str | int) else None
