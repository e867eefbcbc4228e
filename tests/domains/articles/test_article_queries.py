"""Which articles everyone may see, in which lists, at what cost."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta

import pytest

from app.domains.articles import authoring, pointers, policy, queries
from app.domains.articles.models import Article, FormerSlug, Redirect
from app.domains.articles.states import ArticleStatus
from app.infra import clock
from app.infra.db import db
from app.infra.paging import Wanted
from tests.factories import make_account, make_article, make_resource, make_tag
from tests.support.queries import Counted

pytestmark = pytest.mark.usefixtures("app")


def hidden_articles(**facts: object) -> list[Article]:
    """A draft, a scheduled article, and one that was taken back."""
    return [
        make_article(status=ArticleStatus.DRAFT, **facts),  # type: ignore[arg-type]
        make_article(published_at=clock.now() + timedelta(minutes=5), **facts),  # type: ignore[arg-type]
        make_article(
            status=ArticleStatus.DRAFT,
            published_at=clock.now() - timedelta(days=1),
            **facts,  # type: ignore[arg-type]
        ),
    ]


def test_v10_hidden_articles_are_in_no_list() -> None:
    tag, author = make_tag("Hip"), make_account("author")
    shown = make_article(author=author, tags=[tag])
    hidden_articles(author=author, tags=[tag])
    at = shown.published_at
    assert at is not None
    assert queries.front_page()[0] == [shown]
    assert queries.by_author(author)[0] == [shown]
    assert [row.slug for row in queries.with_tag(tag.id, most=5)] == [shown.slug]
    assert queries.published_in(at.year, at.month)[0] == [shown]
    assert queries.months() == [(at.year, at.month, 1)]


def test_v10_hidden_articles_are_behind_no_tag() -> None:
    tag = make_tag("Hip")
    hidden_articles(tags=[tag])
    assert pointers.pointers_for({0: [tag.id]}) == {0: []}


def test_v04_hidden_articles_have_no_address_present_former_or_foreign() -> None:
    for number, article in enumerate(hidden_articles()):
        db.session.add(FormerSlug(slug=f"once-{number}", article_id=article.id))
        db.session.add(Redirect(path=f"/?p={number}", article_id=article.id))
        db.session.commit()
        assert queries.find_visible(article.slug) is None
        assert queries.find_former(f"once-{number}") is None
        assert queries.find_redirect(f"/?p={number}") is None


def test_a_path_of_the_old_site_leads_on_with_and_without_its_last_slash() -> None:
    article = make_article()
    db.session.add(Redirect(path="/2012/01/07/hello/", article_id=article.id))
    db.session.commit()
    assert queries.find_redirect("/2012/01/07/hello/") == article
    assert queries.find_redirect("/2012/01/07/hello") == article
    assert queries.find_redirect("/2012/01/07/hell") is None


def test_i01_percent_signs_and_quotes_in_a_path_are_letters_like_others() -> None:
    db.session.add(Redirect(path="/hello/", article_id=make_article().id))
    db.session.commit()
    for path in ("/%", "/hell_/", "/' OR 1=1 --", '/"', "/\\"):
        assert queries.find_redirect(path) is None


def test_the_newest_article_stands_first_and_pages_do_not_overlap() -> None:
    made = [make_article(published_at=datetime(2025, 1, day, tzinfo=UTC)) for day in range(1, 24)]
    found, ways = queries.front_page()
    while ways.after:
        more, ways = queries.front_page(Wanted(after=ways.after))
        found += more
    assert found == made[::-1]


@pytest.mark.parametrize("place", ["-1", "4", "1_1", "9" * 30, "1_1_1"])
def test_s13_a_place_behind_which_nothing_is_left_is_the_beginning(place: str) -> None:
    make_article()
    found, ways = queries.front_page(Wanted(after=place))
    assert (len(found), ways.is_first) == (1, True)


def test_a_month_begins_and_ends_in_utc() -> None:
    edges = (
        datetime(2024, 12, 1, tzinfo=UTC),
        datetime(2024, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
        datetime(2025, 1, 1, tzinfo=UTC),
    )
    first, last, _next = [make_article(published_at=at) for at in edges]
    assert queries.published_in(2024, 12)[0] == [last, first]
    assert queries.months() == [(2025, 1, 1), (2024, 12, 2)]
    assert queries.years() == [(2025, [(1, 1)]), (2024, [(12, 2)])]


@pytest.mark.parametrize(("year", "month"), [(2024, 0), (2024, 13), (0, 1), (10_000, 1)])
def test_a_month_that_is_in_no_calendar_is_an_error(year: int, month: int) -> None:
    with pytest.raises(ValueError, match=r"month|year"):
        queries.published_in(year, month)


def test_a_front_page_costs_two_queries_however_long_it_is(
    count_queries: Callable[[], AbstractContextManager[Counted]],
) -> None:
    for _ in range(10):
        make_article(tags=[make_tag()])
    db.session.expunge_all()
    with count_queries() as counted:
        found, _ = queries.front_page()
        assert all(article.author.name and article.title for article in found)
    assert counted.total == 2, counted


def test_the_desk_of_an_author_shows_all_states_and_nobody_elses() -> None:
    author = make_account("author")
    shown = make_article(author=author)
    make_article()
    scheduled = make_article(author=author, published_at=clock.now() + timedelta(days=1))
    draft = make_article(author=author, status=ArticleStatus.DRAFT)
    assert authoring.desk_of(author)[0] == [draft, scheduled, shown]
    assert len(authoring.desk_of(None)[0]) == 4


def test_only_those_who_write_have_an_authors_page() -> None:
    author, reader = make_account("author"), make_account("reader")
    former = make_article(author=make_account("reader")).author
    assert queries.find_author(author.username) == author
    assert queries.find_author(reader.username) is None
    assert queries.find_author(former.username) == former


# Pointers


def test_what_shares_more_tags_stands_first_then_what_is_newer() -> None:
    hip, click = make_tag("Hip"), make_tag("Click")
    old = make_article("Old", tags=[hip], published_at=datetime(2020, 1, 1, tzinfo=UTC))
    new = make_resource("New", tags=[hip], summary="Do it.")
    both = make_article("Both", tags=[hip, click], published_at=datetime(2019, 1, 1, tzinfo=UTC))
    make_article("Neither", tags=[make_tag("Foot")])
    found = pointers.pointers_for({0: [hip.id, click.id]})[0]
    assert [pointer.title for pointer in found] == [both.title, new.title, old.title]
    assert found[1] == pointers.Pointer("exercise", "New", "/resources/new", "Do it.")
    assert found[0].href == "/articles/both"


def test_each_of_many_questions_gets_its_own_pointers_in_one_query(
    count_queries: Callable[[], AbstractContextManager[Counted]],
) -> None:
    tags = [make_tag() for _ in range(20)]
    for tag in tags:
        make_article(tags=[tag])
        make_resource(tags=[tag])
    wanted = {number: [tag.id] for number, tag in enumerate(tags)}
    with count_queries() as counted:
        found = pointers.pointers_for(wanted, limit=1)
    assert counted.total == 1, counted
    assert {key: len(own) for key, own in found.items()} == dict.fromkeys(range(20), 1)


def test_on_a_large_site_the_newest_articles_are_looked_at_and_all_of_a_rare_tag(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pointers, "NEWEST", 3)
    often, rare = make_tag("Often"), make_tag("Rare")
    for year in range(2015, 2021):
        make_article(f"Of {year}", tags=[often], published_at=datetime(year, 1, 1, tzinfo=UTC))
    make_article("Old", tags=[rare], published_at=datetime(2001, 1, 1, tzinfo=UTC))
    found = pointers.pointers_for({1: [often.id], 2: [rare.id], 3: [often.id, rare.id]}, limit=3)
    newest = ["Of 2020", "Of 2019", "Of 2018"]
    assert [pointer.title for pointer in found[1]] == newest
    assert [pointer.title for pointer in found[2]] == ["Old"]
    assert [pointer.title for pointer in found[3]] == newest


def test_questions_without_tags_cost_no_query(
    count_queries: Callable[[], AbstractContextManager[Counted]],
) -> None:
    with count_queries() as counted:
        assert pointers.pointers_for({7: []}) == {7: []}
    assert counted.total == 0


# Policy


@pytest.mark.parametrize(
    ("role", "may"), [("reader", False), ("moderator", False), ("author", True), ("admin", True)]
)
def test_p01_authors_and_admins_write(role: str, may: bool) -> None:
    assert policy.may_write(make_account(role)) is may


@pytest.mark.parametrize(
    ("role", "may"), [("reader", False), ("moderator", False), ("author", False), ("admin", True)]
)
def test_p04_only_admins_edit_an_article_of_somebody_else(role: str, may: bool) -> None:
    assert policy.may_edit(make_account(role), make_article()) is may


def test_p04_authors_edit_their_own_articles_and_guests_none() -> None:
    article = make_article()
    assert policy.may_edit(article.author, article) is True
    assert policy.may_edit(None, article) is False


def test_an_open_article_takes_comments_until_its_days_are_over() -> None:
    published = datetime(2025, 1, 1, tzinfo=UTC)
    article = make_article(published_at=published)
    day = timedelta(days=1)
    assert policy.takes_comments(article, 0, published + 9_000 * day)
    assert policy.takes_comments(article, 30, published + 30 * day - timedelta(seconds=1))
    assert not policy.takes_comments(article, 30, published + 30 * day)


def test_p09_a_closed_a_draft_and_a_scheduled_article_take_no_comments() -> None:
    closed = make_article(comments_open=False)
    assert not policy.takes_comments(closed, 0, clock.now())
    for article in hidden_articles():
        assert not policy.takes_comments(article, 0, clock.now())


def test_reading_takes_a_minute_at_least_and_grows_with_the_words() -> None:
    assert make_article(text="One word.").reading_minutes == 1
    assert make_article(text="word " * 1100).reading_minutes == 5
