"""Reads who could take part: each condition of inclusion and exclusion, from lists and from sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from extractors.article_findings import Criterion, CriterionKind
from extractors.confidence import assessed
from extractors.documents import Section
from extractors.evidence import evidence
from extractors.keys import digest
from extractors.normal import HAN
from extractors.patterns import words
from extractors.readers.words import alternation
from extractors.reading import Reading, Sentence, Span
from extractors.sections.limits import limits
from extractors.sections.lists import items, numbered, one_item
from extractors.sections.passages import by_section

COMPONENT = "evidence_sections"
_LONGEST_ITEM = 420
_LONGEST_WORDS = 70


@dataclass(frozen=True, slots=True)
class _Stated:
    """A stretch that lists conditions of a kind; an empty one opens a list in the sentences that follow."""

    kind: CriterionKind | None
    span: Span | None


def criteria(found: Reading) -> tuple[Criterion, ...]:
    """The conditions of eligibility that the methods of an article state, each once, in order."""
    kept: dict[tuple[str, str], Criterion] = {}
    for section, sentences in by_section(found, frozenset({"methods"})):
        for kind, stretch, sentence in _of_section(found, section, sentences):
            span = _without_place(found.normal, stretch)
            words_of_it = found.normal[span.start : span.end]
            if len(words_of_it) < 3 or len(words_of_it.split()) > _LONGEST_WORDS:
                continue
            kept.setdefault((kind, words_of_it.casefold()), _criterion(found, kind, span, sentence))
    return tuple(kept.values())


def _without_place(normal: str, span: Span) -> Span:
    """The span up to the institution that people were taken in at; empty for an institution's name alone."""
    text = normal[span.start : span.end]
    place = _institution().search(text)
    return span if place is None else Span(span.start, span.start + place.start())


def _criterion(found: Reading, kind: CriterionKind, span: Span, sentence: Span) -> Criterion:
    sure = assessed("criterion", (kind,))
    text = found.text(span)
    return Criterion(
        key=f"{kind}-{digest(text)}",
        kind=kind,
        text=text,
        language=found.language,
        limits=limits(found.normal[span.start : span.end]),
        evidence=(
            evidence(found, sentence, "text", COMPONENT, sure),
            evidence(found, span, "value", COMPONENT, sure),
        ),
    )


def _of_section(
    found: Reading, section: Section, sentences: list[Sentence]
) -> Iterator[tuple[CriterionKind, Span, Sentence]]:
    """The conditions of one section with their sentences; a list goes on until a sentence tells of something else."""
    kind = _heading_kind(section.heading)
    elsewhere = kind is None and _other_part().search(section.heading or "") is not None
    is_open, only_numbered, seen = kind is not None, False, kind is not None
    for sentence in sentences:
        text = found.normal[sentence.start : sentence.end]
        stated = _stated(text, seen=seen, named_only=elsewhere)
        if stated:
            seen = True
            for one in stated:
                kind = one.kind
                is_open, only_numbered = one.span is None, False
                if one.span is not None and kind is not None:
                    span = Span(sentence.start + one.span.start, sentence.start + one.span.end)
                    for item in items(found.document.text, found.normal, span):
                        yield kind, item, sentence
                    is_open = only_numbered = bool(numbered(found.text(span)))
        elif is_open and kind is not None:
            marked = one_item(found.normal, sentence).start > sentence.start
            told = _tells(text) or _was_done(text)
            if (only_numbered and not marked) or told or len(text) > _LONGEST_ITEM:
                is_open = _heading_kind(section.heading) is not None and not only_numbered and not told
                continue
            yield from ((kind, item, sentence) for item in _listed(found, sentence, alone=len(sentences) == 1))


def _listed(found: Reading, sentence: Sentence, *, alone: bool) -> Iterator[Span]:
    """The conditions of a sentence that is an item of a list: one, or more where semicolons or numbers part them.

    A sentence ``alone`` below its heading is the whole list, and is cut at its commas too.
    """
    text = found.text(sentence)
    if alone or len(numbered(text)) > 1 or re.search("[;\uff1b].", text):
        yield from items(found.document.text, found.normal, sentence)
    else:
        yield one_item(found.normal, sentence)


