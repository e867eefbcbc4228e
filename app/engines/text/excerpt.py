"""The words of a text without its drawing: plain, cut short, or as a title."""

import html as entities
import itertools
import re
from html.parser import HTMLParser

from markdown_it.token import Token

from app.engines.text import markdown

ELLIPSIS = "…"

_BLOCKS = frozenset(
    {"p", "br", "li", "ul", "ol", "pre", "blockquote", "hr", "h2", "h3", "h4"}
    | {"table", "tr", "th", "td", "figure", "figcaption"}
)
_BARE_TAG = re.compile(r"</?([a-z][a-z0-9]*)>")
_CLOSING = "\"')]\u201d\u2019"
_SENTENCE_END = re.compile(f"([.!?\u2026\uff1f\uff01\u3002][{re.escape(_CLOSING)}]*)\\s+")
_QUESTION_MARKS = ("?", "\uff1f")
_SHORT_QUESTION = 40
_GREETING = re.compile(
    r"(?:hi|hello|hey|dear|thanks|thank you|good (?:morning|evening|day))\b", re.IGNORECASE
)
_TRAILING = " ,;:.-\u2013\u2014"
_HEARD_IN_TITLES = frozenset({"paragraph_open", "heading_open"})


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        if tag in _BLOCKS:
            self.pieces.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.pieces.append(" ")

    def handle_data(self, data: str) -> None:
        self.pieces.append(data)


def plain_text(html: str) -> str:
    """The words of safe HTML on one line, entities decoded. Not HTML any more: escape it."""
    found = _BARE_TAG.sub(_space_of_block, html)
    if "<" in found:  # some tag has attributes, as in few comments; parsing costs ten times as much
        return parsed_text(html)
    return " ".join(entities.unescape(found).split())


def parsed_text(html: str) -> str:
    """The same by way of a parser, whatever the tags look like."""
    words = _Words()
    words.feed(html)
    words.close()
    return " ".join("".join(words.pieces).split())


def _space_of_block(tag: re.Match[str]) -> str:
    return " " if tag[1] in _BLOCKS else ""


def excerpt(html: str, length: int = 160) -> str:
    """The beginning of safe HTML's words, cut between words, at most ``length`` characters."""
    return _cut(plain_text(html), length)


def title_from(source: str, length: int = 90) -> str:
    """A title for a reader's Markdown: its first question, else its first sentence.

    A short question ("What does that mean?") says nothing by itself, so the sentence before it
    comes along where both fit. Code and quotations are passed over unless there is nothing else;
    may be empty where the text draws nothing. At most ``length`` characters.
    """
    return title_of(markdown.comment_tokens(source), source, length)


def title_of(tokens: list[Token], source: str, length: int = 90) -> str:
    """The same of a text whose blocks were found already (`markdown.comment_tokens`)."""
    paragraphs = [_sentences(words) for words in _paragraphs(tokens)]
    asked = (_question_of(sentences, length) for sentences in paragraphs)
    first = next((sentence for sentences in paragraphs for sentence in sentences), "")
    chosen = next(filter(None, asked), first)
    return _cut(chosen or plain_text(markdown.comment_html(source)), length)


def _question_of(sentences: list[str], length: int) -> str:
    """The first question of a paragraph, with what it is about; empty where nothing is asked."""
    before = ""
    for sentence in sentences:
        if sentence.rstrip(_CLOSING).endswith(_QUESTION_MARKS):
            both = f"{before} {sentence}"
            says_little = len(sentence) < _SHORT_QUESTION
            return both if before and says_little and len(both) <= length else sentence
        before = "" if _GREETING.match(sentence) else sentence
    return ""


def _sentences(paragraph: str) -> list[str]:
    return [sentence for sentence in _SENTENCE_END.sub(r"\1\n", paragraph).split("\n") if sentence]


def _paragraphs(tokens: list[Token]) -> list[str]:
    """The words of each paragraph and heading outside of quotations."""
    found: list[str] = []
    quoted = 0
    for before, token in itertools.pairwise(tokens):
        quoted += {"blockquote_open": 1, "blockquote_close": -1}.get(before.type, 0)
        if token.type == "inline" and before.type in _HEARD_IN_TITLES and not quoted:
            words = " ".join("".join(_spoken(token.children or [])).split())
            found.append(words)
    return found


def _spoken(children: list[Token]) -> list[str]:
    return [
        " " if child.type in {"softbreak", "hardbreak"} else child.content for child in children
    ]


def _cut(text: str, length: int) -> str:
    if len(text) <= length:
        return text
    kept = text[: length - len(ELLIPSIS) + 1]
    whole_words, space, _ = kept.rpartition(" ")
    short = whole_words if space else kept[:-1]
    return short.rstrip(_TRAILING) + ELLIPSIS
