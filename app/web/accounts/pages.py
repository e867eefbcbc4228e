"""How the pages of this package leave the house."""

from __future__ import annotations

from flask import Response, make_response, render_template

from app.infra.http.headers import keep_nowhere


def page(template: str, status: int = 200, **names: object) -> Response:
    """A page that no cache keeps and no engine lists, and whose address, which may hold a secret,
    is told to nobody: not even to our own next page, as the usual Referrer-Policy would."""
    answer = keep_nowhere(make_response(render_template(template, **names), status))
    answer.headers["Referrer-Policy"] = "strict-origin"
    return answer
