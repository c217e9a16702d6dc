"""The index on disk: its fields, and how the entries of all trials are written into a folder of its own."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import tantivy

from kg.rows import Name
from kg.search.entries import FACETS, Entry, Line
from kg.search.forms import labels, mentioned, with_broader
from kg.search.words import GAP, single_signs, spelt, terms

# Its place in a checkpoint. The name changes with the fields and with the way in which texts are cut into words.
FOLDER: Final = "search-2"
# Bytes of words that are held before they are written, above the least that the library takes.
_HELD: Final = 64_000_000
# Fields of words, each with its weight: what is found in a title means most. What reports do not say themselves, the
# labels of their concepts, is looked at where their own words are in the other language, or are misspelt or unfinished.
WORD_FIELDS: Final = {"title": 3.0, "phrase": 2.0, "further": 0.6}
LABEL_FIELD: Final = "label"
# The same for single Chinese characters.
SIGN_FIELDS: Final = {"sign": 1.0, "label_sign": 0.2}


class IndexUnwritable(OSError):
    """The index cannot be written; an OSError, since the disk is the reason."""


def schema() -> tantivy.Schema:
    """The fields of the index."""
    builder = tantivy.SchemaBuilder()
    for name in (*WORD_FIELDS, LABEL_FIELD):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="position")
    for name in (*SIGN_FIELDS, "spelt"):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="basic")
    for name in ("name", "mention"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in ("concept", *FACETS):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    for name in ("year", "people"):
        builder.add_unsigned_field(name, indexed=True, fast=True)
    builder.add_bytes_field("line", stored=True)
    return builder.build()


def has_index(folder: Path) -> bool:
    """Whether a checkpoint, or another folder, holds an index as this version of the program writes it."""
    return (folder / FOLDER / "meta.json").exists()


def write_index(folder: Path, entries: Iterable[Entry]) -> None:
    """Write the index of the entries, in their order, into a checkpoint that has none; raises IndexUnwritable."""
    place = folder / FOLDER
    try:
        place.mkdir(parents=True)
        index = tantivy.Index(schema(), path=str(place))
        # One thread, so that the same entries give the same order.
        writer = index.writer(heap_size=_HELD, num_threads=1)
        for entry in entries:
            writer.add_document(_document(entry))
        writer.commit()
        writer.wait_merging_threads()
    except (OSError, ValueError) as error:
        shutil.rmtree(place, ignore_errors=True)
        raise IndexUnwritable(f"the index of the search: {error}") from error


@dataclass(frozen=True, slots=True)
class _Labelled:
    """What the fields hold of the labels of one concept."""

    words: str
    signs: frozenset[str]
    spelt: frozenset[str]


@cache
def _called(path: str) -> _Labelled:
    texts = labels(path)
    together = " ".join(texts)
    return _Labelled(_words(texts), frozenset(single_signs(together)), frozenset(spelt(together)))


def _document(entry: Entry) -> tantivy.Document:
    line = entry.line
    titles = [title.text for title in line.titles]
    own = [*titles, *line.acronyms, *entry.phrases]
    named = frozenset().union(*(with_broader(path) for path in mentioned(own)))
    called = [_called(path) for path in sorted(named | entry.concepts)]
    document = tantivy.Document()
    document.add_text("title", _words([*titles, *line.acronyms]))
    document.add_text("phrase", _words(sorted(entry.phrases)))
    document.add_text("further", _words(entry.further))
    document.add_text(LABEL_FIELD, f" {GAP} ".join(labelled.words for labelled in called))
    said = " ".join((*own, *entry.further))
    document.add_text("sign", " ".join(sorted(single_signs(said))))
    document.add_text("label_sign", " ".join(sorted(set().union(*(labelled.signs for labelled in called)))))
    document.add_text("spelt", " ".join(sorted(set(spelt(said)).union(*(labelled.spelt for labelled in called)))))
    for name in sorted(entry.names):
        document.add_text("name", name)
    for path in sorted(named):
        document.add_text("mention", path)
    for path in sorted(entry.concepts):
        document.add_text("concept", path)
    for facet, values in entry.facets.items():
        for value in sorted(values):
            document.add_text(facet, value)
    if line.year is not None:
        document.add_unsigned("year", line.year)
    if line.randomised is not None:
        document.add_unsigned("people", line.randomised)
    document.add_bytes("line", json.dumps(asdict(line), ensure_ascii=False).encode("utf-8"))
    return document


def _words(texts: Iterable[str]) -> str:
    return f" {GAP} ".join(" ".join(terms(text)) for text in texts)


def read_line(stored: bytes) -> Line:
    """The line of a trial as ``write_index`` stored it."""
    fields: dict[str, Any] = json.loads(stored)
    for name in ("titles", "conditions"):
        fields[name] = _names(fields[name])
    for name in ("experimental", "comparators", "primary"):
        fields[name] = tuple(_names(group) for group in fields[name])
    for name in ("acronyms", "identifiers", "journals", "features"):
        fields[name] = tuple(fields[name])
    return Line(**fields)


def _names(stored: list[dict[str, str]]) -> tuple[Name, ...]:
    return tuple(Name(**one) for one in stored)
