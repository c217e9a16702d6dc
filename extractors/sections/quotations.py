"""The own words of the authors: who paid, what conflicts they have, who approved the study, its data and its limits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from extractors.article_findings import Quotation
from extractors.components.sentences import sentences_of
from extractors.confidence import assessed
from extractors.documents import Section
from extractors.evidence import evidence
from extractors.keys import digest
from extractors.normal import HAN
from extractors.patterns import words
from extractors.reading import Reading, Sentence, Span

COMPONENT = "evidence_sections"
MATTERS: Final = ("limitations", "funding", "conflicts", "ethics", "data-availability", "licence")
# Roles of sections that are all about one matter.
_OWN_PART: Final = frozenset({"funding", "conflicts", "ethics", "data-availability"})
# Where a matter that has no part of its own is spoken of.
_ELSEWHERE: Final = {
    "funding": frozenset({"other", "ethics", "methods"}),
    "conflicts": frozenset({"other", "funding"}),
    "ethics": frozenset({"methods", "other"}),
    "data-availability": frozenset({"other"}),
    "licence": frozenset({"other", "citation", "conflicts"}),
}
_MOST_LIMITATIONS = 14
_LONGEST_HEADING = 50
_SHORTEST_CODE = 4
# A number of a grant or an approval: letters, digits and the signs between them, with two digits at least.
_CODE = r"(?=[\w/.\u2013-]*\d[\w/.\u2013-]*\d)[A-Za-z0-9][A-Za-z0-9/_.\u2013-]*[A-Za-z0-9]"
_LISTED = re.compile(rf"[(\uff08]\s*(?P<codes>{_CODE}(?:\s*[,;\u3001\uff0c]\s*{_CODE})*)\s*[)\uff09]")
_YEAR = re.compile(r"(?:19|20)\d\d")
_LICENCE = re.compile(r"\bCC[\s-]?BY(?:[\s-]?(?:NC|ND|SA))*(?:\s?\d\.\d)?|licenses/(?P<path>[a-z-]+/\d\.\d)")


def quotations(found: Reading) -> tuple[Quotation, ...]:
    """One quotation for each part or sentence that speaks of a matter, in the order of the matters."""
    made = [*_limitations(found)]
    for matter in MATTERS[1:]:
        spans = list(_parts(found, matter)) or list(_sentences(found, matter))
        if matter == "licence":
            spans = spans[:1]
        made += [_quotation(found, matter, span) for span in spans]
    if not any(one.identifiers for one in made if one.matter == "ethics"):
        # A part on consent may stand beside the sentence of the methods that gives the number of the approval.
        further = (_quotation(found, "ethics", span) for span in _sentences(found, "ethics"))
        made += [one for one in further if one.identifiers]
    return tuple({one.key: one for one in made}.values())


def _quotation(found: Reading, matter: str, span: Span) -> Quotation:
    sure = assessed("quotation", (matter,))
    text = found.text(span)
    return Quotation(
        key=f"{matter}-{digest(text)}",
        matter=matter,
        text=text,
        language=found.language,
        identifiers=tuple(dict.fromkeys(_identifiers(found, matter, text))),
        evidence=(evidence(found, span, "text", COMPONENT, sure),),
    )


def _parts(found: Reading, matter: str) -> Iterator[Span]:
    """The sections that are all about the matter."""
    for section in found.document.sections:
        if section.role == matter and section.role in _OWN_PART and _is_read(found, section):
            yield Span(section.start, section.end)


def _is_read(found: Reading, section: Section) -> bool:
    return section.language == found.language and not section.in_abstract and section.end - section.start > 3


def _sentences(found: Reading, matter: str) -> Iterator[Span]:
    """The sentences of other sections that speak of the matter."""
    pattern = _speaks_of(matter)
    for section in found.document.sections:
        spoken = section.role in _ELSEWHERE[matter] and _is_read(found, section)
        if spoken and pattern.search(found.normal, section.start, section.end):
            for sentence in sentences_of(found.normal, section):
                if pattern.search(found.normal, sentence.start, sentence.end) and _is_whole(found, sentence):
                    yield sentence


def _is_whole(found: Reading, sentence: Sentence) -> bool:
    """Whether a stretch is a sentence and no heading."""
    return found.normal[sentence.end - 1] in ".;\u3002" or sentence.end - sentence.start > _LONGEST_HEADING


def _limitations(found: Reading) -> Iterator[Quotation]:
    """The sentences of the discussion on the study's limitations, those of its own and those that it announces."""
    kept = 0
    for section in found.document.sections:
        if section.role not in ("discussion", "conclusion", "other") or not _is_read(found, section):
            continue
        headed = _limits().search(section.heading or "") is not None
        if section.role == "other" and not headed:
            continue
        going, before = False, section.start
        for sentence in sentences_of(found.normal, section):
            if "\n\n" in found.document.text[before : sentence.start]:
                going = False
            before = sentence.end
            going = (going or _is_limitation(found, sentence)) and not _sums_up(found, sentence)
            if (going or headed) and kept < _MOST_LIMITATIONS and sentence.end - sentence.start > 3:
                kept += 1
                yield _quotation(found, "limitations", sentence)


def _sums_up(found: Reading, sentence: Sentence) -> bool:
    """Whether a sentence turns from the limits to what is concluded, or to what speaks for the study."""
    return (
        re.match(words("articles", "summing-up"), found.normal[sentence.start : sentence.end], re.IGNORECASE)
        is not None
    )


def _is_limitation(found: Reading, sentence: Sentence) -> bool:
    """Whether a sentence speaks of limits of this study, not of those of others."""
    text = found.normal[sentence.start : sentence.end]
    if not _limits().search(text):
        return False
    return re.search(words("articles", "own", "limitation-of-own"), text, re.IGNORECASE) is not None


def _identifiers(found: Reading, matter: str, text: str) -> Iterator[str]:
    if matter == "licence":
        for match in _LICENCE.finditer(text):
            yield "CC " + match["path"].replace("/", " ").upper() if match["path"] else match.group()
    if matter not in ("funding", "ethics"):
        return
    registered = {one.identifier for one in found.registrations}
    numbered = (match["code"] for match in _numbered().finditer(text))
    listed = (code for match in _LISTED.finditer(text) for code in re.split(r"\s*[,;\u3001\uff0c]\s*", match["codes"]))
    for code in (*numbered, *listed):
        plain = code.strip(".")
        if (
            len(plain) >= _SHORTEST_CODE
            and plain not in registered
            and not _YEAR.fullmatch(plain)
            and not plain.lower().startswith(("http", "nct"))
        ):
            yield plain


@cache
def _numbered() -> re.Pattern[str]:
    """A number behind a word that says so: "approval number HH-2016/114", "grant no. 81571234"."""
    sign = words("articles", "number-of")
    return re.compile(rf"{sign}[\s.:#\uff1a{HAN}]{{0,3}}(?:(?:is|was|are)\s)?(?P<code>{_CODE})", re.IGNORECASE)


@cache
def _speaks_of(matter: str) -> re.Pattern[str]:
    return re.compile(words("articles", f"{matter}-said"), re.IGNORECASE)


@cache
def _limits() -> re.Pattern[str]:
    return re.compile(words("articles", "limitation"), re.IGNORECASE)
