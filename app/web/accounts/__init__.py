"""Accounts: signing up, in and out, one's own page, and what mailed links open."""

from typing import cast

from flask import Blueprint, Flask

from app.web.accounts import session

blueprint = Blueprint("accounts", __name__)
blueprint.record_once(lambda state: session.install(cast("Flask", state.app)))

from app.web.accounts import (  # noqa: E402  (they register on it)
    address,
    again,
    browsers,
    entry,
    link_entry,
    linking,
    mailed,
    openid,
    passkeys,
    password,
    preferences,
    profile,
    recovery,
    second_step,
    second_step_pages,
    staff_step,
)

__all__ = [
    "address",
    "again",
    "blueprint",
    "browsers",
    "entry",
    "link_entry",
    "linking",
    "mailed",
    "openid",
    "passkeys",
    "password",
    "preferences",
    "profile",
    "recovery",
    "second_step",
    "second_step_pages",
    "session",
    "staff_step",
]
