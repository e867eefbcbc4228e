"""The HTML of an old blog as Markdown, so that one pipeline renders everything afterwards.

Nothing here makes HTML safe: the Markdown goes through the same renderer and the same sanitiser as
what people type. What is promised here is that any input comes out, soon, as a text of bounded
length that says the same.
"""

import re
from dataclasses import dataclass
from html import unescape

from app.importers.wordpress.converter import Converter
from app.importers.wordpress.escaping import escape_text
from app.importers.wordpress.shortcodes import expand_shortcodes
from app.importers.wordpress.tidy import Tidy

COMMENT_LIMIT = 16_000  # characters of HTML; a reader's own text may have 10,000
COMMENT_MARKDOWN_LIMIT = 2 * COMMENT_LIMIT  # every sign escaped
ARTICLE_LIMIT = 400_000
ARTICLE_MARKDOWN_LIMIT = 200_000  # what an article may have

_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_LINE_END = re.compile(r"\r\n?")
_BLANK_LINE = re.compile(r"\n[ \t]*\n\s*")
_BLOCK_EDITOR = re.compile(r"<!--\s*wp:")
_PAGE_BREAK = re.compile(r"<!--\s*nextpage\s*-->")
_CODE = re.compile(r"<code>([^<]*)</code>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{0,2000}>")


@dataclass(frozen=True, slots=True)
class Converted:
    """`notes` say in words what could not be kept, for the report of the import."""

    markdown: str
    notes: tuple[str, ...] = ()


def article_markdown(html: str, base: str = "") -> Converted:
    """The body of a post or page. `base` is its old address, for links that are relative to it."""
    html, notes = _within(_plain(html), ARTICLE_LIMIT)
    is_of_blocks = _BLOCK_EDITOR.search(html) is not None
    html = _PAGE_BREAK.sub("<hr>", html)
    html, lost = expand_shortcodes(html)
    tidy = Tidy(base=base, line_breaks=not is_of_blocks)
    return _convert(html, tidy, ARTICLE_MARKDOWN_LIMIT, (*notes, *lost), tables=True)


def comment_markdown(html: str) -> Converted:
    """The body of a comment: a few tags at most, and newlines that mean something."""
    html, notes = _within(_plain(html), COMMENT_LIMIT)
    if "<" not in html and "&" not in html:
        return Converted(_lines_of_text(html), notes)
    return _convert(html, Tidy(), COMMENT_MARKDOWN_LIMIT, notes, tables=False)


def _plain(html: str) -> str:
    return _NOT_TEXT.sub("", _LINE_END.sub("\n", html))


def _within(html: str, limit: int) -> tuple[str, tuple[str, ...]]:
    if len(html) <= limit:
        return html, ()
    kept = html[:limit]
    if kept.rfind("<") > kept.rfind(">"):
        kept = kept[: kept.rfind("<")]
    note = f"too long: the first {limit:,} of {len(html):,} characters were kept"
    return f"{kept} […]", (note,)


def _convert(
    html: str, tidy: Tidy, limit: int, notes: tuple[str, ...], *, tables: bool
) -> Converted:
    markdown = Converter(tables=tables).to_markdown(tidy.tidy(_CODE.sub(_code_block, html)))
    if len(markdown) > limit:  # twenty levels of quotes around every word, say
        text, cut = _within(_TAG.sub(" ", html), limit // 2)
        note = "its HTML was too tangled: only the text was kept"
        return Converted(_lines_of_text(unescape(text)), (*notes, note, *cut))
    if tidy.was_too_deep:
        notes = (*notes, "quotes or lists nested too deeply were flattened")
    return Converted(markdown, notes)


def _code_block(match: re.Match[str]) -> str:
    """Code of several lines is a block, whatever tag it was written in."""
    return f"<pre>{match[1]}</pre>" if "\n" in match[1].strip() else match[0]


def _lines_of_text(text: str) -> str:
    """Text without any markup, its paragraphs and lines kept."""
    paragraphs = (
        "\\\n".join(escape_text(words) for line in part.split("\n") if (words := _tight(line)))
        for part in _BLANK_LINE.split(text.strip())
    )
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)


def _tight(line: str) -> str:
    return " ".join(line.split())
