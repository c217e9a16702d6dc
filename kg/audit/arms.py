"""Arms against each other: sums, ratios and p-values from 2×2 tables, medians and words against ratios."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import cache
from typing import Final

from extractors.findings import Arm, ArmResult, Contrast, Count, Endpoint, Evidence, Facts, Number, PValue, Statement
from extractors.patterns import words
from kg.audit.checks import Check, Input, Outcome, check
from kg.audit.differences import difference_of_means
from kg.audit.directions import against_medians, against_proportions, against_values
from kg.audit.effect_intervals import from_counts, from_deviations
from kg.audit.inputs import inputs_of, interval_text, p_text, size_of, supporting
from kg.audit.probabilities import printed_range
from kg.audit.proportions import Share, from_table, interval_of, p_of_table
from kg.audit.ranges import Range, exact
from kg.audit.sums import part_of, parts_of
from ontology import LANGUAGES, by_name, narrower

# Links between a value, its arm and its endpoint that are less sure than this are not built upon.
LEAST: Final = Decimal("0.6")
# The sizes of arms are those of the people randomised where one sentence gives both: so near, in characters.
_NEAR: Final = 250
# The share of people by which a sum may be wrong.
_FEW: Final = Decimal("0.1")
_P: Final = re.compile(r"[pP]\s*[-\s]?(?:value\s*)?[=<>\u2264\u2265\uff1c\uff1e\uff1d]")
# Values whose arms are told by their order alone are less sure than this.
_NAMED: Final = Decimal("0.85")


def arm_checks(facts: Facts, text: str) -> Iterator[Check]:
    """The checks that set the arms of a trial side by side; ``text`` is the document's."""
    yield from _sums(facts, text)
    sizes = {arm.key: arm for arm in facts.arms}
    endpoints = {endpoint.key: endpoint for endpoint in facts.endpoints}
    for result in facts.arm_results:
        yield from _proportion(result)
    for contrast in facts.contrasts:
        yield from _ratio(contrast, facts.arm_results)
        yield from _difference(contrast, facts.arm_results)
        yield from _medians(contrast, facts.arm_results, sizes)
        yield from _proportions(contrast, facts.arm_results, sizes, endpoints[contrast.endpoint])
    for statement in facts.statements:
        yield from _words(statement, facts.arm_results)
        yield from _table_p(statement, facts.arm_results)


def same_setting(first: Contrast | ArmResult | Statement, second: Contrast | ArmResult | Statement) -> bool:
    """Whether two results are for one endpoint, one subgroup, one time and no two sets of people."""
    sets = {result.context.analysis_set for result in (first, second)} - {None}
    return first.endpoint == second.endpoint and len(sets) < 2 and _setting(first) == _setting(second)


def _setting(result: Contrast | ArmResult | Statement) -> tuple[object, ...]:
    context = result.context
    return (
        frozenset(name.text.casefold() for name in context.subgroup),
        frozenset(name.text.casefold() for name in context.time_point),
    )


def sure(*results: Contrast | ArmResult | Statement, least: Decimal = LEAST) -> bool:
    """Whether all of them are read surely enough to be set against each other."""
    return all(max((e.confidence for e in one.evidence), default=Decimal(0)) >= least for one in results)


def together(first: Iterable[Evidence], second: Iterable[Evidence]) -> bool:
    """Whether some evidence of both stands in one sentence."""
    whole = [e for e in first if e.supports == "text"]
    return any(e.section == o.section and e.start == o.start for e in whole for o in second if o.supports == "text")


def close_by(first: Iterable[Evidence], second: Iterable[Evidence]) -> bool:
    """Whether some evidence of both stands in neighbouring sentences of one section."""
    places = [(e.section, e.start) for e in first if e.supports == "value"]
    others = [(e.section, e.start) for e in second if e.supports == "value"]
    return any(a == b and abs(start - other) <= _NEAR for a, start in places for b, other in others)


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


def _share(result: ArmResult) -> Share | None:
    if result.n is None or result.n.value <= 0:
        return None
    if result.events is not None and result.events.value <= result.n.value:
        # A count that is not of its percentage belongs to another value.
        near = abs(100 * result.events.value / result.n.value - result.value.value) <= 1
        return Share(exact(result.events), float(result.n.value)) if near else None
    return None


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


def _pair(
    one: Contrast | Statement,
    results: Iterable[ArmResult],
    measure: str,
    near: Callable[[Iterable[Evidence], Iterable[Evidence]], bool] = together,
) -> tuple[ArmResult, ArmResult] | None:
    """The two arms' values of a measure that belong to a comparison and stand near it, if each arm has just one."""
    if one.arms is None:
        return None
    found: dict[str, list[ArmResult]] = {arm: [] for arm in one.arms}
    for result in results:
        if result.measure != measure or result.endpoint != one.endpoint or result.arm not in found:
            continue
        if same_setting(one, result) and near(one.evidence, result.evidence):
            found[result.arm].append(result)
    first, second = (found[arm] for arm in one.arms)
    if len(first) != 1 or len(second) != 1 or first[0].unit != second[0].unit or not sure(one, *first, *second):
        return None
    return first[0], second[0]


