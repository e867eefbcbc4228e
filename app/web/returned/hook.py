"""What both addresses for mail servers have in common: who may call, and how they are answered."""

from __future__ import annotations

from flask import Response, jsonify, request

from app.infra import settings, tokens

BEARER = "Bearer "


def is_known() -> bool:
    """Whether whoever calls bears the token of the settings."""
    given, token = request.headers.get("Authorization", ""), settings.current().mail_hook_token
    return bool(
        token and given.startswith(BEARER) and tokens.same(given.removeprefix(BEARER), token)
    )


def answer(code: int, **facts: int | str) -> Response:
    """Facts as JSON, which nobody keeps."""
    made = jsonify(facts)
    made.status_code = code
    made.headers["Cache-Control"] = "no-store"
    return made
