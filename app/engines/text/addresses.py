"""Which link targets may stand in a page. The parser and the sanitiser ask the same rule."""

import html
import re

_UNTIDY = re.compile(r"[\x00-\x20\x7f\\]")
_OUTSIDE = re.compile(r"(?:https?://|mailto:)[^/?#]", re.IGNORECASE)
_OWN_PATH = re.compile(r"/(?!/)")
_OWN_IMAGE = re.compile(r"/media/[A-Za-z0-9_-][A-Za-z0-9._-]*(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)*")


def _as_the_browser_reads_it(raw: str) -> str | None:
    """The target with its entities decoded once; ``None`` where it hides controls or backslashes.

    Browsers drop tabs and newlines from an address and take a backslash for a slash, so
    an honest address has neither: both Markdown and browsers write them as %09 or %5C.
    """
    decoded = html.unescape(raw)
    return None if _UNTIDY.search(decoded) else decoded


def is_outside(raw: str) -> bool:
    """Whether ``raw`` is an absolute http, https or mailto address."""
    address = _as_the_browser_reads_it(raw)
    return address is not None and _OUTSIDE.match(address) is not None


def is_own_path(raw: str) -> bool:
    """Whether ``raw`` is a path on this site: one slash first, never two (another host)."""
    address = _as_the_browser_reads_it(raw)
    return address is not None and _OWN_PATH.match(address) is not None


def is_own_image(raw: str) -> bool:
    """Whether ``raw`` is an uploaded picture: ``/media/`` and plain names, no dot segments."""
    return _OWN_IMAGE.fullmatch(raw) is not None
