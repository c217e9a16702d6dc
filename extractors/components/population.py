"""Reads who was studied: the condition or people, and how many were enrolled, randomised, analysed, died."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from spacy.language import Language as SpacyLanguage
from spacy.tokens import Doc

from extractors.components.arm_phrases import trimmed
from extractors.components.head_counts import HeadCount, assigns_them, counted, head_counts, is_planned, tried, unsaid
from extractors.components.numerals import number_words
from extractors.confidence import assessed
from extractors.evidence import evidence
from extractors.findings import Count
from extractors.normal import is_han, words_of
from extractors.reading import Reading, Sentence, Span, Term, reading

COMPONENT = "evidence_population"
KINDS = ("randomised", "enrolled", "analysed", "deaths")
_ROLES = ("abstract", "results", "methods", "title", "conclusion")
_LEFT_WORD = re.compile(r"([A-Za-z0-9][A-Za-z0-9/-]*|[{HAN}\u2160-\u216b0-9A-Za-z-]{{1,6}})[ ]?$")
_MOST_WORDS = 3
# How many phrases of the lexicon and how many others name the people, and how long the latter may be.
_MOST_KNOWN, _MOST_DESCRIBED, _LONGEST, _MOSTLY = 4, 2, 90, 12
_PARTICIPLE = re.compile(r"ing$")
_ENDS_DESCRIPTION = (
    "allocation", "alternative", "assignment", "be", "clause-verb", "enrolled", "range-to", "receive", "stop",
    "time-at", "versus", "screened", "time-after",
)  # fmt: skip


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
    best = stated_counts(found, [s for s in found.sentences if found.section_of(s).in_abstract])
    # An article's body counts parts of its people and those of other studies too: what its abstract says goes before.
    best = stated_counts(found, [s for s in found.sentences if not found.section_of(s).in_abstract]) | best
    if "randomised" not in best:
        people = assigned_later(found)
        if people is not None:
            best["randomised"] = count_of(found, people, "randomised")
            best.setdefault("enrolled", count_of(found, people, "enrolled", "no verb"))
    if "randomised" not in best:
        tested = [head for sentence in found.sentences if sentence.role in _ROLES if (head := tried(found, sentence))]
        if tested:
            best["randomised"] = count_of(found, tested[0], "randomised", "no verb")
    if not {"enrolled", "randomised"} & best.keys():
        people = studied(found)
        if people is not None:
            best["enrolled"] = count_of(found, people, "enrolled", "no verb")
    return [best[kind] for kind in KINDS if kind in best]


def stated_counts(found: Reading, sentences: list[Sentence]) -> dict[str, Count]:
    """The largest number of each kind that the sentences state, of equals the first."""
    best: dict[str, Count] = {}
    for role in _ROLES:
        for sentence in sentences:
            if sentence.role == role:
                for head, kind in counted(found, sentence):
                    if kind not in best or head.number.value > best[kind].number.value:
                        best[kind] = count_of(found, head, kind)
    return best


def count_of(found: Reading, head: HeadCount, kind: str, *reasons: str) -> Count:
    """The number of people with its evidence."""
    sure = assessed("count", (kind, found.language, *reasons))
    return Count(kind, head.number, (evidence(found, head, "value", COMPONENT, sure),))


def assigned_later(found: Reading) -> HeadCount | None:
    """The people of one sentence whom the next assigns: "Sixty patients were included. They were randomised to …"."""
    said: list[HeadCount] = []
    for sentence in found.sentences:
        if sentence.role not in ("methods", "abstract", "results"):
            continue
        heads = list(counted(found, sentence))
        if said and not list(head_counts(found, sentence)) and assigns_them(found, sentence):
            return said[-1]
        named = [h for h in head_counts(found, sentence) if not h.alone and not is_planned(found, sentence, h)]
        said = [head for head, kind in heads if kind == "enrolled"] or (named if len(named) == 1 else said)
    return None


def studied(found: Reading) -> HeadCount | None:
    """The largest number of people that the methods speak of, where no verb says what it counts."""
    arms = {arm.size_span.start for arm in found.arms if arm.size_span}
    least = max((arm.size.value for arm in found.arms if arm.size), default=Decimal(0))
    heads = [
        head
        for sentence in found.sentences
        if sentence.role in ("methods", "abstract")
        for head in unsaid(found, sentence)
        if head.start not in arms and head.number.value > least and not is_planned(found, sentence, head)
    ]
    return max(heads, key=lambda head: head.number.value, default=None)


def conditions(found: Reading) -> list[Span]:
    """The phrases that name the condition studied, the fullest first; behind them those that say who the people are.

    The body of an article speaks of other conditions too: it is asked only where title and abstract name none.
    """
    told = [s for s in found.sentences if s.role == "title" or found.section_of(s).in_abstract]
    return named_in(found, told) or named_in(found, found.sentences)


def named_in(found: Reading, sentences: Sequence[Sentence]) -> list[Span]:
    """The phrases of these sentences that name the condition studied or the people."""
    ranked: list[tuple[bool, int, int, Span]] = []
    titles = [term for s in sentences if s.role == "title" for term in found.terms_in(s, "conditions")]
    topics = {term.iri for term in titles}
    words = frozenset().union(*(words_of(found.text(term)) for term in titles))
    order = {"title": 0, "background": 2, "abstract": 1, "methods": 1, "conclusion": 3}
    for sentence in sentences:
        if sentence.role in order:
            for term in found.terms_in(sentence, "conditions"):
                span = Span(_left_edge(found, sentence, term), term.end)
                other = bool(topics) and term.iri not in topics and words.isdisjoint(words_of(found.text(span)))
                ranked.append((other, term.start - term.end, order[sentence.role], span))
    # What the title names goes before those who were left out; the longest form of the lexicon is the most specific
    # condition; of equals, the one nearest to the title.
    ranked.sort(key=lambda entry: (*entry[:3], entry[3].start))
    known = _distinct(found, [span for *_, span in ranked])[:_MOST_KNOWN]
    spoken = [s for role in ("title", "methods", "abstract") for s in sentences if s.role == role]
    people = [span for sentence in spoken for span in described(found, sentence)]
    fresh = [span for span in people if not any(span.contains(k) and k.end - k.start > _MOSTLY for k in known)]
    return _distinct(found, [*known, *fresh])[: len(known) + _MOST_DESCRIBED]


def _distinct(found: Reading, spans: Iterable[Span]) -> list[Span]:
    """The spans, of those with the same words only the first."""
    first: dict[str, Span] = {}
    for span in spans:
        first.setdefault(found.normal[span.start : span.end].casefold(), span)
    return list(first.values())


def described(found: Reading, sentence: Sentence) -> Iterator[Span]:
    """What a sentence says of the people: "women undergoing oocyte retrieval", "adolescent football players"."""
    for people in found.terms_in(sentence, "cues", "people"):
        if is_han(found.text(people)):
            continue
        behind = Span(people.end, min(people.end + _LONGEST, sentence.end))
        openers = found.terms_in(behind, "cues", "having", "afflicted", "receive", "subgroup")
        opener = next((t for t in openers if not found.normal[people.end : t.start].strip()), None)
        if opener and opener.name == "receive" and not _PARTICIPLE.search(found.text(opener)):
            continue
        if opener is not None:
            ends = [t.start for t in found.terms_in(Span(opener.end, behind.end), "cues", *_ENDS_DESCRIPTION)]
            signs = re.search(r"[,;:.()\[\]]", found.normal[opener.end : behind.end])
            ends.append(opener.end + signs.start() if signs else behind.end)
            span = trimmed(found, opener.end, min(ends))
            if span is not None and not any(m.start < span.end and span.start < m.end for m in found.arm_mentions):
                yield Span(people.start, span.end) if opener.name == "receive" else span
        else:
            start = _left_edge(found, sentence, people)
            words = Span(start, people.start)
            counted = any(
                n.start < words.end for n, _ in number_words(found.normal, Span(start, people.end), found.language)
            )
            if start < people.start and not counted and not found.terms_in(words, "designs"):
                yield Span(start, people.end)


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
