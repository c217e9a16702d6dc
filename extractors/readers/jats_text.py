"""The running text of JATS elements: inline markup in, one line of text out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

# Elements that stand on lines of their own, also where a paragraph holds them.
BLOCKS = frozenset(
    {
        *("p", "sec", "list", "list-item", "def-list", "def-item", "disp-quote", "boxed-text", "disp-formula-group"),
        *("table-wrap", "table-wrap-group", "fig", "fig-group", "title", "fn-group", "statement", "verse-group"),
    }
)
# What is no text for readers: pictures and their descriptions, formulae a second time, notes, identifiers.
_UNREAD = frozenset(
    {
        *("tex-math", "graphic", "inline-graphic", "media", "alt-text", "long-desc", "object-id", "fn", "annotation"),
        *("supplementary-material", "inline-supplementary-material", "permissions", "processing-meta", "table"),
    }
)
_DIGIT_END = re.compile(r"\d$")
# A raised point between spaces is that of a decimal number ("0 \u00b7 812"), or a product ("5 \u00b7 10^9").
_POINT = re.compile(r"(?<=\d) \u00b7 (?=\d)(?!10\^)")
_ORDINAL = frozenset({"st", "nd", "rd", "th"})
_CITED = re.compile(r"[\d\s,;\u2013\u2014-]+")


def local(element: Element) -> str:
    """The name of an element without its namespace."""
    tag = element.tag
    return tag.rsplit("}", 1)[-1] if isinstance(tag, str) else ""


def all_of(parent: Element, name: str) -> Iterator[Element]:
    """The elements of this name within the parent, in order, whatever their namespace."""
    return (part for part in parent.iter() if local(part) == name)


def inline(element: Element) -> str:
    """The text of an element on one line, without what stands in blocks inside it."""
    return _POINT.sub("\u00b7", " ".join("".join(_pieces(element)).split()))


def lines(element: Element) -> list[str]:
    """The text of a table's cell, line by line as line breaks and paragraphs part it."""
    printed = "".join(_pieces(element, in_cell=True))
    return [_POINT.sub("\u00b7", words) for line in printed.split("\n") if (words := " ".join(line.split()))]


def _pieces(element: Element, *, in_cell: bool = False) -> Iterator[str]:
    """The text of an element piece by piece; in a cell, lines end in line feeds and other white space is blank."""
    if element.text:
        yield _blank(element.text)
    before = element.text or ""
    for child in element:
        name = local(child)
        if name in BLOCKS:
            if in_cell:
                yield "\n"
                yield from _pieces(child, in_cell=True)
                yield "\n"
        elif name == "break":
            yield "\n"
        elif name not in _UNREAD:
            inner = "".join(_pieces(child, in_cell=in_cell))
            yield _marked(name, child, inner, before)
            before = inner
        if child.tail:
            yield _blank(child.tail)
            before = child.tail


def _blank(text: str) -> str:
    return text.replace("\n", " ").replace("\r", " ")


def _raised(element: Element, inner: str, before: str) -> str:
    """What is printed above the line: a note or a power behind the sign for it; the ending of "2nd" as it stands."""
    words = inner.strip()
    if not before.strip() and words and not words.isdigit():
        return f"^{words} "
    if words in _ORDINAL and _DIGIT_END.search(before.rstrip()):
        return inner
    if any(local(child) == "xref" and child.get("ref-type") == "bibr" for child in element):
        return f" [{inner.replace('[', '').replace(']', '').strip()}]"
    noted = any(local(child) == "xref" for child in element)
    raised = noted or _DIGIT_END.search(before.rstrip()) or not words.isdigit()
    return f"^{words}" if raised and before.strip() and words else inner


def _marked(name: str, element: Element, inner: str, before: str) -> str:
    """The text of an inline element, with the sign that keeps it apart from the number or word before it.

    Cited references become "[5]", raised notes and powers of numbers "^a" and "10^3": glued to what stands before
    them they would be read as part of it.
    """
    if name == "xref" and element.get("ref-type") == "bibr":
        cites = _CITED.fullmatch(inner.strip())
        return (
            f" [{inner.strip()}]" if cites and not before.rstrip().endswith(("[", ",", "-", "\u2013", ";")) else inner
        )
    if name == "sup":
        return _raised(element, inner, before)
    if name == "xref" and element.get("ref-type") in ("table-fn", "fn"):
        return f"^{inner.strip()}" if before.strip() and inner.strip() and not inner.startswith("^") else inner
    return inner
