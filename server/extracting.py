"""Facts of papers as JSON lines, paper by paper; a paper that cannot be read stops no other."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import BinaryIO

from extractors.documents import Document, UnreadableDocument
from extractors.facts_json import to_gold
from extractors.pipelines import extract
from extractors.readers import read, read_bytes
from extractors.selection import at_least
from kg.ingest import files_of


@dataclass(frozen=True, slots=True)
class Extracted:
    """The facts of one paper in one language as a line of JSON, or why there are none."""

    source: str
    line: str | None
    error: str | None


def facts_lines(
    paths: Sequence[Path], standard_input: BinaryIO, max_bytes: int, least: Decimal = Decimal(0)
) -> Iterator[Extracted]:
    """The facts of each file, of each file below each folder, and of standard input for the path "-".

    Findings whose confidence is below the least are left out.
    """
    for path in paths:
        if str(path) == "-":
            yield from _facts("-", partial(_read_all, standard_input, max_bytes), least)
        elif path.is_dir():
            for file in files_of([path]):
                yield from _facts(str(file), partial(read, file, max_bytes), least)
        else:
            yield from _facts(str(path), partial(read, path, max_bytes), least)


def _read_all(stream: BinaryIO, max_bytes: int) -> Document:
    # One byte more than may be there is enough to tell that there is too much.
    return read_bytes(stream.read(max_bytes + 1), "-", max_bytes)


def _facts(source: str, reading: Callable[[], Document], least: Decimal) -> Iterator[Extracted]:
    try:
        document = reading()
        found = extract(document)
    except UnreadableDocument as error:
        yield Extracted(source, None, str(error))
        return
    for facts in found:
        line = json.dumps({**to_gold(document, at_least(facts, least)), "source": source}, ensure_ascii=False)
        yield Extracted(source, line, None)
