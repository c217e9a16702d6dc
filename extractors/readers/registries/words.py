"""What the words of registries' fields mean: concepts of ontology/records.ttl, numbers and dates; no contact data."""

from __future__ import annotations

import calendar
import html
import re
from decimal import Decimal
from functools import cache
from typing import Final

import ontology
from extractors.documents import Language
from extractors.findings import Number
from extractors.normal import normalise
from extractors.readers.language import language_of
from extractors.readers.registries.record import Words

_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_MAIL = re.compile(r"\S+@\S+\.\w+")
_TELEPHONE = re.compile(r"\+\d{1,3}[\s().-]*\d[\d\s().-]{6,}\d")
_NUMBER = re.compile(r"[-\u2212]?\d{1,3}(?:,\d{3})+(?:\.\d+)?|[-\u2212]?(?:\d+(?:\.\d*)?|\.\d+)")
_DAY_FIRST = re.compile(r"(\d{1,2})/(\d{1,2})/((?:19|20)\d\d)")
_YEAR_FIRST = re.compile(r"((?:19|20)\d\d)[-/](\d{1,2})(?:[-/](\d{1,2}))?(?!\d)")
_BETWEEN_COUNTRIES = re.compile("[;|,\n\u3001\uff0c\uff1b]")
_COMPACT = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)")
_REMOVED: Final = "[\u2026]"
# Longer numbers are no counts of people and no measurements; they are errors or codes.
_LONGEST_NUMBER = 20


def plain(text: str) -> str:
    """The text on one line, without mark-up and without addresses and telephone numbers of people."""
    words = html.unescape(html.unescape(text))
    # Control characters and halves of surrogate pairs cannot stand in RDF.
    shown = "".join(letter if letter.isprintable() else " " for letter in _TAG.sub(" ", words))
    without = _called().sub(_REMOVED, _TELEPHONE.sub(_REMOVED, _MAIL.sub(_REMOVED, shown)))
    return " ".join(without.split())


@cache
def _called() -> re.Pattern[str]:
    forms = _forms_of("contact-word")
    return re.compile(rf"(?<![a-z])(?:{'|'.join(map(re.escape, forms))})\W{{0,3}}\d[\d\s().-]{{5,}}", re.IGNORECASE)


def _forms_of(name: str) -> tuple[str, ...]:
    found = ontology.by_name("records", name)
    forms = {*found.preferred.values(), *(form for several in found.alternatives.values() for form in several)}
    return tuple(sorted(forms, key=lambda form: (-len(form), form)))


def words(text: str | None, language: Language | None = None) -> tuple[Words, ...]:
    """The value of a field as one of the texts of a record; none where the field is empty."""
    clean = plain(text or "")
    return (Words(clean, language or language_of(clean)),) if clean else ()


def is_organisation(name: str) -> bool:
    """Whether the name says that it is an organisation's; a person's name must not enter the graph."""
    lower = f" {re.sub(r'[,;()/]', ' ', name.casefold())} "
    return any(
        (form.casefold() in lower) if not form.isascii() else f" {form.casefold()} " in lower
        for form in _forms_of("organisation-word")
    )


def concept_of(group: str, printed: str) -> str | None:
    """The IRI of the concept below the group of ontology/records.ttl whose form the printed value is, if any."""
    form = " ".join(printed.split()).casefold()
    for candidate in (form, form.replace("_", " "), re.sub(r"\s*\(.*\)$", "", form)):
        for language in ontology.LANGUAGES:
            found = ontology.forms("records", language, group).get(candidate)
            if found is not None:
                return found
    return None


def named_concept(scheme: str, title: str, language: Language) -> str | None:
    """The IRI of the concept of the scheme that a title names by a form or an acronym, one more in brackets or not.

    ``None`` where the title says anything else beside it.
    """
    forms, acronyms = ontology.forms(scheme, language), ontology.notations(scheme)
    whole = " ".join(normalise(title).split())
    for printed in (whole, " ".join(re.sub(r"\([^()]*\)", " ", whole).split())):
        found = forms.get(printed.casefold()) or acronyms.get(printed)
        if found is not None:
            return found
    return None


