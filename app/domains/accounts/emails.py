"""Whether a typed text is an e-mail address that mail can reach."""

from __future__ import annotations

from email_validator import EmailNotValidError, validate_email

from app.domains.accounts.errors import UnfitEmail
from app.domains.accounts.models import EMAIL_LENGTH


def read_email(text: str) -> str:
    """The address as it is kept: one recipient, its domain in lower case, nothing quoted.

    Raises UnfitEmail. Nobody is asked over the network whether the box exists.
    """
    try:
        email = validate_email(text.strip(), check_deliverability=False).normalized
    except EmailNotValidError as wrong:
        raise UnfitEmail from wrong
    if len(email) > EMAIL_LENGTH:
        raise UnfitEmail
    return email
