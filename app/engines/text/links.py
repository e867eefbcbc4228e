"""Where the links of a text lead. Asked of safe HTML, so that every way to write one counts."""

import html as entities
import re
import unicodedata
from html.parser import HTMLParser

_HOST = re.compile(r"(?P<scheme>https?|mailto):[/\\]*(?P<rest>[^/\\?#]*)", re.IGNORECASE)
_DROPPED_BY_BROWSERS = re.compile(r"[\t\n\r]")
_PORT = re.compile(r":[0-9]*$")


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.addresses += [value or "" for name, value in attrs if name == "href"]


def link_addresses(html: str) -> tuple[str, ...]:
    """The address of every link, in order, as a browser reads it."""
    links = _Links()
    links.feed(html)
    links.close()
    return tuple(links.addresses)


def link_hosts(html: str) -> tuple[str, ...]:
    """The host of every link that leaves this site, in order, repeated as often as linked.

    Lower-case, without user, port or final dot; a mail link's host is that of its address.
    Paths on this site are left out. ``len`` of the answer is how many links leave.
    """
    found = (_host(address) for address in link_addresses(html))
    return tuple(host for host in found if host is not None)


def _host(address: str) -> str | None:
    tidy = _DROPPED_BY_BROWSERS.sub("", entities.unescape(address)).strip()
    found = _HOST.match(tidy)
    if found is None:
        return None
    host = _PORT.sub("", found["rest"].rpartition("@")[2])
    return unicodedata.normalize("NFKC", host).casefold().rstrip(".")
