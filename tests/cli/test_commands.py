"""Commands that look after the whole site: the check of the database, rendering again, the demo."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.cli import demo
from app.domains.accounts.models import Account
from app.domains.accounts.states import Role
from app.domains.articles import authoring
from app.domains.articles.models import Article
from app.domains.articles.states import ArticleStatus
from app.domains.comments import asked
from app.domains.comments.models import Comment
from app.domains.comments.states import Status
from app.engines.text.render import RENDER_VERSION
from app.infra.db import db
from app.infra.jobs import Job
from app.search import gap_report, reading
from app.search.models import SearchDocument
from tests.factories import make_account, make_article, make_comment


def run(app: Flask, *words: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=list(words))
    return result.exit_code, result.output


@pytest.mark.one_database
@pytest.mark.parametrize("words", ["accounts list", "search reindex", "rerender", "worker --once"])
def test_r16_a_database_without_tables_is_named_in_one_line(
    make_app: Callable[..., Flask], tmp_path: Path, words: str
) -> None:
    app = make_app(database_url=f"sqlite:///{tmp_path / 'empty.db'}")

    code, output = run(app, *words.split())

    assert code == 1
    assert output == "Error: The database has no tables yet. Run: flask --app wsgi db upgrade\n"


def test_rendering_again_mends_what_older_rules_made_and_nothing_else(app: Flask) -> None:
    old = make_comment("Some *words*.")
    old.html, old.render_version = "<p>as it was</p>", RENDER_VERSION - 1
    kept = make_comment("Other *words*.")
    kept.html = "<p>made by these rules</p>"
    db.session.commit()

    code, output = run(app, "rerender")
    db.session.expire_all()

    assert (code, "comments: 1 changed" in output) == (0, True)
    assert old.html == "<p>Some <em>words</em>.</p>\n"
    assert kept.html == "<p>made by these rules</p>"


def test_x12_rendering_all_again_changes_nothing(app: Flask) -> None:
    make_comment("Some *words* and https://a.example.com")

    code, output = run(app, "rerender", "--all")

    assert (code, "comments: 0 changed" in output) == (0, True)


def test_the_demo_fills_an_empty_site_and_mails_nobody(app: Flask) -> None:
    code, _ = run(app, "demo", "load")

    def count(column: object, *where: object) -> int:
        return db.session.scalar(select(func.count(column)).where(*where)) or 0  # type: ignore[arg-type]

    assert code == 0
    assert count(Account.id) == len(demo.people())
    assert count(Article.id) == 10
    assert count(Comment.id, Comment.status == Status.PENDING) == 23
    assert count(SearchDocument.id) > 50
    assert count(Job.id, Job.kind != reading.READ) == 0


@pytest.fixture
def demo_content(furnished: Callable[[str, Callable[[], bool]], bool]) -> None:
    assert furnished("demo", demo.load_when_empty)


@pytest.mark.one_database
@pytest.mark.usefixtures("demo_content")
def test_the_desk_of_the_demo_has_something_in_every_lane() -> None:
    lanes = {
        "red flag": Comment.red_flag & (Comment.status == Status.PENDING),
        "reported and hidden": (Comment.report_weight >= 5) & (Comment.status == Status.PENDING),
        "reported and read": (Comment.report_weight < 5)
        & (Comment.status == Status.APPROVED)
        & Comment.reported_at.is_not(None),
        "held": Comment.held_for_id.is_not(None),
        "recheck": Comment.recheck_at.is_not(None) & Comment.by_author,
        "spam": Comment.status == Status.SPAM,
        "decided": Comment.decided_at.is_not(None),
    }
    counts = {
        name: db.session.scalar(select(func.count(Comment.id)).where(lane))
        for name, lane in lanes.items()
    }

    assert [name for name, found in counts.items() if not found] == []


@pytest.mark.one_database
@pytest.mark.usefixtures("demo_content")
def test_the_demo_has_articles_worth_writing_and_what_stands_beside_them() -> None:
    found, _ = gap_report.gaps()
    words = [word for gap in found for word in gap.words]
    assert {"saddle", "pregnant", "stairs"} <= set(words)
    assert all(gap.people >= 3 for gap in found[:3])
    assert len(gap_report.misses()) >= 3
    assert asked.not_helping()[0]
    assert asked.most_asked()[0][0].people >= 3


@pytest.mark.one_database
@pytest.mark.usefixtures("demo_content")
def test_two_moderators_of_the_demo_can_sit_at_the_desk_at_once() -> None:
    at_desk = select(func.count(Account.id)).where(Account.role == Role.MODERATOR)
    assert db.session.scalar(at_desk) == 2


def test_the_demo_leaves_a_site_with_people_alone(app: Flask) -> None:
    make_comment()

    code, output = run(app, "demo", "load")

    assert (code, "content already" in output) == (1, True)


def test_articles_of_one_who_leaves_are_given_to_another_author(app: Flask) -> None:
    leaving, heir = make_account(Role.AUTHOR), make_account(Role.AUTHOR)
    public = make_article("Hips", author=leaving)
    make_article("Knees", author=leaving, status=ArticleStatus.DRAFT)
    page = app.test_client()
    assert leaving.name in page.get(public.href).text

    code, output = run(app, "accounts", "give-articles", leaving.username, heir.username)

    assert (code, "2 articles stand under the name" in output) == (0, True)
    assert not authoring.all_of(leaving)
    assert heir.name in page.get(public.href).text
    assert leaving.name not in page.get(public.href).text


def test_articles_are_given_to_nobody_who_may_not_write_any(app: Flask) -> None:
    article = make_article()

    code, output = run(
        app, "accounts", "give-articles", article.author.username, make_account().username
    )

    assert (code, "authors and admins alone" in output) == (1, True)
