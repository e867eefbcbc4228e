"""Two moderators on one text in the same moment: one decision, one row, one message."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app.domains.accounts.models import Account
from app.domains.accounts.states import Role
from app.domains.comments.models import Comment
from app.domains.comments.states import Status
from app.infra.audit import AuditEntry
from app.infra.db import db
from app.infra.jobs import Job
from tests.factories import make_account, make_address, make_article, make_comment
from tests.support.client import Browser

As = Callable[[Account], Browser]
JSON = {"Accept": "application/json"}
Act = Callable[[], TestResponse]


def at_once(acts: Sequence[Act]) -> list[TestResponse]:
    db.session.commit()
    barrier = Barrier(len(acts), timeout=20)

    def run(act: Act) -> TestResponse:
        barrier.wait()
        return act()

    with ThreadPoolExecutor(len(acts)) as threads:
        answers = list(threads.map(run, acts))
    db.session.rollback()
    return answers


def posting(browser: Browser, path: str, **fields: str) -> Act:
    data = {"csrf_token": browser.csrf_token(), **fields}
    return lambda: browser.post(path, data=data, headers=JSON)


@pytest.fixture
def two(as_: As) -> list[Browser]:
    return [as_(make_account(Role.MODERATOR, name=name)) for name in ("Ruth", "Tomasz")]


def test_r12_two_rejections_at_once_are_one_and_one_mail_says_why(two: list[Browser]) -> None:
    article = make_article()
    for _ in range(3):
        comment = make_comment(
            article=article, status=Status.PENDING, address=make_address(proven=True)
        )
        fields = {"item": f"{comment.id}:1", "verb": "reject", "tell": "1"}
        answers = at_once(
            [
                posting(browser, "/moderation/decide", reason=reason, **fields)
                for browser, reason in zip(two, ("Advertising", "Too long"), strict=True)
            ]
        )
        assert sorted(answer.status_code for answer in answers) == [200, 409]
        late = next(answer for answer in answers if answer.status_code == 409)
        assert "rejected it meanwhile" in (late.json or {})["problem"]
        told = select(func.count(Job.id)).where(
            Job.kind == "mail.rejected", Job.payload["comment_id"].as_integer() == comment.id
        )
        assert db.session.scalar(told) == 1


def test_r13_a_reply_moved_and_split_off_at_once_stands_in_one_place(two: list[Browser]) -> None:
    question, other = make_comment(), make_comment()
    for _ in range(3):
        reply = make_comment(parent=question)
        path = f"/moderation/{reply.id}"
        answers = at_once(
            [
                posting(two[0], f"{path}/move", to=str(other.id), version="1"),
                posting(two[1], f"{path}/split", version="1"),
            ]
        )
        assert sorted(answer.status_code for answer in answers) == [200, 409]
        found = db.session.get_one(Comment, reply.id, populate_existing=True)
        acts = list(
            db.session.scalars(select(AuditEntry.act).where(AuditEntry.subject_id == reply.id))
        )
        expected = {"move": (other.id, other.id), "split off": (None, None)}
        assert len(acts) == 1
        assert (found.parent_id, found.root_id) == expected[acts[0]]
