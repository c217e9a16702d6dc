"""Finds the headings of abstracts and articles, and the role that each gives to the text below it.

The wordings are labels of the scheme ``sections`` in ontology/; only how headings are printed is known here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Final

import ontology
from extractors.readers.language import HAN, has_han
from extractors.readers.layout import Paragraph
from extractors.readers.words import whole_words

ORDER: Final[Mapping[str, int]] = MappingProxyType(
    {"background": 0, "methods": 1, "results": 2, "discussion": 3, "conclusion": 4}
)
# Roles that open a page or a list, never a stretch in the middle of a paragraph.
_OPENING: Final = frozenset({"title", "authors", "affiliations", "citation", "table", "figure", "references"})

_LONGEST = 80
_MOST_WORDS = 12
_MARKUP = re.compile(r"^[\s#*_>\u25a0\u25cf\u25b6|]+|[\s#*_|]+$|</?(?:b|i|strong|em|h[1-6])>", re.IGNORECASE)
_BRACKETED = re.compile(
    r"[\u3010\[\u3014\u3016](?P<label>[^\u3011\]\u3015\u3017\r\n]{1,60})[\u3011\]\u3015\u3017]\s*[:\uff1a]?"
)
_COLON = re.compile(
    r"[*_#]*(?:\d{1,2}[.\u3001]\s*)?(?P<label>[^\s:\uff1a.\u3002*][^:\uff1a.\u3002;\uff1b\r\n*]{0,79})"
    r"[*_]*[:\uff1a][*_]*"
)
_STOP = re.compile(r"(?P<label>[A-Z][A-Za-z ,/&-]{3,59})(?:\.(?=\s+[A-Z0-9])|\s+[-\u2013\u2014]\s|\s?\u2014)")
_DASHED = re.compile(r"(?P<label>[A-Z][A-Z ,/&-]{3,59})\s?[\u2013\u2014]\s?(?=\S)")
_SPACED_HAN = re.compile(rf"(?<=[{HAN}])\s+(?=[{HAN}])")
_SENTENCE_START = re.compile(
    r"(?<=[.!?\])\uff3d\uff09])\s+|(?<=[\u3002\uff01\uff1f\uff0e;\uff1b])\s*"
    rf"|(?<=\.)(?=[{HAN}])|(?<=[.\]])(?=[A-Z]{{4,}})|(?=\u3010)"
)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading as printed: its words, the role of what follows, its start and where the text goes on."""

    label: str
    role: str
    start: int
    body: int

    @property
    def is_principal(self) -> bool:
        """Whether it names a main part of a paper in so many words, as "Materials and methods" does."""
        return any(name in _normal(self.label) for name in _main_names())


def heading_line(line: Paragraph) -> Heading | None:
    """Return the line as a heading if all of it is one of the known wordings, else None."""
    if len(line.text) > _LONGEST or "\t" in line.text:
        return None
    label, _ = bare(line.text)
    role = role_of(label) if _may_open(label) else None
    return Heading(label, role, line.start, line.end) if role else None


def role_of(label: str) -> str | None:
    """Return the role that a heading's words stand for, or None if no wording of ontology/ fits.

    A heading over both methods and results leaves the role open ("abstract"), so that neither is lost.
    """
    plain = _normal(label)
    if not plain or len(plain) > _LONGEST or plain.count(" ") >= _MOST_WORDS:
        return None
    parts = [part for part in _joint().split(plain) if part]
    known = [_roles().get(part) for part in parts]
    if {"methods", "results"} <= set(known):
        return "abstract"
    return _roles().get(plain) or _role_of_parts(parts, known)


def _role_of_parts(parts: list[str], known: list[str | None]) -> str | None:
    """The role of a heading such as "Research design and methods", from those of its parts that are known.

    The first part or a plain name must be known, and the others be short: a title may end in "and outcomes".
    """
    unknown = [part for part, role in zip(parts, known, strict=True) if role is None]
    if len(parts) < 2 or len(unknown) * 2 > len(parts):
        return None
    if any(has_han(part) or part.count(" ") > 1 for part in unknown):
        return None
    named = (role for part, role in zip(parts, known, strict=True) if any(name in part for name in _main_names()))
    return known[0] or next((role for role in named if role), None)


def bare(text: str) -> tuple[str, int]:
    """Return a heading's words without markup, number, brackets and colon, and the depth of its number.

    The depth is 2 for "1.1 Patients", 1 for "IV. Results" and 0 without a number.
    """
    words = _MARKUP.sub("", text).strip()
    depth = 0
    number = _number().match(words)
    if number and number.end() < len(words):
        depth = number["decimal"].count(".") + 1 if number["decimal"] else 1
        words = words[number.end() :]
    bracketed = _BRACKETED.fullmatch(words)
    if bracketed:
        words = bracketed["label"]
    return words.strip(" \t\u3000.:\uff1a\u3002*_\u2014-|"), depth


