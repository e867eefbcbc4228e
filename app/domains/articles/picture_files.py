"""Kept pictures as files. Whoever serves one or puts one away needs nothing of what draws them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

NAME = re.compile(r"[a-z0-9]{24}\.(?P<suffix>jpg|png|webp)")
MIME_TYPES = {"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp"}


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture ready to be kept: the encoded bytes, a random file name, and its size in pixels."""

    body: bytes
    name: str
    width: int
    height: int


def write(picture: Picture, folder: Path) -> None:
    """Put the file into the media folder, whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = folder / f".{picture.name}.part"
    unfinished.write_bytes(picture.body)
    unfinished.replace(folder / picture.name)


def mime_type(name: str) -> str | None:
    """The type of a kept picture by its name, or None where no picture has such a name."""
    found = NAME.fullmatch(name)
    return MIME_TYPES[found["suffix"]] if found else None
