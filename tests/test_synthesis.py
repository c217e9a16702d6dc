"""Trials combined: against statsmodels, against published worked examples, and what must hold for any trials."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from statsmodels.stats.meta_analysis import CombineResults, combine_effects

from kg.synthesis.absolute import RELATIVE, NotARisk, absolute_effect, risk_with
from kg.synthesis.effects import Effect, NoStandardError, Scale, effect, standard_error
from kg.synthesis.heterogeneity import generalised_q, paule_mandel, restricted_likelihood
from kg.synthesis.influence import by_group, leave_one_out
from kg.synthesis.pooling import MODELS, Method, NothingToPool, pool

RATIO, DIFFERENCE = Scale(ratio=True), Scale(ratio=False)
METHODS = [Method(model, knapp) for model in MODELS for knapp in (False, True)]
EFFECTS = st.builds(Effect, st.floats(-3, 3), st.floats(0.02, 2))
TRIALS = st.lists(EFFECTS, min_size=1, max_size=12)
SEVERAL = st.lists(EFFECTS, min_size=2, max_size=12)
CASES = settings(max_examples=60)

# The thirteen trials of BCG vaccine against tuberculosis (Colditz GA et al. JAMA 1994;271:698): people with
# tuberculosis and without it, vaccinated and not.
BCG = [
    (4, 119, 11, 128),
    (6, 300, 29, 274),
    (3, 228, 11, 209),
    (62, 13536, 248, 12619),
    (33, 5036, 47, 5761),
    (180, 1361, 372, 1079),
    (8, 2537, 10, 619),
    (505, 87886, 499, 87892),
    (29, 7470, 45, 7232),
    (17, 1699, 65, 1600),
    (186, 50448, 141, 27197),
    (5, 2493, 3, 2338),
    (27, 16886, 29, 17825),
]


def log_risk_ratio(a: int, b: int, c: int, d: int) -> Effect:
    variance = 1 / a - 1 / (a + b) + 1 / c - 1 / (c + d)
    return Effect(math.log(a / (a + b) / (c / (c + d))), math.sqrt(variance))


@pytest.mark.parametrize(
    ("model", "tau2", "y", "low", "high"),
    [
        # As the metafor program gives them for these data (Viechtbauer W. J Stat Softw 2010;36(3)).
        ("reml", 0.3132, -0.7145, -1.0669, -0.3622),
        ("dl", 0.3088, -0.7141, -1.0644, -0.3638),
        ("fixed", 0.0, -0.4303, -0.5097, -0.3509),
    ],
)
def test_the_trials_of_bcg_vaccine_give_the_published_figures(
    model: str, tau2: float, y: float, low: float, high: float
) -> None:
    found = pool([log_risk_ratio(*trial) for trial in BCG], Method(model))  # type: ignore[arg-type]
    assert (found.tau2, found.y, found.low, found.high) == pytest.approx((tau2, y, low, high), abs=6e-5)
    assert found.heterogeneity.q == pytest.approx(152.2330, abs=1e-4)
    assert found.heterogeneity.df == 12


def test_hartung_and_knapp_on_the_trials_of_bcg_vaccine() -> None:
    found = pool([log_risk_ratio(*trial) for trial in BCG], Method("reml", hartung_knapp=True))
    # The same program with its argument test="knha".
    assert (found.se, found.low, found.high) == pytest.approx((0.1808, -1.1084, -0.3206), abs=6e-5)
    assert found.df == 12


def theirs_of(trials: list[Effect]) -> CombineResults:
    """What statsmodels makes of the trials; it lets τ² be negative, which says nothing of trials that differ."""
    with np.errstate(all="ignore"):
        return combine_effects(
            np.array([one.y for one in trials]), np.array([one.se**2 for one in trials]), method_re="dl"
        )


@CASES
@given(SEVERAL)
def test_the_fixed_effect_is_that_of_statsmodels(trials: list[Effect]) -> None:
    theirs, ours = theirs_of(trials), pool(trials, Method("fixed"))
    assert (ours.y, ours.se) == pytest.approx((theirs.mean_effect_fe, theirs.sd_eff_w_fe), rel=1e-9, abs=1e-9)
    assert ours.weights == pytest.approx(tuple(theirs.weights_rel_fe))
    assert ours.heterogeneity.q == pytest.approx(theirs.q, rel=1e-8, abs=1e-8)


@CASES
@given(SEVERAL)
def test_dersimonian_laird_with_both_intervals_is_that_of_statsmodels(trials: list[Effect]) -> None:
    theirs, ours = theirs_of(trials), pool(trials, Method("dl"))
    assert ours.tau2 == pytest.approx(max(0, theirs.tau2), rel=1e-8, abs=1e-9)
    assume(theirs.tau2 > 1e-9)
    assert (ours.y, ours.se) == pytest.approx((theirs.mean_effect_re, theirs.sd_eff_w_re), rel=1e-8, abs=1e-8)
    assert ours.weights == pytest.approx(tuple(theirs.weights_rel_re))
    knapp = pool(trials, Method("dl", hartung_knapp=True))
    assert knapp.se == pytest.approx(theirs.sd_eff_w_re_hksj, rel=1e-7, abs=1e-9)


@CASES
@given(SEVERAL)
def test_paule_and_mandel_bring_q_to_what_is_expected_of_it(trials: list[Effect]) -> None:
    tau2 = paule_mandel(trials)
    expected = len(trials) - 1
    if generalised_q(trials) <= expected:
        assert tau2 == 0
    else:
        assert generalised_q(trials, tau2) == pytest.approx(expected, rel=1e-6)


@CASES
@given(SEVERAL, st.floats(0, 10))
def test_no_other_tau2_has_a_greater_restricted_likelihood(trials: list[Effect], other: float) -> None:
    def likelihood(tau2: float) -> float:
        variances = [one.se**2 + tau2 for one in trials]
        information = sum(1 / v for v in variances)
        return -0.5 * (sum(map(math.log, variances)) + math.log(information) + generalised_q(trials, tau2))

    assert likelihood(restricted_likelihood(trials)) >= likelihood(other) - 1e-4


@CASES
@given(EFFECTS, st.sampled_from(METHODS))
def test_one_trial_is_its_own_combined_estimate(trial: Effect, method: Method) -> None:
    found = pool([trial], method)
    assert (found.y, found.se) == pytest.approx((trial.y, trial.se))
    assert (found.tau2, found.weights) == (0, (1.0,))
    assert found.heterogeneity.i2 is None
    assert found.prediction is None


@CASES
@given(SEVERAL.flatmap(lambda trials: st.tuples(st.just(trials), st.permutations(trials))), st.sampled_from(METHODS))
def test_the_order_of_the_trials_does_not_matter(both: tuple[list[Effect], list[Effect]], method: Method) -> None:
    first, second = (pool(trials, method) for trials in both)
    assert replace(first, weights=()) == replace(second, weights=())


@CASES
@given(SEVERAL, st.sampled_from(METHODS), st.floats(0.1, 10))
def test_another_unit_scales_everything(trials: list[Effect], method: Method, factor: float) -> None:
    plain = pool(trials, method)
    scaled = pool([Effect(one.y * factor, one.se * factor) for one in trials], method)
    assert (scaled.y, scaled.low, scaled.high) == pytest.approx(
        (plain.y * factor, plain.low * factor, plain.high * factor), rel=1e-5, abs=1e-5
    )
    assert scaled.weights == pytest.approx(plain.weights, rel=1e-4, abs=1e-6)
    assert scaled.p == pytest.approx(plain.p, abs=1e-5)


@CASES
@given(SEVERAL, st.sampled_from(METHODS))
def test_turned_round_everything_is_mirrored(trials: list[Effect], method: Method) -> None:
    plain, back = pool(trials, method), pool([one.turned() for one in trials], method)
    assert (back.y, back.low, back.high) == pytest.approx((-plain.y, -plain.high, -plain.low), abs=1e-9)
    assert back.tau2 == pytest.approx(plain.tau2, abs=1e-9)


@CASES
@given(TRIALS, st.sampled_from(METHODS))
def test_the_estimate_lies_between_the_trials_and_in_its_interval(trials: list[Effect], method: Method) -> None:
    found = pool(trials, method)
    assert min(one.y for one in trials) - 1e-9 <= found.y <= max(one.y for one in trials) + 1e-9
    assert found.low <= found.y <= found.high
    assert sum(found.weights) == pytest.approx(1)
    assert 0 <= found.p <= 1


@CASES
@given(st.floats(0.2, 5), st.floats(0.05, 1), st.sampled_from([80.0, 90.0, 95.0, 99.0]))
def test_an_interval_of_any_level_gives_the_standard_error_it_was_made_with(
    value: float, se: float, level: float
) -> None:
    made = pool([Effect(math.log(value), se)], Method("fixed", level=level))
    low, high = (RATIO.outward(bound) for bound in (made.low, made.high))
    assert effect(value, low, high, level, RATIO).se == pytest.approx(se)


def test_a_90_percent_interval_is_narrower_for_the_same_standard_error() -> None:
    assert standard_error(0.82, 1.52, 90, RATIO) > standard_error(0.82, 1.52, 95, RATIO)
    assert standard_error(-1.96, 1.96, 95, DIFFERENCE) == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize(
    ("value", "low", "high", "level"),
    [(1, 0, 2, 95), (1, -1, 2, 95), (0, 0.5, 2, 95), (1, 2, 2, 95), (1, 2, 1, 95), (1, 0.5, 2, 0), (1, 0.5, 2, 100)],
)
def test_figures_without_a_standard_error_are_refused(value: float, low: float, high: float, level: float) -> None:
    with pytest.raises(NoStandardError):
        effect(value, low, high, level, RATIO)


@pytest.mark.parametrize(("value", "low", "high"), [(1e200, 1e199, 1e201), (1e-250, -1e-250, 1e-250), (0, -1e150, 1)])
def test_figures_whose_squares_are_no_numbers_are_refused(value: float, low: float, high: float) -> None:
    with pytest.raises(NoStandardError):
        effect(value, low, high, 95, DIFFERENCE)


def test_nothing_cannot_be_combined() -> None:
    with pytest.raises(NothingToPool):
        pool([], Method("fixed"))


def test_trials_that_agree_exactly_have_no_scatter() -> None:
    found = pool([Effect(0.5, 0.1)] * 3, Method("dl", hartung_knapp=True))
    assert (found.tau2, found.low, found.high, found.p) == (0, 0.5, 0.5, 0)


@CASES
@given(SEVERAL, st.sampled_from(METHODS))
def test_leaving_one_out_is_combining_the_others(trials: list[Effect], method: Method) -> None:
    without = leave_one_out(trials, method)
    assert without == tuple(pool(trials[:i] + trials[i + 1 :], method) for i in range(len(trials)))


def test_groups_are_combined_apart_and_compared() -> None:
    groups = {"a": [Effect(0.0, 0.1), Effect(0.0, 0.1)], "b": [Effect(1.0, 0.1)]}
    found = by_group(groups, Method("fixed"))
    # The difference of 1 between two means with variances 0.005 and 0.01, squared, over the sum of the variances.
    assert (found.q, found.df) == (pytest.approx(1 / 0.015), 1)
    assert found.p is not None
    assert found.p < 1e-10
    assert by_group({"a": groups["a"]}, Method("fixed")).p is None


@pytest.mark.parametrize(
    ("measure", "ratio", "baseline", "expected"),
    [
        ("RR", 0.5, 0.2, 0.1),
        ("RR", 3, 0.5, 1),
        ("OR", 0.5, 0.5, 1 / 3),
        ("OR", 2, 1, 1),
        ("HR", 2, 0.5, 0.75),
        ("RR", 0.5, 1, 0.5),
        ("RR", math.inf, 0, 0),
        ("RR", math.inf, 0.1, 1),
        ("OR", math.inf, 0.1, 1),
        ("HR", math.inf, 0, 0),
    ],
)
def test_a_risk_follows_from_a_ratio(measure: str, ratio: float, baseline: float, expected: float) -> None:
    assert risk_with(measure, ratio, baseline) == pytest.approx(expected)  # type: ignore[arg-type]


@CASES
@given(st.sampled_from(RELATIVE), st.floats(0, 1), st.floats(0.01, 20))
def test_a_ratio_of_one_changes_no_risk_and_no_risk_leaves_its_bounds(
    measure: str, baseline: float, ratio: float
) -> None:
    assert risk_with(measure, 1, baseline) == pytest.approx(baseline)  # type: ignore[arg-type]
    assert 0 <= risk_with(measure, ratio, baseline) <= 1  # type: ignore[arg-type]


def test_absolute_effects_are_of_a_thousand_people() -> None:
    found = absolute_effect("RR", 0.8, 0.5, 1.1, 0.1)
    assert found.without == pytest.approx(100)
    assert found.difference == pytest.approx((-20, -50, 10))
    with pytest.raises(NotARisk):
        absolute_effect("RR", 1, 1, 1, 1.5)
