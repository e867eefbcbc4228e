"""What is exported comes back the same into an empty site, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import BytesIO, StringIO

import pytest
from flask import Flask

from app.domains.accounts.states import Role
from app.domains.articles.models import FormerSlug
from app.domains.articles.states import ArticleStatus
from app.domains.comments.states import Status
from app.exporters.site import site_records
from app.exporters.wordpress import write
from app.importers.wordpress.reader import ExportReader
from app.importers.wordpress.records import Author, Comment, Entry
from app.infra.db import db
from tests.factories import (
    make_account,
    make_answer,
    make_article,
    make_comment,
    make_question,
    make_tag,
)
from tests.importers import site
from tests.importers.wxr import author, comment, export, item

TEXT = "One *two* <b>three</b> & `four`\n\n- a\n- b ]]> c\n\n    code\n\nhttps://example.org/a_b"


@pytest.fixture(autouse=True)
def context(app: Flask) -> Flask:
    return app


def exported(public_url: str = "https://elsewhere.example") -> bytes:
    db.session.rollback()
    out = StringIO()
    write(out, site_records(title="Standing Well", public_url=public_url))
    return out.getvalue().encode()


def records(kind: type) -> list:  # type: ignore[type-arg]
    return [one for one in ExportReader(BytesIO(exported())) if isinstance(one, kind)]


def lively_site() -> None:
    """Articles in every state, and a thread with every state, kind and writer in it."""
    anna = make_account(Role.AUTHOR, name="Anna")
    hips = make_tag("hips", synonyms=["hip"], description="All of them")
    moved = datetime(2020, 5, 4, 3, 2, 1, 123456, tzinfo=UTC)
    article = make_article(
        "Hips <em>& knees", text=TEXT, author=anna, tags=[hips], published_at=moved, summary="A & b"
    )
    make_article("Not yet", author=anna, published_at=datetime(2199, 1, 1, tzinfo=UTC))
    make_article("Unfinished", author=anna, status=ArticleStatus.DRAFT)
    make_article("Closed", author=anna, comments_open=False)
    question = make_question(f"Why? {TEXT}", article=article, title="Its own title", tags=[hips])
    answer = make_answer(question)
    reader = make_account(Role.READER, name="Rita")
    above = make_comment("Thanks!", parent=answer, account=reader, author_url="https://r.example")
    for number in range(12):
        above = make_comment(f"deeper {number}", parent=above)
    for number, status in enumerate(Status):
        make_comment(f"state {number}", article=article, status=status, reject_reason="rude")
    make_comment("edited", article=article, edited_at=moved + timedelta(days=1))


def test_an_export_comes_back_as_the_same_articles_and_threads(app: Flask) -> None:
    lively_site()
    before = site.whole()
    file = exported()
    site.empty(app)
    site.bring_in(file)
    after = site.whole()
    for text in before["threads"]:  # tags by words are looked for anew in every question
        text["tags"] = [(slug, by_hand) for slug, by_hand, _ in text["tags"]]
    for text in after["threads"]:
        text["tags"] = [(slug, by_hand) for slug, by_hand, _ in text["tags"]]
    assert after["articles"] == before["articles"]
    assert after["threads"] == before["threads"]


def test_an_imported_blog_exported_and_imported_again_has_equal_threads(app: Flask) -> None:
    thread = (
        comment(1, "My hip <em>clicks</em>. Why?")
        + comment(2, "one\ntwo\n\n* three *", parent="1", user_id="7")
        + comment(3, "waiting", approved="0", parent="2")
        + comment(4, "&lt;b&gt; ]]&gt;", approved="spam")
    )
    label = '<category domain="category" nicename="hip">Hip</category>'
    old = export(author(), item(5, "a\n\n<b>b</b>", inside=label + thread), item(6, status="draft"))
    site.bring_in(old)
    before = site.whole()
    file = exported()
    site.empty(app)
    site.bring_in(file)
    assert site.whole() == before


def test_an_article_that_was_renamed_here_is_still_found_after_a_move(app: Flask) -> None:
    article = make_article("New name")
    db.session.add(FormerSlug(slug="old-name", article_id=article.id))
    db.session.commit()
    file = exported()
    site.empty(app)
    site.bring_in(file)
    assert site.redirects() == {"/articles/old-name": "new-name"}


def test_what_this_very_site_exported_is_not_brought_in_beside_itself() -> None:
    lively_site()
    before = site.row_counts()
    report = site.bring_in(exported(site.OWN_URL))
    assert report.left["articles that this site exported and still has"].count == 4
    assert site.row_counts().items() >= before.items()
    assert len(site.articles()) == 4


def test_wordpress_finds_its_own_words_for_every_state() -> None:
    article = make_article()
    for status in Status:
        make_comment(str(status), article=article, status=status)
    make_article("Later", published_at=datetime(2199, 1, 1, tzinfo=UTC))
    states = {dict(one.own)["status"]: one.approved for one in records(Comment)}
    assert states == {
        "pending": "0",
        "spam": "spam",
        "approved": "1",
        "rejected": "trash",
        "withdrawn": "trash",
        "deleted": "trash",
    }
    assert {one.status for one in records(Entry)} == {"publish", "future"}


def test_only_authors_are_exported_as_accounts() -> None:
    article = make_article(author=make_account(Role.AUTHOR, name="Anna"))
    reader = make_account(Role.READER, name="Rita")
    make_comment("hello", article=article, account=reader)
    make_account(Role.MODERATOR, name="Mo")
    make_account(Role.ADMIN, name="Ada")
    assert [one.display_name for one in records(Author)] == ["Anna"]
    assert [one.user_id for one in records(Comment)] == [0]


def test_d10_no_secret_of_an_account_or_a_reader_is_in_the_file() -> None:
    answer = make_answer(make_question())
    assert answer.account is not None
    secrets = {answer.nonce, answer.account.password_hash, answer.account.address.nonce}
    file = exported().decode()
    assert not [secret for secret in secrets if secret is None or secret in file]


def test_a_title_that_looks_like_html_is_text_for_wordpress_too() -> None:
    make_article("Knees <b>& hips")
    assert [one.title for one in records(Entry)] == ["Knees &lt;b&gt;&amp; hips"]
