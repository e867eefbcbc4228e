"""A place in the threads as a moderator types it: a number, or the address of a page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from app.domains.articles import queries as articles
from app.domains.articles.models import Article
from app.domains.comments import queries as comments
from app.domains.comments.errors import NoPlace
from app.domains.comments.models import Comment
from app.infra.language import sentence
from app.web.numbers import whole_number

_COMMENT = re.compile(r"/(?:comments|questions)/([0-9]{1,9})(?:-[^/]*)?(?:/reply)?")
_ARTICLE = re.compile(r"/articles/([^/]{1,200})")
UNKNOWN = sentence(
    "No place was found by that. Give the number of a text, or the address of a question, "
    "a comment or an article that everyone can read."
)

NO_QUESTION = sentence(
    "That is an article. Give the number or the address of a question that is answered."
)


@dataclass(frozen=True, slots=True)
class Place:
    """Under an article, and below a text of it where `below` is one."""

    article: Article
    below: Comment | None


def wanted_place(typed: str) -> Place:
    """Where a text shall go. Raises NoPlace for what is no place, or one that not everyone reads:
    a reply to a text that is hidden would be hidden with it."""
    path, fragment = _read(typed.strip())
    number = whole_number(path.removeprefix("#"))
    if number is None and fragment.startswith("comment-"):
        number = whole_number(fragment.removeprefix("comment-"))
    if number is None and (found := _COMMENT.fullmatch(path)):
        number = whole_number(found[1])
    if number is not None:
        below = comments.find_visible(number)
        if below is None:
            raise NoPlace(UNKNOWN)
        return Place(below.article, below)
    named = _ARTICLE.fullmatch(path)
    article = articles.find_visible(unquote(named[1])) if named else None
    if article is None:
        raise NoPlace(UNKNOWN)
    return Place(article, None)


def wanted_answer(typed: str) -> Comment:
    """The question, or the answer to one, that a person typed by its number or address. Raises
    NoPlace for anything else."""
    below = wanted_place(typed).below
    if below is None:
        raise NoPlace(NO_QUESTION)
    return below


def _read(typed: str) -> tuple[str, str]:
    try:
        parts = urlsplit(typed)
    except ValueError:  # such as http://[
        return "", ""
    is_number = typed.startswith("#")
    return (typed, "") if is_number else (parts.path.rstrip("/"), parts.fragment)
