"""The address of every page that a person can open in the demo's site, in groups by reader."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar
from urllib.parse import urlsplit

import time_machine
from flask import Flask
from sqlalchemy import Select, select

from app.domains.accounts import mail_stops, mailed_links, recovery
from app.domains.accounts import services as accounts
from app.domains.accounts.models import Account, Address, MailedLink
from app.domains.accounts.states import Role, Stop
from app.domains.answers.models import AnswerCard
from app.domains.articles.models import Article
from app.domains.comments import listed
from app.domains.comments.models import Comment
from app.domains.comments.queries import View
from app.domains.comments.states import Status
from app.domains.moderation import links
from app.domains.moderation.bulk import batches
from app.domains.moderation.figures import openness
from app.domains.moderation.queue.wishes import Wish
from app.domains.moderation.services import Decision, Verb
from app.domains.moderation.states import Lane
from app.domains.resources.models import Resource
from app.domains.screening.models import Rule
from app.domains.tags.models import Tag
from app.engines.text.masks import masked_email
from app.infra import clock, tokens
from app.infra.db import db
from app.infra.jobs import Job
from app.infra.unit_of_work import unit_of_work
from app.notifications.following import keys
from app.notifications.following import services as follows
from app.notifications.following.states import Often, Thing
from app.notifications.replies.models import MailedReply
from app.notifications.states import Mail, Topic
from tests.browser.demo_site import DemoSite

Row = TypeVar("Row")
GUEST = None
READER, MODERATOR, AUTHOR, ADMIN = "hanne", "ruth", "marta", "ines"
NO_PAGES = {"articles.media", "assets", "static"} | {
    *("health.check", "health.ready", "health.measured"),
    *("moderation.counts", "moderation.live", "moderation.one", "moderation.sheets"),
    *("moderation.chart", "moderation.export_log", "questions.fresh"),
    "accounts.second_step",  # between the two steps of signing in: `test_second_step` looks at it
    *("accounts.openid_back", "accounts.newcomer"),  # likewise `test_openid`
    *("privacy.guests_copy", "privacy.guests_data"),  # and at a guest's own `test_your_data`
    *("privacy.guest_leaves", "privacy.change_mind"),
}
"""Pictures, files, numbers, parts of pages, and what no address opens alone; beside them all of
`feeds`."""


NOTHING_YET = {
    "guest": ("/", "/archive/", "/questions/", "/tags/", "/resources/", "/search?q=hip"),
    Role.READER: ("/account/questions",),
    Role.MODERATOR: ("/moderation/", "/moderation/?lane=spam", "/moderation/log"),
    Role.AUTHOR: (
        "/author/",
        "/author/articles",
        "/author/images",
        "/author/tags",
        "/author/resources",
    ),
}
"""What a site without content can show, by role."""


@dataclass(frozen=True)
class Group:
    """Addresses, and the user name of who opens them (None for a guest)."""

    who: str | None
    paths: tuple[str, ...]


def endpoints(app: Flask, paths: tuple[str, ...]) -> set[str]:
    """The endpoints that answer these addresses."""
    adapter = app.url_map.bind("localhost")
    return {adapter.match(urlsplit(path).path, method="GET")[0] for path in paths}


def page_endpoints(app: Flask) -> set[str]:
    """Every endpoint that draws a page."""
    return {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ())
        and rule.endpoint not in NO_PAGES
        and not rule.endpoint.startswith("feeds.")
    }


def _articles() -> Group:
    article = _article("why-your-hip-clicks")
    closed = _one(select(Article).where(Article.comments_open.is_(False)))
    assert article.published_at is not None
    month = f"/archive/{article.published_at.year}/{article.published_at.month}"
    return Group(
        GUEST,
        (
            "/",
            "/archive/",
            month,
            f"/authors/{article.author.username}",
            article.href,
            closed.href,
        ),
    )


def _questions() -> Group:
    answered, open_one = _question(answered=True), _question(answered=False)
    deepest = _one(
        select(Comment)
        .where(Comment.status == Status.APPROVED, Comment.parent_id.is_not(None))
        .order_by(Comment.id.desc())
    )
    return Group(
        GUEST,
        (
            "/questions/",
            answered.href,
            open_one.href,
            f"/comments/{deepest.id}",
            f"/comments/{deepest.id}/reply",
            f"{answered.article.href}/ask",
            f"/comments/{answered.id}/report",
            f"/reported/{answered.article.slug}",
            f"/questions/{open_one.id}/me-too",
            f"/questions/{open_one.id}/me-too/sent",
            _me_too_proof(open_one),
            "/privacy",
            "/following/",
            f"/follow/question-{open_one.id}",
            f"/follow/question-{open_one.id}/sent",
            *_of_a_follower(open_one),
        ),
    )


def _me_too_proof(question: Comment) -> str:
    address = _one(select(Address).where(Address.proven_at.is_(None)))
    return f"/me-too/{question.id}/{address.id}/{accounts.proof_key(address)}"


def _of_a_follower(question: Comment) -> tuple[str, ...]:
    """The pages that links in the mails to a follower open."""
    address = _one(select(Address).where(Address.proven_at.is_(None)))
    name = f"question-{question.id}"
    follows.follow(address.id, Thing.QUESTION, question.id, Often.DAILY)
    return (
        f"/follow/{name}/{address.id}/daily/{keys.confirming(address, name, Often.DAILY)}",
        f"/following/{address.id}/{accounts.unsubscribe_key(address, keys.PAGE)}",
    )


def _library() -> Group:
    tag = _one(select(Tag).where(Tag.slug == "clicking-hip"))
    _tell_how_it_moderates()
    resource = _one(select(Resource).where(Resource.source != ""))
    return Group(
        GUEST,
        (
            "/tags/",
            f"/tags/{tag.slug}",
            "/resources/",
            f"/resources/{resource.slug}",
            "/search",
            "/search?q=hip",
            "/search?q=xylophone",
            "/answers/",
            _one(select(AnswerCard)).href,
            "/moderation-summary",
        ),
    )


def _accounts() -> Group:
    reader = _account(READER)
    recovery.request_reset(reader.address.email)
    link = _one(select(MailedLink).order_by(MailedLink.id.desc()))
    sign_in = mailed_links.make(mailed_links.SIGN_IN, reader)
    not_me = mailed_links.make(mailed_links.NOT_ME, reader)
    address = _one(select(Address).where(Address.proven_at.is_(None)))
    with time_machine.travel(clock.now() - timedelta(hours=2)):
        late = accounts.proof_key(address)
    new_address, old_address = _links_to(address, reader)
    ending = accounts.unsubscribe_key(reader.address, Topic.REPLIES)
    return Group(
        GUEST,
        (
            "/sign-in",
            "/sign-up",
            "/sign-up/sent",
            "/forgot-password",
            "/forgot-password/sent",
            "/account/not-me",
            f"/account/address/{new_address}",
            f"/account/address/{old_address}/back",
            "/account/preferences?language=ar",
            "/sign-in/link",
            "/sign-in/link/sent",
            f"/sign-in/link/{mailed_links.secret_for_mail(mailed_links.SIGN_IN, sign_in.id)}",
            f"/account/not-me/{mailed_links.secret_for_mail(mailed_links.NOT_ME, not_me.id)}",
            f"/reset-password/{recovery.reset_secret(link.id)}",
            f"/prove/{address.id}/{accounts.proof_key(address)}",
            f"/prove/{address.id}/{late}",
            f"/unsubscribe/{reader.address.id}/{Topic.REPLIES}/{ending}",
        ),
    )


def _links_to(address: Address, account: Account) -> tuple[str | None, ...]:
    """What the links mailed to a new and to an old address carry."""
    purposes = (mailed_links.NEW_ADDRESS, mailed_links.OLD_ADDRESS)
    return tuple(
        mailed_links.secret_for_mail(one, mailed_links.make(one, account, address).id)
        for one in purposes
    )


def _private() -> Group:
    """A writer's own pages: one for each of the ways that a text can go, and the form."""
    states = (Status.PENDING, Status.APPROVED, Status.REJECTED)
    own = [_private_path(_comment(status)) for status in states]
    return Group(GUEST, (*own, f"{own[0]}/edit", _private_path(_question(answered=True))))


