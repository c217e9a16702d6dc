"""Links numbers to what they belong to: effect estimates and per-arm values with endpoint, arms, subgroup, time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from spacy.language import Language as SpacyLanguage
from spacy.tokens import Doc

import ontology
from extractors.components.allocation import trimmed
from extractors.components.comparisons import BESIDE, Placement, beside_each, contrast_pair, place
from extractors.components.endpoints import add_name, words_of
from extractors.components.scene import Scene
from extractors.components.statements import statements
from extractors.components.zones import result_sentences
from extractors.reading import EndpointDraft, Linked, Mention, Quantity, Reading, Span, reading

COMPONENT = "evidence_results"
_FOLLOWING = 70
_PHRASE = 90
_SEGMENT = re.compile(r"[,;:\])]\s*")
# Words of a comparison: a phrase with one of them is a clause, not the name of an outcome.
_COMPARING = (
    "higher", "lower", "better", "worse", "than", "no-difference", "group", "people", "significant", "unnamed",
)  # fmt: skip
_TIGHT = 20
_CLAUSE = re.compile(r",\s")


class ResultLinker:
    """Fills ``reading.results``, in order of the text."""

    def __call__(self, doc: Doc) -> Doc:
        """Go through the sentences that report results, carrying along what they are about."""
        found = reading(doc)
        topic = primary_endpoint(found)
        for sentence in result_sentences(found):
            scene = Scene(found, sentence, topic)
            linked = list(contrasts(scene)) if not scene.cues("assumption") else []
            linked += list(arm_values(scene, linked)) if not scene.cues("assumption") else []
            linked += list(statements(scene, linked))
            found.results.extend(linked)
            named = [m.index for m in scene.endpoints]
            topic = linked[-1].endpoint if linked else named[-1] if named else topic
        return doc


def primary_endpoint(found: Reading) -> int | None:
    """The one endpoint declared primary, or the only endpoint, or ``None``."""
    primary = [index for index, draft in enumerate(found.endpoints) if draft.role == "primary"]
    if len(primary) == 1:
        return primary[0]
    return 0 if len(found.endpoints) == 1 else None


def contrasts(scene: Scene) -> Iterator[Linked]:
    """The effect estimates of a sentence; one whose endpoint cannot be told is left out."""
    previous_end = scene.sentence.start
    for quantity in scene.values:
        if quantity.contrast:
            endpoint = contrast_endpoint(scene, quantity)
            arms, spans = contrast_pair(scene, quantity)
            subgroup = scene.subgroup_for(quantity, previous_end)
            # In a sentence on subgroups, an estimate whose subgroup cannot be told is nobody's.
            announced = any(cue.end <= quantity.start for cue in scene.cues("subgroup-analysis"))
            untold = subgroup is None and announced
            if endpoint is not None and not untold and not prognostic(scene, quantity):
                yield Linked(
                    sentence=scene.sentence,
                    endpoint=endpoint[0],
                    endpoint_span=endpoint[1],
                    arms=arms,
                    arm_spans=spans,
                    quantity=quantity,
                    p=quantity.p,
                    p_span=quantity.p_span,
                    subgroup=subgroup,
                    time_point=scene.time_point_for(quantity),
                    planned=planned(scene),
                    significant=significant(quantity),
                    confidence=Decimal("0.95") if arms else Decimal("0.70"),
                )
        previous_end = end_of(quantity)


def contrast_endpoint(scene: Scene, quantity: Quantity) -> tuple[int, Span | None] | None:
    """The endpoint that an effect estimate is about, and where it is named.

    "HR for death" beside a time-to-event endpoint names that endpoint's event, not an endpoint of its own.
    """
    start = quantity.governor.start if quantity.governor else quantity.start
    inside = [m for m in scene.endpoints if start <= m.start and m.end <= quantity.start]
    before = [m for m in scene.endpoints if m.end <= start]
    after = [m for m in scene.endpoints if 0 <= m.start - end_of(quantity) <= _FOLLOWING]
    if inside:
        standing = event_of(scene, inside[-1], before)
        return standing if standing is not None else (inside[-1].index, inside[-1])
    if before:
        return event_of(scene, before[-1], before[:-1]) or (before[-1].index, before[-1])
    if after:
        return after[0].index, after[0]
    named = before_bracket(scene, start)
    if named is not None:
        return outcome_named(scene.found, named), named
    return (scene.topic, None) if scene.topic is not None else None


def before_bracket(scene: Scene, start: int) -> Span | None:
    """The phrase right before the bracket that holds an estimate: "cord care [OR 3.05 …]"."""
    text = scene.between(scene.sentence.start, start)
    bracket = max(text.rfind("("), text.rfind("["))
    if bracket < 0 or re.search(r"[)\]]", text[bracket:]):
        return None
    edge = scene.sentence.start + bracket
    window = Span(max(scene.sentence.start, edge - _PHRASE), edge)
    starts = [m.end() + window.start for m in _SEGMENT.finditer(scene.between(window.start, edge))]
    starts += [cue.end for cue in scene.found.terms_in(window, "cues", "conjunction", "be", "range-to")]
    span = trimmed(scene.found, max([window.start, *starts]), edge) if starts else None
    if span is None or any(m.start < span.end and span.start < m.end for m in scene.arms):
        return None
    return None if scene.found.terms_in(span, "cues", *_COMPARING) else span


def event_of(scene: Scene, mention: Mention, before: list[Mention]) -> tuple[int, Span] | None:
    """The time-to-event endpoint whose event the mention names: one named before it, or one of the trial's."""
    targets = related(scene.found.endpoints[mention.index].concept)
    for other in reversed(before):
        concept = scene.found.endpoints[other.index].concept
        if concept is not None and concept in targets:
            return other.index, other
    for index, draft in enumerate(scene.found.endpoints):
        if draft.concept is not None and draft.concept in targets and draft.role == "primary":
            return index, mention
    return None