def _heading_kind(heading: str | None) -> CriterionKind | None:
    """The kind of the conditions below a heading, ``None`` for another heading or one over both kinds."""
    plain = (heading or "").strip(" .:\uff1a")
    if not plain or re.search(_either(), plain, re.IGNORECASE):
        return None
    if re.search(words("articles", "exclusion-criteria"), plain, re.IGNORECASE):
        return "exclusion"
    return "inclusion" if re.search(words("articles", "inclusion-criteria"), plain, re.IGNORECASE) else None


def _stated(text: str, *, seen: bool, named_only: bool) -> list[_Stated]:
    """What a sentence states of eligibility.

    ``seen`` tells that its section has stated something of it before, ``named_only`` that it is about other things.
    """
    if not _hint().search(text):
        return []
    named = _named(text) or _announced(text)
    if named or named_only or _other_purpose().search(text):
        return named
    return _conditional(text) or _people_first(text) or (_required(text) if seen else [])


def _named(text: str) -> list[_Stated]:
    """Lists that the words for criteria open: "Exclusion criteria were a, b and c"."""
    openers = list(_criteria().finditer(text))
    found: list[_Stated] = []
    for place, opener in enumerate(openers):
        end = openers[place + 1].start() if place + 1 < len(openers) else len(text)
        if opener["both"]:
            continue
        kind: CriterionKind = "exclusion" if opener["exclusion"] else "inclusion"
        rest = text[opener.end() : end]
        bare = rest.strip(" .:\n")
        if not bare and len(text[: opener.start()].split()) <= 6:
            found.append(_Stated(kind, None))
            continue
        begun = _begun().match(rest)
        if begun is None or _elsewhere().match(rest, begun.end()) or not _is_subject(text[: opener.start()]):
            continue
        start = opener.end() + begun.end()
        found.append(_Stated(kind, None) if not text[start:end].strip(" .:;") else _Stated(kind, Span(start, end)))
    return found


def _announced(text: str) -> list[_Stated]:
    """A list that stands below its sentence: "Patients who fulfilled the following criteria were excluded"."""
    match = _announcing().match(text)
    if match is None:
        return []
    return [_Stated("exclusion" if match["exclusion"] else "inclusion", None)]


def _is_subject(before: str) -> bool:
    """Whether words for criteria can be what the sentence is about, not what people fulfil ("met the criteria")."""
    return not re.search(rf"{words('articles', 'elsewhere')}\s+(?:\w+\s+){{0,3}}$", before, re.IGNORECASE)


def _conditional(text: str) -> list[_Stated]:
    """Lists behind "eligible if", "were excluded when"."""
    found = []
    matches = list(_eligible_if().finditer(text))
    for place, match in enumerate(matches):
        end = matches[place + 1].start() if place + 1 < len(matches) else len(text)
        kind: CriterionKind = "exclusion" if match["exclusion"] else "inclusion"
        rest = text[match.end() : end]
        if _tells(rest):
            continue
        opened = re.match(r"[^,;:]{0,60}:", rest)
        start = match.end() + (opened.end() if opened else 0)
        found.append(_Stated(kind, Span(start, end)) if text[start:end].strip(" .:;") else _Stated(kind, None))
    return found


