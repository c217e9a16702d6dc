"""Tells Chinese from English by the writing of a stretch of text."""

from __future__ import annotations

import re

from extractors.documents import Language

HAN = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_HAN = re.compile(f"[{HAN}]")
_LATIN_WORD = re.compile(r"[A-Za-z\u00c0-\u024f]+")


def language_of(text: str) -> Language:
    """Return "zh" where Chinese characters are at least as many as Latin words, else "en".

    Words, because one Latin word weighs in letters what several Chinese words weigh in characters.
    """
    han = len(_HAN.findall(text))
    return "zh" if han and han >= len(_LATIN_WORD.findall(text)) else "en"


def has_han(text: str) -> bool:
    """Whether the text holds a Chinese character."""
    return _HAN.search(text) is not None


def size_in_words(text: str) -> int:
    """Return about how many words the text holds; two Chinese characters count as one word."""
    return len(_LATIN_WORD.findall(text)) + len(_HAN.findall(text)) // 2
