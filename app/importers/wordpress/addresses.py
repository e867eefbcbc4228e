"""Addresses in old HTML: made absolute, and players turned back into the pages they show."""

import re
from urllib.parse import urljoin, urlsplit

from app.engines.text.videos import find_video

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_WRITTEN_OUT = str.maketrans(
    {" ": "%20", "<": "%3C", ">": "%3E", '"': "%22", "\\": "%5C", "`": "%60", "\u2028": "%E2%80%A8"}
)
_FLASH_PLAYER = re.compile(r"https?://(?:www\.)?youtube\.com/v/([A-Za-z0-9_-]{11})(?:[?&].*)?")
_LONGEST = 2000  # characters; what browsers and servers agree on


def absolute(address: str, base: str) -> str:
    """The http, https or mailto address that `address` means on a page at `base`, or "".

    Characters that would end a Markdown link are percent-encoded.
    """
    cleaned = _CONTROLS.sub("", address).strip()
    if not cleaned or cleaned.startswith("#") or len(cleaned) > _LONGEST:
        return ""
    try:
        joined = urljoin(base, cleaned)
        parts = urlsplit(joined)
    except ValueError:  # a host in brackets that is no IPv6 address
        return ""
    has_target = parts.netloc if parts.scheme in ("http", "https") else parts.path
    if parts.scheme not in ("http", "https", "mailto") or not has_target:
        return ""
    return joined.translate(_WRITTEN_OUT)


def watch_page(address: str) -> str:
    """The page of the video that an embedded player's address shows; other addresses as they are.

    Links that are written for people are left alone: only players are no place to send anybody.
    """
    if match := _FLASH_PLAYER.fullmatch(address):
        return f"https://www.youtube.com/watch?v={match[1]}"
    video = find_video(address)
    return video.watch if video else address
