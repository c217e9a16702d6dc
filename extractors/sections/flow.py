"""Reads how many people went where: screened, randomised, allocated, lost, analysed, over all and in each arm."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from extractors.article_findings import FlowCount
from extractors.components.numerals import number_words
from extractors.confidence import assessed
from extractors.evidence import evidence
from extractors.findings import Evidence, Number
from extractors.normal import HAN
from extractors.patterns import words
from extractors.printed.passages import printed_number
from extractors.reading import Reading, Sentence, Span
from extractors.sections.passages import by_section

COMPONENT = "evidence_sections"
STAGES: Final = (
    "screened",
    "excluded",
    "enrolled",
    "randomised",
    "allocated",
    "received",
    "lost",
    "discontinued",
    "completed",
    "analysed",
)
# Of each arm only these: "screened" and "excluded" come before there are arms.
_BEFORE_ARMS: Final = frozenset({"screened", "excluded"})
_DIGITS = re.compile(
    r"(?<![A-Za-z0-9./<>\u2264\u2265\u00b1\-^])(?<!\d,)(?:\d{1,3}(?:,\d{3})+|\d{1,6})"
    r"(?![A-Za-z0-9.,:/^-]*\d)(?!\s*%)(?![A-Za-z-])"
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_ACTIVE = 30
_LONGEST_CLAUSE = 240


@dataclass(frozen=True, slots=True)
class _Cue(Span):
    """Words that say what became of people."""

    stage: str


@dataclass(frozen=True, slots=True)
class _Number(Span):
    """A number that counts people."""

    number: Number


def flow(found: Reading, arms: Sequence[str]) -> tuple[FlowCount, ...]:
    """The counts of each stage, each stage of an arm once, in the order of the stages; ``arms`` are the arms' keys."""
    kept: dict[tuple[str, int | None], tuple[Number, tuple[Evidence, ...]]] = {}
    largest = max((arm.size.value for arm in found.arms if arm.size), default=0)
    for count in found.counts:
        if count.number.value > max(largest, 1) and count.kind in ("enrolled", "randomised"):
            kept.setdefault((count.kind, None), (count.number, count.evidence))
    for index, arm in enumerate(found.arms):
        if arm.size is not None and arm.size_span is not None:
            sure = assessed("flow", ("allocated",))
            kept[("allocated", index)] = (arm.size, (evidence(found, arm.size_span, "value", COMPONENT, sure),))
    for stage, arm_index, span, sentence in _stated(found):
        if (stage, arm_index) not in kept:
            sure = assessed("flow", (stage,))
            items = (
                evidence(found, sentence, "text", COMPONENT, sure),
                evidence(found, span, "value", COMPONENT, sure),
            )
            kept[(stage, arm_index)] = (span.number, items)
    for index in range(len(found.arms)):
        heads = [head for head in found.headed if head.arm == index]
        if heads and len({head.number.value for head in heads}) == 1:
            sure = assessed("flow", ("analysed", "table"))
            place = heads[0].place
            item = evidence(found, heads[0], "value", COMPONENT, sure)
            cell = replace(item, table=place.table, row=place.row, column=place.column)
            kept.setdefault(("analysed", index), (heads[0].number, (cell,)))
    ordered = sorted(kept, key=lambda key: (STAGES.index(key[0]), -1 if key[1] is None else key[1]))
    return tuple(
        FlowCount(
            key=f"{stage}-{'all' if arm is None else arms[arm]}-{kept[stage, arm][0].value}",
            stage=stage,
            arm=None if arm is None else arms[arm],
            number=kept[stage, arm][0],
            evidence=kept[stage, arm][1],
        )
        for stage, arm in ordered
        if _possible(stage, arm, kept)
    )


def _possible(
    stage: str, arm: int | None, kept: dict[tuple[str, int | None], tuple[Number, tuple[Evidence, ...]]]
) -> bool:
    """Whether a count fits the others: no more people than before, no fewer screened than randomised."""
    value = kept[stage, arm][0].value
    randomised = kept.get(("randomised", None))
    if stage in ("screened", "enrolled"):
        return randomised is None or value >= randomised[0].value
    if stage == "allocated":
        return randomised is None or value < randomised[0].value
    if stage in ("randomised", "excluded"):
        return True
    whole = kept.get(("allocated", arm)) if arm is not None else randomised
    return whole is None or value <= whole[0].value


def _stated(found: Reading) -> Iterator[tuple[str, int | None, _Number, Sentence]]:
    """What sentences of the results, and of the methods outside the plan, say became of people."""
    for roles in (frozenset({"results"}), frozenset({"methods"}), frozenset({"figure"})):
        for section, sentences in by_section(found, roles):
            if roles == {"methods"} and _planning().search(section.heading or ""):
                continue
            for sentence in sentences:
                text = found.normal[sentence.start : sentence.end]
                if _hint().search(text) and not _planning().search(text):
                    yield from _of_sentence(found, sentence)


