"""The small values of an export: names with their namespace, numbers, dates."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache

OWN_PREFIX = "_threshold_"

_WORDPRESS = re.compile(r"https?://wordpress\.org/export/1\.\d/(?P<part>excerpt/)?")
_NAMESPACES = {
    "http://purl.org/rss/1.0/modules/content/": "content:",
    "http://purl.org/dc/elements/1.1/": "dc:",
}
_DIGITS_OF_A_BIGINT = 18


@lru_cache(maxsize=1024)
def plain_name(tag: str) -> str:
    """`{http://wordpress.org/export/1.1/}post_id` as `wp:post_id`, whatever the version.

    A name without a namespace stays as it is; one of a namespace that no export uses becomes "?".
    """
    if not tag.startswith("{"):
        return tag
    namespace, _, local = tag[1:].partition("}")
    if match := _WORDPRESS.fullmatch(namespace):
        return ("excerpt:" if match["part"] else "wp:") + local
    prefix = _NAMESPACES.get(namespace)
    return prefix + local if prefix else "?"


def number(text: str) -> int:
    """A positive id, or 0 for anything else (empty, negative, words, more than a column holds)."""
    text = text.strip()
    if not text.isascii() or not text.isdecimal() or len(text) > _DIGITS_OF_A_BIGINT:
        return 0
    return int(text)


def moment(fields: Mapping[str, str], *names: str) -> datetime | None:
    """The first usable date among the named fields, in UTC.

    WordPress writes 0000-00-00 for "not yet": such a field is passed over, as is one that names
    no real day. Local dates carry no zone in an export and are read as UTC, which is off by the
    old site's zone; they come last for that reason.
    """
    for name in names:
        text = fields.get(name, "").strip()
        found = _rss_date(text) if name == "pubDate" else _sql_date(text)
        if found is not None:
            return found
    return None


def _sql_date(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    except ValueError:
        return None


def _rss_date(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
