"""What a browser says of itself, in two words that its owner knows it by."""

from __future__ import annotations

import re
from dataclasses import dataclass

LONGEST = 1000
"""Signs of a header that are looked at; the longest honest ones have some 300."""

_BROWSERS = (
    ("Edge", r"\bEdg(?:e|A|iOS)?/"),
    ("Opera", r"\b(?:OPR|OPiOS|OPT|Opera)/"),
    ("Vivaldi", r"\bVivaldi/"),
    ("Samsung Internet", r"\bSamsungBrowser/"),
    ("DuckDuckGo", r"\b(?:DuckDuckGo|Ddg)/"),
    ("Firefox", r"\b(?:Firefox|FxiOS|Focus)/"),
    ("Chrome", r"\b(?:HeadlessChrome|Chrome|Chromium|CriOS)/"),
    ("Safari", r"\bVersion/\S+ (?:Mobile/\S+ )?Safari/"),
)
"""The first that fits: most browsers name those they are made of as well."""
_SYSTEMS = (
    ("iPad", r"\biPad\b"),
    ("iPhone", r"\biP(?:hone|od)\b"),
    ("Android", r"\bAndroid\b"),
    ("ChromeOS", r"\bCrOS\b"),
    ("Windows", r"\bWindows\b"),
    ("macOS", r"\bMac ?OS X\b|\bMacintosh\b"),
    ("Linux", r"\bLinux\b|\bX11\b"),
)
NAME_LENGTH = 20


@dataclass(frozen=True, slots=True)
class Browser:
    """`name` and `system` are words of this module, or empty for what it does not know: nothing
    that a header says is passed on."""

    name: str = ""
    system: str = ""


UNKNOWN = Browser()


def read(user_agent: str) -> Browser:
    """The browser and the system of a User-Agent header, whoever wrote it."""
    text = user_agent[:LONGEST]
    return Browser(_first(_BROWSERS, text), _first(_SYSTEMS, text))


def _first(known: tuple[tuple[str, str], ...], text: str) -> str:
    return next((name for name, pattern in known if re.search(pattern, text)), "")
