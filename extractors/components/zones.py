"""Tells which sentences report results and which are the authors' conclusion, with and without headings."""

from __future__ import annotations

import re
from functools import cache

from spacy.language import Language as SpacyLanguage
from spacy.tokens import Doc

import ontology
from extractors.components.terms import COMPARATIVES
from extractors.normal import is_han
from extractors.reading import Reading, Sentence, Span, reading

# A last sentence without numbers that still reports ("There were no treatment-related deaths.") is a short one.
_SHORT = 90
# What headings over the people of a trial speak of, and the words of those that name them alone.
_BEFORE_TREATMENT = ("baseline", "characteristics")
_OF_PEOPLE = (
    "people",
    "study",
    "trial",
    "this-study",
    "conjunction",
    "filler",
    "of",
    "follow-up",
    "enrolled",
    "unnamed",
)


def result_sentences(found: Reading) -> list[Sentence]:
    """The sentences that may report results, in order.

    Where the abstract has headings, those under results. Where it has none, what stands between the first result
    and the conclusion: the sentences from the first number given after the arms to the last number.
    """
    headed = [s for s in found.sentences if s.role == "results" and not tells_of_people(found, s)]
    bare = [s for s in found.sentences if s.role == "abstract"]
    if not headed and not bare:
        # The heading of the results was left out: they stand under that of the methods.
        bare = [s for s in found.sentences if s.role == "methods" and found.section_of(s).in_abstract]
    if not bare:
        return headed
    assigned = [place for place, s in enumerate(bare) if found.terms_in(s, "cues", "allocation", "assignment")]
    begin = assigned[0] if assigned else len(bare)
    numbered = [
        place
        for place, sentence in enumerate(bare)
        if _reports(found, sentence) or (begin < place < len(bare) - 1 and _compares(found, sentence))
    ]
    if not numbered:
        return headed
    first, last = numbered[0], numbered[-1]
    following = bare[last + 1 : last + 2]
    short = bool(following) and following[0].end - following[0].start <= _SHORT
    if short and not _concludes(found, following[0]) and len(bare) - last > 2:
        last += 1
    return sorted([*headed, *bare[first : last + 1]], key=lambda s: s.start)


def tells_of_people(found: Reading, sentence: Sentence) -> bool:
    """Whether the heading over a sentence of an article's body is of who took part: "Baseline data", "Patients"."""
    section = found.section_of(sentence)
    heading = (section.heading or "").casefold().strip(" :.\t0123456789")
    return not section.in_abstract and heading != "" and _names_people(heading, found.language)


@cache
def _names_people(heading: str, language: str) -> bool:
    known = {form: iri.rpartition("/")[2] for form, iri in ontology.forms("cues", language).items()}
    if is_han(heading):
        return any(form in heading for form, name in known.items() if name in _BEFORE_TREATMENT and len(form) > 1)
    words = re.findall(r"[a-z]+(?:['-][a-z]+)*", heading.replace("population", "people"))
    names = {known.get(word, "") for word in words}
    if names & set(_BEFORE_TREATMENT):
        return True
    return "people" in names and names <= set(_OF_PEOPLE)


def _reports(found: Reading, sentence: Sentence) -> bool:
    """Whether a sentence gives a result in numbers: an estimate, a p-value, an interval or a value of an arm."""
    if found.terms_in(sentence, "cues", "assumption"):
        return False
    if any(sentence.contains(p) for p in found.probabilities):
        return True
    values = found.quantities_in(sentence)
    if found.terms_in(sentence, "cues", "allocation") and not any(q.contrast or q.interval for q in values):
        return False
    if any(q.contrast or q.interval or q.kind == "fraction" or q.statistic for q in values):
        return True
    armed = any(sentence.contains(m) for m in found.arm_mentions)
    return armed and any(q.kind == "percent" for q in values)


def _compares(found: Reading, sentence: Sentence) -> bool:
    """Whether a sentence compares the arms in words: "was higher in A than in B", "did not differ between groups"."""
    if found.terms_in(sentence, "cues", "assumption", "conclusion", "objective", "characteristics", "baseline"):
        return False
    apart = found.terms_in(sentence, "cues", "between-groups", "than", "versus")
    told = found.terms_in(sentence, "cues", "no-difference", "difference", *COMPARATIVES)
    return bool(apart and told) and any(sentence.contains(m) for m in found.arm_mentions)


def _concludes(found: Reading, sentence: Sentence) -> bool:
    return bool(found.terms_in(sentence, "cues", "conclusion"))


def conclusions(found: Reading) -> list[Span]:
    """The authors' conclusion: its section, or what follows the last result of an abstract without headings."""
    headed = [s for s in found.sections if s.role == "conclusion"]
    in_abstract = [s for s in headed if s.in_abstract]
    if headed:
        return [_stripped(found, Span(s.start, s.end)) for s in (in_abstract or headed)]
    results = result_sentences(found)
    after = [s for s in found.sentences if s.role == "abstract" and results and s.start >= results[-1].end]
    after = [s for s in after if not any(e.start >= s.start and e.end <= s.end for e in _ids(found))]
    return [Span(after[0].start, after[-1].end)] if after else []


def _ids(found: Reading) -> list[Span]:
    return [Span(e.start, e.end) for r in found.registrations for e in r.evidence]


def _stripped(found: Reading, span: Span) -> Span:
    text = found.normal[span.start : span.end]
    start = span.start + len(text) - len(text.lstrip())
    return Span(start, start + len(text.strip()))


class ConclusionFinder:
    """Fills ``reading.conclusions``."""

    def __call__(self, doc: Doc) -> Doc:
        """Find the conclusion after the results are known."""
        found = reading(doc)
        found.conclusions = conclusions(found)
        return doc


@SpacyLanguage.factory("evidence_conclusions")
def create_conclusions(nlp: SpacyLanguage, name: str) -> ConclusionFinder:
    """The component that finds the conclusion."""
    return ConclusionFinder()
