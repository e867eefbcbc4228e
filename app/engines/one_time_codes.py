"""Codes that an app makes of a shared key and the time (RFC 6238), and codes on paper for when it
is lost. Keys are base 32, as apps read them."""

from __future__ import annotations

import hmac
import unicodedata

import pyotp

STEP_SECONDS = 30
DIGITS = 6
SLACK_STEPS = 1
"""How many steps the two clocks may be apart, either way (RFC 6238, 5.2, advises one)."""
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
"""Thirty-two signs of which none looks like another."""
PAPER_LENGTH = 16
"""Signs of a code on paper: 80 bits."""
_GROUP = 4
_ALIKE = str.maketrans("oil", "011")


def fitting_step(key: str, code: str, at: float, *, after: int | None) -> int | None:
    """The step of time that this code belongs to, among the present one and its neighbours; None
    where it fits none that is later than `after`, the last one used. `at` is in seconds since 1970.
    """
    made = pyotp.TOTP(key, digits=DIGITS, interval=STEP_SECONDS)
    now = int(at) // STEP_SECONDS
    steps = range(now - SLACK_STEPS, now + SLACK_STEPS + 1)
    fitting = [step for step in steps if hmac.compare_digest(made.generate_otp(step), code)]
    return next((step for step in fitting if after is None or step > after), None)


def address_for_apps(key: str, *, person: str, site: str) -> str:
    """The `otpauth:` address that an app takes the key from."""
    return pyotp.TOTP(key, digits=DIGITS, interval=STEP_SECONDS).provisioning_uri(
        name=person, issuer_name=site
    )


def tidy(typed: str) -> str:
    """A code as it is compared: small letters and plain digits, without spaces and dashes."""
    folded = unicodedata.normalize("NFKC", typed).casefold()
    signs = (sign for sign in folded if not sign.isspace() and not _is_dash(sign))
    return "".join(str(unicodedata.decimal(sign, sign)) for sign in signs)


def _is_dash(sign: str) -> bool:
    return unicodedata.category(sign) == "Pd"


def is_of_app(code: str) -> bool:
    """Whether a tidied code is one of an app by its shape."""
    return len(code) == DIGITS and code.isascii() and code.isdecimal()


def on_paper(number: int) -> str:
    """The code on paper of a number below 2**80, in groups: `k3f9-0a7m-w2xd-5ptz`."""
    signs = [ALPHABET[number >> 5 * place & 31] for place in reversed(range(PAPER_LENGTH))]
    return "-".join(
        "".join(signs[start : start + _GROUP]) for start in range(0, PAPER_LENGTH, _GROUP)
    )


def from_paper(code: str) -> str | None:
    """What a tidied code on paper is known by, letters read for digits put right; None for what is
    none."""
    read = code.translate(_ALIKE)
    return read if len(read) == PAPER_LENGTH and set(read) <= set(ALPHABET) else None


def in_groups(key: str) -> str:
    """A key as somebody types it: `JBSW Y3DP ...`."""
    return " ".join(key[start : start + _GROUP] for start in range(0, len(key), _GROUP))
