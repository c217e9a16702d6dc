"""Facts of a trial's plan: what its size was computed from, when people were taken in, how the data were analysed.

The assumptions and dates are those that ``extractors.printed`` reads for the checks: nothing is read twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import cache

from extractors.article_findings import PlanFact
from extractors.confidence import assessed
from extractors.evidence import evidence
from extractors.findings import Evidence, Number
from extractors.keys import digest
from extractors.patterns import words
from extractors.printed.passages import Passage, passages
from extractors.printed.periods import periods
from extractors.printed.plans import Plan, plans
from extractors.reading import Reading, Span
from extractors.sections.passages import by_section

COMPONENT = "evidence_sections"
_METHODS = frozenset({"methods"})
_LEAST_POWER, _MOST_ALPHA = Decimal("0.5"), Decimal("0.2")


def plan_facts(found: Reading) -> tuple[PlanFact, ...]:
    """The facts of the plan, each aspect and value once, in the order of aspects."""
    sentences = [
        passage
        for passage in passages(found.document, found.normal)
        if not passage.section.in_abstract and passage.section.language == found.language
    ]
    made = [*_assumptions(found, sentences), *_dates(found, sentences), *_analysis(found)]
    return tuple({fact.key: fact for fact in reversed(made)}.values())[::-1]


def _fact(
    found: Reading, aspect: str, text: str, number: Number | None, unit: str | None, items: Iterable[Evidence]
) -> PlanFact:
    return PlanFact(
        key=f"{aspect.replace(' ', '-')}-{digest(text, unit)}",
        aspect=aspect,
        text=text,
        number=number,
        unit=unit,
        language=found.language,
        evidence=tuple(items),
    )


def _assumptions(found: Reading, sentences: list[Passage]) -> Iterator[PlanFact]:
    for plan in plans(sentence for sentence in sentences if sentence.section.role == "methods"):
        for aspect, number, unit in _numbers(plan):
            holding = [e for e in plan.evidence if number.text in e.quote] or list(plan.evidence)
            yield _fact(found, aspect, number.text, number, unit, holding[:1])


def _numbers(plan: Plan) -> Iterator[tuple[str, Number, str | None]]:
    for median in plan.medians or ():
        yield "assumed value", median, plan.unit
    for aspect, number in (
        ("assumed ratio", plan.ratio), ("planned size", plan.people), ("planned events", plan.events)
    ):  # fmt: skip
        if number is not None:
            yield aspect, number, None
    for aspect, share in (("alpha", plan.alpha), ("power", plan.power)):
        # Other percentages stand beside these words too: no plan accepts such errors.
        if share is not None and (share >= _LEAST_POWER if aspect == "power" else share <= _MOST_ALPHA):
            yield aspect, _percent(share), "%"
    if plan.sides is not None:
        yield "sides", Number(Decimal(plan.sides), str(plan.sides)), None
    for aspect, time in (("accrual period", plan.accrual), ("planned follow-up", plan.follow_up)):
        if time is not None:
            yield aspect, time[0], time[1]


def _percent(share: Decimal) -> Number:
    value = share * 100
    return Number(value, format(value.normalize(), "f"))


def _dates(found: Reading, sentences: list[Passage]) -> Iterator[PlanFact]:
    first = next((period for sentence in sentences for period in periods(sentence)), None)
    if first is not None:
        yield _fact(found, "recruitment start", first.start.text, None, None, first.evidence)
        yield _fact(found, "recruitment end", first.end.text, None, None, first.evidence)


def _analysis(found: Reading) -> Iterator[PlanFact]:
    """The analysis sets and statistical methods that the methods name."""
    for _, sentences in by_section(found, _METHODS):
        for sentence in sentences:
            for term in found.terms_in(sentence, "designs"):
                if term.name in ("intention-to-treat", "per-protocol"):
                    yield _named(found, "analysis set", term, sentence)
            for match in _test().finditer(found.normal, sentence.start, sentence.end):
                yield _named(found, "statistical method", Span(match.start(), match.end()), sentence)


def _named(found: Reading, aspect: str, span: Span, sentence: Span) -> PlanFact:
    sure = assessed("plan", (aspect,))
    items = [evidence(found, part, name, COMPONENT, sure) for part, name in ((sentence, "text"), (span, "value"))]
    return _fact(found, aspect, found.text(span), None, None, items)


@cache
def _test() -> re.Pattern[str]:
    return re.compile(words("articles", "statistical-test"), re.IGNORECASE)
