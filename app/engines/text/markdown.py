"""Markdown to HTML that still has to be sanitised. Raw HTML in the source stays text.

Both dialects refuse a link that the sanitiser would refuse, so that the reader sees what
was typed instead of a link that lost its target.
"""

import itertools
import re
import threading
from collections.abc import Callable

from linkify_it import LinkifyIt  # type: ignore[import-untyped]  # it ships no types
from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, blockquote, list_block
from markdown_it.token import Token

from app.engines.said import Said
from app.engines.text import addresses, token_passes

# Bounds the work on "![![![...": 10,000 characters of it take 0.8 s at 100, 0.1 s at 20.
MAX_NESTING = 20
# A list is two levels, and what stands deepest in it needs room below MAX_NESTING, or the
# parser drops it. Quotes and lists that would go deeper stay text instead: nothing is lost.
_DEEPEST_BLOCK = MAX_NESTING - 2

# The sanitiser's cost grows with the square of the blocks that stand side by side: 2,000 paragraphs
# of one letter take 0.17 s at once and 0.10 s in pieces of 250. Blocks are whole, so a piece is
# cleaned as it would be among the others.
BLOCKS_A_PART = 250

# Bare hosts become links only under endings that are no English word: "it hurts.It
# clicks" must not send anybody to a stranger's hurts.it. With http:// any ending does.
BARE_HOST_ENDINGS = [
    *("com", "org", "net", "edu", "gov", "info", "blog", "shop", "health", "fitness"),
    *(
        "uk",
        "de",
        "fr",
        "nl",
        "eu",
        "ca",
        "au",
        "nz",
        "ch",
        "es",
        "pl",
        "se",
        "dk",
        "fi",
        "jp",
        "br",
    ),
]

_BlockRule = Callable[[StateBlock, int, int, bool], bool]
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def _linkifier() -> LinkifyIt:
    linkifier = LinkifyIt()
    linkifier.add("ftp:", None)
    linkifier.add("//", None)
    linkifier.tlds(BARE_HOST_ENDINGS)
    return linkifier


def _shallow(rule: _BlockRule) -> _BlockRule:
    def bounded(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        return state.level < _DEEPEST_BLOCK and rule(state, start, end, silent)

    return bounded


class _Markdown(MarkdownIt):
    def __init__(self) -> None:
        super().__init__("commonmark", {"html": False, "linkify": True, "xhtmlOut": False})
        self.options["maxNesting"] = MAX_NESTING
        self.linkify = _linkifier()
        self.enable(["linkify", "strikethrough"])
        ends_paragraph = ["paragraph", "reference", "blockquote"]
        self.block.ruler.at("blockquote", _shallow(blockquote), {"alt": [*ends_paragraph, "list"]})
        self.block.ruler.at("list", _shallow(list_block), {"alt": ends_paragraph})


class CommentMarkdown(_Markdown):
    """What readers write: no tables, pictures become links, headings stay below the page's."""

    def __init__(self) -> None:
        super().__init__()
        self.core.ruler.push("comment", token_passes.finish_comment)

    def validateLink(self, url: str) -> bool:  # noqa: N802 - the library's name
        return addresses.is_outside(url)


class ReplyMarkdown(CommentMarkdown):
    """What the author answers in a thread: a reader's markup, and own paths."""

    def validateLink(self, url: str) -> bool:  # noqa: N802 - the library's name
        return addresses.is_outside(url) or addresses.is_own_path(url)


class ArticleMarkdown(_Markdown):
    """What authors write: own paths, tables, own pictures, videos alone on their line."""

    def __init__(self) -> None:
        super().__init__()
        self.enable("table")
        self.core.ruler.push("article", token_passes.finish_article)

    def validateLink(self, url: str) -> bool:  # noqa: N802 - the library's name
        return addresses.is_outside(url) or addresses.is_own_path(url)


class _Parsers(threading.local):
    """A parser of each dialect a thread: the library promises nothing about sharing one."""

    def __init__(self) -> None:
        self.comment = CommentMarkdown()
        self.reply = ReplyMarkdown()
        self.article = ArticleMarkdown()


_parsers = _Parsers()


def comment_html(source: str) -> str:
    """``source`` as a reader's comment, not yet sanitised."""
    return "".join(comment_parts(source))


def comment_parts(source: str) -> list[str]:
    """The same in pieces, each some whole blocks: see :data:`BLOCKS_A_PART`."""
    return _parts(_parsers.comment, source, {})


def comment_parts_of(tokens: list[Token]) -> list[str]:
    """The same of blocks that `comment_tokens` found."""
    return _drawn(_parsers.comment, tokens, {})


def reply_parts(source: str) -> list[str]:
    """``source`` as a reply by staff in pieces, not yet sanitised."""
    return _parts(_parsers.reply, source, {})


def comment_tokens(source: str) -> list[Token]:
    """The blocks of ``source`` in order, for those who ask about the text and draw nothing."""
    return _parsers.comment.parse(_encodable(source))


def article_parts(
    source: str, image_sizes: dict[str, tuple[int, int]], say: Callable[[Said], str]
) -> list[str]:
    """``source`` as an article in pieces, not yet sanitised; ``image_sizes`` is (width, height)
    by path, and ``say`` puts our own words into a language."""
    return _parts(_parsers.article, source, {"image_sizes": image_sizes, "say": say})


def _parts(parser: MarkdownIt, source: str, env: dict[str, object]) -> list[str]:
    return _drawn(parser, parser.parse(_encodable(source), env), env)


def _drawn(parser: MarkdownIt, tokens: list[Token], env: dict[str, object]) -> list[str]:
    ends = [at + 1 for at, token in enumerate(tokens) if token.level == 0 and token.nesting <= 0]
    cuts = [0, *ends[BLOCKS_A_PART - 1 : -1 : BLOCKS_A_PART], len(tokens)]
    return [
        str(parser.renderer.render(tokens[start:end], parser.options, env))
        for start, end in itertools.pairwise(cuts)
    ]


def _encodable(source: str) -> str:
    """Lone surrogates cannot be percent-encoded; texts that were let in never have one."""
    return _LONE_SURROGATE.sub("\ufffd", source)
