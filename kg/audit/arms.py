"""Arms against each other: sums, ratios and p-values from 2×2 tables, medians and words against ratios."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import Final

from extractors.findings import Arm, ArmResult, Contrast, Count, Endpoint, Facts, Statement
from extractors.patterns import words
from kg.audit.checks import Check, Input, Outcome, check
from kg.audit.directions import against_medians, against_proportions, against_values
from kg.audit.estimates import bounds
from kg.audit.inputs import inputs_of, size_of, supporting
from kg.audit.pairs import by_endpoint, close_by, pair_of, sure
from kg.audit.probabilities import excluding
from kg.audit.proportions import interval_of
from kg.audit.ranges import Range, rounded
from kg.audit.sums import part_of, parts_of
from ontology import LANGUAGES, by_name, narrower

# The sizes of arms are those of the people randomised where one sentence gives both: so near, in characters.
_NEAR: Final = 250
# The share of people by which a sum may be wrong.
_FEW: Final = Decimal("0.1")
# So near the inverse of the expected ratio, as a share, lies one that is given for the other arm.
_INVERSE: Final = 0.02
# Values whose arms are told by their order alone are less sure than this.
_NAMED: Final = Decimal("0.85")


def arm_checks(facts: Facts, text: str) -> Iterator[Check]:
    """The checks that set the arms of a trial side by side; ``text`` is the document's."""
    yield from _sums(facts, text)
    sizes = {arm.key: arm for arm in facts.arms}
    endpoints = {endpoint.key: endpoint for endpoint in facts.endpoints}
    for result in facts.arm_results:
        yield from _proportion(result)
    results = by_endpoint(facts.arm_results)
    for contrast in facts.contrasts:
        if contrast.measure == "HR" and contrast.endpoint in results:
            yield from _medians(contrast, results[contrast.endpoint], sizes, endpoints[contrast.endpoint])
            yield from _proportions(contrast, results[contrast.endpoint], sizes, endpoints[contrast.endpoint])
    for statement in facts.statements:
        yield from _words(statement, results.get(statement.endpoint, ()))


def _sums(facts: Facts, text: str) -> Iterator[Check]:
    """The arms' sizes against the people randomised, where one passage gives all of them."""
    arms = [arm for arm in facts.arms if arm.size is not None]
    if len(arms) < 2 or len(arms) != len(facts.arms):
        return
    sizes = [arm.size for arm in arms if arm.size is not None]
    randomised = [count for count in facts.population.counts if count.kind == "randomised"]
    total = sum(size.value for size in sizes)
    # A report speaks of several numbers of people; only where none of them is the sum does it not add up. A great
    # difference means that an arm was not read, or that the numbers are of other people.
    counts = {count.number.value for count in facts.population.counts}
    places = [e for arm in arms for e in supporting(arm.evidence, "size")]
    around = [text[max(0, e.start - _NEAR) : e.end + _NEAR] for e in places]
    of_fewer = any(_treated().match(text, e.end) for e in places)
    for count in randomised:
        apart = abs(count.number.value - total)
        # The sum, or those who are missing from it, may be printed beside the arms.
        known = any(re.search(rf"(?<!\d){number}(?!\d)", said) for number in (total, apart) for said in around)
        few = apart <= count.number.value * _FEW and total not in counts and not known and not of_fewer
        if _close(count, arms) and (apart == 0 or few):
            yield check(
                "arms-to-randomised",
                parts_of(sizes, count.number),
                (*map(size_of, arms), _counted(count)),
                parts=" + ".join(size.text for size in sizes),
                whole=count.number.text,
                sum=str(total),
            )


@cache
def _treated() -> re.Pattern[str]:
    """Words behind a number of people that may be fewer than those randomised."""
    return re.compile(rf"\s*(?:[^\W\d_]+\s+){{0,2}}{words('checks', 'treated')}", re.IGNORECASE)


def _close(count: Count, arms: list[Arm]) -> bool:
    places = [(e.section, e.start) for arm in arms for e in supporting(arm.evidence, "size")[:1]]
    return any(
        all(section == e.section and abs(start - e.start) <= _NEAR for section, start in places) for e in count.evidence
    )


def _counted(count: Count) -> Input:
    key = f"{count.kind}-{count.number.text}"
    return Input("size", count.number.text, supporting(count.evidence, "size"), ("count", key))


def _proportion(result: ArmResult) -> Iterator[Check]:
    if result.events is not None and result.n is not None:
        outcome = part_of(result.events, result.n)
        yield check(
            "events-among-people",
            outcome,
            inputs_of(result, "value"),
            events=result.events.text,
            n=result.n.text,
        )
    whole = not result.context.time_point
    if result.measure == "proportion" and result.interval is not None and result.n is not None and whole:
        outcome = interval_of(result.value, int(result.n.value), result.interval)
        yield check("interval-of-proportion", outcome, inputs_of(result, "value", "interval"), n=result.n.text)


