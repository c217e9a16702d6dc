"""Finds the lexicon's forms in the text and writes the mask, in which grammar words have become single signs."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import takewhile

from spacy.language import Language as SpacyLanguage
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc, Span
from spacy.util import filter_spans

import ontology
from extractors.normal import is_han
from extractors.reading import Reading, Term, reading

# Schemes whose terms the later components read. A notation counts in both languages, exactly as written.
SCHEMES = ("endpoints", "measures", "units", "interventions", "conditions", "designs", "subgroups", "cues")

# Words that are no cue but hold one, and the schemes whose terms they take in.
ORDINARY = "ordinary-word"
# English words that are printed as codes in Chinese text, and how far Chinese characters stand around them.
_SMALL_WORDS = ("alternative", "conjunction", "filler", "negation", "of", "range-to")
_AROUND = 12
_SIGN_SCHEMES = ("cues", "units", "measures")

# The signs of the mask: private-use characters, so that no text can hold them by chance.
INTERVAL, PVALUE, ONE_SIDED, TWO_SIDED = "\ue001", "\ue002", "\ue003", "\ue004"
VERSUS, NOT_ESTIMABLE, MEASURE, STATISTIC = "\ue005", "\ue006", "\ue007", "\ue008"
SPREAD, UNIT, PEOPLE, TO, BE, BLANK = "\ue009", "\ue00a", "\ue00b", "\ue00c", "\ue00d", "\ue00f"
OF, AND = "\ue00e", "\ue010"

_CUE_SIGNS = {
    "interval": INTERVAL,
    "p-value": PVALUE,
    "one-sided": ONE_SIDED,
    "two-sided": TWO_SIDED,
    "versus": VERSUS,
    "not-estimable": NOT_ESTIMABLE,
    "people": PEOPLE,
    "range-to": TO,
    "be": BE,
    "respectively": BE,
    "of": OF,
    "conjunction": AND,
}
CONTRASTS = frozenset({"HR", "OR", "RR", "IRR", "RD", "MD", "SMD", "other"})
# A difference whose kind only its unit tells: of means or of proportions.
DIFFERENCE = "difference"
# A percentage that says by how much something changed, not a share of people.
CHANGE = "change"
STATISTICS = frozenset({"median", "mean", "proportion", "rate"})
DOSE_UNITS = frozenset({"g", "mg", "μg", "mL", "Gy", "mg/kg", "mg/m2", "IU"})
TIME_UNITS = frozenset({"days", "weeks", "months", "years", "hours", "minutes"})
SPREADS = frozenset({"SD", "SE", "IQR", "range"})
# The cues that give a direction: comparatives, and changes, which compare arms only where the text sets them apart.
COMPARATIVES = ("higher", "lower", "better", "worse")
CHANGES = ("rise", "fall", "improvement", "deterioration")
DIRECTIONS = (*COMPARATIVES, *CHANGES)


# No Chinese form of the lexicon has more characters.
_LONGEST_HAN = 60


@cache
def notation_of(iri: str) -> str:
    """The first notation of a concept, its code in the findings (HR, median, SD); its name if it has none."""
    concept = ontology.concept(iri)
    if concept is None:
        return ""
    return concept.notations[0] if concept.notations else concept.name


class TermMatcher:
    """Matches all forms of the lexicon in the given languages: words by their form, notations as written."""

    def __init__(self, nlp: SpacyLanguage, name: str, languages: list[str]) -> None:
        self.name = name
        self.words = PhraseMatcher(nlp.vocab, attr="NORM")
        self.codes = PhraseMatcher(nlp.vocab, attr="ORTH")
        for scheme in SCHEMES:
            for language in languages:
                for form, iri in ontology.forms(scheme, language).items():
                    self.words.add(f"{scheme} {iri}", [nlp.make_doc(form)])
            for code, iri in ontology.notations(scheme).items():
                # A mere number names nothing: "2/3" is more often a share of people than a phase.
                if any(map(str.isalpha, code)) or not code.isascii():
                    self.codes.add(f"{scheme} {iri}", [nlp.make_doc(code)])

    def __call__(self, doc: Doc) -> Doc:
        """Fill ``reading.terms`` and ``reading.mask``."""
        found = reading(doc)
        found.terms = sorted(self.find(doc, found), key=lambda term: (term.start, -term.end, term.scheme))
        found.mask = mask(found)
        return doc

    def find(self, doc: Doc, found: Reading) -> list[Term]:
        """The terms inside the reading's sections and tables, the longest of each scheme where they overlap."""
        by_scheme: dict[str, list[Span]] = {scheme: [] for scheme in SCHEMES}
        for matcher in (self.codes, self.words):
            for span in matcher(doc, as_spans=True):
                scheme = span.label_.split(" ", 1)[0]
                half = scheme in ("cues", "interventions") and is_half(found, span)
                if not half and not is_one_of_several(span):
                    by_scheme[scheme].append(span)
        by_scheme["cues"] = without_chance_words(by_scheme)
        terms = []
        tables = [s for s in found.document.sections if s.role == "table" and s.language == found.language]
        for scheme, spans in by_scheme.items():
            for span in filter_spans(spans):
                iri = span.label_.split(" ", 1)[1]
                term = Term(span.start_char, span.end_char, scheme, iri.rsplit("/", 1)[1], iri)
                if is_letter(found, term) or is_ratio(found, term):
                    continue
                if any(s.start <= term.start and term.end <= s.end for s in (*found.sections, *tables)):
                    terms.append(term)
        return without_inner_signs(without_chance_signs(found, terms))


