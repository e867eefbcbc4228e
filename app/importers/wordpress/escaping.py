"""Plain text as Markdown that draws as that very text.

markdownify's own escaping knows neither bare links nor the start of a line, so that text which
happened to look like Markdown came out as a heading or a list, and an address with an underscore
came out broken.
"""

import re

_ADDRESS = re.compile(r"https?://[^\s<>\"]+")
_ENDS_A_SENTENCE = ".,;:!?)]}'*_~"
# What Markdown would read inside a bare address; such an address is put between < and >.
_RISKY = re.compile(r"[*`\\\[\]|]|~~|&#?\w+;|(?<![^\W_])_|_(?![^\W_])")

_ANYWHERE = re.compile(
    r"[\\`*\[\]]"
    r"|<(?=[A-Za-z/!?])"
    r"|&(?=#?\w{1,32};)"
    r"|~(?=~)|(?<=~)~"
    r"|(?<![^\W_])_|_(?![^\W_])"  # between letters it means nothing
)
_LINE_START = re.compile(
    r"^(?P<mark>#{1,6}(?=\s|$)|-(?=[\s-]|$)|\+(?=\s|$)|>|=(?==*\s*$))"
    r"|^(?P<number>\d{1,9})(?=[.)](?:\s|$))",
    re.MULTILINE,
)


def escape_text(text: str, *, pipes: bool = False) -> str:
    """`text` with a backslash wherever Markdown would see more than text; bare addresses stay bare
    so that they still become links.

    `pipes` escapes `|` too, which only a dialect with tables reads.
    """
    pieces: list[str] = []
    done = 0
    for match in _ADDRESS.finditer(text):
        address = match[0].rstrip(_ENDS_A_SENTENCE)
        pieces += (_escape_words(text[done : match.start()], pipes), bare_link(address))
        done = match.start() + len(address)
    pieces.append(_escape_words(text[done:], pipes))
    return "".join(pieces)


def bare_link(address: str) -> str:
    """An address that draws as a link to itself."""
    if not _RISKY.search(address):
        return address
    return f"<{address.replace('|', '%7C').replace(chr(92), '%5C')}>"


def _escape_words(text: str, pipes: bool) -> str:
    text = _ANYWHERE.sub(r"\\\g<0>", text)
    if pipes:
        text = text.replace("|", "\\|")
    return _LINE_START.sub(_escape_line_start, text)


def _escape_line_start(match: re.Match[str]) -> str:
    return f"{match['number']}\\" if match["number"] else f"\\{match['mark']}"
