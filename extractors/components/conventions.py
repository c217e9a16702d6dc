"""What a report says once of the brackets behind its values: "median (IQR)", "mean (SD)"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from extractors.components import grammar
from extractors.components.terms import notation_of
from extractors.findings import Dispersion
from extractors.reading import Quantity, Reading, Sentence, Span

# The signs of a change.
SIGNS = "+-\u2212"
# The statistic that goes with each kind of spread.
_CENTRES = {"IQR": "median", "range": "median", "SD": "mean", "SE": "mean"}


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


def implied(quantities: list[Quantity]) -> Convention | None:
    """The convention that the last value with a named spread shows: "2.7 (range 0.9 to 3.4) and 2.3 (1.9 …"."""
    shown = [q for q in quantities if q.dispersion is not None and q.dispersion.kind in _CENTRES]
    if not shown or shown[-1].dispersion is None:
        return None
    return Convention(_CENTRES[shown[-1].dispersion.kind], shown[-1].dispersion.kind)


def applied(found: Reading, convention: Convention | None, quantities: list[Quantity]) -> Iterator[Quantity]:
    """The quantities, each bare value with a fitting bracket behind it read by the convention that holds there.

    A range needs two bounds around the value, a standard deviation or error one number.
    """
    read_until = 0
    for quantity in quantities:
        convention = implied([quantity]) or convention
        if quantity.start < read_until:
            continue
        if convention is None:
            yield quantity
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
    # "-5.5% [0.6%]", "a mean of 71% (12)": a change or a mean in percent has a spread, a share of people has none.
    amount = quantity.number.text[:1] in SIGNS or quantity.statistic in _CENTRES.values()
    return not attached and (quantity.kind in ("plain", "duration") or (quantity.kind == "percent" and amount))


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
