"""Reads whole articles in JATS XML, the format of PubMed Central.

The document's text is what this reader writes of the article: its paragraphs in order, a blank line between them, and
its tables as lines of cells with tabs between. The same file always gives the same text, and all offsets point into it.
JATS is NISO Z39.96, https://jats.nlm.nih.gov.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.entities import html5
from xml.etree.ElementTree import Element, ParseError, XMLParser

from extractors.documents import Document, Metadata, UnreadableDocument
from extractors.readers.assembly import document
from extractors.readers.identity import acronyms, doi
from extractors.readers.jats_page import Page
from extractors.readers.jats_text import inline, local
from extractors.readers.language import language_of

_ROOT = re.compile(
    r"\s*(?:<\?xml[^>]*\?>)?(?:\s|<!--.*?-->|<\?[^>]*\?>|<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>)*<(?:\w+:)?article[\s>]",
    re.DOTALL,
)
_ENTITY = re.compile(r"<!ENTITY\b")
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_YEAR = re.compile(r"(?:19|20)\d\d")


def is_jats(text: str) -> bool:
    """Whether the text is an XML document whose root is an article."""
    return _ROOT.match(text) is not None


def read_jats(text: str, name: str) -> Document:
    """Return the article; raises UnreadableDocument for XML that is malformed, declares entities or holds no prose."""
    root = _parsed(text)
    page = Page("zh" if (root.get(_LANGUAGE) or "").lower().startswith("zh") else None)
    try:
        page.article(root)
        metadata = _metadata(root)
    except RecursionError as error:
        raise UnreadableDocument("the XML nests its elements too deeply to be a paper; get the file again") from error
    return document(
        page.text,
        name,
        "article",
        page.parts,
        metadata,
        reader="jats",
        tables=tuple(page.tables),
        references=tuple(page.references),
    )


def _parsed(text: str) -> Element:
    """The root element; names of characters (&nbsp;) are known, all other entities refused."""
    if _ENTITY.search(text):
        raise UnreadableDocument(
            "the XML declares entities of its own, which may hide or multiply text; save it with all entities resolved"
        )
    parser = XMLParser()  # noqa: S314  (no entity is declared, so none can be expanded or fetched)
    parser.entity.update({key.rstrip(";"): value for key, value in html5.items()})
    try:
        parser.feed(text.lstrip())
        root: Element = parser.close()
    except ParseError as error:
        line, column = error.position
        what = str(error).split(":")[0]
        raise UnreadableDocument(
            f"the XML is malformed (line {line}, column {column + 1}: {what}); get the file again from its source"
        ) from error
    return root


def _metadata(root: Element) -> Metadata:
    """What identifies and cites the article, from its front matter."""
    front = next((part for part in root if local(part) in ("front", "front-stub")), None)
    if front is None:
        return Metadata()
    title = next((inline(part) for part in _all(front, "article-title")), "")
    ids = {part.get("pub-id-type"): inline(part) for part in _all(front, "article-id")}
    journal = next((inline(part) for part in _all(front, "journal-title")), None) or None
    year = next((y for date in _all(front, "pub-date") for y in _all(date, "year") if _YEAR.fullmatch(inline(y))), None)
    titles = ((language_of(title), title.rstrip(".")),) if title else ()
    return Metadata(
        titles=titles,
        authors=tuple(_authors(front)),
        citation=_citation(front, journal, inline(year) if year is not None else None),
        journal=journal,
        year=int(inline(year)) if year is not None else None,
        doi=doi(ids.get("doi") or ""),
        pmid=ids.get("pmid") if (ids.get("pmid") or "").isdecimal() else None,
        acronyms=acronyms([title]),
    )


def _authors(front: Element) -> Iterator[str]:
    for contributor in _all(front, "contrib"):
        if contributor.get("contrib-type") in (None, "author"):
            for name in _all(contributor, "name"):
                parts = [inline(part) for kind in ("given-names", "surname") for part in _all(name, kind)]
                yield " ".join(part for part in parts if part)
                break


def _citation(front: Element, journal: str | None, year: str | None) -> str | None:
    """Journal, year, volume, issue and pages in the usual order."""
    meta = next(_all(front, "article-meta"), None)
    if journal is None or meta is None:
        return None
    found = {
        local(part): inline(part)
        for part in meta
        if local(part) in ("volume", "issue", "fpage", "lpage", "elocation-id")
    }
    issue = f"({found['issue']})" if found.get("issue") else ""
    place = found.get("elocation-id") or "-".join(found[key] for key in ("fpage", "lpage") if found.get(key))
    volume = f"{found.get('volume', '')}{issue}"
    dated = ";".join(part for part in (year, volume) if part)
    return f"{journal}. {':'.join(part for part in (dated, place) if part)}".rstrip(". ")


def _all(parent: Element, name: str) -> Iterator[Element]:
    return (part for part in parent.iter() if local(part) == name)
