"""What somebody wrote: of an account, and of a guest who proved an address in this browser."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domains.accounts import queries as accounts
from app.domains.comments import claiming, private_links, queries
from app.domains.comments.drafts import Writer
from app.domains.comments.models import Comment
from app.infra.http.headers import keep_nowhere
from app.infra.language import _, ngettext
from app.infra.paging import Ways
from app.web.accounts.session import member, needs_account, proven_addresses, viewer
from app.web.numbers import wanted_place, whole_number
from app.web.questions import blueprint


@blueprint.get("/account/questions")
@needs_account
def mine() -> ResponseReturnValue:
    return _draw(*queries.written_by(member(), wanted=wanted_place()), "questions.mine")


@blueprint.get("/your-questions")
def yours() -> ResponseReturnValue:
    """What a guest wrote with the addresses that were proven in this browser."""
    if viewer() is not None:
        return redirect(url_for("questions.mine"))
    return _draw(*claiming.collected(_writer(), wanted=wanted_place()), "questions.yours")


@blueprint.post("/your-questions")
def say_mine() -> ResponseReturnValue:
    ids = _ticked()
    if ids:
        taken = claiming.say_mine(ids, _writer())
        flash(
            ngettext(
                "%(num)s text is among yours now.", "%(num)s texts are among yours now.", taken
            )
        )
    else:
        flash(_("Tick the texts that are yours first."))
    return _back()


@blueprint.post("/your-questions/not-mine")
def say_not_mine() -> ResponseReturnValue:
    ids = _ticked()
    if ids:
        claiming.say_not_mine(ids, _writer())
        flash(_("We do not ask you about them again, and write you nothing about them."))
    else:
        flash(_("Tick the texts that somebody else wrote first."))
    return _back()


def _ticked() -> set[int]:
    ticked = request.form.getlist("text")[: claiming.DOUBTFUL_SHOWN]
    return {number for one in ticked if (number := whole_number(one)) is not None}


def _back() -> ResponseReturnValue:
    return redirect(url_for("questions.mine" if viewer() else "questions.yours"), 303)


def _draw(own: list[Comment], ways: Ways, endpoint: str) -> Response:
    writer = _writer()
    asked_about = claiming.doubtful(writer) if writer.proven else []
    page = render_template(
        "questions/mine.html",
        comments=own,
        doubtful=asked_about,
        links=_links([*own, *asked_about]),
        ways=ways,
        endpoint=endpoint,
        has_proven=bool(writer.proven),
        guests=[] if writer.account else accounts.proven_among(writer.proven),
    )
    return keep_nowhere(make_response(page))


def _links(comments: Iterable[Comment]) -> dict[int, str]:
    return {
        comment.id: url_for(
            "questions.status", comment_id=comment.id, key=private_links.key_of(comment)
        )
        for comment in comments
    }


def _writer() -> Writer:
    """Whoever sits here. An account is asked about its own address alone: what came with another
    one that was proven here would not stand among its texts."""
    account, proven = viewer(), proven_addresses()
    if account is not None:
        proven = frozenset({account.address_id}) if account.is_proven else frozenset()
    return Writer(account, proven)
