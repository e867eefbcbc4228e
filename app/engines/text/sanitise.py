"""The last step before HTML is stored: everything that is not on an allowlist goes.

The only module that imports bleach. bleach 6.4.0 is its last release, so nothing here
leans on its judgement of addresses: its ``protocols`` lets ``javascript:1`` through as
"host:port". ``attributes`` are functions of ours instead. A Cleaner keeps its parser's
state and mixes texts up when two threads share it, hence one a thread.
"""

import re
import threading
from collections.abc import Callable, Iterator
from typing import Any

from bleach.html5lib_shim import Filter  # type: ignore[attr-defined]  # its stubs leave it out
from bleach.sanitizer import Cleaner

from app.engines.text import addresses, videos
from app.engines.text.plain import is_plain

_WORDS = {"p", "br", "em", "strong", "del", "code", "a"}
_BLOCKS = {"pre", "blockquote", "ul", "ol", "li", "hr", "h3", "h4"}
_TABLES = {"table", "thead", "tbody", "tr", "th", "td"}
_PICTURES = {"img", "figure", "figcaption"}
COMMENT_TAGS = frozenset(_WORDS | _BLOCKS)
ARTICLE_TAGS = frozenset(_WORDS | _BLOCKS | _TABLES | _PICTURES | {"h2"})
COMMENT_REL = "ugc nofollow noopener"
ARTICLE_REL = "noopener"

_NUMBER = re.compile(r"[0-9]{1,9}")
# XML 1.0 has no place for these two, and every text ends up in a feed.
_NOT_XML = str.maketrans({"\ufffe": "\ufffd", "\uffff": "\ufffd"})

_Token = dict[str, Any]


def comment_attribute(tag: str, name: str, value: str) -> bool:
    """Whether a reader's ``tag`` may carry the attribute ``name`` with this ``value``."""
    match tag, name:
        case "a", "href":
            return addresses.is_outside(value)
        case "a", "title":
            return True
        case "ol", "start":
            return _NUMBER.fullmatch(value) is not None
    return False


def reply_attribute(tag: str, name: str, value: str) -> bool:
    """The same question for a reply by staff, which may lead to other pages of this site."""
    if (tag, name) == ("a", "href") and addresses.is_own_path(value):
        return True
    return comment_attribute(tag, name, value)


def article_attribute(tag: str, name: str, value: str) -> bool:
    """The same question for an author's article: own paths, own pictures and videos as well."""
    match tag, name:
        case "a", "data-video":
            return videos.is_player(value)
        case "img", "src":
            return addresses.is_own_image(value)
        case "img", "alt" | "title":
            return True
        case "img", "width" | "height":
            return _NUMBER.fullmatch(value) is not None
        case "img", "loading":
            return value == "lazy"
        case "figure", "class":
            return value == "video"
    return reply_attribute(tag, name, value)


class _Finish(Filter):  # type: ignore[misc]  # for the same reason
    """Sets ``rel`` on every link; unwraps a link without target, drops an image without source.

    It runs inside the Cleaner, after the allowlist, so that cleaning what was cleaned
    changes nothing. Links never nest: the HTML parser closes one before it opens the next.
    """

    rel: str

    def __iter__(self) -> Iterator[_Token]:
        unwrapping = False
        for token in super().__iter__():
            name, kind = token.get("name"), token["type"]
            if name == "a" and kind == "StartTag":
                unwrapping = (None, "href") not in token["data"]
                if unwrapping:
                    continue
                token["data"][(None, "rel")] = self.rel
            elif name == "a" and kind == "EndTag" and unwrapping:
                unwrapping = False
                continue
            elif name == "img" and (None, "src") not in token["data"]:
                continue
            yield token


class _FinishComment(_Finish):
    rel = COMMENT_REL


class _FinishArticle(_Finish):
    rel = ARTICLE_REL


class _Cleaners(threading.local):
    """One Cleaner a kind and a thread; ``__init__`` runs again in every thread."""

    def __init__(self) -> None:
        self.comment = _cleaner(COMMENT_TAGS, comment_attribute, _FinishComment)
        self.reply = _cleaner(COMMENT_TAGS, reply_attribute, _FinishComment)
        self.article = _cleaner(ARTICLE_TAGS, article_attribute, _FinishArticle)


def _cleaner(
    tags: frozenset[str],
    attributes: Callable[[str, str, str], bool],
    finish: type[_Finish],
) -> Cleaner:
    return Cleaner(
        tags=tags,
        attributes=attributes,
        protocols={"http", "https", "mailto"},
        strip=True,
        strip_comments=True,
        filters=[finish],
    )


_cleaners = _Cleaners()


def clean_comment(html: str) -> str:
    """Safe HTML for a reader's text: no images, no tables, every link ``ugc nofollow``."""
    return html if is_plain(html) else str(_cleaners.comment.clean(html.translate(_NOT_XML)))


def clean_reply(html: str) -> str:
    """Safe HTML for a reply by staff in a thread: a reader's markup, and links to own pages."""
    return html if is_plain(html) else str(_cleaners.reply.clean(html.translate(_NOT_XML)))


def clean_article(html: str) -> str:
    """Safe HTML for an author's article: own pictures, tables and video links as well."""
    return html if is_plain(html) else str(_cleaners.article.clean(html.translate(_NOT_XML)))