def _member() -> Group:
    named = (
        *("", "address", "address/sent", "password", "preferences", "questions", "sessions"),
        *("second-step", "your-data", "erase"),
    )
    own = (f"/account/{one}" for one in (*named, "openid", "second-step/app"))
    return Group(READER, (*own, "/your-questions"))


def _desk() -> Group:
    waiting, settled = _comment(Status.PENDING), _comment(Status.REJECTED)
    lanes = [f"/moderation/?lane={lane}" for lane in (*Lane, "rejected", "deleted")]
    return Group(
        MODERATOR,
        (
            "/moderation/",
            "/moderation/filters",
            "/moderation/lists",
            *lanes,
            "/moderation/log",
            f"/moderation/{waiting.id}",
            f"/moderation/{settled.id}",
        ),
    )


def _work() -> Group:
    """What stands beside the lists of the desk."""
    waiting, rule, ruth = _comment(Status.PENDING), _one(select(Rule)), _account(MODERATOR)
    batch = batches.start(Wish(), Decision(Verb.HOLD, ruth))
    return Group(
        MODERATOR,
        (
            "/moderation/people",
            f"/moderation/people/address/{waiting.address_id}",
            "/moderation/rules",
            "/moderation/rules/new",
            f"/moderation/rules/{rule.id}",
            f"/moderation/rules/{rule.id}/rehearse",
            "/moderation/numbers",
            "/moderation/batches",
            f"/moderation/batches/{batch.id}",
            f"/from-mail/{links.secrets_for(ruth, [waiting])[waiting.id]}",
        ),
    )


