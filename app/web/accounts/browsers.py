"""The browsers that are signed in: listed, signed out, and what a mail about a new one opens."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app.domains.accounts import queries, recovery, sessions
from app.domains.accounts.models import LoginSession
from app.infra import clock, tokens
from app.infra.http.limits import SIGN_IN, by_network_alone
from app.infra.language import _
from app.web.accounts import blueprint
from app.web.accounts.again import needs_fresh_proof
from app.web.accounts.pages import page
from app.web.accounts.session import SEEN_STEP, current_secret, leave, member, needs_account

NOT_ME = "/account/not-me/<secret>"


@blueprint.get("/account/sessions")
@needs_account
def list_sessions() -> ResponseReturnValue:
    found = queries.sessions_of(member())
    here = tokens.fingerprint(current_secret() or "")
    return page(
        "accounts/sessions.html",
        here=[one for one in found if one.fingerprint == here],
        elsewhere=[one for one in found if one.fingerprint != here],
        most=queries.MOST_SESSIONS,
        hour_ago=clock.now() - SEEN_STEP,
    )


@blueprint.post("/account/sessions/<int(max=2147483647):session_id>/end")
@needs_account
@needs_fresh_proof
def end_session(session_id: int) -> ResponseReturnValue:
    """Sign out in one browser, this one included."""
    if _is_here(session_id):
        leave()
        flash(_("You are signed out."))
        return redirect("/", 303)
    sessions.end_one(member(), session_id)
    flash(_("That browser is signed out."))
    return redirect(url_for("accounts.list_sessions"), 303)


@blueprint.post("/account/sessions/end")
@needs_account
@needs_fresh_proof
def end_other_sessions() -> ResponseReturnValue:
    sessions.end_other_sessions(member(), keep=current_secret())
    flash(_("You are signed out everywhere but here."))
    return redirect(url_for("accounts.list_sessions"), 303)


@blueprint.get(NOT_ME)
def not_me(secret: str) -> ResponseReturnValue:
    return page("accounts/not_me.html", account=recovery.whose_stranger(secret), secret=secret)


@blueprint.post(NOT_ME)
@by_network_alone(SIGN_IN)
def not_me_now(secret: str) -> ResponseReturnValue:
    return stranger_is_out(lost_step=recovery.shut_stranger_out(secret))


def stranger_is_out(*, lost_step: bool) -> ResponseReturnValue:
    """Where it is told that a stranger is out; `lost_step` says that ways of the second step,
    which the stranger may have set up, are gone too."""
    if lost_step:
        flash(
            _(
                "What was set up for the second step since somebody else came in is gone too: "
                "apps, passkeys and recovery codes."
            )
        )
    return redirect(url_for("accounts.stranger_out"), 303)


@blueprint.get("/account/not-me")
def stranger_out() -> ResponseReturnValue:
    return page("accounts/stranger_out.html")


def _is_here(session_id: int) -> bool:
    """Whether this is the session that asks."""
    secret = current_secret()
    found: LoginSession | None = queries.find_session(secret) if secret else None
    return found is not None and found.id == session_id
