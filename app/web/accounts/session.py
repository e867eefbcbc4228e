"""Who is signed in here, and which addresses were proven in this browser.

The cookie carries the secret of a `LoginSession` row instead of an account's id, so that ending
the row ends every copy of the cookie.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar, cast

from flask import Flask, Response, abort, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, current_user, login_required, login_user, logout_user
from sqlalchemy.exc import DBAPIError

from app.domains.accounts import known_sessions, queries, services, sessions
from app.domains.accounts.models import Account, Address
from app.domains.accounts.sessions import Arrival
from app.domains.comments import claiming
from app.engines import browsers
from app.infra import clock
from app.infra.http import limits
from app.infra.http.hosts import client_address
from app.infra.unit_of_work import unit_of_work
from app.web.accounts import fresh, known_browser
from app.web.safe_redirects import safe_next

logger = logging.getLogger(__name__)

SECRET = "_user_id"  # noqa: S105  (the key under which flask_login keeps it)
PROVEN = "proven"
FORM_SECRET = "csrf_token"  # noqa: S105  (the key under which flask_wtf keeps it)
SEEN = "seen"
SEEN_STEP = timedelta(hours=1)
"""How exactly the last visit is known; a finer step would set a cookie on more answers."""
_SEEN_NOW = "secret of a session that is seen again"
MOST_PROVEN = 20
WHILE_LEAVING = frozenset({"privacy.leave", "privacy.stay", "accounts.sign_out"})
"""Where an account that is to be erased is still known; everywhere else its owner is a guest."""
_LEAVES = "whoever is signed in is to be erased"
View = TypeVar("View", bound=Callable[..., ResponseReturnValue])

_manager = LoginManager()
_manager.session_protection = None  # it would trust X-Forwarded-For; our rows end sessions instead


class _Arrival:
    """What flask_login wants to know of somebody who signs in; the account is loaded from the
    secret by every later request."""

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def __init__(self, account: Account, secret: str) -> None:
        self.account = account
        self._secret = secret

    def get_id(self) -> str:
        return self._secret


def install(app: Flask) -> None:
    app.config["SESSION_REFRESH_EACH_REQUEST"] = False  # `seen` refreshes it, once an hour
    _manager.user_loader(_load)
    _manager.unauthorized_handler(ask_to_sign_in)
    _manager.init_app(app)
    app.after_request(_note_seen)
    limits.know_people(app, _limited_as)


def _limited_as() -> str | None:
    """By which name the limits count whoever sits here: the account, or the address proven last."""
    person = viewer()
    if person is not None:
        return f"account {person.id}"
    proven = _proven_here()
    return f"address {proven[-1]}" if proven else None


def _load(secret: str) -> Account | None:
    now = int(clock.now().timestamp())
    seen = session.get(SEEN)
    if not isinstance(seen, int) or now - seen > sessions.LONGEST_PAUSE.total_seconds():
        return None
    account = _account_of(secret)
    if account is None:
        return None
    if account.leaving_at is not None and request.endpoint not in WHILE_LEAVING:
        setattr(g, _LEAVES, True)
        return None
    if now - seen > SEEN_STEP.total_seconds():
        session[SEEN] = now
        setattr(g, _SEEN_NOW, secret)
    fresh.carry_on()
    return account


def _note_seen(answer: Response) -> Response:
    """Write down, once an hour, that a session is in use; in a unit of work after the view's own.
    A page is read all the same where the database takes no writes."""
    secret = g.pop(_SEEN_NOW, None)
    if secret is not None:
        try:
            with unit_of_work():
                sessions.note_seen(secret)
        except DBAPIError as wrong:
            logger.warning("when a session was last seen could not be written: %s", wrong.orig)
    return answer


def _account_of(secret: str) -> Account | None:
    """Whoever is about to change something is looked up in the database itself."""
    if request.method in ("GET", "HEAD"):
        return known_sessions.find_account(secret)
    return queries.find_signed_in(secret)


def ask_to_sign_in() -> ResponseReturnValue:
    """Send a guest to the sign-in page and from there back; 401 where something was to be done."""
    if request.method not in ("GET", "HEAD"):
        abort(401)
    if g.get(_LEAVES):
        return redirect(url_for("privacy.leave"))
    wanted = request.full_path.rstrip("?")
    return redirect(url_for("accounts.sign_in", next=safe_next(wanted)))


def needs_account(view: View) -> View:
    """Let only those in who are signed in."""
    return cast("View", login_required(view))


def viewer() -> Account | None:
    """The account that is signed in here."""
    person = current_user._get_current_object()  # noqa: SLF001  (the documented way to unwrap it)
    if isinstance(person, _Arrival):
        return person.account
    if not isinstance(person, Account):
        return None
    queries.read_again(person)
    return person


def member() -> Account:
    """The account that is signed in, on pages that nobody else reaches; else the answer is 401."""
    person = viewer()
    if person is None:
        abort(401)
    return person


def proven_addresses() -> frozenset[int]:
    """The ids of the addresses that whoever sits here has proven: those whose mailed links were
    opened in this browser, and the signed-in account's own."""
    person = viewer()
    own = {person.address_id} if person is not None and person.is_proven else set()
    return frozenset(_proven_here()) | own


