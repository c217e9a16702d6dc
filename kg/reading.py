"""The reading that the product comes with: its readers, its two pipelines, and the join of the languages."""

from __future__ import annotations

import hashlib
from functools import cache, partial
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final

from extractors import bilingual, pipelines, readers
from extractors.documents import Document
from extractors.findings import Facts
from extractors.pico_model import pico_model
from kg.preparing import Reading
from ontology import shapes_graph

# Files of ontology/ that no component reads.
NOT_READ: Final = frozenset({"audit.ttl", "dataset.ttl", "interface.ttl", "shapes.ttl"})


@cache
def standard_reading(max_bytes: int = readers.MAX_BYTES) -> Reading:
    """The readers and pipelines of ``extractors``; the version changes with any of their rules or lexicons.

    A file of more than ``max_bytes`` is refused unread.
    """
    software = f"{version('evidence-kg')}+{_digest()}"
    return Reading(partial(readers.papers, max_bytes=max_bytes), extract, software, load)


def extract(document: Document) -> Facts:
    """The findings of a document, of all its languages in one; raises NotATrial."""
    return bilingual.merge(document, pipelines.extract(document))


def load() -> None:
    """Load both pipelines, the trained model and the shapes, which takes some seconds."""
    pipelines.load("en")
    pipelines.load("zh")
    pico_model()
    shapes_graph()


def _digest() -> str:
    found = hashlib.sha256()
    for package in ("extractors", "ontology"):
        for name, data in sorted(_contents(files(package), package)):
            found.update(f"{name}\n{len(data)}\n".encode())
            found.update(data)
    return found.hexdigest()[:12]


def _contents(folder: Traversable, name: str) -> list[tuple[str, bytes]]:
    contents: list[tuple[str, bytes]] = []
    for entry in folder.iterdir():
        path = f"{name}/{entry.name}"
        if entry.is_dir():
            if entry.name != "__pycache__":
                contents.extend(_contents(entry, path))
        elif entry.name not in NOT_READ:
            contents.append((path, entry.read_bytes()))
    return contents
