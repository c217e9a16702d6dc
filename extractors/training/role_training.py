"""Trains the linear model of sentence roles on structured abstracts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from extractors.corpora.structured import LabelledAbstract
from extractors.sentence_roles import BUCKETS, ROLES, RoleModel, abstract_buckets

ROUNDS, BATCH, RATE, HIDDEN = 8, 16, 3e-3, 0.2
# Neighbours' words already speak of the order, so the order itself counts for half.
ORDER_WEIGHT = 0.5


def train_roles(abstracts: Sequence[LabelledAbstract], seed: int) -> RoleModel:
    """A model learned from the abstracts: Adam over 16 abstracts a step, a fifth of the features hidden;
    the mean of the weights over the last half of the steps."""
    torch.manual_seed(seed)
    weights = nn.EmbeddingBag(BUCKETS, len(ROLES), mode="sum")
    nn.init.zeros_(weights.weight)
    optimiser = torch.optim.Adam(weights.parameters(), RATE)
    rows = [[torch.from_numpy(row) for row in abstract_buckets(abstract.sentences)] for abstract in abstracts]
    targets = [torch.tensor([ROLES.index(role) for role in abstract.roles]) for abstract in abstracts]
    mean = torch.zeros_like(weights.weight)
    for done in range(ROUNDS):
        order = torch.randperm(len(rows)).tolist()
        for first in range(0, len(order), BATCH):
            chosen = order[first : first + BATCH]
            bags = [row[torch.rand(len(row)) >= HIDDEN] for number in chosen for row in rows[number]]
            offsets = torch.tensor([0, *[len(bag) for bag in bags[:-1]]]).cumsum(0)
            scores = weights(torch.cat(bags), offsets) / (1 - HIDDEN)
            loss = functional.cross_entropy(scores, torch.cat([targets[number] for number in chosen]))
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            if done >= ROUNDS // 2:
                mean += weights.weight.detach()
    mean /= (ROUNDS - ROUNDS // 2) * -(-len(rows) // BATCH)
    return RoleModel(mean.numpy().astype(np.float32), _transitions(abstracts))


def _transitions(abstracts: Sequence[LabelledAbstract]) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    """Log probability of each role after each other, the last row for the first sentence."""
    counts = np.full((len(ROLES) + 1, len(ROLES)), 0.5)
    for abstract in abstracts:
        path = [ROLES.index(role) for role in abstract.roles]
        np.add.at(counts, ([len(ROLES), *path[:-1]], path), 1)
    shares: np.ndarray[tuple[int, int], np.dtype[np.float32]] = np.log(counts / counts.sum(axis=1, keepdims=True))
    return (ORDER_WEIGHT * shares).astype(np.float32)


def save_roles(model: RoleModel, path: Path) -> None:
    """Write the model for ``sentence_roles.role_model``, its weights in half precision."""
    np.savez_compressed(path, weights=model.weights.astype(np.float16), transitions=model.transitions)
