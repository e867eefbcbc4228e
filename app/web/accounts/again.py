"""Acts that reach far ask again who is there, once nobody has shown it for a while.

By position: a view is marked, or all unsafe views of a blueprint are, and one check before every
request looks at the mark. The page that asks carries the form along, so that nothing typed is lost:
sent again with the password, the very same form goes on to its view.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from flask import Blueprint, Response, abort, current_app, request
from flask.typing import ResponseReturnValue
from wtforms import Field, HiddenField, PasswordField, StringField

from app.domains.accounts import link_entry
from app.domains.accounts.errors import TooManyTries, WrongCredentials
from app.domains.accounts.factors import passkeys
from app.domains.accounts.factors import queries as factors
from app.domains.accounts.factors.errors import PasskeyRefused, WrongCode
from app.domains.accounts.factors.states import Ceremony
from app.domains.accounts.models import Account
from app.infra.http import limits
from app.infra.http.errors import asks_for_json
from app.infra.language import _, sentence
from app.infra.unit_of_work import SAFE_METHODS, unit_of_work
from app.web.accounts import blueprint, device_answers, fresh
from app.web.accounts.codes import admit_code
from app.web.accounts.credentials import check_own_password
from app.web.accounts.factor_forms import LONGEST_ANSWER, LONGEST_CODE
from app.web.accounts.pages import page
from app.web.accounts.session import viewer
from app.web.forms import Form

PASSWORD = "again-password"  # noqa: S105  (the name of a field)
CODE = "again-code"
PASSKEY = "again-passkey"
LINK = "again-link"
OWN = frozenset({"csrf_token", PASSWORD, CODE, PASSKEY, LINK})
ASK_A_SCRIPT = sentence(
    "Nothing was done: it was a while ago that you signed in. Load the page anew and sign in again."
)
View = TypeVar("View", bound=Callable[..., ResponseReturnValue])
_MARK = "_asks_again"
_BLUEPRINTS: set[str] = set()


class AgainForm(Form):
    password = PasswordField(sentence("Your password"), name=PASSWORD)
    code = StringField(sentence("A code of your app, or a recovery code"), name=CODE)
    passkey = HiddenField(name=PASSKEY)


def needs_fresh_proof(view: View) -> View:
    """Mark a view that nobody acts by who has not shown lately who they are."""
    setattr(view, _MARK, True)
    return view


def needs_fresh_proof_to_change(of: Blueprint) -> None:
    """Mark all views of a blueprint that change something."""
    _BLUEPRINTS.add(of.name)


def asks_again(endpoint: str) -> bool:
    """Whether the unsafe methods of this endpoint ask again."""
    view = current_app.view_functions.get(endpoint)
    return getattr(view, _MARK, False) or endpoint.rpartition(".")[0] in _BLUEPRINTS


@blueprint.before_app_request
def ask_again() -> ResponseReturnValue | None:
    """Guests and those who may not are left to the view's own guard."""
    if request.method in SAFE_METHODS or not asks_again(request.endpoint or ""):
        return None
    person = viewer()
    if person is None or fresh.is_fresh():
        return None
    if asks_for_json():
        abort(403, str(ASK_A_SCRIPT))
    if LINK in request.form:
        return _mail_link(person)
    form = AgainForm()
    if form.passkey.data and person.has_second_step:
        return _look(person, form, form.passkey, _check_passkey)
    if form.code.data and person.has_second_step:
        return _look(person, form, form.code, _check_code)
    if PASSWORD in request.form and person.password_hash is not None:
        return _look(person, form, form.password, check_own_password)
    return _page(person, 403)


def _check_code(person: Account, typed: str) -> None:
    """Whether somebody signed in has the second step at hand, as limited as signing in is."""
    if len(typed) > LONGEST_CODE:
        raise WrongCode
    admit_code(person.id, typed, lambda _account: None)


def _check_passkey(person: Account, answer: str) -> None:
    """Whether a device of theirs answered."""
    if len(answer) > LONGEST_ANSWER:
        raise PasskeyRefused
    known, count = device_answers.signed(answer, Ceremony.AGAIN, person.id)
    with unit_of_work():
        passkeys.note_use(known, count)


def _look(
    person: Account, form: AgainForm, field: Field, check: Callable[[Account, str], None]
) -> Response | None:
    """None where what was typed is right: the form goes on to its view."""
    try:
        check(person, field.data or "")
    except WrongCredentials:
        field.errors = [_("That is not your password.")]
        return _page(person, 422, form=form)
    except (WrongCode, PasskeyRefused) as wrong:
        field.errors = [wrong.public]
        return _page(person, 422, form=form)
    except TooManyTries as refusal:
        field.errors = [refusal.public]
        answer = _page(person, refusal.status, form=form)
        answer.headers["Retry-After"] = str(refusal.seconds)
        return answer
    fresh.show()
    return None


def _mail_link(person: Account) -> Response:
    """Who has no password opens a mailed link in this browser, which shows it as well."""
    limits.count(limits.MAILS, scope="again")
    with unit_of_work():
        link_entry.ask(person.address.email, "")
    return _page(person, 403, is_mailed=True)


def _page(
    person: Account, status: int, *, form: AgainForm | None = None, is_mailed: bool = False
) -> Response:
    """The question, with the form that it interrupted."""
    kept = [
        (name, value)
        for name, values in request.form.lists()
        if name not in OWN
        for value in values
    ]
    return page(
        "accounts/again.html",
        status,
        account=person,
        form=form or AgainForm(formdata=None),
        has_passkeys=bool(factors.passkeys_of(person)) if person.has_second_step else False,
        kept=kept,
        to=request.full_path.rstrip("?"),
        link=LINK,
        passkey=PASSKEY,
        is_mailed=is_mailed,
    )
