"""Which arms are set against each other in a sentence, and which arm each of several values belongs to."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from extractors.components.scene import Scene
from extractors.components.terms import CHANGES, COMPARATIVES, DIRECTIONS
from extractors.normal import is_han, parts_clauses
from extractors.reading import Mention, Quantity, Reading, Span, Term, Way

_AHEAD = 110
# How much may stand between a closing bracket and the arm of the value in it: ") in the", ") of those given".
_LINKING = 70
_CLOSE = 14
# How far ahead of a name a joining word may stand: "and the".
_JOINED = 8
_COMPARED = 24
# How far behind an estimate's interval the arms may stand that it compares: ") for ", ") in the group given ".
_BEHIND = 24
# How far a Chinese reference may stand behind its comparative.
_HAN_REACH = 3
_STOPPED = re.compile(r"[,;:(]")
SIGNS = "+-\u2212"
# A bracket with what it holds.
BRACKETED = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")


def usual_pair(found: Reading) -> tuple[int, ...]:
    """The arms a comparison is about when the text does not say: the tested arm against the control.

    Empty if there are not two arms, or more than two without a single tested one.
    """
    tested = [index for index, arm in enumerate(found.arms) if arm.role == "experimental"]
    others = [index for index, arm in enumerate(found.arms) if arm.role != "experimental"]
    return (tested[0], others[0]) if len(tested) == 1 and len(others) == 1 else ()


def contrast_pair(scene: Scene, quantity: Quantity) -> tuple[tuple[int, ...], tuple[Span, ...]]:
    """The arm an effect estimate is for and the reference arm, with the places that name them.

    Arms named between the measure and the value say it themselves, and so do two set against each other right behind
    it ("0.36 (0.27 to 0.49) for A versus B"); otherwise the usual pair holds. Of more than two arms, the last one
    before the value that something is compared with is taken with what is compared; else the two that the sentence
    names last before the value, the control as the reference.
    """
    behind = opposed_behind(scene, quantity)
    if behind is not None:
        return (behind[0].index, behind[1].index), behind
    start = quantity.governor.start if quantity.governor else quantity.start
    start = max([start, *(q.end for q in scene.values if q.contrast and q.end <= quantity.start)])
    inside = distinct([m for m in scene.arms if start <= m.start and m.end <= quantity.start])
    if len(inside) == 2:
        return tuple(m.index for m in inside), tuple(inside)
    told = compared_pair(scene)
    usual = tuple(m.index for m in told) if told else usual_pair(scene.found)
    if usual:
        return usual, told or tuple(m for m in distinct(scene.arms) if m.index in usual)
    named = [m for m in scene.arms if m.end <= quantity.start]
    if named and is_compared(scene, named[-1]):
        subjects = [m for m in named[:-1] if m.index != named[-1].index and not is_compared(scene, m)]
        if subjects:
            return (subjects[-1].index, named[-1].index), (subjects[-1], named[-1])
    before = distinct(named)[-2:]
    if len(before) == 2:
        first, second = sorted(before, key=lambda m: scene.found.arms[m.index].role == "control")
        return (first.index, second.index), (first, second)
    return (), ()


def compared_pair(scene: Scene) -> tuple[Mention, Mention] | None:
    """The arm that a sentence speaks of and the one that it says it compares it with: "compared with B, A had …"."""
    named = distinct(scene.arms)
    if len(named) != 2:
        return None
    compared = [m for m in named if _follows_comparing(scene, m)]
    if len(compared) != 1:
        return None
    return next(m for m in named if m is not compared[0]), compared[0]


def _follows_comparing(scene: Scene, mention: Mention) -> bool:
    ahead = Span(max(scene.sentence.start, mention.start - _COMPARED), mention.start)
    cues = scene.found.terms_in(ahead, "cues", "comparing", "versus")
    parts = scene.found.terms_in(ahead, "cues", "filler", "of", "group", "range-to", "than", "time-at", "having")
    return bool(cues) and not scene.found.without(Span(cues[-1].end, mention.start), parts).strip()


def end_of(quantity: Quantity) -> int:
    """Where the quantity ends with its interval and p-value."""
    spans = [quantity.interval_span, quantity.p_span]
    return max([quantity.end, *(span.end for span in spans if span)])


def opposed_behind(scene: Scene, quantity: Quantity) -> tuple[Mention, Mention] | None:
    """The two arms that the words right behind an estimate and its interval set against each other, in their order."""
    end = end_of(quantity)
    following = min((q.start for q in scene.values if q.start > end), default=scene.sentence.end)
    behind = [m for m in scene.arms if end <= m.start < following]
    if len(behind) < 2 or behind[0].index == behind[1].index:
        return None
    first, second = behind[:2]
    lead = Span(end, first.start)
    links = scene.found.terms_in(lead, "cues", "time-at", "filler", "of", "group", "having", "stop")
    if scene.found.without(lead, links).strip(" )]") or lead.end - lead.start > _BEHIND:
        return None
    gap = Span(first.end, second.start)
    opposing = scene.found.terms_in(gap, "cues", "versus", "than", "comparing")
    fillers = scene.found.terms_in(gap, "cues", "filler", "of", "group", "range-to", "time-at", "having")
    return (first, second) if opposing and not scene.found.without(gap, [*opposing, *fillers]).strip(" ,.") else None


def is_compared(scene: Scene, mention: Mention) -> bool:
    """Whether something is compared with a mention: "than arm B", "versus arm B", "superior to arm B"."""
    before = [cue for cue in scene.cues(*COMPARATIVES) if cue.end <= mention.start]
    return is_reference(scene, mention) or (bool(before) and follows_comparative(scene, before[-1], mention))


def follows_comparative(scene: Scene, cue: Term, mention: Mention) -> bool:
    """Whether a mention is what a comparative takes without "than": "superior to B", and in Chinese right behind it."""
    gap = Span(cue.end, mention.start)
    if is_han(scene.found.text(cue)):
        return gap.end - gap.start <= _HAN_REACH and not _STOPPED.search(scene.between(gap.start, gap.end))
    links = scene.found.terms_in(gap, "cues", "range-to")
    rest = scene.found.without(gap, [*links, *scene.found.terms_in(gap, "cues", "filler", "of", "group")])
    return bool(links) and not rest.strip()


def distinct(mentions: list[Mention]) -> list[Mention]:
    """The mentions without repetitions of an arm, each at its last place, in order of the text."""
    last = {mention.index: mention for mention in mentions}
    return sorted(last.values(), key=lambda mention: mention.start)


@dataclass(frozen=True, slots=True)
class Placement:
    """The arm of each value of a group, where it is named, and the way in which it was found.

    ``told`` says that the words of the comparison leave no other order: the arm said to have more has the larger value.
    """

    arms: tuple[int, ...]
    spans: tuple[Span | None, ...]
    way: Way
    told: bool = False


def place(scene: Scene, group: list[Quantity], previous_end: int, next_start: int) -> Placement | None:
    """The arms that the values of a group belong to, or ``None`` if the sentence does not say.

    Tried in turn: a name beside each value ("20 months in arm A"), names listed before or after all values in the
    same order ("in A and B … 20 and 63"), one name with its counterpart, and the usual order for "20 vs 63".
    """
    beside = beside_each(scene, group, previous_end, next_start)
    both = len(group) == 1 and said_of_both(scene, group[0])
    if len(set(beside)) == len(beside) and None not in beside and not both:
        return Placement(tuple(m.index for m in beside if m), tuple(beside), "beside")
    if len(group) == 1:
        return for_all_arms(scene, group[0])
    before = distinct([m for m in scene.arms if previous_end <= m.start and m.end <= group[0].start])
    after = distinct([m for m in scene.arms if group[-1].end <= m.start < next_start])
    anywhere = distinct([m for m in scene.arms if m.end <= group[0].start])
    for mentions in (before, after, anywhere):
        if len(mentions) == len(group):
            if len(group) == 2 and opens_as_reference(scene, mentions[0]) and opposed_in(scene, group):
                # "Compared with B, it was higher in A (10 v 5)": what is compared with comes last.
                placed = mentions[::-1]
            else:
                placed = mentions
            return turned(scene, group, Placement(tuple(m.index for m in placed), tuple(placed), "in order"))
    named = [m for m in beside if m is not None]
    opposed = scene.parted(group[0].end, group[-1].start)
    if len(group) == 2 and len(scene.found.arms) == 2 and len({m.index for m in named}) == 1 and opposed:
        first = beside[0]
        compared = first is not None and first.end <= group[0].start and is_reference(scene, first)
        # "The rates were similar as compared to arm B (82% v 79%)": the arm that is not named comes first.
        unnamed = first is None or compared or ends_pair(scene, first)
        index = 1 - named[0].index if unnamed else named[0].index
        return turned(scene, group, Placement((index, 1 - index), tuple(beside), "counterpart"))
    # Of a sentence that names no arm after one on a single arm, the values are that arm's, unless it opposes them.
    apart = opposed or scene.cues("both-groups", "between-groups")
    usual = () if not scene.arms and len(scene.arms_before) == 1 and not apart else usual_pair(scene.found)
    listed = opposed or scene.cues("respectively") or (scene.cues("between-groups") and bracketed(scene, group))
    if len(group) == 2 and usual and listed:
        return turned(scene, group, Placement(usual, (None, None), "usual order"))
    return as_listed(scene, group)


def as_listed(scene: Scene, group: list[Quantity]) -> Placement | None:
    """The arms in the order in which they were listed: "in the three groups they were 5, 6 and 3, respectively".

    Where the sentence before named all arms, their order there holds on.
    """
    if not len(group) == len(scene.found.arms) > 2 or scene.arms or not scene.cues("respectively"):
        return None
    order = scene.arms_before if len(scene.arms_before) == len(group) else ()
    order = order or (tuple(range(len(group))) if spoken_of_all(scene) else ())
    return Placement(order, (None,) * len(group), "usual order") if order else None


def spoken_of_all(scene: Scene) -> bool:
    """Whether a sentence speaks of all groups at once, and of no others."""
    return bool(scene.cues("both-groups", "between-groups")) and not scene.cues("other-groups")


def is_reference(scene: Scene, mention: Mention) -> bool:
    """Whether a mention is what something is compared with: "than arm B", "as compared to arm B"."""
    ahead = Span(max(scene.sentence.start, mention.start - _COMPARED), mention.start)
    cues = scene.found.terms_in(ahead, "cues", "than", "versus", "comparing")
    parts = scene.found.terms_in(ahead, "cues", "range-to", "filler", "of", "group", "time-at", "stop", "having")
    return bool(cues) and not scene.found.without(Span(cues[-1].end, mention.start), parts).strip()


def ends_pair(scene: Scene, mention: Span) -> bool:
    """Whether a mention is the second of two names, the first of which is not known: "in case and control groups"."""
    ahead = Span(max(scene.sentence.start, mention.start - _JOINED), mention.start)
    joints = scene.found.terms_in(ahead, "cues", "conjunction")
    articles = scene.found.terms_in(ahead, "cues", "filler")
    return bool(joints) and not scene.found.without(Span(joints[-1].end, mention.start), articles).strip()


def bracketed(scene: Scene, group: list[Quantity]) -> bool:
    """Whether a bracket holds the values and opens right before them: "similar between groups (7 and 6 mmol/L)"."""
    before = scene.between(scene.sentence.start, group[0].start).rstrip()
    return before.endswith(("(", "[")) and not re.search(r"[)\]]", scene.between(group[0].end, group[-1].start))


def opposed_in(scene: Scene, group: list[Quantity]) -> bool:
    """Whether a word sets the two values of a group against each other."""
    return scene.parted(group[0].end, group[-1].start)


def opens_as_reference(scene: Scene, mention: Mention) -> bool:
    """Whether a Chinese clause opens with the arm that another is compared with: "with B compared, …"."""
    found = scene.found
    if not is_han(found.normal[mention.end : mention.end + 1]):
        return False
    ahead = found.terms_in(
        Span(max(scene.sentence.start, mention.start - 3), mention.start), "cues", "conjunction", "versus"
    )
    behind = found.terms_in(Span(mention.end, min(mention.end + 6, scene.sentence.end)), "cues", "versus", "comparing")
    joined = any(cue.end == mention.start for cue in ahead)
    return joined and any(cue.start - mention.end <= 2 and is_han(found.text(cue)) for cue in behind)


def beside_each(scene: Scene, group: list[Quantity], previous_end: int, next_start: int) -> list[Mention | None]:
    """For each value the arm named beside it: all after their values, else all before, else whichever there is."""
    ends = [q.interval_span.end if q.interval_span else q.end for q in group]
    after: list[Mention | None] = []
    before: list[Mention | None] = []
    for position, quantity in enumerate(group):
        following = group[position + 1].start if position + 1 < len(group) else next_start
        preceding = ends[position - 1] if position else previous_end
        behind = [m for m in scene.arms if ends[position] <= m.start < min(following, ends[position] + _AHEAD)]
        behind = [m for m in behind if within_phrase(scene, ends[position], m.start)]
        behind = [m for m in behind if not opens_list(scene, ends[position], m)]
        ahead = [m for m in scene.arms if preceding <= m.start and m.end <= quantity.start]
        ahead = [m for m in ahead if not scene.parted(m.end, quantity.start)]
        ahead = [m for m in ahead if not (is_taken(scene, m) and ";" in scene.between(m.end, quantity.start))]
        after.append(behind[0] if behind and len(distinct(behind)) == 1 else None)
        before.append(ahead[-1] if ahead and (position or len(distinct(ahead)) == 1) else None)
    for side in (after, before):
        if None not in side and len({m.index for m in side if m}) == len(group):
            return side
    if len(group) == 1:
        return after if after[0] is not None else before
    return [a if a is not None else b for a, b in zip(after, before, strict=True)]


def within_phrase(scene: Scene, end: int, start: int) -> bool:
    """Whether an arm behind a value belongs to it: no clause, no verb and no open bracket stands between.

    In "(39.7%) had died (relative risk with A …" and "(3 v 4 points) were better with A" it does not.
    """
    gap = BRACKETED.sub("", scene.between(end, start)).lstrip(" (")
    _, closing, behind = gap.partition(")")
    if "(" in gap or ";" in gap or (closing and (len(behind) > _LINKING or "," in behind)):
        return False
    if closing and scene.found.terms_in(Span(end, start), "cues", "conjunction"):
        return False
    if "," in gap and clause_between(scene, end, start):
        return False
    crossed = scene.found.terms_in(Span(end, start), "cues", "than", "opposition", *DIRECTIONS)
    # In "2.3% reduction in arm A" the noun is that of the value.
    return not [cue for cue in crossed if cue.name not in CHANGES or cue.start - end > 1]


def opens_list(scene: Scene, end: int, mention: Mention) -> bool:
    """Whether an arm behind a value opens a bracket with a value of its own: "43.5% (A 36.8%, B 54.2%)"."""
    if scene.between(end, mention.start).strip() not in ("(", "["):
        return False
    closing = re.search(r"[)\]]", scene.between(mention.end, scene.sentence.end))
    inside = Span(mention.end, mention.end + closing.start() if closing else scene.sentence.end)
    return any(inside.contains(q) for q in scene.values)


def same_bracket(scene: Scene, end: int, start: int) -> bool:
    """Whether two values stand in one bracket: "in the placebo group (LVESD: 33.4 mm; LVEDD: 52.0 mm)"."""
    opened = scene.between(scene.sentence.start, end)
    depth = sum(opened.count(sign) for sign in "([") - sum(opened.count(sign) for sign in ")]")
    gap = BRACKETED.sub("", scene.between(end, start))
    return depth > 0 and not re.search(r"[()\[\]]", gap)


def said_of_both(scene: Scene, quantity: Quantity) -> bool:
    """Whether "both groups" follows a value right away: "6.6% for both groups"."""
    cues = [c for c in scene.cues("both-groups") if 0 <= c.start - quantity.end <= _CLOSE]
    if not cues or clause_between(scene, quantity.end, cues[0].start):
        return False
    return not any(quantity.end <= m.start < cues[0].start for m in (*scene.arms, *scene.values))


def clause_between(scene: Scene, start: int, end: int) -> bool:
    """Whether a comma between two offsets opens another Chinese clause."""
    printed = scene.found.document.text
    return any(parts_clauses(printed, place) for place in range(start, end))


def for_all_arms(scene: Scene, quantity: Quantity) -> Placement | None:
    """A single value said of both arms ("80% in both arms") belongs to each of them."""
    cues = [c for c in scene.cues("both-groups") if abs(c.start - quantity.end) <= _AHEAD]
    cues = [c for c in cues if not clause_between(scene, quantity.end, c.start)]
    pair = pair_spoken_of(scene)
    if cues and pair:
        span = Span(cues[0].start, cues[0].end)
        return Placement(pair, (span,) * len(pair), "both")
    return None


def pair_spoken_of(scene: Scene) -> tuple[int, ...]:
    """The two arms that "both" means: the trial's only two, else those of the sentence or of the one before it."""
    if len(scene.found.arms) == 2:
        return (0, 1)
    named = tuple(m.index for m in distinct(scene.arms))
    return next((pair for pair in (named, scene.arms_before) if len(pair) == 2), ())


