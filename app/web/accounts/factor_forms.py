"""What people type for the second step."""

from __future__ import annotations

from wtforms import HiddenField, StringField
from wtforms.validators import InputRequired, Length

from app.domains.accounts.factors.models import NAME_LENGTH
from app.infra.language import sentence
from app.web.forms import Form, Line

MISSING = sentence("Please type the code.")
TOO_LONG = sentence("That is too long.")
LONGEST_CODE = 64
LONGEST_OFFER = 300
LONGEST_ANSWER = 20_000
"""Signs of what a browser sends about a passkey; the largest credentials come to a few thousand."""


class CodeForm(Form):
    code = StringField(
        sentence("Code"), [InputRequired(MISSING), Length(max=LONGEST_CODE, message=TOO_LONG)]
    )


class AppForm(CodeForm):
    """The first code of an app, with the key that it was offered."""

    offer = HiddenField(validators=[Length(max=LONGEST_OFFER)])


class PasskeyForm(Form):
    """A passkey to be registered: the name its owner gives it, and what the device answered."""

    name = StringField(
        sentence("What you call this device"),
        [InputRequired(sentence("Please give it a name.")), Line(NAME_LENGTH)],
    )
    answer = HiddenField(validators=[Length(max=LONGEST_ANSWER)])


class AnswerForm(Form):
    """What a device answered when it was asked to sign in."""

    answer = HiddenField(validators=[Length(max=LONGEST_ANSWER)])
    next = HiddenField()
