"""What drew a page, beside its data: this release of the program, with these settings."""

from __future__ import annotations

import hashlib
import os
from dataclasses import fields
from functools import cache
from pathlib import Path

from flask import Flask

from app.config import PROJECT, Settings

_STAMP = "page_stamp"
DRAWN_BY = (("app", (".py", ".po")), ("templates", ("",)), ("static", ("",)))
"""Folders, and how the names of files there end that count."""
UNSEEN = frozenset(
    {
        *("host", "port", "instance_folder", "backup_folder", "log_format", "slow_query_ms"),
        *("disk_least_mb", "backup_keep_daily", "backup_keep_weekly", "kept_megabytes"),
    }
)
"""Settings in which processes that serve the same site may differ; no page draws them, and none
of the secrets."""


def stamp_of(app: Flask) -> str:
    """Thirty-two digits that differ where the program, its templates or its settings do."""
    settings: Settings = app.extensions["settings"]
    known: tuple[Settings, str] | None = app.extensions.get(_STAMP)
    if known is None or known[0] is not settings:
        told = [_release(), bool(settings.purge_url)]
        told += [
            getattr(settings, one.name)
            for one in fields(settings)
            if one.repr and one.name not in UNSEEN
        ]
        digest = hashlib.sha256(repr(told).encode()).hexdigest()[:32]
        known = app.extensions[_STAMP] = settings, digest
    return known[1]


@cache
def _release() -> str:
    """A hash of all that a page is drawn by."""
    digest = hashlib.sha256()
    for folder, endings in DRAWN_BY:
        for above, folders, names in os.walk(PROJECT / folder):
            folders.sort()  # and so they are walked
            for name in sorted(names):
                if name.endswith(endings):
                    path = Path(above, name)
                    digest.update(path.relative_to(PROJECT).as_posix().encode() + b"\0")
                    digest.update(path.read_bytes())
    return digest.hexdigest()
