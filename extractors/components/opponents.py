"""Which arm a comparison in words is about, and which it is set against."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, product

from extractors.components.claims import NONE, Claim
from extractors.components.comparisons import BRACKETED, ends_pair, follows_comparative, usual_pair
from extractors.components.scene import Scene
from extractors.components.terms import COMPARATIVES
from extractors.normal import is_han
from extractors.reading import Mention, Span

Pair = tuple[int, int]
_STOPPED = re.compile(r"[,;:(]")
# How far a reference may stand behind its "than" or "compared with", and a Chinese one behind the comparative.
_REACH, _HAN_REACH = 40, 3
# How close the last member of a list follows the one before it.
_NEXT = 12
# More arms than this are not all compared with one another.
_MOST = 3


@dataclass(frozen=True, slots=True)
class Side(Span):
    """Arms named together ("A and B"), and whether they are what the others are compared with."""

    arms: tuple[int, ...]
    reference: bool


def opponents(scene: Scene, claim: Claim, previous: tuple[Pair, ...]) -> tuple[Pair, ...]:
    """The pairs of arms that a claim compares, the arm it is about first; empty if the sentence does not say.

    ``previous`` are the pairs of the claim before, which hold on where no arm is named again.
    """
    named = [side for side in sides(scene, claim) if claim.clause.contains(side)]
    if claim.direction == NONE:
        return undecided(scene, claim, named) or previous
    references = [side for side in named if side.reference]
    subjects = [side for side in named if not side.reference]
    after = [side for side in references if side.start >= claim.cue.end]
    reference = after[0] if after else references[-1] if references else None
    subject = _subject(claim, subjects, reference)
    if subject is None and reference is None:
        return previous
    first = subject.arms if subject else _rest(scene, reference.arms) if reference else ()
    second = reference.arms if reference else _rest(scene, first)
    if reference is None and (len(scene.found.arms) != 2 or not _compares(scene, claim, subject)):
        held = [(arm, pair) for pair in previous for arm in (subject.arms if subject else ()) if arm in pair]
        return tuple((arm, pair[1] if arm == pair[0] else pair[0]) for arm, pair in held)
    return tuple((one, other) for one, other in product(first, second) if one != other)


def _subject(claim: Claim, subjects: list[Side], reference: Side | None) -> Side | None:
    """The side a claim is about: between the cue and its reference, else the last before the cue, else behind it."""
    if reference is not None and reference.start >= claim.cue.end:
        between = [s for s in subjects if claim.cue.end <= s.start and s.end <= reference.start]
        if between:
            return between[0]
    ahead = [s for s in subjects if s.end <= claim.cue.start]
    behind = [s for s in subjects if s.start >= claim.cue.end]
    if reference is None and not claim.change and behind:
        return behind[0]
    return ahead[-1] if ahead else behind[0] if behind else None


def _compares(scene: Scene, claim: Claim, subject: Side | None) -> bool:
    """Whether a claim with one arm and no reference sets it against the other: a comparative, or what the arm did."""
    return not claim.change or (
        subject is not None
        and subject.end <= claim.start
        and not _is_place(scene, subject)
        and not ends_pair(scene, Span(subject.start, subject.end))
        and not scene.cues("baseline", "both-groups")
        and not all(scene.found.arms[arm].role == "control" for arm in subject.arms)
    )


def _is_place(scene: Scene, subject: Side) -> bool:
    """Whether a sentence opens with an arm as the place of what follows: "In arm A, pain decreased" over time."""
    lead = Span(scene.sentence.start, subject.start)
    parts = scene.found.terms_in(lead, "cues", "filler", "time-at", "opposition", "of", "group")
    opened = bool(parts) and not scene.found.without(lead, parts).strip(" ,")
    return opened and scene.between(subject.end, subject.end + 1) == ","


def undecided(scene: Scene, claim: Claim, named: list[Side]) -> tuple[Pair, ...]:
    """The pairs of arms that do not differ: those named, else all where the arms are spoken of as such."""
    everyone = range(len(scene.found.arms))
    ahead = [side for side in named if side.end <= claim.start and not side.reference]
    behind = [side for side in named if side.start >= claim.end and side.reference]
    if len(everyone) > 2 and ahead and behind:
        # "A did more than B and was comparable with C": the subject of the sentence and what follows, not B.
        between = [side for side in named if claim.end <= side.start and side.end <= behind[0].start]
        subject = next((side for side in reversed(between) if not side.reference), ahead[0])
        return tuple((one, other) for one, other in product(subject.arms, behind[0].arms) if one != other)
    joint = [side for side in named if len(side.arms) > 1]
    nearest = sorted(joint, key=lambda side: abs(side.start - claim.end))[:1]
    arms = list(dict.fromkeys(arm for side in nearest or named for arm in side.arms))
    if len(arms) < 2:
        spoken = scene.cues("between-groups", "both-groups")
        apart = bool(arms) and (not claim.change or _compares(scene, claim, named[0]))
        told = bool(spoken) or apart or claim.cue.name == "difference"
        arms = [*everyone] if (told if len(everyone) == 2 else spoken) else []
    if not 2 <= len(arms) <= _MOST:
        return ()
    usual = usual_pair(scene.found)
    if len(everyone) == 2 and usual:
        return ((usual[0], usual[1]),)
    rank = {arm: scene.found.arms[arm].role == "control" for arm in arms}
    return tuple(combinations(sorted(arms, key=lambda arm: (rank[arm], arm)), 2))


def _rest(scene: Scene, arms: tuple[int, ...]) -> tuple[int, ...]:
    rest = tuple(index for index in range(len(scene.found.arms)) if index not in arms)
    return rest if len(rest) == 1 else ()


def sides(scene: Scene, claim: Claim) -> list[Side]:
    """The arms of the sentence, those named together as one side."""
    found: list[Side] = []
    for mentions in _together(scene):
        parts = [mentions]
        if len(mentions) > 1 and _compared_behind(scene, mentions[-1]) and not _joined_ahead(scene, mentions[0]):
            # Chinese names both before the word that compares: "arm A with arm B compared".
            parts = [mentions[:-1], mentions[-1:]]
        for place, part in enumerate(parts):
            is_reference = place > 0 or _is_reference(scene, claim, part)
            found.append(Side(part[0].start, part[-1].end, tuple(dict.fromkeys(m.index for m in part)), is_reference))
    for cue in scene.cues("other-groups"):
        named = [arm for side in found if not side.reference for arm in side.arms]
        others = tuple(index for index in range(len(scene.found.arms)) if index not in named[:1])
        found.append(Side(cue.start, cue.end, others, True))
    return sorted(found, key=lambda side: side.start)


def _together(scene: Scene) -> Iterator[list[Mention]]:
    """The mentions of arms in runs with nothing between them but "and", commas of a list or their own brackets."""
    run: list[Mention] = []
    for place, mention in enumerate(scene.arms):
        if run and not _joint(scene, run[-1], mention, scene.arms[place + 1 : place + 2]):
            yield run
            run = []
        run.append(mention)
    if run:
        yield run


def _joint(scene: Scene, first: Mention, second: Mention, third: list[Mention]) -> bool:
    """Whether two mentions stand in one list; a comma joins them where a third follows after "and"."""
    gap = Span(first.end, second.start)
    joints = scene.found.terms_in(gap, "cues", "conjunction", "alternative")
    fillers = scene.found.terms_in(gap, "cues", "filler", "group")
    tested = [p for p in scene.found.probabilities if gap.contains(p)]
    # A bracket may hold the value of the first: "arms A (77%) and B (76%)".
    valued = [Span(m.start(), m.end()) for m in BRACKETED.finditer(scene.found.normal, gap.start, gap.end)]
    rest = scene.found.without(gap, [*joints, *fillers, *tested, *valued]) if gap.end > gap.start else ""
    if gap.end - gap.start > _REACH or rest.strip(" ,()[]"):
        return False
    if joints or first.index == second.index or "," not in rest:
        return True
    beyond = Span(second.end, third[0].start) if third else None
    if beyond is None or beyond.end - beyond.start > _NEXT:
        return False
    return bool(scene.found.terms_in(beyond, "cues", "conjunction", "alternative"))


def _is_reference(scene: Scene, claim: Claim, mentions: list[Mention]) -> bool:
    first, last = mentions[0], mentions[-1]
    before = Span(max(scene.sentence.start, first.start - _REACH), first.start)
    for cue in scene.found.terms_in(before, "cues", "than", "versus"):
        gap = scene.between(cue.end, first.start)
        crossed = any(cue.end <= m.start < first.start for m in scene.arms)
        if not crossed and not _STOPPED.search(gap) and (not is_han(scene.found.text(cue)) or len(gap) <= _HAN_REACH):
            return True
    behind = claim.cue.end <= first.start and claim.cue.name in (*COMPARATIVES, "no-difference")
    if (behind and follows_comparative(scene, claim.cue, first)) or compared_with(scene, first):
        return True
    return _compared_behind(scene, last) and _joined_ahead(scene, first)


def compared_with(scene: Scene, mention: Mention) -> bool:
    """Whether some Chinese comparative of the sentence takes a mention: "higher than" stands right before it."""
    before = [cue for cue in scene.cues(*COMPARATIVES) if cue.end <= mention.start and is_han(scene.found.text(cue))]
    return bool(before) and follows_comparative(scene, before[-1], mention)


def _compared_behind(scene: Scene, mention: Mention) -> bool:
    """Whether a Chinese word of comparison follows: "with arm B compared"."""
    window = Span(mention.end, min(mention.end + _HAN_REACH + 2, scene.sentence.end))
    cues = scene.found.terms_in(window, "cues", "versus", "comparing")
    return any(is_han(scene.found.text(cue)) and cue.start - mention.end <= 2 for cue in cues)


def _joined_ahead(scene: Scene, mention: Mention) -> bool:
    window = Span(max(scene.sentence.start, mention.start - 2), mention.start)
    return any(cue.end == mention.start for cue in scene.found.terms_in(window, "cues", "conjunction", "versus"))
