"""Finds the endpoints: those the text declares, with their role, and those whose results it reports."""

from __future__ import annotations

import re
from collections.abc import Iterator

from spacy.language import Language as SpacyLanguage
from spacy.tokens import Doc

from extractors.components.declarations import OUTCOME, aimed, declared, is_outcome, measured, states_aim, under_heading
from extractors.components.identity import Phrase, clusters, draft_of, with_instruments
from extractors.components.noun_phrases import Phrases
from extractors.components.outcome_phrases import headed
from extractors.components.reported import compared
from extractors.components.terms import CHANGES, CONTRASTS, DIRECTIONS, notation_of
from extractors.components.zones import result_sentences
from extractors.normal import is_han
from extractors.reading import Mention, Reading, Sentence, Span, Term, reading

COMPONENT = "evidence_endpoints"
# Below this confidence a span of the trained model only confirms what grammar says.
SURE = 0.5
# A sentence that opens with the start of the trial or with age tells who took part: "At baseline, …", "Mean age …".
_AT_ONCE, _SOON = 3, 8


class EndpointFinder:
    """Fills ``reading.endpoints`` and ``reading.endpoint_mentions``."""

    def __call__(self, doc: Doc) -> Doc:
        """Take the declared endpoints first, then the lexicon's and the phrases built around a head word."""
        found = reading(doc)
        phrases = []
        results = result_sentences(found)
        for sentence in found.sentences:
            if sentence.role == "background" and states_aim(found, sentence):
                phrases += [declaration(found, role, cue, span) for role, cue, span in aimed(found, sentence)]
            elif sentence.role not in ("background", "title"):
                said = list(declared(found, sentence)) or list(under_heading(found, sentence))
                if not said and sentence not in results and sentence.role in ("methods", "abstract"):
                    said = list(measured(found, sentence)) or list(aimed(found, sentence))
                phrases += [declaration(found, role, cue, span) for role, cue, span in said]
        names = [found.text(phrase.span) for phrase in phrases]
        for sentence in found.sentences:
            for span, concept in named(found, sentence, sentence in results, names):
                phrases.append(Phrase(found, span, concept))
        groups = with_instruments(clusters(phrases, results))
        found.endpoints = [draft_of(group) for group in groups]
        found.endpoint_mentions = sorted(
            {Mention(p.span.start, p.span.end, index) for index, group in enumerate(groups) for p in group},
            key=lambda mention: (mention.start, mention.end),
        )
        keep_reported(found)
        return doc


def declaration(found: Reading, role: str, cue: Term, span: Span) -> Phrase:
    """The phrase of a declared endpoint, with the stretch that declares it."""
    return Phrase(
        found, span, inner_concept(found, span), role, Span(min(cue.start, span.start), max(cue.end, span.end))
    )


def named(
    found: Reading, sentence: Sentence, results: bool, declared_names: list[str]
) -> list[tuple[Span, str | None]]:
    """The endpoints mentioned in a sentence: the lexicon's terms and defined abbreviations of endpoints."""
    whole = Phrases(found, sentence)
    spans: list[tuple[Span, str | None]] = [
        (Span(term.start, term.end), term.iri)
        for term in found.terms_in(sentence, "endpoints")
        if not (defined_otherwise(found, term) or within_measure(found, term) or is_change(found, term))
        and not whole.modifies(term)
    ]
    for short, long in found.abbreviations.items():
        terms = found.terms_in(long, "endpoints")
        concept = terms[0].iri if terms and terms[0].end == long.end else None
        is_endpoint = concept or found.text(long) in declared_names
        if is_endpoint:
            pattern = re.compile(rf"(?<![A-Za-z0-9]){re.escape(short)}(?![A-Za-z0-9])")
            exact = terms[0].iri if terms and terms[0].start == long.start and concept else None
            for match in pattern.finditer(found.normal, sentence.start, sentence.end):
                spans.append((Span(match.start(), match.end()), exact))
    for span in again(found, sentence, declared_names):
        spans.append((span, None))
    phrases = [*headed(found, sentence), *learned(found, sentence)]
    if results:
        phrases += [span for listed in compared(found, sentence) if confirmed(found, listed) for span in listed]
    spans += [(span, inner_concept(found, span)) for span in phrases]
    parts = [t for scheme in ("subgroups", "conditions", "designs") for t in found.terms_in(sentence, scheme)]
    spans = [entry for entry in spans if not any(longer(part, entry[0]) for part in parts)]
    spans = [entry for entry in spans if not is_time(found, entry[0])]
    widened = [whole.around(span) for span, _ in spans]
    spans = [
        (wide, concept if wide == span else inner_concept(found, wide))
        for wide, (span, concept) in zip(widened, spans, strict=True)
    ]
    others: list[Span] = [mention for mention in found.arm_mentions if sentence.contains(mention)]
    others += [*covariates(found, sentence), *taken_in(found, sentence)]
    spans = [entry for entry in spans if not any(other.contains(entry[0]) for other in others)]
    kept: list[tuple[Span, str | None]] = []
    for span, concept in sorted(spans, key=lambda entry: (entry[0].start - entry[0].end, entry[0].start)):
        if not any(span.start < other.end and other.start < span.end for other, _ in kept):
            kept.append((span, concept))
    return sorted(kept, key=lambda entry: entry[0].start)


