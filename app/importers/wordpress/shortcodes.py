"""WordPress's bracketed shortcodes, turned into the HTML that they stand for.

Only those that carry a reader's content are understood; an unknown one stays as the text it is, so
that the author sees what the old plugin did not leave behind.
"""

import re
from collections.abc import Callable
from html import escape, unescape

# The attributes are bounded, so that an unclosed bracket costs a fixed number of steps.
_CAPTION = re.compile(
    r"\[(?P<open>caption|wp_caption)\b(?P<attributes>[^\]]{0,1000})\]", re.IGNORECASE
)
_CAPTION_END = re.compile(r"\[/(?:wp_)?caption\]", re.IGNORECASE)
_PLAYER = re.compile(
    r"(?<!\[)\[(?P<name>embed|youtube|vimeo|video|audio)\b(?P<attributes>[^\]]{0,1000})\]"
    r"(?:(?P<inner>[^\[<]{0,1000})\[/(?P=name)\])?",
    re.IGNORECASE,
)
_GALLERY = re.compile(r"(?<!\[)\[(?:gallery|playlist)\b[^\]]{0,1000}\]", re.IGNORECASE)
_DOUBLED = re.compile(
    r"\[(\[/?(?:(?:wp_)?caption|embed|youtube|vimeo|video|audio|gallery|playlist)\b"
    r"[^\[\]]{0,1000}\])\]",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"https?://[^\s\"'\]<>]+")
_ATTRIBUTE_CAPTION = re.compile(r"caption=(?:\"([^\"]*)\"|'([^']*)')")
_IMAGE = re.compile(r"(?:<a\b[^>]{0,2000}>\s*)?<img\b[^>]{0,4000}>(?:\s*</a>)?", re.IGNORECASE)
_VERBATIM = re.compile(r"<(pre|code|script|style|textarea)\b", re.IGNORECASE)


def expand_shortcodes(html: str) -> tuple[str, tuple[str, ...]]:
    """The HTML with its shortcodes expanded, and a note for each kind whose content is lost.

    What stands in `<pre>` or `<code>` is left alone, and `[[gallery]]` becomes `[gallery]`, as
    WordPress writes a shortcode that is meant to be read.
    """
    notes: set[str] = set()

    def gallery(_: re.Match[str]) -> str:
        notes.add("a gallery was left out: the export does not hold its pictures")
        return "\n\n"

    def expand(text: str) -> str:
        text = _captions(text)
        text = _PLAYER.sub(_player, text)
        text = _GALLERY.sub(gallery, text)
        return _DOUBLED.sub(r"\1", text)

    return _outside_verbatim(html, expand), tuple(sorted(notes))


def _captions(text: str) -> str:
    """`[caption …]<img> words[/caption]` as a figure; inside it the picture and the words stay."""
    pieces: list[str] = []
    start = 0
    while opening := _CAPTION.search(text, start):
        closing = _CAPTION_END.search(text, opening.end())
        if closing is None:
            break
        inner = text[opening.end() : closing.start()]
        pieces += (text[start : opening.start()], _figure(opening["attributes"], inner))
        start = closing.end()
    return "".join(pieces) + text[start:]


def _figure(attributes: str, inner: str) -> str:
    image = _IMAGE.search(inner)
    split = image.end() if image else 0
    picture, words = inner[:split], inner[split:].strip()
    if not words and (written := _ATTRIBUTE_CAPTION.search(attributes)):
        words = written[1] or written[2] or ""  # WordPress before 3.4
    return f"<figure>{picture}<figcaption>{words}</figcaption></figure>"


def _player(match: re.Match[str]) -> str:
    """The address alone on its line, which the renderer makes a card of where it knows the host."""
    found = _ADDRESS.search(unescape(match["inner"] or match["attributes"]))
    if found is None:
        return match[0]
    return f"\n\n<p>{escape(found[0])}</p>\n\n"


def _outside_verbatim(html: str, change: Callable[[str], str]) -> str:
    pieces: list[str] = []
    lowered = html.lower()
    start = 0
    while match := _VERBATIM.search(html, start):
        pieces.append(change(html[start : match.start()]))
        end = lowered.find(f"</{match[1].lower()}", match.end())
        if end < 0:
            return "".join(pieces) + html[match.start() :]
        pieces.append(html[match.start() : end])
        start = end
    return "".join(pieces) + change(html[start:])