def _of_sentence(found: Reading, sentence: Sentence) -> Iterator[tuple[str, int | None, _Number, Sentence]]:
    text = found.normal[sentence.start : sentence.end]
    cues = list(_cues(text, sentence.start))
    numbers = _numbers(found, sentence)
    said = [_cue_of(found, number, cues, numbers) for number in numbers]
    for place, number in enumerate(numbers):
        if _is_whole_of(found, sentence, place, numbers, said[place]):
            continue
        later = [cue for cue in said[place:] if cue is not None]
        stays = bool(later) and not any(number.end <= c.start < later[0].start for c in cues)
        cue = said[place] or (later[0] if stays else None)
        if cue is None or (cue.stage == "excluded" and _from_analysis().match(found.normal, cue.end, sentence.end)):
            continue
        following = numbers[place + 1].start if place + 1 < len(numbers) else sentence.end
        previous = numbers[place - 1].end if place else sentence.start
        for arm in _arms_of(found, number, previous, following, sentence):
            stage = "allocated" if cue.stage in ("randomised", "enrolled") and arm is not None else cue.stage
            if arm is None or stage not in _BEFORE_ARMS:
                yield stage, arm, number, sentence


def _is_whole_of(found: Reading, sentence: Sentence, place: int, numbers: list[_Number], cue: _Cue | None) -> bool:
    """Whether a number is that of all people, of whom the next one speaks: "of 415 children, 256 completed"."""
    number, following = numbers[place], numbers[place + 1 : place + 2]
    led = _of_all().search(found.normal[sentence.start : number.start]) is not None
    return led and bool(following) and cue is not None and following[0].start < cue.start


def _cue_of(found: Reading, number: _Number, cues: list[_Cue], numbers: list[_Number]) -> _Cue | None:
    """The cue that says what became of the people of a number.

    It is the next one behind the number, or one right before it ("we screened 62 patients"), or the last one of the
    sentence where none follows ("120 were randomised: 61 to A and 59 to B").
    """
    before = [cue for cue in cues if cue.end <= number.start]
    after = [cue for cue in cues if cue.start >= number.end]
    if before and number.start - before[-1].end <= _ACTIVE:
        between = found.normal[before[-1].end : number.start]
        earlier = [cue.end for cue in before[:-1]]
        own = [n for n in numbers if max(earlier, default=0) <= n.start and n.end <= before[-1].start]
        if not own and not re.search(r"[,;:.]", between):
            return before[-1]
    if after:
        gap = found.normal[number.end : after[0].start]
        if not re.search(r"[;:.]\s", gap) and _stays(gap):
            return after[0]
        return before[-1] if before else None
    return before[-1] if before else None


def _stays(gap: str) -> bool:
    """Whether no clause of its own lies between a number and the words on what became of its people."""
    return len(gap) < _LONGEST_CLAUSE


def _arms_of(found: Reading, number: _Number, previous: int, following: int, sentence: Sentence) -> list[int | None]:
    """The arm that a number is of; ``None`` for all people, several arms where it is said of each."""
    mentions = sorted((m for m in found.arm_mentions if sentence.contains(m)), key=lambda m: m.start)
    behind = [m for m in mentions if number.end <= m.start < following]
    ahead = [m for m in mentions if previous <= m.start and m.end <= number.start]
    opened = re.search(r"\(\s*(?:[nN]\s*[=:]\s*)?$", found.normal[sentence.start : number.start])
    if _each().match(found.normal, number.end):
        named = {m.index for m in mentions if m.start >= number.end} or set(range(len(found.arms)))
        return [*sorted(named)]
    if opened and ahead:
        return [ahead[-1].index]
    if ahead and behind and re.search("[,;]", found.normal[number.end : behind[0].start]):
        # "Arm A lost two, arm B three": the arm behind the comma has a number of its own.
        return [ahead[-1].index]
    indexes = {m.index for m in behind}
    if len(indexes) == 1:
        return [behind[0].index]
    if len(indexes) > 1:
        return [behind[0].index] if behind[0].start - number.end < _ACTIVE and following < sentence.end else [None]
    clause = max(found.normal.rfind(";", sentence.start, number.start) + 1, sentence.start)
    own = {m.index for m in ahead if m.start >= clause}
    return [ahead[-1].index] if len(own) == 1 and ahead[-1].start - clause < _ACTIVE else [None]


