"""Tells which phrases name one outcome: by concept, by their words, or a short form by the full one."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from extractors import normal
from extractors.components.terms import CHANGES, STATISTICS, notation_of
from extractors.findings import Name
from extractors.normal import is_han
from extractors.reading import EndpointDraft, Reading, Sentence, Span

# Words around a name that do not tell one outcome from another.
_BARE = ("change", "filler", "of", "significant", "time-at", "particle", "baseline", "stop", "range-to", *CHANGES)
# From what share of common words on two phrases name one outcome.
_ALIKE = 0.75
# How long the joint of a list is at most, in characters.
_JOINT = 6
# A bound: a sign of comparison with its number.
LIMIT = re.compile(r"[<>\u2264\u2265]\s*\d[\d.,]*")
# How far an instrument stands from what it measures.
_MEANS = 40


@dataclass(frozen=True)
class Phrase:
    """A phrase that names an outcome, with the role declared for it and the span that declares it, if any."""

    found: Reading
    span: Span
    concept: str | None = None
    role: str = "other"
    role_span: Span | None = None

    @property
    def text(self) -> str:
        """The phrase, normalised."""
        return self.found.normal[self.span.start : self.span.end]

    @cached_property
    def sentence(self) -> Sentence | None:
        """The sentence that the phrase stands in."""
        return self.found.sentence_of(self.span)

    @cached_property
    def heads(self) -> frozenset[str]:
        """The head words of the phrase ("incidence", "duration")."""
        heads = self.found.terms_in(self.span, "cues", "endpoint-head")
        return normal.words_of(" ".join(self.found.normal[t.start : t.end] for t in heads))

    @cached_property
    def joined(self) -> bool:
        """Whether the phrase names two things at once: "anxiety and depression"."""
        return bool(self.found.terms_in(self.span, "cues", "conjunction", "alternative"))

    @cached_property
    def composite(self) -> bool:
        """Whether the phrase names either of two events: "stroke or death"."""
        return bool(self.found.terms_in(self.span, "cues", "alternative"))

    @cached_property
    def limit(self) -> str:
        """The bound that the phrase sets, with its sign, or nothing: "blood pressure <140 mmHg"."""
        bound = LIMIT.search(self.text)
        return bound.group().replace(" ", "") if bound else ""

    @cached_property
    def words(self) -> frozenset[str]:
        """All words of the phrase, abbreviated as the paper does, and the bound that it sets."""
        return normal.words_of(_contracted(self.found, self.text)) | ({self.limit} if self.limit else frozenset())

    @cached_property
    def key(self) -> frozenset[str]:
        """The words that tell the outcome from others: no head words, statistics, changes, times."""
        bare: list[Span] = [
            *self.found.terms_in(self.span, "cues", "endpoint-head", *_BARE),
            *self.found.terms_in(self.span, "units"),
            *(t for t in self.found.terms_in(self.span, "measures") if notation_of(t.iri) in STATISTICS),
            *(q for q in self.found.quantities_in(self.span) if q.kind != "plain"),
        ]
        return normal.words_of(_contracted(self.found, self.found.without(self.span, bare))) or self.words


def _contracted(found: Reading, text: str) -> str:
    """The text with each long form that the paper abbreviates replaced by its short form, so that it is one word."""
    for short, long in found.abbreviations.items():
        if long.end - long.start <= len(text):
            text = re.sub(re.escape(found.normal[long.start : long.end]), short, text, flags=re.IGNORECASE)
    return text


def one_outcome(first: Phrase, second: Phrase) -> bool:
    """Whether two phrases name one outcome, by their concept or their words.

    Chinese names differ by single characters, so that there only the same words are the same name.
    """
    if first.words == second.words or first.span.start == second.span.start:
        return True
    if first.concept is not None and first.concept == second.concept:
        return not _listed(first, second)
    if not _compatible(first, second):
        return False
    if first.key == second.key:
        return True
    common = 2 * len(first.key & second.key) / (len(first.key) + len(second.key))
    apart = first.sentence is None or first.sentence != second.sentence
    return common >= _ALIKE and apart and not is_han(first.text)


def _listed(first: Phrase, second: Phrase) -> bool:
    """Whether two phrases stand side by side in a list, as two outcomes even of one concept: "success and failure"."""
    start, end = sorted((first.span, second.span), key=lambda span: span.start)
    gap = Span(start.end, end.start)
    if first.found is not second.found or gap.end - gap.start > _JOINT:
        return False
    joints = first.found.terms_in(gap, "cues", "conjunction", "alternative")
    return not first.found.without(gap, joints).strip(" ,") and gap.end > gap.start


def clusters(phrases: Sequence[Phrase], results: Collection[Sentence]) -> list[list[Phrase]]:
    """The phrases sorted by the outcome that they name, in order of the first of each.

    ``results`` are the sentences that report results.
    """
    groups: list[list[Phrase]] = []
    for phrase in phrases:
        group = _nearest(phrase, groups)
        if group is None:
            groups.append([phrase])
        else:
            group.append(phrase)
    for group in sorted(groups, key=lambda group: min(len(phrase.key) for phrase in group)):
        reported = [p.span.start for p in group if p.sentence in results]
        fuller = [
            other
            for other in groups
            if other is not group
            and is_short_for(group, other)
            and (not reported or min(p.span.start for p in other) < min(reported))
        ]
        if len(fuller) == 1:
            # The concept of a short form ("progression") is wider than the outcome that it stands for here.
            short = [replace(phrase, concept=None) for phrase in group]
            first = next(other is group for other in groups if other is group or other is fuller[0])
            # In place: a group that has taken in another may be taken in by a third.
            fuller[0][:] = [*short, *fuller[0]] if first else [*fuller[0], *short]
            groups = [other for other in groups if other is not group]
    return groups


def with_instruments(groups: Sequence[list[Phrase]]) -> list[list[Phrase]]:
    """The groups with what an outcome was measured by taken into it, where each has only the other: "pain by VAS"."""
    pairs = {
        (place, other)
        for place, group in enumerate(groups)
        for other, instruments in enumerate(groups)
        if place != other and any(measured_by(p, q) for p in group for q in instruments)
    }
    merged = [list(group) for group in groups]
    for place, other in sorted(pairs):
        alone = sum(place in pair or other in pair for pair in pairs) == 1
        if alone and all(q.role_span is None or q.role == "other" for q in groups[other]):
            merged[place] += [replace(phrase, concept=None) for phrase in groups[other]]
            merged[other] = []
    return [group for group in merged if group]


def measured_by(outcome: Phrase, instrument: Phrase) -> bool:
    """Whether a sentence says that an outcome was measured by an instrument: "pain was assessed with the VAS"."""
    found, gap = outcome.found, Span(outcome.span.end, instrument.span.start)
    if not 0 < gap.end - gap.start <= _MEANS or is_han(outcome.text):
        return False
    said = found.terms_in(gap, "cues", "assessed", "definition", "finding")
    means = [t for t in found.terms_in(gap, "cues", "definition", "having", "stop", "time-at") if _is_means(found, t)]
    rest = found.terms_in(gap, "cues", "be", "filler", "significant", "function-word")
    listed = found.normal[: outcome.span.start].rstrip()[-4:].endswith((",", " and", "/"))
    going_on = found.normal[instrument.span.end : instrument.span.end + 5].lstrip(" )").startswith(("and ", ","))
    using = any(found.text(t).casefold().endswith("using") for t in means)
    return (
        (bool(said and means) or using)
        and not found.without(gap, [*said, *means, *rest]).strip(" (")
        and not (listed and rest)
        and not (going_on and rest)
    )


def _is_means(found: Reading, term: Span) -> bool:
    return found.text(term).casefold().split()[-1] in ("by", "with", "using", "on", "via")


def _nearest(phrase: Phrase, groups: Sequence[list[Phrase]]) -> list[Phrase] | None:
    """The group that a phrase belongs to: of its concept, else of its words, else one alike."""
    tests: tuple[Callable[[Phrase], bool], ...] = (
        lambda other: phrase.words == other.words or phrase.span.start == other.span.start,
        lambda other: phrase.concept is not None and phrase.concept == other.concept and one_outcome(phrase, other),
        lambda other: phrase.key == other.key and one_outcome(phrase, other),
        lambda other: one_outcome(phrase, other),
    )
    return next((group for test in tests for group in groups if any(map(test, group))), None)


def is_short_for(group: Sequence[Phrase], other: Sequence[Phrase]) -> bool:
    """Whether one outcome's phrases are short for another's: fewer of the same words, never side by side."""
    pairs = [(a, b) for a in group for b in other if a.key < b.key and not is_han(a.text)]
    held = any(_compatible(a, b) and not b.joined for a, b in pairs)
    return held and not {p.sentence for p in group} & {p.sentence for p in other}


def _compatible(first: Phrase, second: Phrase) -> bool:
    """Whether concepts and head words of two phrases allow them to name one outcome: an incidence is no duration."""
    if first.concept and second.concept and first.concept != second.concept:
        return False
    if first.composite != second.composite or first.limit != second.limit:
        # Reaching a bound is not the amount itself, and either of two events is neither.
        return False
    return not first.heads or not second.heads or first.heads == second.heads


def draft_of(group: Sequence[Phrase]) -> EndpointDraft:
    """The endpoint that the phrases name; the first role other than "other" counts."""
    draft = EndpointDraft(role="other", names=[], concept=None, spans=[])
    for phrase in group:
        add_name(draft, phrase)
        if phrase.role_span is not None and (
            draft.role_span is None or (draft.role == "other" and phrase.role != "other")
        ):
            draft.role, draft.role_span = phrase.role, phrase.role_span
    return draft


def add_name(draft: EndpointDraft, phrase: Phrase) -> None:
    """Add one surface form to the endpoint, once, and learn its concept if it had none."""
    printed = phrase.found.text(phrase.span)
    if all(name.text.casefold() != printed.casefold() for name in draft.names):
        draft.names.append(Name(printed, phrase.found.language, phrase.concept))
    draft.spans.append(phrase.span)
    draft.concept = draft.concept or phrase.concept


def endpoint_named(found: Reading, span: Span) -> int:
    """The endpoint that a phrase of a result names: one of the same words, the one it is short for, or a new one."""
    phrase = Phrase(found, span)
    known = [[Phrase(found, other) for other in draft.spans] for draft in found.endpoints]
    nearest = _nearest(phrase, known)
    if nearest is not None:
        return next(index for index, group in enumerate(known) if group is nearest)
    fuller = [index for index, group in enumerate(known) if is_short_for([phrase], group)]
    return fuller[0] if len(fuller) == 1 else new_endpoint(found, span)


def new_endpoint(found: Reading, span: Span) -> int:
    """A new endpoint, named by a phrase; its place among the endpoints."""
    found.endpoints.append(draft_of([Phrase(found, span)]))
    return len(found.endpoints) - 1
