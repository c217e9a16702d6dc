"""Recognises the lines around an abstract: authors, affiliations, citation, registration, notices."""

from __future__ import annotations

import re
from functools import cache

import ontology
from extractors.readers.language import HAN, has_han, size_in_words
from extractors.readers.words import alternation, whole_words

_SUPERSCRIPTS = "\u00b9\u00b2\u00b3\u2070\u2074-\u2079\u2080-\u2089"
_MARKS = re.compile(
    rf"\^?\{{[^}}]{{0,20}}\}}|\[[^\]]{{0,6}}\]|\([\d,\s*a-z]{{1,12}}\)|[{_SUPERSCRIPTS}*\u2020\u2021\u00a7\u00b6#\u221e\u2709]"
    r"|(?<=[^\W\d])\d{1,2}(?:,\d{1,2})*(?=\s|$|[,;])|<sup>[^<]{0,30}</sup>"
)
_GROUP = re.compile(r"[,;]?\s*(?:\band\s+)?\b(?:on behalf of|for the)\b.*$", re.IGNORECASE | re.DOTALL)
_DEGREE = re.compile(
    r"(?:M\.?D\.?|Ph\.?D\.?|M\.?Sc\.?|B\.?Sc\.?|MPH|MBBS|MBChB|MRCP|FRCP|FRCS|FACS|FACC|R\.?N\.?|Dr\.?|Prof\.?|MS|MA|DO|ScD|DrPH|PharmD|Jr\.?|Sr\.?|I{2,3})"
)
_PARTICLE = re.compile(
    r"de|del|della|der|den|di|da|dos|das|du|la|le|van|von|y|al|el|bin|ibn|ten|ter|vom|zu|zur|af|av|st",
    re.IGNORECASE,
)
_NAME_WORD = re.compile(r"[A-Z\u00c0-\u00de\u0100-\u024f][\w'\u2019.\u2010-\u2013-]*|[A-Z]{1,4}\.?")
_HAN_NAME = re.compile(rf"[{HAN}]\s?[{HAN}](?:\s?[{HAN}]){{0,2}}|[{HAN}]{{1,6}}\u00b7[{HAN}]{{1,8}}")

_POSTCODE = r"\d{6}\s*[\u4e00-\u9fff]"
_AFFILIATION_MARK = re.compile(rf"\(?\d{{1,2}}[).\s]?\s?(?=[^\W\d_])|[{_SUPERSCRIPTS}*\u2020]|[a-z]\s(?=[A-Z])|\[\d+\]")
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+|\be-?mail\b", re.IGNORECASE)

_YEAR = r"(?:19|20)\d\d"
_PAGES = r"[A-Za-z]?\d+"
_SIGNED_CITATION = (
    rf"\b{_YEAR}\b[^;\uff1b\n]{{0,25}}[;\uff1b]\s*(?:\w{{1,8}})?\s*(?:\([^)]{{1,20}}\))?\s*[:\uff1a]\s*{_PAGES}"
    rf"|\({_YEAR}\)\s*\d+\s*[:,(]|\b{_YEAR}\b[^;\n]{{0,25}};\s*doi\b"
)
_IDENTIFIER = re.compile(
    r"(?:(?:doi\s*[:\uff1a]?\s*|https?://(?:dx\.)?doi\.org/)10\.\d{4,9}/\S+|PMC?ID\s*[:\uff1a]|PMID\s*[:\uff1a-])",
    re.IGNORECASE,
)
_NOTICE = re.compile(
    r"(?:copyright\b|\u00a9|\(c\)\s*(?:19|20)\d\d|all rights reserved|open access\b|received\s*[:\d]"
    r"|submitted\s*:|accepted\s*:|published online|check for updates|downloaded from|https?://\S+$|www\.\S+$)",
    re.IGNORECASE,
)
_LINKED = re.compile(
    r"(?:erratum|comment|update|expression of concern|retraction|republished|corrected and republished)"
    r" (?:in|on|of|for|from)\b",
    re.IGNORECASE,
)


def names(text: str) -> tuple[str, ...]:
    """Return the names in a line of authors, without marks and degrees; empty if it is no such line."""
    plain = _GROUP.sub("", " ".join(_MARKS.sub("", text).split())).strip(" .;,")
    parts = [part.strip(" .") for part in _separator().split(plain)]
    if len(parts) == 1 and has_han(plain):
        parts = plain.split()
    parts = [part for part in parts if part and not _DEGREE.fullmatch(part)]
    people = [part for part in parts if _is_name(part)]
    return tuple(people) if people and len(people) >= 0.8 * len(parts) else ()