def split(text: str, paragraph: Paragraph) -> list[Heading]:
    """Return the headings that run into the paragraph, in order; positions are those of the whole text.

    A heading at the paragraph's start is taken as it is. One after a sentence may not lead backwards (from
    results to methods) nor to a part that has a plainer heading further on: there it is a mere phrase.
    """
    candidates = [
        heading
        for position in _starts(text, paragraph)
        for heading in _chain(text, position, paragraph.end)
        if position == paragraph.start or heading.role not in _OPENING
    ]
    named = {heading.role for heading in candidates if heading.is_principal}
    found: list[Heading] = []
    reached = -1
    for heading in candidates:
        rank = ORDER.get(heading.role, reached)
        is_phrase = rank > reached and heading.role in named and not heading.is_principal
        if heading.start > paragraph.start and (rank < reached or is_phrase):
            continue
        found.append(heading)
        reached = rank
    return found


def split_unmarked(text: str, group: Iterable[Paragraph]) -> list[Heading]:
    """Return headings without colon or brackets ("Methods We randomised", "METHODS. We"), in order.

    A single one would be too uncertain, so only a row of three or more roles in their usual order counts.
    """
    found: list[Heading] = []
    for paragraph in group:
        for position in _starts(text, paragraph):
            heading = _marked(text, position, paragraph.end) or _unmarked(text, position, paragraph)
            if heading and ORDER.get(heading.role, -1) >= (ORDER[found[-1].role] if found else 0):
                found.append(heading)
    return found if len({heading.role for heading in found}) >= 3 else []


def _starts(text: str, paragraph: Paragraph) -> list[int]:
    inner = (match.end() for match in _SENTENCE_START.finditer(text, paragraph.start, paragraph.end))
    return sorted({paragraph.start, *inner} - {paragraph.end})


def _chain(text: str, position: int, end: int) -> list[Heading]:
    """Return the headings that follow one another from here, as in "Abstract: Background: ..."."""
    found: list[Heading] = []
    while heading := _marked(text, position, end):
        found.append(heading)
        position = heading.body
        while position < end and text[position].isspace():
            position += 1
    return found


def _marked(text: str, position: int, end: int) -> Heading | None:
    for pattern in (_BRACKETED, _COLON, _DASHED):
        match = pattern.match(text, position, end)
        if match is None:
            continue
        label, _ = bare(match["label"])
        role = role_of(label) if _may_open(label) else None
        if role:
            return Heading(label, role, position, match.end())
    return None


def _unmarked(text: str, position: int, paragraph: Paragraph) -> Heading | None:
    end = paragraph.end
    match = _STOP.match(text, position, end)
    if match and (role := role_of(match["label"])):
        return Heading(match["label"], role, position, match.end())
    match = _any_form().match(text, position, end)
    if match is None or match.end() == end:
        return None
    label, role = match.group(0), role_of(match.group(0))
    rest = text[match.end() : match.end() + 3]
    if label.isascii():
        stands = label[0].isupper() and rest[:1].isspace() and rest.strip()[:1].isupper()
    else:
        opens_paragraph = position == paragraph.start and rest[:1].isspace()
        stands = opens_paragraph or _normal(label) in _main_names()
    if not stands:
        return None
    return Heading(label, role, position, match.end()) if role else None


def _may_open(label: str) -> bool:
    """Whether the words start as headings do: with a capital, or not with a Latin letter at all."""
    return label[:1].isupper() or not label[:1].isascii()


def _normal(label: str) -> str:
    text = _SPACED_HAN.sub("", " ".join(label.replace("&", " and ").split()))
    return text.replace("\u2019", "'").casefold()


@cache
def _number() -> re.Pattern[str]:
    """A heading's number: decimal, Roman, or one or two Chinese number words from one to ten."""
    signs = "".join(ontology.by_name("numerals", f"n{value}").preferred["zh"] for value in range(1, 11))
    return re.compile(
        rf"(?:(?P<decimal>\d{{1,2}}(?:\.\d{{1,2}})*)(?:[.\uff0e\u3001)]|(?=\s)|(?=[{HAN}]))"
        rf"|[\uff08(]?(?P<other>[IVX]{{1,5}}|[{signs}]{{1,2}})(?:[.\uff0e\u3001]|[\uff09)]))\s*"
    )


@cache
def _joint() -> re.Pattern[str]:
    """What joins the parts of a heading."""
    return re.compile(rf"\s*(?:,|/|\u3001|{whole_words('joiner')})\s*")


@cache
def _roles() -> Mapping[str, str]:
    return MappingProxyType(
        {
            _normal(form): _role(iri)
            for language in ("en", "zh")
            for form, iri in ontology.forms("sections", language).items()
        }
    )


def _role(iri: str) -> str:
    found = ontology.concept(iri)
    if found is None:
        raise ontology.UnknownConcept(f"the scheme of section headings has no concept {iri}")
    return found.notations[0]


@cache
def _main_names() -> frozenset[str]:
    """The main parts' preferred names, in English without the plural's s."""
    return frozenset(
        _normal(name).removesuffix("s")
        for found in ontology.concepts("sections")
        if _role(found.iri) in ORDER
        for name in found.preferred.values()
    )


@cache
def _any_form() -> re.Pattern[str]:
    forms = sorted((form for form, role in _roles().items() if role in ORDER), key=lambda form: (-len(form), form))
    spelled = (re.escape(form) if form.isascii() else r"\s*".join(map(re.escape, form)) for form in forms)
    return re.compile(f"(?:{'|'.join(spelled)})", re.IGNORECASE)
