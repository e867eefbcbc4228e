"""The base of every form, and validators that admit what was typed or say why not."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import Field, ValidationError

from app.domains.accounts.emails import read_email
from app.domains.accounts.errors import UnfitEmail
from app.engines.text.admission import admit, admit_line
from app.engines.text.errors import UnfitText
from app.infra import language
from app.infra.admitted import said
from app.infra.language import grouped, sentence
from app.infra.refusal import Refusal

MISSING = sentence("Please fill this in.")
OF_THE_LIBRARY = (
    sentence("Not a valid choice."),
    sentence("Invalid Choice: could not coerce."),
    sentence("This field is required."),
)
"""What WTForms says by itself, marked for our catalogues."""


class _Sentences:
    """What WTForms says, in the language of the moment in which it is shown. Flask-WTF would read
    the library's own catalogues for every request that has a form."""

    def gettext(self, text: str) -> str:
        return sentence(text)

    def ngettext(self, one: str, many: str, number: int) -> str:
        """With its places left open: the library lays its own values in."""
        return language.current().language.catalogue.say_many(one, many, number)


class Form(FlaskForm):  # type: ignore[misc]  # (flask_wtf brings no types)
    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        def get_translations(self, _form: Form) -> _Sentences:
            return _Sentences()

    def refuse(self, refusal: Refusal) -> None:
        """Show a service's refusal at the field it names, or above all of them."""
        name = getattr(refusal, "field", None)
        if name in self:
            self[name].errors = [*self[name].errors, refusal.public]
        else:
            self.form_errors.append(refusal.public)


class Line:
    """A name or title: one line, as `admit_line` leaves it. `problem` replaces its sentence and may
    name the limit by `%(number)s`."""

    def __init__(self, limit: int, *, may_be_empty: bool = False, problem: str = "") -> None:
        self._limit = limit
        self._may_be_empty = may_be_empty
        self._problem = problem

    def __call__(self, _form: Form, field: Field) -> None:
        typed = field.data or ""
        if self._may_be_empty and not typed.strip():
            field.data = ""
            return
        try:
            field.data = admit_line(typed, limit=self._limit)
        except UnfitText as unfit:
            raise ValidationError(
                str(self._problem) % {"number": grouped(self._limit)}
                if self._problem
                else said(unfit)
            ) from unfit


class Body:
    """A text of many lines, as `admit` leaves it."""

    def __init__(self, limit: int, *, may_be_empty: bool = False) -> None:
        self._limit = limit
        self._may_be_empty = may_be_empty

    def __call__(self, _form: Form, field: Field) -> None:
        typed = field.data or ""
        if self._may_be_empty and not typed.strip():
            field.data = ""
            return
        try:
            field.data = admit(typed, limit=self._limit)
        except UnfitText as unfit:
            raise ValidationError(said(unfit)) from unfit


def readable_email(_form: Form, field: Field) -> None:
    """A validator: an address that mail can reach, as it will be kept."""
    if not (field.data or "").strip():
        raise ValidationError(str(MISSING))
    try:
        field.data = read_email(field.data)
    except UnfitEmail as unfit:
        raise ValidationError(unfit.public) from unfit
