"""Writes the trained encoder as the files that the span model loads: ONNX in 8 bits, vocabulary, settings."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic

from extractors.pico_model import Decoder
from extractors.training.encoder import Encoder


def export(model: Encoder, vocabulary: Sequence[str], decoder: Decoder, folder: Path) -> None:
    """Write ``pico.onnx``, ``pico_vocabulary.txt``, ``pico.json`` and ``arms.npz`` into the folder.

    The file takes one window at a time, so it needs no mask for padding, which cost a seventh of its time.
    Weights are rounded to 8 bits for each output channel by itself; one scale for a whole matrix cost 0.015 F1.
    """
    folder.mkdir(parents=True, exist_ok=True)
    model.eval()
    pieces = torch.ones((1, 9), dtype=torch.long)
    with TemporaryDirectory() as work:
        whole = Path(work) / "pico.onnx"
        torch.onnx.export(
            model,
            (pieces,),
            str(whole),
            input_names=["pieces"],
            output_names=["scores"],
            dynamic_axes={"pieces": {1: "length"}, "scores": {1: "length"}},
            opset_version=17,
            dynamo=False,
        )
        quantize_dynamic(
            whole,
            folder / "pico.onnx",
            op_types_to_quantize=["MatMul", "Gather"],
            per_channel=True,
            weight_type=QuantType.QInt8,
        )
    (folder / "pico_vocabulary.txt").write_text("\n".join(vocabulary) + "\n", "utf-8")
    settings = {
        "labels": decoder.labels,
        "leaning": decoder.leaning,
        "transitions": [[round(float(score), 3) for score in row] for row in decoder.transitions],
    }
    (folder / "pico.json").write_text(json.dumps(settings) + "\n", "utf-8")
    single, pairs = decoder.arms.single.astype(np.float16), decoder.arms.pairs.astype(np.float16)
    np.savez_compressed(folder / "arms.npz", single=single, pairs=pairs)
