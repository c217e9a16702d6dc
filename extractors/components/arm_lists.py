"""Finds the lists of arms in a text, the surest kind first: where people are assigned, counted or compared."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractors.components.allocation import Part, listed_arms, part_of, parts, share
from extractors.components.group_names import group_phrases
from extractors.components.terms import VERSUS
from extractors.reading import Reading, Sentence, Span, Term

_ROLES = ("abstract", "methods", "results", "title", "background", "conclusion")
_MOST_ARMS = 6
_NEAR = 40
_BEFORE_VERB = ("people", "be", "filler", "assignment", "allocation")
_BEFORE_VERSUS = ("objective", "comparing", "filler", "having", "of", "time-at", "stop", "receive")
_CLAUSE_END = re.compile(r"[,;.\u3002](?!\d)")


def candidates(found: Reading) -> Iterator[list[Part]]:
    """Lists of arms, the surest first: allocation sentences, then titles and aims that set two things apart."""
    ordered = sorted(found.sentences, key=lambda s: _ROLES.index(s.role) if s.role in _ROLES else len(_ROLES))
    strong, weak = [], []
    for sentence in ordered:
        listed = listed_arms(found, sentence)
        if 2 <= len(listed) <= _MOST_ARMS and found.terms_in(sentence, "cues", "allocation"):
            strong.append(listed)
        elif listed:
            weak.append(listed)
    yield from sorted(strong, key=lambda listed: -share(found, listed))
    for ways in (compared, counted, set_side_by_side):
        for sentence in found.sentences:
            listed = ways(found, sentence)
            if 2 <= len(listed) <= _MOST_ARMS:
                yield listed
    groups = group_arms(found)
    if groups:
        yield groups
    yield from (listed for listed in weak if 2 <= len(listed) <= _MOST_ARMS)


def counted(found: Reading, sentence: Sentence) -> list[Part]:
    """The arms of "15 patients received A, 18 were treated with B": what each number of people was given."""
    listed = []
    for quantity in found.quantities:
        if not sentence.contains(quantity) or quantity.kind not in ("people", "plain") or quantity.unit:
            continue
        given = [
            t
            for t in found.terms_in(Span(quantity.end, sentence.end), "cues", "receive")
            if _follows(found, quantity, t)
        ]
        if given:
            end = _CLAUSE_END.search(found.normal, given[0].end, sentence.end)
            stops = [q.start for q in found.quantities if given[0].end < q.start and sentence.contains(q)]
            limit = min([end.start() if end else sentence.end, *stops[:1]])
            part = part_of(found, given[0].end, limit)
            if part is not None:
                listed.append(Part(part.start, part.end, part.labels, quantity))
    return listed


def _follows(found: Reading, number: Span, verb: Term) -> bool:
    gap = Span(number.end, verb.start)
    rest = found.without(gap, found.terms_in(gap, "cues", "people", "be", "filler", "assignment", "allocation"))
    return gap.end - gap.start <= _NEAR and not rest.strip()


def set_side_by_side(found: Reading, sentence: Sentence) -> list[Part]:
    """The two sides of "a trial comparing A with B in patients with C"."""
    for cue in found.terms_in(sentence, "cues", "comparing"):
        rest = Span(cue.end, sentence.end)
        for joint in found.terms_in(rest, "cues", "having", "range-to", "conjunction"):
            ends = [t.start for t in found.terms_in(Span(joint.end, sentence.end), "cues", "stop", "filler", "of")]
            clause = _CLAUSE_END.search(found.normal, joint.end, sentence.end)
            end = min([*ends, clause.start() if clause else sentence.end])
            first, second = part_of(found, cue.end, joint.start), part_of(found, joint.end, end)
            if first and second and share(found, [first, second]) == 1.0:
                return [first, second]
    return []


def group_arms(found: Reading) -> list[Part]:
    """The arms as the text calls its groups, where nothing lists them: the control group and the other one."""
    phrases: dict[str, list[Span]] = {}
    for phrase in group_phrases(found):
        phrases.setdefault(found.normal[phrase.start : phrase.end].casefold(), []).append(phrase)
    control = [spans for spans in phrases.values() if found.terms_in(spans[0], "cues", "control-arm", "negation")]
    others = [spans for spans in phrases.values() if spans not in control and len(spans) > 1]
    if not control or not others:
        return []
    first = max(others, key=len)[0]
    second = max(control, key=len)[0]
    return [Part(span.start, span.end, (), None) for span in (first, second)]


def compared(found: Reading, sentence: Sentence) -> list[Part]:
    """The two sides of "A versus B in patients with C" in a title or an aim."""
    cues = found.terms_in(sentence, "cues", "objective", "comparing")
    if sentence.role != "title" and not cues:
        return []
    if VERSUS not in found.mask[sentence.start : sentence.end]:
        return []
    start = sentence.start
    versus = found.mask.index(VERSUS, sentence.start)
    for colon in re.finditer(r"[:.]\s", found.normal[sentence.start : versus]):
        start = sentence.start + colon.end()
    for cue in found.terms_in(
        Span(sentence.start, versus),
        "cues",
        "objective",
        "comparing",
        "filler",
        "having",
        "of",
        "time-at",
        "stop",
        "receive",
    ):
        if versus - cue.end > 3:
            start = max(start, cue.end)
    end = next(
        (t.start for t in found.terms_in(sentence, "cues", "stop", "filler", "having", "of") if t.start > versus + 8),
        sentence.end,
    )
    return parts(found, Span(start, end))