def without_chance_words(by_scheme: dict[str, list[Span]]) -> list[Span]:
    """The cues without the ordinary words that two other words make where they meet: "group" and "success" in Chinese.

    Such a word begins with a cue, and another word begins where that ends and goes on behind it.
    """
    cues = by_scheme["cues"]
    ordinary = {span for span in cues if span.label_.endswith(f"/{ORDINARY}")}
    if not ordinary:
        return cues
    short = {(span.start_char, span.end_char) for span in cues if span not in ordinary}
    reach: dict[int, int] = {}
    for span in (span for spans in by_scheme.values() for span in spans):
        reach[span.start_char] = max(reach.get(span.start_char, 0), span.end_char)
    return [
        span
        for span in cues
        if span not in ordinary
        or not any(
            (span.start_char, middle) in short and reach.get(middle, 0) > span.end_char
            for middle in range(span.start_char + 1, span.end_char)
        )
    ]


def is_letter(found: Reading, term: Term) -> bool:
    """Whether an English word within Chinese text is a code: the "A" of a group, NO for nitric oxide, OR."""
    if term.name not in _SMALL_WORDS or not found.normal[term.start : term.end].isupper():
        return False
    around = found.normal[max(0, term.start - _AROUND) : term.start] + found.normal[term.end : term.end + _AROUND]
    return any(map(is_han, around))


def is_ratio(found: Reading, term: Term) -> bool:
    """Whether the Chinese sign of a comparison ends the name of a ratio: nothing is compared behind it."""
    behind = found.normal[term.end : term.end + 1]
    single = term.name == "versus" and term.end - term.start == 1 and is_han(found.normal[term.start])
    return single and behind in tuple(",;:.)(\u3001\u3002")


def is_half(found: Reading, span: Span) -> bool:
    """Whether the last word of a term begins a longer one: the "no treatment" of "no treatment-related deaths"."""
    joined = found.normal[span.end_char : span.end_char + 1] == "-"
    return joined and " " in span.text and found.normal[span.end_char + 1 : span.end_char + 2].isalpha()


def is_one_of_several(span: Span) -> bool:
    """Whether a term speaks of one group where its form speaks of all: "the study group" is not "the study groups"."""
    text = span.text.casefold()
    forms = ontology.forms("cues", "en")
    return span.label_.endswith("-groups") and text not in forms and f"{text}s" in forms


