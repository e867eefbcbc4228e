"""Letters about accounts and addresses. They answer an act and cannot be refused."""

from __future__ import annotations

from datetime import datetime

from app.domains.accounts import link_entry, mail_stops, mailed_links, recovery, services
from app.domains.accounts import new_address as addresses
from app.domains.accounts import queries as accounts
from app.domains.accounts.models import Account, Address, MailedLink
from app.infra import letters
from app.infra.db import db
from app.infra.jobs import Job
from app.infra.mail import Letter
from app.notifications.addressing import letter


def prove(job: Job) -> Letter | None:
    """The link that proves an address, made when it is sent, so that its hour begins then."""
    address = db.session.get(Address, job.payload["address_id"])
    if address is None:
        return None
    account = accounts.find_account_of(address)
    is_proven = address.is_proven and (account is None or account.is_proven)
    if is_proven and mail_stops.in_force(address.id) is None:
        return None
    return letter(
        job,
        address,
        why=job.payload["why"],
        link=letters.link_to(
            "accounts.prove", address_id=address.id, key=services.proof_key(address)
        ),
    )


def known(job: Job) -> Letter | None:
    """Somebody signed up with an address that has an account."""
    account = _account_of(job)
    if account is None:
        return None
    return letter(
        job,
        account.address,
        sign_in=letters.link_to("accounts.sign_in"),
        forgot=letters.link_to("accounts.forgot"),
    )


def reset(job: Job) -> Letter | None:
    """The link to set a new password; its secret is in no row, and made again here."""
    link = db.session.get(MailedLink, job.payload["link_id"])
    secret = recovery.reset_secret(job.payload["link_id"])
    if link is None or secret is None:
        return None
    account = accounts.get_account(link.account_id)
    return letter(job, account.address, link=letters.link_to("accounts.reset", secret=secret))


def sign_in(job: Job) -> Letter | None:
    """The link to sign in, in place of a password."""
    link = db.session.get(MailedLink, job.payload["link_id"])
    secret = link_entry.secret_for_mail(job.payload["link_id"])
    if link is None or secret is None:
        return None
    wanted = {"next": job.payload["next"]} if job.payload["next"] else {}
    return letter(
        job,
        accounts.get_account(link.account_id).address,
        link=letters.link_to("accounts.enter_by_link", secret=secret, **wanted),
    )


def new_password(job: Job) -> Letter | None:
    account = _account_of(job)
    if account is None:
        return None
    return letter(
        job,
        account.address,
        has_one=account.password_hash is not None,
        forgot=letters.link_to("accounts.forgot"),
    )


def second_step(job: Job) -> Letter | None:
    """What changed about the second step, with a way to act for who did not do it: a new password
    alone would leave a stranger's app or passkey where it is."""
    account, link_id = _account_of(job), job.payload.get("link_id")
    if account is None:
        return None
    secret = mailed_links.secret_for_mail(mailed_links.NOT_ME, link_id) if link_id else None
    return letter(
        job,
        account.address,
        news=job.payload["news"],
        link=letters.link_to("accounts.not_me", secret=secret) if secret else None,
        forgot=letters.link_to("accounts.forgot"),
        overview=letters.link_to("accounts.second_step_overview"),
    )


def new_device(job: Job) -> Letter | None:
    """Somebody signed in with a browser that is new for the account. It is told even where the
    session has ended since; not once the link is dead, since then its owner has acted."""
    link = db.session.get(MailedLink, job.payload["link_id"])
    secret = mailed_links.secret_for_mail(mailed_links.NOT_ME, job.payload["link_id"])
    if link is None or secret is None:
        return None
    return letter(
        job,
        accounts.get_account(link.account_id).address,
        at=datetime.fromisoformat(job.payload["at"]),
        browser=job.payload["browser"],
        system=job.payload["system"],
        link=letters.link_to("accounts.not_me", secret=secret),
    )


def identity_changed(job: Job) -> Letter | None:
    """Who is known to a provider may sign in to the account, or may no more; told like a new
    browser."""
    link = db.session.get(MailedLink, job.payload["link_id"])
    secret = mailed_links.secret_for_mail(mailed_links.NOT_ME, job.payload["link_id"])
    if link is None or secret is None:
        return None
    return letter(
        job,
        accounts.get_account(link.account_id).address,
        provider=job.payload["provider"],
        link=letters.link_to("accounts.not_me", secret=secret),
    )


def new_address(job: Job) -> Letter | None:
    """The link that makes an address an account's; its owner is told where it is one's already."""
    wanted = _of_link(mailed_links.NEW_ADDRESS, job)
    if wanted is None:
        return None
    address, secret = wanted
    is_free = addresses.is_free(address)
    link = letters.link_to("accounts.confirm_address", secret=secret) if is_free else None
    return letter(job, address, link=link)


def address_changed(job: Job) -> Letter | None:
    """To the address that was the account's before, with the link that takes it back."""
    wanted = _of_link(mailed_links.OLD_ADDRESS, job)
    if wanted is None:
        return None
    address, secret = wanted
    return letter(job, address, link=letters.link_to("accounts.take_address_back", secret=secret))


def _of_link(purpose: mailed_links.Purpose, job: Job) -> tuple[Address, str] | None:
    """The address that a link gives to an account, and its secret; None once it is dead."""
    link = db.session.get(MailedLink, job.payload["link_id"])
    secret = mailed_links.secret_for_mail(purpose, job.payload["link_id"])
    if link is None or secret is None:
        return None
    return db.session.get_one(Address, link.address_id), secret


def _account_of(job: Job) -> Account | None:
    account = db.session.get(Account, job.payload["account_id"])
    return account if account is not None and account.is_active else None
