"""A step of the ladder as a moderator fills it in."""

from __future__ import annotations

from datetime import UTC, datetime

from wtforms import BooleanField, DateField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from app.domains.accounts.models import EMAIL_LENGTH
from app.domains.measures.models import REASON_LENGTH
from app.domains.measures.services import About
from app.domains.measures.states import MeasureKind
from app.domains.moderation.people.histories import Trace
from app.domains.moderation.people.ladder import Step
from app.domains.moderation.people.persons import Person
from app.infra.language import _, sentence
from app.web.forms import Form, Line

STEPS = {
    MeasureKind.WARN: sentence("Warn: they are told, and may go on"),
    MeasureKind.HOLD: sentence("Hold everything: each text of theirs waits for a moderator"),
    MeasureKind.SUSPEND: sentence("Suspend: they cannot write until a day"),
    MeasureKind.BAN: sentence("Ban: they cannot write"),
}


class NoteForm(Form):
    """A private note. It is a form of its own beside the other steps, so its fields have a name
    before theirs."""

    reason = TextAreaField(
        sentence("Note"), [Line(REASON_LENGTH, problem=sentence("Write the note first."))]
    )


class StepForm(Form):
    kind = RadioField(sentence("What to do"), default=MeasureKind.WARN)
    about = SelectField(sentence("Whom it reaches"))
    pattern = StringField(sentence("Address pattern"), [Line(EMAIL_LENGTH, may_be_empty=True)])
    reason = StringField(
        sentence("Why"), [Line(REASON_LENGTH, problem=sentence("Say why: the person reads it."))]
    )
    until = DateField(sentence("Until"), [Optional()])
    reject = BooleanField(sentence("With a ban: reject everything of theirs that still waits"))

    def for_person(self, person: Person, networks: list[Trace], *, limited: bool) -> StepForm:
        """Offer what there is of this person; to a moderator of some sections, only a warning."""
        self.about.choices = [SelectChoice(*one) for one in _targets(person, networks)]
        steps = [MeasureKind.WARN] if limited else list(STEPS)
        self.kind.choices = [SelectChoice(kind.value, STEPS[kind]) for kind in steps]
        return self

    def step(self, person: Person) -> Step:
        day = self.until.data
        return Step(
            MeasureKind(self.kind.data),
            self._about(person),
            self.reason.data or "",
            until=datetime(day.year, day.month, day.day, tzinfo=UTC) if day else None,
            reject=self.reject.data,
        )

    def _about(self, person: Person) -> About:
        chosen = self.about.data
        if chosen == "account":
            return About(account=person.account)
        if chosen == "address":
            return About(address=person.email_address)
        if chosen == "pattern":
            return About(pattern=self.pattern.data or "")
        return About(network=chosen.removeprefix("network "))


def _targets(person: Person, networks: list[Trace]) -> list[tuple[str, str]]:
    targets = []
    if person.account is not None:
        targets.append(("account", _("The account %(name)s", name=person.account.username)))
    email = person.email_address.email
    known = _("The address %(email)s", email=email)
    claimed = _("The address %(email)s, not confirmed to be theirs", email=email)
    targets.append(("address", known if person.is_proven else claimed))
    targets.append(("pattern", _("Every address that fits a pattern")))
    targets += [
        (f"network {one.words}", _("Everybody in the network %(network)s", network=one.words))
        for one in networks
    ]
    return targets
