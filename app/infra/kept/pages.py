"""A kept page: its bytes, plain or in gzip, its ETag, and the versions it was drawn at.

It is kept as it is asked for: nearly everybody takes gzip, and then its plain bytes, five times as
many, are not kept beside. Whoever wants them plain has them unpacked, and from then on both are.
"""

from __future__ import annotations

import gzip
import hashlib
import hmac
import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass, replace

Headers = tuple[tuple[str, str], ...]
Versions = tuple[tuple[str, int], ...]
QUICK, THOROUGH = 1, 6
"""Levels of gzip: the first who asks waits for it, and what is asked for again is made smaller."""
LENGTH = struct.Struct(">I")
OVERHEAD_BYTES = 2_000
"""About what a page takes beside its bytes: headers, names, its place in the store."""


@dataclass(frozen=True, slots=True)
class Page:
    """`headers` are all but those of length and encoding. `drawn_at` is in seconds of the clock;
    `stamp` tells the program and the settings that drew it. `small` is the body in gzip of this
    `level`, nothing at 0; `body` is empty where only that is kept."""

    body: bytes
    etag: str
    headers: Headers
    versions: Versions
    drawn_at: float
    stamp: str
    lasting: bool = False
    small: bytes = b""
    level: int = 0

    @property
    def size(self) -> int:
        return len(self.body) + len(self.small) + OVERHEAD_BYTES


def made(
    body: bytes,
    *,
    headers: Headers,
    versions: Mapping[str, int],
    drawn_at: float,
    stamp: str,
    lasting: bool = False,
) -> Page:
    """A page out of what was drawn; the ETag is made of the bytes that guests see, and of nothing
    else."""
    return Page(
        body=body,
        etag=f'W/"{hashlib.sha256(body).hexdigest()[:32]}"',
        headers=headers,
        versions=tuple(sorted(versions.items())),
        drawn_at=drawn_at,
        stamp=stamp,
        lasting=lasting,
    )


def squeezed(page: Page, level: int) -> Page:
    """The same as gzip alone; as it is where it has that, or better."""
    if page.level >= level:
        return page
    small = gzip.compress(opened(page).body, level, mtime=0)
    return replace(page, body=b"", small=small, level=level)


def opened(page: Page) -> Page:
    """The same with its plain body; as it is where it has that."""
    if page.body or not page.small:
        return page
    return replace(page, body=gzip.decompress(page.small))


def packed(page: Page, key: str, secret: bytes) -> bytes:
    """A page as bytes for a store that others can write to: signed together with its key."""
    page = squeezed(page, QUICK)
    head = json.dumps(
        [page.etag, page.headers, page.versions, page.drawn_at, page.stamp, page.lasting]
    ).encode()
    content = LENGTH.pack(len(head)) + head + page.small
    return _signature(content, key, secret) + content


def unpacked(stored: bytes, key: str, secret: bytes) -> Page | None:
    """The page, or None for bytes that were not packed with this secret under this key."""
    signature, content = stored[:32], stored[32:]
    if not hmac.compare_digest(signature, _signature(content, key, secret)):
        return None
    length = LENGTH.unpack(content[: LENGTH.size])[0]
    end = LENGTH.size + length
    etag, headers, versions, drawn_at, stamp, is_lasting = json.loads(content[LENGTH.size : end])
    return Page(
        body=b"",
        small=content[end:],
        level=QUICK,
        etag=etag,
        headers=tuple((name, value) for name, value in headers),
        versions=tuple((name, version) for name, version in versions),
        drawn_at=drawn_at,
        stamp=stamp,
        lasting=is_lasting,
    )


def _signature(content: bytes, key: str, secret: bytes) -> bytes:
    return hmac.digest(secret, key.encode() + b"\0" + content, "sha256")
