"""Showing that there is an e-mail address without showing it."""

from __future__ import annotations

DOTS = "•••"


def masked_email(email: str) -> str:
    """`b•••@example.com`: the first letter and the host; of a one-letter box not even that."""
    box, at, host = email.rpartition("@")
    if not at:
        return DOTS
    first = box[0] if len(box) > 1 else ""
    return f"{first}{DOTS}@{host}"
