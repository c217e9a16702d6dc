"""What speaks for an endpoint as one of this trial, and for two endpoints as one under two names.

Names of features, for the weights of ``extractors.weighing``: how it is named and where, what stands around its names,
whether it is declared, whether results are tied to it, how its words go with those of arms, condition and others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property, lru_cache

from extractors import normal
from extractors.components.identity import Phrase
from extractors.normal import is_han, shown_words
from extractors.reading import EndpointDraft, Mention, Reading, Sentence, Span

_AROUND = 24
_BUCKETS = ((0, "0"), (1, "1"), (2, "2"), (4, "3"), (8, "5"))
_SHARES = ((0.0, "0"), (0.3, "1"), (0.5, "2"), (0.67, "3"), (0.85, "4"), (0.999, "5"))
# From which confidence on the trained span model is sure.
_SURE = 0.7


class Endpoints:
    """The endpoints of a reading with what is asked of all of them."""

    def __init__(self, found: Reading) -> None:
        self.found = found
        self.mentions: dict[int, list[Mention]] = {index: [] for index in range(len(found.endpoints))}
        for mention in found.endpoint_mentions:
            self.mentions[mention.index].append(mention)
        self.values = self._linked(True)
        self.statements = self._linked(False)

    def _linked(self, valued: bool) -> dict[int, int]:
        count: dict[int, int] = {}
        for link in self.found.results:
            if (link.quantity is not None) == valued:
                count[link.endpoint] = count.get(link.endpoint, 0) + 1
        return count

    @cached_property
    def words(self) -> list[frozenset[str]]:
        """The words of all names of each endpoint."""
        return [frozenset().union(*(names)) for names in self.keys]

    @cached_property
    def keys(self) -> list[list[frozenset[str]]]:
        """For each endpoint the words of each of its names that tell it from others."""
        return [[Phrase(self.found, span).key for span in _distinct(draft)] for draft in self.found.endpoints]

    @cached_property
    def _texts(self) -> list[list[str]]:
        """The names of each endpoint in small letters."""
        normal_text = self.found.normal
        return [[normal_text[s.start : s.end].casefold() for s in _distinct(draft)] for draft in self.found.endpoints]

    @cached_property
    def _sentences(self) -> list[set[Sentence]]:
        """The sentences that each endpoint is named in."""
        places = (self.mentions[index] for index in range(len(self.found.endpoints)))
        return [{s for m in mentions if (s := self.found.sentence_of(m)) is not None} for mentions in places]

    @cached_property
    def _of_arms(self) -> frozenset[str]:
        return frozenset(word for arm in self.found.arms for name in arm.names for word in normal.words_of(name.text))

    @cached_property
    def _of_condition(self) -> frozenset[str]:
        return frozenset(w for span in self.found.conditions for w in normal.words_of(self.found.text(span)))

    # -- is it an endpoint of the trial?

    def kept(self, index: int) -> Iterator[str]:
        """What speaks for an endpoint as one of this trial, or against it."""
        found, draft = self.found, self.found.endpoints[index]
        yield ""
        yield found.language
        yield f"role {draft.role if draft.role_span else 'none'}"
        values, statements = _bucket(self.values.get(index, 0)), _bucket(self.statements.get(index, 0))
        yield f"values {values}"
        yield f"statements {statements}"
        yield f"results {values != '0'} {statements != '0'} {draft.role_span is not None}"
        yield f"concept {draft.concept is not None}"
        yield f"concept {(draft.concept or '').rpartition('/')[2]}"
        yield f"names {_bucket(len(_distinct(draft)))}"
        yield from self._shared(index)
        places = self.mentions[index] or [Mention(s.start, s.end, index) for s in draft.spans]
        yield f"mentions {_bucket(len(places))}"
        for place in places:
            yield from self._of_place(place)
        for span in _distinct(draft):
            yield from self._of_name(span)

    def _shared(self, index: int) -> Iterator[str]:
        """How the words of an endpoint go with those of the arms, of the condition and of other endpoints."""
        own = self.words[index]
        yield f"of arms {share_of(own, self._of_arms)}"
        yield f"of condition {share_of(own, self._of_condition)}"
        others = [words for other, words in enumerate(self.words) if other != index]
        yield f"within another {any(own < words for words in others)}"
        yield f"around another {any(words < own for words in others)}"

    def _of_place(self, place: Mention) -> Iterator[str]:
        found = self.found
        sentence = found.sentence_of(place)
        if sentence is None:
            return
        role = found.roles.get(sentence, sentence.role)
        yield f"in {role}"
        numbered = sum(sentence.contains(q) for q in found.quantities)
        tested = any(sentence.contains(p) for p in found.probabilities)
        yield f"in {role} numbers {_bucket(numbered)} {tested}"
        named = [m for m in found.endpoint_mentions if sentence.contains(m) and m.index != place.index]
        yield f"in {role} beside {_bucket(len(named))}"
        ahead = shown_words(found.normal[max(sentence.start, place.start - _AROUND) : place.start])
        behind = shown_words(found.normal[place.end : min(sentence.end, place.end + _AROUND)])
        yield f"ahead {ahead[-1] if ahead else ''}"
        yield f"ahead {' '.join(ahead[-2:])}"
        yield f"behind {behind[0] if behind else ''}"
        yield f"behind {' '.join(behind[:2])}"
        yield f"opens {place.start - sentence.start <= 1} {role}"
        marks = [m for m in found.labelled if m.start < place.end and place.start < m.end]
        sure = any(m.kind.startswith("outcome") and m.confidence >= _SURE for m in marks)
        yield f"marked {sure if marks else 'not'} {role}"
        yield from (f"marked {m.kind}" for m in marks)
        before = Span(max(sentence.start, place.start - _AROUND), place.start)
        yield from (f"cue ahead {t.name}" for t in found.terms_in(before, "cues") if place.start - t.end <= 1)
        after = Span(place.end, min(sentence.end, place.end + _AROUND))
        yield from (f"cue behind {t.name}" for t in found.terms_in(after, "cues") if t.start - place.end <= 1)

    def _of_name(self, span: Span) -> Iterator[str]:
        found = self.found
        text = found.normal[span.start : span.end]
        yield from name_features(text)
        terms = found.terms_in(span)
        for term in terms:
            whole = term.start == span.start and term.end == span.end
            name = term.name if term.scheme in ("cues", "measures") else ""
            yield f"holds {term.scheme} {name}"
            if whole or term.end == span.end or term.start == span.start:
                edge = "whole" if whole else "last" if term.end == span.end else "first"
                yield f"{edge} {term.scheme} {name}"
        if not terms:
            yield "holds nothing known"

    # -- are two of them one?

    def same(self, first: int, second: int) -> Iterator[str]:
        """What speaks for two endpoints as one under two names, or against it."""
        found = self.found
        one, other = found.endpoints[first], found.endpoints[second]
        yield ""
        yield found.language
        concepts = {one.concept, other.concept} - {None}
        both = one.concept is not None and other.concept is not None
        yield f"concepts {len(concepts)} {both}"
        declared = [draft.role_span is not None for draft in (one, other)]
        valued = [index in self.values for index in (first, second)]
        said = [index in self.statements for index in (first, second)]
        reported = [a or b for a, b in zip(valued, said, strict=True)]
        yield f"declared {sum(declared)}"
        yield f"reported {sum(reported)}"
        filled = declared[0] and not declared[1] and not reported[0] and reported[1]
        filled = filled or (declared[1] and not declared[0] and not reported[1] and reported[0])
        sentences = [self._sentences[index] for index in (first, second)]
        together = bool(sentences[0] & sentences[1])
        yield f"together {together} {sum(valued)}"
        yield f"apart {len(sentences[0] & sentences[1])} {_bucket(min(map(len, sentences)))}"
        pairs = [(a, b) for a in self.keys[first] for b in self.keys[second]]
        share, a, b = max(((_dice(a, b), a, b) for a, b in pairs), key=lambda told: told[0])
        within = a <= b or b <= a
        yield f"share {_step(share)} {within}"
        yield f"share {_step(share)} {found.language}"
        yield f"share {_step(share)} together {together}"
        yield f"filled {filled} {_step(share)}"
        yield f"reported {sum(reported)} {_step(share)}"
        for word in a ^ b if within else ():
            yield f"more {word}"
        yield from _textual(self._texts[first], self._texts[second])


def _textual(first: list[str], second: list[str]) -> Iterator[str]:
    """How the letters of the names of two endpoints go together."""
    pairs = [(a, b) if len(a) <= len(b) else (b, a) for a in first for b in second]
    held = [(a, b) for a, b in pairs if a in b]
    yield f"held {bool(held)}"
    for short, long in held[:3]:
        start = long.index(short)
        ahead, behind = long[:start].strip(" -()"), long[start + len(short) :].strip(" -()")
        kind = "first" if not ahead else "last" if not behind else "middle"
        yield f"held {kind} {is_han(short)}"
        yield f"rest {ahead} _ {behind}" if len(ahead) + len(behind) <= 12 else "rest long"
        yield from (f"rest ahead {word}" for word in shown_words(ahead)[-1:])
        yield from (f"rest behind {word}" for word in shown_words(behind)[:1])
        yield f"rest {_bucket(len(shown_words(ahead + ' ' + behind)))} {is_han(short)}"
    ends = any(a[-3:] == b[-3:] for a, b in pairs)
    begins = any(a[:4] == b[:4] for a, b in pairs)
    yield f"ends {ends} begins {begins}"
    initials = any(_initials(b) == a.replace("-", "").replace(" ", "") for a, b in pairs if " " in b)
    yield f"initials {initials}"
    characters = max((_dice(_bigrams(a), _bigrams(b)) for a, b in pairs), default=0.0)
    yield f"letters {_step(characters)}"


def name_features(text: str) -> Iterator[str]:
    """The words of a name, which of them are first and last, and how long it is."""
    text = text.casefold()
    if is_han(text) or is_han(text.rstrip(")]")[:1]):
        yield from (f"holds {text[at : at + 2]}" for at in range(len(text) - 1))
        yield f"begins {text[:1]}"
        yield f"begins {text[:2]}"
        yield f"ends {text[-1:]}"
        yield f"ends {text[-2:]}"
        yield f"long zh {_bucket(len(text) // 2)}"
        return
    words = shown_words(text) or [""]
    yield from (f"holds {word}" for word in words)
    yield f"begins {words[0]}"
    yield f"ends {words[-1]}"
    yield f"ends {words[-1][-3:]}"
    yield f"long {_bucket(len(words))}"


def _initials(text: str) -> str:
    return "".join(word[0] for word in re.findall(r"[^\W\d_]+", text))


@lru_cache(maxsize=4096)
def _bigrams(text: str) -> frozenset[str]:
    return frozenset(text[at : at + 2] for at in range(max(len(text) - 1, 1)))


def _distinct(draft: EndpointDraft) -> list[Span]:
    """One place for each of an endpoint's names."""
    spans = {span.end - span.start: span for span in draft.spans}
    return list(spans.values())


def _dice(first: frozenset[str], second: frozenset[str]) -> float:
    total = len(first) + len(second)
    return 2 * len(first & second) / total if total else 0.0


def share_of(own: frozenset[str], others: frozenset[str]) -> str:
    """How many of the words are among the others, in a few steps."""
    return _step(len(own & others) / len(own)) if own else "none"


def _step(share: float) -> str:
    return next((name for most, name in _SHARES if share <= most), "6")


def _bucket(count: int) -> str:
    return next((name for most, name in _BUCKETS if count <= most), "9")