def sent_from_here() -> frozenset[int]:
    """The ids of the texts that were sent from this browser."""
    return frozenset(entry["id"] for entry in session.get("asked", ()))


def refuse_ended() -> None:
    """401 where whoever sits here was signed out while this request was under way, after it has
    taken its turn with what signs out: nothing may be left behind that opens the account."""
    if queries.find_session(current_secret() or "") is None:
        abort(401)


def current_secret() -> str | None:
    secret = session.get(SECRET)
    return secret if isinstance(secret, str) else None


def enter(account: Account, *, is_known: bool = False) -> None:
    """Sign an account in here, inside a unit of work. Whatever session stood here before ends, so
    that nobody can have prepared it. The owner is mailed where this browser is a new one, unless
    the caller knows that it is theirs (`is_known`)."""
    proven, form_secret = _proven_here(), _form_secret_of(account)
    if (old := current_secret()) is not None:
        sessions.end_session(old)
    secret = sessions.start_session(account, _arrival(account, is_known=is_known))
    known_browser.remember(account)
    if account.is_proven:
        claiming.confirm_sent(account.address_id, sent_from_here())
    session.clear()
    session.permanent = True
    session[SEEN] = int(clock.now().timestamp())
    fresh.show()
    if form_secret:
        session[FORM_SECRET] = form_secret
    if proven:
        session[PROVEN] = proven
    login_user(_Arrival(account, secret))
    if account.address_id in proven:
        services.confirm_account(account)


def _form_secret_of(account: Account) -> str | None:
    """What the tokens of forms are made with that this very person has open here: whoever signs in
    once more to go on with one must not lose it."""
    person = viewer()
    return session.get(FORM_SECRET) if person is not None and person.id == account.id else None


def _arrival(account: Account, *, is_known: bool) -> Arrival:
    return Arrival(
        browser=browsers.read(request.user_agent.string),
        machine=client_address(),
        is_known=is_known or known_browser.is_of(account),
    )


def leave() -> None:
    """Sign out here, inside a unit of work; what this browser had proven is forgotten too."""
    if (secret := current_secret()) is not None:
        sessions.end_session(secret)
    logout_user()
    session.clear()


def remember_proof(address: Address) -> None:
    """A link mailed to this address was opened here, inside a unit of work. The account of that
    address is confirmed where its owner is the one who is signed in. What was sent from here with
    that address is known to be its owner's from now on."""
    others = [one for one in _proven_here() if one != address.id]
    session[PROVEN] = [*others, address.id][-MOST_PROVEN:]
    session.permanent = True
    claiming.confirm_sent(address.id, sent_from_here())
    person = viewer()
    if person is not None and person.address_id == address.id:
        services.confirm_account(person)


def _proven_here() -> list[int]:
    return [one for one in session.get(PROVEN, ()) if isinstance(one, int)]
