"""The PICO corpus (Mutinda et al. 2022): breast cancer trial abstracts with spans in brat's standoff form."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, order=True)
class LabelledSpan:
    """A stretch of a text, half open, and the kind of thing it names."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class Annotated:
    """A text and its spans, in order and without overlap."""

    name: str
    text: str
    spans: tuple[LabelledSpan, ...]


def read_annotated(folder: Path) -> list[Annotated]:
    """The documents of a folder of ``.txt`` and ``.ann`` files, by name; of overlapping spans the longest stays.

    Raises ``FileNotFoundError`` for a folder without such files.
    """
    documents = []
    for path in sorted(folder.glob("*.ann")):
        spans: list[LabelledSpan] = []
        for line in path.read_text("utf-8").splitlines():
            kind, start, end = line.split("\t")[1].split()
            spans.append(LabelledSpan(int(start), int(end), kind))
        spans.sort(key=lambda span: (span.start - span.end, span))
        kept: list[LabelledSpan] = []
        for span in spans:
            if all(span.end <= other.start or other.end <= span.start for other in kept):
                kept.append(span)
        documents.append(Annotated(path.stem, path.with_suffix(".txt").read_text("utf-8"), tuple(sorted(kept))))
    if not documents:
        raise FileNotFoundError(f"{folder} holds no .ann files; give the folder of an annotated corpus")
    return documents


def inner_split(documents: list[Annotated]) -> tuple[list[Annotated], list[Annotated]]:
    """The documents to learn from and, every twelfth by name, those to choose settings by."""
    learn = [document for place, document in enumerate(documents) if place % 12]
    return learn, documents[::12]
