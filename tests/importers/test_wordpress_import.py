"""An export brought into a real database, by the domains that everything else goes through."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.domains.accounts.models import Account, Address
from app.domains.accounts.states import Role
from app.domains.articles.models import Article
from app.domains.articles.queries import find_redirect
from app.domains.articles.states import ArticleStatus
from app.domains.comments.models import Comment
from app.domains.comments.states import Kind, Status
from app.domains.tags.models import Tag
from app.importers.report import Report
from app.importers.wordpress.errors import BrokenExport
from app.infra.db import db
from app.infra.jobs import Job
from app.search.models import SearchDocument
from tests.factories import make_account
from tests.importers import site
from tests.importers.site import bring_in, row_counts, whole
from tests.importers.wxr import DATE, author, comment, export, item, tag

LABELS = (
    '<category domain="category" nicename="hips">Hips</category>'
    '<category domain="post_tag" nicename="hips">hips</category>'
    '<category domain="category" nicename="uncategorized">Uncategorized</category>'
)


def article_named(title: str) -> Article:
    return db.session.scalars(select(Article).where(Article.title == title)).one()


@pytest.fixture(autouse=True)
def context(app: Flask) -> Flask:
    return app


def test_a_post_becomes_an_article_with_its_date_author_tags_and_text() -> None:
    bring_in(export(author(), item(3, "<h2>Hips</h2><p>Go <b>slowly</b>.</p>", inside=LABELS)))
    article = article_named("Entry 3")
    assert article.slug == "entry-3"
    assert article.source == "## Hips\n\nGo **slowly**."
    assert "<strong>slowly</strong>" in article.html
    assert article.published_at == datetime(2012, 3, 4, 5, 6, 7, tzinfo=UTC)
    assert article.author.name == "Anna"
    assert [found.slug for found in article.tags] == ["hips"]
    assert article.comments_open


@pytest.mark.parametrize(
    ("fields", "status", "is_out"),
    [
        ({"status": "publish"}, ArticleStatus.PUBLISHED, True),
        ({"status": "publish", "post_type": "page"}, ArticleStatus.PUBLISHED, True),
        ({"status": "future", "post_date_gmt": "2199-01-01 00:00:00"}, "published", False),
        ({"status": "draft"}, ArticleStatus.DRAFT, False),
        ({"status": "pending"}, ArticleStatus.DRAFT, False),
        ({"status": "private"}, ArticleStatus.DRAFT, False),
        ({"status": "publish", "post_password": "enter"}, ArticleStatus.DRAFT, False),
        ({"status": "a plugin's own"}, ArticleStatus.DRAFT, False),
    ],
)
def test_only_what_everyone_could_read_is_public_afterwards(
    fields: dict[str, str], status: str, is_out: bool
) -> None:
    bring_in(export(item(1, **fields)))
    article = article_named("Entry 1")
    assert article.status == status
    assert article.is_visible(datetime.now(UTC)) == is_out


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"post_type": "attachment", "status": "inherit"}, "attachments"),
        ({"post_type": "nav_menu_item"}, "nav_menu_item"),
        ({"status": "trash"}, "trash"),
        ({"post_id": "", "link": ""}, "without an id"),
    ],
)
def test_what_is_left_out_is_counted_with_its_reason(fields: dict[str, str], why: str) -> None:
    report = bring_in(export(item(1, inside=comment(2), **fields)))
    assert row_counts().keys() <= {"alembic_version"}
    assert any(why in reason for reason in report.left)
    assert report.left["comments under entries that were left out"].count == 1


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("A &amp; <em>B</em>", "A & B"),
        ("", "Text"),
        ("x" * 300, "x" * 199 + "…"),
        ("\u202eevil\u200b", "evil"),
    ],
)
def test_titles_are_plain_lines_here(title: str, expected: str) -> None:
    bring_in(export(item(1, title=title)))
    assert db.session.scalars(select(Article.title)).all() == [expected]


def test_entries_with_one_slug_get_two_addresses() -> None:
    bring_in(export(item(1, post_name="hip"), item(2, post_name="hip"), item(3, post_name="hip")))
    slugs = db.session.scalars(select(Article.slug).order_by(Article.id)).all()
    assert slugs == ["hip", "hip-2", "hip-3"]


def test_the_old_addresses_lead_to_the_new_page() -> None:
    link = "https://old.example/2012/03/%C3%BCber-uns/"
    bring_in(export(item(5, link=link, post_type="page")))
    article = article_named("Entry 5")
    for path in ("/2012/03/über-uns/", "/2012/03/über-uns", "/?p=5", "/?page_id=5"):
        assert find_redirect(path) == article


def test_a_draft_has_redirects_that_nobody_can_follow_yet() -> None:
    bring_in(export(item(5, status="private")))
    assert find_redirect("/?p=5") is None


def test_the_states_dates_and_tree_of_comments_are_kept() -> None:
    thread = (
        comment(11, "My hip clicks. Why?")
        + comment(12, "Mine too.", parent="11", date_gmt="2012-03-05 00:00:00")
        + comment(13, "waiting", approved="0")
        + comment(14, "pills", approved="spam")
        + comment(15, "gone", approved="trash", parent="12")
    )
    bring_in(export(item(1, inside=thread)))
    question, reply = site.comment("My hip clicks. Why?"), site.comment("Mine too.")
    assert question.kind == Kind.QUESTION
    assert question.status == Status.APPROVED
    assert question.published_at == question.created_at == datetime.fromisoformat(f"{DATE}Z")
    assert (reply.parent_id, reply.root_id, reply.question_id) == (question.id,) * 3
    assert reply.created_at == datetime(2012, 3, 5, tzinfo=UTC)
    assert site.comment("waiting").status == Status.PENDING
    assert site.comment("pills").status == Status.SPAM
    gone = site.comment("gone")
    assert (gone.status, gone.parent_id, gone.root_id) == (Status.DELETED, reply.id, question.id)


def test_the_authors_replies_are_known_by_the_user_id_alone() -> None:
    thread = (
        comment(1, "signed in", user_id="7", author="Somebody", author_email="x@example.org")
        + comment(2, "pretending", author="Anna", author_email="anna@example.org")
        + comment(3, "a subscriber", user_id="8", author_email="anna@example.org")
    )
    report = bring_in(export(author(old_id=7), item(1, inside=thread)))
    true = site.comment("signed in")
    assert true.by_author
    assert true.author_name == "Anna"
    for words in ("pretending", "a subscriber"):
        assert not site.comment(words).by_author
        assert site.comment(words).account_id is None
    assert any("author's e-mail" in note for note in report.notes)


def test_the_oldest_format_knows_its_author_by_the_address_of_who_was_signed_in() -> None:
    thread = comment(1, "signed in", user_id="1", author_email="Anna@example.org") + comment(
        2, "a guest", author_email="anna@example.org"
    )
    nameless = author().replace("<wp:author_id>7</wp:author_id>", "")
    bring_in(export(nameless, item(1, inside=thread), version="1.0"))
    assert site.comment("signed in").by_author
    assert not site.comment("a guest").by_author


def test_an_imported_author_has_no_password_and_no_proven_address() -> None:
    bring_in(export(author(), item(1)))
    account = db.session.scalars(select(Account)).one()
    assert (account.role, account.password_hash) == (Role.AUTHOR, None)
    assert not account.is_proven
    assert not account.address.is_proven


def test_an_author_with_an_account_here_stays_that_account_and_keeps_its_role() -> None:
    known = make_account(Role.READER, name="Anna B.", email="anna@example.org")
    bring_in(export(author(), item(1)))
    assert article_named("Entry 1").author_id == known.id
    assert db.session.get_one(Account, known.id).role == Role.READER
    assert db.session.scalar(select(func.count(Account.id))) == 1


def test_an_author_whose_name_is_taken_gets_a_number() -> None:
    make_account(Role.READER, name="Anna", username="anna")
    bring_in(export(author(), item(1)))
    account = article_named("Entry 1").author
    assert (account.name, account.username) == ("Anna (2)", "anna-2")


def test_an_article_by_nobody_in_the_export_gets_an_author_without_an_address() -> None:
    report = bring_in(export(item(1, creator="bert")))
    account = article_named("Entry 1").author
    assert account.address.email == "bert@old.example.invalid"
    assert any("made up" in note for note in report.notes)


def test_guests_keep_name_and_address_and_prove_nothing_by_it() -> None:
    thread = comment(1, "hello", author="Tom &amp; Jo", author_url="https://tom.example/")
    thread += comment(2, "bad address", author_email="no address", author_url="javascript:x")
    thread += comment(3, "nameless", author="", author_email="")
    bring_in(export(item(1, inside=thread)))
    hello = site.comment("hello")
    assert (hello.author_name, hello.author_url) == ("Tom & Jo", "https://tom.example/")
    assert hello.address is not None
    assert not hello.address.is_proven
    assert site.comment("bad address").address is None
    assert site.comment("bad address").author_url is None
    assert site.comment("nameless").author_name == "Anonymous"


def test_one_guest_is_one_address() -> None:
    thread = comment(1, "a") + comment(2, "b", author_email="MONA@example.org")
    bring_in(export(item(1, inside=thread)))
    addresses = db.session.scalars(select(Address.email).where(Address.email_key.like("mona%")))
    assert addresses.all() == ["mona@example.org"]


def test_pings_come_in_only_when_asked_for() -> None:
    thread = comment(1, "ping", type="pingback") + comment(2, "track", type="trackback")
    report = bring_in(export(item(1, inside=thread)))
    assert db.session.scalar(select(func.count(Comment.id))) == 0
    assert [tally.count for tally in report.left.values()] == [1, 1]
    bring_in(export(item(1, inside=thread)), with_pings=True)
    assert db.session.scalar(select(func.count(Comment.id))) == 2


def test_r22_running_it_twice_adds_nothing() -> None:
    thread = comment(1) + comment(2, "Why?", parent="1") + comment(0, "no id")
    file = export(author(), item(1, inside=LABELS + thread), item(2, post_id=""))
    bring_in(file)
    before, rows = whole(), row_counts()
    report = bring_in(file)
    assert (whole(), row_counts()) == (before, rows)
    assert not report.taken
    assert report.known == {"authors": 1, "articles": 2, "comments": 3}


def test_a_later_export_adds_only_what_is_new() -> None:
    bring_in(export(item(1, inside=comment(1, "old"))))
    later = export(item(1, inside=comment(1, "old") + comment(2, "new", parent="1")), item(2))
    report = bring_in(later)
    assert report.taken == {"comments approved": 1, "posts as published articles": 1}
    assert site.comment("new").parent_id == site.comment("old").id


def test_a_dry_run_reports_the_same_and_writes_nothing() -> None:
    thread = comment(1, user_id="7") + comment(2, parent="1", user_id="7") + comment(3, parent="99")
    file = export(author(), item(1, inside=LABELS + thread), item(2, status="draft"))
    dry = bring_in(file, is_dry=True)
    assert row_counts().keys() <= {"alembic_version"}
    wet = bring_in(file)
    assert (dry.taken, dry.left) == (wet.taken, wet.left)


def test_r21_an_import_sends_no_mail() -> None:
    make_account(Role.MODERATOR)
    bring_in(export(author(), item(1, inside=comment(1, "Why?", approved="0") + comment(2))))
    mails = select(func.count(Job.id)).where(Job.kind.startswith("mail."))
    assert db.session.scalar(mails) == 0


def test_what_came_in_can_be_searched() -> None:
    thread = comment(1, "Why does it click?") + comment(2, "Because of the tendon.", parent="1")
    bring_in(export(item(1, inside=thread)))
    question = site.comment("Why does it click?")
    found = db.session.scalars(
        select(SearchDocument.body).where(
            SearchDocument.kind == "question", SearchDocument.ref == question.id
        )
    ).one()
    assert "tendon" in found


def test_a_question_is_tagged_by_the_words_of_the_old_sites_tags() -> None:
    label = '<category domain="post_tag" nicename="hip">hip</category>'
    bring_in(export(item(1, inside=label + comment(1, "Why does my hip click?"))))
    (link,) = site.comment("Why does my hip click?").tags
    assert (link.tag.slug, link.words, link.by_hand) == ("hip", "hip", False)


def test_categories_bring_their_description() -> None:
    term = f"<wp:category>{tag('wp:category_nicename', 'hips')}{tag('wp:cat_name', 'Hips')}"
    term += f"{tag('wp:category_description', 'All <b>about</b> hips')}</wp:category>"
    bring_in(export(term))
    assert db.session.scalars(select(Tag.description)).all() == ["All about hips"]


# Trees that are not as they should be


def test_r22_an_orphan_begins_a_thread_and_is_reported() -> None:
    report = bring_in(export(item(1, inside=comment(5, "alone", parent="99"))))
    assert site.comment("alone").parent_id is None
    assert any("begin a thread" in note for note in report.notes)


def test_r22_a_reply_that_stands_before_its_parent_finds_it() -> None:
    thread = (
        comment(5, "third", parent="6") + comment(6, "second", parent="7") + comment(7, "first")
    )
    bring_in(export(item(1, inside=thread)))
    first, second, third = (site.comment(text) for text in ("first", "second", "third"))
    assert (second.parent_id, third.parent_id) == (first.id, second.id)
    assert third.root_id == first.id


def test_r22_replies_in_a_circle_end_somewhere() -> None:
    thread = comment(5, "a", parent="6") + comment(6, "b", parent="5") + comment(7, "c", parent="7")
    bring_in(export(item(1, inside=thread)))
    assert site.comment("a").parent_id is None
    assert site.comment("b").parent_id == site.comment("a").id
    assert site.comment("c").parent_id is None


def test_r22_of_two_comments_with_one_id_the_first_is_taken() -> None:
    report = bring_in(export(item(1, inside=comment(5, "one") + comment(5, "two"))))
    assert db.session.scalars(select(Comment.source)).all() == ["one"]
    assert report.left["comments with the id of another one"].examples == ["5"]


def test_p08_a_parent_under_another_article_is_no_parent() -> None:
    file = export(
        item(1, inside=comment(5, "there")), item(2, inside=comment(6, "here", parent="5"))
    )
    bring_in(file)
    assert site.comment("here").parent_id is None


@pytest.mark.one_database
def test_r19_a_chain_of_replies_is_as_deep_as_it_was() -> None:
    chain = "".join(
        comment(number, f"n{number}", parent=str(number - 1)) for number in range(1, 600)
    )
    bring_in(export(item(1, inside=chain)))
    rows = db.session.execute(select(Comment.id, Comment.parent_id))
    parents = {row.id: row.parent_id for row in rows}
    depth, at = 0, site.comment("n599").id
    while (above := parents[at]) is not None:
        depth, at = depth + 1, above
    assert depth == 598


# Files that stop


def busy_file() -> bytes:
    """Two articles with threads of several batches' worth of relations."""
    first = "".join(
        comment(n, f"text {n}?", parent=str(n // 3) if n % 3 else "0") for n in range(1, 250)
    )
    second = comment(300, "x", parent="301") + comment(301, "y") + comment(302, "z", parent="5")
    return export(author(), item(1, inside=LABELS + first), item(2, inside=second))


class Killed(BaseException):
    """What a signal does to a run."""


def killed_after(steps: int) -> Callable[[int], None]:
    left = iter(range(steps))

    def progress(_bytes: int) -> None:
        if next(left, None) is None:
            raise Killed

    return progress


def test_r22_after_a_cut_file_or_a_killed_run_the_next_equals_one_clean_import(app: Flask) -> None:
    """Wherever it was cut, and whichever batch it was at."""
    file = busy_file()
    bring_in(file)
    clean, rows = whole(), row_counts()
    for share in (0.1, 0.55, 0.97):
        site.empty(app)
        with pytest.raises(BrokenExport):
            bring_in(file[: int(len(file) * share)])
        bring_in(file)
        assert (whole(), row_counts()) == (clean, rows), share
    for steps in (1, 150, 252):
        site.empty(app)
        with pytest.raises(Killed):
            bring_in(file, progress=killed_after(steps))
        bring_in(file)
        assert (whole(), row_counts()) == (clean, rows), steps


def test_r22_of_a_cut_thread_every_whole_comment_is_in() -> None:
    file = export(item(1, inside=comment(1, "one") + comment(2, "two") + comment(3, "three")))
    with pytest.raises(BrokenExport):
        bring_in(file[: file.index(b"three")])
    assert set(db.session.scalars(select(Comment.source))) == {"one", "two"}


# Hostile content


@pytest.mark.parametrize(
    "payload",
    [
        "<script>alert(1)</script>",
        '<img src=x onerror="alert(1)">',
        '<a href="javascript:alert(1)">x</a>',
        "[x](javascript:alert(1))",
        "<iframe src='javascript:alert(1)'></iframe>",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
    ],
)
def test_x01_an_import_is_as_clean_as_what_is_typed(payload: str) -> None:
    bring_in(export(item(1, f"text {payload}", inside=comment(2, f"text {payload}"))))
    for html in [
        *db.session.scalars(select(Article.html)),
        *db.session.scalars(select(Comment.html)),
    ]:
        assert "<script" not in html
        assert "<img" not in html
        assert 'href="javascript' not in html


def test_i13_nothing_of_a_file_acts_on_the_terminal() -> None:
    report = Report()
    report.leave("x", "\x1b[31mred\x07\n\u202eevil" + "long" * 50)
    line = "\n".join(report.lines())
    assert "\x1b" not in line
    assert "\x07" not in line
    assert "\u202e" not in line
    assert len(max(line.split("\n"), key=len)) < 100


def test_d07_a_comment_of_a_megabyte_is_cut_and_reported() -> None:
    report = bring_in(export(item(1, inside=comment(2, "word " * 200_000))))
    (source,) = db.session.scalars(select(Comment.source))
    assert len(source) < 20_000
    assert any("too long" in note for note in report.notes)


def test_control_characters_in_the_file_are_reported_with_their_lines() -> None:
    report = bring_in(export(item(1, "one\x0btwo")))
    (tally,) = (tally for note, tally in report.notes.items() if "control characters" in note)
    assert tally.examples == ["lines 11"]
