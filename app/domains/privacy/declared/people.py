"""Accounts, addresses, and what belongs to signing in."""

from __future__ import annotations

from app.domains.privacy.terms import GONE, Names, Table, plain

ACCOUNT, ADDRESS = Names.ACCOUNT, Names.ADDRESS

TABLES = {
    "erasure": plain(
        "id account_id address_id address_key asked_at due_at taken_back_at begun_at done_at"
    ),
    "data_copy": Table(
        matter="copies",
        theirs={"account_id": ACCOUNT, "address_id": ADDRESS},
        plain="id asked_at parts written made_at size",
        erased={"account_id": GONE, "address_id": GONE},
    ),
    "data_copy_piece": Table(matter="copies", held="content", plain="copy_id number", by="follows"),
    "account": Table(
        matter="account",
        theirs={"id": ACCOUNT},
        given="username name role bio created_at proven_at disabled_at factor_since language "
        "time_zone theme",
        held="name_key address_id password_hash device_nonce",
        plain="leaving_at",
        by="account",
    ),
    "account_name": Table(
        matter="account",
        theirs={"account_id": ACCOUNT},
        given="old_name new_name at",
        held="old_key",
        plain="id",
        erased={"account_id": GONE},
    ),
    "address": Table(
        matter="address",
        theirs={"id": ADDRESS},
        given="email created_at proven_at",
        held="email_key nonce",
        by="account",
    ),
    "answered_request": Table(
        matter="repeats",
        held="key caller body answer",
        plain="subject_id at",
        by="passing",
    ),
    "authenticator_app": Table(
        matter="second_step",
        theirs={"account_id": ACCOUNT},
        given="confirmed_at",
        held="sealed_key last_step",
        erased={"account_id": GONE},
    ),
    "identity": Table(
        matter="identities",
        theirs={"account_id": ACCOUNT},
        given="issuer subject linked_at used_at",
        plain="id",
        erased={"account_id": GONE},
    ),
    "login_session": Table(
        matter="sessions",
        theirs={"account_id": ACCOUNT},
        given="browser system network created_at seen_at expires_at",
        held="fingerprint",
        plain="id",
        erased={"account_id": GONE},
    ),
    "mailed_link": Table(
        matter="links",
        theirs={"account_id": ACCOUNT, "address_id": ADDRESS},
        given="purpose created_at expires_at used_at",
        held="fingerprint",
        plain="id",
        erased={"account_id": GONE, "address_id": GONE},
        others="address_id",
    ),
    "passkey": Table(
        matter="second_step",
        theirs={"account_id": ACCOUNT},
        given="name created_at used_at",
        held="fingerprint credential public_key handle sign_count",
        plain="id",
        erased={"account_id": GONE},
    ),
    "passkey_challenge": Table(
        matter="second_step",
        theirs={"account_id": ACCOUNT},
        held="fingerprint browser",
        plain="id purpose expires_at",
        erased={"account_id": GONE},
    ),
    "recovery_code": Table(
        matter="second_step",
        theirs={"account_id": ACCOUNT},
        given="created_at used_at",
        held="fingerprint",
        plain="id",
        erased={"account_id": GONE},
    ),
    "sign_in_try": Table(matter="tries", held="bucket", plain="id at", by="passing"),
}
