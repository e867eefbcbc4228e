"""What happened to accounts. Ids only: nothing that opens a door is written into a job."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AddressClaimed:
    """Somebody says that this address is theirs and should be mailed a link to prove it.
    `why` is `sign-up` or `question`."""

    address_id: int
    why: str


@dataclass(frozen=True, slots=True)
class SignUpOnKnownAddress:
    """Somebody signed up with the address of this account, which stays as it was."""

    account_id: int


@dataclass(frozen=True, slots=True)
class PasswordResetAsked:
    """A link to set a new password is to be mailed; `services.reset_secret` makes its secret."""

    link_id: int


@dataclass(frozen=True, slots=True)
class ResetLinkAsked:
    """Somebody typed this address and has forgotten the password; looked up as the next one is."""

    email: str


@dataclass(frozen=True, slots=True)
class SignInLinkAsked:
    """Somebody typed this address and wants a link to sign in, and then to see the path `next`.
    Whose it is is looked up by a worker, so that an address that nobody has takes as long to
    answer; the row goes when it is handled."""

    email: str
    next: str


@dataclass(frozen=True, slots=True)
class PasswordChanged:
    """The owner should hear of it, in case it was somebody else."""

    account_id: int


@dataclass(frozen=True, slots=True)
class NewAddressAsked:
    """The owner of an account wants another address, which is mailed this link, or, where it is
    somebody's, a word that it was wanted."""

    link_id: int


@dataclass(frozen=True, slots=True)
class AddressChanged:
    """An account has another address. The one before is told, with this link to take it back."""

    link_id: int


@dataclass(frozen=True, slots=True)
class AccountMoved:
    """What is mailed to the owner of an account goes to another address from here on."""

    from_id: int
    to_id: int


@dataclass(frozen=True, slots=True)
class ZoneChosen:
    """The owner of this address goes by another clock from here on."""

    address_id: int


@dataclass(frozen=True, slots=True)
class NewDevice:
    """Somebody signed in with a browser that this account was not known to use. What the owner is
    told stands here, as the session may have ended by the time; `at` is ISO 8601. `link_id` is the
    link by which the owner says that it was somebody else."""

    link_id: int
    browser: str
    system: str
    at: str


@dataclass(frozen=True, slots=True)
class IdentityLinked:
    """Who is known to an OpenID provider may sign in to an account from now on. `provider` is what
    people call it; `link_id` is the link by which the owner says that it was somebody else."""

    link_id: int
    provider: str


@dataclass(frozen=True, slots=True)
class IdentityUnlinked:
    """They may no more; likewise."""

    link_id: int
    provider: str


@dataclass(frozen=True, slots=True)
class AccountConfirmed:
    """Whoever signs in to this account has proven that its address is theirs."""

    account_id: int


@dataclass(frozen=True, slots=True)
class SecondStepChanged:
    """Something about the second step of an account that its owner should hear of, in case it was
    somebody else. `news` is one of `factors.states.News`; `link_id` is the link by which the owner
    says so, where something was set up."""

    account_id: int
    news: str
    link_id: int | None = None
