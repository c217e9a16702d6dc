"""Facts of papers as JSON lines, paper by paper; a paper that cannot be read stops no other."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO

from extractors.documents import Document, Refusal, UnreadableDocument
from extractors.facts_json import to_gold
from extractors.pipelines import extract
from extractors.readers import papers, papers_in
from extractors.selection import at_least
from kg.ingest import files_of, source_of


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
            # One byte more than may be there is enough to tell that there is too much.
            yield from _facts(papers_in(standard_input.read(max_bytes + 1), "-", max_bytes), None, least)
            continue
        for file in files_of([path]) if path.is_dir() else [path]:
            yield from _facts(papers(file, max_bytes), file, least)


def _facts(found: Iterable[Document | Refusal], file: Path | None, least: Decimal) -> Iterator[Extracted]:
    for paper in found:
        source = source_of(file, paper) if file is not None else paper.source
        if isinstance(paper, Refusal):
            yield Extracted(source, None, paper.reason)
            continue
        try:
            facts = extract(paper)
        except UnreadableDocument as error:
            yield Extracted(source, None, str(error))
            continue
        for each in facts:
            line = json.dumps({**to_gold(paper, at_least(each, least)), "source": source}, ensure_ascii=False)
            yield Extracted(source, line, None)
