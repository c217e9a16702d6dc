"""Sets what a trial registered against what its papers report: primary outcomes, sample size, registration date.

As people do it by hand (https://www.compare-trials.org), each difference becomes a check with both sources. It is
stated only where both sides say what they mean: two concepts of the lexicon, or words that leave no doubt; else the
check says that it cannot tell, and so it does where one side is silent.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Final, Literal

from rdflib import URIRef

import ontology
from extractors.normal import words_of
from kg.check_nodes import LANGUAGES, check_triples
from kg.iris import Iris, digest
from kg.registered_rows import Day, Figure, Outcome, RegisteredTrial, Side
from kg.registered_times import durations, same_durations
from kg.stores import Triple
from ontology import EV, by_name, label

Verdict = Literal["consistent", "inconsistent", "cannot tell"]

# The part of the words of the shorter name that the longer one has, where both may name one outcome.
_ALIKE: Final = 0.75
# The part of all words of both that they share, where they do.
_SAME: Final = 0.6
# By how much of the plan a number of people may differ from it; recruitment never ends at the very number.
_PLAN: Final = Decimal("0.1")
_PEOPLE: Final = ("randomised", "enrolled")


@dataclass(frozen=True, slots=True)
class Finding:
    """One comparison: its kind, verdict, template of words, what fills its gaps by language, and what it is about."""

    kind: str
    verdict: Verdict
    message: str
    words: Mapping[str, Mapping[str, str]]
    involved: tuple[str, ...]
    reports: tuple[str, ...]


def registered_checks(trials: Iterable[RegisteredTrial], iris: Iris) -> list[Triple]:
    """The triples of all comparisons, sorted; those that differ are discrepancies."""
    return sorted({triple for trial in trials for found in compared(trial) for triple in _triples(found, iris)})


def compared(trial: RegisteredTrial) -> Iterator[Finding]:
    """Every comparison of a trial: each record by itself, and against each of the trial's papers."""
    for record in trial.records:
        yield from _dates(record)
        for paper in trial.papers:
            yield from _primaries(record, paper)
            yield from _sizes(record, paper)


def _triples(found: Finding, iris: Iris) -> Iterator[Triple]:
    node = URIRef(f"{iris.base}id/discrepancy/{digest(found.kind, found.message, *found.reports, *found.involved)}")
    template = by_name("audit", found.message)
    words = {language: template.preferred[language].format_map(found.words[language]) for language in LANGUAGES}
    yield from check_triples(node, found.kind, found.verdict, map(URIRef, found.involved), words)
    for report in found.reports:
        yield URIRef(report), EV.hasCheck, node


# ---- Primary outcomes


def _primaries(record: Side, paper: Side) -> Iterator[Finding]:
    registered = [one for one in record.outcomes if one.role == "primary"]
    published = [one for one in paper.outcomes if one.role == "primary"]
    reports = (record.report, paper.report)
    for one in registered:
        finding = _registered(one, paper, published)
        yield _finding(*finding, reports)
        if finding[1] == "consistent":
            yield from _times(one, finding[3][1:], reports)
    for one in published:
        yield from (_finding(*found, reports) for found in _published(one, record, registered))


_Result = tuple[str, Verdict, str, tuple[Outcome, ...]]


def _registered(one: Outcome, paper: Side, published: Sequence[Outcome]) -> _Result:
    """What became of a registered primary outcome in the paper."""
    kind = "registered-primary"
    primary = [other for other in published if alike(one, other)]
    if primary:
        return kind, "consistent", f"{kind}-consistent", (one, *primary[:1])
    if not published:
        return kind, "cannot tell", f"{kind}-only", (one,)
    other_role = [other for other in paper.outcomes if other.role == "secondary" and same(one, other)]
    if other_role:
        return kind, "inconsistent", f"{kind}-inconsistent", (one, *other_role[:1])
    if one.concept is not None and all(other.concept is not None for other in published):
        return kind, "inconsistent", f"{kind}-replaced", (one, *published)
    return kind, "cannot tell", f"{kind}-not-found", (one, *published)


def _published(one: Outcome, record: Side, registered: Sequence[Outcome]) -> Iterator[_Result]:
    """Where a published primary outcome stands in the record; nothing where it is registered as primary."""
    kind = "published-primary"
    if any(alike(one, other) for other in registered):
        return
    if not registered:
        yield kind, "cannot tell", f"{kind}-only", (one,)
        return
    lower = [other for other in record.outcomes if other.role != "primary" and same(one, other)]
    if lower:
        yield kind, "inconsistent", f"{kind}-inconsistent", (one, *lower[:1])
    elif one.concept is not None and all(other.concept is not None for other in record.outcomes):
        yield kind, "inconsistent", f"{kind}-new", (one, *registered)
    else:
        yield kind, "cannot tell", f"{kind}-not-found", (one, *registered)


def _times(one: Outcome, others: Sequence[Outcome], reports: tuple[str, str]) -> Iterator[Finding]:
    """When a primary outcome is measured; of printed phrases only those that are one duration are compared."""
    published = sorted({time for other in others for time in other.times})
    if not one.times:
        return
    kind = "registered-time"
    involved = (one.node, *(other.node for other in others))
    words = {
        language: {"outcome": one.name(language), "registered": one.times[0], "published": "; ".join(published)}
        for language in LANGUAGES
    }
    planned, reported = durations(one.times[0]), [durations(time) for time in published]
    if not published:
        yield Finding(kind, "cannot tell", f"{kind}-only", words, involved, reports)
    elif any(same_durations(planned, times) for times in reported):
        yield Finding(kind, "consistent", f"{kind}-consistent", words, involved, reports)
    elif len(planned) == 1 and all(len(times) == 1 for times in reported):
        yield Finding(kind, "inconsistent", f"{kind}-inconsistent", words, involved, reports)
    else:
        yield Finding(kind, "cannot tell", f"{kind}-open", words, involved, reports)


