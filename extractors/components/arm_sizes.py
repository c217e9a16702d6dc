"""Gives each arm the number of people that the text assigns to it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from extractors.components.head_counts import counted, head_counts, is_assignment
from extractors.components.numerals import number_words
from extractors.findings import Number
from extractors.normal import is_han
from extractors.reading import Mention, Reading, Sentence, Span

# A smaller number beside an arm is a day, a dose or a rank.
_SMALLEST_ARM = 3
# How far a number may stand before the arm that it is the size of, and behind it.
_AHEAD, _BEHIND = 70, 45
_COUNTING = ("allocation", "assignment", "analysed", "enrolled")
# The arms hold at least this share of the people of the trial.
_WHOLE, _SMALLEST_SHARE = ("randomised", "analysed"), Decimal("0.4")
_LINKS = ("allocation", "assignment", "receive", "range-to")
_BETWEEN = (
    "people",
    "be",
    "filler",
    "of",
    "group",
    "control-arm",
    "experimental-arm",
    "finding",
    "having",
    "stop",
    *_LINKS,
)
_BRACKET = re.compile(r"\((?:[^()]|\([^()]*\))*\)|\[[^\[\]]*\]")
# What may stand between an arm and its size: the rest of its name, an opening bracket with a label, "n =".
_OPENED = re.compile(r"\W*(?:\w{1,12}\W+)?[(\[](?:[^()\[\]]{0,40}[,;:])?\s*(?:[nN]\s*[=:]\s*)?")
_MARKED = re.compile(r"\b[nN]\s*[=:]\s*$")
_CLAUSE_END = re.compile(r"[,;\uff0c\uff1b]")
_CLOSED = re.compile(r"\s*(?:\w+\s*){0,2}[)\],;]|\s*$")


@dataclass(frozen=True, slots=True)
class HeadNumber(Span):
    """A whole number that may count the people of an arm.

    ``marked`` is whether "n =" stands before it, ``people`` whether a word for people is read as part of it.
    """

    number: Number
    marked: bool
    people: bool


Sizes = dict[int, HeadNumber]
# How sure a number is the size of the arm beside it.
_VAGUE, _LIKELY, _SURE = range(3)


def give_sizes(found: Reading) -> None:
    """Give each arm without a size the number of people that the text says it has."""
    people = [h.number.value for s in found.sentences for h, kind in counted(found, s) if kind in _WHOLE]
    least = max(people, default=Decimal(0)) * _SMALLEST_SHARE
    listed = [arm.size.value for arm in found.arms if arm.size]
    if listed and sum(listed) < least * len(listed) / len(found.arms):
        for arm in found.arms:
            arm.size = arm.size_span = None
    for sizes, whole in (*stated_sizes(found, ended=False), *stated_sizes(found, ended=True)):
        known = {index: arm.size.value for index, arm in enumerate(found.arms) if arm.size}
        if not fits(found, sizes, whole, people):
            continue
        for index, head in sizes.items():
            if index not in known:
                found.arms[index].size, found.arms[index].size_span = head.number, head
        if len(known.keys() | sizes.keys()) == len(found.arms):
            return
    if not any(arm.size for arm in found.arms):
        people += [h.number.value for s in found.sentences for h, kind in counted(found, s) if kind == "enrolled"]
        given = (denominators(found, sentence, people) for sentence in found.sentences)
        for index, head in (alike(found) or next((sizes for sizes in given if sizes), Sizes())).items():
            found.arms[index].size, found.arms[index].size_span = head.number, head


def fits(found: Reading, sizes: Sizes, whole: bool, people: Sequence[Decimal]) -> bool:
    """Whether sizes agree with the known ones and with the numbers of people; ``whole`` tells that all are counted."""
    total, most = sum(head.number.value for head in sizes.values()), max(people, default=Decimal(0))
    # "Both groups, 60 people" counts them together.
    together = len({head.start for head in sizes.values()}) < len(sizes) and total > most
    if people and ((not whole and total != most) or together):
        return False
    if total < most * _SMALLEST_SHARE * len(sizes) / len(found.arms):
        return False
    return all(
        arm.size is None or arm.size.value == sizes[i].number.value for i, arm in enumerate(found.arms) if i in sizes
    )


def stated_sizes(found: Reading, *, ended: bool) -> Iterator[tuple[Sizes, bool]]:
    """The sizes that sentences give to arms, those that give all arms a size first, abstracts before bodies.

    With ``ended``, by the sentences on those who stayed to the end, else by the others; the flag says whether all who
    were assigned are counted.
    """
    sentences = [
        s
        for s in found.sentences
        if s.role not in ("background", "conclusion")
        and ended == (bool(found.terms_in(s, "cues", "completed")) and not assigns(found, s))
    ]
    sentences.sort(key=lambda s: not found.section_of(s).in_abstract)
    ways = [
        (way, sentence, head_numbers(found, sentence)) for way in (listed, beside, shared) for sentence in sentences
    ]
    given = [sizes for way, sentence, numbers in ways if (sizes := way(found, sentence, numbers))]
    yield from ((sizes, not ended) for sizes in given if len(sizes) == len(found.arms))
    yield from ((sizes, not ended) for sizes in given if len(sizes) < len(found.arms))


def alike(found: Reading) -> Sizes:
    """The one size of all arms where a sentence of assignment marks it for each: "to A or B … (n = 30) … (n = 30)"."""
    for sentence in found.sentences:
        marked = [head for head in head_numbers(found, sentence) if head.marked]
        once = len({head.number.value for head in marked}) == 1 and len(marked) == len(found.arms)
        if once and assigns(found, sentence):
            return dict(enumerate(marked))
    return {}


def denominators(found: Reading, sentence: Sentence, whole: Sequence[Decimal]) -> Sizes:
    """The sizes of "51/139 with A and 48/147 with B", in the order of the arms, if they add up to all the people."""
    named = list({m.index: m for m in reversed([m for m in found.arm_mentions if sentence.contains(m)])}.values())
    named.sort(key=lambda mention: mention.start)
    shares = [q for q in found.quantities_in(sentence) if q.n is not None and q.events is not None]
    if len(named) != len(found.arms) or len(shares) < len(named):
        return {}
    run = shares[: len(named)]
    if sum(q.n.value for q in run if q.n) not in whole:
        return {}
    return {
        mention.index: HeadNumber(q.start, q.end, q.n, marked=True, people=True)
        for mention, q in zip(named, run, strict=True)
        if q.n
    }


def head_numbers(found: Reading, sentence: Sentence) -> list[HeadNumber]:
    """The whole numbers of a sentence without unit, statistic or ratio, in order.

    A sentence of the body that speaks of power or assumptions and assigns nobody has none: its numbers are planned.
    """
    heads: list[HeadNumber] = []
    planned = not found.section_of(sentence).in_abstract and bool(found.terms_in(sentence, "cues", "assumption"))
    if planned and not assigns(found, sentence):
        return heads
    for quantity in found.quantities_in(sentence):
        if quantity.kind == "percent" and quantity.events and quantity.n is None:
            # "25 (48.1%)": the number of people comes with its share of them all.
            end = quantity.start + len(quantity.events.text)
            if found.normal[quantity.start : end] == quantity.events.text and quantity.events.value >= _SMALLEST_ARM:
                heads.append(HeadNumber(quantity.start, end, quantity.events, marked=False, people=False))
            continue
        if quantity.kind not in ("size", "people", "plain"):
            continue
        value = quantity.number.value
        bare = quantity.unit is None or quantity.kind == "people"
        before, after = found.normal[quantity.start - 1 : quantity.start], found.normal[quantity.end : quantity.end + 1]
        parted = quantity.kind != "people" and (before in ("/", ":", "-", ".") or after in ("/", ":", "%", "-"))
        # In "29 (median age 51)" the statistic is that of the other number.
        measured = quantity.statistic is not None and not found.normal.startswith(" (", quantity.end)
        if value >= _SMALLEST_ARM and value == int(value) and bare and not measured and not parted:
            marked = _MARKED.search(found.normal, max(sentence.start, quantity.start - 5), quantity.start)
            heads.append(
                HeadNumber(quantity.start, quantity.end, quantity.number, marked is not None, quantity.kind == "people")
            )
    taken = found.quantities_in(sentence)
    for span, number in number_words(found.normal, sentence, found.language):
        free = not any(q.start < span.end and span.start < q.end for q in taken)
        if free and number.value >= _SMALLEST_ARM and not is_han(found.text(span)):
            heads.append(HeadNumber(span.start, span.end, number, marked=False, people=False))
    return sorted(heads, key=lambda head: head.start)


def beside(found: Reading, sentence: Sentence, numbers: Sequence[HeadNumber]) -> Sizes:
    """The sizes printed behind arms ("A (n = 20), B (n = 21)") or before them ("20 to A, 21 received B")."""
    mentions = [m for m in found.arm_mentions if sentence.contains(m)]
    behind, ahead = Sizes(), Sizes()
    doubts: dict[str, int] = {"behind": _SURE, "ahead": _SURE}
    for place, mention in enumerate(mentions):
        limit = mentions[place + 1].start if place + 1 < len(mentions) else sentence.end
        start = mentions[place - 1].end if place else sentence.start
        remark = _BRACKET.match(found.normal, mention.end, limit)
        reach = (remark.end() if remark else mention.end) + _BEHIND
        after = [h for h in numbers if mention.end <= h.start < min(limit, reach)]
        before = [h for h in numbers if max(start, mention.start - _AHEAD) <= h.start and h.end <= mention.start]
        for head in after if mention.index not in behind else ():
            sure = _sized_behind(found, mention, head)
            if sure is not None:
                behind[mention.index] = head
                doubts["behind"] = min(doubts["behind"], sure)
                break
        for head in before[-1:] if mention.index not in ahead else ():
            sure = _sized_ahead(found, mention, head)
            if sure is not None and not heads_list(found, mention):
                ahead[mention.index] = head
                doubts["ahead"] = min(doubts["ahead"], sure)
    chosen, sure = (behind, doubts["behind"]) if len(behind) >= len(ahead) else (ahead, doubts["ahead"])
    return chosen if sure == _SURE or _counts(found, sentence, chosen, sure) else {}


def _sized_behind(found: Reading, mention: Mention, head: HeadNumber) -> int | None:
    """How sure a number behind an arm is its size; ``None`` if it is not."""
    gap = found.normal[mention.end : head.start]
    bare = _BRACKET.sub("", gap)
    if head.marked and any(_OPENED.fullmatch(text) for text in (gap, bare)):
        return _SURE
    if head.marked and re.fullmatch(r"[,:\s]*[nN]\s*[=:]\s*", bare):
        return _SURE
    people = _people_follow(found, head)
    if _OPENED.fullmatch(gap) and _CLOSED.match(found.normal, head.end):
        return _SURE if people else _VAGUE
    if people and _only(found, mention.end, head.start, ("group", "include", "enrolled", "had", "people", "of")):
        return _LIKELY
    ended = re.match(r"\s*[,;.)]|\s+and\b", found.normal[head.end :])
    return _VAGUE if ended and re.fullmatch(r"\s*[,:]?\s*", gap) else None


def _sized_ahead(found: Reading, mention: Mention, head: HeadNumber) -> int | None:
    """How sure a number before an arm is its size; ``None`` if it is not."""
    gap = Span(head.end, mention.start)
    if not _only(found, gap.start, gap.end, _BETWEEN):
        return None
    if assigns(found, gap) or found.terms_in(gap, "cues", "range-to"):
        return _SURE
    return _LIKELY if found.terms_in(gap, "cues", "receive") else _VAGUE


def assigns(found: Reading, gap: Span) -> bool:
    """Whether a stretch of text says that people were put into groups."""
    given = found.terms_in(gap, "cues", "receive")
    return bool(found.terms_in(gap, "cues", "allocation", "assignment")) or any(
        is_assignment(found, term) for term in given
    )


def _counts(found: Reading, sentence: Sentence, sizes: Sizes, sure: int) -> bool:
    """Whether a sentence counts people into the arms, and not those to whom something happened.

    It does if the numbers add up to one of all the people, or if it speaks of nothing but people and arms.
    """
    if not sizes or len(sizes) < len(found.arms):
        return False
    total = sum(head.number.value for head in sizes.values())
    totals = [head.number.value for s in found.sentences for head, kind in counted(found, s) if kind != "deaths"]
    totals.append(
        max(
            (head.number.value for s in found.sentences for head in head_counts(found, s) if not head.alone),
            default=Decimal(0),
        )
    )
    if total in totals:
        return True
    counting = sure == _LIKELY or found.terms_in(sentence, "cues", *_COUNTING)
    return bool(counting) and not found.terms_in(sentence, "endpoints")


def _people_follow(found: Reading, head: HeadNumber) -> bool:
    following = found.terms_in(Span(head.end, head.end + 30), "cues", "people")
    return head.people or any(
        re.fullmatch(r"\s*(?:\w+\s+)?", found.normal[head.end : term.start]) for term in following
    )


def heads_list(found: Reading, mention: Mention) -> bool:
    """Whether another arm follows as the mention's alternative, so that a number before both counts both."""
    following = [m for m in found.arm_mentions if m.start >= mention.end and m.index != mention.index]
    if not following or following[0].start - mention.end > 80:
        return False
    gap = Span(mention.end, following[0].start)
    joined = found.terms_in(gap, "cues", "alternative", "conjunction", "versus")
    numbered = any(q.start < gap.end and gap.start < q.end for q in found.quantities)
    numbered = numbered or bool(number_words(found.normal, gap, found.language))
    return bool(joined) and not numbered and "." not in found.normal[gap.start : gap.end]


