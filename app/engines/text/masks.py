"""Showing that there is an e-mail address without showing it."""

from __future__ import annotations

import re

DOTS = "•••"
_EMAIL = re.compile(r"[^\s<>()\[\]{}\"',;:=]{1,254}@[^\s<>()\[\]{}\"',;:=]+")


def masked_email(email: str) -> str:
    """`b•••@example.com`: the first letter and the host; of a one-letter box not even that."""
    box, at, host = email.rpartition("@")
    if not at:
        return DOTS
    first = box[0] if len(box) > 1 else ""
    return f"{first}{DOTS}@{host}"


def with_emails_masked(text: str) -> str:
    """What a mail server said, which likes to name whom it was about."""
    return _EMAIL.sub(lambda found: masked_email(found[0]), text)
