"""What people do, through the services and with all their consequences: ask, answer, decide."""

from __future__ import annotations

import re
from email.message import EmailMessage
from urllib.parse import urlsplit

from app.domains.accounts import services as accounts
from app.domains.accounts.models import Account, Address
from app.domains.articles.models import Article
from app.domains.comments import services as comments
from app.domains.comments.drafts import Draft, Writer
from app.domains.comments.models import Comment
from app.domains.comments.states import Kind
from app.domains.moderation import services as moderation
from app.domains.moderation.acts import undoing
from app.domains.moderation.services import Decision, Verb
from app.infra.audit import AuditEntry
from app.infra.db import db
from app.infra.unit_of_work import unit_of_work
from tests.support.smtp import text_of

LINK = re.compile(r"https?://[^\s\"<>)]+")
HREF = re.compile(r'href="([^"]+)"')


def ask(
    article: Article,
    text: str = "Why does my hip click when I swing the leg?",
    *,
    name: str = "Ines",
    email: str = "ines@example.com",
    account: Account | None = None,
    parent: Comment | None = None,
    kind: Kind | None = Kind.QUESTION,
) -> Comment:
    """Somebody writes under an article: a guest, unless an account is named."""
    article_id, account_id = article.id, account.id if account else None
    parent_id = parent.id if parent else None
    with unit_of_work():
        comment = comments.submit(
            db.session.get_one(Article, article_id),
            db.session.get_one(Comment, parent_id) if parent_id else None,
            Draft(source=text, name=name, email=email, kind=kind),
            Writer(db.session.get_one(Account, account_id) if account_id else None),
        )
        comment_id = comment.id
    return db.session.get_one(Comment, comment_id)


def decide(
    comment: Comment, verb: Verb, by: Account, *, reason: str = "", tell: bool = False
) -> AuditEntry:
    comment_id, by_id = comment.id, by.id
    with unit_of_work():
        comment = db.session.get_one(Comment, comment_id)
        decision = Decision(verb, db.session.get_one(Account, by_id), reason, tell)
        entry_id = moderation.decide(comment, decision, version=comment.version).id
    return db.session.get_one(AuditEntry, entry_id)


def undo(entry: AuditEntry, by: Account) -> None:
    entry_id, by_id = entry.id, by.id
    with unit_of_work():
        undoing.undo(
            db.session.get_one(AuditEntry, entry_id), by=db.session.get_one(Account, by_id)
        )


def asked_and_approved(article: Article, moderator: Account, **asked: object) -> Comment:
    """A question that everybody can read."""
    question = ask(article, **asked)  # type: ignore[arg-type]
    decide(question, Verb.APPROVE, moderator)
    return question


def prove(address: Address | None) -> None:
    """Its owner followed the mailed link."""
    assert address is not None
    address_id = address.id
    with unit_of_work():
        accounts.prove_address(db.session.get_one(Address, address_id))


def subject_of(message: EmailMessage) -> str:
    return str(message["Subject"]).strip()  # a line of its own keeps its fold's space


def subjects(messages: list[EmailMessage]) -> list[str]:
    return [subject_of(message) for message in messages]


def html_of(message: EmailMessage) -> str:
    body = message.get_body(("html",))
    assert body is not None
    return str(body.get_content())


def links(message: EmailMessage) -> list[str]:
    """The addresses in the plain part, in their order."""
    return LINK.findall(text_of(message))


def link_below(message: EmailMessage, path: str) -> str:
    """The one address whose path begins so."""
    (found,) = [link for link in links(message) if urlsplit(link).path.startswith(path)]
    return str(found)
