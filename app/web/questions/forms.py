"""The box one writes in, and how what was typed becomes a frozen Draft."""

from __future__ import annotations

from dataclasses import replace

from wtforms import BooleanField, HiddenField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from app.domains.accounts.models import NAME_LENGTH
from app.domains.comments.drafts import BODY_LIMIT, Draft
from app.domains.comments.states import Kind
from app.infra.language import sentence
from app.web.following.along import NEW_HERE
from app.web.forms import Body, Form, Line, readable_email
from app.web.repeats import ticket_age

KINDS = [
    SelectChoice("", sentence("Decide by what I write")),
    SelectChoice(str(Kind.QUESTION), sentence("A question")),
    SelectChoice(str(Kind.COMMENT), sentence("A comment")),
]
NAMELESS = sentence("Please give your name; readers see it beside the text.")
NO_NAME = sentence("Please give a name of at most %(number)s characters that can be seen.")


class WriteForm(Form):
    """The one box. Guests fill in name and address too (GuestForm)."""

    body = TextAreaField(sentence("Your question or comment"), [Body(BODY_LIMIT)])
    kind = RadioField(sentence("This is"), choices=KINDS, default="")
    follow = BooleanField(NEW_HERE)
    ticket = HiddenField()
    seen = HiddenField()  # what was offered as an answer already (app.web.questions.suggesting)
    # Not for people: hidden from sight, from the keyboard and from screen readers (S16).
    leave_this_empty = StringField(sentence("Leave this empty"), validators=[Length(max=500)])

    def draft(self) -> Draft:
        """What was typed, admitted; call it after the form validated."""
        return Draft(
            source=self.body.data or "",
            kind=Kind(self.kind.data) if self.kind.data else None,
            trap_filled=bool(self.leave_this_empty.data),
            seconds_to_fill=ticket_age(self.ticket.data or ""),
        )


class GuestForm(WriteForm):
    """The same box for somebody without an account."""

    name = StringField(
        sentence("Your name"), [InputRequired(NAMELESS), Line(NAME_LENGTH, problem=NO_NAME)]
    )
    email = StringField(sentence("Your e-mail address"), [readable_email])

    def draft(self) -> Draft:
        return replace(super().draft(), name=self.name.data or "", email=self.email.data or "")
