"""Following asked for by a tick in the form in which somebody writes."""

from __future__ import annotations

from flask import flash

from app.domains.accounts.models import Address
from app.domains.comments.models import Comment
from app.infra.db import db
from app.infra.language import _, sentence
from app.infra.refusal import Refusal
from app.notifications.following import services
from app.notifications.following.states import Often, Thing
from app.web.accounts.session import proven_addresses

NEW_HERE = sentence("Write to me about what else is new here")


def follow_along(comment: Comment) -> None:
    """Whoever wrote this follows the question that it is about, or else the article: at once where
    their address is proven here, by the link that is mailed to it where it is not."""
    address = _address_of(comment)
    if address is None:
        return
    thing, thing_id = Thing.ARTICLE, comment.article_id
    if comment.question_id is not None:
        thing, thing_id = Thing.QUESTION, comment.question_id
    if address.id not in proven_addresses():
        services.ask(address, thing, thing_id, Often.AT_ONCE)
        flash(
            _("We mail you a link for what else is new here. Nothing is sent before you open it.")
        )
        return
    try:
        services.follow(address.id, thing, thing_id, Often.AT_ONCE)
    except Refusal as refusal:  # the text goes its way all the same
        flash(refusal.public)
    else:
        flash(_("We write to you about what else is new here. Every mail has a link that ends it."))


def _address_of(comment: Comment) -> Address | None:
    if comment.account is not None:
        return comment.account.address
    return db.session.get(Address, comment.address_id) if comment.address_id else None
