"""One of a growing row of places, chosen by a key so that it is chosen again."""

from __future__ import annotations

import random


def place(key: int, places: int) -> int:
    """A place from 0 up to `places` (at least 1), each as likely as the others. As the row grows,
    a key stays where it is or moves on to a new place, and never comes back."""
    draws = random.Random(key)  # noqa: S311  (steady, not secret: whoever calls brings a secret key)
    at, following = 0, 0
    while following < places:
        at = following
        following = int((at + 1) / (1 - draws.random()))
    return at
