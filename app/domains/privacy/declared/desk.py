"""What readers report, what moderators decide, and the record of it."""

from __future__ import annotations

from app.domains.privacy.terms import GONE, Names, Table
from app.infra.unnamed import NOBODY

ACCOUNT, ADDRESS, TEXT, NAME = Names.ACCOUNT, Names.ADDRESS, Names.TEXT, Names.NAME

TABLES = {
    "audit_entry": Table(
        matter="record",
        theirs={"actor_id": ACCOUNT},
        given="at act subject subject_id from_state to_state network",
        held="actor_name reason detail",
        plain="id batch",
        by="record",
        stays={"actor_id": "act subject from_state to_state reason detail"},
    ),
    "desk_batch": Table(
        matter="team_acts",
        theirs={"by_id": ACCOUNT},
        given="created_at finished_at total done refused state",
        held="by_name wish choice",
        plain="id key place cancelled_at",
        erased={"by_id": {"by_id": None, "by_name": NOBODY}},
        stays={"by_id": "wish choice state"},
    ),
    "desk_link": Table(
        matter="team_acts",
        theirs={"account_id": ACCOUNT},
        held="fingerprint",
        plain="id comment_id version created_at expires_at used_at",
        erased={"account_id": GONE},
    ),
    "desk_opening": Table(
        matter="team_acts",
        theirs={"account_id": ACCOUNT},
        given="comment_id at",
        erased={"account_id": GONE},
    ),
    "desk_section": Table(
        matter="team_acts",
        theirs={"account_id": ACCOUNT},
        given="tag_id",
        erased={"account_id": GONE},
    ),
    "measure": Table(
        matter="measures",
        theirs={
            "account_id": ACCOUNT,
            "address_id": ADDRESS,
            "by_id": ACCOUNT,
            "lifted_by": NAME,
        },
        given="kind reason at until lifted_at",
        others="by_id",
        held="by_name pattern network",
        plain="id batch",
        erased={
            "by_id": {"by_id": None, "by_name": NOBODY},
            "lifted_by": {"lifted_by": NOBODY},
        },
        by="measures",
        stays={
            "account_id": "by_name pattern network",
            "address_id": "by_name pattern network",
            "by_id": "reason pattern network",
            "lifted_by": "reason pattern network by_name",
        },
    ),
    "report": Table(
        matter="reports",
        theirs={"account_id": ACCOUNT, "address_id": ADDRESS},
        given="comment_id reason words at outcome decided_at",
        held="browser",
        plain="id weight",
        erased={
            "account_id": {"account_id": None, "browser": None, "words": ""},
            "address_id": {"address_id": None, "browser": None, "words": ""},
        },
        stays={"account_id": "reason outcome", "address_id": "reason outcome"},
    ),
    "saved_view": Table(
        matter="team_acts",
        theirs={"account_id": ACCOUNT},
        given="name wish",
        plain="id",
        erased={"account_id": GONE},
    ),
    "screening_rule": Table(
        matter="team_acts",
        theirs={"changed_by": NAME},
        plain="id name kind lines effect tag_id note is_live created_at changed_at version",
        erased={"changed_by": {"changed_by": NOBODY}},
    ),
}
