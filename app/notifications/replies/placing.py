"""An answer by mail becomes a text in the thread, by the same services as one that was typed."""

from __future__ import annotations

from datetime import timedelta

from app.domains.accounts import tries
from app.domains.accounts.policy import Limit
from app.domains.comments import answering, services
from app.domains.comments import queries as comments
from app.domains.comments.drafts import BODY_LIMIT, Draft, Writer
from app.domains.comments.errors import ClosedArticle
from app.domains.comments.models import Comment
from app.domains.comments.policy import writes_as_author
from app.domains.comments.preparing import Prepared, prepare
from app.domains.comments.states import Kind
from app.engines.text.admission import admit
from app.engines.text.errors import UnfitText
from app.infra.admitted import said
from app.notifications.replies import policy
from app.notifications.replies.addresses import Opened
from app.notifications.replies.errors import (
    ByNobody,
    NameUnknown,
    NothingOwn,
    NotTaken,
    Placeless,
    TooOften,
)

OFTEN = Limit(30, timedelta(hours=1))
"""Answers by mail of one reader."""


def drafted(opened: Opened, own: str) -> tuple[Draft, Prepared]:
    """The text as it would stand there, made while nothing is locked. Raises NothingOwn, NotTaken,
    Placeless, NameUnknown."""
    if not own.strip():
        raise NothingOwn
    try:
        source = admit(own, limit=BODY_LIMIT)
    except UnfitText as unfit:
        raise NotTaken(said(unfit)) from unfit
    if comments.find_visible(opened.comment.id) is None:
        raise Placeless
    kind = Kind.COMMENT if _as_author(opened) else None
    draft = Draft(source=source, kind=kind)
    if opened.account is None:
        draft = Draft(
            source=source, kind=kind, name=_name_in_thread(opened), email=opened.address.email
        )
    return draft, prepare(draft, writer(opened))


def place(opened: Opened, draft: Draft, ready: Prepared) -> Comment:
    """Put it below what it answers, in the caller's transaction, with everything as it stands now.
    Raises Placeless, ByNobody, ClosedArticle, TooOften and what `comments.submit` raises."""
    parent = comments.find_visible(opened.comment.id)
    if parent is None:
        raise Placeless
    article, account = parent.article, opened.account
    if not policy.may_reply(opened.address, account, article):
        raise ByNobody
    if not policy.is_open(account, article):
        raise ClosedArticle
    if account is not None and account.is_staff:
        answering.check_words(parent, draft.source)
    else:
        _count(opened)
    return services.submit(article, parent, draft, writer(opened), ready)


def writer(opened: Opened) -> Writer:
    """The mail came from the mailbox that a signed address was sent to, which proves it."""
    return Writer(opened.account, frozenset({opened.address.id}))


def _as_author(opened: Opened) -> bool:
    return writes_as_author(opened.account, opened.comment.article)


def _count(opened: Opened) -> None:
    limits = {f"mailed:{opened.address.id}": OFTEN}
    tries.take_turns(limits)
    if not tries.count_if_it_fits(limits):
        raise TooOften


def _name_in_thread(opened: Opened) -> str:
    name = policy.name_of_guest(opened.address, opened.comment)
    if name is None:
        raise NameUnknown
    return name
