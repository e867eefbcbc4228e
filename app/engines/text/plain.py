"""HTML that is safe as it stands: a few tags without attributes, each where it may be.

The sanitiser takes a text apart and puts it together again, which costs twenty times as much as
drawing it did. For most texts it changes nothing. Those can be told beforehand, and only where no
rule of HTML's parsing could move, close or drop anything; all else is the sanitiser's to judge. A
property test holds this promise against the sanitiser itself.
"""

import re

_LINES = {"em", "strong", "del", "code"}
_WITH_WORDS = {"p", "h3", "h4"}
_WITH_BLOCKS = {"", "blockquote", "li"}  # "" is the text itself
_ABOVE: dict[str, frozenset[str]] = {
    **dict.fromkeys(_LINES, frozenset(_WITH_WORDS | _LINES | {"li", "pre"})),
    **dict.fromkeys(_WITH_WORDS | {"blockquote", "ul", "ol", "pre"}, frozenset(_WITH_BLOCKS)),
    "li": frozenset({"ul", "ol"}),
}
"""In which tags each may stand."""
_ALONE = {"hr": frozenset(_WITH_BLOCKS), "br": frozenset(_WITH_WORDS | _LINES | {"li"})}
_WITHOUT_WORDS = frozenset({"ul", "ol", "pre"})
_DEEPEST = 20
_TAG = re.compile(r"<(/?)([a-z0-9]+)>")
_UNPLAIN = re.compile(
    # Signs of an unknown tag or an attribute, an entity that is not one of Markdown's own four, and
    # characters that HTML or XML have no place for.
    "[<>\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]|&(?!(?:amp|lt|gt|quot);)"
)


def is_plain(html: str) -> bool:
    """Whether the sanitiser would give this HTML back as it is; False where it might not."""
    pieces = _TAG.split(html)
    if any(map(_UNPLAIN.search, pieces[::3])):
        return False
    above = [""]
    for at in range(1, len(pieces), 3):
        closing, name, words = pieces[at : at + 3]
        if closing:
            if above[-1] != name or name == "":
                return False
            above.pop()
        elif name in _ALONE:
            if above[-1] not in _ALONE[name]:
                return False
        elif not _may_open(name, above):
            return False
        else:
            above.append(name)
        if above[-1] in _WITHOUT_WORDS and words.strip("\n"):
            return False
        if name == "pre" and not closing and words:  # HTML drops the first line's end
            return False
    return len(above) == 1


def _may_open(name: str, above: list[str]) -> bool:
    """No tag of a line stands within one of its own kind: HTML counts how many are open."""
    if name not in _ABOVE or above[-1] not in _ABOVE[name] or len(above) > _DEEPEST:
        return False
    return name not in _LINES or name not in above
