"""What a writer may do with a text of their own, and what is kept of it."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.domains.comments import errors, mending, services
from app.domains.comments.drafts import Writer
from app.domains.comments.models import CommentRevision
from app.domains.comments.states import Status
from app.infra.db import db
from tests.factories import make_account, make_comment, make_question

pytestmark = pytest.mark.usefixtures("app")


def test_a_waiting_text_can_be_changed_and_the_old_one_is_kept() -> None:
    comment = make_comment("As it was.", status=Status.PENDING)
    services.edit_own(comment, "As it is.", None, Writer())
    kept = db.session.scalars(select(CommentRevision.source)).all()
    assert (comment.source, comment.html, list(kept)) == (
        "As it is.",
        "<p>As it is.</p>\n",
        ["As it was."],
    )


@pytest.mark.parametrize("status", [Status.APPROVED, Status.REJECTED, Status.WITHDRAWN])
def test_v13_a_decided_text_cannot_be_changed_by_its_writer(status: Status) -> None:
    comment = make_comment(status=status)
    with pytest.raises(errors.NotPendingAnyMore):
        services.edit_own(comment, "Buy this.", None, Writer())


def test_a_changed_text_is_screened_again() -> None:
    comment = make_comment(status=Status.PENDING)
    services.edit_own(comment, "https://a.example.com https://b.example.com", None, Writer())
    assert "links" in {reason["name"] for reason in comment.verdict["reasons"]}


def test_withdrawing_takes_a_published_text_from_the_page() -> None:
    comment = make_comment()
    services.withdraw(comment)
    assert comment.status == Status.WITHDRAWN


def test_a_rejected_text_cannot_be_taken_back() -> None:
    with pytest.raises(errors.NotPendingAnyMore):
        services.withdraw(make_comment(status=Status.REJECTED))


def test_a_moderators_edit_keeps_both_texts() -> None:
    comment = make_question("Why does it clik?", status=Status.PENDING)
    mending.edit(
        comment,
        "Why does it click?",
        title="Why does it click?",
        by=make_account("moderator"),
        version=comment.version,
    )
    kept = db.session.scalars(select(CommentRevision.source)).all()
    assert (comment.title, list(kept)) == ("Why does it click?", ["Why does it clik?"])


def test_an_edit_of_a_stale_page_is_refused() -> None:
    comment = make_comment()
    with pytest.raises(errors.StaleText):
        mending.edit(
            comment, "x", title="", by=make_account("moderator"), version=comment.version - 1
        )
