"""Who may be written to, and how often.

Anybody can type anybody's address, so a mail needs an address that its owner has proven. One
exception: whoever asked here hears that the text was received (with the link that proves the
address), that it was approved, refused, or answered, proven or not. Somebody who never opens that
first link would otherwise never learn of the answer they came for. What that can do to a stranger
is bounded: five such mails a day to an address, none with words of the person who typed it before
a moderator has read them, each but the first with a link that ends them, and never one about what
others reply.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.domains.accounts import tries
from app.domains.accounts.models import Account, Address
from app.domains.accounts.policy import MAILS_PER_ADDRESS, Limit
from app.domains.comments.models import Comment


@dataclass(frozen=True, slots=True)
class Recipient:
    """An address that stands for a person. `proven`: its owner has said that it is theirs;
    `wrote_here`: the text this is about was typed into this site, and not brought by an import."""

    address: Address
    proven: bool
    wrote_here: bool = False


def writer_of(comment: Comment) -> Recipient | None:
    """Whom to tell about a comment; None where no address is left, the account is disabled, or the
    owner of the address said that the text is somebody else's."""
    wrote_here = bool(comment.verdict)  # the intake screens every text, an import none
    if comment.account is not None:
        if not comment.account.is_active:
            return None
        return Recipient(comment.account.address, is_proven(comment.account), wrote_here)
    if comment.address is None or comment.disowned_at is not None:
        return None
    return Recipient(comment.address, comment.address.is_proven, wrote_here)


def is_proven(account: Account) -> bool:
    """A reader's account must be proven itself: a stranger may have signed up with an address that
    its owner proved as a guest. Staff were made by hand, so their address is enough."""
    return account.is_proven or (account.is_staff and account.address.is_proven)


def may_hear_of_own(recipient: Recipient) -> bool:
    """Whether the writer may be told what became of their own text; counts it where unproven."""
    if recipient.proven:
        return True
    return recipient.wrote_here and within_daily_limit(recipient.address)


def within_daily_limit(address: Address) -> bool:
    """Whether one more mail may go to an address that somebody typed today; counts it.

    Apart from the limit on links of accounts, so that nobody can use up the mails with which the
    owner would set a new password.
    """
    return tries.count_if_it_fits(_limits(address))


def take_turns(address: Address) -> None:
    """Let others who are counting mails to this address wait until this transaction ends."""
    tries.take_turns(_limits(address))


def _limits(address: Address) -> dict[str, Limit]:
    return {f"asked:{address.id}": MAILS_PER_ADDRESS}
