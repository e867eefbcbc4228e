"""Real rows through the models, each with what its table demands and nothing that a test did not
ask for. Every function commits, so that a request sees the row; it needs an application context.
What a row needs beside it and nobody gave (an article's author) is committed with it: each commit
costs milliseconds, and the tests make tens of thousands of rows.

Rows made here pass no service: nothing is screened, indexed, mailed or audited. A test of those
calls the service instead.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from functools import cache
from itertools import count
from typing import Any, TypeVar

from argon2 import PasswordHasher

from app.domains.accounts.models import Account, Address
from app.domains.accounts.states import Role
from app.domains.answers.models import AnswerCard, CardLink
from app.domains.answers.states import How
from app.domains.articles.models import Article
from app.domains.articles.states import ArticleStatus
from app.domains.comments import card_counts
from app.domains.comments.models import Comment, CommentTag
from app.domains.comments.states import Kind, Status
from app.domains.resources.models import Resource
from app.domains.resources.states import ResourceKind
from app.domains.screening.models import Rule
from app.domains.tags.models import Tag, TagSynonym
from app.engines.spam.rules import Effect, RuleKind
from app.engines.text.names import fold_email, skeleton
from app.engines.text.render import RENDER_VERSION, render_article, render_comment, render_reply
from app.engines.text.slug import slugify
from app.infra import clock
from app.infra.db import Model, db

PASSWORD = "seven quiet herons by the river"
_numbers = count(1)
_is_needed: ContextVar[bool] = ContextVar("is_needed", default=False)
Row = TypeVar("Row", bound=Model)


def make_address(email: str | None = None, *, proven: bool = False) -> Address:
    """Somebody's address; `proven` as if its owner had followed a mailed link."""
    email = email or f"reader{next(_numbers)}@example.com"
    address = Address(
        email=email, email_key=fold_email(email), proven_at=clock.now() if proven else None
    )
    return _kept(address)


def make_account(
    role: str = Role.READER,
    *,
    name: str | None = None,
    username: str | None = None,
    email: str | None = None,
    proven: bool = True,
    disabled: bool = False,
    language: str | None = None,
) -> Account:
    """Somebody who can sign in with `PASSWORD`; `proven` as if they had opened a mailed link."""
    number = next(_numbers)
    name = name or f"{str(role).title()} {number}"
    username = username or f"{role}{number}"
    with _needed():
        address = make_address(email or f"{username}@example.com", proven=proven)
    account = Account(
        username=username,
        name=name,
        name_key=skeleton(name),
        address=address,
        password_hash=_password_hash(),
        role=role,
        disabled_at=clock.now() if disabled else None,
        language=language,
        proven_at=clock.now() if proven else None,
    )
    return _kept(account)


def make_tag(
    name: str | None = None, *, synonyms: Sequence[str] = (), description: str = ""
) -> Tag:
    name = name or f"tag {next(_numbers)}"
    tag = Tag(
        slug=slugify(name),
        name=name,
        description=description,
        synonyms=[TagSynonym(phrase=phrase) for phrase in synonyms],
    )
    return _kept(tag)


def make_rule(
    name: str | None = None,
    *,
    kind: str = RuleKind.PHRASE,
    lines: str = "casino",
    effect: str = Effect.HOLD,
    live: bool = False,
    **columns: Any,
) -> Rule:
    """A moderators' rule; it is only kept unless `live`."""
    return _kept(
        Rule(
            name=name or f"Rule {next(_numbers)}",
            kind=kind,
            lines=lines,
            effect=effect,
            is_live=live,
            **columns,
        )
    )


def make_resource(
    title: str | None = None,
    *,
    kind: str = ResourceKind.EXERCISE,
    text: str = "Stand on one leg. Breathe.",
    url: str | None = None,
    summary: str = "",
    tags: Sequence[Tag] = (),
) -> Resource:
    title = title or f"Exercise {next(_numbers)}"
    resource = Resource(
        slug=slugify(title),
        kind=kind,
        title=title,
        summary=summary,
        url=url,
        source=text,
        html=render_article(text),
        render_version=RENDER_VERSION,
        tags=list(tags),
    )
    return _kept(resource)


