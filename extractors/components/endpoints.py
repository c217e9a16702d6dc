"""Finds the endpoints: those the text declares, with their role, and those whose results it reports."""

from __future__ import annotations

import re
from collections.abc import Iterator

from spacy.language import Language as SpacyLanguage
from spacy.tokens import Doc

from extractors import normal
from extractors.components.declarations import declared
from extractors.components.noun_phrases import Phrases
from extractors.components.outcome_phrases import headed
from extractors.components.reported import compared
from extractors.components.terms import CONTRASTS, notation_of
from extractors.components.zones import result_sentences
from extractors.findings import Name
from extractors.reading import EndpointDraft, Mention, Reading, Sentence, Span, Term, reading

COMPONENT = "evidence_endpoints"
# The trained model's labels of outcomes begin so; below this confidence a span only confirms what grammar says.
OUTCOME = "outcome"
SURE = 0.7


class EndpointFinder:
    """Fills ``reading.endpoints`` and ``reading.endpoint_mentions``."""

    def __call__(self, doc: Doc) -> Doc:
        """Take the declared endpoints first, then the lexicon's and the phrases built around a head word."""
        found = reading(doc)
        for sentence in found.sentences:
            if sentence.role not in ("background", "title"):
                for role, cue, span in declared(found, sentence):
                    self.declare(found, role, cue, span)
        results = result_sentences(found)
        for sentence in found.sentences:
            for span, concept in named(found, sentence, sentence in results):
                index = self.index_of(found, span, concept)
                found.endpoint_mentions.append(Mention(span.start, span.end, index))
        found.endpoint_mentions.sort(key=lambda mention: mention.start)
        keep_reported(found)
        return doc

    def declare(self, found: Reading, role: str, cue: Term, span: Span) -> None:
        """Record one declared endpoint; its first role counts."""
        inside = found.terms_in(span, "endpoints")
        covering = max(inside, key=lambda t: t.end - t.start, default=None)
        known = covering is not None and (covering.end - covering.start) >= 0.5 * (span.end - span.start)
        index = self.index_of(found, span, covering.iri if known and covering else None)
        draft = found.endpoints[index]
        if draft.role_span is None or (draft.role == "other" and role != "other"):
            draft.role, draft.role_span = role, Span(min(cue.start, span.start), max(cue.end, span.end))
        if not known:
            found.endpoint_mentions.append(Mention(span.start, span.end, index))

    def index_of(self, found: Reading, span: Span, concept: str | None) -> int:
        """The endpoint that the span names: by concept, by abbreviation or by its words; a new one if none fits."""
        words = words_of(found, span)
        for index, draft in enumerate(found.endpoints):
            same_concept = concept is not None and draft.concept == concept
            if same_concept or any(words == words_of(found, known) for known in draft.spans):
                add_name(found, draft, span, concept)
                return index
        draft = EndpointDraft(role="other", names=[], concept=concept, spans=[])
        add_name(found, draft, span, concept)
        found.endpoints.append(draft)
        return len(found.endpoints) - 1


def words_of(found: Reading, span: Span) -> frozenset[str]:
    """The words of a span under their comparison form, abbreviations written out."""
    text = found.normal[span.start : span.end]
    long = found.abbreviations.get(text.strip())
    return normal.words_of(found.normal[long.start : long.end] if long else text)


def add_name(found: Reading, draft: EndpointDraft, span: Span, concept: str | None) -> None:
    """Add one surface form to the endpoint, once, and learn its concept if it had none."""
    printed = found.text(span)
    if all(name.text.casefold() != printed.casefold() for name in draft.names):
        draft.names.append(Name(printed, found.language, concept))
    draft.spans.append(span)
    draft.concept = draft.concept or concept


def named(found: Reading, sentence: Sentence, results: bool) -> list[tuple[Span, str | None]]:
    """The endpoints mentioned in a sentence: the lexicon's terms and defined abbreviations of endpoints."""
    spans: list[tuple[Span, str | None]] = [
        (Span(term.start, term.end), term.iri)
        for term in found.terms_in(sentence, "endpoints")
        if not defined_otherwise(found, term) and not within_measure(found, term)
    ]
    for short, long in found.abbreviations.items():
        terms = found.terms_in(long, "endpoints")
        concept = terms[0].iri if terms and terms[0].end == long.end else None
        is_endpoint = concept or any(long == known for draft in found.endpoints for known in draft.spans)
        if is_endpoint:
            pattern = re.compile(rf"(?<![A-Za-z0-9]){re.escape(short)}(?![A-Za-z0-9])")
            exact = terms[0].iri if terms and terms[0].start == long.start and concept else None
            for match in pattern.finditer(found.normal, sentence.start, sentence.end):
                spans.append((Span(match.start(), match.end()), exact))
    for span in declared_again(found, sentence):
        spans.append((span, None))
    phrases = [*headed(found, sentence), *learned(found, sentence)]
    if results:
        phrases += [span for span in compared(found, sentence) if confirmed(found, span)]
    spans += [(span, inner_concept(found, span)) for span in phrases]
    parts = found.terms_in(sentence, "subgroups") + found.terms_in(sentence, "conditions")
    arms = [mention for mention in found.arm_mentions if sentence.contains(mention)]
    spans = [
        entry
        for entry in spans
        if not any(longer(part, entry[0]) for part in parts) and not any(arm.contains(entry[0]) for arm in arms)
    ]
    kept: list[tuple[Span, str | None]] = []
    for span, concept in sorted(spans, key=lambda entry: (entry[0].start - entry[0].end, entry[0].start)):
        if not any(span.start < other.end and other.start < span.end for other, _ in kept):
            kept.append((span, concept))
    return sorted(kept, key=lambda entry: entry[0].start)


