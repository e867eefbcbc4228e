"""What people type about themselves, admitted or refused with a sentence beside the field."""

from __future__ import annotations

from flask import current_app
from flask_wtf import FlaskForm
from wtforms import EmailField, Field, HiddenField, PasswordField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, ValidationError

from app.config import Settings
from app.domains.accounts import passwords
from app.domains.accounts.emails import read_email
from app.domains.accounts.errors import UnfitEmail, WeakPassword
from app.domains.accounts.models import EMAIL_LENGTH, NAME_LENGTH, Account
from app.engines.text.admission import admit, admit_line
from app.engines.text.errors import UnfitText

BIO_LIMIT = 2000
MISSING = "Please fill this in."


def _one_line(_form: FlaskForm, field: Field) -> None:
    try:
        field.data = admit_line(field.data or "", limit=NAME_LENGTH)
    except UnfitText as unfit:
        raise ValidationError(unfit.message) from unfit


def _email(_form: FlaskForm, field: Field) -> None:
    try:
        field.data = read_email(field.data or "")
    except UnfitEmail as unfit:
        raise ValidationError(unfit.public) from unfit


def _strong(password: str, *personal: str) -> None:
    settings: Settings = current_app.extensions["settings"]
    try:
        passwords.refuse_weak(password, settings.site_name, *personal)
    except WeakPassword as weak:
        raise ValidationError(weak.public) from weak


class Form(FlaskForm):  # type: ignore[misc]  # (flask_wtf brings no types)
    """The base of the forms of this package."""


class SignInForm(Form):
    next = HiddenField()
    email = StringField(
        "E-mail address or username",
        [InputRequired(MISSING), Length(max=EMAIL_LENGTH, message="That is too long.")],
    )
    password = PasswordField(
        "Password",
        [InputRequired(MISSING), Length(max=passwords.LONGEST, message="That is too long.")],
    )


class SignUpForm(Form):
    next = HiddenField()
    name = StringField("Your name, as others will see it", [InputRequired(MISSING), _one_line])
    email = EmailField("E-mail address", [InputRequired(MISSING), _email])
    password = PasswordField("Password", [InputRequired(MISSING)])

    def validate_password(self, field: Field) -> None:
        _strong(field.data, self.name.data or "", self.email.data or "")


class ForgotForm(Form):
    email = EmailField("E-mail address", [InputRequired(MISSING), _email])


class NewPasswordForm(Form):
    """A new password for an account that is known already."""

    password = PasswordField("New password", [InputRequired(MISSING)])

    def for_account(self, account: Account) -> NewPasswordForm:
        self._personal = (account.name, account.username, account.address.email)
        return self

    def validate_password(self, field: Field) -> None:
        _strong(field.data, *self._personal)


class ChangePasswordForm(NewPasswordForm):
    current = PasswordField(
        "Your password until now",
        [InputRequired(MISSING), Length(max=passwords.LONGEST, message="That is too long.")],
    )


class ProfileForm(Form):
    name = StringField("Your name, as others will see it", [InputRequired(MISSING), _one_line])
    bio = TextAreaField("About you")

    def validate_bio(self, field: Field) -> None:
        field.data = (field.data or "").strip()
        if field.data:
            try:
                field.data = admit(field.data, limit=BIO_LIMIT)
            except UnfitText as unfit:
                raise ValidationError(unfit.message) from unfit
