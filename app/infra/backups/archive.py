"""The file: written beside its place, checked there, and only then given its name."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from app.engines.keeping import outworn
from app.infra.backups.errors import BackupFailed

MANIFEST = "manifest.json"
MEDIA = "media"
FORMAT = 1
LARGEST_MANIFEST = 64 * 1024 * 1024
PIECE = 1024 * 1024
_NAME = re.compile(r"threshold-(\d{8}T\d{6}Z)\.tar", re.ASCII)
_TIME = "%Y%m%dT%H%M%SZ"
_WORD = re.compile(r"[A-Za-z0-9._:+-]{1,40}", re.ASCII)
_PICTURE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,200}", re.ASCII)
_LEFT = ".threshold-unfinished-"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds. `rows` are counted by table, `files` are SHA-256 by name."""

    made_at: str
    kind: str
    schema: str
    program: str
    rows: dict[str, int]
    files: dict[str, str] = field(default_factory=dict)
    format: int = FORMAT


@contextmanager
def workplace(folder: Path) -> Iterator[Path]:
    """A folder of our own beside the backups, gone at the end; what an earlier run that was cut
    off has left goes first."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for left in folder.glob(f"{_LEFT}*"):
        shutil.rmtree(left, ignore_errors=True)
    place = Path(tempfile.mkdtemp(prefix=_LEFT, dir=folder))
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def write(place: Path, folder: Path, manifest: Manifest, database: Path, media: Path) -> Path:
    """Put it all into one file, read that back, and give it its name in `folder`."""
    members = {database.name: database}
    if media.is_dir():
        members |= {f"{MEDIA}/{one.name}": one for one in sorted(media.iterdir()) if one.is_file()}
    unfinished = place / "backup.tar"
    hashes: dict[str, str] = {}
    opened = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(opened, "wb") as file, tarfile.open(fileobj=file, mode="w") as archive:
        for name, path in members.items():
            with suppress(FileNotFoundError):  # a picture that was removed meanwhile
                hashes[name] = _add(archive, name, path)
        whole = json.dumps(asdict(manifest) | {"files": hashes}, indent=1).encode()
        info = _described(MANIFEST, len(whole))
        archive.addfile(info, io.BytesIO(whole))
        archive.close()
        file.flush()
        os.fsync(file.fileno())
    check(unfinished)
    final = folder / f"threshold-{made(manifest):{_TIME}}.tar"
    if final.exists():
        raise BackupFailed(f"There is a {final.name} already.")
    unfinished.rename(final)
    _fsync_folder(folder)
    return final


def check(path: Path) -> Manifest:
    """Read the whole file and compare it with its manifest. Raises BackupFailed, naming what is
    damaged."""
    found: dict[str, str] = {}
    told: dict[str, Any] | None = None
    try:
        with tarfile.open(path, mode="r:") as archive:
            for member in archive:
                content = archive.extractfile(member) if member.isfile() else None
                if content is None or member.issparse():  # a hole of a terabyte takes no room in it
                    raise BackupFailed(f"{path.name} holds something that is no plain file.")
                if member.name == MANIFEST:
                    told = json.loads(content.read(LARGEST_MANIFEST))
                else:
                    found[member.name] = _hash(content)
    except (OSError, EOFError, tarfile.TarError, ValueError, RecursionError) as wrong:
        raise BackupFailed(f"{path.name} cannot be read as a backup: {wrong!a}.") from wrong
    manifest = _understood(path, told)
    for name, wanted in manifest.files.items():
        if found.get(name) != wanted:
            raise BackupFailed(f"{path.name} is damaged: {name!r} is not what was written.")
    if set(found) != set(manifest.files):
        raise BackupFailed(f"{path.name} holds files that its list does not name.")
    return manifest


def unpack(path: Path, manifest: Manifest, place: Path) -> tuple[Path, Path]:
    """The database and the folder of pictures, in `place`. Names that lead elsewhere are refused:
    a backup is a file that somebody may have changed."""
    media = place / MEDIA
    media.mkdir()
    database = None
    with tarfile.open(path, mode="r:") as archive:
        for name in manifest.files:
            target = _place_of(name, place)
            content = archive.extractfile(name)
            if content is None:
                raise BackupFailed(f"{path.name} lacks {name}.")
            with target.open("xb") as file:
                shutil.copyfileobj(content, file, PIECE)
            if target.parent == place:
                database = target
    if database is None:
        raise BackupFailed(f"{path.name} holds no database.")
    return database, media


def made(manifest: Manifest) -> datetime:
    return datetime.fromisoformat(manifest.made_at)


def thin_out(folder: Path, *, daily: int, weekly: int) -> list[Path]:
    """Remove what need not be kept any more, and nothing that is not a backup of ours."""
    found = {
        datetime.strptime(name[1], _TIME).replace(tzinfo=UTC): path
        for path in folder.iterdir()
        if (name := _NAME.fullmatch(path.name))
    }
    going = [found[one] for one in outworn(found, daily=daily, weekly=weekly)]
    for path in going:
        path.unlink()
    return going


def _add(archive: tarfile.TarFile, name: str, path: Path) -> str:
    with path.open("rb") as file:
        reading = _Hashing(file)
        archive.addfile(_described(name, path.stat().st_size), reading)
    return reading.digest.hexdigest()


class _Hashing:
    """A file whose bytes are hashed as they are read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        piece = self._file.read(size)
        self.digest.update(piece)
        return piece


def _described(name: str, size: int) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.size = size
    info.mode = 0o600
    return info


def _hash(content: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while piece := content.read(PIECE):
        digest.update(piece)
    return digest.hexdigest()


def _understood(path: Path, told: dict[str, Any] | None) -> Manifest:
    if not isinstance(told, dict) or told.get("format") != FORMAT:
        raise BackupFailed(f"{path.name} is no backup that this program understands.")
    try:
        manifest = Manifest(**told)
        made(manifest)
    except (TypeError, ValueError) as wrong:
        raise BackupFailed(f"{path.name} has a list that cannot be read.") from wrong
    if not _is_sound(manifest):
        raise BackupFailed(f"{path.name} has a list that cannot be read.")
    return manifest


def _is_sound(manifest: Manifest) -> bool:
    """Whether each part of it is of its type, and what the terminal will show is plain words."""
    words = (manifest.made_at, manifest.kind, manifest.schema, manifest.program)
    return (
        all(isinstance(one, str) and _WORD.fullmatch(one) for one in words)
        and isinstance(manifest.rows, dict)
        and all(type(count) is int for count in manifest.rows.values())
        and isinstance(manifest.files, dict)
        and all(isinstance(digest, str) for digest in manifest.files.values())
    )


def _place_of(name: str, place: Path) -> Path:
    folder, _, file = name.rpartition("/")
    if folder not in ("", MEDIA) or not _PICTURE.fullmatch(file):
        raise BackupFailed(f"The backup names a file that leads elsewhere: {name!r}.")
    return place / folder / file


def _fsync_folder(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