def _medians(
    contrast: Contrast, results: Sequence[ArmResult], arms: Mapping[str, Arm], endpoint: Endpoint
) -> Iterator[Check]:
    pair = pair_of(contrast, results, "median", close_by)
    if pair is None or contrast.arms is None:
        return
    outcome = against_medians(contrast.value, pair[0].value, pair[1].value)
    if outcome.verdict == "inconsistent" and (_alive(endpoint) is None or _is_turned(contrast, outcome)):
        # Of what people wish for (that a fever ends) the ratio rises where the median falls.
        outcome = Outcome("cannot tell", outcome.computed)
    read = (*inputs_of(contrast, "value"), *inputs_of(pair[0], "value"), *inputs_of(pair[1], "value"))
    yield check(
        "ratio-against-medians",
        outcome,
        read,
        value=contrast.value.text,
        armFor=arm_name(arms[contrast.arms[0]]),
        armAgainst=arm_name(arms[contrast.arms[1]]),
        medianFor=pair[0].value.text,
        medianAgainst=pair[1].value.text,
    )


def _proportions(
    contrast: Contrast, results: Sequence[ArmResult], arms: Mapping[str, Arm], endpoint: Endpoint
) -> Iterator[Check]:
    """A hazard ratio against the arms' proportions, where these are of people who died or of people who live on."""
    alive = _alive(endpoint)
    if alive is None:
        return
    pair = pair_of(contrast, results, "proportion", close_by)
    if pair is None or contrast.arms is None:
        return
    outcome = against_proportions(contrast.value, pair[0].value, pair[1].value, alive=alive)
    if outcome.verdict == "inconsistent" and _is_turned(contrast, outcome):
        outcome = Outcome("cannot tell", outcome.computed)
    read = (*inputs_of(contrast, "value"), *inputs_of(pair[0], "value"), *inputs_of(pair[1], "value"))
    yield check(
        "ratio-against-proportions",
        outcome,
        read,
        value=contrast.value.text,
        armFor=arm_name(arms[contrast.arms[0]]),
        armAgainst=arm_name(arms[contrast.arms[1]]),
        first=pair[0].value.text,
        second=pair[1].value.text,
    )


def _is_turned(contrast: Contrast, outcome: Outcome) -> bool:
    """Whether a ratio that points the other way is likelier read for the other arm than misprinted.

    So it is where it is significant, which its authors will have looked at twice, or the inverse of what is expected.
    """
    ends = bounds(contrast.interval)
    significant = contrast.significant or (ends is not None and excluding(contrast.measure, ends))
    inverse = outcome.computed is not None and rounded(contrast.value, 1).overlaps(
        Range((1 - _INVERSE) / outcome.computed.high, (1 + _INVERSE) / outcome.computed.low)
    )
    return bool(significant) or inverse


def _alive(endpoint: Endpoint) -> bool | None:
    """Whether proportions of the endpoint are of people who live on; ``None`` where it is not known."""
    used = {name.concept for name in endpoint.names} - {None}
    survival, death = (not used.isdisjoint(_under(name)) for name in ("survival-endpoint", "mortality"))
    return survival if survival != death else None


@cache
def _under(name: str) -> frozenset[str]:
    top = by_name("endpoints", name)
    return frozenset((top.iri, *(concept.iri for concept in narrower(top.iri))))


def arm_name(arm: Arm) -> dict[str, str]:
    """The arm's name in each language; where one is missing, the first."""
    first = arm.names[0].text if arm.names else arm.key
    return {
        language: next((name.text for name in arm.names if name.language == language), first)
        for language in ("en", "zh")
    }


def _words(statement: Statement, results: Sequence[ArmResult]) -> Iterator[Check]:
    """Words against the values of one sentence, of whatever measure both arms have just one value of."""
    for measure in ("median", "mean", "proportion", "rate"):
        pair = pair_of(statement, results, measure)
        if pair is not None and statement.direction in ("first higher", "first lower"):
            # "p = 0.02" after two values is a comparison whose direction was taken from the values.
            if (
                not _compared(statement)
                or not _ahead(statement, pair)
                or not sure(*pair, least=_NAMED)
                or min(r.value.value for r in pair) < 0
            ):
                continue
            outcome = against_values(statement.direction, pair[0].value, pair[1].value)
            read = (*inputs_of(statement, "direction"), *inputs_of(pair[0], "value"), *inputs_of(pair[1], "value"))
            said = next((e.quote for e in statement.evidence if e.supports == "direction"), statement.direction)
            yield check(
                "words-against-values", outcome, read, said=said, first=pair[0].value.text, second=pair[1].value.text
            )


def _ahead(statement: Statement, pair: tuple[ArmResult, ArmResult]) -> bool:
    """Whether the words come before the values: behind them they often speak of something else."""
    said = [e.start for e in statement.evidence if e.supports == "direction"]
    values = [e.start for result in pair for e in result.evidence if e.supports == "value"]
    return bool(said) and bool(values) and max(said) < min(values)


def _compared(statement: Statement) -> bool:
    """Whether all its words are comparatives: changes ("an increase") may be told of both arms."""
    quotes = [e.quote.casefold() for e in statement.evidence if e.supports == "direction"]
    forms = _comparatives()
    return bool(quotes) and all(any(word in forms for word in (quote, *quote.split())) for quote in quotes)


@cache
def _comparatives() -> frozenset[str]:
    return frozenset(
        form
        for name in ("higher", "lower")
        for concept in (by_name("cues", name),)
        for language in LANGUAGES
        for form in (concept.preferred[language].casefold(), *(f.casefold() for f in concept.alternatives[language]))
    )
