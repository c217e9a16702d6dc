"""Reads the design: allocation, masking, phase, structure, framework, centres, ratio, follow-up, countries."""

from __future__ import annotations

import re
from functools import cache

from spacy.language import Language as SpacyLanguage
from spacy.tokens import Doc

import ontology
from extractors.components.countries import countries
from extractors.components.head_counts import is_verb
from extractors.components.numerals import number_words
from extractors.components.terms import notation_of
from extractors.confidence import assessed
from extractors.evidence import evidence
from extractors.findings import DesignFact, Number
from extractors.reading import Quantity, Reading, Sentence, Span, Term, reading

COMPONENT = "evidence_design"
# Where a design is stated; a background speaks of other studies, a conclusion of future ones.
_ROLES = ("title", "methods", "abstract", "results")
_ASPECTS = ("masking", "phase", "structure", "framework")
_RATIO = re.compile(r"(?<![\d.:/])([1-9]\d?(?:\s?:\s?[1-9]\d?){1,3})(?![\d.:/])")
_REACH = 90
# Between a number of sites and the word for them, or around the word "cluster".
_SITES = 40
_MODIFIERS = 3
_OPEN = "open-label"


@cache
def aspect_of(iri: str) -> str | None:
    """The aspect that a concept of the scheme designs is a value of, such as masking for open-label."""
    concept = ontology.concept(iri)
    broader = [b.rsplit("/", 1)[1] for b in concept.broader] if concept else []
    return broader[0] if broader else None


class DesignReader:
    """Fills ``reading.design``; an aspect that the text does not state is left out."""

    def __call__(self, doc: Doc) -> Doc:
        """Take the first statement of each aspect, titles before methods before the rest."""
        found = reading(doc)
        sentences = [s for role in _ROLES for s in found.sentences if s.role == role]
        facts = [self.allocation(found, sentences)]
        facts += [self.aspect(found, sentences, aspect) for aspect in _ASPECTS]
        facts += [self.centres(found, sentences), self.ratio(found, sentences), self.follow_up(found)]
        found.design = [fact for fact in facts if fact is not None]
        randomised = next((f for f in found.design if f.aspect == "allocation" and f.value == "randomised"), None)
        if randomised and not any(f.aspect == "structure" for f in found.design):
            # A randomised trial of which no other structure is said compares groups side by side.
            value = "cluster" if places_assigned(found, sentences) else "parallel"
            found.design.append(DesignFact("structure", value, randomised.evidence))
        found.design += [self._fact(found, "country", one.code, one.span) for one in countries(found)]
        return doc

    def allocation(self, found: Reading, sentences: list[Sentence]) -> DesignFact | None:
        """Randomised, non-randomised or observational, by the words of assignment or by the lexicon."""
        for sentence in sentences:
            for cue in found.terms_in(sentence, "cues", "allocation"):
                if sentence.role != "title" and is_verb(found, sentence, cue):
                    return self._fact(found, "allocation", "randomised", cue)
        for sentence in sentences:
            terms = [t for t in found.terms_in(sentence, "designs") if aspect_of(t.iri) == "allocation"]
            cues = found.terms_in(sentence, "cues", "allocation")
            if terms or cues:
                value = notation_of(terms[0].iri) if terms else "randomised"
                return self._fact(found, "allocation", value, (terms or cues)[0])
        return None

    def aspect(self, found: Reading, sentences: list[Sentence], aspect: str) -> DesignFact | None:
        """The first value of one aspect that the sentences name; a blind part of a trial counts before an open one."""
        named = [
            term
            for sentence in sentences
            for term in found.terms_in(sentence, "designs")
            if aspect_of(term.iri) == aspect
            and not is_stage(found, sentence, term)
            and not is_plain_cluster(found, sentence, term)
        ]
        named.sort(key=lambda term: notation_of(term.iri) == _OPEN)
        return self._fact(found, aspect, notation_of(named[0].iri), named[0]) if named else None

    def centres(self, found: Reading, sentences: list[Sentence]) -> DesignFact | None:
        """The number of sites, where a number stands before the word for them, or one if the trial is called so."""
        for sentence in sentences:
            numbers: list[tuple[Span, Number]] = []
            numbers += [(q, q.number) for q in quantities_in(found, sentence) if q.kind in ("plain", "people")]
            numbers += [(s, n) for s, n in number_words(found.normal, sentence, found.language) if n.value > 1]
            for term in found.terms_in(sentence, "cues", "centres"):
                for span, number in numbers:
                    gap = Span(span.end, term.start)
                    near = 0 <= gap.end - gap.start <= _SITES and number.value == int(number.value)
                    if near and not re.search(r"[,;.\d()]", found.normal[gap.start : gap.end]):
                        others = found.terms_in(gap, "cues", "people", "be", "receive", "conjunction", "of", "group")
                        if not others:
                            return self._fact(found, "centres", f"{int(number.value)}", span)
            for term in found.terms_in(sentence, "cues", "one-centre"):
                return self._fact(found, "centres", "1", term)
        return None

    def ratio(self, found: Reading, sentences: list[Sentence]) -> DesignFact | None:
        """The allocation ratio, in a sentence that speaks of allocation."""
        for sentence in sentences:
            cues = found.terms_in(sentence, "cues", "allocation", "assignment")
            for match in _RATIO.finditer(found.normal, sentence.start, sentence.end):
                if any(abs(match.start() - cue.end) <= _REACH for cue in cues):
                    span = Span(match.start(1), match.end(1))
                    return self._fact(found, "ratio", re.sub(r"\s", "", match[1]), span)
        return None

    def follow_up(self, found: Reading) -> DesignFact | None:
        """The median or mean time of follow-up."""
        for sentence in found.sentences:
            for term in found.terms_in(sentence, "cues", "follow-up"):
                for quantity in quantities_in(found, sentence):
                    if quantity.kind == "duration" and is_follow_up(found, sentence, quantity, term):
                        fact = self._fact(found, "follow-up", quantity.number.text, quantity)
                        return DesignFact(fact.aspect, fact.value, fact.evidence, quantity.unit)
        return None

    def _fact(self, found: Reading, aspect: str, value: str, span: Span) -> DesignFact:
        sure = assessed("design", (aspect, found.language))
        return DesignFact(aspect, value, (evidence(found, span, "value", COMPONENT, sure),))


