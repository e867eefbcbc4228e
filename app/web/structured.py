"""schema.org descriptions of our pages, for machines that read no prose.

Built of what the page shows and nothing else. What search engines require of each type is written
down in the tests. `json_ld` puts a description into a page.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, Protocol

from flask import current_app, url_for
from markupsafe import Markup

from app.config import Settings
from app.domains.answers.models import AnswerCard
from app.domains.answers.queries import LinkedCard
from app.domains.articles.models import Article
from app.domains.comments.faces import Shown
from app.domains.comments.queries import Answer
from app.engines.text.excerpt import excerpt, plain_text
from app.engines.text.slug import slugify
from app.infra.http.links import absolute
from app.web.addresses import known_url_for, numbered

Json = dict[str, Any]
Told = tuple[int, Json | None]
"""A line's depth and its description, None where a comment stood that nobody may read."""

SCHEMA = "https://schema.org"
MOST_COMMENTS = 20
LONGEST_COMMENT = 160
"""An article is described with how its discussion begins: the whole of it stands in the page
already, and would double its weight."""

_ESCAPES = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})


class Line(Protocol):
    """One line of a drawn thread; `row` is None where a comment stood that nobody may read."""

    @property
    def row(self) -> Shown | None: ...
    @property
    def depth(self) -> int: ...


def json_ld(description: Json | Sequence[Json] | None) -> Markup:
    """The description as a script element that ends where it should, whatever a text in it says.

    Everything outside of ASCII, and what HTML could read as markup, is escaped as JSON allows.
    Nothing at all for None.
    """
    if not description:
        return Markup("")
    safe = json.dumps(description, ensure_ascii=True, separators=(",", ":")).translate(_ESCAPES)
    return Markup('<script type="application/ld+json">{}</script>').format(
        Markup(safe)  # noqa: S704  (no <, > or & is left in it)
    )


def article_json(
    article: Article, told: Iterable[Told] = (), comment_count: int | None = None
) -> Json:
    """An Article with the published comments of its page nested as they are drawn.

    `told` are the lines of one thread after the other; `comment_count` is that of all pages.
    """
    page = _article_page(article)
    published = article.published_at or article.created_at
    described: Json = {
        "@context": SCHEMA,
        "@type": "Article",
        "@id": page,
        "mainEntityOfPage": page,
        "url": page,
        "headline": article.title,
        "datePublished": _time(published),
        "dateModified": _time(max(published, article.updated_at)),
        "author": _author(article),
        "publisher": {"@type": "Organization", "name": _settings().site_name, "url": absolute("/")},
    }
    if article.summary:
        described["description"] = article.summary
    if comment_count is not None:
        described["commentCount"] = comment_count
    if comments := _nested(told):
        described["comment"] = comments
    return described


def question_json(question: Shown, answers: Sequence[Answer], article: Article) -> Json:
    """A QAPage once the question has a published answer, a DiscussionForumPosting until then.

    `answers` are oldest first. The first card that its asker did not call useless counts as
    accepted; without one the first answer of the article's author does.
    """
    page = absolute(url_for("questions.show", comment_id=question.id, slug=slugify(question.title)))
    asked: Json = {
        "@id": page,
        "url": page,
        "text": plain_text(question.html),
        "datePublished": _time(question.created_at),
        "author": _person(question.author_name, question.username),
    }
    if question.edited_at is not None:
        asked["dateModified"] = _time(question.edited_at)
    if not answers and not question.cards:
        return {
            "@context": SCHEMA,
            "@type": "DiscussionForumPosting",
            "mainEntityOfPage": page,
            "headline": question.title,
            "commentCount": 0,
            "isPartOf": _article_page(article),
        } | asked
    accepted, suggested = _sorted_out(question, answers, article)
    count = len(suggested) + (accepted is not None)
    about: Json = {"@type": "Question", "name": question.title, "answerCount": count} | asked
    if accepted is not None:
        about["acceptedAnswer"] = accepted
    if suggested:
        about["suggestedAnswer"] = suggested
    return {"@context": SCHEMA, "@type": "QAPage", "mainEntity": about}


