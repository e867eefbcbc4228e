"""The site's own address, as browsers name it."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import idna

from app.config.settings import BadSettings

_USUAL_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"[a-z0-9_.-]+|[0-9a-f:.]*:[0-9a-f:.]*")


def as_browsers_say(url: str) -> str:
    """PUBLIC_URL without what goes without saying: the scheme and host in lower case, letters
    beyond ASCII as IDNA writes them, no usual port. Forms and passkeys are compared with it letter
    by letter. Raises BadSettings."""
    try:
        parts = urlsplit(url.strip().rstrip("/"))
        host, port = _in_ascii(parts.hostname or ""), parts.port
    except (ValueError, UnicodeError) as wrong:
        raise _unfit() from wrong
    has_more = parts.path or parts.query or parts.fragment or "@" in parts.netloc
    if parts.scheme not in _USUAL_PORTS or has_more or not _HOST.fullmatch(host):
        raise _unfit()
    shown = f"[{host}]" if ":" in host else host
    is_usual = port in (None, _USUAL_PORTS[parts.scheme])
    return f"{parts.scheme}://{shown}" + ("" if is_usual else f":{port}")


def _in_ascii(host: str) -> str:
    return host if host.isascii() else idna.encode(host, uts46=True).decode()


def _unfit() -> BadSettings:
    return BadSettings("PUBLIC_URL is an address such as https://questions.example.org.")