def is_plain_cluster(found: Reading, sentence: Sentence, term: Term) -> bool:
    """Whether "cluster" is only a word ("symptom cluster"): no word of allocation or of a trial stands near it."""
    if term.name != "cluster" or len(found.normal[term.start : term.end].split()) > 1:
        return False
    around = Span(max(sentence.start, term.start - _SITES // 2), min(sentence.end, term.end + _SITES // 2))
    for cue in found.terms_in(around, "cues", "allocation", "study", "trial"):
        gap = Span(min(term.end, cue.end), max(term.start, cue.start))
        done = cue.start >= term.end and " " in found.normal[cue.start : cue.end]
        if not done and not found.terms_in(gap, "cues", "be", "people", "having"):
            return False
    return True


def places_assigned(found: Reading, sentences: list[Sentence]) -> bool:
    """Whether sites and not people were assigned ("16 health centres were randomly allocated")."""
    for sentence in sentences:
        for cue in found.terms_in(sentence, "cues", "allocation"):
            before = Span(max(sentence.start, cue.start - _REACH), cue.start)
            sites = found.terms_in(before, "cues", "centres")
            people = found.terms_in(before, "cues", "people")
            if sites and not people and is_verb(found, sentence, cue):
                opening = Span(max(sentence.start, sites[-1].start - _SITES), sites[-1].start)
                placed = found.terms_in(opening, "cues", "filler", "time-at", "from", "stop")
                if not placed or len(found.normal[placed[-1].end : sites[-1].start].split()) > _MODIFIERS:
                    return True
    return False


def is_stage(found: Reading, sentence: Sentence, term: Term) -> bool:
    """Whether a phase's form is the stage of a disease ("stage IV" in Chinese uses the word for phase).

    The sign of a stage is that a condition holds the form or follows it.
    """
    around = Span(term.start, min(term.end + 12, sentence.end))
    conditions = [t for t in found.terms_in(sentence, "conditions") if t.start <= term.start and term.end <= t.end]
    following = found.terms_in(around, "conditions")
    trial = [t for t in found.terms_in(around, "cues", "study", "trial") if t.end > term.end]
    return bool(conditions or (following and not trial))


def quantities_in(found: Reading, span: Span) -> list[Quantity]:
    """The quantities inside a span, in order."""
    return found.quantities_in(span)


def is_follow_up(found: Reading, sentence: Sentence, quantity: Quantity, cue: Term) -> bool:
    """Whether a duration is the time of follow-up: the cue stands near it, and a statistic with them."""
    gap = Span(min(cue.end, quantity.end), max(cue.start, quantity.start))
    if gap.end - gap.start > _REACH or any(gap.contains(q) for q in found.quantities if q is not quantity):
        return False
    if re.search(r"[;]", found.normal[gap.start : gap.end]):
        return False
    around = Span(max(sentence.start, min(cue.start, quantity.start) - 30), max(cue.end, quantity.end))
    return any(notation_of(t.iri) in ("median", "mean") for t in found.terms_in(around, "measures"))


@SpacyLanguage.factory(COMPONENT)
def create_design(nlp: SpacyLanguage, name: str) -> DesignReader:
    """The component that reads the design."""
    return DesignReader()
