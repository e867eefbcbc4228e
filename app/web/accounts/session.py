"""Who is signed in here, and which addresses were proven in this browser.

The cookie carries the secret of a `LoginSession` row instead of an account's id, so that ending
the row ends every copy of the cookie.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

from flask import Flask, abort, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, current_user, login_required, login_user, logout_user

from app.domains.accounts import known_sessions, queries, services, sessions
from app.domains.accounts.models import Account, Address
from app.infra import clock
from app.infra.http import limits
from app.web.safe_redirects import safe_next

SECRET = "_user_id"  # noqa: S105  (the key under which flask_login keeps it)
PROVEN = "proven"
SEEN = "seen"
SEEN_STEP_SECONDS = 3600
"""How exactly the last visit is known; a finer step would set a cookie on more answers."""
MOST_PROVEN = 20
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
    if now - seen > SEEN_STEP_SECONDS:
        session[SEEN] = now
    return account


def _account_of(secret: str) -> Account | None:
    """Whoever is about to change something is looked up in the database itself."""
    if request.method in ("GET", "HEAD"):
        return known_sessions.find_account(secret)
    return queries.find_signed_in(secret)


def ask_to_sign_in() -> ResponseReturnValue:
    """Send a guest to the sign-in page and from there back; 401 where something was to be done."""
    if request.method not in ("GET", "HEAD"):
        abort(401)
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


def current_secret() -> str | None:
    secret = session.get(SECRET)
    return secret if isinstance(secret, str) else None


def enter(account: Account) -> None:
    """Sign an account in here, inside a unit of work. Whatever session stood here before ends, so
    that nobody can have prepared it."""
    proven = _proven_here()
    if (old := current_secret()) is not None:
        sessions.end_session(old)
    secret = sessions.start_session(account)
    session.clear()
    session.permanent = True
    session[SEEN] = int(clock.now().timestamp())
    if proven:
        session[PROVEN] = proven
    login_user(_Arrival(account, secret))
    if account.address_id in proven:
        services.confirm_account(account)


def leave() -> None:
    """Sign out here, inside a unit of work; what this browser had proven is forgotten too."""
    if (secret := current_secret()) is not None:
        sessions.end_session(secret)
    logout_user()
    session.clear()


def remember_proof(address: Address) -> None:
    """A link mailed to this address was opened here, inside a unit of work. The account of that
    address is confirmed where its owner is the one who is signed in."""
    others = [one for one in _proven_here() if one != address.id]
    session[PROVEN] = [*others, address.id][-MOST_PROVEN:]
    session.permanent = True
    person = viewer()
    if person is not None and person.address_id == address.id:
        services.confirm_account(person)


def _proven_here() -> list[int]:
    return [one for one in session.get(PROVEN, ()) if isinstance(one, int)]
