"""Texts as vectors: a sentence model in a folder, run on this machine and asked nothing outside.

A folder holds `model.onnx` and `tokenizer.json`. Any sentence model will do whose graph takes
`input_ids` and `attention_mask` and answers one vector a token, or one a text. Importing this
module takes 60 MB, so only the process that will hold the model does it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from app.infra.sentence_model import MODEL, TOKENIZER, is_there, name_of

LONGEST = 256
"""Tokens of a text that are read; what the small models were trained on."""
_NEVER_ZERO = 1e-9

Vectors = NDArray[np.float32]


class Encoder:
    """A loaded model: about 230 MB for the small one, so a process holds at most one.

    Raises OSError when the folder has no model, and onnxruntime's own errors for a broken one.
    """

    def __init__(self, folder: Path) -> None:
        if not is_there(folder):
            raise FileNotFoundError(f"{folder} holds no {MODEL} and {TOKENIZER}")
        self.name = name_of(folder)
        self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
        self._tokenizer.enable_truncation(LONGEST)
        self._tokenizer.no_padding()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.enable_cpu_mem_arena = False  # it would keep the memory of the largest run
        self._session = onnxruntime.InferenceSession(
            str(folder / MODEL), options, providers=["CPUExecutionProvider"]
        )
        self._wanted = {one.name for one in self._session.get_inputs()}

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One vector a text, each of length one: their product is the cosine. Shape (n, d)."""
        parts = [self._run(text) for text in texts]
        return np.concatenate(parts) if parts else np.zeros((0, 0), np.float32)

    def read(self, texts: Sequence[tuple[str, str]]) -> Iterator[Vectors]:
        """The vectors of titles and their texts, one by one: half what the title says, half what
        both say, since a long text says much beside the point. A title may be all there is."""
        for title, text in texts:
            vector = self._run(title)
            yield _unit(vector + self._run(f"{title} {text}".strip())) if text else vector

    def _run(self, text: str) -> Vectors:
        """One text a run: four at once, all as long as the longest, took half as long again and 80
        MB more, and in a model of small numbers each would change a little with its neighbours."""
        read = self._tokenizer.encode(text or " ")
        ids = np.array([read.ids], np.int64)
        mask = np.array([read.attention_mask], np.int64)
        known = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        fed = {name: known[name] for name in known if name in self._wanted}
        answer = np.asarray(self._session.run(None, fed)[0], np.float32)
        if answer.ndim == 3:
            answer = _mean(answer, mask)
        return _unit(answer)


def _unit(vectors: Vectors) -> Vectors:
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: Vectors = vectors / np.maximum(length, _NEVER_ZERO)
    return unit


def _mean(tokens: Vectors, mask: NDArray[np.int64]) -> Vectors:
    """The mean of a text's tokens, the padding left out."""
    weight = mask[:, :, None].astype(np.float32)
    total: Vectors = (tokens * weight).sum(axis=1) / np.maximum(weight.sum(axis=1), _NEVER_ZERO)
    return total
