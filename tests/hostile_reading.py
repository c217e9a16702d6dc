"""A reading for processes of their own: made papers, and some that do to their process what real ones might."""

from __future__ import annotations

import ctypes
import os
import signal
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from graph_fixtures import RECORD_TEXT, record

from extractors.documents import Document, Refusal
from extractors.findings import Facts
from kg.iris import Iris
from kg.preparing import Prepared, Reading, prepare

SEPARATOR = "=====\n"


def paper(number: int, deed: str = "") -> str:
    """The text of a made paper; the deed is what it does when it is read or extracted."""
    return f"{number} {deed}\n{RECORD_TEXT}"


def write(folder: Path, texts: dict[str, str]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def read(path: Path) -> Iterator[Document | Refusal]:
    """The papers of a file, between lines of signs; a number that a file has twice is one report twice."""
    parts = path.read_text("utf-8").split(SEPARATOR)
    for place, text in enumerate(parts, start=1):
        name = path.name if len(parts) == 1 else f"{path.name}#{place}"
        number, deed = text.partition("\n")[0].split(" ", 1)
        if deed.startswith("read-"):
            do(deed.removeprefix("read-"))
        if deed == "refused":
            yield Refusal(name, "this is no paper")
            continue
        metadata = replace(record().document.metadata, doi=f"10.1000/lamp.{number}", pmid=number)
        yield replace(
            record().document, id=f"doi-10.1000-lamp.{number}-record", source=name, text=text, metadata=metadata
        )


def extract(document: Document) -> Facts:
    """The findings of the made record, moved to where its text stands in this one."""
    deed = document.text.partition("\n")[0].split(" ", 1)[1]
    do(deed)
    return replace(record().facts, document=document.id)


def do(deed: str) -> None:
    if deed == "hang":
        time.sleep(600)
    elif deed == "wait":
        time.sleep(0.4)
    elif deed == "segfault":
        ctypes.string_at(0)
    elif deed == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    elif deed == "memory":
        _ = bytearray(16 * 1024**3)
    elif deed == "defect":
        raise AttributeError("a defect")


def load() -> None:
    """Have the shapes loaded by what needs them, so that no paper waits for it."""
    document = record().document
    assert isinstance(prepare(READING, Iris(), replace(document, text=paper(0)), 1), Prepared)


READING = Reading(read, extract, "9.9", load)


def made_reading() -> Reading:
    """The reading, for who has to make it anew."""
    return READING