def card_json(card: AnswerCard) -> Json:
    """A QAPage whose question is the card's title and whose answer is its text."""
    answer = _card_answer(
        card.html,
        page=absolute(card.href),
        written=card.created_at,
        edited=card.updated_at,
        owner=(card.owner.name, card.owner.username) if card.owner else None,
    )
    about: Json = {
        "@type": "Question",
        "@id": f"{absolute(card.href)}#question",
        "name": card.title,
        "text": card.title,
        "answerCount": 1,
        "datePublished": _time(card.created_at),
        "acceptedAnswer": answer,
    }
    return {"@context": SCHEMA, "@type": "QAPage", "mainEntity": about}


def told(lines: Iterable[Line]) -> list[Told]:
    """These lines as an article is described with them, as many of them as it may need."""
    comments = 0
    found: list[Told] = []
    for line in lines:
        comments += line.row is not None
        found.append((line.depth, _comment(line.row) if line.row else None))
        if comments == MOST_COMMENTS:
            break
    return found


def _nested(lines: Iterable[Told]) -> list[Json]:
    """Comments inside the ones they answer, as deep as they are drawn and no deeper.

    Below a comment that nobody may read, its replies belong to what stands above it.
    """
    top: list[Json] = []
    above: list[tuple[int, Json]] = []
    described = 0
    for depth, found in lines:
        while above and above[-1][0] >= depth:
            above.pop()
        if found is None:
            continue
        comment = dict(found)  # what was told may be kept, and nested among others another time
        siblings = above[-1][1].setdefault("comment", []) if above else top
        siblings.append(comment)
        above.append((depth, comment))
        described += 1
        if described == MOST_COMMENTS:
            break
    return top


def _comment(row: Shown) -> Json:
    page = absolute(numbered("questions.permalink", "comment_id", row.id))
    return {
        "@type": "Comment",
        "url": page,
        "text": excerpt(row.html, LONGEST_COMMENT),
        "datePublished": _time(row.created_at),
        "author": _person(row.author_name, row.username),
    }


def _answer(answer: Answer, article: Article) -> Json:
    page = absolute(url_for("questions.permalink", comment_id=answer.id))
    is_authors = answer.account_id == article.author_id
    return {
        "@type": "Answer",
        "@id": page,
        "url": page,
        "text": plain_text(answer.html),
        "datePublished": _time(answer.created_at),
        "author": _author(article) if is_authors else _person(answer.author_name),
    }


def _sorted_out(
    question: Shown, answers: Sequence[Answer], article: Article
) -> tuple[Json | None, list[Json]]:
    """The accepted answer, and the others: cards first, as the page has them."""
    cards = [one.card for one in question.cards]
    found = [(card.helped is not False, _linked_card(card)) for card in cards]
    found += [(True, _answer(answer, article)) for answer in answers]
    accepted = next((described for may_be, described in found if may_be), None)
    return accepted, [described for _, described in found if described is not accepted]


def _linked_card(card: LinkedCard) -> Json:
    return _card_answer(
        card.html,
        page=absolute(card.href),
        written=card.created_at,
        edited=card.updated_at,
        owner=(card.owner_name, card.username) if card.owner_name else None,
    )


def _card_answer(
    html: str,
    *,
    page: str,
    written: datetime,
    edited: datetime,
    owner: tuple[str, str | None] | None,
) -> Json:
    """A card as an Answer; one whose owner left is the site's."""
    site: Json = {"@type": "Organization", "name": _settings().site_name, "url": absolute("/")}
    return {
        "@type": "Answer",
        "@id": page,
        "url": page,
        "text": plain_text(html),
        "datePublished": _time(written),
        "dateModified": _time(edited),
        "author": _person(*owner) if owner else site,
    }


def _author(article: Article) -> Json:
    return _person(article.author.name, article.author.username)


def _person(name: str, username: str | None = None) -> Json:
    """Who wrote a text, by the name that the page shows; `username` only for who has a page."""
    person: Json = {"@type": "Person", "name": name}
    if username is not None:
        person["url"] = absolute(known_url_for("articles.author", username=username))
    return person


def _article_page(article: Article) -> str:
    return absolute(url_for("articles.show", slug=article.slug))


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")
