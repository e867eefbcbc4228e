"""A feed as values: what it says of itself, and its entries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
"""When a feed without entries was last updated: a time that never moves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry. `html` is safe and its links are absolute, as are `link` and `related`;
    `categories` are (slug, name); `in_reply_to` is the id and the address of what it answers."""

    id: str
    title: str
    link: str
    published: datetime
    updated: datetime
    author: str
    author_link: str | None = None
    html: str
    summary: str = ""
    categories: Sequence[tuple[str, str]] = ()
    related: str | None = None
    in_reply_to: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """`link` is the page that the feed follows, `address` where the feed itself is."""

    title: str
    subtitle: str = ""
    link: str
    address: str
    entries: Sequence[Entry]
    began: datetime = LONG_AGO

    @property
    def updated(self) -> datetime:
        """When anything that everyone may read here last changed."""
        return max((entry.updated for entry in self.entries), default=self.began)


def lasting_id(public_url: str, kind: str, ref: int, created: datetime) -> str:
    """A name for a thing that outlives its slug (a tag URI, RFC 4151).

    >>> lasting_id("https://example.org", "article", 7, datetime(2026, 3, 1, tzinfo=UTC))
    'tag:example.org,2026-03-01:article/7'
    """
    return f"tag:{urlsplit(public_url).hostname},{created.astimezone(UTC):%Y-%m-%d}:{kind}/{ref}"
