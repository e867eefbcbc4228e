"""The words of a mail that came as HTML alone, as the lines one would have typed.

No parser: what the tags are is found by one pattern that reads the text once whatever it holds.
What a program drew as a quotation is left out. The result is plain text and goes through Markdown
and the sanitiser like any other.
"""

from __future__ import annotations

import html as entities
import re

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]*)((?:\s[^<>]*)?)/?>")
_COMMENTS = re.compile(r"<![^<>]*>")
_HREF = re.compile(
    r"\shref\s{0,9}=\s{0,9}(?:\"([^\"]{1,500})\"|'([^']{1,500})'|([^\s\"'>]{1,500}))", re.IGNORECASE
)
_QUOTE = re.compile(
    r"\b(?:gmail_quote|gmail_attr|gmail_signature|yahoo_quoted|moz-cite-prefix|moz-signature"
    r"|protonmail_quote|protonmail_signature_block|mail-editor-reference-message-container"
    r"|ms-outlook-mobile-reference-message|OLK_SRC_BODY_SECTION|zmail_extra)\b"
)
"""By these names programs know their own quotations and signatures."""
_QUOTED_BELOW = re.compile(r"\bdivRplyFwdMsg\b")
"""And Outlook what stands above its quotation, which has no name of its own."""
_SILENT = frozenset({"head", "style", "script", "title", "template", "blockquote", "noscript"})
_PARAGRAPHS = frozenset({"p", "ul", "ol", "table", "pre", "h1", "h2", "h3", "h4", "h5", "h6", "hr"})
_LINES = frozenset({"div", "tr", "li"})
_CELLS = frozenset({"td", "th"})
_EMPTY = frozenset({"br", "hr", "img", "input", "meta", "link", "base", "col", "wbr"})
_SPACES = re.compile(r"[ \t\n\r\f\xa0]+")
_LINE_ENDS = re.compile(r" *\n *")
_MANY_LINES = re.compile(r"\n{3,}")


def text_of_html(html: str) -> str:
    """Its words, a paragraph each, lists with dashes, and behind the words of a link where it
    leads."""
    words = _Words()
    end = 0
    html = _without_comments(html)
    for tag in _TAG.finditer(html):
        words.say(html[end : tag.start()])
        end = tag.end()
        if _QUOTED_BELOW.search(tag[3]):
            break
        words.turn(tag[2].lower(), tag[3], is_end=bool(tag[1]))
    else:
        words.say(html[end:])
    text = _LINE_ENDS.sub("\n", "".join(words.pieces))
    return _MANY_LINES.sub("\n\n", text).strip()


def _without_comments(html: str) -> str:
    kept, at = [], 0
    while (start := html.find("<!--", at)) != -1:
        kept.append(html[at:start])
        end = html.find("-->", start + 4)
        if end == -1:
            return "".join(kept)
        at = end + 3
    return _COMMENTS.sub("", "".join([*kept, html[at:]]))


class _Words:
    def __init__(self) -> None:
        self.pieces: list[str] = []
        self._silent = ""
        self._depth = 0
        self._link = ""
        self._linked = 0

    def say(self, raw: str) -> None:
        if self._silent or not raw:
            return
        words = _SPACES.sub(" ", entities.unescape(raw))
        at_start = not self.pieces or self.pieces[-1].endswith((" ", "\n"))
        self.pieces.append(words.lstrip(" ") if at_start else words)

    def turn(self, name: str, attributes: str, *, is_end: bool) -> None:
        if self._silent:
            self._count(name, is_end=is_end)
        elif not is_end and self._is_silent(name, attributes):
            self._silent, self._depth = name, 1
            self._break(2)
        elif name == "a":
            self._turn_link(attributes, is_end=is_end)
        elif name in _PARAGRAPHS:
            self._break(2)
        elif name in _CELLS:
            self.say(" ")
        elif name == "br":
            self.pieces.append("\n")
        elif name in _LINES:
            self._break(1)
            if name == "li" and not is_end:
                self.pieces.append("- ")

    def _is_silent(self, name: str, attributes: str) -> bool:
        if name in _EMPTY:
            return False
        return name in _SILENT or bool(_QUOTE.search(attributes))

    def _count(self, name: str, *, is_end: bool) -> None:
        """Within what is left out: it ends with the tag that closes it."""
        if name == self._silent:
            self._depth += -1 if is_end else 1
            if self._depth == 0:
                self._silent = ""

    def _break(self, lines: int) -> None:
        if self.pieces and not self.pieces[-1].endswith("\n" * lines):
            self.pieces.append("\n" * lines)

    def _turn_link(self, attributes: str, *, is_end: bool) -> None:
        if not is_end:
            found = _HREF.search(attributes)
            self._link = entities.unescape(found[1] or found[2] or found[3]) if found else ""
            self._linked = len(self.pieces)
            return
        if not self._link:
            return
        said = "".join(self.pieces[self._linked :]).strip()
        target, self._link = self._link, ""
        if target.lower().startswith(("http://", "https://")) and said.rstrip("/") not in target:
            self.pieces.append(f" ({target})")
