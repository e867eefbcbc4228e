"""Whether a typed text is an e-mail address that mail can reach."""

from __future__ import annotations

from app.domains.accounts.errors import UnfitEmail
from app.domains.accounts.models import EMAIL_LENGTH
from app.engines.text.names import fold_email


def read_email(text: str) -> str:
    """The address as it is kept: one recipient, its domain in lower case, nothing quoted, at most
    64 letters before the @ (RFC 5321).

    Raises UnfitEmail, also for a box whose letters turn into others when they are normalised (the
    Kelvin sign becomes a K): it would be taken for somebody else's. Nobody is asked over the
    network whether the box exists.
    """
    # Here, since it puts its patterns together when it is imported: a fiftieth of a start.
    from email_validator import EmailNotValidError, validate_email  # noqa: PLC0415

    try:
        email = validate_email(text.strip(), check_deliverability=False, strict=True).normalized
    except EmailNotValidError as wrong:
        raise UnfitEmail from wrong
    if len(email) > EMAIL_LENGTH or _box(email) != _box(text):
        raise UnfitEmail
    return email


def _box(email: str) -> str:
    return fold_email(email.rpartition("@")[0])