def related(concept: str | None) -> frozenset[str]:
    """The endpoints whose event the concept is (death for overall survival), by skos:related."""
    found = ontology.concept(concept) if concept else None
    return frozenset(found.related) if found else frozenset()


def end_of(quantity: Quantity) -> int:
    """Where the quantity ends with its interval and p-value."""
    spans = [quantity.interval_span, quantity.p_span]
    return max([quantity.end, *(span.end for span in spans if span)])


def prognostic(scene: Scene, quantity: Quantity) -> bool:
    """Whether an estimate compares kinds of people, not arms ("in arm B, positive margins … HR 1.97")."""
    if scene.cues("prognostic"):
        return True
    within_one_arm = len({m.index for m in scene.arms}) == 1
    return within_one_arm and bool(scene.cues("than")) and scene.arms[0].start - scene.sentence.start <= 12


def planned(scene: Scene) -> bool | None:
    """Whether a subgroup analysis was planned, as far as its sentence says."""
    if scene.cues("post-hoc"):
        return False
    return True if scene.cues("planned") else None


def significant(quantity: Quantity) -> bool | None:
    """Whether the interval excludes no effect; ``None`` without an interval or with an open bound."""
    interval = quantity.interval
    if interval is None or interval.low is None or interval.high is None or quantity.contrast == "other":
        return None
    none = Decimal(1) if quantity.contrast in ("HR", "OR", "RR", "IRR") else Decimal(0)
    return not interval.low.value <= none <= interval.high.value


def arm_values(scene: Scene, linked: list[Linked]) -> Iterator[Linked]:
    """The per-arm values of a sentence, group by group."""
    values = [q for q in scene.values if not q.contrast]
    previous_end, endpoint = scene.sentence.start, None
    for group in groups(scene, values):
        following = [q.start for q in scene.values if q.start > group[-1].end]
        next_start = min([*following, scene.sentence.end])
        placement = place(scene, group, previous_end, next_start)
        endpoint = value_endpoint(scene, group, previous_end, next_start, endpoint)
        previous_end = end_of(group[-1])
        if placement is None or endpoint is None or bare(scene, group, placement):
            continue
        statistic = next((q.statistic for q in group if q.statistic), None)
        repeated = group * len(placement.arms) if len(group) == 1 else group
        for quantity, arm, span in zip(repeated, placement.arms, placement.spans, strict=True):
            yield Linked(
                sentence=scene.sentence,
                endpoint=endpoint[0],
                endpoint_span=endpoint[1],
                arms=(arm,),
                arm_spans=(span,) if span else (),
                quantity=quantity,
                statistic=kind_of_value(quantity, statistic),
                subgroup=scene.subgroup_for(group[0], scene.sentence.start),
                time_point=scene.time_point_for(group[0]),
                planned=planned(scene) if scene.subgroup_terms else None,
                confidence=placement.confidence,
            )


def bare(scene: Scene, group: list[Quantity], placement: Placement) -> bool:
    """Whether durations or plain numbers are no results: no statistic, no spread, nothing set against them.

    Two of them are a comparison when a word opposes them; durations also when each has its arm beside it.
    """
    if any(q.statistic or q.interval or q.dispersion for q in group):
        return False
    if group[0].kind != "duration" and (group[0].kind != "plain" or group[0].unit is not None):
        return False
    opposed = scene.parted(group[0].start, group[-1].end) or scene.cues("respectively")
    placed = group[0].kind == "duration" and placement.confidence >= BESIDE
    return len(group) < 2 or not (opposed or placed)


def groups(scene: Scene, values: list[Quantity]) -> Iterator[list[Quantity]]:
    """Values that are one comparison: alike in kind, nothing new between them, at most one for each arm."""
    most = max(len(scene.found.arms), 1)
    group: list[Quantity] = []
    for quantity in without_totals(scene, with_shared_units(scene, values)):
        if group and (len(group) == most or not alike(scene, group[-1], quantity)):
            yield group
            group = []
        group.append(quantity)
    if group:
        yield group


