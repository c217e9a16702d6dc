"""Reads whole articles in JATS XML, the format of PubMed Central.

The document's text is what this reader writes of the article: its paragraphs in order, a blank line between them, and
its tables as lines of cells with tabs between. The same file always gives the same text, and all offsets point into it.
JATS is NISO Z39.96, https://jats.nlm.nih.gov.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from extractors.documents import Document, Metadata, Refusal, UnreadableDocument
from extractors.readers.assembly import document
from extractors.readers.identity import acronyms, citation, doi
from extractors.readers.jats_page import Page
from extractors.readers.jats_text import all_of, inline, local
from extractors.readers.language import language_of
from extractors.readers.markup import elements, has_root, parsed

_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_YEAR = re.compile(r"(?:19|20)\d\d")


def is_jats(text: str) -> bool:
    """Whether the text is an XML document whose root is an article."""
    return has_root(text, ("article",))


def is_jats_set(text: str) -> bool:
    """Whether the text is a set of articles, as PubMed Central's efetch gives it."""
    return has_root(text, ("pmc-articleset", "articles"))


def read_jats_set(text: str, name: str) -> Iterator[Document | Refusal]:
    """The articles of a set, each a document or a refusal; raises UnreadableDocument for malformed XML."""
    for number, root in enumerate(elements(text, ("article",)), start=1):
        source = f"{name}#{number}"
        try:
            yield article(root, source, reader="jats")
        except UnreadableDocument as error:
            yield Refusal(source, str(error))


def read_jats(text: str, name: str) -> Document:
    """Return the article; raises UnreadableDocument for XML that is malformed, declares entities or holds no prose."""
    return article(parsed(text), name, reader="jats")


def article(root: Element, name: str, *, reader: str) -> Document:
    """Return the article of an ``article`` element; raises UnreadableDocument if it holds no prose."""
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
        reader=reader,
        tables=tuple(page.tables),
        references=tuple(page.references),
    )


def _metadata(root: Element) -> Metadata:
    """What identifies and cites the article, from its front matter."""
    front = next((part for part in root if local(part) in ("front", "front-stub")), None)
    if front is None:
        return Metadata()
    title = next((inline(part) for part in all_of(front, "article-title")), "")
    ids = {part.get("pub-id-type"): inline(part) for part in all_of(front, "article-id")}
    journal = next((inline(part) for part in all_of(front, "journal-title")), None) or None
    year = next(
        (y for date in all_of(front, "pub-date") for y in all_of(date, "year") if _YEAR.fullmatch(inline(y))), None
    )
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
    for contributor in all_of(front, "contrib"):
        if contributor.get("contrib-type") in (None, "author"):
            for name in all_of(contributor, "name"):
                parts = [inline(part) for kind in ("given-names", "surname") for part in all_of(name, kind)]
                yield " ".join(part for part in parts if part)
                break


def _citation(front: Element, journal: str | None, year: str | None) -> str | None:
    """The article's place in its journal, from its front matter."""
    meta = next(all_of(front, "article-meta"), None)
    if meta is None:
        return None
    found = {
        local(part): inline(part)
        for part in meta
        if local(part) in ("volume", "issue", "fpage", "lpage", "elocation-id")
    }
    pages = found.get("elocation-id") or "-".join(found[key] for key in ("fpage", "lpage") if found.get(key))
    return citation(journal, year, found.get("volume"), found.get("issue"), pages)
