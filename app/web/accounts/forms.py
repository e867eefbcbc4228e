"""What people type about themselves, admitted or refused with a sentence beside the field."""

from __future__ import annotations

from flask import current_app
from wtforms import EmailField, Field, HiddenField, PasswordField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from app.config import Settings
from app.domains.accounts import passwords
from app.domains.accounts.errors import WeakPassword
from app.domains.accounts.models import EMAIL_LENGTH, NAME_LENGTH, Account
from app.infra.language import sentence
from app.web.forms import MISSING, Body, Form, Line, readable_email

BIO_LIMIT = 2000


def _strong(password: str, *personal: str) -> None:
    settings: Settings = current_app.extensions["settings"]
    try:
        passwords.refuse_weak(password, settings.site_name, *personal)
    except WeakPassword as weak:
        raise ValidationError(weak.public) from weak


class SignInForm(Form):
    next = HiddenField()
    email = StringField(
        sentence("E-mail address or username"),
        [InputRequired(MISSING), Length(max=EMAIL_LENGTH, message=sentence("That is too long."))],
    )
    password = PasswordField(
        sentence("Password"),
        [
            InputRequired(MISSING),
            Length(max=passwords.LONGEST, message=sentence("That is too long.")),
        ],
    )


class SignUpForm(Form):
    next = HiddenField()
    name = StringField(
        sentence("Your name, as others will see it"), [InputRequired(MISSING), Line(NAME_LENGTH)]
    )
    email = EmailField(sentence("E-mail address"), [InputRequired(MISSING), readable_email])
    password = PasswordField(sentence("Password"), [Optional(strip_whitespace=False)])

    def validate_password(self, field: Field) -> None:
        _strong(field.data, self.name.data or "", self.email.data or "")


class NewcomerForm(Form):
    """The name of somebody whose address a provider told."""

    name = StringField(
        sentence("Your name, as others will see it"), [InputRequired(MISSING), Line(NAME_LENGTH)]
    )


class ForgotForm(Form):
    email = EmailField(sentence("E-mail address"), [InputRequired(MISSING), readable_email])


class AddressForm(Form):
    email = EmailField(
        sentence("Your new e-mail address"), [InputRequired(MISSING), readable_email]
    )


class LinkForm(ForgotForm):
    next = HiddenField()


class NewPasswordForm(Form):
    """A new password for an account that is known already."""

    password = PasswordField(sentence("New password"), [InputRequired(MISSING)])

    def for_account(self, account: Account) -> NewPasswordForm:
        self._personal = (account.name, account.username, account.address.email)
        return self

    def validate_password(self, field: Field) -> None:
        _strong(field.data, *self._personal)


class ChangePasswordForm(NewPasswordForm):
    current = PasswordField(
        sentence("Your password until now"),
        [
            InputRequired(MISSING),
            Length(max=passwords.LONGEST, message=sentence("That is too long.")),
        ],
    )


class RemovePasswordForm(Form):
    remove = PasswordField(
        sentence("Your password until now"),
        [
            InputRequired(MISSING),
            Length(max=passwords.LONGEST, message=sentence("That is too long.")),
        ],
    )


class ProfileForm(Form):
    name = StringField(
        sentence("Your name, as others will see it"), [InputRequired(MISSING), Line(NAME_LENGTH)]
    )
    bio = TextAreaField(sentence("About you"), [Body(BIO_LIMIT, may_be_empty=True)])
