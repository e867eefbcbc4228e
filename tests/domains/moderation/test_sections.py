"""The sections a moderator is limited to."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.domains.accounts.models import Account
from app.domains.accounts.states import Role
from app.domains.comments.models import Comment
from app.domains.moderation.queue import sections
from app.infra.audit import AuditEntry
from app.infra.db import db
from tests.factories import make_account, make_article, make_comment, make_tag

pytestmark = pytest.mark.usefixtures("app")


def limited_to(*names: str) -> tuple[Account, list[Comment]]:
    """A moderator of these sections, and a text in each of hip, knee and nowhere."""
    tags = {name: make_tag(name) for name in ("hip", "knee")}
    moderator = make_account(Role.MODERATOR)
    sections.limit(moderator, [tags[name].id for name in names], by=make_account(Role.ADMIN))
    texts = [make_comment(article=make_article(tags=[tag])) for tag in tags.values()]
    return moderator, [*texts, make_comment(article=make_article())]


def test_a_moderator_decides_everywhere_at_first() -> None:
    moderator = make_account(Role.MODERATOR)
    assert sections.of(moderator) is None
    assert sections.may_decide_on(moderator, make_comment())


def test_a_limited_moderator_decides_only_in_their_sections() -> None:
    moderator, texts = limited_to("hip")
    allowed = [sections.may_decide_on(moderator, one) for one in texts]
    assert allowed == [True, False, False]


def test_the_filter_agrees_with_the_rule() -> None:
    moderator, texts = limited_to("hip", "knee")
    tag_ids = sections.of(moderator)
    found = db.session.scalars(select(Comment).where(sections.within(tag_ids or ())))
    assert set(found) == set(texts[:2])


def test_of_many_texts_only_those_in_the_sections_are_left() -> None:
    moderator, texts = limited_to("knee")
    ids = [one.id for one in reversed(texts)]
    assert sections.of_these(moderator, ids) == [texts[1].id]
    assert sections.of_these(make_account(Role.MODERATOR), ids) == ids


@pytest.mark.parametrize("role", [Role.AUTHOR, Role.ADMIN, Role.READER])
def test_nobody_but_moderators_is_limited(role: Role) -> None:
    person = make_account(role)
    with pytest.raises(sections.NotLimitable):
        sections.limit(person, [make_tag().id], by=make_account(Role.ADMIN))
    assert sections.of(person) is None


def test_limits_end_with_the_role() -> None:
    moderator, texts = limited_to("hip")
    moderator.role = Role.AUTHOR
    assert sections.of(moderator) is None
    assert sections.may_decide_on(moderator, texts[2])


def test_every_change_is_written_down_with_what_was_before() -> None:
    hip, knee, admin = make_tag("hip"), make_tag("knee"), make_account(Role.ADMIN)
    moderator = make_account(Role.MODERATOR)
    sections.limit(moderator, [hip.id], by=admin)
    sections.limit(moderator, [hip.id, knee.id], by=admin)
    sections.limit(moderator, [knee.id, hip.id], by=admin)
    sections.limit(moderator, [], by=admin)
    found = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [(row.act, row.subject_id) for row in found] == [("limit sections", moderator.id)] * 3
    assert [row.detail for row in found] == [
        {"before": [], "after": [hip.id]},
        {"before": [hip.id], "after": [hip.id, knee.id]},
        {"before": [hip.id, knee.id], "after": []},
    ]


def test_the_list_has_every_moderator_with_their_tags() -> None:
    moderator, _ = limited_to("hip", "knee")
    other = make_account(Role.MODERATOR)
    make_account(Role.MODERATOR, disabled=True)
    make_account(Role.AUTHOR)
    found = sections.moderators()
    assert found == {moderator: sections.of(moderator), other: frozenset()}