def _ratio(contrast: Contrast, results: tuple[ArmResult, ...]) -> Iterator[Check]:
    pair = _pair(contrast, results, "proportion")
    shares = [] if pair is None else [share for share in map(_share, pair) if share is not None]
    if pair is None or len(shares) != 2:
        return
    outcome = from_table(contrast.measure, contrast.value, contrast.interval, shares[0], shares[1])
    if contrast.context.adjusted and outcome.verdict == "inconsistent":
        outcome = Outcome("cannot tell", outcome.computed)
    read = (*inputs_of(contrast, "value", "interval"), *inputs_of(pair[0], "value"), *inputs_of(pair[1], "value"))
    yield check("effect-from-table", outcome, read, value=contrast.value.text)
    if outcome.verdict == "consistent" and contrast.interval is not None and not contrast.context.adjusted:
        outcome = from_counts(contrast.measure, contrast.value, contrast.interval, shares[0], shares[1])
        printed = interval_text(replace(contrast.interval, level=None))
        yield check("interval-from-table", outcome, read, value=contrast.value.text, interval=printed)


def _difference(contrast: Contrast, results: tuple[ArmResult, ...]) -> Iterator[Check]:
    """A difference of means against the two means beside it."""
    pair = _pair(contrast, results, "mean") if contrast.measure == "MD" else None
    if pair is None:
        return
    outcome = difference_of_means(contrast.value, contrast.interval, pair[0].value, pair[1].value)
    if contrast.context.adjusted and outcome.verdict == "inconsistent":
        outcome = Outcome("cannot tell", outcome.computed)
    read = (*inputs_of(contrast, "value", "interval"), *inputs_of(pair[0], "value"), *inputs_of(pair[1], "value"))
    first, second = (result.value.text for result in pair)
    yield check("difference-of-means", outcome, read, value=contrast.value.text, first=first, second=second)
    groups = [_group(result) for result in pair]
    if outcome.verdict == "consistent" and groups[0] is not None and groups[1] is not None:
        outcome = from_deviations(contrast.value, contrast.interval, (groups[0], groups[1]))
        if contrast.context.adjusted and outcome.verdict == "inconsistent":
            outcome = Outcome("cannot tell", outcome.computed)
        printed = "" if contrast.interval is None else interval_text(replace(contrast.interval, level=None))
        yield check("interval-of-difference", outcome, read, interval=printed)


def _group(result: ArmResult) -> tuple[Number, Number, int] | None:
    """The mean, standard deviation and people of an arm, if all are printed."""
    spread = result.dispersion
    if spread is None or spread.kind != "SD" or spread.value is None or result.n is None:
        return None
    return result.value, spread.value, int(result.n.value)


def _medians(contrast: Contrast, results: tuple[ArmResult, ...], arms: Mapping[str, Arm]) -> Iterator[Check]:
    pair = _pair(contrast, results, "median", close_by) if contrast.measure == "HR" else None
    if pair is None or contrast.arms is None:
        return
    outcome = against_medians(contrast.value, pair[0].value, pair[1].value)
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
    contrast: Contrast, results: tuple[ArmResult, ...], arms: Mapping[str, Arm], endpoint: Endpoint
) -> Iterator[Check]:
    """A hazard ratio against the arms' proportions, where these are of people who died or of people who live on."""
    alive = _alive(endpoint)
    pair = _pair(contrast, results, "proportion", close_by) if contrast.measure == "HR" and alive is not None else None
    if pair is None or contrast.arms is None or alive is None:
        return
    outcome = against_proportions(contrast.value, pair[0].value, pair[1].value, alive=alive)
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


def _words(statement: Statement, results: tuple[ArmResult, ...]) -> Iterator[Check]:
    """Words against the values of one sentence, of whatever measure both arms have just one value of."""
    for measure in ("median", "mean", "proportion", "rate"):
        pair = _pair(statement, results, measure)
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


def _table_p(statement: Statement, results: tuple[ArmResult, ...]) -> Iterator[Check]:
    """The p-value of two proportions against the usual tests of the 2×2 table."""
    pair = _pair(statement, results, "proportion")
    shares = [] if pair is None else [share for share in map(_share, pair) if share is not None]
    if statement.p is None or pair is None or len(shares) != 2 or statement.context.time_point:
        return
    computed = p_of_table(shares[0], shares[1])
    if computed is None:
        return
    outcome = p_fits(statement.p, computed)
    if outcome.verdict == "inconsistent" and _several_p(statement):
        # Of several p-values in a sentence another one may be meant.
        outcome = Outcome("cannot tell", computed)
    read = (*inputs_of(statement, "p"), *inputs_of(pair[0], "value"), *inputs_of(pair[1], "value"))
    yield check("p-value-from-table", outcome, read, p=p_text(statement.p).removeprefix("= "))


def p_fits(p: PValue, computed: Range) -> Outcome:
    """Whether a printed p-value is one that some usual test of the table gives, with one side or two."""
    wide = Range(computed.low / 3 - 0.002, computed.high * 1.6 + 0.02)
    one_sided = Range(wide.low / 2, wide.high / 2)
    held = any(printed_range(p).overlaps(one) for one in (wide, one_sided))
    return Outcome("consistent" if held else "inconsistent", computed)


def _several_p(statement: Statement) -> bool:
    sentences = [piece.quote for piece in statement.evidence if piece.supports == "text"]
    return any(len(_P.findall(sentence)) > 1 for sentence in sentences)
