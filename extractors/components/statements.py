"""Comparisons in words: "did not differ", "was longer in A than in B", and the direction of paired values."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from extractors.components.comparisons import distinct, has_than, usual_pair
from extractors.components.scene import Scene
from extractors.findings import PValue
from extractors.reading import Linked, Mention, Probability, Span, Term

_DIRECTIONS = ("no-difference", "higher", "lower", "better", "worse")
_TURNED = {"first higher": "first lower", "first lower": "first higher"}
_P_REACH = 80


def statements(scene: Scene, linked: list[Linked]) -> Iterator[Linked]:
    """The comparisons that a sentence states, without those that its effect estimates already are."""
    estimated = {link.endpoint for link in linked if len(link.arms) != 1 and link.quantity and link.quantity.contrast}
    paired = pairs(linked)
    done = set(estimated)
    for endpoint, first, second in paired:
        if endpoint in estimated:
            continue
        tested = probability_after(scene, second.quantity.end if second.quantity else second.sentence.end)
        cue = direction_cue(scene)
        if tested is None and cue is None:
            continue
        done.add(endpoint)
        yield from paired_statement(scene, first, second, tested, cue)
    cue = direction_cue(scene)
    if cue is not None:
        for mention in compared_endpoints(scene, cue):
            if mention.index not in done:
                done.add(mention.index)
                yield from worded(scene, mention, cue)


def pairs(linked: list[Linked]) -> list[tuple[int, Linked, Linked]]:
    """Neighbouring values of two arms for one endpoint."""
    found: list[tuple[int, Linked, Linked]] = []
    for first, second in pairwise(linked):
        valued = first.quantity and second.quantity and len(first.arms) == 1 == len(second.arms)
        alike = first.endpoint == second.endpoint and first.statistic == second.statistic
        if valued and alike and first.arms != second.arms and not any(b is first for _, _, b in found):
            found.append((first.endpoint, first, second))
    return found


def direction_cue(scene: Scene) -> Term | None:
    """The cue that gives the sentence's direction: a denial of difference before any other."""
    cues = scene.cues(*_DIRECTIONS)
    denials = [cue for cue in cues if cue.name == "no-difference"]
    chosen = denials or cues
    return chosen[0] if chosen else None


def probability_after(scene: Scene, end: int) -> Probability | None:
    """The p-value that follows a place in the sentence before any other value does."""
    following = [p for p in scene.found.probabilities if end <= p.start and scene.sentence.contains(p)]
    if not following:
        return None
    crossed = [q for q in scene.values if end <= q.start < following[0].start]
    return None if crossed else following[0]


def paired_statement(
    scene: Scene, first: Linked, second: Linked, tested: Probability | None, cue: Term | None
) -> Iterator[Linked]:
    """What the comparison of two printed values comes to, in the authors' words or by their p-value."""
    ordered = sorted((first, second), key=lambda link: scene.found.arms[link.arms[0]].role == "control")
    values = [link.quantity.number.value for link in ordered if link.quantity]
    denied = cue is not None and cue.name == "no-difference"
    untold = cue is None and tested is not None and not is_small(tested.p)
    if denied or untold or values[0] == values[1]:
        direction = "no difference"
    else:
        direction = "first higher" if values[0] > values[1] else "first lower"
    yield Linked(
        sentence=scene.sentence,
        endpoint=first.endpoint,
        endpoint_span=first.endpoint_span,
        arms=(ordered[0].arms[0], ordered[1].arms[0]),
        arm_spans=(*ordered[0].arm_spans, *ordered[1].arm_spans),
        quantity=None,
        direction=direction,
        direction_span=Span(cue.start, cue.end) if cue else tested or first.quantity,
        p=tested.p if tested else None,
        p_span=tested,
        subgroup=first.subgroup,
        time_point=first.time_point,
        confidence=Decimal("0.80"),
    )


def is_small(p: PValue) -> bool:
    """Whether a p-value lies below the customary 0.05."""
    limit = Decimal("0.05")
    return (
        p.value.value < limit
        if p.operator in "=\u2264\u2265>" and p.operator != ">"
        else (p.operator == "<" and p.value.value <= limit)
    )


def compared_endpoints(scene: Scene, cue: Term) -> list[Mention]:
    """The endpoints that the cue speaks of: those named before it, else the first after it."""
    before = [m for m in scene.endpoints if m.end <= cue.start]
    after = [m for m in scene.endpoints if cue.start <= m.start]
    reach = 20 if cue.name in ("better", "no-difference") else 3
    if after and (not before or after[0].start - cue.end <= reach):
        return after[:1]
    return before or after[:1]


def worded(scene: Scene, mention: Mention, cue: Term) -> Iterator[Linked]:
    """A comparison with no numbers but perhaps a p-value, once for each subgroup it is said of."""
    pair, spans = compared_arms(scene, cue)
    if len(pair) != 2 or scene.cues("prognostic"):
        return
    tested = [p for p in scene.found.probabilities if scene.sentence.contains(p) and 0 <= p.start - cue.end <= _P_REACH]
    subgroups: list[Span | None] = [*scene.subgroup_terms] if scene.cues("subgroup", "subgroup-analysis") else []
    for subgroup in subgroups or [None]:
        yield Linked(
            sentence=scene.sentence,
            endpoint=mention.index,
            endpoint_span=mention,
            arms=pair,
            arm_spans=spans,
            quantity=None,
            direction=direction_of(scene, cue, mention),
            direction_span=Span(cue.start, cue.end),
            p=tested[0].p if tested else None,
            p_span=tested[0] if tested else None,
            subgroup=subgroup,
            time_point=scene.time_point_for(mention),
            confidence=Decimal("0.70"),
        )


def compared_arms(scene: Scene, cue: Term) -> tuple[tuple[int, ...], tuple[Span, ...]]:
    """The arm that the words are about and the arm it is compared with."""
    usual = usual_pair(scene.found)
    named = distinct(scene.arms)
    ahead = [m for m in scene.arms if m.end <= cue.start]
    behind = [m for m in scene.arms if cue.end <= m.start]
    if not ahead and len(behind) > 1 and has_than(scene, cue, behind[1]):
        ahead, behind = behind[:1], behind[1:]
    if ahead and behind and has_than(scene, cue, behind[0]) and ahead[-1].index != behind[0].index:
        return (ahead[-1].index, behind[0].index), (ahead[-1], behind[0])
    if len(scene.found.arms) == 2 and named:
        if cue.name == "no-difference" or len(named) == 2:
            return (usual or (0, 1)), tuple(named)
        first = named[0].index
        return (first, 1 - first), tuple(named)
    if len(named) == 2:
        return (named[0].index, named[1].index), tuple(named)
    groups = scene.cues("both-groups")
    if usual and groups:
        return usual, (Span(groups[0].start, groups[0].end),)
    return (), ()


def direction_of(scene: Scene, cue: Term, mention: Mention) -> str:
    """The direction in the terms of the findings; "improved survival" is more of it, "improved" alone is favour."""
    if cue.name == "no-difference":
        return "no difference"
    if cue.name == "better":
        concept = scene.found.endpoints[mention.index].concept or ""
        return "first higher" if concept.endswith("survival") else "favours first"
    if cue.name == "worse":
        return "favours second"
    return "first higher" if cue.name == "higher" else "first lower"
