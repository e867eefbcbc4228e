"""Signing in with the site's OpenID provider, and an account for who does so for the first time.

The way out begins by a form of ours and goes over a page that leads on at once: a form may send a
browser nowhere else, redirects included (`form-action` of the policy).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from flask import flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from app.domains.accounts import identities
from app.domains.accounts.errors import MixedAlphabets, NameTaken, UnfitEmail
from app.domains.accounts.models import NAME_LENGTH
from app.engines.text.admission import admit_line
from app.engines.text.errors import UnfitText
from app.infra import clock
from app.infra.http.limits import SIGN_IN, by_network_alone
from app.infra.language import _
from app.infra.refusal import Refusal
from app.infra.running import settings
from app.infra.unit_of_work import own_unit, unit_of_work
from app.web.accounts import blueprint, fresh, linking
from app.web.accounts.arriving import come_in
from app.web.accounts.forms import NewcomerForm, SignInForm
from app.web.accounts.pages import page, refused
from app.web.accounts.provider import WayLost, set_out, the_provider, way_back, who_came
from app.web.accounts.session import viewer
from app.web.safe_redirects import safe_next

if TYPE_CHECKING:
    from app.engines.id_tokens import Claims

NEWCOMER = "openid_newcomer"
NEWCOMER_SECONDS = 900
"""As long as somebody may take to think of a name."""


class NoAddress(Refusal):
    """The provider tells no address, or none that it verified: an account needs one."""

    def __init__(self, called: str) -> None:
        super().__init__(
            _(
                "%(provider)s does not tell us an address that it knows to be yours, so no account "
                "can be made of it. Make one here with your address; then you can link it with "
                "%(provider)s on the page of your account.",
                provider=called,
            )
        )


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Whom the provider said somebody is who has no account yet, until they have chosen a name.
    Kept in the signed cookie, so that nothing is stored of people who go away again."""

    issuer: str
    subject: str
    email: str
    name: str
    shown_at: int | None
    next: str
    at: int


@blueprint.post("/sign-in/openid")
@by_network_alone(SIGN_IN)
@own_unit
def begin_openid() -> ResponseReturnValue:
    wanted = safe_next(request.form.get("next")) or ""
    try:
        way = set_out(wanted)
    except Refusal as refusal:
        return _refuse(refusal, wanted)
    return page("accounts/openid_go.html", way=way)


@blueprint.get("/sign-in/openid/back")
@by_network_alone(SIGN_IN)
def openid_back() -> ResponseReturnValue:
    """Where the provider sends the browser back to. Nobody can send one here in its owner's name:
    only the browser that set out has the way in its session."""
    the_provider()
    wanted = ""
    try:
        way = way_back()
        wanted = way.next
        claims = who_came(way)
        if way.links is not None:
            return linking.finish(way.links, claims)
        return _admit(claims, wanted)
    except Refusal as refusal:
        return _refuse(refusal, wanted)


@blueprint.get("/sign-up/openid")
def newcomer() -> ResponseReturnValue:
    the_provider()
    somebody = _newcomer()
    if somebody is None:
        return redirect(url_for("accounts.sign_in"))
    form = NewcomerForm(formdata=None, name=somebody.name)
    return page("accounts/newcomer.html", form=form, email=somebody.email)


@blueprint.post("/sign-up/openid")
@by_network_alone(SIGN_IN)
def welcome_newcomer() -> ResponseReturnValue:
    called = the_provider().called
    somebody, form = _newcomer(), NewcomerForm()
    if somebody is None:
        return _refuse(WayLost(called), "")
    if not form.validate():
        return page("accounts/newcomer.html", 422, form=form, email=somebody.email)
    try:
        account = identities.register(
            name=form.name.data,
            email=somebody.email,
            issuer=somebody.issuer,
            subject=somebody.subject,
        )
    except (NameTaken, MixedAlphabets) as refusal:
        form.name.errors = [refusal.public]
        return page("accounts/newcomer.html", 422, form=form, email=somebody.email)
    except Refusal as refusal:
        return _refuse(refusal, somebody.next)
    led = come_in(account, somebody.next)
    _note_how_fresh(somebody.shown_at)
    flash(_welcome(is_proven=account.is_proven))
    return led


def _admit(claims: Claims, wanted: str) -> ResponseReturnValue:
    """Sign in whom the provider knows, or go on to a name for them. Raises AccountShut, NoAddress,
    AddressHasAccount."""
    with unit_of_work():
        identity = identities.find(claims.issuer, claims.subject)
        if identity is not None:
            led = come_in(identities.enter(identity), wanted)
            _note_how_fresh(claims.shown_at)
            return led
    _keep_newcomer(claims, wanted)
    return redirect(url_for("accounts.newcomer"))


def _note_how_fresh(shown_at: int | None) -> None:
    """A provider lets in who showed it days ago who they are; that is no fresh proof here."""
    longest = settings().proof_idle_minutes * 60
    if shown_at is None or _now() - shown_at > longest:
        fresh.forget()


def _keep_newcomer(claims: Claims, wanted: str) -> None:
    called = the_provider().called
    if not claims.email:
        raise NoAddress(called)
    try:
        identities.refuse_known(claims.email)
    except UnfitEmail as unfit:
        raise NoAddress(called) from unfit
    somebody = Newcomer(
        issuer=claims.issuer,
        subject=claims.subject,
        email=claims.email,
        name=_proposed(claims.name),
        shown_at=claims.shown_at,
        next=wanted,
        at=_now(),
    )
    session[NEWCOMER] = asdict(somebody)


def _proposed(name: str) -> str:
    """The name that the provider tells, where one may be called so here."""
    try:
        return admit_line(name, limit=NAME_LENGTH)
    except UnfitText:
        return ""


def _newcomer() -> Newcomer | None:
    """Who came from the provider in this browser a moment ago."""
    kept = session.get(NEWCOMER)
    if not isinstance(kept, dict):
        return None
    somebody = Newcomer(**kept)
    is_late = abs(_now() - somebody.at) > NEWCOMER_SECONDS
    return None if is_late or somebody.issuer != the_provider().issuer else somebody


def _welcome(*, is_proven: bool) -> str:
    if is_proven:
        return _("Your account is made, and you are signed in.")
    return _(
        "Your account is made, and you are signed in. Your address was used here before, so we "
        "mailed it a link. Open it in this browser to confirm that it is yours."
    )


def _refuse(refusal: Refusal, wanted: str) -> ResponseReturnValue:
    """The sentence on the page from where one sets out, with the other ways in."""
    if viewer() is not None:
        return linking.show(refusal)
    return refused("accounts/sign_in.html", SignInForm(formdata=None, next=wanted), refusal)


def _now() -> int:
    return int(clock.now().timestamp())
