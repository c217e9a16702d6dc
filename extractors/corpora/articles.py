"""The trial articles of the JATS archive: their abstracts, cut by the headings they carry, and some of their text."""

from __future__ import annotations

import re
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

# Every tenth article gives its full text, for a vocabulary that has seen more than abstracts.
_FULL_TEXT_EVERY = 10
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Article:
    """A trial article: title, abstract as (heading, text) parts in order, full text or nothing."""

    name: str
    title: str
    abstract: tuple[tuple[str, str], ...]
    body: str


def articles(archive: Path) -> Iterator[Article]:
    """The articles of a ``.tar.xz`` of JATS files in the archive's order.

    Raises ``FileNotFoundError`` if there is no such archive.
    """
    number = 0
    with tarfile.open(archive) as files:
        for member in files:
            content = files.extractfile(member) if member.name.endswith(".nxml") else None
            if content is None:
                continue
            root = ElementTree.parse(content).getroot()  # noqa: S314  (a corpus of our own choice)
            body = root.find(".//body") if number % _FULL_TEXT_EVERY == 0 else None
            number += 1
            title = root.find(".//front//article-title")
            yield Article(
                Path(member.name).stem,
                "" if title is None else _text(title),
                tuple(_abstract(root)),
                "" if body is None else _text(body),
            )


def _abstract(root: ElementTree.Element) -> Iterator[tuple[str, str]]:
    """The parts of the main abstract: those that are graphical, short or for lay readers are marked by a type."""
    for abstract in root.iterfind(".//front//abstract"):
        if abstract.get("abstract-type") is not None:
            continue
        parts = abstract.findall("sec")
        for part in parts:
            heading = part.find("title")
            text = " ".join(_text(child) for child in part if child.tag != "title")
            yield ("" if heading is None else _text(heading)), text
        if not parts:
            yield "", " ".join(_text(child) for child in abstract if child.tag != "title")
        return


def _text(element: ElementTree.Element) -> str:
    return _SPACE.sub(" ", "".join(element.itertext())).strip()
