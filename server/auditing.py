"""Reports of the checks of papers: as text, as JSON lines, and as one page; a bad paper stops no other."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from extractors.documents import Document, Refusal, UnreadableDocument
from extractors.readers import papers
from kg.audit.checks import Check, items
from kg.audit.paper import audit
from kg.ingest import files_of
from kg.reading import extract
from ontology import by_name, label


@dataclass(frozen=True, slots=True)
class AuditedPaper:
    """The checks of one paper, or why there are none."""

    source: str
    title: str
    checks: tuple[Check, ...]
    error: str | None = None

    def with_verdict(self, verdict: str) -> tuple[Check, ...]:
        """The checks with this verdict."""
        return tuple(one for one in self.checks if one.verdict == verdict)


def audited(paths: Sequence[Path], max_bytes: int) -> Iterator[AuditedPaper]:
    """The checks of each paper of each file, and of each file below each folder."""
    for file in files_of(paths):
        for paper in papers(file, max_bytes):
            source = str(file.parent / paper.source)
            if isinstance(paper, Refusal):
                yield AuditedPaper(source, paper.source, (), paper.reason)
            else:
                yield _audited(source, paper)


def _audited(source: str, document: Document) -> AuditedPaper:
    title = next((title for _, title in document.metadata.titles), document.source)
    try:
        return AuditedPaper(source, title, audit(document, extract(document)).checks)
    except UnreadableDocument as error:
        return AuditedPaper(source, title, (), str(error))


def as_text(paper: AuditedPaper, language: str) -> str:
    """The report for a terminal: what does not fit with its sentences, then the numbers of the other checks."""
    lines = [paper.title, *_tally(paper, language)]
    for one in paper.with_verdict("inconsistent"):
        lines += ["", f"≠ {kind_of(one, language)}", f"  {one.explanation(language)}"]
        lines += [f"  > {quote}" for quote in quotes(one)]
    return "\n".join(lines)


def _tally(paper: AuditedPaper, language: str) -> Iterator[str]:
    for verdict, word in (("inconsistent", "failed"), ("consistent", "passed"), ("cannot tell", "open")):
        template = by_name("interface", f"checks-{word}").preferred[language]
        yield f"  {template.format(number=len(paper.with_verdict(verdict)))}"


def as_json(paper: AuditedPaper) -> str:
    """One line of JSON: the source and every check with verdict, computed range, inputs and words in both languages."""
    return json.dumps({"source": paper.source, "checks": [_plain(one) for one in paper.checks]}, ensure_ascii=False)


def _plain(one: Check) -> dict[str, object]:
    return {
        "kind": one.kind,
        "verdict": one.verdict,
        "computed": None if one.computed is None else [one.computed.low, one.computed.high],
        "confidence": str(one.confidence),
        "explanation": {language: one.explanation(language) for language in ("en", "zh")},
        "inputs": [
            {
                "part": read.part,
                "text": read.text,
                "cell": None if read.cell is None else asdict(read.cell),
                "evidence": [{"start": e.start, "end": e.end, "quote": e.quote} for e in read.evidence],
            }
            for read in one.inputs
        ],
    }


def as_page(papers: Iterable[AuditedPaper], language: str) -> str:
    """One page without outside parts, with the checks of all papers."""
    environment = Environment(
        loader=PackageLoader("server"), autoescape=select_autoescape(), undefined=StrictUndefined, trim_blocks=True
    )
    style = files("server").joinpath("static/style.css").read_text("utf-8")
    return environment.get_template("audit.html").render(
        papers=tuple(papers),
        language=language,
        style=style,
        items_of=items_of,
        kind_of=kind_of,
        quotes=quotes,
        word=lambda name: by_name("interface", name).preferred[language],
        verdicts=(("inconsistent", "failed"), ("consistent", "passed"), ("cannot tell", "open")),
    )


def items_of(one: Check, language: str) -> tuple[str, ...]:
    """What the items of INSPECT-SR are called that the check answers in part."""
    return tuple(label(iri, language) for iri in items(by_name("checks", one.kind).iri))


def kind_of(one: Check, language: str) -> str:
    """What the check's kind is called."""
    return label(by_name("checks", one.kind).iri, language)


def quotes(one: Check) -> tuple[str, ...]:
    """The sentences that print the check's inputs, each once: of each input the longest piece of evidence."""
    longest = (max((e.quote for e in read.evidence), key=len, default="") for read in one.inputs)
    return tuple(dict.fromkeys(" ".join(quote.split()) for quote in longest if quote))
