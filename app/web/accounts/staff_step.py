"""Staff without a second step reach only the pages that set one up, where the site asks for it.

By position: one check before every request. What a mailed link opens has its own authority, be
somebody signed in or not, and stays open.
"""

from __future__ import annotations

from flask import abort, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.config import Settings
from app.domains.accounts.factors import policy
from app.infra.http.errors import asks_for_json
from app.infra.language import sentence
from app.infra.unit_of_work import SAFE_METHODS
from app.web.accounts import blueprint
from app.web.accounts.session import viewer

NOT_YET = sentence("Set up a second step for your account first. This site asks its staff for one.")
OPEN_BLUEPRINTS = frozenset({"feeds", "health", "mailbox", "returned"})
OPEN = frozenset({"assets", "questions.fresh"}) | {
    f"accounts.{name}"
    for name in (
        *("second_step_overview", "app_page", "set_app_up", "make_codes"),
        *("ask_to_make", "register_passkey"),
        *("show_preferences", "save_preferences"),  # to read these pages in one's own language
        *("sign_out", "send_proof", "prove", "prove_now", "prove_again"),
        *("enter_by_link", "enter_by_link_now"),  # to show once more who is there
        *("reset", "reset_now", "not_me", "not_me_now", "stranger_out"),
        *("confirm_address", "confirm_address_now", "take_address_back", "take_address_back_now"),
        *("unsubscribe", "unsubscribe_now"),
    )
}
"""What signs out, sets the second step up, or was opened from a mail."""


@blueprint.before_app_request
def lead_to_second_step() -> ResponseReturnValue | None:
    settings: Settings = current_app.extensions["settings"]
    if not settings.staff_must_have_second_step or is_open(request.endpoint or ""):
        return None
    person = viewer()
    if person is None or not policy.must_set_up(person, staff_must=True):
        return None
    if request.method not in SAFE_METHODS or asks_for_json():
        abort(403, str(NOT_YET))
    return redirect(url_for("accounts.second_step_overview"))


def is_open(endpoint: str) -> bool:
    """Whether staff reach this before they have a second step."""
    return endpoint in OPEN or endpoint.partition(".")[0] in OPEN_BLUEPRINTS
