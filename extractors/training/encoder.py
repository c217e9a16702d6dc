"""A small BERT encoder with a label for each word, its start weights, and its vocabulary cut to what trials use."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

from extractors.tagging import piece_tokenizer

WIDTH, HEADS, INNER, POSITIONS = 384, 12, 1536, 512
DROPOUT = 0.1


class Layer(nn.Module):
    """One transformer layer, normalised after each half as in BERT."""

    def __init__(self) -> None:
        super().__init__()
        self.read = nn.Linear(WIDTH, 3 * WIDTH)
        self.join = nn.Linear(WIDTH, WIDTH)
        self.joined = nn.LayerNorm(WIDTH, eps=1e-12)
        self.widen = nn.Linear(WIDTH, INNER)
        self.narrow = nn.Linear(INNER, WIDTH)
        self.narrowed = nn.LayerNorm(WIDTH, eps=1e-12)
        self.dropout = nn.Dropout(DROPOUT)

    def forward(self, states: Tensor, mask: Tensor | None) -> Tensor:
        """States of shape (batch, pieces, width) after this layer; ``mask`` is added to the attention scores."""
        batch, length, _ = states.shape
        read = self.read(states).view(batch, length, 3, HEADS, WIDTH // HEADS).permute(2, 0, 3, 1, 4)
        heard = functional.scaled_dot_product_attention(read[0], read[1], read[2], attn_mask=mask)
        states = self.joined(states + self.dropout(self.join(heard.transpose(1, 2).reshape(batch, length, WIDTH))))
        return self.narrowed(states + self.dropout(self.narrow(functional.gelu(self.widen(states)))))


class Encoder(nn.Module):
    """Label scores for every piece of a batch of windows."""

    def __init__(self, vocabulary: int, layers: int, labels: int) -> None:
        super().__init__()
        self.pieces = nn.Embedding(vocabulary, WIDTH)
        self.positions = nn.Embedding(POSITIONS, WIDTH)
        self.embedded = nn.LayerNorm(WIDTH, eps=1e-12)
        self.layers = nn.ModuleList(Layer() for _ in range(layers))
        self.head = nn.Linear(WIDTH, labels)
        self.dropout = nn.Dropout(DROPOUT)

    def states(self, pieces: Tensor, attended: Tensor | None = None) -> Tensor:
        """The last layer's states (batch, pieces, width); ``attended`` is 1 for a piece and 0 for padding."""
        places = torch.arange(pieces.shape[1], device=pieces.device)
        states = self.embedded(self.pieces(pieces) + self.positions(places))
        mask = None if attended is None else (1.0 - attended[:, None, None, :].to(states.dtype)) * -1e4
        for layer in self.layers:
            states = layer(states, mask)
        return states

    def forward(self, pieces: Tensor, attended: Tensor | None = None) -> Tensor:
        """Scores (batch, pieces, labels) of every piece."""
        scores: Tensor = self.head(self.dropout(self.states(pieces, attended)))
        return scores


def cut_vocabulary(whole: Sequence[str], texts: Iterable[str], seen: int) -> list[str]:
    """The pieces found at least ``seen`` times in the texts, with all single characters and BERT's marks, in order."""
    tokenizer = piece_tokenizer(whole)
    counts = [0] * len(whole)
    for text in texts:
        for piece in tokenizer.encode(text, add_special_tokens=False).ids:
            counts[piece] += 1
    marks = {"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"}
    return [
        piece
        for piece, count in zip(whole, counts, strict=True)
        if count >= seen or piece in marks or len(piece.removeprefix("##")) == 1
    ]


def start_encoder(weights: Path, whole: Sequence[str], kept: Sequence[str], layers: int, labels: int) -> Encoder:
    """An encoder with the lowest layers of a BERT checkpoint, its vocabulary cut, and a fresh head."""
    stored = load_file(str(weights))
    model = Encoder(len(kept), layers, labels)
    place = {piece: number for number, piece in enumerate(whole)}
    rows = torch.tensor([place[piece] for piece in kept])
    state = model.state_dict()
    state["pieces.weight"] = stored["embeddings.word_embeddings.weight"][rows]
    kind = stored["embeddings.token_type_embeddings.weight"][0]
    state["positions.weight"] = stored["embeddings.position_embeddings.weight"] + kind
    state["embedded.weight"] = stored["embeddings.LayerNorm.weight"]
    state["embedded.bias"] = stored["embeddings.LayerNorm.bias"]
    names = {
        "join": "attention.output.dense",
        "joined": "attention.output.LayerNorm",
        "widen": "intermediate.dense",
        "narrow": "output.dense",
        "narrowed": "output.LayerNorm",
    }
    for number in range(layers):
        source = f"encoder.layer.{number}."
        for part in ("weight", "bias"):
            read = [stored[f"{source}attention.self.{which}.{part}"] for which in ("query", "key", "value")]
            state[f"layers.{number}.read.{part}"] = torch.cat(read)
            for ours, theirs in names.items():
                state[f"layers.{number}.{ours}.{part}"] = stored[f"{source}{theirs}.{part}"]
    model.load_state_dict(state)
    return model
