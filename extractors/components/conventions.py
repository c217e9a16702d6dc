"""What a report says once of the brackets behind its values: "median (IQR)", "mean (SD)"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from extractors.components import grammar
from extractors.components.terms import notation_of
from extractors.findings import Dispersion
from extractors.reading import Quantity, Reading, Sentence, Span


@dataclass(frozen=True, slots=True)
class Convention:
    """The statistic of bare values and the spread in the brackets behind them, by their notations."""

    statistic: str
    spread: str


def declared(found: Reading, sentence: Sentence) -> Convention | None:
    """The last convention that a sentence declares."""
    last = None
    for match in grammar.CONVENTION.finditer(found.mask, sentence.start, sentence.end):
        parts = (Span(*match.span("statistic")), Span(*match.span("spread")))
        terms = [found.terms_in(part, "measures") for part in parts]
        if all(terms):
            last = Convention(notation_of(terms[0][0].iri), notation_of(terms[1][0].iri))
    return last


def applied(found: Reading, convention: Convention, quantities: list[Quantity]) -> Iterator[Quantity]:
    """The quantities, each bare value with a fitting bracket behind it read by the convention.

    A range needs two bounds around the value, a standard deviation or error one number.
    """
    read_until = 0
    for quantity in quantities:
        if quantity.start < read_until:
            continue
        match = grammar.BARE_SPREAD.match(found.mask, quantity.end) if bare(quantity) else None
        spread = spread_of(convention, match["low"], match["high"], quantity) if match else None
        if match is None or spread is None:
            yield quantity
            continue
        read_until = match.end()
        yield replace(quantity, dispersion=spread, statistic=quantity.statistic or convention.statistic)


def bare(quantity: Quantity) -> bool:
    """Whether a value has nothing attached that would say what it is."""
    attached = quantity.contrast or quantity.interval or quantity.dispersion or quantity.events
    return not attached and quantity.kind in ("plain", "duration")


def spread_of(convention: Convention, low: str, high: str | None, quantity: Quantity) -> Dispersion | None:
    """The numbers of a bracket as the declared spread, or ``None`` where they do not fit it."""
    first = grammar.number(low)
    if convention.spread in ("SD", "SE"):
        return Dispersion(convention.spread, first) if high is None else None
    if high is None:
        return None
    second = grammar.number(high)
    around = first.value <= quantity.number.value <= second.value
    return Dispersion(convention.spread, None, first, second) if around else None
