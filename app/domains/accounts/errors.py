"""Why the accounts refuse, in words for the person who tried."""

from __future__ import annotations

import math
from datetime import timedelta

from app.infra.language import sentence
from app.infra.refusal import Refusal


class NoSuchAccount(Refusal):
    public = sentence("There is no such account.")
    status = 404


class NoSuchSession(Refusal):
    public = sentence("That browser is signed out already.")
    status = 404


class NameTaken(Refusal):
    public = sentence(
        "That name is taken, or it looks too much like the name of somebody who is here already. "
        "Please choose another."
    )


class MixedAlphabets(Refusal):
    public = sentence(
        "This name has letters of different alphabets in one word, so others could not tell how it "
        "is written. Please write each word in one alphabet."
    )


class NamedTooOften(Refusal):
    public = sentence(
        "You changed your name several times this month. "
        "It can be changed again once the first of those changes is 30 days old."
    )
    status = 429


class EmailTaken(Refusal):
    """For people who may know who is here (the command line); never for a visitor."""

    public = sentence("That address belongs to an account already.")
    status = 409


class SameEmail(Refusal):
    public = sentence("That is your address already.")


class EmailChangedLately(Refusal):
    public = sentence(
        "Your address was changed less than a week ago. It can be changed again when the link "
        "that we mailed to the old one has ended."
    )
    status = 409


class HeldByMeasure(Refusal):
    public = sentence(
        "While something that a moderator decided about you is in force, your address stays as it "
        "is."
    )
    status = 403


class UnfitEmail(Refusal):
    public = sentence("That is not an e-mail address that mail can reach.")


class WeakPassword(Refusal):
    public = sentence("That password is too easy to guess.")


class WrongCredentials(Refusal):
    """One answer for an unknown name, a wrong password and a disabled account."""

    public = sentence("That name and that password do not fit together.")


class HashReplaced(WrongCredentials):
    """The password was right a moment ago; since then its hash was made anew, by a new password or
    by somebody who signed in at the same moment. To be looked at again."""


class AccountShut(Refusal):
    """For who has shown who they are; a wrong password is never answered so."""

    public = sentence("Nobody can sign in to this account any more.")
    status = 403


class AddressHasAccount(Refusal):
    public = sentence(
        "There is an account with your address already. Sign in to it as you always do; then you "
        "can link this way of signing in on the page of your account."
    )
    status = 409


class IdentityTaken(Refusal):
    public = sentence(
        "Somebody signs in to another account with it already, so it was not linked to yours."
    )
    status = 409


class LinkedAlready(Refusal):
    public = sentence(
        "Your account is linked already. Unlink it first if you want to link somebody else."
    )
    status = 409


class NotProvenYet(Refusal):
    public = sentence(
        "Confirm your address first. Until then nobody knows that this account is yours."
    )
    status = 409


class NoSuchIdentity(Refusal):
    public = sentence("That way of signing in is unlinked already.")
    status = 404


class LastWayIn(Refusal):
    public = sentence(
        "This is your only way in. Set a password or confirm your address first, so that you can "
        "still sign in."
    )
    status = 409


class TooManyTries(Refusal):
    """`wait` tells when the next try is let through. The sentence is the same for a right and a
    wrong password and names no account."""

    public = sentence("That was tried too often. Please wait a few minutes and try again.")
    status = 429

    def __init__(self, wait: timedelta) -> None:
        super().__init__()
        self.wait = wait

    @property
    def seconds(self) -> int:
        """For the Retry-After header."""
        return max(1, math.ceil(self.wait.total_seconds()))


class Crowded(TooManyTries):
    """Too many passwords wait to be looked at; said of every name alike."""

    public = sentence(
        "Many people are signing in at this moment. Please try again in a few seconds."
    )
    status = 503

    def __init__(self) -> None:
        super().__init__(timedelta(seconds=5))


class LinkUsedUp(Refusal):
    public = sentence("This link was used already, or its hour is over. You can ask for a new one.")
    status = 410
