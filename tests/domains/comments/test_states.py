"""The table of allowed moves, and that nothing moves beside it."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.domains.comments import moves
from app.domains.comments.states import ALLOWED_MOVES, IllegalMove, Status, check_move
from app.infra.audit import AuditEntry
from app.infra.db import db
from tests.factories import make_account, make_comment

ALL = list(itertools.product(Status, Status))


@pytest.mark.parametrize(("before", "after"), ALL)
def test_a_move_is_allowed_exactly_where_the_table_has_it(before: Status, after: Status) -> None:
    allowed = after in ALLOWED_MOVES[before]
    try:
        check_move(before, after)
    except IllegalMove:
        assert not allowed
    else:
        assert allowed


def test_what_a_person_took_back_is_never_published() -> None:
    assert Status.APPROVED not in ALLOWED_MOVES[Status.WITHDRAWN]


def test_no_move_leads_to_where_one_is() -> None:
    assert all(status not in moves for status, moves in ALLOWED_MOVES.items())


def entries(comment_id: int) -> list[AuditEntry]:
    return list(
        db.session.scalars(
            select(AuditEntry).where(AuditEntry.subject_id == comment_id).order_by(AuditEntry.id)
        )
    )


@pytest.mark.usefixtures("app")
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(wishes=st.lists(st.sampled_from(list(Status)), max_size=8))
def test_d12_every_move_has_its_row_and_no_row_is_without_a_move(wishes: list[Status]) -> None:
    moderator = make_account("moderator")
    comment = make_comment(status=Status.PENDING)
    made = []
    for wish in wishes:
        before = comment.status
        try:
            moves.move(comment, wish, act="try", by=moderator)
        except IllegalMove:
            assert comment.status == before
        else:
            made.append((before, wish))
    assert [(entry.from_state, entry.to_state) for entry in entries(comment.id)] == made
    assert {entry.actor_id for entry in entries(comment.id)} <= {moderator.id}
