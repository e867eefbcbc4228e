"""The box one writes in, and how what was typed becomes a frozen Draft."""

from __future__ import annotations

import hashlib
import secrets

from flask import current_app, session
from flask_wtf import FlaskForm
from itsdangerous import BadSignature, TimestampSigner
from wtforms import HiddenField, RadioField, StringField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

from app.domains.accounts.emails import read_email
from app.domains.accounts.errors import UnfitEmail
from app.domains.accounts.models import NAME_LENGTH
from app.domains.comments.drafts import BODY_LIMIT, Draft
from app.domains.comments.states import Kind
from app.engines.text.admission import admit, admit_line
from app.engines.text.errors import UnfitText
from app.infra import clock

KINDS = [
    SelectChoice("", "Decide by what I write"),
    SelectChoice(str(Kind.QUESTION), "A question"),
    SelectChoice(str(Kind.COMMENT), "A comment"),
]


def new_ticket() -> str:
    """What a fresh form carries: it makes a second click find the first comment, and tells how
    long the form was open. Signed, so that the time is true."""
    return _signer().sign(secrets.token_urlsafe(16)).decode()


def _signer() -> TimestampSigner:
    return TimestampSigner(str(current_app.secret_key), salt="ask form")


class WriteForm(FlaskForm):  # type: ignore[misc]  # (flask_wtf brings no types)
    """The one box. Guests fill in name and address too (GuestForm)."""

    body = TextAreaField("Your question or comment")
    kind = RadioField("This is", choices=KINDS, default="")
    ticket = HiddenField()
    # Not for people: hidden from sight, from the keyboard and from screen readers (S16).
    leave_this_empty = StringField("Leave this empty", validators=[Length(max=500)])

    def validate_body(self, field: TextAreaField) -> None:
        try:
            field.data = admit(field.data or "", limit=BODY_LIMIT)
        except UnfitText as unfit:
            raise ValidationError(str(unfit)) from unfit

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
            _, made = _signer().unsign(ticket, return_timestamp=True)
        except BadSignature:
            return None, None
        age = (clock.now() - made).total_seconds()
        # The same text from the same form in the same browser is a second click. Another text is
        # one of its own, and another browser with this ticket is never led to the first one's page.
        click = "\x1f".join([ticket, session.get("csrf_token", ""), self.body.data or ""])
        return max(age, 0.0), hashlib.sha256(click.encode()).hexdigest()


class GuestForm(WriteForm):
    """The same box for somebody without an account."""

    name = StringField("Your name")
    email = StringField("Your e-mail address")

    def validate_name(self, field: StringField) -> None:
        try:
            field.data = admit_line(field.data or "", limit=NAME_LENGTH)
        except UnfitText as unfit:
            raise ValidationError(
                f"Please give a name of at most {NAME_LENGTH} characters that can be seen."
            ) from unfit

    def validate_email(self, field: StringField) -> None:
        try:
            field.data = read_email(field.data or "")
        except UnfitEmail as unfit:
            raise ValidationError(unfit.public) from unfit

    def draft(self) -> Draft:
        rest = super().draft()
        return Draft(
            source=rest.source,
            kind=rest.kind,
            name=self.name.data or "",
            email=self.email.data or "",
            submit_key=rest.submit_key,
            trap_filled=rest.trap_filled,
            seconds_to_fill=rest.seconds_to_fill,
        )