def listed(found: Reading, sentence: Sentence, numbers: Sequence[HeadNumber]) -> Sizes:
    """The sizes of "758 and 627 in the control and intervention arms (respectively)", in the order of the arms."""
    named = list({m.index: m for m in reversed([m for m in found.arm_mentions if sentence.contains(m)])}.values())
    named.sort(key=lambda mention: mention.start)
    if len(named) != len(found.arms) or not named:
        return {}
    ordered = bool(found.terms_in(sentence, "cues", "respectively"))
    for place in range(len(numbers) - len(named) + 1):
        run = numbers[place : place + len(named)]
        if not all(_joined(found, first, second) for first, second in pairwise(run)):
            continue
        ahead, behind = Span(run[-1].end, named[0].start), Span(named[-1].end, run[0].start)
        if ahead.start <= ahead.end <= ahead.start + _AHEAD:
            linked = ordered or bool(found.terms_in(ahead, "cues", *_LINKS))
        elif behind.start <= behind.end <= behind.start + _BEHIND:
            linked = ordered and (run[0].marked or _took_part(found, behind))
            ahead = Span(run[-1].end, run[-1].end)
        else:
            continue
        sizes = dict(zip((mention.index for mention in named), run, strict=True))
        sure = all(head.marked for head in run) or assigns(found, ahead) or _took_part(found, behind)
        if linked and (sure or _counts(found, sentence, sizes, _VAGUE)):
            return sizes
    return {}