def code_of(group: str, printed: str | None) -> str | None:
    """The first notation of that concept, else its name; ``None`` where nothing is printed or known."""
    iri = concept_of(group, printed) if printed else None
    found = ontology.concept(iri) if iri else None
    return None if found is None else found.notations[0] if found.notations else found.name


def country_of(printed: str) -> str | None:
    """The code of the country that the whole field names, in either language; ``None`` for any other words."""
    name = " ".join(printed.split()).strip(" .,;\uff0c\u3002").casefold()
    for language in ontology.LANGUAGES:
        found = ontology.concept(ontology.forms("countries", language).get(name, ""))
        if found is not None and found.notations:
            return found.notations[0]
    return None


def countries_in(printed: str) -> tuple[str, ...]:
    """The countries that a field lists, as printed: the whole field where it names one, else its parts."""
    whole = plain(printed)
    if country_of(whole) is not None:
        return (whole,)
    parts = (part.strip() for part in _BETWEEN_COUNTRIES.split(whole))
    return tuple(part for part in parts if country_of(part) is not None)


def number(printed: str | None) -> Number | None:
    """The number that the whole field is, ``None`` for anything else ("NA", "12 to 15")."""
    text = (printed or "").strip()
    if len(text) > _LONGEST_NUMBER or not _NUMBER.fullmatch(text) or not text.isascii():
        return None
    return Number(Decimal(text.replace(",", "")), text)


def count(printed: str | None) -> Number | None:
    """The number of people that the whole field is; ``None`` for anything else, a part of a person or fewer than 0."""
    found = number(printed)
    return None if found is None or found.value < 0 or found.value != found.value.to_integral_value() else found


def iso_date(printed: str) -> str | None:
    """The printed date in ISO 8601, of a day or a month; ``None`` where it is no date or could be two."""
    text = printed.strip()
    compact = _COMPACT.fullmatch(text)
    if compact:
        return _iso(*map(int, compact.groups()))
    first = _YEAR_FIRST.match(text)
    if first:
        return _iso(int(first[1]), int(first[2]), int(first[3]) if first[3] else None)
    day = _DAY_FIRST.match(text)
    if day:
        one, two, year = map(int, day.groups())
        return _iso(year, two, one) if one > 12 or one == two else None
    return _written(text)


def _written(text: str) -> str | None:
    """A date with the month as a word: "September 13, 2001", "13 September 2001", "July 2001"."""
    month = next((number for word in re.findall(r"[^\W\d_]+", text) if (number := _months().get(word.casefold()))), 0)
    digits = [int(found) for found in re.findall(r"(?<!\d)\d{1,4}(?!\d)", text)]
    years = [found for found in digits if 1900 <= found <= 2099]
    days = [found for found in digits if found < 1900]
    if len(years) != 1 or len(days) > 1 or "," in text.replace(",", "", 1):
        return None
    return _iso(years[0], month, days[0] if days else None)


@cache
def _months() -> dict[str, int]:
    """The months by their names; their notations are "month 1" and so on."""
    return {
        form: int(code.removeprefix("month "))
        for form, iri in ontology.forms("checks", "en", "month").items()
        for found in (ontology.concept(iri),)
        if found is not None
        for code in found.notations
    }


def _iso(year: int, month: int, day: int | None = None) -> str | None:
    if not 1 <= month <= 12:
        return None
    if day is None:
        return f"{year:04d}-{month:02d}"
    return f"{year:04d}-{month:02d}-{day:02d}" if 1 <= day <= calendar.monthrange(year, month)[1] else None


@cache
def label(field: str, language: Language) -> str:
    """What a field of a record is called in the document that is written of it."""
    return ontology.by_name("records", field).preferred[language]
