"""Reads articles that GROBID made of PDF files, in TEI (https://tei-c.org/guidelines/p5/).

Each element has its counterpart in JATS; the article is put into these and goes on as a JATS article does.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from xml.etree.ElementTree import Element, SubElement

from extractors.documents import Document
from extractors.readers.jats import article
from extractors.readers.jats_text import all_of, local
from extractors.readers.markup import has_root, parsed

_INLINE: Final = {"hi": "italic", "formula": "disp-formula"}
_PLACES: Final = {"volume": "volume", "issue": "issue"}
_LANGUAGE: Final = "{http://www.w3.org/XML/1998/namespace}lang"


def is_tei(text: str) -> bool:
    """Whether the text is an XML document whose root is a TEI text."""
    return has_root(text, ("TEI", "teiCorpus"))


def read_tei(text: str, name: str) -> Document:
    """Return the article; raises UnreadableDocument for XML that is malformed, declares entities or holds no prose."""
    root = parsed(text)
    found = Element("article", {key: value for key, value in _attributes(root).items() if key == _LANGUAGE})
    _front(SubElement(found, "front"), root)
    body, back = SubElement(found, "body"), SubElement(found, "back")
    for source, target in (("body", body), ("back", back)):
        for part in all_of(root, source):
            _blocks(part, target)
    listed = SubElement(back, "ref-list")
    for number, entry in enumerate((entry for refs in all_of(root, "listBibl") for entry in refs), start=1):
        _reference(SubElement(listed, "ref"), entry, number)
    return article(found, name, reader="tei")


def _attributes(root: Element) -> dict[str, str]:
    """The attributes of the text's header, which names the language."""
    return next((dict(header.attrib) for header in all_of(root, "teiHeader")), {})


def _front(front: Element, root: Element) -> None:
    journal, meta = SubElement(front, "journal-meta"), SubElement(front, "article-meta")
    source = next(all_of(root, "sourceDesc"), Element("sourceDesc"))
    titles = [*_of_level(root, "a"), *_of_level(source, "m")]
    for printed in _of_level(source, "j")[:1]:
        SubElement(journal, "journal-title").text = _words(printed)
    if titles:
        SubElement(meta, "article-title").text = _words(titles[0])
    for author in all_of(next(all_of(source, "analytic"), Element("analytic")), "author"):
        names = {"given-names": "forename", "surname": "surname"}
        printed_name = {key: " ".join(map(_words, all_of(author, theirs))) for key, theirs in names.items()}
        if any(printed_name.values()):
            person = SubElement(SubElement(meta, "contrib", {"contrib-type": "author"}), "name")
            for key, words in printed_name.items():
                SubElement(person, key).text = words
    _citing(meta, source)
    for abstract in (part for desc in all_of(root, "profileDesc") for part in desc if local(part) == "abstract"):
        _blocks(abstract, SubElement(meta, "abstract"))


def _citing(meta: Element, source: Element) -> None:
    """Put identifiers, year, volume and pages into the article's front matter."""
    for identifier in source.iterfind("{*}biblStruct/{*}idno"):
        kind = (identifier.get("type") or "").lower()
        SubElement(meta, "article-id", {"pub-id-type": kind}).text = _words(identifier)
    for date in (date for date in all_of(source, "date") if date.get("when")):
        SubElement(SubElement(meta, "pub-date"), "year").text = (date.get("when") or "")[:4]
    for scope in all_of(source, "biblScope"):
        unit = scope.get("unit")
        if unit in _PLACES:
            SubElement(meta, _PLACES[unit]).text = _words(scope)
        elif unit == "page":
            SubElement(meta, "fpage").text = scope.get("from") or _words(scope)
            if scope.get("to"):
                SubElement(meta, "lpage").text = scope.get("to")


def _blocks(source: Element, target: Element) -> None:
    """Put the blocks of a TEI division into a JATS section."""
    for part in source:
        name = local(part)
        if name == "div":
            _blocks(part, SubElement(target, "sec"))
        elif name == "head":
            SubElement(target, "title").text = _words(part)
        elif name in ("p", "note"):
            _inline(part, SubElement(target, "p"))
        elif name == "figure":
            _figure(part, target)
        elif name not in ("listBibl", "formula"):
            _blocks(part, target)


def _inline(source: Element, target: Element) -> None:
    """Put running text into the target; a cited reference stays one."""
    target.text = source.text
    for part in source:
        name = local(part)
        cited = name == "ref" and part.get("type") == "bibr"
        inner = SubElement(
            target, "xref" if cited else _INLINE.get(name, "named-content"), {"ref-type": "bibr"} if cited else {}
        )
        _inline(part, inner)
        inner.tail = part.tail


def _figure(figure: Element, target: Element) -> None:
    is_table = figure.get("type") == "table"
    wrap = SubElement(target, "table-wrap" if is_table else "fig")
    head = next((_words(part) for part in figure if local(part) == "head"), "")
    label, _, rest = head.partition(":")
    is_label = bool(rest) and len(label.split()) <= 3
    SubElement(wrap, "label").text = label.strip() if is_label else None
    caption = SubElement(SubElement(wrap, "caption"), "p")
    described = next((_words(part) for part in figure if local(part) == "figDesc"), "")
    caption.text = " ".join(part for part in (rest.strip() if is_label else head, described) if part)
    for table in (part for part in figure if is_table and local(part) == "table"):
        body = SubElement(wrap, "table")
        for row in all_of(table, "row"):
            line = SubElement(body, "tr")
            for cell in (cell for cell in row if local(cell) == "cell"):
                _inline(cell, SubElement(line, "td", {"colspan": cell.get("cols") or "1"}))
    for note in (part for part in figure if is_table and local(part) == "note" and _words(part)):
        _inline(note, SubElement(SubElement(wrap, "table-wrap-foot"), "p"))


def _reference(target: Element, entry: Element, number: int) -> None:
    SubElement(target, "label").text = str(number)
    printed = next((_words(note) for note in all_of(entry, "note") if note.get("type") == "raw_reference"), "")
    SubElement(target, "mixed-citation").text = printed or ", ".join(_pieces(entry))


def _pieces(entry: Element) -> Iterator[str]:
    """The parts of a reference in order: names whole, dates and pages from their attributes, all else as printed."""
    for part in entry:
        if local(part) != "persName" and len(part):
            yield from _pieces(part)
            continue
        dated = part.get("when") or "-".join(filter(None, (part.get("from"), part.get("to"))))
        names = " ".join(words for name in part.iter() if (words := (name.text or "").strip()))
        if dated or names:
            yield dated or names


def _of_level(parent: Element, level: str) -> list[Element]:
    return [title for title in all_of(parent, "title") if title.get("level") == level and _words(title)]


def _words(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())