def _took_part(found: Reading, gap: Span) -> bool:
    """Whether nothing stands between arms and numbers but that people came into them, or were looked at."""
    said = found.terms_in(gap, "cues", *_COUNTING)
    known = found.terms_in(gap, "cues", "respectively", "be", "had", "include", "people", *_COUNTING)
    return bool(said) and not found.without(gap, known).strip()


def _joined(found: Reading, first: HeadNumber, second: HeadNumber) -> bool:
    gap = _BRACKET.sub("", re.sub(r"\b[nN]\s*[=:]", "", found.normal[first.end : second.start]))
    if len(gap) > _BEHIND:
        return False
    words = found.terms_in(Span(first.end, second.start), "cues", "conjunction", "people")
    for term in words:
        gap = gap.replace(found.normal[term.start : term.end], "", 1)
    return not gap.strip(" ,\u3001")


def shared(found: Reading, sentence: Sentence, numbers: Sequence[HeadNumber]) -> Sizes:
    """The number that is said of each arm: "45 in each arm", "each containing 50", "two groups of 30"."""
    spoken = found.terms_in(sentence, "cues", *_COUNTING, "both-groups", "group") or all(
        any(m.index == index and sentence.contains(m) for m in found.arm_mentions) for index in range(len(found.arms))
    )
    for head in numbers if spoken else ():
        # "30 in each group had relapsed" counts those with the outcome, unless the people were put into groups before.
        ahead = Span(sentence.start, head.start)
        taken = assigns(found, ahead) or found.terms_in(ahead, "cues", "enrolled")
        if found.terms_in(_clause_of(found, sentence, head), "endpoints") and not taken:
            continue
        if _for_each(found, sentence, head) or _of_groups(found, sentence, head):
            return dict.fromkeys(range(len(found.arms)), head)
    return {}


