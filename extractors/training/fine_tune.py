"""Teaches the encoder the spans of the PICO corpus: one BIO label for each word, read at its first piece."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from tokenizers import Tokenizer
from torch import nn
from torch.nn import functional
from torch.nn.utils.rnn import pad_sequence

from extractors.corpora.annotated import Annotated
from extractors.tagging import Scores, Window, mark, windows_of, words_of
from extractors.training.encoder import Encoder

PIECES_A_STEP = 2048
# Of so many last rounds the mean of the weights is kept: it did better than the last weights on the inner split.
AVERAGED = 3
RATE, HEAD_RATE, HIDDEN = 2e-4, 1e-3, 0.05
_IGNORED = -100


@dataclass(frozen=True, slots=True)
class Example:
    """A window and the label number of each of its words."""

    window: Window
    labels: tuple[int, ...]


def label_path(document: Annotated, words: Sequence[tuple[int, int]], labels: Sequence[str]) -> list[int]:
    """The label number of each word; a span that begins or ends inside a word takes the whole word."""
    number = {label: place for place, label in enumerate(labels)}
    path = [0] * len(words)
    for span in document.spans:
        mark = "B"
        for place, (start, end) in enumerate(words):
            if start < span.end and end > span.start and path[place] == 0:
                path[place] = number[f"{mark}-{span.kind}"]
                mark = "I"
    return path


def examples_of(documents: Sequence[Annotated], labels: Sequence[str], tokenizer: Tokenizer) -> list[Example]:
    """All windows of the documents with their labels."""
    examples = []
    for document in documents:
        words = words_of(document.text)
        path = label_path(document, words, labels)
        for window in windows_of(document.text, words, tokenizer):
            examples.append(Example(window, tuple(path[word] for word in window.words)))
    return examples


def fine_tune(
    model: Encoder,
    examples: Sequence[Example],
    tokenizer: Tokenizer,
    rounds: int,
    seed: int,
) -> None:
    """Train the encoder in place for the given rounds over the examples; it ends as the mean of the last rounds.

    AdamW with a tenth of the steps to warm up, then falling linearly to nothing; a twentieth of the pieces hidden.
    """
    random.seed(seed)
    torch.manual_seed(seed)
    batches = _batches(examples)
    steps = rounds * len(batches)
    head = [p for name, p in model.named_parameters() if name.startswith("head.")]
    rest = [p for name, p in model.named_parameters() if not name.startswith("head.")]
    optimiser = torch.optim.AdamW([{"params": rest, "lr": RATE}, {"params": head, "lr": HEAD_RATE}], weight_decay=0.01)
    rise = max(1, steps // 10)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min((step + 1) / rise, max(0.0, (steps - step) / max(1, steps - rise)))
    )
    hidden_mark = mark(tokenizer, "[MASK]")
    kept: list[dict[str, torch.Tensor]] = []
    began = time.perf_counter()
    for done in range(1, rounds + 1):
        model.train()
        total = 0.0
        batches = _batches(examples)
        while len(batches) > steps // rounds:
            batches.pop()
        for batch in batches:
            loss = _loss(model, batch, hidden_mark)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            total += loss.item()
        print(f"round {done}/{rounds} loss {total / len(batches):.4f} {time.perf_counter() - began:.0f} s", flush=True)  # noqa: T201
        if done > rounds - AVERAGED:
            kept.append({name: weights.clone() for name, weights in model.state_dict().items()})
    model.load_state_dict({name: torch.stack([state[name] for state in kept]).mean(0) for name in kept[0]})


def _batches(examples: Sequence[Example]) -> list[list[Example]]:
    """The examples in random batches of like length, each at most 2,048 pieces with its padding."""
    order = sorted(examples, key=lambda example: len(example.window.pieces) + random.uniform(-20, 20))  # noqa: S311
    batches: list[list[Example]] = [[]]
    for example in order:
        longest = max([len(example.window.pieces), *(len(other.window.pieces) for other in batches[-1])])
        if longest * (len(batches[-1]) + 1) > PIECES_A_STEP:
            batches.append([])
        batches[-1].append(example)
    random.shuffle(batches)
    return batches


def _loss(model: Encoder, batch: Sequence[Example], mask: int) -> torch.Tensor:
    pieces = pad_sequence([torch.tensor(e.window.pieces) for e in batch], batch_first=True)
    attended = pad_sequence([torch.ones(len(e.window.pieces)) for e in batch], batch_first=True)
    targets = torch.full(pieces.shape, _IGNORED)
    for row, example in enumerate(batch):
        targets[row, list(example.window.places)] = torch.tensor(example.labels)
    shown = pieces.masked_fill((torch.rand(pieces.shape) < HIDDEN) & (attended > 0), mask)
    # Half-width products: twice as fast on processors that have them, the sums stay in full width.
    with torch.autocast("cpu", torch.bfloat16):
        scores = model(shown, attended)
    return functional.cross_entropy(scores.float().flatten(0, 1), targets.flatten(), ignore_index=_IGNORED)


def label_scores(model: Encoder, window: Window) -> Scores:
    """Log probabilities (words x labels) for the words of one window."""
    with torch.inference_mode():
        pieces = torch.tensor([window.pieces])
        scores = model(pieces, torch.ones(pieces.shape))[0, list(window.places)]
        found: Scores = functional.log_softmax(scores, -1).numpy()
    return found