def _people_first(text: str) -> list[_Stated]:
    """Lists beside the people: "patients with a or b were excluded", "eligible women were a and b"."""
    opposed = _opposed().search(text)
    if opposed is not None:
        first = _people_first(text[: opposed.start()])
        second = _people_first(text[opposed.end() :])
        if first and second:
            moved = (_Stated(one.kind, one.span and _moved(one.span, opposed.end())) for one in second)
            return [*first, *moved]
    for pattern in (_followed(), _taken(), _eligible_people(), _active()):
        for start in (0, text.rfind(";") + 1):
            match = pattern.match(text, start)
            if match is None or _tells(match["list"]) or not match["list"].strip(" .:;"):
                continue
            kind: CriterionKind = "exclusion" if match.groupdict().get("exclusion") else "inclusion"
            if kind == "exclusion" and re.search(r"\d|^\s*(?:one|two|three|four|five|six)\b", match["lead"] or ""):
                continue
            return [_Stated(kind, Span(match.start("list"), match.end("list")))]
    return []


def _moved(span: Span, by: int) -> Span:
    return Span(span.start + by, span.end + by)


def _required(text: str) -> list[_Stated]:
    match = _must().match(text)
    if match is None or _tells(match["list"]):
        return []
    return [_Stated("inclusion", Span(match.start("list"), match.end("list")))]


def _tells(text: str) -> bool:
    """Whether the words tell what was done, as no condition does."""
    return _narrative().search(text) is not None


@cache
def _either() -> str:
    return words("articles", "both-criteria")


@cache
def _hint() -> re.Pattern[str]:
    """A quick look before the patterns are tried."""
    names = ("inclusion-criteria", "exclusion-criteria", "eligible", "ineligible", "required")
    return re.compile(words("articles", *names), re.IGNORECASE)


@cache
def _criteria() -> re.Pattern[str]:
    return re.compile(
        rf"(?P<both>{_either()})|(?P<exclusion>{words('articles', 'exclusion-criteria')})"
        rf"|(?P<inclusion>{words('articles', 'inclusion-criteria')})",
        re.IGNORECASE,
    )


@cache
def _begun() -> re.Pattern[str]:
    """What stands between words for criteria and the list: a verb or a colon, with few words before it."""
    verb = words("articles", "list-verb")
    return re.compile(
        rf"\s*(?:\([^)]*\)\s*)?(?:[A-Za-z][\w-]*\s+){{0,8}}?(?:(?:{verb})\s*)+[:;,-]?\s*|[^.;:,]{{0,50}}:\s*",
        re.IGNORECASE,
    )


@cache
def _elsewhere() -> re.Pattern[str]:
    return re.compile(rf"(?:\w+\s+){{0,2}}{words('articles', 'elsewhere')}", re.IGNORECASE)


@cache
def _eligible_if() -> re.Pattern[str]:
    return re.compile(
        rf"(?:(?P<exclusion>{words('articles', 'ineligible')})|{words('articles', 'eligible')})"
        rf"[^.;:{HAN}]{{0,60}}?\s{words('articles', 'provided')}\s*[:,]?\s*",
        re.IGNORECASE,
    )


@cache
def _people() -> str:
    return rf"(?:{words('cues', 'people')}|{words('articles', 'those')})"


@cache
def _start() -> str:
    """What a condition behind the people begins with."""
    return rf"(?:\(|,?\s*{words('articles', 'criterion-start')}|\d|[a-z]+(?:ing|ed)\b|\u2265|>|<|\u2264)"


@cache
def _be() -> str:
    return rf"(?:{words('cues', 'be')}|{words('articles', 'will-be')})"


@cache
def _taken() -> re.Pattern[str]:
    """ "Patients with a, b or c were excluded from the study"."""
    into = rf"(?:\s+(?:from|in|into|for|to)\b[^.;]{{0,60}}?(?:{words('articles', 'taking-part')})[^.;]{{0,40}})?"
    return re.compile(
        rf"(?P<lead>[^.:;]{{0,140}}?){_people()}\s(?P<list>(?={_start()}).+?)\s*,?\s{_be()}\s(?:also\s|then\s)?"
        rf"(?:(?P<exclusion>{words('articles', 'ineligible')})|{words('articles', 'eligible')}){into}\s*[.;]?$",
        re.IGNORECASE | re.DOTALL,
    )


