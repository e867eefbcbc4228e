"""The old site's authors as accounts, and its guests as unproven addresses."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import chain, count
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.domains.accounts import queries, services
from app.domains.accounts.emails import read_email
from app.domains.accounts.errors import UnfitEmail
from app.domains.accounts.models import NAME_LENGTH, Account, Address
from app.domains.accounts.services import USERNAME_LENGTH
from app.engines.text.names import fold_email
from app.engines.text.slug import slugify
from app.importers.memory import Memory
from app.importers.report import Report
from app.importers.wordpress.judgement import line_of
from app.importers.wordpress.records import Author, Comment
from app.infra.db import db
from app.infra.unit_of_work import unit_of_work

_KEPT_GUESTS = 50_000
_NOT_IN_A_LOGIN = re.compile(r"[^\w .@-]")  # by WordPress's own rule; strays come from bad exports


class People:
    """Who wrote what. An author whose e-mail has an account here is that account; the others
    become accounts of the role author without a password, so nobody signs in as one of them
    before a link mailed to that address was followed.

    With `is_dry`, nothing is written and every id is 0.
    """

    def __init__(self, memory: Memory, blog_url: str, report: Report, *, is_dry: bool) -> None:
        self._memory = memory
        self._host = urlsplit(blog_url).hostname or "old-site"
        self._report = report
        self._is_dry = is_dry
        self._accounts: dict[str, int] = {}  # by login
        self._logins: dict[int, str] = {}  # by the old site's user id
        self._emails: dict[str, str] = {}  # logins by folded e-mail
        self._guests: dict[str, int] = {}  # address ids by typed e-mail

    def meet(self, author: Author) -> None:
        """An author of the old site, who becomes an account unless already one."""
        if author.old_id:
            self._logins[author.old_id] = author.login
        if author.email:
            self._emails[author.email.casefold()] = author.login
        if author.login not in self._accounts:
            self._accounts[author.login] = self._bring_in(author)

    def author(self, login: str) -> int:
        """The id of the account behind a login; one that the export does not define is made up."""
        if login not in self._accounts:
            login = _NOT_IN_A_LOGIN.sub("", login).strip()
        if login not in self._accounts:
            self.meet(Author(login, "", login, 0))
        return self._accounts[login]

    def signed_in_writer(self, comment: Comment) -> int | None:
        """The account of an author who was signed in when writing; None for everyone else.

        The user id decides, which WordPress sets and nobody can type. Exports that do not tell
        their authors' ids (WXR 1.0) give the e-mail of whoever was signed in.
        """
        login = self._logins.get(comment.user_id)
        by_email = self._emails.get(comment.author_email.casefold())
        if comment.user_id and login is None and not self._logins:
            login = by_email
        if login is not None:
            return self._accounts[login]
        if by_email is not None:
            self._report.note(
                "comments with an author's e-mail, written without signing in: they stay a guest's",
                comment.author_name,
            )
        return None

    def address_ids(self, emails: Iterable[str]) -> dict[str, int]:
        """Guests' addresses, claims as if they had been typed here; what is no address is not
        among them. Of two spellings the first is kept. Belongs into the caller's unit of work."""
        if len(self._guests) > _KEPT_GUESTS:
            self._guests.clear()
        asked = list(dict.fromkeys(emails))
        new = {one: read for one in asked if one not in self._guests and (read := _read(one))}
        by_key: dict[str, str] = {}
        for read in new.values():
            by_key.setdefault(fold_email(read), read)
        rows = db.session.execute(
            select(Address.email_key, Address.id).where(Address.email_key.in_(by_key))
        )
        known = {row.email_key: row.id for row in rows}
        known |= _claim_all({key: read for key, read in by_key.items() if key not in known})
        self._guests |= {one: known[fold_email(read)] for one, read in new.items()}
        return {one: self._guests[one] for one in asked if one in self._guests}

    def _bring_in(self, author: Author) -> int:
        known = self._memory.find("account", author.login)
        if known is not None:
            self._report.knew("authors")
            return known
        self._report.took("authors")
        if self._is_dry:
            return 0
        with unit_of_work():
            account = self._account_for(author)
            self._memory.remember("account", [(author.login, account.id)])
            return account.id

    def _account_for(self, author: Author) -> Account:
        address = services.claim_address(self._email_of(author))
        owner = queries.find_account_of(address)
        if owner is not None:
            self._report.note("authors who have an account here already, by e-mail", owner.name)
            return owner
        name = _free_name(author)
        account = services.bring_in_author(
            name=name, address=address, username=services.free_username(author.login)
        )
        self._report.note("new accounts without a password: reset it by mail first", name)
        return account

    def _email_of(self, author: Author) -> str:
        """The author's e-mail, or one under a domain that can never exist (RFC 2606)."""
        try:
            return read_email(author.email)
        except UnfitEmail:
            self._report.note("authors without an e-mail: it was made up", author.login)
            return f"{slugify(author.login, USERNAME_LENGTH)}@{self._host}.invalid"


@lru_cache(maxsize=_KEPT_GUESTS)
def _read(email: str) -> str:
    """The address as it would be kept; empty for what is none."""
    try:
        return read_email(email) if email else ""
    except UnfitEmail:
        return ""


def _claim_all(emails: dict[str, str]) -> dict[str, int]:
    """New addresses by their keys, in one statement; one by one where somebody else claims one of
    them at this very moment."""
    rows = {key: Address(email=email, email_key=key) for key, email in emails.items()}
    try:
        with db.session.begin_nested():
            db.session.add_all(rows.values())
    except IntegrityError:
        return {key: services.claim_address(email).id for key, email in emails.items()}
    return {key: row.id for key, row in rows.items()}


def _free_name(author: Author) -> str:
    room = NAME_LENGTH - 8
    name = line_of(author.display_name, room) or line_of(author.login, room) or "Author"
    numbered = (f"{name} ({number})" for number in count(2))
    return next(free for free in chain([name], numbered) if not queries.name_is_taken(free))
