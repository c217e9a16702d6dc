"""Effects and p-values against the two arms' values that stand beside them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from extractors.findings import ArmResult, Contrast, Facts, Number, PValue, Statement
from kg.audit.checks import Check, Outcome, check
from kg.audit.differences import difference_of_means
from kg.audit.effect_intervals import from_counts, from_deviations
from kg.audit.inputs import inputs_of, interval_text, p_text
from kg.audit.pairs import by_endpoint, pair_of, share_of, together
from kg.audit.probabilities import printed_range
from kg.audit.proportions import from_table, p_of_table
from kg.audit.ranges import Range

_P: Final = re.compile(r"[pP]\s*[-\s]?(?:value\s*)?[=<>\u2264\u2265\uff1c\uff1e\uff1d]")


def effect_checks(facts: Facts) -> Iterator[Check]:
    """Every effect and p-value that stands with counts or means of its two arms."""
    results = by_endpoint(facts.arm_results)
    for contrast in facts.contrasts:
        yield from _ratio(contrast, results.get(contrast.endpoint, ()))
        yield from _difference(contrast, results.get(contrast.endpoint, ()), facts.contrasts)
    for statement in facts.statements:
        yield from _table_p(statement, results.get(statement.endpoint, ()))


def _ratio(contrast: Contrast, results: Sequence[ArmResult]) -> Iterator[Check]:
    pair = pair_of(contrast, results, "proportion")
    shares = [] if pair is None else [share for share in map(share_of, pair) if share is not None]
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


def _difference(contrast: Contrast, results: Sequence[ArmResult], contrasts: Iterable[Contrast]) -> Iterator[Check]:
    """A difference of means against the two means beside it, where it is the only one there."""
    pair = pair_of(contrast, results, "mean") if contrast.measure == "MD" else None
    if pair is None or _has_others(contrast, contrasts):
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


def _has_others(contrast: Contrast, contrasts: Iterable[Contrast]) -> bool:
    """Whether the sentence or row prints other estimates of the measure for the endpoint: changes within the arms."""
    return any(
        other.key != contrast.key
        and other.measure == contrast.measure
        and other.endpoint == contrast.endpoint
        and together(other.evidence, contrast.evidence)
        for other in contrasts
    )


def _group(result: ArmResult) -> tuple[Number, Number, int] | None:
    """The mean, standard deviation and people of an arm, if all are printed."""
    spread = result.dispersion
    if spread is None or spread.kind != "SD" or spread.value is None or result.n is None:
        return None
    return result.value, spread.value, int(result.n.value)


def _table_p(statement: Statement, results: Sequence[ArmResult]) -> Iterator[Check]:
    """The p-value of two proportions against the usual tests of the 2×2 table."""
    pair = pair_of(statement, results, "proportion")
    shares = [] if pair is None else [share for share in map(share_of, pair) if share is not None]
    if statement.p is None or pair is None or len(shares) != 2 or statement.context.time_point:
        return
    if _has_other_arms(statement, pair, results):
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


def _has_other_arms(statement: Statement, pair: tuple[ArmResult, ...], results: Iterable[ArmResult]) -> bool:
    """Whether the sentence or row prints the proportions of more arms: the p-value may be of all of them."""
    arms = {result.arm for result in pair}
    return any(
        other.arm not in arms
        and (other.measure, other.endpoint) == (pair[0].measure, pair[0].endpoint)
        and together(statement.evidence, other.evidence)
        for other in results
    )


def p_fits(p: PValue, computed: Range) -> Outcome:
    """Whether a printed p-value is one that some usual test of the table gives, with one side or two."""
    wide = Range(computed.low / 3 - 0.002, computed.high * 1.6 + 0.02)
    one_sided = Range(wide.low / 2, wide.high / 2)
    held = any(printed_range(p).overlaps(one) for one in (wide, one_sided))
    return Outcome("consistent" if held else "inconsistent", computed)


def _several_p(statement: Statement) -> bool:
    sentences = [piece.quote for piece in statement.evidence if piece.supports == "text"]
    return any(len(_P.findall(sentence)) > 1 for sentence in sentences)
