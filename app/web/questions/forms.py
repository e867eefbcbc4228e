"""The box one writes in, and how what was typed becomes a frozen Draft."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import replace

from flask import session
from itsdangerous import BadSignature, TimestampSigner
from wtforms import HiddenField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

from app.domains.accounts.models import NAME_LENGTH
from app.domains.comments.drafts import BODY_LIMIT, Draft
from app.domains.comments.states import Kind
from app.infra import clock, tokens
from app.web.forms import Body, Form, Line, readable_email

KINDS = [
    SelectChoice("", "Decide by what I write"),
    SelectChoice(str(Kind.QUESTION), "A question"),
    SelectChoice(str(Kind.COMMENT), "A comment"),
]
NO_NAME = f"Please give a name of at most {NAME_LENGTH} characters that can be seen."


UNTIMED = "untimed."


def new_ticket(*, is_timed: bool = True) -> str:
    """What a fresh form carries: it makes a second click find the first comment, and tells how
    long the form was open. Signed, so that the time is true. Not timed is the ticket of a form that
    is drawn again around a text: nobody knows for how long that was being written."""
    return _signer().sign(("" if is_timed else UNTIMED) + secrets.token_urlsafe(16)).decode()


def _signer() -> TimestampSigner:
    return TimestampSigner(tokens.signing_secrets(), salt="ask form")


class WriteForm(Form):
    """The one box. Guests fill in name and address too (GuestForm)."""

    body = TextAreaField("Your question or comment", [Body(BODY_LIMIT)])
    kind = RadioField("This is", choices=KINDS, default="")
    ticket = HiddenField()
    seen = HiddenField()  # what was offered as an answer already (app.web.questions.suggesting)
    # Not for people: hidden from sight, from the keyboard and from screen readers (S16).
    leave_this_empty = StringField("Leave this empty", validators=[Length(max=500)])

    def draft(self) -> Draft:
        """What was typed, admitted; call it after the form validated."""
        age, key = self._ticket()
        return Draft(
            source=self.body.data or "",
            kind=Kind(self.kind.data) if self.kind.data else None,
            submit_key=key,
            trap_filled=bool(self.leave_this_empty.data),
            seconds_to_fill=age,
        )

    def _ticket(self) -> tuple[float | None, str | None]:
        """The form's age in seconds and its key; (None, None) for a ticket that is not ours."""
        ticket = self.ticket.data or ""
        try:
            name, made = _signer().unsign(ticket, return_timestamp=True)
        except BadSignature:
            return None, None
        is_timed = not name.decode().startswith(UNTIMED)
        age = max((clock.now() - made).total_seconds(), 0.0) if is_timed else None
        # The same text from the same form in the same browser is a second click. Another text is
        # one of its own, and another browser with this ticket is never led to the first one's page.
        click = "\x1f".join([ticket, session.get("csrf_token", ""), self.body.data or ""])
        return age, hashlib.sha256(click.encode()).hexdigest()


class GuestForm(WriteForm):
    """The same box for somebody without an account."""

    name = StringField("Your name", [Line(NAME_LENGTH, problem=NO_NAME)])
    email = StringField("Your e-mail address", [readable_email])

    def draft(self) -> Draft:
        return replace(super().draft(), name=self.name.data or "", email=self.email.data or "")
