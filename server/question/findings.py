"""The summary of findings: the relative effect, and the absolute one for a baseline risk of the reader's choice."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from kg.question.results import Result, comparator_shares, people
from kg.synthesis.absolute import RELATIVE, Relative, absolute_effect
from server.evidence import in_language, printed
from server.negotiation import Language
from server.question.address import Address
from server.question.trials import trial_label
from server.question.views import Absolute, Baseline, Summary
from server.question.writing import Figures, number
from server.results import is_survival
from server.urls import Urls

_MOST_BASELINES: Final = 12


def summary(result: Result, figures: Figures, address: Address, urls: Urls, language: Language) -> Summary | None:
    """The summary of what is combined; ``None`` without anything combined."""
    if result.pooled is None or result.kind is None:
        return None
    counted = [people(one) for one in result.combined]
    code = next((one for one in RELATIVE if one == result.kind.code), None)
    relative = figures.pooled(result.pooled)
    return Summary(
        people=str(sum(n for n in counted if n)) + ("+" if None in counted else ""),
        trials=len(counted),
        relative=relative,
        measure=result.kind.measure,
        absolute=None if code is None else _absolute(code, result, figures, address),
        baselines=() if code is None else _baselines(code, result, address, urls, language),
        possible=code is not None,
    )


def _absolute(code: Relative, result: Result, figures: Figures, address: Address) -> Absolute | None:
    baseline = address.baseline
    if baseline is None or result.pooled is None:
        return None
    outward = figures.scale.outward
    pooled = result.pooled
    found = absolute_effect(code, outward(pooled.y), outward(pooled.low), outward(pooled.high), baseline)
    difference = found.difference
    return Absolute(
        risk=address.risk,
        without=number(found.without, 0),
        with_=(number(found.with_, 0), number(found.with_low, 0), number(found.with_high, 0)),
        difference=(number(difference[0], 0), number(difference[1], 0), number(difference[2], 0)),
    )


def _baselines(
    code: Relative, result: Result, address: Address, urls: Urls, language: Language
) -> tuple[Baseline, ...]:
    """What the trials print for their comparators; of survival, the hazard's event is what those do not have."""
    complement = code == "HR" and is_survival(result.wanted.question.endpoint)
    found = []
    for one in result.combined:
        for row in comparator_shares(one):
            value = Decimal(100) - row.value.value if complement else row.value.value
            risk = f"{value.normalize():f}"
            found.append(
                Baseline(
                    risk=risk,
                    printed=printed(row.value),
                    time_point=in_language(row.context.time_point, language),
                    trial=trial_label(one.trial, language),
                    complement=complement,
                    href=address.with_(risk=risk).href(urls, language) + "#summary",
                )
            )
    return tuple(found[:_MOST_BASELINES])
