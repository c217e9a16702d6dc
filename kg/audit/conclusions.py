"""The conclusion against the result of the primary endpoint: a difference that is claimed or denied."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final

from extractors.documents import Document
from extractors.evidence import VERSION
from extractors.findings import Contrast, Endpoint, Evidence, Facts, Statement
from extractors.normal import normalise
from extractors.patterns import words
from extractors.printed.passages import COMPONENT
from kg.audit.checks import Check, Input, Outcome, check
from kg.audit.estimates import bounds, value_text
from kg.audit.inputs import inputs_of, p_text
from kg.audit.pairs import sure
from kg.audit.probabilities import excluding, printed_range

# Shorter names of endpoints ("OS", "MI") stand alone; longer ones may be part of others.
_SHORTEST: Final = 2
_SENTENCE: Final = re.compile(r"(?<=[.;\u3002\uff1b])\s*(?=[A-Z\u3400-\u9fff])|\n+")
_CLAUSE: Final = re.compile(r"[,;:]\s|\u3002|\uff1b|\uff0c|\b(?:but|although|however|while|whereas)\b")
_LEAST: Final = 0.05
# Words of a claim, and whether it is denied.
_Said = tuple[str, bool]


def conclusion_checks(facts: Facts, document: Document) -> Iterator[Check]:
    """What conclusions say of a primary endpoint, where all its results in the whole trial say one thing."""
    primary = [endpoint for endpoint in facts.endpoints if endpoint.role == "primary"]
    if len(primary) != 1 or not facts.conclusions:
        return
    results = list(_results(facts, primary[0].key))
    verdicts = {significant for _, significant in results}
    if len(verdicts) != 1:
        return
    significant = verdicts.pop()
    for (said, denied), endpoint, evidence in _claims(facts, primary[0], document):
        outcome = against_result(denied, significant)
        result = results[0][0]
        yield check(
            "conclusion-against-result",
            outcome,
            (Input("text", said, (evidence,)), *inputs_of(result, "value", "interval", "p")),
            said=said,
            endpoint=endpoint,
            result=_text(result),
        )


def against_result(denied: bool, significant: bool) -> Outcome:
    """Whether a difference that is denied, or claimed to be significant, is so by the result."""
    return Outcome("inconsistent" if denied == significant else "consistent")


def _results(facts: Facts, endpoint: str) -> Iterator[tuple[Contrast | Statement, bool]]:
    """The comparisons of the endpoint over the whole trial, with whether they are significant at the usual 5%."""
    every: tuple[Contrast | Statement, ...] = (*facts.contrasts, *facts.statements)
    for result in every:
        if result.endpoint == endpoint and not result.context.subgroup and sure(result):
            significant = is_significant(result)
            if significant is not None:
                yield result, significant


def is_significant(result: Contrast | Statement) -> bool | None:
    """Whether a comparison is significant at 5% by its p-value and interval; ``None`` where they do not agree."""
    said: list[bool | None] = []
    if result.p is not None:
        p = printed_range(result.p)
        said.append(True if p.high <= _LEAST else False if p.low > _LEAST else None)
    if isinstance(result, Contrast) and (ends := bounds(result.interval)) is not None:
        said.append(excluding(result.measure, ends) if result.measure != "other" else None)
    return said[0] if said and len(set(said)) == 1 else None


def _claims(facts: Facts, endpoint: Endpoint, document: Document) -> Iterator[tuple[_Said, str, Evidence]]:
    """What is claimed or denied in the clauses of the conclusions that name the endpoint, and nothing else."""
    names = _pattern(tuple(name.text for name in endpoint.names))
    for conclusion in facts.conclusions:
        whole = next((e for e in conclusion.evidence if e.supports == "text"), None)
        if whole is None:
            continue
        text = normalise(document.text[whole.start : whole.end])
        for start, end in _sentences(text):
            clauses = [piece for piece in _CLAUSE.split(text[start:end]) if piece]
            found = [(clause, _said(clause)) for clause in clauses if names.search(clause)]
            told = [(clause, said) for clause, said in found if said]
            if len(told) == 1 and len(told[0][1]) == 1:
                yield told[0][1][0], endpoint.names[0].text, _evidence(document, whole, start, end)


def _said(clause: str) -> list[_Said]:
    """The words of a claim or a denial in a clause; a denial holds the words of the claim that it denies."""
    denials = [(match.group(), True) for match in _denied().finditer(clause)]
    if denials or _negation().search(clause):
        return denials
    return [(match.group(), False) for match in _claimed().finditer(clause)]


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in _SENTENCE.finditer(text):
        yield start, match.start()
        start = match.end()
    yield start, len(text)


def _evidence(document: Document, whole: Evidence, start: int, end: int) -> Evidence:
    return Evidence(
        section=whole.section,
        start=whole.start + start,
        end=whole.start + end,
        quote=document.text[whole.start + start : whole.start + end],
        language=whole.language,
        supports="text",
        component=COMPONENT,
        version=VERSION,
        confidence=whole.confidence,
    )


def _pattern(names: Iterable[str]) -> re.Pattern[str]:
    forms = sorted({normalise(name) for name in names if len(name) >= _SHORTEST}, key=lambda form: (-len(form), form))
    return re.compile(r"(?<![A-Za-z])(?:" + "|".join(map(re.escape, forms)) + r")(?![A-Za-z])", re.IGNORECASE)


def _text(result: Contrast | Statement) -> str:
    parts = [value_text(result) if isinstance(result, Contrast) else "", f"p {p_text(result.p)}" if result.p else ""]
    return ", ".join(part for part in parts if part)


@cache
def _denied() -> re.Pattern[str]:
    return re.compile(words("checks", "not-claimed", "denied"), re.IGNORECASE)


@cache
def _negation() -> re.Pattern[str]:
    return re.compile(words("cues", "negation"), re.IGNORECASE)


@cache
def _claimed() -> re.Pattern[str]:
    return re.compile(words("checks", "claimed"), re.IGNORECASE)