def is_time(found: Reading, span: Span) -> bool:
    """Whether an event only tells when, in Chinese by the word right behind it: "after the fracture"."""
    behind = found.terms_in(Span(span.end, span.end + 1), "cues", "time-after")
    return bool(behind) and is_han(found.normal[span.end - 1]) and is_han(found.text(behind[0]))


def covariates(found: Reading, sentence: Sentence) -> Iterator[Span]:
    """What an analysis was adjusted for: "after adjusting for age, body mass index and smoking, …"."""
    for cue in found.terms_in(sentence, "cues", "adjusted"):
        behind = Span(cue.end, sentence.end)
        verbs = found.terms_in(behind, "cues", "be", "had", "effect", "no-difference", *DIRECTIONS)
        opened = found.terms_in(Span(cue.start, min(cue.end + 5, sentence.end)), "cues", "stop")
        if opened or " " in found.text(cue):
            ends = [verb.start for verb in verbs]
            ends += [q.start for q in found.quantities if behind.contains(q)]
            yield Span(cue.end, min([*ends, sentence.end]))


def taken_in(found: Reading, sentence: Sentence) -> Iterator[Span]:
    """What the people had who were taken into the trial: "17 patients without reflux were randomised"."""
    entries = found.terms_in(sentence, "cues", "allocation", "enrolled", "assignment")
    if entries:
        for people in found.terms_in(Span(sentence.start, entries[0].start), "cues", "people"):
            links = found.terms_in(Span(people.end, entries[0].start), "cues", "having", "negation")
            if any(link.start - people.end <= 1 for link in links):
                yield Span(people.end, entries[0].start)


def learned(found: Reading, sentence: Sentence) -> Iterator[Span]:
    """The outcomes that the trained model marks in a sentence, one for each member of a list."""
    if found.terms_in(sentence, "cues", "subgroup-analysis", "subgroup"):
        # There, the model takes parts of the people for outcomes.
        return
    phrases = Phrases(found, sentence)
    for span in found.labelled:
        if span.kind.startswith(OUTCOME) and span.confidence >= SURE and sentence.contains(span):
            yield from phrases.members(before_verb(found, span))


def before_verb(found: Reading, span: Span) -> Span:
    """The span without a verb at its end, which the model now and then takes in: "median OS was"."""
    verbs = [t for t in found.terms_in(span, "cues", "be", "had", "clause-verb", "completed") if t.end == span.end]
    cut = found.normal[span.start : verbs[0].start].rstrip() if verbs and not is_han(found.text(verbs[0])) else ""
    return Span(span.start, span.start + len(cut)) if cut else span


def confirmed(found: Reading, listed: list[Span]) -> bool:
    """Whether what grammar alone makes a list of outcomes is one, by a member's words or by the trained model."""
    return not found.labelled or any(is_outcome(found, span) for span in listed)


def defined_otherwise(found: Reading, term: Term) -> bool:
    """Whether the text gives an abbreviation a meaning of its own: "progesterone receptor (PR)"."""
    long = found.abbreviations.get(found.normal[term.start : term.end])
    return long is not None and term.iri not in {t.iri for t in found.terms_in(long, "endpoints")}


def is_change(found: Reading, term: Term) -> bool:
    """Whether a term only says that something else changed: "a fall in blood pressure"."""
    same = [t for t in found.terms_in(Span(term.start, term.end), "cues", *CHANGES) if t.end == term.end]
    behind = found.terms_in(Span(term.end, term.end + 4), "cues", "filler", "of")
    return bool(same) and bool(behind)


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
    inside += found.quantities_in(span)
    return terms[0].iri if not found.without(span, inside).strip(" -") else None


def again(found: Reading, sentence: Sentence, names: list[str]) -> Iterator[Span]:
    """Places where the words of a declared endpoint stand again."""
    for name in names:
        for match in re.finditer(re.escape(name), found.document.text[sentence.start : sentence.end], re.IGNORECASE):
            yield Span(sentence.start + match.start(), sentence.start + match.end())


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
    sentence = found.sentence_of(mention)
    if sentence is None:
        return True
    if sentence.role in ("background", "title") or found.terms_in(sentence, "cues", "prognostic", "characteristics"):
        return False
    examples = found.terms_in(Span(sentence.start, mention.start), "cues", "most-frequent")
    named = bool(examples) and found.terms_in(Span(examples[-1].end, mention.start), "cues", "be", "include")
    if named and not any(examples[-1].end <= q.start < sentence.end for q in found.quantities):
        # "The most common events were nausea and rash" gives no result of either.
        return False
    if sentence.role == "methods":
        return True
    starts = [t for t in found.terms_in(sentence, "cues", "baseline") if t.start - sentence.start <= _AT_ONCE]
    aged = [t for t in found.terms_in(sentence, "cues", "age") if t.start - sentence.start <= _SOON]
    return not (starts or aged) or bool(found.terms_in(sentence, "cues", "than", "from", "versus", *CHANGES))


@SpacyLanguage.factory(COMPONENT)
def create_endpoints(nlp: SpacyLanguage, name: str) -> EndpointFinder:
    """The component that finds the endpoints."""
    return EndpointFinder()
