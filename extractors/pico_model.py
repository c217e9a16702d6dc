"""The shipped span model: a small encoder in 8 bits that labels population, arms, outcomes and their numbers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import BytesIO

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from extractors.number_arms import ArmModel, arm_and_number, kind_of, numbers_of
from extractors.tagging import (
    Scores,
    Window,
    merge_windows,
    piece_tokenizer,
    span_score,
    spans_of,
    viterbi,
    windows_of,
    words_of,
)

_FOLDER = "models"


@dataclass(frozen=True, slots=True)
class PicoSpan:
    """A stretch of a text (start, end: character offsets), its kind as the corpus names it, and how sure the model is.

    ``confidence`` is the mean probability, 0 to 1, of the chosen labels of its words.
    """

    start: int
    end: int
    kind: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Decoder:
    """Turns label scores into spans: first the best sequence of labels, then the arms of its numbers.

    ``leaning`` weighs what the encoder says of a number's arm against what the chain of numbers says.
    """

    labels: tuple[str, ...]
    transitions: Scores
    arms: ArmModel
    leaning: float

    def spans(self, text: str, words: Sequence[tuple[int, int]], scores: Scores) -> list[PicoSpan]:
        """The spans of a text from its words and their scores (words x labels, log probabilities)."""
        path = viterbi(scores, self.transitions)
        found = spans_of(path, self.labels)
        sure = np.exp(scores[np.arange(len(path)), path])
        kinds = self._kinds([text[start:end] for start, end in words], found, scores)
        return [
            PicoSpan(words[first][0], words[end - 1][1], kind, round(float(sure[first:end].mean()), 4))
            for (first, end, _), kind in zip(found, kinds, strict=True)
        ]

    def _kinds(self, words: Sequence[str], found: Sequence[tuple[int, int, str]], scores: Scores) -> list[str]:
        numbers = numbers_of(words, found)
        odds = []
        for number in numbers:
            for_arm = [
                span_score(scores, self.labels, number.first, number.end, kind_of(arm, number.sort))
                for arm in ("iv", "cv")
            ]
            odds.append(self.leaning * min(6.0, max(-6.0, for_arm[0] - for_arm[1])))
        told = iter(self.arms.arms(numbers, odds))
        pairs = [(kind, arm_and_number(kind)) for _, _, kind in found]
        return [kind if pair is None else kind_of(next(told), pair[1]) for kind, pair in pairs]


@dataclass(frozen=True)
class PicoModel:
    """The encoder's session with its vocabulary, and what turns its scores into spans."""

    session: onnxruntime.InferenceSession
    tokenizer: Tokenizer
    decoder: Decoder

    def spans(self, text: str) -> list[PicoSpan]:
        """The spans of a text, in order and without overlap. A text of any length is read in windows."""
        words = words_of(text)
        return self.decoder.spans(text, words, self.scores(text, words)) if words else []

    def scores(self, text: str, words: Sequence[tuple[int, int]]) -> Scores:
        """The log probability of each label for each word: (words, labels)."""
        windows = windows_of(text, words, self.tokenizer)
        return merge_windows(windows, [self._window(window) for window in windows], len(words))

    def _window(self, window: Window) -> Scores:
        (found,) = self.session.run(None, {"pieces": np.array([window.pieces], np.int64)})
        raw: Scores = found[0, list(window.places)]
        raw -= raw.max(axis=1, keepdims=True)
        scores: Scores = raw - np.log(np.exp(raw).sum(axis=1, keepdims=True))
        return scores


@cache
def pico_model(threads: int = 1) -> PicoModel:
    """The shipped model, loaded once in a process; ``threads`` is how many cores one text may use (0: all)."""
    folder = files("extractors").joinpath(_FOLDER)
    settings = json.loads(folder.joinpath("pico.json").read_text("utf-8"))
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(
        folder.joinpath("pico.onnx").read_bytes(), options, providers=["CPUExecutionProvider"]
    )
    pieces = folder.joinpath("pico_vocabulary.txt").read_text("utf-8").splitlines()
    decoder = Decoder(
        tuple(settings["labels"]),
        np.array(settings["transitions"], np.float32),
        load_arms(folder.joinpath("arms.npz").read_bytes()),
        settings["leaning"],
    )
    return PicoModel(session, piece_tokenizer(pieces), decoder)


def load_arms(data: bytes) -> ArmModel:
    """The chain for numbers' arms from its stored weights."""
    stored = np.load(BytesIO(data))
    return ArmModel(stored["single"].astype(np.float32), stored["pairs"].astype(np.float32))