def _finding(
    kind: str, verdict: Verdict, message: str, outcomes: tuple[Outcome, ...], reports: tuple[str, str]
) -> Finding:
    first, others = outcomes[0], outcomes[1:]
    words = {
        language: {
            "outcome": first.name(language),
            "other": "; ".join(dict.fromkeys(one.name(language) for one in others)),
            "role": _role(others[0].role, language) if others else "",
        }
        for language in LANGUAGES
    }
    return Finding(kind, verdict, message, words, tuple(one.node for one in outcomes), reports)


def _role(role: str, language: str) -> str:
    return label(by_name("designs", role).iri, language)


def same(one: Outcome, other: Outcome) -> bool:
    """Whether the two are surely one outcome: one concept, or nearly all words."""
    if one.concept is not None and other.concept is not None:
        return one.concept == other.concept
    return any(_shared(first, second, of_all=True) >= _SAME for first, second in _pairs(one, other))


def alike(one: Outcome, other: Outcome) -> bool:
    """Whether the two may be one outcome: one concept, or most words of the shorter name."""
    if one.concept is not None and other.concept is not None:
        return one.concept == other.concept
    return any(_shared(first, second, of_all=False) >= _ALIKE for first, second in _pairs(one, other))


def _pairs(one: Outcome, other: Outcome) -> Iterator[tuple[frozenset[str], frozenset[str]]]:
    for first in one.names:
        for second in other.names:
            if first.language == second.language:
                yield _words(first.text), _words(second.text)


def _shared(first: frozenset[str], second: frozenset[str], *, of_all: bool) -> float:
    if not first or not second:
        return 0.0
    return len(first & second) / (len(first | second) if of_all else min(len(first), len(second)))


def _words(text: str) -> frozenset[str]:
    return words_of(text) - _common()


@cache
def _common() -> frozenset[str]:
    """Words that names of many outcomes share ("percentage of participants with")."""
    found = by_name("records", "outcome-word")
    forms = {*found.preferred.values(), *(form for several in found.alternatives.values() for form in several)}
    for language in LANGUAGES:
        for group in ("parameter", "outcome-role"):
            forms |= ontology.forms("records", language, group).keys()
    return frozenset(word for form in forms for word in words_of(form))


# ---- People and dates


def _sizes(record: Side, paper: Side) -> Iterator[Finding]:
    kind = "registered-size"
    reports = (record.report, paper.report)
    # What was reached says more than what was planned.
    registered = sorted(record.figures, key=lambda one: (one.kind != "actual", one.node))[:1]
    published = sorted((f for f in paper.figures if f.kind in _PEOPLE), key=lambda f: _PEOPLE.index(f.kind or ""))
    if not registered and not published:
        return
    words = {
        language: {
            "registered": _figures(registered, language),
            "published": _figures(published, language),
        }
        for language in LANGUAGES
    }
    involved = tuple(one.node for one in (*registered, *published))
    if not published:
        yield Finding(kind, "cannot tell", f"{kind}-only-registered", words, involved, reports)
    elif not registered:
        yield Finding(kind, "cannot tell", f"{kind}-only-published", words, involved, reports)
    else:
        agrees = any(_agree(registered[0], one) for one in published)
        verdict: Verdict = "consistent" if agrees else "inconsistent"
        yield Finding(kind, verdict, f"{kind}-{verdict}", words, involved, reports)


def _agree(registered: Figure, published: Figure) -> bool:
    if registered.kind == "actual":
        return registered.number == published.number
    return abs(registered.number - published.number) <= _PLAN * registered.number


def _figures(figures: Sequence[Figure], language: str) -> str:
    return "; ".join(f"{one.text} ({_kind(one.kind, language)})" if one.kind else one.text for one in figures)


def _kind(kind: str, language: str) -> str:
    scheme = "records" if kind in ("planned", "actual") else "designs"
    return label(by_name(scheme, kind).iri, language)


def _dates(record: Side) -> Iterator[Finding]:
    kind = "registered-date"
    registered = _day(record, "registered-on")
    started = _day(record, "first-enrolment")
    known = tuple(day for day in (registered, started) if day is not None)
    if not known:
        return
    words = {
        language: {
            "registered": registered.date if registered else "",
            "started": started.date if started else "",
        }
        for language in LANGUAGES
    }
    involved = tuple(day.node for day in known)
    if registered is None or started is None:
        message = f"{kind}-only-registered" if registered else f"{kind}-only-started"
        yield Finding(kind, "cannot tell", message, words, involved, (record.report,))
        return
    # ISO dates compare as texts; a month may lie before or after any of its days.
    length = min(len(registered.date), len(started.date))
    first, second = registered.date[:length], started.date[:length]
    if first == second and len(registered.date) + len(started.date) < 20:
        yield Finding(kind, "cannot tell", f"{kind}-open", words, involved, (record.report,))
    else:
        verdict: Verdict = "consistent" if first <= second else "inconsistent"
        yield Finding(kind, verdict, f"{kind}-{verdict}", words, involved, (record.report,))


def _day(record: Side, kind: str) -> Day | None:
    return next((day for day in record.days if day.kind == kind), None)


def kinds() -> tuple[str, ...]:
    """The IRIs of the kinds of these checks."""
    return tuple(sorted(ontology.notations("checks", "registered-against-published").values()))
