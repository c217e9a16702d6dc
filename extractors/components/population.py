"""Reads who was studied: the condition or people, and how many were enrolled, randomised, analysed, died."""

from __future__ import annotations

import re

from spacy.language import Language as SpacyLanguage
from spacy.tokens import Doc

from extractors.evidence import evidence
from extractors.findings import Count
from extractors.normal import is_han
from extractors.reading import Quantity, Reading, Sentence, Span, Term, reading

COMPONENT = "evidence_population"
# The cue that says what a number of people is; the order decides where a sentence has several.
_KINDS = (
    ("randomised", "allocation"),
    ("enrolled", "enrolled"),
    ("analysed", "analysed"),
    ("deaths", "deaths"),
)
_ROLES = ("abstract", "results", "methods", "title", "conclusion")
_AFTER, _BEFORE = 70, 40
_LEFT_WORD = re.compile(r"([A-Za-z0-9][A-Za-z0-9/-]*|[{HAN}\u2160-\u216b0-9A-Za-z-]{{1,6}})[ ]?$")
_MOST_WORDS = 3


class PopulationReader:
    """Fills ``reading.counts`` and ``reading.conditions``."""

    def __call__(self, doc: Doc) -> Doc:
        """Read the counts sentence by sentence and the condition from titles and aims first."""
        found = reading(doc)
        found.counts = counts(found)
        found.conditions = conditions(found)
        return doc


def counts(found: Reading) -> list[Count]:
    """The number of people for each kind; the largest where several are stated, since arms are parts of it."""
    best: dict[str, tuple[Quantity, Count]] = {}
    for role in _ROLES:
        for sentence in found.sentences:
            if sentence.role == role and not found.terms_in(sentence, "cues", "assumption"):
                for quantity, kind in counted(found, sentence):
                    if kind not in best or quantity.number.value > best[kind][0].number.value:
                        item = evidence(found, quantity, "value", COMPONENT)
                        best[kind] = (quantity, Count(kind, quantity.number, (item,)))
    return [best[kind][1] for kind, _ in _KINDS if kind in best]


def counted(found: Reading, sentence: Sentence) -> list[tuple[Quantity, str]]:
    """The numbers of one sentence that count people of the whole trial, with their kind."""
    pairs = []
    quantities = [q for q in found.quantities if sentence.contains(q)]
    for quantity in quantities:
        if quantity.kind not in ("people", "plain") or quantity.unit is not None:
            continue
        value = quantity.number.value
        compared = re.search(r"[<>\u2264\u2265]\s*$", found.normal[max(0, quantity.start - 3) : quantity.start])
        if (
            is_rank(found, quantity)
            or value != int(value)
            or value < 2
            or quantity.statistic
            or quantity.contrast
            or compared
        ):
            continue
        for kind, cue_name in _KINDS:
            if any(_counts(found, quantity, cue, quantities) for cue in found.terms_in(sentence, "cues", cue_name)):
                pairs.append((quantity, kind))
                break
    return pairs


def is_rank(found: Reading, quantity: Quantity) -> bool:
    """Whether a word right beside a number makes it a label: "grade 4", "Fig. 2"."""
    around = Span(max(0, quantity.start - 14), quantity.end + 8)
    for term in found.terms_in(around, "cues", "rank", "pointer"):
        gap = (term.end, quantity.start) if term.end <= quantity.start else (quantity.end, term.start)
        if not found.normal[gap[0] : gap[1]].strip(" .("):
            return True
    return False


def _counts(found: Reading, quantity: Quantity, cue: Term, quantities: list[Quantity]) -> bool:
    """Whether the cue says what the number counts: next to it, with no other number and no clause between."""
    if quantity.end <= cue.start:
        gap = Span(quantity.end, cue.start)
        near = gap.end - gap.start <= _AFTER and "," not in found.normal[gap.start : gap.end]
    elif cue.end <= quantity.start:
        gap = Span(cue.end, quantity.start)
        near = gap.end - gap.start <= _BEFORE and quantity.kind == "people"
    else:
        return False
    between = found.normal[gap.start : gap.end]
    crossed = any(gap.start < q.end and q.start < gap.end for q in quantities if q is not quantity)
    if not near or crossed or re.search(r"[;()]", between):
        return False
    sized = any(arm.size_span and arm.size_span.start == quantity.start for arm in found.arms)
    return not sized and not any(gap.contains(mention) for mention in found.arm_mentions)


def conditions(found: Reading) -> list[Span]:
    """The phrases that name the condition studied, the fullest first."""
    ranked: list[tuple[int, int, Span]] = []
    order = {"title": 0, "background": 2, "abstract": 1, "methods": 1, "conclusion": 3}
    for sentence in found.sentences:
        if sentence.role in order:
            for term in found.terms_in(sentence, "conditions"):
                span = Span(_left_edge(found, sentence, term), term.end)
                ranked.append((term.start - term.end, order[sentence.role], span))
    # The longest form of the lexicon is the most specific condition; of equals, the one nearest to the title.
    ranked.sort(key=lambda entry: (entry[0], entry[1], entry[2].start))
    phrases: list[Span] = []
    seen: set[str] = set()
    for _, _, span in ranked:
        words = found.normal[span.start : span.end].casefold()
        if words not in seen:
            seen.add(words)
            phrases.append(span)
    return phrases[:4]


def _left_edge(found: Reading, sentence: Sentence, term: Term) -> int:
    """Where the phrase around a condition begins: the words before it that qualify it belong to it."""
    start = term.start
    if is_han(found.text(term)):
        return start
    for _ in range(_MOST_WORDS):
        before = found.normal[sentence.start : start]
        match = _LEFT_WORD.search(before)
        if match is None:
            break
        word = Span(sentence.start + match.start(1), sentence.start + match.end(1))
        stops = [t for t in found.terms_in(sentence, "cues") if t.start < word.end and word.start < t.end]
        stops += found.terms_in(word, "interventions")
        if stops or word.start == sentence.start or not found.normal[word.start : word.end].islower():
            break
        start = word.start
    return start


@SpacyLanguage.factory(COMPONENT)
def create_population(nlp: SpacyLanguage, name: str) -> PopulationReader:
    """The component that reads the population."""
    return PopulationReader()