def _clause_of(found: Reading, sentence: Sentence, head: Span) -> Span:
    """The clause around a number; Chinese sets commas where English ends the sentence."""
    ends = [sentence.start + match.start() for match in _CLAUSE_END.finditer(found.text(sentence))]
    return Span(
        max((end for end in ends if end < head.start), default=sentence.start),
        min((end for end in ends if end >= head.end), default=sentence.end),
    )


def _for_each(found: Reading, sentence: Sentence, head: HeadNumber) -> bool:
    counted = head.marked or _people_follow(found, head)
    if found.terms_in(sentence, "cues", *_COUNTING):
        # Eighty patients "(40 for both groups)" were enrolled.
        for groups in found.terms_in(Span(head.end, min(sentence.end, head.end + 24)), "cues", "both-groups"):
            if found.normal[head.end : groups.start].split() in (["for"], ["in"]):
                return True
    said = found.terms_in(Span(max(sentence.start, head.start - 4), head.start), "cues", "both-groups")
    if head.people and any(cue.end == head.start and is_han(found.text(cue)) for cue in said):
        # As in "each group 32 people", where nothing parts the two; of "two groups 64" nobody knows.
        return not any(number_words(found.normal, cue, found.language) for cue in said)
    for cue in found.terms_in(sentence, "cues", "each"):
        if cue.start >= head.end:
            gap = found.terms_in(Span(head.end, cue.start), "cues", "people", "filler")
            if cue.start - head.end <= 30 and not found.without(Span(head.end, cue.start), gap).strip(" ),("):
                return counted or head.marked or cue.start - head.end <= 2
        elif head.start - cue.end <= 24 and "," not in found.normal[cue.end : head.start]:
            between = Span(cue.end, head.start)
            gap = found.terms_in(between, "cues", "group", "include", "had", "be", "people", "having")
            rest = re.sub(r"\b[nN]\s*[=:]", "", found.without(between, gap)).strip(" (")
            if counted and re.fullmatch(r"[a-z]*ing|", rest):
                return True
    return False


