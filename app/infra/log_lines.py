"""One event as one line: what strangers typed stays text, and what opens a door is left out."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

LONGEST_TEXT = 2_000
LONGEST_TRACE = 12_000
LONGEST_LINE = 32_000
MOST_PARTS = 50
HIDDEN = "[hidden]"
TRACE = "exception"
REQUEST = "request_id"

Mask = Callable[[str], str]

_SECRET_NAME = re.compile(
    r"pass|secret|token|cookie|authori[sz]ation|csrf|session|api_?key|^key$", re.IGNORECASE
)
_OPENS_A_DOOR = r"""
    \b[0-9a-f]{32,}\b                                              # our private keys
    | (?<![\w-])(?=[\w-]*[a-z])(?=[\w-]*[A-Z])[A-Za-z0-9_-]{32,}   # secrets of sessions
    | (?<![\w-])[\w-]*\.[\w-]{6}\.[\w-]{27,}                       # what itsdangerous signed
    | (?<=://)[^/\s:@]*:[^/\s@]+(?=@)                              # the password in an address
    | (?<=\bBearer\s)\S+
"""
_REQUEST = re.compile(r"[A-Za-z0-9._-]{8,64}", re.ASCII)
_CONTROL = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]"
)


def mask_for(secrets: Iterable[str]) -> Mask:
    """What hides the site's own secrets, and all that looks like a key, in a text."""
    own = sorted({re.escape(one) for one in secrets if len(one) >= 6}, key=len, reverse=True)
    # The pattern ignores spaces; those of a secret are escaped.
    pattern = re.compile("|".join([*own, _OPENS_A_DOOR]), re.VERBOSE)
    return lambda text: pattern.sub(HIDDEN, text)


def as_json(facts: Mapping[str, Any], mask: Mask) -> str:
    """ASCII alone, so that no character of a stranger ends the line or reaches a terminal."""
    cleaned = _cleaned(facts, mask)
    first = {name: cleaned.pop(name, None) for name in ("at", "level", "logger", "event")}
    line = json.dumps({**first, **cleaned})
    if len(line) <= LONGEST_LINE:
        return line
    return json.dumps({**first, "cut": f"the event had {len(line)} characters"})


def as_words(at: str, text: str, facts: Mapping[str, Any], mask: Mask) -> str:
    """`12:30:05 mail.prove: sent (request 1f…)`, and below it the lines of a trace."""
    more = dict(facts)
    trace = str(more.pop(TRACE, "") or "")
    told = visible(mask(shortened(text, LONGEST_TEXT)))
    said = ", ".join(
        f"{name} {visible(str(value))}" for name, value in _cleaned(more, mask).items()
    )
    lines = [f"{at} {told}" + (f" ({said})" if said else "")]
    # Set in, so that a line break in what somebody sent begins no line that looks like ours.
    lines += [f"  {visible(mask(line))}" for line in trace.splitlines()]
    return "\n".join(lines)


def shortened(text: str, longest: int, *, keep_end: bool = False) -> str:
    """At most so many characters of a text, and how many it had. Of a trace the end says more."""
    if len(text) <= longest:
        return text
    note = f"[{len(text)} characters]"
    return f"{note} … {text[-longest:]}" if keep_end else f"{text[:longest]} … {note}"


def visible(text: str) -> str:
    r"""The text with what moves a cursor or turns letters around written out (`\x1b`, `\u202e`)."""
    return _CONTROL.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def _cleaned(facts: Mapping[str, Any], mask: Mask) -> dict[str, Any]:
    return {
        str(name): HIDDEN if _SECRET_NAME.search(str(name)) else _clean(str(name), value, mask)
        for name, value in facts.items()
    }


def _clean(name: str, value: Any, mask: Mask) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Mapping):
        return _cleaned(value, mask)
    if isinstance(value, list | tuple | set | frozenset):
        return [_clean(name, one, mask) for one in list(value)[:MOST_PARTS]]
    if name == REQUEST and _REQUEST.fullmatch(str(value)):
        return str(value)  # a proxy's may look like a key of ours, and opens nothing
    if name == TRACE:
        return mask(shortened(str(value), LONGEST_TRACE, keep_end=True))
    return mask(shortened(str(value), LONGEST_TEXT))
