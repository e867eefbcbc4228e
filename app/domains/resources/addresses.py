"""Where a resource may lead: an absolute http or https address with a host. Pure."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit

from app.domains.resources.errors import UnfitResource
from app.domains.resources.models import URL_LENGTH
from app.infra.language import _, grouped, sentence

_UNTIDY = re.compile(
    r"[\x00-\x20\x7f-\xa0\\<>\"`{}|^]|[\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff]"
)
_LABEL = r"(?!-)[\w-]{1,63}(?<!-)"
_HOST = re.compile(rf"{_LABEL}(?:\.{_LABEL})*\.?")
WRONG = sentence(
    "An address begins with http:// or https:// and names a site, as in https://example.org/page."
)


def tidy_url(raw: str) -> str | None:
    """The address as it will be stored, None for a blank one. Raises UnfitResource for the rest.

    Credentials in an address are refused: they show one host and lead to another.
    """
    url = raw.strip()
    if not url:
        return None
    if len(url) > URL_LENGTH:
        raise UnfitResource(
            _("The address is longer than %(number)s characters.", number=grouped(URL_LENGTH)),
            "url",
        )
    if _UNTIDY.search(url) or not _names_a_site(url):
        raise UnfitResource(WRONG, "url")
    return url


def _names_a_site(url: str) -> bool:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:  # brackets that hold no IPv6 address, a port that is no number
        return False
    if parts.scheme not in ("http", "https") or "@" in parts.netloc or port == 0:
        return False
    return _is_ipv6(host) if "[" in parts.netloc else _HOST.fullmatch(host) is not None


def _is_ipv6(host: str) -> bool:
    try:
        ipaddress.IPv6Address(host)
    except ValueError:
        return False
    return True
