"""The form of the preferences: choices from lists, with the site's own as their first entries."""

from __future__ import annotations

from typing import Any, Self

from wtforms import (
    HiddenField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    ValidationError,
)
from wtforms.widgets import CheckboxInput, ListWidget

from app.domains.accounts.models import Account
from app.domains.accounts.preferences import zones
from app.infra import language
from app.infra.language import LANGUAGES, _, sentence
from app.notifications import topics
from app.web.forms import Form

ONE_OF_THESE = sentence("Choose one of the list.")


class _Choice:
    """Says in our words that what came is not on the list, which no honest browser sends."""

    def pre_validate(self, form: Form) -> None:
        try:
            super().pre_validate(form)  # type: ignore[misc]  # (of the field that it is mixed into)
        except ValueError as unknown:
            raise ValidationError(str(ONE_OF_THESE)) from unknown


class _Radio(_Choice, RadioField):  # type: ignore[misc]  # (wtforms brings no types)
    pass


class _Select(_Choice, SelectField):  # type: ignore[misc]
    pass


class _Boxes(_Choice, SelectMultipleField):  # type: ignore[misc]
    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class GuestForm(Form):
    next = HiddenField()
    language = _Radio(sentence("Language"))
    theme = _Radio(
        sentence("Colours"),
        choices=[
            SelectChoice("", sentence("As your device has them")),
            SelectChoice("light", sentence("Light")),
            SelectChoice("dark", sentence("Dark")),
        ],
    )

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        usual = language.of_site().language
        self.language.choices = [
            SelectChoice("", _("As the site has it (%(name)s)", name=usual.name)),
            *(SelectChoice(one.tag, one.name) for one in LANGUAGES.values()),
        ]


class MemberForm(GuestForm):
    time_zone = _Select(sentence("Time zone"))
    mails = _Boxes(sentence("Mail that we send you"), choices=[])

    @classmethod
    def of(cls, person: Account) -> Self:
        form = cls()
        usual = language.of_site().zone
        form.time_zone.choices = [
            SelectChoice("", _("As the site has it (%(name)s)", name=usual)),
            *(SelectChoice(one, one.replace("_", " ")) for one in zones()),
        ]
        if person.is_proven:
            form.mails.choices = [
                SelectChoice(str(one), words) for one, words in topics.offered(person)
            ]
        else:
            del form.mails
        return form
