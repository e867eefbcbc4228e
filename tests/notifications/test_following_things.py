"""Followers of tags, cards and authors."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from time_machine import Traveller

from app.domains.accounts.models import Account
from app.domains.accounts.states import Role
from app.domains.answers.models import AnswerCard
from app.domains.answers.states import How
from app.domains.articles import services as articles
from app.domains.articles.models import Article
from app.domains.articles.services import ArticleText
from app.domains.articles.states import ArticleStatus
from app.domains.comments import cards, mending
from app.domains.comments.models import Comment
from app.domains.comments.states import Kind
from app.domains.tags import merging, unmerging
from app.domains.tags.models import Tag
from app.infra import clock as the_clock
from app.infra.audit import AuditEntry
from app.infra.db import db
from app.infra.unit_of_work import unit_of_work
from app.notifications.card_changes import SETTLING
from app.notifications.following.states import Often
from tests.factories import (
    make_account,
    make_address,
    make_article,
    make_card,
    make_link,
    make_question,
    make_tag,
)
from tests.notifications.followers import (
    BO,
    LONG,
    OTHER,
    Pass,
    follows,
    publish,
    reword,
    say,
    tags_of,
)
from tests.notifications.steps import ask, subject_of, subjects
from tests.support.smtp import MailServer, text_of


def test_whoever_follows_a_tag_hears_of_questions_and_articles_that_carry_it(
    app: Flask, mails: MailServer, pass_time: Pass
) -> None:
    tag = make_tag("hip", synonyms=["hips"])
    article = make_article()
    follows(tag)
    question = say(article, "Why does my hip click at night?")
    assert [link.tag_id for link in question.tags] == [tag.id]
    say(article, "My hip is fine since then.", kind=Kind.COMMENT, email="li@example.org")
    say(article, "Are insoles of any use to me?", email="mo@example.org")
    publish(make_article("Hips at rest", status=ArticleStatus.DRAFT, tags=[tag]))
    pass_time()
    (mail,) = mails.to(BO)
    assert subject_of(mail) == "2 new texts: hip"
    assert "Why does my hip click" in text_of(mail)
    assert "Hips at rest" in text_of(mail)


def put_on(question: Comment, *tags: Tag) -> None:
    """A moderator gives a text these tags."""
    ids, by = {tag.id for tag in tags}, make_account(Role.MODERATOR)
    with unit_of_work():
        mending.tag_by_hand(db.session.get_one(Comment, question.id), ids, by)


def test_a_tag_put_on_later_tells_those_of_its_followers_who_do_not_know_it(
    app: Flask, mails: MailServer, pass_time: Pass
) -> None:
    tag, article = make_tag("hip"), make_article()
    follows(article)
    question = say(article, "Are insoles of any use to me?")
    pass_time()
    follows(tag)
    follows(tag, "li@example.org")
    mails.clear()
    for tags in ([tag], [], [tag]):
        put_on(question, *tags)
        pass_time()
    assert subjects(mails.to("li@example.org")) == ["New: Are insoles of any use to me?"]
    assert mails.to(BO) == []


def test_v08_a_tag_on_what_waits_tells_nobody(
    app: Flask, mails: MailServer, pass_time: Pass
) -> None:
    tag = make_tag("hip")
    follows(tag)
    put_on(ask(make_article(), "Are insoles of any use to me?"), tag)
    pass_time()
    assert mails.to(BO) == []


def test_a_tag_put_on_an_article_tells_its_followers_if_it_stays(
    app: Flask, mails: MailServer, pass_time: Pass
) -> None:
    tag, other = make_tag("hip"), make_tag("knee")
    follows(tag)
    follows(other, "li@example.org")
    article = make_article("Standing well")
    for tag_ids in ([tag.id, other.id], [tag.id]):
        with unit_of_work():
            text = ArticleText(title=article.title, source=article.source, tag_ids=tag_ids)
            articles.edit(db.session.get_one(Article, article.id), text)
    pass_time()
    assert subjects(mails.messages) == ["New: Standing well"]
    assert mails.to(BO)


def test_followers_of_merged_tags_follow_the_one_that_stays_and_each_its_own_again(
    app: Flask,
) -> None:
    hip, hips = make_tag("hip"), make_tag("hips")
    hip_id, hips_id = hip.id, hips.id
    both, one = follows(hip).id, follows(hips, "li@example.org").id
    follows(hips, often=Often.WEEKLY)
    admin_id = make_account(Role.ADMIN).id
    with unit_of_work():
        entry_id = merging.merge(
            db.session.get_one(Tag, hips_id),
            db.session.get_one(Tag, hip_id),
            db.session.get_one(Account, admin_id),
        ).id
    assert tags_of(both) == {hip_id: "at-once"}
    assert tags_of(one) == {hip_id: "at-once"}
    with unit_of_work():
        entry = db.session.get_one(AuditEntry, entry_id)
        back = unmerging.undo(entry, by=db.session.get_one(Account, admin_id)).tag.id
    assert tags_of(both) == {hip_id: "at-once", back: "weekly"}
    assert tags_of(one) == {back: "at-once"}


def test_whoever_follows_an_author_hears_of_articles_and_answers_and_of_nobody_else(
    app: Flask, mails: MailServer, pass_time: Pass
) -> None:
    author = make_account(Role.AUTHOR, name="Marta")
    article = make_article(author=author)
    follows(author)
    question = say(article, "Why does it click at night?")
    ask(article, "It is a tendon. Let it be.", account=author, parent=question)
    publish(make_article("Hips at rest", status=ArticleStatus.DRAFT, author=author))
    publish(make_article("Somebody else's hips", status=ArticleStatus.DRAFT))
    pass_time()
    (mail,) = mails.to(BO)
    assert subject_of(mail) == "2 new texts: Marta"
    assert "It is a tendon." in text_of(mail)
    assert "Somebody else's" not in text_of(mail)


def test_a_scheduled_article_is_told_when_its_time_has_come(
    app: Flask, mails: MailServer, pass_time: Pass
) -> None:
    author = make_account(Role.AUTHOR)
    follows(author)
    draft = make_article("Hips at rest", status=ArticleStatus.DRAFT, author=author)
    publish(draft, at=the_clock.now() + timedelta(days=3))
    publish(draft, at=the_clock.now() + timedelta(days=1))
    pass_time()
    assert mails.to(BO) == []
    pass_time(timedelta(days=1), timedelta(minutes=3))
    assert subjects(mails.to(BO)) == ["New: Hips at rest"]
    pass_time(timedelta(days=3))
    assert len(mails.to(BO)) == 1


def test_an_article_put_back_with_its_old_date_is_no_news(
    app: Flask, mails: MailServer, pass_time: Pass
) -> None:
    author = make_account(Role.AUTHOR)
    follows(author)
    long_ago = the_clock.now() - timedelta(days=300)
    publish(make_article(status=ArticleStatus.DRAFT, author=author, published_at=long_ago))
    pass_time()
    assert mails.to(BO) == []


def test_whoever_follows_a_card_hears_when_it_says_something_else(
    app: Flask, mails: MailServer, pass_time: Pass
) -> None:
    card = make_card("Clicking hips", text=LONG, owner=make_account(Role.AUTHOR))
    follows(card)
    reword(card, LONG.replace("quiet", "silent"))
    pass_time(SETTLING, timedelta(minutes=3))
    assert mails.to(BO) == []
    reword(card, OTHER)
    pass_time(SETTLING, timedelta(minutes=3))
    (mail,) = mails.to(BO)
    assert subject_of(mail) == "Changed: Clicking hips"
    assert "See somebody who looks at your hip" in text_of(mail).replace("\n    ", " ")


def test_whoever_hears_of_a_card_for_asking_does_not_hear_of_it_again_for_following(
    app: Flask, mails: MailServer, pass_time: Pass, clock: Traveller
) -> None:
    card = make_card("Clicking hips", text=LONG, owner=make_account(Role.AUTHOR))
    asker = make_address(BO, proven=True)
    make_link(card, make_question(address=asker))
    follows(card)
    clock.shift(60)
    reword(card, OTHER)
    pass_time(SETTLING, timedelta(minutes=3))
    assert len(mails.to(BO)) == 1


def test_whoever_follows_a_question_hears_that_a_card_answers_it(
    app: Flask, mails: MailServer, pass_time: Pass
) -> None:
    question = make_question("Why does it click?", address=make_address("ines@example.com"))
    card = make_card("Clicking hips", text=LONG, owner=make_account(Role.AUTHOR, name="Marta"))
    follows(question)
    question_id, card_id = question.id, card.id
    with unit_of_work():
        cards.answer_with(
            db.session.get_one(Comment, question_id),
            db.session.get_one(AnswerCard, card_id),
            by=None,
            how=How.DESK,
        )
    pass_time()
    assert subjects(mails.to(BO)) == ["Answered: Why does it click?"]
    assert "Marta answers:" in text_of(mails.to(BO)[0])