def without_totals(scene: Scene, values: list[Quantity]) -> list[Quantity]:
    """The values without one for all arms that opens a list: "68.7 months, 71.6 in arm A and 68.6 in arm B"."""
    kept = list(values)
    for first, *rest in zip(values, values[1:], values[2:], strict=False):
        bounds = ((first.end, rest[1].start), (rest[0].end, scene.sentence.end))
        named = [beside_each(scene, [q], *bound)[0] for q, bound in zip(rest, bounds, strict=True)]
        alike_all = all(q.kind == first.kind and q.unit == first.unit for q in rest)
        behind = [m for m in scene.arms if first.end <= m.start < rest[0].start]
        tight = rest[0].start - first.end <= _TIGHT
        if alike_all and tight and not behind and None not in named and len({m.index for m in named if m}) == 2:
            kept.remove(first)
    return kept


def with_shared_units(scene: Scene, values: list[Quantity]) -> list[Quantity]:
    """The values, a bare one taking the unit of the next where only a joint stands between ("20 vs. 63 months")."""
    shared = list(values)
    for place_, (first, second) in enumerate(pairwise(values)):
        bare = first.kind == "plain" and first.unit is None and second.kind in ("percent", "duration", "plain")
        joint = scene.found.terms_in(Span(first.end, second.start), "cues", "versus", "conjunction", "range-to")
        if bare and joint and second.start - first.end <= 12:
            shared[place_] = replace(first, kind=second.kind, unit=second.unit)
    return shared


def alike(scene: Scene, first: Quantity, second: Quantity) -> bool:
    """Whether two neighbouring values can belong to one comparison."""
    if first.kind != second.kind or first.unit != second.unit:
        return False
    named = [m for m in scene.endpoints if first.end <= m.start and m.end <= second.start]
    other = [q for q in scene.values if first.end <= q.start < second.start]
    tested = [p for p in scene.found.probabilities if first.end <= p.start < second.start]
    return not named and not other and not tested


def value_endpoint(
    scene: Scene,
    group: list[Quantity],
    previous_end: int,
    next_start: int,
    last: tuple[int, Span | None] | None,
) -> tuple[int, Span | None] | None:
    """The endpoint of a group of values: named before it, else the one of the group before, else after it."""
    since = [m for m in scene.endpoints if previous_end <= m.start and m.end <= group[0].start]
    if since:
        return since[-1].index, since[-1]
    if last is not None:
        return last
    before = [m for m in scene.endpoints if m.end <= group[0].start]
    if before:
        return before[-1].index, before[-1]
    after = [m for m in scene.endpoints if group[-1].end <= m.start < next_start]
    if after:
        return after[0].index, after[0]
    subject = subject_of(scene, group[0])
    if subject is not None or not in_abstract(scene):
        return subject
    return (scene.topic, None) if scene.topic is not None else None


def in_abstract(scene: Scene) -> bool:
    """Whether the sentence is one of the abstract, dense enough to carry an endpoint from sentence to sentence."""
    return scene.found.section_of(scene.sentence).in_abstract


def subject_of(scene: Scene, quantity: Quantity) -> tuple[int, Span] | None:
    """The grammatical subject before the value as an endpoint of its own, for outcomes the lexicon lacks."""
    verbs = [c for c in scene.cues("be") if c.end <= quantity.start]
    if not verbs:
        return None
    commas = [m.end() for m in _CLAUSE.finditer(scene.found.normal, scene.sentence.start, verbs[0].start)]
    span = trimmed(scene.found, max([scene.sentence.start, *commas]), verbs[0].start)
    if (
        span is None
        or is_unnamed(scene.found, span)
        or span.end - span.start > 80
        or any(m.start < span.end and span.start < m.end for m in scene.arms)
    ):
        return None
    return outcome_named(scene.found, span), span


def outcome_named(found: Reading, span: Span) -> int:
    """The endpoint that a phrase names, a new one if none has its words."""
    words = words_of(found, span)
    for index, draft in enumerate(found.endpoints):
        if any(words == words_of(found, known) for known in draft.spans):
            return index
    draft = EndpointDraft(role="other", names=[], concept=None, spans=[])
    add_name(found, draft, span, None)
    found.endpoints.append(draft)
    return len(found.endpoints) - 1


def is_unnamed(found: Reading, span: Span) -> bool:
    """Whether a subject names no outcome: "the figures", "the incidence"."""
    heads = found.terms_in(span, "cues", "endpoint-head")
    whole = any(head.start == span.start and head.end == span.end for head in heads)
    return whole or bool(found.terms_in(span, "cues", "unnamed", "pointer"))


def kind_of_value(quantity: Quantity, statistic: str | None) -> str:
    """The measure of a per-arm value, by the statistic that governs it, its unit and its spread."""
    if quantity.kind == "percent":
        # A printed sign makes it a change, not a share of people.
        return "other" if quantity.number.text[:1] in "+-\u2212" else "proportion"
    if quantity.kind in ("fraction", "people"):
        return "count"
    if statistic in ("median", "mean", "rate"):
        return statistic
    if quantity.dispersion is not None:
        return "median" if quantity.dispersion.kind in ("IQR", "range") else "mean"
    if quantity.unit is not None and quantity.unit.startswith("per "):
        return "rate"
    return "other"


@SpacyLanguage.factory(COMPONENT)
def create_results(nlp: SpacyLanguage, name: str) -> ResultLinker:
    """The component that links results."""
    return ResultLinker()
