"""How the pages of this package leave the house."""

from __future__ import annotations

from flask import Response, make_response, render_template

from app.domains.accounts.errors import LinkUsedUp, TooManyTries
from app.infra.http import errors
from app.infra.http.headers import keep_nowhere
from app.infra.refusal import Refusal
from app.web.accounts.session import viewer
from app.web.forms import Form


def page(template: str, status: int = 200, **names: object) -> Response:
    """A page that no cache keeps and no engine lists, and whose address, which may hold a secret,
    is told to nobody: not even to our own next page, as the usual Referrer-Policy would."""
    answer = keep_nowhere(make_response(render_template(template, **names), status))
    answer.headers["Referrer-Policy"] = "strict-origin"
    return answer


def refused(template: str, form: Form, refusal: Refusal, **names: object) -> Response:
    """The form again, with the refusal's sentence, its status and when to come back."""
    form.form_errors.append(refusal.public)
    answer = page(template, refusal.status, form=form, **names)
    if isinstance(refusal, TooManyTries):
        answer.headers["Retry-After"] = str(refusal.seconds)
    return answer


def used_up(refusal: LinkUsedUp) -> Response:
    """The page for a link that opens nothing any more, with the way to another."""
    return errors.page(refusal.status, refusal.public, "accounts/used_up.html", account=viewer())
