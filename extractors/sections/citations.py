"""What an article's discussion says of other works: whether its own findings agree with them or not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from extractors.article_findings import Citation, CitedWork, Intent
from extractors.confidence import assessed
from extractors.evidence import evidence
from extractors.keys import digest
from extractors.normal import HAN
from extractors.patterns import words
from extractors.reading import Reading, Sentence, Span
from extractors.sections.passages import by_section

COMPONENT = "evidence_sections"
# "[5, 6]", "[5-8]", "[5] [6]"; and "Mason et al., 2014" or "Mason and Reed (2014)".
_MARKED = re.compile(r"\[\s*(?P<numbers>\d{1,3}(?:\s*[,;-]\s*\d{1,3})*)\s*\]")
_NAMED = re.compile(
    r"(?P<name>[A-Z][\w'-]+)(?:\s+(?:et\s+al\.?|(?:and|&)\s+[A-Z][\w'-]+))?,?\s*\(?(?P<year>(?:19|20)\d\d)[a-z]?\)?"
)
_WIDEST = 12


@dataclass(frozen=True, slots=True)
class _Marker(Span):
    """A place that points to works of the reference list."""

    works: tuple[CitedWork, ...]


def citations(found: Reading, works: Sequence[CitedWork]) -> tuple[Citation, ...]:
    """The sentences of discussion and conclusion that agree or disagree with cited works, one for each work."""
    kept: dict[str, Citation] = {}
    numbered = {work.number: work for work in works}
    for _, sentences in by_section(found, frozenset({"discussion", "conclusion"})):
        for sentence in sentences:
            for one in _of_sentence(found, sentence, works, numbered):
                kept.setdefault(one.key, one)
    return tuple(kept.values())


def _of_sentence(
    found: Reading, sentence: Sentence, works: Sequence[CitedWork], numbered: Mapping[int, CitedWork]
) -> Iterator[Citation]:
    text = found.normal[sentence.start : sentence.end]
    if not _compares().search(text):
        return
    markers = list(_markers(text, works, numbered))
    for clause in _clauses(text):
        part = text[clause.start : clause.end]
        match = _compares().search(part)
        if match is None or not (_own().search(text) or _finding().search(part)):
            continue
        here = [marker for marker in markers if clause.contains(marker)]
        behind = [marker for marker in here if marker.start >= clause.start + match.start()]
        intent: Intent = "disagrees" if match["disagrees"] else "agrees"
        for marker in behind or here[-1:]:
            for work in marker.works:
                yield _citation(found, sentence, work, intent)


def _citation(found: Reading, sentence: Sentence, work: CitedWork, intent: Intent) -> Citation:
    sure = assessed("citation", (intent,))
    return Citation(
        key=f"{intent}-{work.number}-{digest(work.key, found.text(sentence))}",
        work=work.key,
        intent=intent,
        text=found.text(sentence),
        language=found.language,
        evidence=(evidence(found, sentence, "text", COMPONENT, sure),),
    )


def _markers(text: str, works: Sequence[CitedWork], numbered: Mapping[int, CitedWork]) -> Iterator[_Marker]:
    for match in _MARKED.finditer(text):
        pointed = tuple(numbered[number] for number in _spelled_out(match["numbers"]) if number in numbered)
        if pointed:
            yield _Marker(match.start(), match.end(), pointed)
    for match in _NAMED.finditer(text):
        year, name = int(match["year"]), match["name"].casefold()
        same = [w for w in works if w.year == year and w.authors and name in w.authors[0].casefold().split()]
        if len(same) == 1:
            yield _Marker(match.start(), match.end(), (same[0],))


def _spelled_out(numbers: str) -> Iterator[int]:
    """The numbers of a marker, with those that a range leaves out."""
    for part in re.split(r"\s*[,;]\s*", numbers):
        ends = [int(end) for end in re.split(r"\s*-\s*", part)]
        if len(ends) == 2 and 0 < ends[1] - ends[0] <= _WIDEST:
            yield from range(ends[0], ends[1] + 1)
        else:
            yield from ends


def _clauses(text: str) -> Iterator[Span]:
    start = 0
    for match in _turn().finditer(text):
        yield Span(start, match.start())
        start = match.start()
    yield Span(start, len(text))


@cache
def _compares() -> re.Pattern[str]:
    return re.compile(
        rf"(?P<disagrees>{words('articles', 'disagrees-with')})|(?P<agrees>{words('articles', 'agrees-with')})",
        re.IGNORECASE,
    )


@cache
def _own() -> re.Pattern[str]:
    """Words for this trial and what it found."""
    return re.compile(words("articles", "own"), re.IGNORECASE)


@cache
def _finding() -> re.Pattern[str]:
    """ "Similar results", "the same finding": what agrees is a finding without more words."""
    alike, results = words("articles", "alike"), words("articles", "found")
    return re.compile(rf"{alike}[\s{HAN}]+(?:\w+\s)?{results}", re.IGNORECASE)


@cache
def _turn() -> re.Pattern[str]:
    """What opens a clause that says something else of another work."""
    return re.compile(rf"[,;]\s*{words('articles', 'but')}|;", re.IGNORECASE)