def learned(found: Reading, sentence: Sentence) -> Iterator[Span]:
    """The outcomes that the trained model marks in a sentence and is sure of, if they say more than the lexicon."""
    if found.terms_in(sentence, "cues", "subgroup-analysis", "subgroup"):
        # There, the model takes parts of the people for outcomes.
        return
    phrases = Phrases(found, sentence)
    for span in found.labelled:
        if span.kind.startswith(OUTCOME) and span.confidence >= SURE and sentence.contains(span):
            phrase = phrases.cut(span.start, span.end)
            if phrase is not None and adds(found, phrase):
                yield phrase


def adds(found: Reading, phrase: Span) -> bool:
    """Whether a phrase says more than the one outcome that the lexicon knows in it: a statistic or a time does not."""
    terms = found.terms_in(phrase, "endpoints")
    if not terms or len(terms) > 1:
        return not terms
    inside: list[Span] = [*terms, *found.terms_in(phrase, "measures"), *found.terms_in(phrase, "units")]
    inside += [*found.terms_in(phrase, "cues"), *(q for q in found.quantities if phrase.contains(q))]
    return re.search(r"[^\W\d_]", found.without(phrase, inside)) is not None


def confirmed(found: Reading, span: Span) -> bool:
    """Whether a phrase that grammar alone makes an outcome is one by its words or by the trained model."""
    if not found.labelled or found.terms_in(span, "endpoints") or found.terms_in(span, "cues", "endpoint-head"):
        return True
    marked = [s for s in found.labelled if s.kind.startswith(OUTCOME)]
    return any(span.start < other.end and other.start < span.end for other in marked)


def defined_otherwise(found: Reading, term: Term) -> bool:
    """Whether the text gives an abbreviation a meaning of its own: "progesterone receptor (PR)"."""
    long = found.abbreviations.get(found.normal[term.start : term.end])
    return long is not None and term.iri not in {t.iri for t in found.terms_in(long, "endpoints")}


def within_measure(found: Reading, term: Term) -> bool:
    """Whether a term is half of an effect measure's name: "cumulative incidence difference"."""
    around = Span(max(0, term.start - 40), term.end + 40)
    measures = [m for m in found.terms_in(around, "measures") if notation_of(m.iri) in CONTRASTS]
    return any(m.start < term.end and term.start < m.end and not term.contains(m) for m in measures)


def longer(whole: Span, part: Span) -> bool:
    """Whether one span holds the other and more."""
    return whole.contains(part) and whole.end - whole.start > part.end - part.start


def inner_concept(found: Reading, span: Span) -> str | None:
    """The concept of the one endpoint within a phrase that adds only a head word to it ("risk of death")."""
    terms = found.terms_in(span, "endpoints")
    if len(terms) != 1:
        return None
    inside: list[Span] = [
        *terms,
        *found.terms_in(span, "cues", "endpoint-head", "filler", "of"),
        *found.terms_in(span, "measures"),
    ]
    inside += [q for q in found.quantities if span.contains(q)]
    return terms[0].iri if not found.without(span, inside).strip(" -") else None


def declared_again(found: Reading, sentence: Sentence) -> Iterator[Span]:
    """Places where the words of a declared endpoint that the lexicon does not know stand again."""
    for draft in found.endpoints:
        if draft.concept is None:
            for name in draft.names:
                pattern = re.compile(re.escape(name.text), re.IGNORECASE)
                for match in pattern.finditer(found.document.text, sentence.start, sentence.end):
                    yield Span(match.start(), match.end())


def keep_reported(found: Reading) -> None:
    """Drop endpoints that are only spoken of in the background, and renumber the mentions."""
    reported = {m.index for m in found.endpoint_mentions if _may_report(found, m)}
    kept = [index for index, draft in enumerate(found.endpoints) if draft.role != "other" or index in reported]
    places = {old: new for new, old in enumerate(kept)}
    found.endpoints = [found.endpoints[index] for index in kept]
    found.endpoint_mentions = [
        Mention(m.start, m.end, places[m.index]) for m in found.endpoint_mentions if m.index in places
    ]


def _may_report(found: Reading, mention: Mention) -> bool:
    """Whether a mention stands where results may: not in the background, nor where characteristics are correlated."""
    sentence = next((s for s in found.sentences if s.contains(mention)), None)
    if sentence is None:
        return True
    return sentence.role not in ("background", "title") and not found.terms_in(sentence, "cues", "prognostic")


@SpacyLanguage.factory(COMPONENT)
def create_endpoints(nlp: SpacyLanguage, name: str) -> EndpointFinder:
    """The component that finds the endpoints."""
    return EndpointFinder()
