"""Staff without a second step reach only the pages that set one up, where the site asks for it.

By position: one check before every request. What a mailed link opens has its own authority, be
somebody signed in or not, and stays open.
"""

from __future__ import annotations

from flask import abort, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.routing import Rule

from app.config import Settings
from app.domains.accounts.factors import policy
from app.infra.http.errors import asks_for_json
from app.infra.language import sentence
from app.infra.unit_of_work import SAFE_METHODS
from app.web.accounts import blueprint
from app.web.accounts.session import viewer

NOT_YET = sentence("Set up a second step for your account first. This site asks its staff for one.")
OPEN_BLUEPRINTS = frozenset({"feeds", "health", "returned"})
OPEN = frozenset({"assets"}) | {
    f"accounts.{name}"
    for name in (
        *("second_step_overview", "app_page", "set_app_up", "make_codes"),
        *("ask_to_make", "register_passkey"),
        *("show_preferences", "save_preferences"),  # to read these pages in one's own language
        *("sign_out", "send_proof", "stranger_out"),
    )
}
"""What signs out and sets the second step up, and what belongs to neither."""
KEYS = frozenset({"key", "secret"})
"""The parts of an address by which a mailed link is an authority of its own."""


@blueprint.before_app_request
def lead_to_second_step() -> ResponseReturnValue | None:
    settings: Settings = current_app.extensions["settings"]
    if not settings.staff_must_have_second_step or is_open(request.url_rule):
        return None
    person = viewer()
    if person is None or not policy.must_set_up(person, staff_must=True):
        return None
    if request.method not in SAFE_METHODS or asks_for_json():
        abort(403, str(NOT_YET))
    return redirect(url_for("accounts.second_step_overview"))


def is_open(rule: Rule | None) -> bool:
    """Whether staff reach what stands at this address before they have a second step."""
    if rule is None:
        return False
    endpoint: str = rule.endpoint
    is_named = endpoint in OPEN or endpoint.partition(".")[0] in OPEN_BLUEPRINTS
    return is_named or bool(KEYS & rule.arguments)
