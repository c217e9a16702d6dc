"""From a text to model input and from label scores to spans: what training and run time of the span model share."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer

# Whole numbers with their decimals, whole runs of letters, single signs: 99.7 % of the corpus' spans begin and end so.
_WORD = re.compile(r"\d+(?:[.,\u00b7]\d+)*|[^\W\d_]+|[^\w\s]|_")
WINDOW = 512
OVERLAP = 128

Scores = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Window:
    """A run of word pieces that fits the encoder.

    ``pieces`` opens and closes with the encoder's marks; ``words`` gives for each word of the text that begins in
    the window its number, ``places`` the position of its first piece.
    """

    pieces: tuple[int, ...]
    words: tuple[int, ...]
    places: tuple[int, ...]


def words_of(text: str) -> list[tuple[int, int]]:
    """The (start, end) of each word, number and sign of the text, in order."""
    return [match.span() for match in _WORD.finditer(text)]


def piece_tokenizer(vocabulary: Sequence[str]) -> Tokenizer:
    """The word piece tokenizer of a vocabulary; it compares words without case and accents."""
    pieces = {piece: place for place, piece in enumerate(vocabulary)}
    tokenizer = Tokenizer(WordPiece(pieces, unk_token="[UNK]"))  # noqa: S106
    tokenizer.normalizer = BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = BertPreTokenizer()
    return tokenizer


def mark(tokenizer: Tokenizer, name: str) -> int:
    """The number of one of the vocabulary's marks, such as "[MASK]"; raises ``KeyError`` without it."""
    number: int | None = tokenizer.token_to_id(name)
    if number is None:
        raise KeyError(f"the vocabulary lacks the mark {name}")
    return number


def windows_of(text: str, words: Sequence[tuple[int, int]], tokenizer: Tokenizer) -> list[Window]:
    """The text in windows of at most 512 pieces that overlap by about 128; no window splits a word."""
    encoded = tokenizer.encode(
        [text[start:end] for start, end in words], is_pretokenized=True, add_special_tokens=False
    )
    first: list[int] = []
    for place, word in enumerate(encoded.word_ids):
        while word is not None and len(first) <= word:
            first.append(place)
    first += [len(encoded.ids)] * (len(words) + 1 - len(first))
    opening, closing = mark(tokenizer, "[CLS]"), mark(tokenizer, "[SEP]")
    windows: list[Window] = []
    begin = 0
    while begin < len(words):
        end = begin + 1
        while end < len(words) and first[end + 1] - first[begin] <= WINDOW - 2:
            end += 1
        pieces = encoded.ids[first[begin] : min(first[end], first[begin] + WINDOW - 2)]
        windows.append(
            Window(
                (opening, *pieces, closing),
                tuple(range(begin, end)),
                tuple(min(first[word] - first[begin] + 1, len(pieces)) for word in range(begin, end)),
            )
        )
        if end == len(words):
            break
        begin = end
        while begin > windows[-1].words[0] + 1 and first[end] - first[begin - 1] <= OVERLAP:
            begin -= 1
    return windows


def merge_windows(windows: Sequence[Window], scores: Sequence[Scores], count: int) -> Scores:
    """One row of label scores for each of ``count`` words, from the window that shows most around it."""
    width = scores[0].shape[1] if scores else 0
    merged = np.zeros((count, width), np.float32)
    best = np.full(count, -1)
    for window, rows in zip(windows, scores, strict=True):
        for index, (word, place) in enumerate(zip(window.words, window.places, strict=True)):
            margin = min(place, len(window.pieces) - 1 - place)
            if margin > best[word]:
                best[word] = margin
                merged[word] = rows[index]
    return merged


def labels_of(kinds: Sequence[str]) -> list[str]:
    """The tagger's labels: O, then B- and I- of each kind."""
    return ["O", *(f"{mark}-{kind}" for kind in kinds for mark in "BI")]


def viterbi(scores: Scores, transitions: Scores) -> list[int]:
    """The best label sequence under per-word scores (words x labels) and additive transition scores (labels x labels).

    A sequence may not open with an I- label: the caller's transitions from O (label 0) hold for the first word.
    """
    if not len(scores):
        return []
    best = scores[0] + transitions[0]
    back = np.zeros(scores.shape, np.int32)
    for place in range(1, len(scores)):
        ways = best[:, None] + transitions
        back[place] = ways.argmax(axis=0)
        best = ways.max(axis=0) + scores[place]
    path = [int(best.argmax())]
    for place in range(len(scores) - 1, 0, -1):
        path.append(int(back[place, path[-1]]))
    return path[::-1]


def spans_of(path: Sequence[int], labels: Sequence[str]) -> list[tuple[int, int, str]]:
    """The spans of a label sequence as (first word, word after the last, kind)."""
    spans: list[tuple[int, int, str]] = []
    for place, number in enumerate(path):
        mark, _, kind = labels[number].partition("-")
        if mark == "B":
            spans.append((place, place + 1, kind))
        elif mark == "I":
            first, _, kind = spans[-1]
            spans[-1] = (first, place + 1, kind)
    return spans


def transition_scores(
    paths: Sequence[Sequence[int]], labels: Sequence[str], weight: float, outside: float = 0.0
) -> Scores:
    """What each pair of neighbouring labels adds: the weight times its pointwise mutual information in the paths.

    ``outside`` is added to each step to the label O: above 0, fewer spans are marked.

    The information is held to -4 .. 4; a pair that no label sequence may hold (I- without its own kind before it)
    costs 10,000.
    """
    size = len(labels)
    pairs = np.full((size, size), 0.1)
    for path in paths:
        np.add.at(pairs, (np.array([0, *path[:-1]]), np.array(path)), 1)
    share = pairs / pairs.sum()
    information = np.log(share / np.outer(share.sum(axis=1), share.sum(axis=0))).clip(-4, 4)
    scores: Scores = (weight * information).astype(np.float32)
    scores[:, 0] += outside
    for column, label in enumerate(labels):
        if label.startswith("I-"):
            allowed = [row for row, before in enumerate(labels) if before[2:] == label[2:]]
            forbidden = np.ones(size, bool)
            forbidden[allowed] = False
            scores[forbidden, column] = -1e4
    return scores


def span_score(scores: Scores, labels: Sequence[str], first: int, end: int, kind: str) -> float:
    """The log probability that the words from ``first`` to before ``end`` are one span of the kind."""
    begin, inside = labels.index(f"B-{kind}"), labels.index(f"I-{kind}")
    return float(scores[first, begin] + scores[first + 1 : end, inside].sum())