@cache
def _followed() -> re.Pattern[str]:
    """ "Patients with one of the following were excluded: a, b or c"."""
    return re.compile(
        rf"(?P<lead>)[^.:;]{{0,90}}?{_people()}[^.:;]{{0,120}}?"
        rf"(?:(?P<exclusion>{words('articles', 'ineligible')})|{words('articles', 'eligible')})[^.:;]{{0,80}}:"
        rf"(?P<list>.+)",
        re.IGNORECASE | re.DOTALL,
    )


@cache
def _opposed() -> re.Pattern[str]:
    """What stands between people taken in and people kept out in one sentence."""
    return re.compile(rf"[,;]\s*{words('articles', 'against')}\s", re.IGNORECASE)


@cache
def _other_part() -> re.Pattern[str]:
    return re.compile(words("articles", "not-on-eligibility"), re.IGNORECASE)


@cache
def _other_purpose() -> re.Pattern[str]:
    return re.compile(
        rf"(?:{words('articles', 'eligible', 'ineligible')})[^.;:]{{0,60}}{words('articles', 'other-purpose')}",
        re.IGNORECASE,
    )


@cache
def _eligible_people() -> re.Pattern[str]:
    """ "Eligible women were 18 years or older, and had a"."""
    return re.compile(
        rf"(?P<lead>\s*(?:\w+\s+){{0,3}}?){words('articles', 'eligible')}\s(?:\w+\s){{0,2}}?{_people()}\s"
        rf"(?P<list>(?:\([^)]*\)\s*)?(?={_start()}|{words('articles', 'required')}).+)",
        re.IGNORECASE | re.DOTALL,
    )


@cache
def _active() -> re.Pattern[str]:
    """ "We excluded patients with a or b"."""
    return re.compile(
        rf"(?P<lead>)\s*{words('articles', 'we')}\s(?:also\s)?"
        rf"(?:(?P<exclusion>{words('articles', 'ineligible')})|{words('articles', 'eligible')})\s"
        rf"(?:\w+\s+){{0,4}}?{_people()}\s(?P<list>(?={_start()}).+)",
        re.IGNORECASE | re.DOTALL,
    )


@cache
def _must() -> re.Pattern[str]:
    return re.compile(
        rf"(?:\w+,?\s+){{0,4}}?{_people()}\s(?:also\s)?(?:{words('articles', 'required')})\s(?P<list>.+)",
        re.IGNORECASE | re.DOTALL,
    )


@cache
def _institution() -> re.Pattern[str]:
    """A name with a word for an institution, with what ties it to the words before."""
    named = alternation("institution", "en")
    return re.compile(
        rf"(?:\s*(?:,|\b(?:at|in|from|of|to)\b)?\s*(?:\bthe\s)?)(?:[A-Z]\S*\s(?:of\s|and\s)?)+(?i:{named})"
    )


@cache
def _announcing() -> re.Pattern[str]:
    taken = rf"(?:(?P<exclusion>{words('articles', 'ineligible')})|{words('articles', 'eligible')})"
    return re.compile(
        rf"[^:;]{{0,160}}?{words('articles', 'following')}[^:;,]{{0,80}}{taken}[^:;,]{{0,60}}[.:]?$", re.IGNORECASE
    )


def _was_done(text: str) -> bool:
    """Whether a whole sentence says what was done to people or things, as no item of a list does."""
    return text.rstrip().endswith(".") and _done().search(text) is not None and not _with_people().match(text)


@cache
def _done() -> re.Pattern[str]:
    return re.compile(rf"{words('cues', 'be')}\s(?:\w+ly\s)?\w+ed\b", re.IGNORECASE)


@cache
def _with_people() -> re.Pattern[str]:
    """People and what sets them apart: "patients who were treated before"."""
    return re.compile(rf"(?:\w+\s){{0,3}}?{_people()}\s{words('articles', 'set-apart')}", re.IGNORECASE)


@cache
def _narrative() -> re.Pattern[str]:
    return re.compile(words("articles", "narrative"), re.IGNORECASE)
