"""Reads of tags, and who may change them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from app.domains.tags import policy, queries
from tests.factories import make_account, make_tag
from tests.support.queries import Counted

pytestmark = pytest.mark.usefixtures("app")


def test_all_tags_come_by_name_whatever_its_case() -> None:
    for name in ("knee", "Hip", "ankle"):
        make_tag(name)
    assert [tag.name for tag in queries.all_tags()] == ["ankle", "Hip", "knee"]


def test_all_tags_with_their_synonyms_cost_two_queries(
    count_queries: Callable[[], AbstractContextManager[Counted]],
) -> None:
    for number in range(10):
        make_tag(f"tag {number}", synonyms=[f"word {number}"])
    with count_queries() as counted:
        assert all(tag.phrases for tag in queries.all_tags())
    assert counted.total == 2, counted


def test_only_the_tags_that_exist_are_found_among_ids() -> None:
    tag = make_tag("Hip")
    assert queries.tags_with_ids({tag.id, tag.id + 1000}) == [tag]


@pytest.mark.parametrize(
    ("role", "may"), [("reader", False), ("moderator", True), ("author", True), ("admin", True)]
)
def test_p01_staff_may_edit_tags_and_readers_may_not(role: str, may: bool) -> None:
    assert policy.may_edit_tags(make_account(role)) is may


def test_p01_a_guest_may_not_edit_tags() -> None:
    assert policy.may_edit_tags(None) is False
