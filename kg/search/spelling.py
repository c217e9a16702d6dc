"""Finds the words that were meant: what a word that no trial has begins, or resembles."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import tantivy
from rapidfuzz.distance import DamerauLevenshtein
from rapidfuzz.process import extract

from kg.search.forms import stretches
from kg.search.index import WORD_FIELDS
from kg.search.words import folded, is_signs, normal, stem

_WORD: Final = re.compile(r"(?<![\w-])[^\W\d_]+(?![\w-])")
_DIGIT: Final = re.compile(r"\d")
# Shorter words begin and resemble too many others; longer ones may have two mistakes in them.
_SHORTEST_BEGINNING: Final = 2
_SHORTEST_MISTAKEN: Final = 4
_TWO_MISTAKES_FROM: Final = 8
_MOST_COMPLETIONS: Final = 40
# Looking for a word that resembles another goes through all words of the index.
_MOST_CORRECTIONS: Final = 4
_MOST_RESEMBLING: Final = 5


@dataclass(frozen=True, slots=True)
class LookedUp:
    """A text with its misspelt words corrected, and what became of the words that no trial has.

    ``completions`` holds the words that each unfinished one may become.
    """

    text: str
    corrected: tuple[tuple[str, str], ...]
    completions: dict[str, tuple[str, ...]]
    unknown: tuple[str, ...]


class Spelling:
    """The words of one index."""

    def __init__(self, searcher: tantivy.Searcher) -> None:
        self._searcher = searcher

    def looked_up(self, text: str) -> LookedUp:
        """The text with each word that no trial and no concept has completed or corrected."""
        completions: dict[str, tuple[str, ...]] = {}
        unknown: list[str] = []
        # What has figures in it is an identifier, or a name that no word resembles.
        chunks = (chunk for chunk in text.split() if not _DIGIT.search(chunk))
        resembling: dict[str, tuple[str, ...]] = {}
        for written in dict.fromkeys(word for chunk in chunks for word in _WORD.findall(chunk)):
            word = normal(written)
            if is_signs(word) or self._known(word):
                continue
            if begun := self._begun(word):
                completions[word] = begun
            elif len(resembling) < _MOST_CORRECTIONS and (near := self._resembling(word)):
                resembling[written] = near
            else:
                unknown.append(written)
        corrected = _corrected(text, resembling)
        for written, meant in corrected.items():
            text = _with(text, written, meant)
        return LookedUp(text, tuple(corrected.items()), completions, tuple(unknown))

    def like(self, piece: str) -> tuple[str, ...]:
        """The words of the index that begin as a stem does."""
        return self._begun(piece) or (piece,)

    def _known(self, word: str) -> bool:
        root = stem(folded(word))
        if not root or self._searcher.doc_freq("name", word):
            return True
        if any(self._searcher.doc_freq(field, root) for field in WORD_FIELDS):
            return True
        return any(stretch.concepts for stretch in stretches(word))

    def _begun(self, word: str) -> tuple[str, ...]:
        if len(word) < _SHORTEST_BEGINNING:
            return ()
        found = self._searcher.terms_with_prefix("spelt", folded(word), limit=_MOST_COMPLETIONS)
        return tuple(term for term, _ in found)

    def _resembling(self, word: str) -> tuple[str, ...]:
        """The words of the index with the fewest differences, the most frequent ones first."""
        if len(word) < _SHORTEST_MISTAKEN:
            return ()
        mistakes = 2 if len(word) >= _TWO_MISTAKES_FROM else 1
        # A misspelt word may be folded where the right one is not.
        near = [
            found
            for spelt in {word, folded(word)}
            for found in extract(
                spelt,
                self._frequencies.keys(),
                scorer=DamerauLevenshtein.distance,
                score_cutoff=mistakes,
                limit=None,
            )
        ]
        fewest = min((distance for _, distance, _ in near), default=0)
        terms = {term for term, distance, _ in near if distance == fewest}
        return tuple(sorted(terms, key=lambda term: (-self._frequencies[term], term))[:_MOST_RESEMBLING])

    @cached_property
    def _frequencies(self) -> dict[str, int]:
        """How many trials have each word of letters."""
        found = self._searcher.terms_with_prefix("spelt", "")
        return {term: trials for term, trials in found if len(term) >= _SHORTEST_MISTAKEN - 1 and term.isalpha()}


def _corrected(text: str, resembling: dict[str, tuple[str, ...]]) -> dict[str, str]:
    """For each word the one that makes most of the question: a form of two words beats two words."""
    chosen = {written: near[0] for written, near in resembling.items()}
    # Twice, since a neighbour may be corrected, too.
    for _ in range(2):
        for written, near in resembling.items():
            others = text
            for word, meant in chosen.items():
                others = others if word == written else _with(others, word, meant)
            chosen[written] = min(near, key=lambda other: len(stretches(_with(others, written, other))))
    return chosen


def _with(text: str, word: str, other: str) -> str:
    return re.sub(rf"(?<![\w-]){re.escape(word)}(?![\w-])", other, text)
