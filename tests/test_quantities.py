"""The grammar of printed numbers, in the house styles of both languages."""

import pytest
from texts import read

from extractors.documents import Language
from extractors.reading import Quantity

HR = "0.81 [0.64, 1.03] 95"


def estimate(quantity: Quantity) -> str:
    """A quantity as value, interval and level."""
    interval = quantity.interval
    if interval is None:
        return quantity.number.text
    low, high = (bound.text if bound else "-" for bound in (interval.low, interval.high))
    level = interval.level.text if interval.level else "?"
    return f"{quantity.number.text} [{low}, {high}] {level}"


def quantities(text: str, language: Language) -> list[Quantity]:
    return read(language, results=text).quantities


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The hazard ratio was 0.81 (95% CI 0.64-1.03)."),
        ("en", "(hazard ratio, 0.81; 95% confidence interval [CI], 0.64 to 1.03)"),
        ("en", "HR=0.81 (95% CI: 0.64–1.03)"),
        ("en", "HR 0.81, 95% CI = 0.64 to 1.03"),
        ("en", "hazard ratio for progression or death, 0.81; CI 95%, 0.64–1.03"),
        ("en", "HR 0·81, 95% CI 0·64–1·03"),
        ("en", "HR 0.81 (95%) CI 0.64-1.03"),
        ("en", "HR 0.81 (95% Cl 0.64-1.03)"),
        ("en", "HR 0.81; 95% CI from 0.64 to 1.03"),
        ("zh", "风险比为0.81（95%CI 0.64～1.03）"),
        ("zh", "HR＝0.81，95%可信区间为0.64至1.03"),
        ("zh", "风险比（HR）0.81［95%置信区间（95%CI）：0.64-1.03］"),
        ("zh", "HR 0.81,95%CI 0.64 - 1.03"),
    ],
)
def test_an_estimate_with_its_interval(language: Language, text: str) -> None:
    found = quantities(text, language)
    assert [(q.contrast, estimate(q).replace("·", ".")) for q in found] == [("HR", HR)]


def test_a_bare_interval_takes_the_level_named_before() -> None:
    text = "Risk ratios (95% CIs) were 1.75 (0.44 to 8.13) for infarction and 1.11 (0.55 to 2.28) for angina."
    found = quantities(text, "en")
    assert [estimate(q) for q in found] == ["1.75 [0.44, 8.13] 95", "1.11 [0.55, 2.28] 95"]
    assert {q.contrast for q in found} == {"RR"}


def test_levels_do_not_mix() -> None:
    text = "HR 1.11 (90% CI 0.82-1.52); median 53.1 months (95% CI 47.9-not estimable)."
    assert [estimate(q) for q in quantities(text, "en")] == ["1.11 [0.82, 1.52] 90", "53.1 [47.9, -] 95"]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "p = 0.13", ("=", "0.13", None)),
        ("en", "one-sided p = 0.13", ("=", "0.13", 1)),
        ("en", "two-sided P<0.001", ("<", "0.001", 2)),
        ("en", "log-rank P = . 0489", ("=", ".0489", None)),
        ("en", "P value, 0.01", ("=", "0.01", None)),
        ("zh", "单侧p = 0.13", ("=", "0.13", 1)),
        ("zh", "P＜0.05", ("<", "0.05", None)),
        ("zh", "P值为0.034", ("=", "0.034", None)),
    ],
)
def test_p_values(language: Language, text: str, expected: tuple[str, str, int | None]) -> None:
    (found,) = read(language, results=text).probabilities
    assert (found.p.operator, found.p.value.text, found.p.sides) == expected


@pytest.mark.parametrize(
    ("language", "text", "events", "n", "percent"),
    [
        ("en", "6.3% (13 of 205 patients)", "13", "205", "6.3"),
        ("en", "13/205 (6.3%)", "13", "205", "6.3"),
        ("zh", "6.3%（13/205）", "13", "205", "6.3"),
    ],
)
def test_a_count_and_its_percentage_are_one_value(
    language: Language, text: str, events: str, n: str, percent: str
) -> None:
    (found,) = quantities(text, language)
    assert found.events
    assert found.n
    assert (found.number.text, found.events.text, found.n.text) == (percent, events, n)


@pytest.mark.parametrize(
    ("language", "text", "kind", "spread"),
    [
        ("en", "a mean of 265.42 (SD 908)", "SD", "908"),
        ("en", "changes were 0.59 (SD = 2.47)", "SD", "2.47"),
        ("zh", "评分为12.3±4.5", "unstated ±", "4.5"),
    ],
)
def test_spreads(language: Language, text: str, kind: str, spread: str) -> None:
    (found,) = quantities(text, language)
    assert found.dispersion
    assert found.dispersion.value
    assert (found.dispersion.kind, found.dispersion.value.text) == (kind, spread)


def test_the_lower_of_two_negative_ends_is_the_lower_end() -> None:
    (found,) = quantities("a median change of -2.8 (IQR -1.1 to -5.4)", "en")
    assert found.dispersion
    assert found.dispersion.low
    assert found.dispersion.high
    assert (found.dispersion.low.text, found.dispersion.high.text) == ("-5.4", "-1.1")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Enrolment ran from May 5, 2011, to May 31, 2018."),
        ("zh", "2011年5月5日至2018年5月31日入组。"),
        ("en", "HER2 and CD4 and IL-6 were measured."),
        ("en", "As reported before [5, 6]."),
        ("en", "See doi 10.1038/s41416-025-03097-z."),
    ],
)
def test_dates_codes_and_citations_are_no_quantities(language: Language, text: str) -> None:
    assert quantities(text, language) == []


def test_an_hour_is_no_hazard_ratio() -> None:
    (found,) = quantities("Pain was lower after 24 hr in both groups.", "en")
    assert (found.kind, found.unit, found.contrast) == ("duration", "hours", None)


def test_every_number_keeps_its_printed_form_and_place() -> None:
    found = read("en", results="OS at 2 years was 41.9% (95% CI 33.9-49.7), HR 0.70 (0.50-0.98).")
    for quantity in found.quantities:
        assert found.document.text[quantity.start :].startswith(quantity.number.text)
    assert found.quantities[-1].number.text == "0.70"
