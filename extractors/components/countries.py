"""Reads in which countries people were recruited, where a title or the methods say so; the words are in countries.ttl.

A country that a report names otherwise is none of recruitment: where an author works, a drug is made, a guideline comes
from or another trial took place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

import ontology
from extractors.documents import Language
from extractors.reading import Reading, Sentence, Span

# Where a trial says where it took place; backgrounds and discussions speak of other countries too.
_ROLES: Final = ("title", "abstract", "methods")
# Words, or Chinese characters, between one for taking place and the country: "conducted from May to July 2012 at two
# sites in".
_WORDS_BETWEEN: Final = 10
_SIGNS_BETWEEN: Final = 12
# One name of up to three words.
_TOWN: Final = r"[A-Z][\w'.-]+(?:\s+[A-Z][\w'.-]+){0,2}"
# What ends a Chinese clause; the comma of a list is written as "," when the text is normal.
_STOPS: Final = ";:\uff0c\u3002"


@dataclass(frozen=True, slots=True)
class Country:
    """A country by its code, and the characters that name it."""

    code: str
    span: Span


def countries(found: Reading) -> list[Country]:
    """The countries of recruitment that the text states, in its order, each once."""
    first: dict[str, Country] = {}
    for sentence in found.sentences:
        if sentence.role in _ROLES:
            for one in _stated(found, sentence):
                first.setdefault(one.code, one)
    return list(first.values())


def _stated(found: Reading, sentence: Sentence) -> Iterator[Country]:
    text = found.normal[sentence.start : sentence.end]
    language: Language = found.language
    if not _names(language).search(text):
        return
    rules = [*_of_sites(language)]
    if found.terms_in(sentence, "cues", "study", "trial", "people") or _about(language).search(text):
        rules += [_taking_place(language), *([_closing(language)] if sentence.role == "title" else [])]
    for rule in rules:
        for match in rule.finditer(text):
            if not _elsewhere(language).search(text[: match.end()]):
                for name in _names(language).finditer(text, match.start("list"), match.end("list")):
                    span = Span(sentence.start + name.start(), sentence.start + name.end())
                    yield Country(_codes(language)[name[0]], span)


@cache
def _of_sites(language: Language) -> tuple[re.Pattern[str], ...]:
    """Places of care that are set in countries ("12 hospitals in China") or of one ("31 Dutch hospitals")."""
    if language == "zh":
        number = rf"(?:\d+|{_words('several', language)}+)\s*{_words('counted-places', language)}"
        between = rf"[^,{_STOPS}]{{0,{_SIGNS_BETWEEN}}}?"
        return (re.compile(rf"{_listed(language)}{_part(language)}{number}{between}{_words('site', language)}"),)
    site, where = _words("site", language), _words("set-in", language)
    return (
        re.compile(rf"{site}(?:\s+(?i:located|situated|based))?\s+{where}\s+{_part(language)}{_listed(language)}"),
        re.compile(
            rf"(?:\d+|{_words('several', language)})\s+(?P<list>{_alternatives(_adjectives(), language)})"
            rf"\s+(?:[a-z-]+\s+){{0,2}}{site}"
        ),
    )


@cache
def _taking_place(language: Language) -> re.Pattern[str]:
    """A word for taking place and the country where: "was conducted between 2010 and 2012 in rural Kenya"."""
    took, where = _words("conducted", language), _words("set-in", language)
    if language == "zh":
        return re.compile(rf"{where}{_listed(language)}[^,{_STOPS}]{{0,{_SIGNS_BETWEEN}}}?{took}")
    gap = rf"(?:[^\S\n]+[^\s.;()]+){{0,{_WORDS_BETWEEN}}}?"
    return re.compile(rf"{took}{gap}\s+{where}\s+{_part(language)}{_listed(language)}")


@cache
def _closing(language: Language) -> re.Pattern[str]:
    """A country that a title, or the part of it before a colon, ends with: "a randomised trial in Ghana"."""
    if language == "zh":
        return re.compile(rf"{_words('set-in', language)}{_listed(language)}(?=[:{_STOPS}]|$)")
    return re.compile(rf"\b[Ii]n\s+{_part(language)}{_listed(language)}(?=\s*(?:[:.?]|$))")


@cache
def _about(language: Language) -> re.Pattern[str]:
    """Words that say that a sentence is about the trial itself."""
    return re.compile(_words("this-trial", language))


@cache
def _elsewhere(language: Language) -> re.Pattern[str]:
    """Words of a sentence that may name a country for another reason."""
    return re.compile(_words("not-recruited-there", language))


def _listed(language: Language) -> str:
    """One name or several, as the group ``list``."""
    name = _alternatives(_named(language), language)
    if language == "zh":
        return rf"(?P<list>{name}(?:(?:,|{_words('and', language)}){name})*)"
    between = r"(?:\s*,\s*(?:and\s+)?|\s+(?:and|&)\s+)(?:the\s+)?"
    return rf"(?P<list>{name}(?:{between}{name})*)"


def _part(language: Language) -> str:
    """What may stand between: a part of the country or a town, but not half of a name ("Northern Ireland")."""
    part = _words("part-of-a-country", language)
    if language == "zh":
        return rf"(?:{part}){{0,2}}"
    half = rf"(?!{_alternatives(_named(language), language)})"
    return rf"(?:{half}{part}\s+){{0,3}}(?:{half}{_TOWN}\s*,\s*){{0,2}}"


@cache
def _names(language: Language) -> re.Pattern[str]:
    """Any name or adjective."""
    return re.compile(_alternatives(_codes(language), language))


@cache
def _codes(language: Language) -> dict[str, str]:
    """The code of each name or adjective as it is written, since "turkey" and "us" are other words."""
    return {**_named(language), **(_adjectives() if language == "en" else {})}


@cache
def _named(language: Language) -> dict[str, str]:
    """The code of each name; a name that is also a region's is left out."""
    region = ontology.by_name("countries", "also-a-region").iri
    return {
        name: country.notations[0]
        for country in ontology.concepts("countries")
        if country.notations and region not in country.broader
        for name in (country.preferred[language], *country.alternatives.get(language, ()))
    }


@cache
def _adjectives() -> dict[str, str]:
    """The code of each English word for what is of a country."""
    return {
        word: country.notations[0]
        for country in ontology.concepts("countries")
        for word in country.hidden.get("en", ())
    }


@cache
def _words(name: str, language: Language) -> str:
    """The forms of a reading word, in any case."""
    found = ontology.by_name("countries", name)
    return f"(?i:{_alternatives((found.preferred[language], *found.alternatives.get(language, ())), language)})"


def _alternatives(forms: Iterable[str], language: Language) -> str:
    """Any of the forms as an expression, the longest first; English ones as whole words."""
    ordered = "|".join(sorted(map(re.escape, forms), key=lambda form: (-len(form), form)))
    return f"(?:{ordered})" if language == "zh" else rf"(?<![\w-])(?:{ordered})(?![\w-])"
