"""The macros that every page is built on."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from flask import Flask, get_template_attribute
from flask_wtf import FlaskForm
from markupsafe import Markup
from wtforms import BooleanField, RadioField, SelectChoice, StringField
from wtforms.validators import DataRequired

from app.domains.comments.faces import Shown
from app.domains.comments.threads import ReplyTo, ShownLine
from app.web.questions.laid import Looker, branch

pytestmark = pytest.mark.one_database
AT = datetime(2024, 3, 7, 9, 5, tzinfo=UTC)


class Example(FlaskForm):
    class Meta:
        csrf = False

    name = StringField("Your name", validators=[DataRequired("Give a name.")])
    kind = RadioField(
        "This is", choices=[SelectChoice("q", "A question")], validators=[DataRequired("Choose.")]
    )
    follow = BooleanField("Tell me")


def call(app: Flask, file: str, macro: str, *args: Any, **names: Any) -> BeautifulSoup:
    with app.test_request_context():
        html = get_template_attribute(f"macros/{file}.html", macro)(*args, **names)
        return BeautifulSoup(html, "html.parser")


def threads(app: Flask, lines: list[ShownLine]) -> BeautifulSoup:
    with app.test_request_context():
        return BeautifulSoup(branch(lines, Looker(may_reply=True)), "html.parser")


def one(soup: BeautifulSoup, selector: str) -> Tag:
    found = soup.select(selector)
    assert len(found) == 1, f"{len(found)} x {selector}"
    return found[0]


def shown(number: int, **changes: Any) -> Shown:
    facts = {
        "id": number,
        "account_id": None,
        "parent_id": None,
        "kind": "comment",
        "title": "",
        "slug": "x",
        "author_name": f"Reader {number}",
        "username": None,
        "badge": None,
        "html": Markup("<p>Text.</p>"),
        "created_at": AT,
        "edited_at": None,
        "answered": False,
        "tags": (),
        "resources": (),
    }
    return Shown(**{**facts, **changes})


def line(number: int, depth: int, *, reply_to: ReplyTo | None = None, below: int = 0) -> ShownLine:
    return ShownLine(number, shown(number), depth, reply_to, below)


@pytest.mark.parametrize(
    "depths",
    [[0], [0, 1, 2, 3, 4, 4, 1, 0, 0], [0, 1, 1, 2, 0, 1], [3, 4, 1, 2], [2, 2, 0]],
    ids=str,
)
def test_a_thread_nests_as_deep_as_its_lines_say(app: Flask, depths: list[int]) -> None:
    """A page of a long thread may begin below the depth it ends at."""
    lines = [line(number, depth) for number, depth in enumerate(depths, start=1)]

    soup = threads(app, lines)

    base = min(depths)
    drawn = [len(remark.find_parents("ol")) - 1 + base for remark in soup.select(".remark")]
    assert drawn == depths
    assert all(child.parent.name == "ol" for child in soup.select("li"))
    assert str(soup).count("<ol") == str(soup).count("</ol>")


def test_a_comment_that_is_gone_leaves_its_place(app: Flask) -> None:
    gone = ShownLine(7, None, 0, None, 1)

    soup = threads(app, [gone, line(8, 1)])

    assert one(soup, "#comment-7").get_text() == "A comment that stood here is gone."
    assert one(soup, ".branch > li > #comment-8")


def test_beyond_the_indentation_a_reply_names_its_parent(app: Flask) -> None:
    soup = threads(app, [line(2, 0, reply_to=ReplyTo(1, "Ida"))])

    link = one(soup, ".in-reply-to a")
    assert (link["href"], link.get_text()) == ("#comment-1", "Ida")


@pytest.mark.parametrize("name", ["Admin ✓ Author", "<b>Author</b>", "\u202eAuthor"])
def test_u01_only_the_row_says_who_bears_the_badge(app: Flask, name: str) -> None:
    reader = ShownLine(1, shown(1, author_name=name), 0, None, 0)
    author = ShownLine(2, shown(2, badge="author"), 0, None, 0)

    soup = threads(app, [reader, author])

    assert not soup.select("#comment-1 .badge")
    assert one(soup, "#comment-1 bdi.name").get_text() == name
    assert one(soup, "#comment-2.by-author .badge").get_text() == "Author"


def test_u02_a_name_cannot_turn_what_stands_beside_it(app: Flask) -> None:
    soup = threads(app, [line(1, 0)])

    assert one(soup, ".byline > bdi.name")
    assert one(soup, ".remark > .prose")["dir"] == "auto"


def test_a_question_says_in_words_whether_it_is_answered(app: Flask) -> None:
    asked = shown(1, kind="question", title="Why?")
    answered = shown(2, kind="question", title="How?", answered=True)

    soup = threads(app, [ShownLine(r.id, r, 0, None, 0) for r in (asked, answered)])

    assert one(soup, "#comment-1 .state").get_text() == "Waiting for an answer"
    assert one(soup, "#comment-2 .state").get_text() == "Answered"
    assert one(soup, "#comment-1 h3 a")["href"] == "/questions/1-x"


def test_a_field_names_its_hint_and_its_problem(app: Flask) -> None:
    with app.test_request_context():
        form = Example()
        form.validate()
    soup = call(app, "forms", "field", form.name, hint="As others see it.")

    control = one(soup, "input")
    named = str(control["aria-describedby"]).split()
    texts = [one(soup, f"#{identity}").get_text() for identity in named]
    assert texts == ["As others see it.", "Problem: Give a name."]
    assert control["aria-invalid"] == "true"
    assert one(soup, "label")["for"] == control["id"]


def test_a_field_without_hint_or_problem_names_nothing(app: Flask) -> None:
    with app.test_request_context():
        form = Example()
    soup = call(app, "forms", "field", form.name)

    assert not one(soup, "input").has_attr("aria-describedby")


def test_the_summary_of_problems_names_each_field_and_leads_to_it(app: Flask) -> None:
    with app.test_request_context():
        form = Example()
        form.validate()
    summary = call(app, "forms", "errors", form)
    fields = BeautifulSoup(
        "".join(str(call(app, "forms", "field", field)) for field in form), "html.parser"
    )

    targets = [str(link["href"])[1:] for link in summary.select("a")]
    told = [link.get_text() for link in summary.select("a")]
    assert told == ["Your name: Give a name.", "This is: Choose."]
    assert all(fields.find("input", id=target) for target in targets)


def test_pages_lead_to_those_before_and_after(app: Flask) -> None:
    bounds = SimpleNamespace(number=2, count=3, previous=1, next=3)

    soup = call(app, "lists", "pages", bounds, "questions.index", view="answered")

    assert one(soup, "[rel=prev]")["href"] == "/questions/?view=answered"
    assert one(soup, "[rel=next]")["href"] == "/questions/?page=3&view=answered"


def test_one_page_needs_no_way_to_others(app: Flask) -> None:
    bounds = SimpleNamespace(number=1, count=1, previous=None, next=None)

    assert str(call(app, "lists", "pages", bounds, "questions.index")) == ""
