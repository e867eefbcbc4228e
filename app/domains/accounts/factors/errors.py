"""Why the second step refuses, in words for the person who tried."""

from __future__ import annotations

from app.infra.language import sentence
from app.infra.refusal import Refusal


class WrongCode(Refusal):
    """One answer for a wrong, an old and a used code."""

    public = sentence(
        "That code does not fit, or it was used already. An app shows another one every 30 "
        "seconds; a recovery code is good once."
    )
    field = "code"


class NotOfThisKey(Refusal):
    """While an app is set up: no code of the key that was just shown."""

    public = sentence(
        "That code does not fit the key shown here. An app shows another one every 30 seconds. If "
        "no code fits, see whether the clock of your phone is right."
    )
    field = "code"


class OfferOver(Refusal):
    public = sentence(
        "That key was shown more than half an hour ago. Here is a new one; please start again."
    )


class AddressUnproven(Refusal):
    public = sentence("Confirm your address first, so that mail about your account reaches you.")
    status = 409


class StaffNeedOne(Refusal):
    public = sentence(
        "This site asks its staff for a second step, and this is your only one. Set up another "
        "first, then take this one away."
    )
    status = 409


class NoSuchPasskey(Refusal):
    public = sentence("That passkey is removed already.")
    status = 404


class PasskeyRefused(Refusal):
    """One answer for an unknown, a foreign, a late and a damaged one."""

    public = sentence(
        "That passkey was not accepted. It may belong to another site or account, or it took "
        "longer than five minutes. Please try again."
    )


class PasskeyKnown(Refusal):
    public = sentence("That passkey is registered already.")
    status = 409


class TooManyPasskeys(Refusal):
    public = sentence(
        "You have as many passkeys as an account can have. Remove one that you do not use."
    )
    status = 409
