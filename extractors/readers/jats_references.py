"""Reads the tagged parts of an entry of a JATS reference list: authors, title, journal, year, identifiers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from xml.etree.ElementTree import Element

from extractors.documents import Reference
from extractors.readers.identity import doi
from extractors.readers.jats_text import all_of, inline, local

_YEAR = re.compile(r"(?:1[89]|20)\d\d")


def tagged(found: Reference, entry: Element) -> Reference:
    """The reference with what the tags of its ``ref`` element tell, nothing where the entry is plain text."""
    ids = {part.get("pub-id-type"): inline(part) for part in all_of(entry, "pub-id")}
    year = next((m.group() for part in all_of(entry, "year") if (m := _YEAR.search(inline(part)))), None)
    pmid = ids.get("pmid") or ""
    return replace(
        found,
        doi=doi(ids.get("doi") or "") or found.doi,
        pmid=pmid if pmid.isdecimal() else None,
        authors=tuple(dict.fromkeys(_authors(entry))),
        title=_first(entry, "article-title", "chapter-title"),
        journal=_first(entry, "source"),
        year=int(year) if year else None,
    )


def _authors(entry: Element) -> Iterator[str]:
    for part in entry.iter():
        if local(part) in ("name", "string-name"):
            pieces = [inline(one) for kind in ("surname", "given-names") for one in all_of(part, kind)]
            if any(pieces):
                yield " ".join(piece for piece in pieces if piece)
        elif local(part) == "collab":
            yield inline(part)


def _first(entry: Element, *names: str) -> str | None:
    found = (inline(part).rstrip(" .,") for name in names for part in all_of(entry, name))
    return next((words for words in found if words), None)
