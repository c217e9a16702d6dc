"""Trains the chain that gives numbers their arms, on the numbers and names that people marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain

import numpy as np
import torch
from torch import Tensor, nn

from extractors.number_arms import ARMS, BUCKETS, ArmModel, Number

ROUNDS, BATCH, RATE, DECAY, HIDDEN = 25, 128, 0.02, 0.2, 0.5
# A feature of fewer numbers says nothing that holds for others.
SEEN = 8


def train_arms(abstracts: Sequence[Sequence[Number]], seed: int) -> ArmModel:
    """A conditional random field over the numbers of each abstract, learned from their true arms.

    Half of the features are hidden at each step, and rare ones left out: there are more features than numbers.
    """
    torch.manual_seed(seed)
    single = nn.EmbeddingBag(BUCKETS, 1, mode="sum")
    pairs = nn.EmbeddingBag(BUCKETS, len(ARMS) ** 2, mode="sum")
    for table in (single, pairs):
        nn.init.zeros_(table.weight)
    optimiser = torch.optim.AdamW([*single.parameters(), *pairs.parameters()], RATE, weight_decay=DECAY)
    chains = _without_rare([numbers for numbers in abstracts if len(numbers) > 1])
    for _ in range(ROUNDS):
        order = torch.randperm(len(chains)).tolist()
        for first in range(0, len(order), BATCH):
            loss = _loss(single, pairs, [chains[place] for place in order[first : first + BATCH]])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
    return ArmModel(
        single.weight.detach().numpy()[:, 0].astype(np.float32), pairs.weight.detach().numpy().astype(np.float32)
    )


def _without_rare(chains: Sequence[Sequence[Number]]) -> list[list[Number]]:
    own, steps = np.zeros(BUCKETS, int), np.zeros(BUCKETS, int)
    for number in chain.from_iterable(chains):
        own[number.features] += 1
        steps[number.step] += 1
    return [
        [replace(n, features=n.features[own[n.features] >= SEEN], step=n.step[steps[n.step] >= SEEN]) for n in numbers]
        for numbers in chains
    ]


def _loss(single: nn.EmbeddingBag, pairs: nn.EmbeddingBag, chains: Sequence[Sequence[Number]]) -> Tensor:
    """The negative log likelihood of the true arms for each number of the batch."""
    longest = max(len(numbers) for numbers in chains)
    shape = (len(chains), longest)
    own, steps = torch.zeros(*shape, 2), torch.zeros(*shape, 2, 2)
    real, true = torch.zeros(shape), torch.zeros(shape, dtype=torch.long)
    for row, numbers in enumerate(chains):
        own[row, : len(numbers), 0] = _summed(single, [n.features for n in numbers])[:, 0]
        steps[row, : len(numbers)] = _summed(pairs, [n.step for n in numbers]).view(-1, 2, 2)
        real[row, : len(numbers)] = 1
        true[row, : len(numbers)] = torch.tensor([ARMS.index(n.arm) for n in numbers])
    rows = torch.arange(len(chains))
    every = own[:, 0]
    given = every[rows, true[:, 0]]
    for place in range(1, longest):
        following = torch.logsumexp(every[:, :, None] + steps[:, place], 1) + own[:, place]
        every = torch.where(real[:, place, None] > 0, following, every)
        taken = steps[rows, place, true[:, place - 1], true[:, place]] + own[rows, place, true[:, place]]
        given = given + real[:, place] * taken
    return (torch.logsumexp(every, 1) - given).sum() / real.sum()


def _summed(table: nn.EmbeddingBag, rows: Sequence[np.ndarray[tuple[int], np.dtype[np.int64]]]) -> Tensor:
    kept = [torch.from_numpy(row) for row in rows]
    kept = [row[torch.rand(len(row)) >= HIDDEN] for row in kept]
    offsets = torch.tensor([0, *[len(row) for row in kept[:-1]]]).cumsum(0)
    summed: Tensor = table(torch.cat(kept), offsets) / (1 - HIDDEN)
    return summed
