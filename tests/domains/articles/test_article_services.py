"""Writing, publishing and moving articles."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import select

from app.domains.articles import authoring, queries, services
from app.domains.articles.errors import SlugTaken, StaleForm, UnfitArticle
from app.domains.articles.events import ArticleChanged, ArticlePublished, ArticleRemoved
from app.domains.articles.models import Article, FormerSlug, Image
from app.domains.articles.picture_files import Picture
from app.domains.articles.services import ArticleText
from app.domains.articles.states import ArticleStatus
from app.infra import clock as site_clock
from app.infra import events
from app.infra.audit import AuditEntry
from app.infra.db import db
from app.infra.unit_of_work import unit_of_work
from tests.factories import make_account, make_article, make_tag

pytestmark = pytest.mark.usefixtures("app")

HIPS = ArticleText(title="Why hips click", source="Because *tendons* move.")


def as_text(article: Article, **changes: object) -> ArticleText:
    same = ArticleText(
        title=article.title, slug=article.slug, summary=article.summary, source=article.source
    )
    return replace(same, **changes)  # type: ignore[arg-type]


def test_a_new_article_is_a_draft_with_safe_html_and_a_slug() -> None:
    hip = make_tag("Hip")
    author = make_account("author")
    with unit_of_work():
        article = services.draft(author, replace(HIPS, tag_ids=[hip.id]))
    assert article.status == ArticleStatus.DRAFT
    assert article.published_at is None
    assert article.slug == "why-hips-click"
    assert article.html == "<p>Because <em>tendons</em> move.</p>\n"
    assert article.tags == [hip]


def test_a_draft_tells_nobody() -> None:
    author = make_account("author")
    with unit_of_work():
        services.draft(author, HIPS)
        assert events.recorded() == []


def test_a_second_article_of_the_same_title_gets_a_number() -> None:
    author = make_account("author")
    with unit_of_work():
        slugs = [services.draft(author, HIPS).slug for _ in range(3)]
    assert slugs == ["why-hips-click", "why-hips-click-2", "why-hips-click-3"]


def test_a_slug_that_was_asked_for_and_is_in_use_is_refused() -> None:
    make_article("Why hips click")
    author = make_account("author")
    with pytest.raises(SlugTaken), unit_of_work():
        services.draft(author, replace(HIPS, slug="Why hips click"))


@pytest.mark.parametrize(
    ("text", "field"),
    [
        (replace(HIPS, title=""), "title"),
        (replace(HIPS, title="\u200b\u2060"), "title"),
        (replace(HIPS, title="x" * 201), "title"),
        (replace(HIPS, summary="x" * 501), "summary"),
        (replace(HIPS, source="x" * 200_001), "source"),
        (replace(HIPS, source="bell \x07"), "source"),
        (replace(HIPS, source="half \ud800"), "source"),
    ],
)
def test_what_cannot_be_taken_is_refused_by_the_name_of_its_field(
    text: ArticleText, field: str
) -> None:
    author = make_account("author")
    with pytest.raises(UnfitArticle) as refused, unit_of_work():
        services.draft(author, text)
    assert refused.value.field == field


def test_x01_an_articles_text_is_sanitised() -> None:
    author = make_account("author")
    with unit_of_work():
        article = services.draft(
            author, replace(HIPS, source="<img src=x onerror=alert(1)>[x](javascript:1)")
        )
    assert "<img" not in article.html
    assert "href" not in article.html


def test_u04_the_source_comes_back_as_it_was_typed() -> None:
    author = make_account("author")
    source = "  Zalgo h̸͉̔i̷\u202e right\tto left \U0001f9b5 ﷽\n\n\n trailing  \n"
    with unit_of_work():
        article = services.draft(author, replace(HIPS, source=source))
    db.session.expire_all()
    assert article.source == source


def test_uploaded_pictures_carry_their_sizes_in_the_page(tmp_path: Path) -> None:
    author = make_account("author")
    with unit_of_work():
        picture = Picture(b"bytes", "a" * 24 + ".png", 640, 480)
        services.keep_picture(picture, tmp_path, by=author)
        article = services.draft(author, replace(HIPS, source=f"![Hip](/media/{picture.name})"))
    assert 'width="640"' in article.html
    assert 'height="480"' in article.html
    assert db.session.scalars(select(Image.uploader_id)).all() == [author.id]
    assert (tmp_path / picture.name).read_bytes() == b"bytes"


def test_publishing_makes_an_article_visible_now() -> None:
    author = make_account("author")
    with unit_of_work():
        article = services.draft(author, HIPS)
        services.publish(article)
        assert events.recorded() == [ArticlePublished(article.id)]
    assert queries.find_visible("why-hips-click") == article


def test_a_scheduled_article_appears_when_its_time_has_come(
    clock: time_machine.Traveller,
) -> None:
    author = make_account("author")
    with unit_of_work():
        article = services.draft(author, HIPS)
        services.publish(article, site_clock.now() + timedelta(hours=2))
    assert queries.find_visible(article.slug) is None
    clock.shift(timedelta(hours=2))
    assert queries.find_visible(article.slug) == article


def test_publishing_a_scheduled_article_without_a_time_publishes_it_now() -> None:
    article = make_article(published_at=site_clock.now() + timedelta(days=3))
    with unit_of_work():
        services.publish(article)
    assert queries.find_visible(article.slug) == article


def test_an_article_taken_back_is_a_draft_and_keeps_its_date_when_it_returns() -> None:
    article = make_article(published_at=datetime(2024, 5, 6, tzinfo=UTC))
    with unit_of_work():
        services.unpublish(article)
        assert events.recorded() == [ArticleRemoved(article.id)]
    assert queries.find_visible(article.slug) is None
    with unit_of_work():
        services.publish(article)
    assert article.published_at == datetime(2024, 5, 6, tzinfo=UTC)


def test_every_move_is_on_record_with_its_states() -> None:
    author = make_account("author")
    with unit_of_work():
        article = services.draft(author, HIPS, by=author)
        services.publish(article, by=author)
        services.open_comments(article, is_open=False, by=author)
        services.unpublish(article, by=author)
    rows = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [(row.act, row.from_state, row.to_state) for row in rows] == [
        ("draft", None, None),
        ("publish", "draft", "published"),
        ("close comments", None, None),
        ("unpublish", "published", "draft"),
    ]
    assert {row.actor_id for row in rows} == {author.id}


def test_an_edit_of_a_published_article_is_told_and_of_a_draft_is_not() -> None:
    shown, hidden = make_article(), make_article(status=ArticleStatus.DRAFT)
    with unit_of_work():
        services.edit(hidden, as_text(hidden, title="New"))
        assert events.recorded() == []
        services.edit(shown, as_text(shown, title="New"))
        assert events.recorded() == [ArticleChanged(shown.id)]


def test_a_form_made_from_an_older_version_is_refused_and_nothing_is_saved() -> None:
    article = make_article()
    opened_at = article.version
    with unit_of_work():
        services.edit(article, as_text(article, source="First."), version=opened_at)
    with pytest.raises(StaleForm), unit_of_work():
        services.edit(article, as_text(article, source="Second."), version=opened_at)
    assert article.source == "First."


def test_a_title_may_change_and_the_address_stays() -> None:
    article = make_article("Why hips click")
    with unit_of_work():
        services.edit(article, as_text(article, title="Something else", slug=""))
    assert article.slug == "why-hips-click"


def test_an_articles_old_slug_is_kept_and_no_other_article_may_take_it() -> None:
    article, other = make_article("Old name"), make_article("Other")
    with unit_of_work():
        services.edit(article, as_text(article, slug="new-name"))
    assert queries.find_former("old-name") == article
    with pytest.raises(SlugTaken), unit_of_work():
        services.edit(other, as_text(other, slug="old-name"))
    with unit_of_work():
        drafted = services.draft(article.author, ArticleText(title="Old name"))
    assert drafted.slug == "old-name-2"


def test_an_article_may_take_its_own_old_slug_back() -> None:
    article = make_article("Old name")
    for slug in ("new-name", "old-name"):
        with unit_of_work():
            services.edit(article, as_text(article, slug=slug))
    assert db.session.scalars(select(FormerSlug.slug)).all() == ["new-name"]


def test_the_old_slug_of_a_draft_that_nobody_saw_is_free_again() -> None:
    author = make_account("author")
    with unit_of_work():
        article = services.draft(author, HIPS)
        services.edit(article, replace(HIPS, slug="hips"))
    assert authoring.slug_holder("why-hips-click") is None


def test_rendering_again_by_the_same_rules_changes_nothing() -> None:
    article = make_article(text="One **two**\n\nhttps://vimeo.com/76979871")
    with unit_of_work():
        assert services.render_again(article) is False
