"""Cuts a stretch of text that lists things into its items: numbered, parted by semicolons, or by commas and a word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

from extractors.normal import HAN, parts_clauses
from extractors.patterns import words
from extractors.reading import Span

# A number or letter before an item: "1)", "(a)", "iv)", "(1)", "1.", or a number in a circle.
_NUMBERED = re.compile(
    r"(?:(?<=[\s:;,\uff1a\uff1b\uff0c\u3002.])|^)"
    r"(?:[(\uff08]\s?(?:\d{1,2}|[a-z]|[ivx]{1,4})\s?[)\uff09]|(?:\d{1,2}|[a-z]|[ivx]{1,4})[)\uff09]"
    r"|\d{1,2}[.\u3001\uff0e](?=\s?[^\W\d]))\s*"
    r"|[\u2460-\u2473\u2474-\u2487\u24d0-\u24e9]\s*"
)
_BULLET = re.compile(r"^\s*(?:[-\u2013\u2014\u2022\u25cf\u25aa\u25e6*\u2023\u00b7]\s+)")
_EDGE = " \t\n.;,:\uff1b\uff0c\u3002\uff1a\u3001"
_OPENING, _CLOSING = "([\uff08\u3010", ")]\uff09\u3011"


def numbered(text: str) -> list[re.Match[str]]:
    """The marks of the numbered items in a text, none where only one stands."""
    found = list(_NUMBERED.finditer(text))
    return found if len(found) > 1 else []


def items(raw: str, normal: str, span: Span) -> list[Span]:
    """The items of the list that the span holds, as spans of the text without marks, joiners and stops.

    Numbered items are cut at their numbers, else at semicolons, else at commas and where a word that joins opens
    another condition. ``raw`` is the text as printed, ``normal`` the same in one spelling.
    """
    text = raw[span.start : span.end]
    marks = [mark for mark in numbered(text) if _depth(text, mark.start()) == 0]
    if len(marks) > 1:
        ends = [*(mark.start() for mark in marks[1:]), len(text)]
        pieces = [Span(mark.end(), end) for mark, end in zip(marks, ends, strict=True)]
        if text[: marks[0].start()].strip(_EDGE):
            pieces.insert(0, Span(0, marks[0].start()))
    else:
        pieces = _parted(text, _semicolons(text))
        if len(pieces) == 1:
            pieces = _by_commas(raw, normal, span)
    trimmed = (_trimmed(normal, Span(span.start + piece.start, span.start + piece.end)) for piece in pieces)
    return [piece for piece in trimmed if piece.end - piece.start > 1]


def one_item(normal: str, span: Span) -> Span:
    """The span without the bullet or number before it and the stop behind it."""
    text = normal[span.start : span.end]
    bullet = _BULLET.match(text) or _NUMBERED.match(text)
    return _trimmed(normal, Span(span.start + (bullet.end() if bullet else 0), span.end))


def _trimmed(normal: str, span: Span) -> Span:
    start, end = span.start, span.end
    while True:
        while start < end and normal[start] in _EDGE:
            start += 1
        lead = _lead().match(normal, start, end)
        if lead is None or lead.end() == start:
            break
        start = lead.end()
    while end > start and normal[end - 1] in _EDGE:
        end -= 1
    tail = _tail().search(normal[start:end])
    return Span(start, start + tail.start() if tail else end)


def _parted(text: str, places: list[int]) -> list[Span]:
    bounds = [0, *places, len(text)]
    return [Span(start, end) for start, end in pairwise(bounds)]


def _semicolons(text: str) -> list[int]:
    return [place for place in _top_level(text) if text[place] in ";\uff1b"]


def _by_commas(raw: str, normal: str, span: Span) -> list[Span]:
    """The pieces between commas outside brackets; a last piece without comma is cut at the word that joins it."""
    text = normal[span.start : span.end]
    commas = [place for place in _top_level(text) if text[place] == "," and _parts(raw, normal, span.start + place)]
    joints = [
        next((match.start(name) for name in ("behind", "code", "last") if match[name]), match.start())
        for match in _joint().finditer(text)
        if _depth(text, match.start()) == 0
    ]
    places = sorted({*commas, *joints})
    if commas and not any(place > commas[-1] for place in joints) and not _is_joined(text, commas[-1]):
        # "a, b and c": what stands behind the last comma holds the last two.
        last = [m.start() for m in _joiner().finditer(text, commas[-1]) if _depth(text, m.start()) == 0]
        if last:
            places = sorted({*places, last[-1]})
    return _merged(text, _parted(text, places))


def _merged(text: str, pieces: list[Span]) -> list[Span]:
    """The pieces, a lone adjective or noun before "b or c of the same" kept with them."""
    kept: list[Span] = []
    for piece in pieces:
        before = text[kept[-1].start : kept[-1].end].strip(_EDGE) if kept else ""
        explains = _example().match(text[piece.start : piece.end].strip(_EDGE)) is not None
        if kept and before and (_is_fragment(before) or explains):
            kept[-1] = Span(kept[-1].start, piece.end)
        else:
            kept.append(piece)
    return kept


def _is_fragment(words_before: str) -> bool:
    """Whether the words are too few to stand for themselves: "no surgery", "renal"."""
    return not re.search(rf"[{HAN}\d]", words_before) and len(words_before.split()) == 2 and _negated(words_before)


def _negated(text: str) -> bool:
    return re.match(words("cues", "negation"), text, re.IGNORECASE) is not None


def _parts(raw: str, normal: str, place: int) -> bool:
    """Whether a comma parts items: not within a number, and in Chinese only that between clauses."""
    if normal[place + 1 : place + 2].isdigit() and normal[place - 1 : place].isdigit():
        return False
    beside = normal[max(0, place - 1) : place] + normal[place + 1 : place + 2]
    return parts_clauses(raw, place) if re.search(f"[{HAN}]", beside) else True


def _is_joined(text: str, comma: int) -> bool:
    return _joiner().match(text, comma + 1) is not None


def _top_level(text: str) -> Iterator[int]:
    """The places of a text that stand outside brackets."""
    depth = 0
    for place, sign in enumerate(text):
        if sign in _OPENING:
            depth += 1
        elif sign in _CLOSING:
            depth = max(0, depth - 1)
        elif depth == 0:
            yield place


def _depth(text: str, place: int) -> int:
    before = text[:place]
    return max(0, sum(map(before.count, _OPENING)) - sum(map(before.count, _CLOSING)))


@cache
def _joiner() -> re.Pattern[str]:
    return re.compile(rf"\s*{words('articles', 'joined')}(?=[\s{HAN}])\s*", re.IGNORECASE)


@cache
def _joint() -> re.Pattern[str]:
    """A word that joins, before words that open another condition."""
    opening = rf"(?:{words('articles', 'criterion-start')}|[a-z]+(?:ed|ing)\s(?:to|for|with|in|at|by|on)\s)"
    joined, end = words("articles", "joined"), words("articles", "age-end")
    return re.compile(
        rf"\s{joined}\s+(?={opening})"
        rf"|(?:{end}|\d)'?(?P<behind>\s+)(?={words('articles', 'beside')}\s)"
        # "18-45 years old ASA status I", and the word that closes "a or other b and c".
        rf"|(?:{end})(?P<code>\s+)(?=(?-i:[A-Z]{{2}}))"
        rf"|{words('articles', 'or-other')}[^,;]+?(?P<last>\s{words('layout', 'joiner')}\s)",
        re.IGNORECASE,
    )


@cache
def _example() -> re.Pattern[str]:
    """Words that explain the condition before them."""
    return re.compile(rf"{words('articles', 'example')}(?:\s|$)", re.IGNORECASE)


@cache
def _lead() -> re.Pattern[str]:
    """What opens an item without being of it: a joiner, "if", "they"."""
    return re.compile(
        rf"(?:{words('articles', 'joined', 'provided', 'pronoun')}|{words('cues', 'be')}|:)(?=[\s:,{HAN}])[\s:,]*",
        re.IGNORECASE,
    )


@cache
def _tail() -> re.Pattern[str]:
    return re.compile(rf"[\s,;]+{words('articles', 'joined')}$", re.IGNORECASE)
