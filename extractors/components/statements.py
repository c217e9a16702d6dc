"""Comparisons in words: "did not differ", "was longer in A than in B", and the direction of paired values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from extractors.components.claims import NONE, Claim, claims
from extractors.components.opponents import Pair, opponents
from extractors.components.scene import Scene
from extractors.findings import PValue
from extractors.reading import Linked, Mention, Probability, Span

_WORDS = {"higher": "first higher", "lower": "first lower", "better": "favours first", "worse": "favours second"}
_PUNCTUATION = re.compile(r"[,.;:()\[\]]")
# How far what a word compares may stand behind it: "a lower risk of X".
_BEHIND = 40
_CUSTOMARY = Decimal("0.05")


def statements(scene: Scene, linked: list[Linked]) -> Iterator[Linked]:
    """The comparisons that a sentence states, without those that its effect estimates already are."""
    if scene.cues("assumption", "prognostic", "characteristics"):
        return
    said = worded(scene)
    estimated = {link.endpoint for link in linked if len(link.arms) != 1 and link.quantity and link.quantity.contrast}
    done = set(estimated)
    for first, second in pairs(linked):
        if first.endpoint not in estimated:
            statement = paired(scene, first, second, [s for s in said if s.endpoint == first.endpoint])
            if statement is not None:
                done.add(first.endpoint)
                yield statement
    yield from (statement for statement in said if statement.endpoint not in done)


def worded(scene: Scene) -> list[Linked]:
    """What the claims of a sentence come to: one statement for each endpoint, pair of arms, time and subgroup."""
    found: list[Linked] = []
    listed = claims(scene)
    matters: list[Mention] = []
    compared: tuple[Pair, ...] = ()
    start = scene.sentence.start
    for place, claim in enumerate(listed):
        following = listed[place + 1] if place + 1 < len(listed) else None
        end = following.start if following and following.clause == claim.clause else claim.clause.end
        window = Span(max(start, claim.clause.start) if start > claim.clause.start else claim.clause.start, end)
        own = matter(scene, claim, window)
        compared = opponents(scene, claim, compared)
        if own and not (found and claim.direction == NONE and claim.cue.name == "significant"):
            matters = own
        elif claim.direction == NONE and found:
            # "was lower in A than in B, but not significantly": the denial takes back what was said.
            found = [replace(s, direction="no difference", p=None, p_span=None) for s in found]
        start = max([claim.end, *(m.end for m in own)])
        if not compared or within_arm(scene, claim):
            continue
        tested = [p for p in scene.found.probabilities if claim.end <= p.start < end]
        for number, mention in enumerate(matters):
            found.extend(stated(scene, claim, mention, compared, share(tested, number, len(matters))))
    return found


def within_arm(scene: Scene, claim: Claim) -> bool:
    """Whether a claim is about the start of the trial, or about what changed within the arms."""
    return any(claim.clause.contains(cue) for cue in scene.cues("baseline"))


def matter(scene: Scene, claim: Claim, window: Span) -> list[Mention]:
    """The endpoints that a claim is about: what the cue stands before, else what its clause names before or after."""
    mentions = [m for m in scene.endpoints if window.contains(m)]
    behind = [m for m in mentions if m.start >= claim.end]
    before = [m for m in mentions if m.end <= claim.start]
    if behind and _opens(scene, claim, behind[0]):
        return _listed(scene, behind)
    return before or _listed(scene, behind)


def _opens(scene: Scene, claim: Claim, mention: Mention) -> bool:
    """Whether the mention is what the cue stands before: "lower rates of X", "no difference in X", "improved X"."""
    gap = Span(claim.end, mention.start)
    if gap.end - gap.start > _BEHIND or _PUNCTUATION.search(scene.between(gap.start, gap.end)):
        return False
    crossed = scene.found.terms_in(gap, "cues", "than", "versus", "be", "time-at", "between-groups", "both-groups")
    return not crossed and not any(gap.contains(arm) for arm in scene.arms)


def _listed(scene: Scene, mentions: list[Mention]) -> list[Mention]:
    """The mentions up to the first that no longer belongs to the list of the first one."""
    kept = mentions[:1]
    for first, second in pairwise(mentions):
        gap = Span(first.end, second.start)
        if scene.found.terms_in(gap, "cues", "be", "than", "versus"):
            break
        kept.append(second)
    return kept


def share(tested: list[Probability], place: int, of: int) -> list[Probability]:
    """The p-values of one of several endpoints: its own if there is one for each, else all of them."""
    return [tested[place]] if of > 1 and len(tested) == of else tested if of == 1 or len(tested) == 1 else []


def stated(
    scene: Scene, claim: Claim, mention: Mention, compared: Sequence[Pair], tested: list[Probability]
) -> Iterator[Linked]:
    """The statements of one claim about one endpoint."""
    times: list[Span | None] = [Span(t.start, t.end) for t in scene.time_points if claim.clause.contains(t)]
    subgroups: list[Span | None] = [*scene.subgroup_terms] if scene.cues("subgroup", "subgroup-analysis") else []
    for first, second in compared:
        for place, time in enumerate(times or [scene.time_point_for(mention)]):
            p = tested[place] if len(tested) == len(times) and times else tested[0] if tested else None
            for subgroup in subgroups or [scene.opening_subgroup]:
                yield Linked(
                    sentence=scene.sentence,
                    endpoint=mention.index,
                    endpoint_span=mention,
                    arms=(first, second),
                    arm_spans=tuple(m for m in scene.arms if m.index in (first, second)),
                    quantity=None,
                    direction=direction_of(scene, claim, mention),
                    direction_span=Span(claim.start, claim.end),
                    p=p.p if p else None,
                    p_span=p,
                    subgroup=subgroup,
                    time_point=time,
                    way="worded",
                )


def direction_of(scene: Scene, claim: Claim, mention: Mention) -> str:
    """The direction in the terms of the findings; "improved survival" is more of it, "improved" alone is favour."""
    if claim.direction == NONE:
        return "no difference"
    concept = scene.found.endpoints[mention.index].concept or ""
    if claim.direction == "better" and concept.endswith("survival"):
        return "first higher"
    return _WORDS[claim.direction]


def pairs(linked: list[Linked]) -> list[tuple[Linked, Linked]]:
    """Neighbouring values of two arms for one endpoint."""
    found: list[tuple[Linked, Linked]] = []
    for first, second in pairwise(linked):
        valued = first.quantity and second.quantity and len(first.arms) == 1 == len(second.arms)
        alike = first.endpoint == second.endpoint and first.statistic == second.statistic
        if valued and alike and first.arms != second.arms and not any(b is first for _, b in found):
            found.append((first, second))
    return found


def paired(scene: Scene, first: Linked, second: Linked, said: list[Linked]) -> Linked | None:
    """What the comparison of two printed values comes to: by the authors' words, else by their p-value."""
    tested = probability_after(scene, second.quantity.end if second.quantity else second.sentence.end)
    ordered = sorted((first, second), key=lambda link: scene.found.arms[link.arms[0]].role == "control")
    arms = (ordered[0].arms[0], ordered[1].arms[0])
    words = [s for s in said if set(s.arms) == set(arms)]
    if tested is None and not words:
        return None
    values = [link.quantity.number.value for link in ordered if link.quantity]
    if words:
        direction, arms = words[0].direction, (words[0].arms[0], words[0].arms[1])
    elif (tested is not None and not is_small(tested.p)) or values[0] == values[1]:
        direction = "no difference"
    else:
        direction = "first higher" if values[0] > values[1] else "first lower"
    return Linked(
        sentence=scene.sentence,
        endpoint=first.endpoint,
        endpoint_span=first.endpoint_span,
        arms=arms,
        arm_spans=(*ordered[0].arm_spans, *ordered[1].arm_spans),
        quantity=None,
        direction=direction,
        direction_span=words[0].direction_span if words else tested or first.quantity,
        p=tested.p if tested else None,
        p_span=tested,
        subgroup=first.subgroup,
        time_point=first.time_point,
        way="paired" if words else "paired by p",
    )


def probability_after(scene: Scene, end: int) -> Probability | None:
    """The p-value that follows a place in the sentence before any other value does."""
    following = [p for p in scene.found.probabilities if end <= p.start and scene.sentence.contains(p)]
    if not following:
        return None
    crossed = [q for q in scene.values if end <= q.start < following[0].start]
    return None if crossed else following[0]


def is_small(p: PValue) -> bool:
    """Whether a p-value lies below the customary 0.05."""
    if p.operator == "<":
        return p.value.value <= _CUSTOMARY
    return p.operator != ">" and p.value.value < _CUSTOMARY
