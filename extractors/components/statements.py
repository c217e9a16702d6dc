"""Comparisons in words: "did not differ", "was longer in A than in B", and the direction of paired values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from extractors import normal
from extractors.components.claims import NONE, Claim, change_in_name, changed, claims
from extractors.components.comparisons import SIGNS, is_reference
from extractors.components.identity import endpoint_named
from extractors.components.opponents import Pair, opponents
from extractors.components.scene import Scene
from extractors.components.slots import outcomes_before, outcomes_behind
from extractors.components.subgroups import opening_subgroup
from extractors.components.tested import is_small, listed_probabilities, probability_after, shared_probability
from extractors.components.value_groups import counted_from, was_before
from extractors.normal import is_han, parts_clauses
from extractors.reading import Linked, Mention, Probability, Span

_SAME = "no difference"
_WORDS = {"higher": "first higher", "lower": "first lower", "better": "favours first", "worse": "favours second"}
_COMMA = re.compile(r",(?!\d)\s*")
_PUNCTUATION = re.compile(r"[,.;:()\[\]]")
# How far what a word compares may stand behind it: "a lower risk of X".
_BEHIND = 40
# What may not stand between a word of comparison and the outcome that it opens.
_CROSSED = ("than", "versus", "be", "time-at", "between-groups", "both-groups", "conjunction", "opposition")
# From what share of common words on two phrases name one endpoint, apart from each other and one within the other.
_ALIKE, _MOSTLY = 0.75, 0.65
# From how many arms on a pair is one of several comparisons.
_SEVERAL = 3


@dataclass(frozen=True, slots=True)
class Assertion:
    """A claim with the outcomes it is about, the pairs of arms that it compares and the p-values behind it."""

    claim: Claim
    outcomes: list[Span]
    compared: tuple[Pair, ...]
    tested: list[Probability]


def statements(scene: Scene, linked: list[Linked]) -> Iterator[Linked]:
    """The comparisons that a sentence states, without those that its effect estimates already are."""
    if scene.cues("assumption", "prognostic", "characteristics"):
        return
    asserted = list(assertions(scene))
    within = told_of_one(scene, linked)
    said = [
        statement
        for assertion in asserted
        for statement in worded(scene, assertion)
        if not (assertion.claim.change and statement.endpoint in within)
    ]
    estimates = [link for link in linked if len(link.arms) != 1 and link.quantity and link.quantity.contrast]
    estimated = {link.endpoint for link in estimates}
    # Of more than two arms, each pair is a comparison of its own.
    done = {(link.endpoint, frozenset(link.arms)) for link in estimates}
    whole = estimated if len(scene.found.arms) < _SEVERAL else {e.endpoint for e in estimates if not e.arms}
    couples = pairs(linked)
    listed = listed_probabilities(scene, couples)
    for place, (first, second) in enumerate(couples):
        if first.endpoint not in estimated:
            own = [s for s in said if s.endpoint == first.endpoint]
            statement = paired(scene, first, second, own, asserted, listed[place] if listed else None)
            if statement is not None:
                done.add((first.endpoint, frozenset(statement.arms)))
                yield statement
    for statement in said:
        if statement.endpoint not in whole and (statement.endpoint, frozenset(statement.arms)) not in done:
            yield statement


def told_of_one(scene: Scene, linked: list[Linked]) -> set[int]:
    """The endpoints with values of one arm in a sentence that opposes nothing: what changed there, changed in time."""
    if scene.cues("than", "versus", "comparing", "between-groups"):
        return set()
    arms: dict[int, set[int]] = {}
    for link in linked:
        if link.quantity and len(link.arms) == 1:
            arms.setdefault(link.endpoint, set()).update(link.arms)
    return {endpoint for endpoint, owners in arms.items() if len(owners) == 1}


def assertions(scene: Scene) -> Iterator[Assertion]:
    """The claims of a sentence that compare arms, each with what it says it of."""
    found: list[Assertion] = []
    listed = claims(scene)
    outcomes: list[Span] = []
    compared: tuple[Pair, ...] = ()
    waiting: list[Assertion] = []
    start = scene.sentence.start
    for place, claim in enumerate(listed):
        following = listed[place + 1] if place + 1 < len(listed) else None
        end = following.start if following and following.clause == claim.clause else claim.clause.end
        own = matter(scene, claim, Span(max(start, claim.clause.start), end))
        if claim.direction != NONE:
            listed_before = summed_up(scene, claim)
            own = listed_before if len(listed_before) > 1 else own
        own = own or subject_of(scene, claim)
        before, compared = compared, opponents(scene, claim, compared)
        again = {*map(frozenset, compared)} <= {*map(frozenset, before)}
        sure = any(is_small(p.p) for assertion in found for p in assertion.tested)
        if claim.direction == NONE and not own and again and not sure and not of_another(scene, claim, end):
            # "was lower in A than in B, but not significantly": the denial takes back what was said.
            taken_back = [replace(a, claim=replace(a.claim, direction=NONE)) for a in found]
            tested = [p for p in scene.found.probabilities if claim.end <= p.start < end]
            found = [replace(a, tested=tested or a.tested) for a in taken_back]
            if found:
                start = claim.end
                continue
        also = said_too(scene, claim, end)
        start = max([claim.end, *(m.end for m in own), *(m.end for m in also)])
        outcomes = own or outcomes or summed_up(scene, claim)
        estimated = any(q.contrast and claim.end <= q.start < end for q in scene.values)
        if not estimated and not within_arm(scene, claim):
            tested = [p for p in scene.found.probabilities if claim.end <= p.start < end]
            if compared:
                found += [replace(assertion, compared=compared) for assertion in open_ended(scene, claim, waiting)]
                found.append(Assertion(claim, [*outcomes, *also], compared, tested))
                waiting = []
            elif claim.direction != NONE and not claim.change and own:
                waiting.append(Assertion(claim, [*own, *also], (), tested))
    yield from found


def subject_of(scene: Scene, claim: Claim) -> list[Span]:
    """The outcome right before the verb of a comparative, though it ends a list of what was said before."""
    before = [m for m in scene.endpoints if claim.clause.start <= m.start and m.end <= claim.start]
    if not before or claim.change or claim.direction == NONE:
        return []
    gap = Span(before[-1].end, claim.start)
    verbs = scene.found.terms_in(gap, "cues", "be")
    rest = scene.found.without(gap, [*verbs, *scene.found.terms_in(gap, "cues", "significant")])
    return [Span(before[-1].start, before[-1].end)] if verbs and not rest.strip() else []


def open_ended(scene: Scene, claim: Claim, waiting: list[Assertion]) -> list[Assertion]:
    """The comparatives without arms before the claim that names them: "X was lower; Y was lower in arm A than in B"."""
    named = [m for m in scene.arms if m.start < claim.clause.start]
    return waiting if claim.direction != NONE and not claim.change and not named else []


def of_another(scene: Scene, claim: Claim, end: int) -> bool:
    """Whether a denial has an outcome, values or a time of its own, and so takes nothing back that was said before."""
    commas = _COMMA.finditer(scene.found.normal, claim.clause.start, claim.start)
    own = Span(max([claim.clause.start, *(comma.end() for comma in commas)]), end)
    return any(own.contains(part) for part in (*scene.endpoints, *scene.values, *scene.time_points))


def said_too(scene: Scene, claim: Claim, end: int) -> list[Span]:
    """The outcomes of which the same is said behind a claim: "pain was lower in arm A, as were nausea and fatigue"."""
    cues = [cue for cue in scene.cues("as-well") if claim.end <= cue.start < end]
    return outcomes_behind(scene, cues[0].end, end) if cues else []


def summed_up(scene: Scene, claim: Claim) -> list[Span]:
    """The outcomes whose values a sentence gives before it says how the arms differ in all of them.

    In Chinese the comparison is a clause of its own, without a subject: "X was 11%, Y was 8%, both higher than in B".
    """
    text = scene.found.document.text
    commas = [place for place in range(claim.clause.start, claim.start) if parts_clauses(text, place)]
    own = Span(commas[-1], claim.start) if commas else claim.clause
    bare = not any(own.contains(m) for m in (*scene.arms, *scene.endpoints, *scene.values))
    joint = bool(scene.cues("between-groups", "both-groups", "difference"))
    if not (claim.direction == NONE and joint) and not (claim.direction != NONE and commas and bare):
        return []
    before = [m for m in scene.endpoints if m.end <= claim.start]
    valued = [m for m in before if any(m.end <= q.start < claim.start for q in scene.values)]
    return [Span(m.start, m.end) for m in {m.index: m for m in reversed(valued)}.values()][::-1]


def worded(scene: Scene, assertion: Assertion) -> Iterator[Linked]:
    """What an assertion comes to: one statement for each endpoint, pair of arms, time and subgroup."""
    told: set[int] = set()
    for number, span in enumerate(assertion.outcomes):
        tested = share(assertion.tested, number, len(assertion.outcomes))
        mention = resolved(scene, span)
        if mention.index not in told:
            yield from stated(scene, assertion.claim, mention, assertion.compared, tested)
        told.add(mention.index)


def within_arm(scene: Scene, claim: Claim) -> bool:
    """Whether a claim is about the start of the trial, or about what changed within the arms.

    "In arm A, pain fell from 6.5 to 2.8" says by its values that the times are compared, not the arms.
    Chinese strings clauses together by commas, each with a predicate of its own; only the claim's own clause counts.
    """
    text = scene.found.document.text
    commas = [place for place in range(claim.clause.start, claim.clause.end) if parts_clauses(text, place)]
    start = max([claim.clause.start, *(place for place in commas if place < claim.cue.start)])
    end = min([claim.clause.end, *(place for place in commas if place >= claim.cue.end)])
    course = claim.change and any(start <= q.start < end and was_before(scene, q) for q in scene.values)
    # "The change from baseline was greater than in arm B" sets the groups apart, not the times.
    between = any(start <= cue.start < end for cue in scene.cues("between-groups"))
    behind = [arm for arm in scene.arms if claim.end <= arm.start < end and is_reference(scene, arm)]
    between = between or (bool(behind) and "," not in scene.between(claim.end, behind[0].start))
    early = [cue for cue in scene.cues("baseline") if start <= cue.start < end]
    if course or any(not (between and counted_from(scene, cue)) for cue in early):
        return True
    together = any(start <= cue.start < claim.cue.start for cue in scene.cues("both-groups"))
    apart = any(start <= part.start < end for part in (*scene.arms, *scene.cues("than", "versus", "between-groups")))
    return claim.change and claim.direction != NONE and together and not apart


def matter(scene: Scene, claim: Claim, window: Span) -> list[Span]:
    """The outcomes that a claim is about: what the cue stands before, else what its clause names before or after."""
    inside = outcomes_behind(scene, claim.change_end, claim.cue.start) if claim.change_end else []
    if inside:
        # "The reduction in pain was greater".
        return inside
    behind = outcomes_behind(scene, claim.end, window.end)
    if behind and _opens(scene, claim, behind[0]):
        return behind
    return outcomes_before(scene, window.start, claim.start) or behind


def _opens(scene: Scene, claim: Claim, first: Span) -> bool:
    """Whether the outcome is what the cue stands before: "lower rates of X", "no difference in X", "improved X"."""
    gap = Span(claim.end, first.start)
    if gap.end - gap.start > _BEHIND or _PUNCTUATION.search(scene.between(gap.start, gap.end)):
        return False
    crossed = scene.found.terms_in(gap, "cues", *_CROSSED)
    if crossed or any(gap.contains(arm) for arm in scene.arms):
        return False
    # What follows a Chinese predicate need not be its object, unless it is known for an outcome.
    return not is_han(scene.found.text(claim.cue)) or any(first.contains(m) for m in scene.endpoints)


def resolved(scene: Scene, span: Span) -> Mention:
    """The endpoint that a phrase names: one mentioned in it that is most of it, one alike, else a new one."""
    inside = [m for m in scene.endpoints if span.contains(m)]
    if inside:
        largest = max(inside, key=lambda m: m.end - m.start)
        if likeness(scene, largest, span) >= _MOSTLY:
            return largest
    alike = [
        (max((likeness(scene, known, span) for known in draft.spans), default=0.0), -index)
        for index, draft in enumerate(scene.found.endpoints)
    ]
    best, index = max(alike, default=(0.0, 0))
    if best >= _ALIKE:
        return Mention(span.start, span.end, -index)
    return Mention(span.start, span.end, endpoint_named(scene.found, span))


def likeness(scene: Scene, first: Span, second: Span) -> float:
    """How much of the words of two phrases is the same, from 0 to 1, head words and statistics left out."""
    words = [_words(scene, span) for span in (first, second)]
    total = len(words[0]) + len(words[1])
    return 2 * len(words[0] & words[1]) / total if total else 0.0


def _words(scene: Scene, span: Span) -> frozenset[str]:
    bare = [
        *scene.found.terms_in(span, "cues", "filler", "of", "endpoint-head"),
        *scene.found.terms_in(span, "measures"),
    ]
    kept = normal.words_of(scene.found.without(span, bare))
    return kept or normal.words_of(scene.between(span.start, span.end))


def share(tested: list[Probability], place: int, of: int) -> list[Probability]:
    """The p-values of one of several endpoints: its own if there is one for each, else all of them."""
    return [tested[place]] if of > 1 and len(tested) == of else tested if of == 1 or len(tested) == 1 else []


def stated(
    scene: Scene, claim: Claim, mention: Mention, compared: Sequence[Pair], tested: list[Probability]
) -> Iterator[Linked]:
    """The statements of one claim about one endpoint."""
    times: list[Span | None] = [Span(t.start, t.end) for t in scene.time_points if claim.clause.contains(t)]
    subgroups: list[Span | None] = [*scene.subgroup_terms] if scene.cues("subgroup", "subgroup-analysis") else []
    for number, (first, second) in enumerate(compared):
        for place, time in enumerate(times or [scene.time_point_for(mention)]):
            own = place if len(tested) == len(times) else number if len(tested) == len(compared) else 0
            p = tested[own] if tested else None
            for subgroup in subgroups or [opening_subgroup(scene)]:
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


def direction_of(scene: Scene, claim: Claim, mention: Mention | None) -> str:
    """The direction in the terms of the findings; "improved survival" is more of it, "improved" alone is favour."""
    if claim.direction == NONE:
        return _SAME
    concept = (scene.found.endpoints[mention.index].concept if mention else None) or ""
    change = change_in_name(scene, mention) if mention and claim.direction in ("higher", "lower") else None
    if change is not None and not claim.change and not claim.change_end:
        return _WORDS[changed(change.name, claim.direction)]
    if claim.direction == "better" and concept.endswith("survival"):
        return "first higher"
    return _WORDS[claim.direction]


def pairs(linked: list[Linked]) -> list[tuple[Linked, Linked]]:
    """The values of two arms for one endpoint: neighbours, or the same places of two lists, one for each arm."""
    found: list[tuple[Linked, Linked]] = []
    values = [link for link in linked if link.quantity and len(link.arms) == 1]
    for place, first in enumerate(values):
        if any(first in pair for pair in found):
            continue
        for second in values[place + 1 :]:
            alike = first.endpoint == second.endpoint and first.statistic == second.statistic
            rows = any(link.way == "list" for link in values)
            near = values[place + 1] is second or (rows and first.time_point == second.time_point)
            if alike and near and first.arms != second.arms:
                found.append((first, second))
                break
    return found


def paired(
    scene: Scene,
    first: Linked,
    second: Linked,
    said: list[Linked],
    asserted: list[Assertion],
    own_p: Probability | None,
) -> Linked | None:
    """What the comparison of two printed values comes to: by the authors' words, else by their p-value."""
    after = probability_after(scene, second.quantity.end if second.quantity else second.sentence.end)
    tested = own_p or after or shared_probability(scene)
    ordered = sorted((first, second), key=lambda link: scene.found.arms[link.arms[0]].role == "control")
    arms = (ordered[0].arms[0], ordered[1].arms[0])
    words = [(s.direction or "", s.arms, s.direction_span) for s in said if set(s.arms) == set(arms)]
    if not words and len(asserted) == 1 and asserted[0].claim.clause.contains(ordered[0].quantity or scene.sentence):
        # One claim over several values: "fitness by the step test (…) and push-up test (…) improved more in A".
        claim = asserted[0].claim
        words = [(direction_of(scene, claim, None), p, claim) for p in asserted[0].compared if set(p) == set(arms)]
        words = [word for word in words if not contradicted(word[0], word[1], (first, second))]
        if after is not None and not is_small(after.p):
            # What was said of other outcomes is denied of this one by its own p-value.
            words = []
    if tested is None and not words:
        return None
    values = [link.quantity.number.value for link in ordered if link.quantity]
    if words and words[0][0] == _SAME and tested is not None and tested is (own_p or after) and is_small(tested.p):
        # "No difference" was said of another outcome of the sentence.
        words = []
    if words:
        direction, arms = words[0][0], (words[0][1][0], words[0][1][1])
    elif (tested is not None and not is_small(tested.p)) or values[0] == values[1]:
        direction = _SAME
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
        direction_span=words[0][2] if words else tested or first.quantity,
        p=tested.p if tested else None,
        p_span=tested,
        subgroup=first.subgroup,
        time_point=first.time_point,
        way="paired" if words else "paired by p",
    )


def contradicted(direction: str, arms: Sequence[int], values: Sequence[Linked]) -> bool:
    """Whether words said of another outcome cannot be said of two values too: the arm said to have more has less.

    Of changes, words do not say whether the amount or the value that was reached is the larger.
    """
    found = {link.arms[0]: link.quantity.number for link in values if link.quantity}
    signed = any(number.text[:1] in SIGNS for number in found.values())
    if direction not in ("first higher", "first lower") or signed or {*arms} != {*found}:
        return False
    first, second = (found[arm].value for arm in arms)
    return first < second if direction == "first higher" else first > second
