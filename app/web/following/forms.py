"""How often somebody wants to hear, and for guests where."""

from __future__ import annotations

from wtforms import EmailField, RadioField
from wtforms.fields.choices import SelectChoice

from app.infra.language import sentence
from app.notifications.following.states import Often
from app.web.forms import Form, readable_email
from app.web.repeats import Ticket

OFTEN = {
    Often.AT_ONCE: sentence("At once"),
    Often.DAILY: sentence("Once a day at most, at seven in the morning, all in one mail"),
    Often.WEEKLY: sentence(
        "Once a week at most, on Monday at seven in the morning, all in one mail"
    ),
}


class FollowForm(Form):
    ticket = Ticket()
    often = RadioField(
        sentence("How often shall we write?"),
        choices=[SelectChoice(str(often), words) for often, words in OFTEN.items()],
        default=str(Often.AT_ONCE),
    )


class GuestFollowForm(FollowForm):
    email = EmailField(sentence("Your e-mail address"), [readable_email])