def without_chance_signs(found: Reading, terms: list[Term]) -> list[Term]:
    """The terms without those that stand in an ordinary word, or half in a word, by chance.

    Chinese sets no blanks: "and" is half of "in time", and the end of one word makes a third with the start of the
    next. Of two Chinese words that overlap without one holding the other, the first is read, unless what is left of
    it without the second is a word itself ("rate ratio" before "compare" is "rate"). An outcome of two characters is
    no more than chance either where the first of them ends such a word.
    """
    words = [t for t in terms if t.name == ORDINARY]
    signs = [t for t in terms if t.scheme in _SIGN_SCHEMES and t.name != ORDINARY]
    kept: list[Term] = [t for t in terms if t.scheme not in _SIGN_SCHEMES]
    places = {(t.start, t.end) for t in signs}
    read: list[Term] = []
    for sign in sorted(signs, key=lambda t: (t.start, -t.end)):
        if any(w.start < sign.end and sign.start < w.end and not sign.contains(w) for w in words):
            continue
        crossed = []
        if is_han(found.normal[sign.start]):
            crossed = [t for t in _near(read, sign) if t.start < sign.start < t.end < sign.end]
        if all((t.start, sign.start) in places for t in crossed):
            read = [t for t in read if t not in crossed] if crossed else read
            read.append(sign)
    chance = [t for t in kept if t.scheme == "endpoints" and t.end - t.start == 2 and is_han(found.normal[t.start])]
    halved = [t for t in chance if any(r.start < t.start < r.end < t.end for r in read)]
    return [t for t in kept if t not in halved] + read


def _near(terms: list[Term], sign: Term) -> Iterator[Term]:
    """The last of the terms, which are in order: none that begins far before the sign can reach it."""
    return takewhile(lambda t: t.start > sign.start - _LONGEST_HAN, reversed(terms))


def without_inner_signs(terms: list[Term]) -> list[Term]:
    """The terms without those of one Chinese character that are only a part of a treatment's name."""
    names = [(t.start, t.end) for t in terms if t.scheme == "interventions" and t.end - t.start > 1]
    inside = {position for start, end in names for position in range(start, end)}
    signs = ("conjunction", "filler", "of", "range-to", "than", "versus")
    return [
        t for t in terms if not (t.scheme == "cues" and t.name in signs and t.end - t.start == 1 and t.start in inside)
    ]


def sign_of(term: Term) -> str | None:
    """The mask's sign for a term, or ``None`` for a term that the grammar of numbers does not need."""
    if term.scheme == "cues":
        return _CUE_SIGNS.get(term.name)
    if term.scheme == "units":
        return UNIT
    if term.scheme == "measures":
        code = notation_of(term.iri)
        if code in CONTRASTS or code == DIFFERENCE:
            return MEASURE
        return STATISTIC if code in STATISTICS else SPREAD if code in SPREADS else None
    return None


def mask(found: Reading) -> str:
    """The normalised text, same length, with each grammar word replaced by its sign; longer terms win."""
    characters = list(found.normal)
    taken = [False] * len(characters)
    for term in sorted(found.terms, key=lambda term: (term.start - term.end, term.start, term.scheme)):
        sign = sign_of(term)
        if sign is not None and not any(taken[term.start : term.end]):
            for position in range(term.start, term.end):
                characters[position], taken[position] = sign, True
    for registration in found.registrations:
        for evidence in registration.evidence:
            characters[evidence.start : evidence.end] = BLANK * (evidence.end - evidence.start)
    return "".join(characters)


@SpacyLanguage.factory("evidence_terms", default_config={"languages": ["en"]})
def create_terms(nlp: SpacyLanguage, name: str, languages: list[str]) -> TermMatcher:
    """The component that finds the lexicon's terms in texts of the given languages."""
    return TermMatcher(nlp, name, languages)
