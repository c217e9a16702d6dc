"""Chooses how label scores become spans, on the documents of the training part that no weight was fitted to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import product

from extractors.corpora.annotated import Annotated
from extractors.model_scores import Agreement, document_agreement
from extractors.number_arms import ArmModel
from extractors.pico_model import Decoder
from extractors.tagging import Scores, transition_scores, words_of

_WEIGHTS = (0.0, 0.25, 0.5)
_OUTSIDE = (0.0, 0.25, 0.5, 0.75)
_LEANING = (0.25, 0.5, 1.0)


def choose_decoder(
    documents: Sequence[Annotated],
    scores: Sequence[Scores],
    paths: Sequence[Sequence[int]],
    labels: Sequence[str],
    arms: ArmModel,
) -> Decoder:
    """The decoder with the best exact F1 on the documents, given the encoder's scores of their words.

    ``paths`` are the label sequences of the documents learned from. Label pairs and the label O are weighed first,
    the arms of numbers after them.
    """
    decoders = [
        Decoder(tuple(labels), transition_scores(paths, labels, weight, outside), arms, 0.5)
        for weight, outside in product(_WEIGHTS, _OUTSIDE)
    ]
    best = max(decoders, key=lambda decoder: _agreement(decoder, documents, scores).exact_f1)
    ways = [replace(best, leaning=leaning) for leaning in _LEANING]
    return max(ways, key=lambda decoder: _agreement(decoder, documents, scores).exact_f1)


def _agreement(decoder: Decoder, documents: Sequence[Annotated], scores: Sequence[Scores]) -> Agreement:
    total = Agreement()
    for document, rows in zip(documents, scores, strict=True):
        given = decoder.spans(document.text, words_of(document.text), rows)
        total += sum(document_agreement(given, document).values(), Agreement())
    return total
