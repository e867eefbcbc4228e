"""Forms that may come twice: the second finds what the first one did.

A form's ticket together with what was typed is its key, so that a second click does nothing more;
a program sends a key of its own in the header `Idempotency-Key`. Either counts for whoever sent it.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from flask import make_response, redirect, request, session
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, TimestampSigner
from werkzeug.urls import uri_to_iri
from wtforms import HiddenField

from app.infra import clock, repeats, tokens
from app.infra.repeats import Asked
from app.web.accounts.session import viewer

HEADER = "Idempotency-Key"
_FIT = re.compile(r"[\x21-\x7e]{1,255}")
_NOT_TYPED = frozenset({"csrf_token", "ticket", "seen"})
"""Parts of a form that differ each time it is drawn."""
_MASK = "{key}"
View = Callable[..., ResponseReturnValue]


class Ticket(HiddenField):  # type: ignore[misc]  # (wtforms brings no types)
    """What a fresh form carries, signed: the form's own key, and since when it was open."""

    def __init__(self, **options: Any) -> None:
        super().__init__(default=new_ticket, **options)


UNTIMED = "untimed."


def new_ticket(*, is_timed: bool = True) -> str:
    """What a fresh form carries. Not timed is the ticket of a form that is drawn again around a
    text: nobody knows for how long that was being written."""
    return _signer().sign(("" if is_timed else UNTIMED) + secrets.token_urlsafe(16)).decode()


def ticket_age(ticket: str) -> float | None:
    """How many seconds a form was open; None for a ticket that does not tell or is not ours."""
    opened = _opened(ticket)
    if opened is None or opened[0].startswith(UNTIMED):
        return None
    return max((clock.now() - opened[1]).total_seconds(), 0.0)


def _opened(ticket: str) -> tuple[str, datetime] | None:
    """What a ticket of ours says, and when it was made."""
    try:
        name, made = _signer().unsign(ticket, return_timestamp=True)
    except BadSignature:
        return None
    return name.decode(), made


def asked_here() -> Asked | None:
    """This request as it would be known again; None where it has neither ticket nor key. Raises
    UnfitKey."""
    typed = _typed()
    if HEADER in request.headers:
        key = request.headers[HEADER]
        if not _FIT.fullmatch(key):
            raise repeats.UnfitKey
        return repeats.asked(_caller(), f"key {key}", typed)
    ticket = request.form.get("ticket", "")
    if _opened(ticket) is None:
        return None
    # Another text from the same form is a request of its own: who goes back, changes the words and
    # sends again must not lose them.
    return repeats.asked(_caller(), f"ticket {ticket}\x1f{typed}", typed)


def answers_once(view: View) -> View:
    """A view in the usual unit of work: a repeat of what led somewhere leads there again, and does
    nothing more. What a private link needs stands in the repeat's own address and is not kept."""

    @wraps(view)
    def once(**values: Any) -> ResponseReturnValue:
        wanted = asked_here()
        if wanted is None:
            return view(**values)
        private = str(values.get("key", ""))
        if (first := repeats.find(wanted)) is not None:
            return redirect(first.answer.replace(_MASK, private), 303)
        answer = make_response(view(**values))
        if answer.status_code == 303:
            # With its letters: percent signs would make up to nine characters of each.
            place = uri_to_iri(answer.location)
            repeats.keep(wanted, answer=place.replace(private, _MASK) if private else place)
        return answer

    return once


def _typed() -> str:
    """The address and all that was typed, in one text."""
    pairs = request.form.items(multi=True)
    parts = [f"{name}={value}" for name, value in pairs if name not in _NOT_TYPED]
    return "\x1f".join([request.path, *sorted(parts)])


def _caller() -> str:
    """An account, or a browser by the secret without which no form comes in."""
    person = viewer()
    return f"account {person.id}" if person else f"browser {session.get('csrf_token', '')}"


def _signer() -> TimestampSigner:
    return TimestampSigner(tokens.signing_secrets(), salt="ask form")
