"""Patterns for the words of tables, made from the lexicon: the scheme ``tables``, measures and units of ontology/."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache

import ontology
from extractors.components.terms import CONTRASTS, DIFFERENCE, TIME_UNITS, notation_of
from extractors.normal import normalise

_LANGUAGES = ("en", "zh")


@cache
def forms(name: str) -> frozenset[str]:
    """The labels of a concept of the scheme ``tables`` in both languages, under their comparison form."""
    found = ontology.by_name("tables", name)
    every = {
        form
        for language in _LANGUAGES
        for form in (found.preferred[language], *found.alternatives.get(language, ()), *found.hidden.get(language, ()))
    }
    return frozenset(plain(form) for form in every)


def plain(text: str) -> str:
    """The comparison form of a label: one spelling of signs, lower case, single blanks, no closing colon."""
    return " ".join(normalise(text).casefold().split()).strip(" :.")


def is_form(text: str, *names: str) -> bool:
    """Whether all of the text is a label of one of the concepts."""
    words = plain(text)
    return any(words in forms(name) for name in names)


@cache
def pattern(*names: str) -> re.Pattern[str]:
    """A pattern for the labels of the concepts as whole words, over normalised text."""
    return _pattern(form for name in names for form in forms(name))


def _pattern(words: Iterable[str]) -> re.Pattern[str]:
    """Whole words, the longest first; a Chinese form may stand anywhere, a sign is not bound by letters."""
    ordered = sorted(set(words), key=lambda word: (-len(word), word))
    parts = [
        rf"{'(?<![A-Za-z0-9])' if word[:1].isascii() and word[:1].isalnum() else ''}{re.escape(word)}"
        rf"{'(?![A-Za-z0-9])' if word[-1:].isascii() and word[-1:].isalnum() else ''}"
        for word in ordered
        if word
    ]
    return re.compile("|".join(parts).replace(r"\ ", r"\s+"), re.IGNORECASE)


@cache
def statistics() -> Mapping[str, str]:
    """The words for statistics and spreads under their comparison form, each with its notation (mean, SD, IQR)."""
    found = {}
    for language in _LANGUAGES:
        for form, iri in ontology.forms("measures", language).items():
            code = notation_of(iri)
            if code in ("mean", "median", "SD", "SE", "IQR", "range", "rate"):
                found[plain(form)] = code
    for code, iri in ontology.notations("measures").items():
        if notation_of(iri) in ("SD", "SE", "IQR"):
            found[plain(code)] = notation_of(iri)
    for name, code in (
        ("mean-sign", "mean"), ("spread-sd", "SD"), ("spread-se", "SE"), ("number", "number"), ("percent", "percent"),
    ):  # fmt: skip
        found.update(dict.fromkeys(forms(name), code))
    return found


@cache
def statistic_pattern() -> re.Pattern[str]:
    """A pattern for any word for a statistic."""
    return _pattern(statistics())


@cache
def contrasts() -> Mapping[str, str]:
    """The words for effect measures, each with its notation; a mere difference has the notation "difference"."""
    found = {}
    for language in _LANGUAGES:
        for form, iri in ontology.forms("measures", language).items():
            code = notation_of(iri)
            if code in CONTRASTS or code == DIFFERENCE:
                found[plain(form)] = code
    for code, iri in ontology.notations("measures").items():
        if notation_of(iri) in CONTRASTS - {"other"}:
            found[plain(code)] = notation_of(iri)
    found.update(dict.fromkeys(forms("effect-head"), DIFFERENCE))
    return found


@cache
def contrast_pattern() -> re.Pattern[str]:
    """A pattern for any word for an effect measure."""
    return _pattern(contrasts())


@cache
def interval_pattern() -> re.Pattern[str]:
    """A pattern for the words for a confidence interval, with its level before or behind."""
    words = "|".join(
        re.escape(form).replace(r"\ ", r"[\s-]+")
        for form in sorted(_cue_forms("interval"), key=lambda form: (-len(form), form))
    )
    level = r"(?P<{}>\d\d(?:\.\d+)?)\s?%"
    return re.compile(
        rf"(?:{level.format('before')}\s*)?(?<![A-Za-z])(?:{words})(?![A-Za-z])(?:\s*[,:]?\s*\(?{level.format('behind')}\)?)?",
        re.IGNORECASE,
    )


def _cue_forms(name: str) -> set[str]:
    found = ontology.by_name("cues", name)
    return {
        plain(form)
        for language in _LANGUAGES
        for form in (found.preferred[language], *found.alternatives.get(language, ()), *found.hidden.get(language, ()))
    }


@cache
def cue_pattern(*names: str) -> re.Pattern[str]:
    """A pattern for the labels of reading cues as whole words."""
    return _pattern(form for name in names for form in _cue_forms(name))


@cache
def units() -> Mapping[str, str]:
    """The units of the lexicon under their comparison form, each with its notation."""
    found = {}
    for language in _LANGUAGES:
        for form, iri in ontology.forms("units", language).items():
            found[plain(form)] = notation_of(iri)
    for code, iri in ontology.notations("units").items():
        found[plain(code)] = notation_of(iri)
    return found


@cache
def unit_parts() -> frozenset[str]:
    """The signs that units with a slash are made of: "g", "kg", "hr"."""
    return frozenset(part for form in units() for part in form.split("/") if part)


@cache
def unit_pattern() -> re.Pattern[str]:
    """A pattern for a unit right behind a number."""
    names = sorted((form for form in units() if form != "%"), key=lambda form: (-len(form), form))
    return re.compile(rf"(?<=[\d\s])(?:{'|'.join(map(re.escape, names))})(?![\w/])", re.IGNORECASE)


def names_time(head: str) -> bool:
    """Whether a head consists of words for times and their units only: "Day", "Time (h)", "Visit"."""
    words = re.findall(r"[^\W\d_]+", pattern("time-head", "later-time", "time-before").sub(" ", head))
    said = pattern("time-head").search(head) is not None or speaks_of_time(head)
    return said and all(units().get(plain(word)) in TIME_UNITS for word in words)


def speaks_of_time(head: str) -> bool:
    """Whether a unit of time is among the words of a head: "Day from the start", "Test day"."""
    return time_unit(head) is not None


def time_unit(head: str) -> tuple[int, int] | None:
    """The place of the first unit of time among the words of a head, if there is one."""
    words = (word for word in re.finditer(r"\w+", head) if units().get(plain(word.group())) in TIME_UNITS)
    return next((word.span() for word in words), None)


@cache
def whole_units() -> frozenset[str]:
    """The units of time that stand before their number: "week 6", but not "HR 6" and "weeks 6"."""
    return frozenset(ontology.by_name("units", code).preferred["en"].removesuffix("s") for code in TIME_UNITS)


@cache
def time_pattern() -> re.Pattern[str]:
    """A pattern for a time point: "week 12", "at 6 months", "5 min before surgery", "3-month follow-up"."""
    names = sorted((form for form, code in units().items() if code in TIME_UNITS), key=lambda form: (-len(form), form))
    unit = "|".join(map(re.escape, names))
    whole = whole_units()
    ahead = "|".join(re.escape(form) for form in names if form.removesuffix("s") in whole or not form.isascii())
    before = "|".join(re.escape(form) for form in sorted(forms("time-before"), key=lambda form: (-len(form), form)))
    behind = "|".join(re.escape(form) for form in sorted(forms("time-behind"), key=lambda form: (-len(form), form)))
    number = r"\d+(?:\.\d+)?(?:\s?(?:-|to|and|~)\s?\d+(?:\.\d+)?)?"
    return re.compile(
        rf"(?<![\w<>\u2264\u2265=.%])(?:(?:{before})\s+)?"
        rf"(?:(?:{ahead}|visit|cycle)s?\s?{number}(?![\d.]*\d)|{number}(?:th|st|nd|rd)?[\s-]?(?:{unit})(?![A-Za-z/]))"
        rf"(?:[\s,-]+(?:{behind})(?![A-Za-z])(?:\s+(?:the\s+)?[\w'-]+(?:\s+[\w'-]+)?)?)?",
        re.IGNORECASE,
    )
