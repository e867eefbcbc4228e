"""What an article's page needs to draw its thread and the box below it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import current_app, request, session, url_for
from markupsafe import Markup

from app.config import Settings
from app.domains.articles import policy as articles
from app.domains.articles.models import Article
from app.domains.comments import policy, queries
from app.domains.comments.counting import COUNTED
from app.domains.comments.models import Comment
from app.domains.comments.queries import View
from app.domains.comments.states import Status
from app.domains.comments.threads import MOST_AT_ONCE
from app.domains.moderation.policy import may_moderate
from app.domains.screening import red_flags
from app.engines.text.excerpt import excerpt
from app.infra import clock
from app.infra.kept.keeping import FOR_KEEPING
from app.infra.language import _
from app.web.accounts.session import sent_from_here, viewer
from app.web.numbers import wanted_place
from app.web.questions.box import fresh_box
from app.web.questions.drawn import discussion
from app.web.questions.forms import GuestForm, WriteForm
from app.web.questions.laid import Looker
from app.web.repeats import new_ticket

REMEMBERED = 20


def context(article: Article, beside: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Names for `questions/_thread.html`: the page of threads, the form, and why there is none.
    What `beside` says is kept as long as the thread is."""
    whole = wants_all()
    drawn = discussion(article, wanted_view(), wanted_place(), beside, whole=whole)
    return {
        "article": article,
        "thread": drawn,
        "threads": drawn.for_one(looker(article)),
        "structured": drawn.structured,
        **drawn.beside,
        "views": list(View),
        "most_counted": COUNTED,
        "most_at_once": MOST_AT_ONCE,
        "asked_for_all": whole,
        "box": box_under(
            url_for("questions.ask", slug=article.slug),
            here=f"article:{article.id}",
            label=_("Send"),
        ),
        "may_ask": may_ask(),
        "takes_comments": takes_comments(article),
        "own_waiting": own_waiting(article),
    }


def looker(article: Article) -> Looker:
    """Who looks at a thread under this article."""
    account = viewer()
    return Looker(
        may_reply=may_ask() and takes_replies(article),
        moderates=may_moderate(account),
        writes=articles.may_write(account),
        account_id=account.id if account is not None else None,
        own=frozenset() if FOR_KEEPING in request.environ else sent_from_here(),
    )


def wanted_view() -> View:
    """The view named in the address; newest first for anything else."""
    try:
        return View(request.args.get("view", View.NEWEST))
    except ValueError:
        return View.NEWEST


def wants_all() -> bool:
    """Whether the address asks for all comments on one page."""
    return request.args.get("all") == "1"


def box_under(action: str, *, here: str, label: str) -> Markup:
    """The empty box for whoever looks at this page, sending to the path `action`."""
    account = viewer()
    return fresh_box(
        action=action,
        here=here,
        is_guest=account is None,
        suggests=not is_staff(),
        label=label,
    )


def fresh_form() -> WriteForm:
    """The box as a page first shows it. In a page that is kept for everybody it has neither token
    nor ticket: a script asks for them (`writing.fresh`), or the server when the text comes."""
    if FOR_KEEPING in request.environ:
        return GuestForm(meta={"csrf": False})
    form = empty_form()
    form.ticket.data = form.ticket.data or new_ticket()
    return form


def empty_form() -> WriteForm:
    """The box for this person: guests are asked for name and address, accounts are not."""
    return WriteForm() if viewer() is not None else GuestForm()


def is_staff() -> bool:
    account = viewer()
    return account is not None and account.is_staff


def may_ask() -> bool:
    settings: Settings = current_app.extensions["settings"]
    return policy.may_ask(viewer(), guests_may_ask=settings.guests_may_ask)


def takes_comments(article: Article) -> bool:
    settings: Settings = current_app.extensions["settings"]
    return articles.takes_comments(article, settings.comments_close_after_days, clock.now())


def takes_replies(article: Article) -> bool:
    """Whether this person may reply under the article."""
    days = current_app.extensions["settings"].comments_close_after_days
    return articles.takes_replies(article, viewer(), days, clock.now())


def own_waiting(article: Article) -> list[dict[str, str]]:
    """Texts this browser sent that wait, as titles and private links: shown to nobody else."""
    if FOR_KEEPING in request.environ:
        return []
    keys = {
        entry["id"]: entry["key"]
        for entry in session.get("asked", [])[-REMEMBERED:]
        if entry["article"] == article.id
    }
    return [
        {
            "title": comment.title or excerpt(comment.html, 80),
            "href": url_for("questions.status", comment_id=comment.id, key=keys[comment.id]),
        }
        for comment in queries.still_waiting(keys.keys())
    ]


def red_flag_note(comment: Comment) -> str | None:
    """What to tell beside a text that speaks of what a professional must see; None for others and
    for one that is gone."""
    if not comment.red_flag or comment.status in (Status.WITHDRAWN, Status.DELETED):
        return None
    return red_flags.note_of(comment.verdict)