def turned(scene: Scene, group: list[Quantity], placement: Placement) -> Placement:
    """The placement, turned round where it contradicts the comparison that the sentence states in words.

    "LRFS in arm B was longer than in arm A (20 vs 63 months)": the longer one belongs to arm B, whatever the order.
    """
    changes = scene.cues("rise", "fall", "change") or any(q.number.text[:1] in SIGNS for q in group)
    said = None if changes else stated_order(scene, group)
    if said is None or len(group) != 2 or set(said) != set(placement.arms):
        # Of changes, words do not say whether the amount or the value that was reached is the larger.
        return placement
    values = {arm: q.number.value for arm, q in zip(placement.arms, group, strict=True)}
    if values[said[0]] < values[said[1]]:
        return Placement(placement.arms[::-1], placement.spans[::-1], placement.way, told=True)
    return replace(placement, told=True)


def stated_order(scene: Scene, group: list[Quantity]) -> tuple[int, int] | None:
    """The arm said to have more and the arm said to have less, if the words before the values say so."""
    told = [cue for cue in scene.cues("higher", "lower") if cue.end <= group[0].start]
    for cue in reversed(told):
        ahead = [m for m in scene.arms if m.end <= cue.start and not is_taken(scene, m)]
        behind = [m for m in scene.arms if cue.end <= m.start and m.end <= group[0].start]
        if not ahead and len(behind) > 1 and has_than(scene, cue, behind[1]):
            # "was longer in arm B than in arm A"
            ahead, behind = behind[:1], behind[1:]
        if ahead and behind and has_than(scene, cue, behind[0]):
            pair = (ahead[-1].index, behind[0].index)
            return pair if cue.name == "higher" else (pair[1], pair[0])
        first_two = distinct(ahead)
        if len(first_two) == 2 and opens_as_reference(scene, first_two[0]):
            first_two = first_two[::-1]
            first, second = first_two
            return (first.index, second.index) if cue.name == "higher" else (second.index, first.index)
        if len(first_two) == 2 and scene.found.terms_in(
            Span(first_two[0].end, first_two[1].start), "cues", "than", "versus"
        ):
            # Chinese may put both arms before the comparison: "A compared-with B longer".
            first, second = first_two
            return (first.index, second.index) if cue.name == "higher" else (second.index, first.index)
        named = distinct([m for m in scene.arms if m.end <= group[0].start])
        if len(named) == 1 and len(scene.found.arms) == 2:
            # "occurred less often in arm B (16% v 40%)": only one arm is named, and said to have less.
            index = named[0].index
            if is_reference(scene, named[0]):
                # "Compared with placebo it was greater": the arm named is the one compared with.
                index = 1 - index
            return (index, 1 - index) if cue.name == "higher" else (1 - index, index)
    return None


def is_taken(scene: Scene, mention: Mention) -> bool:
    """Whether a mention is what an earlier Chinese comparative takes: it is compared with, and no subject."""
    before = [c for c in scene.cues("higher", "lower") if c.end <= mention.start and is_han(scene.found.text(c))]
    return bool(before) and has_than(scene, before[-1], mention)


def has_than(scene: Scene, cue: Term, reference: Mention) -> bool:
    """Whether the mention after a comparative is what it compares with."""
    if is_han(scene.found.text(cue)):
        # A Chinese comparative takes its reference right behind it.
        return reference.start - cue.end <= 4
    gap = Span(cue.start, reference.start)
    return bool(scene.found.terms_in(gap, "cues", "than", "versus"))
