"""Where a person may be sent after a form: to a path of this site and nowhere else."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

LONGEST = 1500
_UNTIDY = re.compile(r"[\x00-\x20\x7f\\]")
_KEPT = "/?&=#%:@!$'()*+,;~-._[]"


def safe_next(target: str | None) -> str | None:
    """The wanted path in plain ASCII, or None for everything that could leave the site.

    Browsers drop control characters and take a backslash for a slash, so a target with either is
    refused, as is one that begins with two slashes (another host).
    """
    if not target or len(target) > LONGEST or _UNTIDY.search(target):
        return None
    if not target.startswith("/") or target.startswith("//"):
        return None
    try:
        parts = urlsplit(target)
    except ValueError:
        return None
    if parts.scheme or parts.netloc:
        return None
    return quote(target, safe=_KEPT, errors="replace")
