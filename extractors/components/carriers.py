"""The phrase that carries a number, as an outcome of its own where the lexicon knows none.

In "hip circumference (-4.0 cm …)" it stands before the bracket, in "plasma leptin fell by 0.6 %" it is the subject.
"""

from __future__ import annotations

import re

from extractors.components.arm_phrases import trimmed
from extractors.components.noun_phrases import Phrases
from extractors.components.scene import Scene
from extractors.components.terms import CONTRASTS, DIRECTIONS, STATISTICS, notation_of
from extractors.normal import HAN, is_han
from extractors.reading import Reading, Span

_LONGEST = 80
_CLAUSE = re.compile(r"[,;:]\s(?!\d)|[)\]]\s*,?\s*|[;:,](?=[^\x00-\x7f])")
# A label of a value inside a bracket: "(LVESD: 33.4 mm; LVEDD: 52.0 mm)".
_LABEL = re.compile(r"[(\[;]\s*([^\s()\[\];:,=][^()\[\];:,=]{1,40}?)\s*[:=]\s*$")
# A name has a word of some length, an acronym or Chinese characters.
_NAMING = re.compile(r"[^\W\d_]{4}|[A-Z][A-Za-z\d-]*[A-Z\d]|[^\x00-\x7f]")
# A Chinese word.
_WORD = re.compile(f"[{HAN}]{{2,4}}")
# Short forms of ratios with what they are of before them: "aRR", "cOR", "aRRR".
_RATIO = re.compile(r"[a-z]{1,3}(?:HR|OR|RR|RRR|IRR|PR)s?")
# Words of a comparison: a phrase with one of them is a clause, not the name of an outcome.
_COMPARING = (
    "than",
    "no-difference",
    "group",
    "people",
    "unnamed",
    "pointer",
    "both-groups",
    "between-groups",
    "difference",
    "effect",
    "be",
    "had",
)
# What opens a phrase without being part of its name: "a significant improvement in", "mean", "fewer".
_OPENING = (
    "significant",
    "filler",
    "of",
    "conjunction",
    "having",
    "range-to",
    "be",
    "had",
    "study",
    "trial",
    *DIRECTIONS,
)
_VERBS = ("be", "had", "significant", "no-difference", *DIRECTIONS)


def bracket_carrier(scene: Scene, previous_end: int, start: int) -> Span | None:
    """The phrase right before the open bracket that holds a number, if the bracket opened after the last number."""
    if scene.cues("subgroup-analysis", "subgroup"):
        # There, what stands before a bracket is a part of the people.
        return None
    label = _LABEL.search(scene.between(previous_end, start))
    if label is not None:
        named = outcome_phrase(scene, previous_end + label.start(1), previous_end + label.end(1))
        if named is not None:
            return named
    text = scene.between(previous_end, start)
    bracket = max(text.rfind("("), text.rfind("["))
    if bracket < 0 or re.search(r"[)\]]", text[bracket:]):
        return None
    return name_before(scene, previous_end, before_predicate(scene, previous_end, previous_end + bracket))


def before_predicate(scene: Scene, start: int, end: int) -> int:
    """Where the Chinese predicate begins that ends at an offset: "the length of stay was shorter [10 d …"."""
    cues = scene.found.terms_in(Span(start, end), "cues", "significant", "function-word", "filler", *DIRECTIONS)
    cues = [cue for cue in cues if is_han(scene.found.text(cue))]
    while closing := [cue for cue in cues if cue.end == end]:
        end = closing[0].start
    return end


def verb_carrier(scene: Scene, previous_end: int, start: int) -> Span | None:
    """The phrase right before the Chinese verb that a number follows: "the share of use was, respectively, 57% …"."""
    verbs = [c for c in scene.cues("be", "respectively", "reach") if previous_end <= c.start and c.end <= start]
    if not verbs or not is_han(scene.found.text(verbs[-1])) or scene.between(verbs[-1].end, start).strip(" :("):
        return None
    end = verbs[-1].start
    people = scene.found.terms_in(Span(previous_end, end), "cues", "people", "both-groups", "between-groups", "group")
    closing = [c for c in people if c.end == end]
    floor = max([previous_end, *(c.end for c in people if c.end < end)])
    named = name_before(scene, floor, closing[0].start if closing else end) or _whole_subject(scene, floor, end)
    # "In the model with high costs, it was …" says where, not what.
    aside = named and [
        c for c in scene.found.terms_in(named, "cues", "function-word", "time-at") if c.start == named.start
    ]
    return None if aside else named


