"""Continues the encoder's masked word training on trial abstracts, so that it knows their language before any label."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional

from extractors.tagging import mark
from extractors.training.encoder import Encoder

LENGTH, BATCH, RATE, SHARE = 256, 16, 4e-4, 0.2


def pretrain(model: Encoder, texts: Sequence[str], tokenizer: Tokenizer, rounds: int, seed: int) -> None:
    """Train the encoder in place to name hidden pieces; the output layer is its own embedding table.

    A fifth of the words is hidden, whole words at a time; stretches of 256 pieces, 16 a step, over all texts.
    """
    random.seed(seed)
    torch.manual_seed(seed)
    bias = nn.Parameter(torch.zeros(model.pieces.num_embeddings))
    parameters = [p for name, p in model.named_parameters() if not name.startswith("head.")]
    optimiser = torch.optim.AdamW([*parameters, bias], RATE, weight_decay=0.01)
    stretches = _stretches(texts, tokenizer)
    steps = rounds * (len(stretches) // BATCH)
    rise = max(1, steps // 10)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min((step + 1) / rise, max(0.0, (steps - step) / max(1, steps - rise)))
    )
    hidden_mark = mark(tokenizer, "[MASK]")
    began = time.perf_counter()
    step = 0
    model.train()
    for _ in range(rounds):
        random.shuffle(stretches)
        for first in range(0, len(stretches) - BATCH + 1, BATCH):
            rows = stretches[first : first + BATCH]
            pieces = torch.tensor([ids for ids, _ in rows])
            hidden = torch.tensor([_hidden(starts) for _, starts in rows])
            loss = _loss(model, bias, pieces, hidden, hidden_mark)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(parameters, 1.0)
            optimiser.step()
            schedule.step()
            step += 1
            if step % 20 == 0:
                print(f"mlm {step}/{steps} loss {loss.item():.3f} {time.perf_counter() - began:.0f} s", flush=True)  # noqa: T201


def _loss(model: Encoder, bias: Tensor, pieces: Tensor, hidden: Tensor, mask: int) -> Tensor:
    shown = pieces.masked_fill(hidden & (torch.rand(pieces.shape) < 0.9), mask)
    # Half-width products: twice as fast on processors that have them, the sums stay in full width.
    with torch.autocast("cpu", torch.bfloat16):
        states = model.states(shown, torch.ones_like(shown))[hidden]
        scores = states @ model.pieces.weight.T + bias
    return functional.cross_entropy(scores.float(), pieces[hidden])


def _stretches(texts: Sequence[str], tokenizer: Tokenizer) -> list[tuple[list[int], list[bool]]]:
    """All texts end to end, cut into equal stretches of (pieces, whether each opens a word)."""
    ids: list[int] = []
    starts: list[bool] = []
    for encoded in tokenizer.encode_batch(list(texts)):
        ids += encoded.ids
        starts += [not piece.startswith("##") for piece in encoded.tokens]
    return [
        (ids[place : place + LENGTH], starts[place : place + LENGTH])
        for place in range(0, len(ids) - LENGTH + 1, LENGTH)
    ]


def _hidden(starts: Sequence[bool]) -> list[bool]:
    hidden: list[bool] = []
    hide = False
    for opens in starts:
        if opens:
            hide = random.random() < SHARE  # noqa: S311
        hidden.append(hide)
    return hidden