def make_article(
    title: str | None = None,
    *,
    text: str = "Why the hip clicks, and what to do about it.",
    author: Account | None = None,
    status: str = ArticleStatus.PUBLISHED,
    published_at: datetime | None = None,
    comments_open: bool = True,
    summary: str = "",
    tags: Sequence[Tag] = (),
) -> Article:
    """An article, published an hour ago unless `status` or `published_at` says otherwise."""
    title = title or f"Standing well, part {next(_numbers)}"
    if published_at is None and status == ArticleStatus.PUBLISHED:
        published_at = clock.now() - timedelta(hours=1)
    with _needed():
        author = author or make_account(Role.AUTHOR)
    article = Article(
        slug=slugify(title),
        title=title,
        summary=summary,
        source=text,
        html=render_article(text),
        render_version=RENDER_VERSION,
        author=author,
        status=status,
        published_at=published_at,
        comments_open=comments_open,
        tags=list(tags),
    )
    return _kept(article)


def make_comment(
    text: str = "Thank you, this helped.",
    *,
    article: Article | None = None,
    parent: Comment | None = None,
    account: Account | None = None,
    address: Address | None = None,
    name: str | None = None,
    kind: str = Kind.COMMENT,
    status: str = Status.APPROVED,
    title: str = "",
    by_author: bool = False,
    created_at: datetime | None = None,
    tags: Sequence[Tag] = (),
    **columns: Any,
) -> Comment:
    """A comment, published unless `status` says otherwise; a reply where `parent` is given.

    Without `account` or `address` a guest with an address of their own wrote it."""
    if parent is not None:
        article = parent.article
    with _needed():
        if account is None and address is None:
            address = make_address()
        article = article or make_article()
    written = created_at or clock.now()
    comment = Comment(
        article=article,
        parent_id=parent.id if parent else None,
        root_id=parent.thread_id if parent else None,
        question_id=_question_above(parent),
        kind=kind,
        status=status,
        title=title,
        account=account,
        address=address or (account.address if account else None),
        author_name=name or (account.name if account else f"Guest {next(_numbers)}"),
        by_author=by_author,
        source=text,
        html=render_comment(text),
        render_version=RENDER_VERSION,
        created_at=written,
        published_at=written if status == Status.APPROVED else None,
        tags=[CommentTag(tag_id=tag.id, by_hand=True) for tag in tags],
        **columns,
    )
    return _kept(comment)


def make_question(
    text: str = "My left hip clicks when I swing the leg. What does that mean?",
    *,
    title: str | None = None,
    **others: Any,
) -> Comment:
    """A question; takes what `make_comment` takes."""
    if title is None:
        title = text.split("\n", 1)[0][:90]
    return make_comment(text, kind=Kind.QUESTION, title=title, **others)


def make_answer(question: Comment, text: str = "It is a tendon. Let it be.") -> Comment:
    """The article's author answers in the thread."""
    return make_comment(text, parent=question, account=question.article.author, by_author=True)


def make_card(
    title: str | None = None,
    *,
    text: str = "The tendon slides over the bone. Let it be while it does not hurt.",
    owner: Account | None = None,
    tags: Sequence[Tag] = (),
    resources: Sequence[Resource] = (),
    articles: Sequence[Article] = (),
    **columns: Any,
) -> AnswerCard:
    """An answer card, owned by an author of its own unless `owner` is given."""
    title = title or f"Why it clicks, part {next(_numbers)}"
    with _needed():
        owner = owner or make_account(Role.AUTHOR)
    card = AnswerCard(
        slug=slugify(title),
        title=title,
        source=text,
        html=render_reply(text),
        render_version=RENDER_VERSION,
        owner=owner,
        tags=list(tags),
        resources=list(resources),
        articles=list(articles),
        **columns,
    )
    return _kept(card)


def make_link(
    card: AnswerCard, question: Comment, *, helped: bool | None = None, **columns: Any
) -> CardLink:
    """A card answers a question; `helped` is what its asker said. The card is counted again."""
    how = columns.pop("how", How.DESK)
    link = CardLink(card=card, comment_id=question.id, how=how, helped=helped, **columns)
    db.session.add(link)
    db.session.flush()
    card_counts.count_card(card.id)
    return _kept(link)


def _question_above(parent: Comment | None) -> int | None:
    if parent is None:
        return None
    return parent.id if parent.is_question else parent.question_id


@contextmanager
def _needed() -> Iterator[None]:
    """The rows of this block are committed with the one that needs them."""
    before = _is_needed.set(True)
    try:
        yield
    finally:
        _is_needed.reset(before)


def _kept(row: Row) -> Row:
    db.session.add(row)
    if not _is_needed.get():
        db.session.commit()
    return row


@cache
def _password_hash() -> str:
    """Made with next to no memory, so that hundreds of accounts cost nothing."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