def _whole_subject(scene: Scene, floor: int, end: int) -> Span | None:
    """A word that no list knows, where it is all that stands between a comma and the verb: the subject."""
    start = max((m.end() for m in _CLAUSE.finditer(scene.found.normal, floor, end)), default=end)
    span = Span(start, end)
    plain = _WORD.fullmatch(scene.found.normal, start, end) and not scene.found.terms_in(span)
    return span if plain and not any(m.start < end and start < m.end for m in scene.arms) else None


def name_before(scene: Scene, floor: int, end: int) -> Span | None:
    """The outcome named by the words that end at an offset, back to the clause's start, an arm or a verb."""
    starts = [floor, *(m.end() for m in _CLAUSE.finditer(scene.found.normal, floor, end))]
    starts += [m.end for m in scene.arms if floor <= m.start and m.end <= end]
    window = Span(max(starts), end)
    starts += [c.end for c in scene.found.terms_in(window, "cues", *_OPENING, "comparing", "versus")]
    return outcome_phrase(scene, max(starts), end)


def subject_carrier(scene: Scene, start: int) -> Span | None:
    """The grammatical subject of the clause of a number: what stands before its first verb."""
    floor = max((m.end() for m in _CLAUSE.finditer(scene.found.normal, scene.sentence.start, start)), default=0)
    for opening in sorted({scene.sentence.start, *(c for c in _openings(scene, start) if c <= floor)}, reverse=True):
        arms = [m.end for m in scene.arms if m.start - opening <= 4 and m.end <= start]
        begin = max([opening, *arms])
        verbs = [c for c in scene.cues(*_VERBS) if begin + 2 < c.start < start]
        if verbs:
            behind = [m.start for m in scene.arms if begin + 2 < m.start < verbs[0].start]
            found = outcome_phrase(scene, begin, min([verbs[0].start, *behind]))
            if found is not None:
                return found
    return None


def _openings(scene: Scene, start: int) -> list[int]:
    return [m.end() for m in _CLAUSE.finditer(scene.found.normal, scene.sentence.start, start)]


def outcome_phrase(scene: Scene, start: int, end: int) -> Span | None:
    """The words between two offsets as the name of an outcome, or ``None`` where they name something else."""
    found = scene.found
    span = trimmed(found, start, end)
    if span is not None and found.normal[: span.start].rstrip()[-1:].isdigit():
        # The unit of a number before the phrase is no part of it.
        units = [u for u in found.terms_in(span, "units") if u.start == span.start and u.end < span.end]
        span = trimmed(found, units[0].end, span.end) if units else span
    while span is not None:
        opening = [
            t
            for t in found.terms_in(span)
            if t.start == span.start and t.end < span.end and (_is_statistic(t.scheme, t.iri) or t.name in _OPENING)
        ]
        if not opening:
            break
        span = trimmed(found, opening[0].end, span.end)
    if span is None or not 3 <= span.end - span.start + 2 * is_han(found.text(span)) <= _LONGEST:
        return None
    if found.terms_in(span, "cues", *_COMPARING) or any(
        span.start < q.end and q.start < span.end for q in scene.values
    ):
        return None
    if any(m.start < span.end and span.start < m.end for m in scene.arms) or _only_heads(found, span):
        return None
    if _says_when(found, span) or _RATIO.fullmatch(found.text(span)):
        return None
    if not is_han(found.text(span)) and any(m.end <= span.start <= m.end + 1 for m in scene.arms):
        # "In the lapatinib arm (HR ...": what follows an arm's name in English still belongs to it.
        return None
    named = _NAMING.search(found.text(span)) and Phrases(found, scene.sentence).names_something(span)
    return span if named else None


def _says_when(found: Reading, span: Span) -> bool:
    """Whether a phrase begins with a word for a time or ends with one: "at discharge", "30 days after surgery"."""
    opening = [c for c in found.terms_in(span, "cues", "time-at") if c.start == span.start]
    closing = [c for c in found.terms_in(span, "cues", "time-after") if c.end == span.end]
    return bool(opening or closing)


def _is_statistic(scheme: str, iri: str) -> bool:
    return scheme == "measures" and notation_of(iri) in STATISTICS - {"rate", "proportion"}


def _only_heads(found: Reading, span: Span) -> bool:
    """Whether a phrase is a head word alone ("the incidence"), a statistic or a time, which name no outcome."""
    parts = [
        *found.terms_in(span, "cues", "endpoint-head", "filler", "time-at", "significant", "follow-up"),
        *found.terms_in(span, "measures"),
        *found.terms_in(span, "units"),
        *found.terms_in(span, "subgroups"),
        *found.terms_in(span, "designs"),
    ]
    if any(notation_of(t.iri) in CONTRASTS for t in parts if t.scheme == "measures"):
        return True
    return not re.search(r"[^\W\d_]{2}|[^\x00-\x7f]", found.without(span, parts))