def is_authors(text: str) -> bool:
    """Whether the line lists two or more authors."""
    if len(text) > 20000 or is_citation(text):
        return False
    people = names(text)
    several = sum(1 for name in people if " " in name or has_han(name))
    return len(people) >= 2 and several >= 0.7 * len(people)


def is_affiliation(text: str) -> bool:
    """Whether the text names institutions or addresses; meant for lines between authors and abstract."""
    if _ADDRESS.search(text):
        return True
    if _institution().search(text):
        return bool(_AFFILIATION_MARK.match(text)) or size_in_words(text) <= 60
    words = re.findall(r"[^\W\d_][\w'-]*", text)
    capitals = sum(1 for word in words if word[0].isupper())
    return "," in text and len(words) <= 25 and capitals >= 0.6 * len(words)


def is_affiliation_block(text: str) -> bool:
    """Whether the text is a numbered list of institutions, wherever it stands."""
    count = len(_institution().findall(text))
    several = count >= 2 and 8 < size_in_words(text) <= 15 * count
    return several and _AFFILIATION_MARK.match(text) is not None


def is_citation(text: str) -> bool:
    """Whether the line says where the paper was published."""
    return len(text) <= 500 and size_in_words(text) <= 80 and (bool(_citation().search(text)) or is_identifier(text))


def is_identifier(text: str) -> bool:
    """Whether the line is no more than the paper's DOI or PubMed number, with the journal's name at most."""
    match = _IDENTIFIER.search(text)
    if match is None or len(text) > 300 or text[: match.start()].endswith(("(", "\uff08")):
        return False
    return size_in_words(text[: match.start()]) <= 10 and size_in_words(text) <= 40


def opens_with_identifier(line: str) -> bool:
    """Whether the line starts with a DOI or a PubMed number."""
    return _IDENTIFIER.match(line) is not None


def is_notice(text: str) -> bool:
    """Whether the text is a publisher's notice: copyright, dates of receipt, links."""
    return size_in_words(text) <= 200 and (_NOTICE.match(text) is not None or opens_linked(text))


def opens_linked(text: str) -> bool:
    """Whether the words stand above citations of other papers ("Comment in"), which are not this paper's."""
    return _LINKED.match(text) is not None


def is_registration(text: str) -> bool:
    """Whether the text is a line about the trial's registration: identifiers and few words besides."""
    found = registry_identifiers().findall(text)
    rest = registry_identifiers().sub(" ", text)
    return bool(found) and size_in_words(rest) <= 14 + 8 * len(found) and "%" not in text


@cache
def registry_identifiers() -> re.Pattern[str]:
    """Return the pattern of all registries' identifiers; in ASCII mode, as they may touch Chinese text."""
    patterns = (pattern for found in ontology.concepts("registries") for pattern in found.patterns)
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE | re.ASCII)


@cache
def _separator() -> re.Pattern[str]:
    """What stands between names: a sign, or between English names a word."""
    joiner = alternation("joiner", "en")
    return re.compile(rf"\s*[,;\uff0c\uff1b\u3001]\s*|\s+(?:{joiner}|&)\s+", re.IGNORECASE)


@cache
def _institution() -> re.Pattern[str]:
    found = (
        alternation("institution"),
        whole_words("institution-part"),
        rf"{alternation('clinic', 'en')}\b",
        _POSTCODE,
    )
    return re.compile("|".join(found), re.IGNORECASE)


@cache
def _citation() -> re.Pattern[str]:
    """Year, volume and pages or issue, told apart by signs or, in Chinese, by words."""
    year, number = alternation("year-sign", "zh"), alternation("number-sign", "zh")
    volume, issue = alternation("volume", "zh"), alternation("issue", "zh")
    worded = (
        rf"{_YEAR}\s*(?:[,\uff0c;\uff1b]|{year})\s*{number}?\d+\s*{volume}?[,\uff0c]?\s*"
        rf"(?:[(\uff08]\d[^)\uff09]{{0,6}}[)\uff09]|{number}\d+{issue})"
    )
    return re.compile(f"{_SIGNED_CITATION}|{worded}", re.IGNORECASE)


def _is_name(part: str) -> bool:
    if has_han(part):
        return _HAN_NAME.fullmatch(part) is not None
    words = part.split()
    if not 1 <= len(words) <= 6 or any(character.isdigit() for character in part):
        return False
    return all(_PARTICLE.fullmatch(word) or _NAME_WORD.fullmatch(word) for word in words)
