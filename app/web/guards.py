"""One guard for all pages of a blueprint, so that no page can be without it."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, abort
from flask.typing import ResponseReturnValue

from app.domains.accounts.models import Account
from app.infra.http.errors import asks_for_json
from app.infra.http.headers import keep_nowhere
from app.infra.language import sentence
from app.web.accounts.session import ask_to_sign_in, viewer

SIGNED_OUT = sentence("You are signed out, so nothing was done. Sign in and try again.")


def guard(
    blueprint: Blueprint, allowed: Callable[[Account], bool], refusal: str | None = None
) -> None:
    """Let only those in of whom `allowed` is true. Guests are asked to sign in (401 where they
    came to change something or a script asks), others get 403 with the sentence `refusal`; every
    answer is kept by no cache."""

    @blueprint.before_request
    def check() -> ResponseReturnValue | None:
        person = viewer()
        if person is None and asks_for_json():
            abort(401, str(SIGNED_OUT))
        if person is None:
            return ask_to_sign_in()
        if not allowed(person):
            abort(403, str(refusal) if refusal else None)
        return None

    @blueprint.after_request
    def keep_private(answer: Response) -> Response:
        return keep_nowhere(answer)
