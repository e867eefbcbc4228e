"""Why the privacy of somebody cannot be kept just so, in words for the person who tried."""

from __future__ import annotations

from app.infra.language import sentence
from app.infra.refusal import Refusal, UnfitField


class UnfitChoice(UnfitField):
    """A word of the settings that cannot be taken as it is."""


class CopyWaits(Refusal):
    public = sentence("Your copy is being made already. We write to you when it is ready.")
    status = 409


class CopyGone(Refusal):
    public = sentence(
        "There is no copy to take. Either its two days are over, or none was asked for yet."
    )
    status = 404


class IsOfTheTeam(Refusal):
    public = sentence(
        "You work here. Ask an admin to end that first; then everything of yours can be erased. "
        "So no site loses its last admin."
    )
    status = 409


class HasArticles(Refusal):
    public = sentence(
        "Articles stand under your name. Ask an admin to give them to another author or to "
        "remove them first; then everything of yours can be erased."
    )
    status = 409


class NobodyToGiveTo(Refusal):
    public = sentence(
        "Articles of somebody who was erased came back with the backup, and no other admin is "
        "there to have them. Make one with the command “accounts create --role admin”; then run "
        "“privacy erase-again” with the list once more."
    )
    status = 409


class ErasureWaits(Refusal):
    public = sentence("That was asked for already, and is done when its day is over.")
    status = 409


class ErasureBegun(Refusal):
    public = sentence("This link is over: what it was about was taken back, or is being done.")
    status = 410
