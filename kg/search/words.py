"""Cuts a text, of a trial or of a question, into the words that the index holds.

Words of alphabetic scripts are folded to one spelling and stemmed. Chinese sets no blanks, so a run of its characters
is cut into overlapping pairs: a word of two characters is then one word of the index, a longer one a phrase, and
neither depends on a dictionary. Single characters have a field of their own.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

import tantivy

LONGEST_WORD: Final = 48
# Stands between two texts of one field, so that no phrase runs from one into the other; never a word.
GAP: Final = "|"

# Kana, ideographs and Hangul: scripts that are not, or not always, written in words with blanks between them.
_SIGNS: Final = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7af\U00020000-\U0003ffff"
_PIECE: Final = re.compile(rf"[{_SIGNS}]+|[^\W_{_SIGNS}]+")
_ACCENT: Final = re.compile("[\u0300-\u036f]")
_SIGN: Final = re.compile(rf"[{_SIGNS}]")
# British and American spelling meet in one; the result need not be a word, since both sides are folded.
_SPELLINGS: Final = (
    (re.compile("ae|oe"), "e"),
    (re.compile("(?<=[a-z]{2})our"), "or"),
    (re.compile("(?<=[a-z]{3})is(?=e|at|ing)"), "iz"),
    (re.compile("(?<=[a-z]{2})([bt])re$"), r"\1er"),
)
# Words that titles and questions have and leave out at will. Not "no" and "without", which turn a treatment round.
_SAYING_NOTHING: Final = ["a", "an", "and", "are", "as", "at", "by", "for", "from", "in", "is", "of", "on", "or", "the",
                          "to", "was", "were", "with"]  # fmt: skip
_ANALYZER: Final = (
    tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.raw())
    .filter(tantivy.Filter.custom_stopword(_SAYING_NOTHING))
    .filter(tantivy.Filter.stemmer("english"))
    .build()
)


def normal(text: str) -> str:
    """The text in one form of each character, without case and accents."""
    if text.isascii():
        return text.lower()
    folded = unicodedata.normalize("NFKC", text).casefold()
    return _ACCENT.sub("", unicodedata.normalize("NFD", folded))


def is_signs(piece: str) -> bool:
    """Whether a piece is a run of Chinese characters or their like."""
    return _SIGN.match(piece) is not None


def spelt(text: str) -> tuple[str, ...]:
    """The words of alphabetic scripts of a text, each in one of its spellings but with its ending."""
    return tuple(folded(piece[:LONGEST_WORD]) for piece in _PIECE.findall(normal(text)) if not is_signs(piece))


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """What the forms of a word have in common; empty for a word that says nothing, such as an article."""
    found = _ANALYZER.analyze(word)
    return found[0] if found else ""


@lru_cache(maxsize=100_000)
def folded(word: str) -> str:
    """The word in one of the spellings that it has."""
    for pattern, replacement in _SPELLINGS:
        word = pattern.sub(replacement, word)
    return word


def pieces(text: str) -> tuple[str, ...]:
    """The stems of the words of a text, and its runs of Chinese characters."""
    cut = _PIECE.findall(normal(text))
    found = (piece if is_signs(piece) else stem(folded(piece[:LONGEST_WORD])) for piece in cut)
    return tuple(piece for piece in found if piece)


def pairs(signs: str) -> tuple[str, ...]:
    """The overlapping pairs of a run of Chinese characters; a single one is given as it is."""
    return tuple(signs[at : at + 2] for at in range(max(1, len(signs) - 1)))


def terms(text: str) -> tuple[str, ...]:
    """The words that the index holds of a text, in their order."""
    found: list[str] = []
    for piece in pieces(text):
        found.extend(pairs(piece) if is_signs(piece) else (piece,))
    return tuple(found)


def single_signs(text: str) -> set[str]:
    """The Chinese characters of a text."""
    return set(_SIGN.findall(normal(text)))
