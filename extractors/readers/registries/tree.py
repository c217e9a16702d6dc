"""Fields of nested data by their paths: JSON as it is, XML as nested dictionaries; what is not there is nothing.

Records of strangers may hold a list where one value is expected, one value where a list is, or something else
altogether: every access here gives texts or nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final
from xml.etree.ElementTree import Element

from extractors.readers.jats_text import local

Node = object

_TEXT: Final = "#text"
_ATTRIBUTES: Final = "@attributes"
# No field of a registry is longer.
_LONGEST: Final = 60_000


def tree_of(element: Element) -> Node:
    """The element as nested dictionaries: children by name, several of one name as a list, attributes apart."""
    children: dict[str, Node] = {}
    for child in element:
        name, value = local(child), tree_of(child)
        before = children.get(name)
        if before is None:
            children[name] = value
        elif isinstance(before, list):
            before.append(value)
        else:
            children[name] = [before, value]
    if element.attrib:
        children[_ATTRIBUTES] = {name.rsplit("}", 1)[-1]: value for name, value in element.attrib.items()}
    text = (element.text or "").strip()
    if not children:
        return text
    return {**children, _TEXT: text} if text else children


def nodes(node: Node, *paths: str) -> Iterator[Node]:
    """The values at the first of the paths that leads anywhere; lists on the way and at the end are gone through.

    A path is a row of names with dots between them.
    """
    for path in paths:
        found = [*_walk([node], path.split("."))]
        if found:
            yield from found
            return


def _walk(found: list[Node], names: list[str]) -> Iterator[Node]:
    for name in names:
        found = [one[name] for one in _flat(found) if isinstance(one, Mapping) and one.get(name) is not None]
    yield from _flat(found)


def _flat(found: list[Node]) -> Iterator[Node]:
    for one in found:
        if isinstance(one, list):
            yield from one
        else:
            yield one


def texts(node: Node, *paths: str) -> tuple[str, ...]:
    """The texts and numbers at the first path that leads anywhere, without empty ones."""
    found = (_text(one) for one in nodes(node, *paths))
    return tuple(text for text in found if text)


def text(node: Node, *paths: str) -> str | None:
    """The first text or number at the paths, ``None`` if there is none."""
    return next((found for path in paths for found in texts(node, path)), None)


def attribute(node: Node, path: str, name: str) -> str | None:
    """The attribute of the element at the path."""
    return text(node, f"{path}.{_ATTRIBUTES}.{name}")


def _text(node: Node) -> str:
    if isinstance(node, Mapping):
        return _text(node.get(_TEXT, ""))
    if isinstance(node, bool) or node is None or isinstance(node, list):
        return ""
    if isinstance(node, str | int | float):
        return str(node).strip()[:_LONGEST]
    return ""
