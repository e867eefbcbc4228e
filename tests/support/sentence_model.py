"""A real model of meaning, small enough to be written by a test: an ONNX graph that looks each
word up in a table, and its tokenizer. Words of one group mean the same.

The graph is written as the bytes of its protocol-buffer message (onnx.proto3), whose field numbers
stand below; no library that builds models is needed for four of its messages.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.normalizers import Lowercase
from tokenizers.pre_tokenizers import Whitespace

GROUPS = (
    ("hip", "hips", "pelvis"),
    ("click", "clicks", "snapping", "popping"),
    ("knee", "knees", "patella"),
    ("sleep", "bed", "night"),
    ("shoe", "shoes", "boots", "sneakers"),
    ("sitting", "chair", "desk"),
)
_FLOAT, _INT64 = 1, 7


def write_model(folder: Path, groups: Sequence[Sequence[str]] = GROUPS) -> Path:
    """Write `model.onnx` and `tokenizer.json`. Words of no group mean something of their own that
    all of them share, and say little. Other groups make another model, with another name."""
    folder.mkdir(parents=True, exist_ok=True)
    words = {"[UNK]": 0}
    table = [[0.0] * len(groups) + [0.05]]
    for place, group in enumerate(groups):
        for word in group:
            words[word] = len(words)
            table.append([float(place == other) for other in range(len(groups))] + [0.0])
    tokenizer = Tokenizer(WordLevel(words, unk_token="[UNK]"))
    tokenizer.normalizer = Lowercase()
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.save(str(folder / "tokenizer.json"))
    (folder / "model.onnx").write_bytes(_model(np.array(table, np.float32)))
    return folder


def _model(table: np.ndarray[tuple[int, ...], np.dtype[np.float32]]) -> bytes:
    weights = (
        b"".join(_number(1, size) for size in table.shape)
        + _number(2, _FLOAT)
        + _text(8, "table")
        + _bytes(9, table.tobytes())
    )
    lookup = _text(1, "table") + _text(1, "input_ids") + _text(2, "tokens") + _text(4, "Gather")
    graph = (
        _bytes(1, lookup)
        + _text(2, "lookup")
        + _bytes(5, weights)
        + _bytes(11, _value("input_ids", _INT64, 2))
        + _bytes(11, _value("attention_mask", _INT64, 2))
        + _bytes(12, _value("tokens", _FLOAT, 3))
    )
    return _number(1, 8) + _bytes(7, graph) + _bytes(8, _text(1, "") + _number(2, 13))


def _value(name: str, kind: int, dimensions: int) -> bytes:
    shape = b"".join(_bytes(1, _text(2, f"{name}{at}")) for at in range(dimensions))
    tensor = _number(1, kind) + _bytes(2, shape)
    return _text(1, name) + _bytes(2, _bytes(1, tensor))


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _bytes(field: int, value: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(value)) + value


def _text(field: int, value: str) -> bytes:
    return _bytes(field, value.encode())


def _varint(value: int) -> bytes:
    written = bytearray()
    while value > 0x7F:
        written.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*written, value])
