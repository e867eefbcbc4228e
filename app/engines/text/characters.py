"""Characters that draw nothing, and what else a person cannot see in a text.

Ranges from Unicode's Default_Ignorable_Code_Point property, and after them the blanks
that it leaves out: Braille's empty cell, interlinear marks, the empty note head.
"""

import re
import unicodedata

_INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
    "\u2800\ufff9-\ufffb\U0001d159"
)
INVISIBLE = re.compile(f"[{_INVISIBLE}]")
_LATIN = re.compile(
    r"LATIN (?P<size>SMALL |CAPITAL )?LETTER (?:SMALL CAPITAL )?"
    r"(?P<letters>[A-Z]{1,2})(?: WITH .+)?"
)


def without_invisible(text: str) -> str:
    """``text`` without bidi controls, zero-width, tag and filler characters."""
    return INVISIBLE.sub("", text)


def is_mark(character: str) -> bool:
    """Whether ``character`` is drawn onto the one before it and takes no room of its own."""
    return unicodedata.category(character) in {"Mn", "Me"}


def draws_something(character: str) -> bool:
    """Whether ``character`` alone can be seen: a letter, digit, sign or symbol."""
    return unicodedata.category(character)[0] in "LNPS"


def latin_letters(character: str) -> str:
    """The one or two ASCII letters in the Unicode name of a Latin letter; else nothing.

    Barred, hooked and ligatured letters (ł, ø, æ) have no decomposition, only a name.
    """
    found = _LATIN.fullmatch(unicodedata.name(character, ""))
    if found is None:
        return ""
    return found["letters"] if found["size"] == "CAPITAL " else found["letters"].lower()
