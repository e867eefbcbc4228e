"""schema.org descriptions: what search engines require of each type, and nothing private."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from app.domains.articles.models import Article
from app.domains.comments.faces import Shown, faces
from app.domains.comments.models import Comment
from app.domains.comments.queries import View, answers_told
from app.domains.comments.states import Status
from app.domains.comments.threads import published_thread
from app.web.structured import Json, article_json, json_ld, question_json, told
from tests.factories import make_account, make_answer, make_article, make_comment, make_question

REQUIRED: dict[str, tuple[str, ...]] = {
    # Google's structured-data pages and schema.org, read in 2026.
    "Article": ("headline", "author", "datePublished", "dateModified", "url"),
    "Comment": ("author", "datePublished", "text"),
    "QAPage": ("mainEntity",),
    "Question": ("name", "answerCount", "text", "author", "datePublished"),
    "Answer": ("text", "url", "author", "datePublished"),
    "DiscussionForumPosting": ("author", "datePublished", "text", "url", "headline"),
    "Person": ("name",),
    "Organization": ("name",),
    "BreadcrumbList": ("itemListElement",),
    "ListItem": ("position", "name", "item"),
}
ADDRESSES = ("url", "@id", "item", "mainEntityOfPage", "isPartOf")
CANARY = "zanzibarcanary"


def check(described: Any) -> None:
    """Fail where a thing lacks what its type requires, or says it in a form that is not taken."""
    if isinstance(described, list):
        assert described
        for part in described:
            check(part)
    if not isinstance(described, dict):
        return
    for name in REQUIRED[described["@type"]]:
        assert described.get(name) not in (None, "", [], {}), (described["@type"], name)
    for name, value in described.items():
        assert value is not None
        if name in ADDRESSES:
            assert urlsplit(value).scheme == "http"
        elif name.startswith("date"):
            assert datetime.fromisoformat(value).tzinfo is not None
        check(value)
    if described["@type"] == "Question":
        answers = [described.get("acceptedAnswer"), *described.get("suggestedAnswer", [])]
        assert described["answerCount"] == sum(answer is not None for answer in answers) > 0


@pytest.fixture
def _in_request(app: Flask) -> Any:
    with app.test_request_context():
        yield


pytestmark = [pytest.mark.usefixtures("_in_request"), pytest.mark.one_database]


@dataclass
class Drawn:
    row: Shown | None
    depth: int


def described_article(article: Article) -> Json:
    thread = published_thread(article.id, view=View.OLDEST)
    lines = [line for part in thread.threads for line in part.lines]
    return article_json(article, told(lines), thread.comment_count)


def described_question(question: Comment) -> Json:
    face = faces(Comment.id == question.id)[0]
    return question_json(face, answers_told(question.id), question.article)


def test_an_article_has_what_is_required_of_one() -> None:
    described = described_article(make_article("Hips", summary="Short."))
    check(described)
    assert described["@type"] == "Article"
    assert described["url"] == "http://localhost/articles/hips"
    assert described["description"] == "Short."


def test_comments_stand_inside_the_ones_they_answer() -> None:
    first = make_comment("One.")
    second = make_comment("Two.", parent=first)
    make_comment("Three.", parent=second)
    described = described_article(first.article)
    check(described)
    (one,) = described["comment"]
    (two,) = one["comment"]
    (three,) = two["comment"]
    assert [c["text"] for c in (one, two, three)] == ["One.", "Two.", "Three."]
    assert described["commentCount"] == 3


def test_r19_a_deep_thread_is_nested_no_deeper_than_it_is_drawn() -> None:
    row = faces(Comment.id == make_comment("Deep.").id)[0]
    lines = [Drawn(row, min(depth, 4)) for depth in range(60)]
    described = article_json(make_article(), told(lines))
    check(described)
    depth, level = 0, described
    while "comment" in level:
        level, depth = level["comment"][0], depth + 1
    assert depth == 5
    assert json_ld(described)


def test_a_long_thread_is_described_by_its_beginning() -> None:
    row = faces(Comment.id == make_comment("Long.").id)[0]
    described = article_json(make_article(), told([Drawn(row, 0)] * 3000), 3000)
    assert len(described["comment"]) == 20
    assert described["commentCount"] == 3000


def test_v12_a_reply_below_a_hidden_comment_shows_nothing_of_it() -> None:
    top = make_comment("Top.")
    hidden = make_comment(CANARY, parent=top, name=CANARY)
    make_comment("Below.", parent=hidden)
    hidden.status = Status.REJECTED
    described = described_article(top.article)
    assert CANARY not in json.dumps(described)
    assert described["comment"][0]["comment"][0]["text"] == "Below."


def test_a_question_without_an_answer_is_a_posting() -> None:
    described = described_question(make_question("Why?"))
    check(described)
    assert described["@type"] == "DiscussionForumPosting"


def test_a_question_with_an_answer_is_a_page_of_question_and_answers() -> None:
    question = make_question("Why does it *click*?", title="Why?")
    make_answer(question, "Because.")
    make_answer(question, "And also.")
    described = described_question(question)
    check(described)
    assert described["@type"] == "QAPage"
    about = described["mainEntity"]
    assert about["text"] == "Why does it click?"
    assert about["acceptedAnswer"]["text"] == "Because."
    assert [answer["text"] for answer in about["suggestedAnswer"]] == ["And also."]
    assert about["acceptedAnswer"]["author"]["url"].startswith("http://localhost/authors/")


def test_v01_a_held_answer_makes_no_answered_question() -> None:
    question = make_question()
    answer = make_answer(question, CANARY)
    answer.status = Status.PENDING
    described = described_question(question)
    assert described["@type"] == "DiscussionForumPosting"
    assert CANARY not in json.dumps(described)


def test_v14_no_address_is_told() -> None:
    author = make_account("author", email="secret@example.com")
    question = make_question(article=make_article(author=author))
    make_comment("Yes.", parent=question, account=author, by_author=True)
    for described in (described_article(question.article), described_question(question)):
        assert "example.com" not in json.dumps(described)


HOSTILE = (
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "]]>",
    "\u2028\u2029",
    "&lt;/script&gt;",
    "\x00\x1f\ud800",
    '"\\"',
    "{0} {x} %s",
)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_x06_no_text_ends_its_script_element(text: str) -> None:
    element = json_ld({"name": text})
    inside = element.removeprefix('<script type="application/ld+json">').removesuffix("</script>")
    assert not set(inside) & set("<>&\u2028\u2029")
    assert json.loads(inside) == {"name": text}


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_x06_a_browser_reads_back_what_was_said(text: str) -> None:
    soup = BeautifulSoup(f"<head>{json_ld({'name': text})}<title>t</title>", "html.parser")
    (script,) = soup.find_all("script")
    assert json.loads(script.get_text()) == {"name": text}
    assert soup.title is not None


def test_nothing_to_describe_draws_nothing() -> None:
    assert json_ld(None) == ""