def _of_groups(found: Reading, sentence: Sentence, head: HeadNumber) -> bool:
    """Whether a number is that of "two equal groups of 30 (patients)" or of "two groups (n = 30)"."""
    words = ["group", "both-groups"]
    for group in found.terms_in(Span(max(sentence.start, head.start - 30), head.start), "cues", *words):
        gap = found.normal[group.end : head.start]
        plural = found.normal[group.start : group.end].endswith("s")
        following = found.normal[head.end : head.end + 1]
        if plural and re.fullmatch(r"\s*\(\s*[nN]\s*[=:]\s*", gap) and following == ")":
            return _numbered(found, sentence, group)
        if plural and gap.strip() == "of" and (_people_follow(found, head) or following in (".", ",", ";", ")")):
            return _numbered(found, sentence, group)
    return False


def _numbered(found: Reading, sentence: Sentence, group: Span) -> bool:
    """Whether as many groups are spoken of as there are arms."""
    before = Span(max(sentence.start, group.start - 24), group.end)
    told = [int(number.value) for _, number in number_words(found.normal, before, found.language)]
    told += [int(m.group()) for m in re.finditer(r"(?<![\w.])\d(?![\w.])", found.normal[before.start : before.end])]
    return len(found.arms) in told


def _only(found: Reading, start: int, end: int, cues: Iterable[str]) -> bool:
    """Whether nothing but the given cues, remarks in brackets, adverbs and white space stands between two offsets."""
    gap = Span(start, end)
    rest = _BRACKET.sub("", found.without(gap, found.terms_in(gap, "cues", *cues)))
    return not re.sub(r"\b[a-z]+ly\b", "", rest).strip(" (")
