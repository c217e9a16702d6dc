"""One spelling for the many ways that characters and words are printed, without moving an offset."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d\u00ad"
_TILDES = "\u223c\u301c\uff5e\u02dc"
_POINTS = "\u00b7\u2219\u2027\u22c5\u30fb\uff0e"
_SINGLE = {
    **dict.fromkeys(_DASHES, "-"),
    **dict.fromkeys(_TILDES, "~"),
    "\u2236": ":",  # ratio sign, as in 1:1
    "\u2a7d": "\u2264",
    "\u2a7e": "\u2265",
    "\u2266": "\u2264",
    "\u2267": "\u2265",
    "\ufe64": "<",
    "\ufe65": ">",
    "\u3001": ",",  # the Chinese enumeration comma
    "\u3010": "[",
    "\u3011": "]",
    "\u3014": "[",
    "\u3015": "]",
    "\u2018": "'",
    "\u2019": "'",
    "\u201c": '"',
    "\u201d": '"',
    "\u0406": "I",
    # Marks that only say in which direction a script runs.
    **dict.fromkeys("\u200e\u200f\u202a\u202b\u202c\u202d\u202e", " "),
}
# Chinese characters, as a range for regular expressions.
HAN = "\u3400-\u4dbf\u4e00-\u9fff"
# The comma between Chinese clauses.
CLAUSE_COMMA = "\uff0c"
_HAN = re.compile(f"[{HAN}]")
_WORD = re.compile(f"[A-Za-z0-9]+|[{HAN}]")
# What may have another spelling: all but the plain characters, which most texts are made of.
_OTHER_CHARACTER = re.compile("[^ -~\\n\\r]")
_POINT_IN_NUMBER = re.compile(rf"[{_POINTS}](?<=\d[{_POINTS}])(?=\d)")


@lru_cache(maxsize=8192)
def _normal_character(character: str) -> str:
    if character in _SINGLE:
        return _SINGLE[character]
    if character.isspace():
        return character if character in "\n\r" else " "
    compatible = unicodedata.normalize("NFKC", character)
    # Roman numerals and fractions fold to several characters; keeping them keeps the offsets.
    return compatible if len(compatible) == 1 else character


def normalise(text: str) -> str:
    """The text with full-width forms, dashes, tildes, quotes and decimal points in one spelling.

    The result has the same length, character for character: an offset in it is an offset in the original.
    """
    return _POINT_IN_NUMBER.sub(".", _OTHER_CHARACTER.sub(_normal_match, text))


def _normal_match(found: re.Match[str]) -> str:
    return _normal_character(found.group())


_BRITISH = (
    (re.compile(r"(?<=\w\w)our(?=s?$|ed$|able$)"), "or"),
    (re.compile(r"(?<=\w\w)is(?=e[ds]?$|ing$|ations?$)"), "iz"),
    (re.compile(r"(?<=\w)tre(?=s?$|d$)"), "ter"),
    (re.compile(r"[ao]e(?=[a-z])"), "e"),
)


@lru_cache(maxsize=65536)
def word_form(word: str) -> str:
    """The form under which a word is compared: lower case, American spelling, English plural taken off."""
    form = normalise(word).casefold()
    if len(form) > 4 and form.isascii() and form.isalpha():
        for pattern, spelling in _BRITISH:
            form = pattern.sub(spelling, form)
    if len(form) > 3 and form.isascii() and form.endswith("s") and not form.endswith(("ss", "us", "is")):
        form = form[:-3] + "y" if form.endswith("ies") and len(form) > 4 else form[:-1]
    return form


def is_han(text: str) -> bool:
    """Whether a form is written in Chinese characters, going by its last one."""
    return bool(text) and _HAN.fullmatch(text[-1]) is not None


def parts_clauses(text: str, place: int) -> bool:
    """Whether the sign at an offset of the printed text is a comma that parts Chinese clauses.

    The items of a Chinese list are parted by a sign of their own. Some journals print the comma of the Latin script.
    """
    sign = text[place]
    beside = (text[place - 1 : place], text[place + 1 : place + 2])
    return sign == CLAUSE_COMMA or (sign == "," and any(map(is_han, beside)))


def words_of(text: str) -> frozenset[str]:
    """The words of a phrase under their comparison form; a Chinese phrase gives its characters."""
    return frozenset(word_form(word) for word in _WORD.findall(text))


_SHOWN = re.compile(r"[a-z]+|[\d.]+|[^a-z\d\s]")


def shown_words(text: str) -> list[str]:
    """The words, characters and signs of a stretch as what was learned is shown them; numbers are all alike."""
    return ["#" if word[0].isdigit() else word for word in _SHOWN.findall(text.casefold())]
