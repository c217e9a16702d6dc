"""Parses XML that strangers give: nothing is fetched, no entity is expanded, big files come piece by piece."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from html.entities import html5
from io import StringIO
from typing import NoReturn
from xml.etree.ElementTree import Element, ParseError, XMLParser, iterparse

from extractors.documents import UnreadableDocument
from extractors.readers.jats_text import local

_ENTITY = re.compile(r"<!ENTITY\b")
_OPENING = r"\s*(?:<\?xml[^>]*\?>)?(?:\s|<!--.*?-->|<\?[^>]*\?>|<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>)*<(?:[\w.-]+:)?"
_DECLARED = re.compile(r"\s*<\?xml[^>]*\?>")


def has_root(text: str, names: Collection[str]) -> bool:
    """Whether the text is an XML document whose root element has one of the names."""
    return re.match(rf"{_OPENING}(?:{'|'.join(map(re.escape, names))})[\s>/]", text, re.DOTALL) is not None


def parsed(text: str) -> Element:
    """The root element; names of characters (&nbsp;) are known, all other entities refused.

    Raises UnreadableDocument for XML that is malformed or declares entities.
    """
    _require_no_entities(text)
    parser = XMLParser()  # noqa: S314  (no entity is declared, so none can be expanded or fetched)
    parser.entity.update({key.rstrip(";"): value for key, value in html5.items()})
    try:
        parser.feed(_undeclared(text))
        root: Element = parser.close()
    except ParseError as error:
        _refuse(error)
    return root


def elements(text: str, names: Collection[str]) -> Iterator[Element]:
    """The outermost elements with these names in order, each whole; it is emptied before the next one is given.

    Raises UnreadableDocument as ``parsed`` does, once the elements before the fault have been given.
    """
    _require_no_entities(text)
    depth = 0
    try:
        # No entity is declared, so none can be expanded or fetched.
        for event, element in iterparse(StringIO(_undeclared(text)), ("start", "end")):  # noqa: S314
            if local(element) not in names:
                continue
            depth += 1 if event == "start" else -1
            if depth == 0:
                yield element
                element.clear()
    except ParseError as error:
        _refuse(error)


def _undeclared(text: str) -> str:
    """The text without an XML declaration: its encoding is that of the file, which has been decoded."""
    return _DECLARED.sub("", text, count=1).lstrip()


def _require_no_entities(text: str) -> None:
    if _ENTITY.search(text):
        raise UnreadableDocument(
            "the XML declares entities of its own, which may hide or multiply text; save it with all entities resolved"
        )


def _refuse(error: ParseError) -> NoReturn:
    line, column = error.position
    what = str(error).split(":")[0]
    raise UnreadableDocument(
        f"the XML is malformed (line {line}, column {column + 1}: {what}); get the file again from its source"
    ) from error