def _settings() -> Group:
    _lose_a_mail()
    pages = (
        "",
        "intake",
        "language",
        "mails",
        "mails/stopped",
        "moderators",
        "openness",
        "privacy",
        "reasons",
        "red-flag",
        "replies",
        "reports",
    )
    return Group(ADMIN, tuple(f"/settings/{page}" for page in pages))


def _lose_a_mail() -> None:
    """One that was given up, and an address from which mail came back."""
    address = _account(READER).address
    if mail_stops.stop(address, Stop.HARD, "550 5.1.1 no such person"):
        said, now = "PermanentFailure: 550 no such person", clock.now()
        for kind in (Mail.RECEIVED, Mail.PROVE):
            db.session.add(
                Job(kind=kind, failed_at=now, last_error=said, address_id=address.id, attempts=1)
            )
        for key, outcome, why in (("1", "automatic", "Subject"), ("2", "published", "")):
            reply = _question(answered=True).id if not why else None
            sender = f"Bo <{masked_email(address.email)}>"
            db.session.add(
                MailedReply(key=key, outcome=outcome, why=why, sender=sender, reply_id=reply)
            )
        db.session.flush()


def _tell_how_it_moderates() -> None:
    is_on, seen = openness.with_version()
    if not is_on:
        openness.switch(True, seen=seen, by=_account(ADMIN))


def _author() -> Group:
    article = _article("why-your-hip-clicks")
    question = _question(answered=True)
    return Group(
        AUTHOR,
        (
            "/author/",
            "/author/articles",
            "/author/articles/new",
            f"/author/articles/{article.id}",
            "/author/images",
            f"/comments/{question.id}/reply",
            "/author/cards",
            "/author/cards/new",
            f"/author/cards/{_one(select(AnswerCard)).id}",
            "/author/gaps",
            "/author/week",
            "/author/lexicon",
            "/author/recheck",
            f"/author/reach/article/{article.id}",
        ),
    )


def _shelves() -> Group:
    tag, resource = _one(select(Tag)), _one(select(Resource))
    return Group(
        AUTHOR,
        (
            "/author/tags",
            "/author/tags/new",
            f"/author/tags/{tag.id}",
            f"/author/tags/{tag.id}/merge",
            "/author/resources",
            "/author/resources/new",
            f"/author/resources/{resource.id}",
        ),
    )


def _private_path(comment: Comment) -> str:
    key = tokens.private_key("asked", comment.id, comment.nonce)
    return f"/asked/{comment.id}/{key}"


def _account(username: str) -> Account:
    return _one(select(Account).where(Account.username == username))


def _article(slug: str) -> Article:
    return _one(select(Article).where(Article.slug == slug))


def _comment(status: Status) -> Comment:
    guests = Comment.account_id.is_(None)
    return _one(select(Comment).where(Comment.status == status, guests).order_by(Comment.id))


def _question(*, answered: bool) -> Comment:
    view = View.ANSWERED if answered else View.UNANSWERED
    found, _ = listed.questions(view=view)
    return db.session.get_one(Comment, found[0].id)


def _one(statement: Select[tuple[Row]]) -> Row:
    """The first row; the demo has one of each."""
    return db.session.scalars(statement.limit(1)).one()


GROUPS = {
    "articles": _articles,
    "questions": _questions,
    "library": _library,
    "accounts": _accounts,
    "private": _private,
    "member": _member,
    "desk": _desk,
    "work": _work,
    "settings": _settings,
    "author": _author,
    "shelves": _shelves,
}


def group(site: DemoSite, name: str) -> Group:
    """The addresses of one group as the demo's database has them now."""
    with site.app.test_request_context(base_url=site.address), unit_of_work():
        return GROUPS[name]()