def _numbers(found: Reading, sentence: Sentence) -> list[_Number]:
    """The numbers of a sentence that count people: with a word for people near, or beside others that do."""
    text = found.normal[sentence.start : sentence.end]
    plain = [
        _Number(sentence.start + m.start(), sentence.start + m.end(), printed_number(m.group()))
        for m in _DIGITS.finditer(text)
    ]
    worded = [_Number(s.start, s.end, n) for s, n in number_words(found.normal, sentence, found.language)]
    if found.language == "zh":
        worded = []
    every = sorted((*plain, *worded), key=lambda number: number.start)
    counting = [n for n in every if _counts(found, n, sentence)]
    noun = any(_noun().match(found.normal, n.end) for n in counting) or _noun_alone().search(text) is not None
    return counting if noun else []


def _counts(found: Reading, number: _Number, sentence: Sentence) -> bool:
    before = found.normal[max(sentence.start, number.start - 24) : number.start]
    if _label().search(before) or _total().search(before):
        return False
    if _unit().match(found.normal, number.end):
        return False
    if _YEAR.fullmatch(found.text(number)) and not _noun_next().match(found.normal, number.end):
        return False
    return (
        _noun().match(found.normal, number.end) is not None or _ellipsis().match(found.normal, number.end) is not None
    )


def _cues(text: str, start: int) -> Iterator[_Cue]:
    taken = 0
    for match in _stage().finditer(text):
        if match.start() >= taken and match.lastgroup is not None:
            taken = match.end()
            yield _Cue(start + match.start(), start + match.end(), match.lastgroup)


_PATTERNS: Final = ("lost", "discontinued", "completed", "analysed", "excluded", "screened", "received", "randomised")


@cache
def _stage() -> re.Pattern[str]:
    parts = [f"(?P<{name}>{words('articles', f'stage-{name}')})" for name in (*_PATTERNS, "enrolled")]
    return re.compile("|".join(parts), re.IGNORECASE)


@cache
def _hint() -> re.Pattern[str]:
    """A quick look before the patterns are tried."""
    names = (f"stage-{name}" for name in (*_PATTERNS, "enrolled"))
    return re.compile(words("articles", *names), re.IGNORECASE)


@cache
def _planning() -> re.Pattern[str]:
    return re.compile(words("articles", "planning"), re.IGNORECASE)


@cache
def _people() -> str:
    return rf"(?:{words('cues', 'people')}|{words('articles', 'member')})"


@cache
def _noun() -> re.Pattern[str]:
    """A word for people behind a number, with few words between."""
    share = r"(?:\s*\([^()]{1,20}\))?"
    return re.compile(
        rf"{share}\s*(?:(?:of\s+(?:the\s+)?\d+\s+)?(?:[A-Za-z][\w-]*\s+){{0,4}}?){_people()}", re.IGNORECASE
    )


@cache
def _noun_next() -> re.Pattern[str]:
    """A word for people right behind a number that could be a year."""
    return re.compile(rf"\s*(?:[A-Za-z][\w-]*\s+)?{_people()}", re.IGNORECASE)


@cache
def _noun_alone() -> re.Pattern[str]:
    return re.compile(_people(), re.IGNORECASE)


@cache
def _ellipsis() -> re.Pattern[str]:
    """What follows a number of people that their word is left out of."""
    return re.compile(
        rf"(?:\s*\([^()]{{1,20}}\))?\s*(?:[,);.]|{words('articles', 'ellipsis')}|{words('articles', 'each')}|$)",
        re.IGNORECASE,
    )


@cache
def _of_all() -> re.Pattern[str]:
    """What opens a clause with the number of all people."""
    return re.compile(r"(?:^|[.;,]\s*|\band\s)of\s+(?:\w+\s+){0,3}$", re.IGNORECASE)


@cache
def _from_analysis() -> re.Pattern[str]:
    """People left out of an analysis, who had taken part."""
    return re.compile(rf"[^.;,]{{0,50}}?{words('articles', 'analysis-word')}", re.IGNORECASE)


@cache
def _each() -> re.Pattern[str]:
    return re.compile(rf"\s*(?:{_people()}\s*)?(?:in\s+|per\s+|to\s+)?{words('articles', 'each')}", re.IGNORECASE)


@cache
def _label() -> re.Pattern[str]:
    """Words before a number that make it a label, a date or a share of something else."""
    return re.compile(
        rf"{words('articles', 'labelled')}\s*(?:\(|no\.?|:)?\s*$|[<>\u2264\u2265\u00b1=]\s*(?<![nN] =\s)(?<![nN]=)$",
        re.IGNORECASE,
    )


@cache
def _total() -> re.Pattern[str]:
    """A number of all before "of": the second of "12 of 30"."""
    return re.compile(r"\d\s*(?:\([^()]*\)\s*)?(?:out\s+)?of\s+(?:the\s+)?$|\d\s*/\s*$", re.IGNORECASE)


@cache
def _unit() -> re.Pattern[str]:
    units = words("units", "days", "weeks", "months", "years", "hours", "minutes")
    return re.compile(rf"\s*-?\s*(?:{units}|{words('articles', 'magnitude')}|[{HAN}]?%)", re.IGNORECASE)
