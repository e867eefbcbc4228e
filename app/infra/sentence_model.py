"""Where a model of meaning lies and what it is called, for processes that never load it."""

from __future__ import annotations

import hashlib
from pathlib import Path

MODEL, TOKENIZER = "model.onnx", "tokenizer.json"
_NAME_LETTERS = 16

Stamp = tuple[tuple[int, int], ...]


def is_there(folder: Path) -> bool:
    """Whether the folder holds a model."""
    return (folder / MODEL).is_file() and (folder / TOKENIZER).is_file()


def name_of(folder: Path) -> str:
    """What a model is called beside the vectors it made: other files have another name."""
    digest = hashlib.sha256()
    for name in (MODEL, TOKENIZER):
        with (folder / name).open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()[:_NAME_LETTERS]


def stamp(folder: Path) -> Stamp | None:
    """Size and time of the two files: another one as soon as a model is put in their place. None
    while one of them is missing."""
    try:
        stats = [(folder / name).stat() for name in (MODEL, TOKENIZER)]
    except OSError:
        return None
    return tuple((one.st_size, one.st_mtime_ns) for one in stats)
