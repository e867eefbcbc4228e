"""How the pages of this package leave the house."""

from __future__ import annotations

from flask import Response, make_response, render_template

from app.infra.http.headers import keep_nowhere


def page(template: str, status: int = 200, **names: object) -> Response:
    """A page that no cache keeps and no engine lists.

    `strict-origin` instead of `no-referrer`: the address, which may hold a secret, is told to
    nobody either way, but under `no-referrer` browsers send `Origin: null` with the page's own
    forms, and those would be taken for another site's.
    """
    answer = keep_nowhere(make_response(render_template(template, **names), status))
    answer.headers["Referrer-Policy"] = "strict-origin"
    return answer
