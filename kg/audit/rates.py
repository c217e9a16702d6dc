"""Rates: against the events and the time at risk that they come from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from extractors.findings import Number
from extractors.printed.passages import Passage
from extractors.printed.rates import printed_rates, speaks_of_person_time
from kg.audit.checks import Check, Input, Outcome, check
from kg.audit.ranges import exact, rounded, spread


def rate_checks(passages: Iterable[Passage], folded: str) -> Iterator[Check]:
    """The rates that are printed with their events and time; ``folded`` is the whole text without capitals."""
    if not speaks_of_person_time(folded):
        return
    for passage in passages:
        for printed in printed_rates(passage):
            if set(printed.time.text) <= set("10, "):
                # "22 per 100 person-years in one place and 4.6 in the other": a rate, not events in a time.
                continue
            outcome = rate_of(printed.events, printed.time, printed.per, printed.rate)
            words = {name: getattr(printed, name).text for name in ("events", "time", "rate")}
            text = f"{printed.events.text} / {printed.time.text}, {printed.rate.text}"
            read = (Input("value", text, printed.evidence),)
            yield check("rate-from-events", outcome, read, per=str(printed.per), **words)


def rate_of(events: Number, time: Number, per: Decimal, rate: Number) -> Outcome:
    """Whether the rate for each ``per`` units of time is that of the events; the computed range is the rate."""
    if time.value <= 0 or per <= 0:
        return Outcome("cannot tell")
    computed = spread(lambda count, at_risk: float(per) * count / at_risk, exact(events), rounded(time))
    held = rounded(rate, 1).overlaps(computed)
    return Outcome("consistent" if held else "inconsistent", computed)
