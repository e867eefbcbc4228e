"""Safe HTML and plain text made fit for a reader that stands elsewhere."""

from __future__ import annotations

import re
from urllib.parse import urljoin

_TAG = re.compile(r'<[a-z][a-z0-9]*(?:\s+[a-z-]+="[^"]*")*\s*/?>', re.IGNORECASE)
_ADDRESS = re.compile(r'(?P<before>\s(?:href|src)=")(?P<value>[^"]*)', re.IGNORECASE)
_OWN = re.compile(r"[/#?](?!/)")
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""All that stands outside of XML 1.0's Char: control characters, lone surrogates, two more."""


def with_absolute_links(html: str, page: str) -> str:
    """Safe HTML whose own paths (`/media/x.png`, `#note`) lead from anywhere to this site.

    `page` is the absolute address of the page the text stands on. Made for what the sanitiser
    writes: attributes in double quotes, `<` in text always escaped, so that a tag is a tag.
    """

    def lead_home(tag: re.Match[str]) -> str:
        return _ADDRESS.sub(
            lambda found: found["before"] + _absolute(found["value"], page), tag.group()
        )

    return _TAG.sub(lead_home, html)


def _absolute(address: str, page: str) -> str:
    return urljoin(page, address) if _OWN.match(address) else address


def only_xml(text: str) -> str:
    """The text without the characters that no XML document may hold, escaped or not."""
    return _NOT_XML.sub("", text)
