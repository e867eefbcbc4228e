"""What may answer a question already: while it is typed, before it is sent, and while it waits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app.domains.accounts.states import Role
from app.domains.articles.models import Article
from app.domains.comments.models import Comment
from app.domains.comments.states import Status
from app.domains.resources.models import Resource
from app.infra import clock
from app.infra.db import db
from app.infra.http.limits import limiter
from app.search import reading, services
from app.search.alike import LONGEST_ASKED
from app.search.models import Outcome
from tests.factories import (
    make_account,
    make_answer,
    make_article,
    make_comment,
    make_question,
    make_resource,
)
from tests.support.client import Browser
from tests.support.work import statements_of

TEXT = "My left hip clicks when I swing the leg, what does that mean?"
GUEST = {"name": "Anna Lind", "email": "anna@example.com", "kind": ""}
CANARY = "zanzibarcanary"
HIDDEN = (Status.PENDING, Status.SPAM, Status.REJECTED, Status.WITHDRAWN, Status.DELETED)
As = Callable[..., Browser]


def indexed(*things: object) -> None:
    """Put things in the index and read them, as the jobs do."""
    for thing in things:
        if isinstance(thing, Article):
            services.index_article(thing.id)
        elif isinstance(thing, Resource):
            services.index_resource(thing.id)
        elif isinstance(thing, Comment):
            services.index_question(thing.id)
    db.session.commit()
    reading.read_waiting()


@pytest.fixture
def circle(app: Flask) -> Resource:
    """A resource that answers TEXT, among others that do not."""
    found = make_resource(
        "Quiet leg circle", text="When the hip clicks: swing the leg low and slowly."
    )
    indexed(found, make_resource("Calf raise", text="Stand on a step, lift the heel."))
    return found


def soup(answer: TestResponse) -> BeautifulSoup:
    return BeautifulSoup(answer.data, "html.parser")


def suggest(client: Browser, text: str = TEXT, **fields: str) -> TestResponse:
    return client.submit("/suggest", body=text, **fields)


def titles(answer: TestResponse) -> list[str]:
    return [str(link.contents[0]) for link in soup(answer).select(".offer-title a")]


def ask(client: Browser, article: Article, body: str = TEXT, **fields: str) -> TestResponse:
    return client.submit(f"/articles/{article.slug}/ask", **{**GUEST, "body": body, **fields})


def form_of(answer: TestResponse) -> dict[str, str]:
    """All that the form of a page would send, without its buttons."""
    form = soup(answer).select_one("form#write")
    assert form is not None
    fields = {str(one["name"]): str(one.get("value", "")) for one in form.select("input[name]")}
    fields = {name: value for name, value in fields.items() if name != "kind"}
    area = form.select_one("textarea")
    assert area is not None
    return {**fields, "kind": "", "body": area.get_text().removeprefix("\r\n").removeprefix("\n")}


def sent() -> int:
    return db.session.scalar(select(func.count(Comment.id))) or 0


def noted() -> list[tuple[str, str, int, bool]]:
    found = db.session.scalars(select(Outcome).order_by(Outcome.id))
    return [(row.place, row.kind, row.rank, row.taken) for row in found]


# While it is typed


def test_what_is_typed_finds_what_answers_it_and_says_why(
    client: Browser, circle: Resource
) -> None:
    answer = suggest(client)
    assert answer.status_code == 200
    link = soup(answer).select_one(".offer-title a")
    assert link is not None
    assert (link["href"], link["target"], link["rel"]) == (
        "/resources/quiet-leg-circle",
        "_blank",
        ["noopener"],
    )
    assert titles(answer) == ["Quiet leg circle"]
    assert "because you wrote <bdi>“<bdi>" in answer.text
    assert [mark.get_text() for mark in soup(answer).select(".offer-text mark")] != []


def test_nothing_found_is_nothing_shown(client: Browser, circle: Resource) -> None:
    answer = suggest(client, "Where do I buy a bicycle helmet in Lisbon?")
    assert (answer.status_code, answer.data) == (204, b"")


@pytest.mark.parametrize("text", ["", "hip clicks", "   \n ", "🦵" * 40, "what is it to be or not"])
def test_too_little_to_ask_finds_nothing(client: Browser, circle: Resource, text: str) -> None:
    assert suggest(client, text).status_code == 204


def test_a_comment_is_offered_nothing(client: Browser, circle: Resource) -> None:
    assert suggest(client, kind="comment").status_code == 204


def test_staff_are_offered_nothing(as_: As, circle: Resource) -> None:
    assert suggest(as_(make_account(Role.MODERATOR))).status_code == 204


def test_at_most_three_are_offered(client: Browser) -> None:
    indexed(*(make_resource(f"The hip clicks, part {number}", text=TEXT) for number in range(6)))
    assert len(titles(suggest(client))) == 3


def test_what_one_is_reading_is_not_offered(client: Browser) -> None:
    article = make_article("Why the hip clicks", text=TEXT)
    indexed(article)
    assert titles(suggest(client)) == ["Why the hip clicks"]
    here = client.submit(f"/suggest?here=article:{article.id}", body=TEXT)
    assert here.status_code == 204


@pytest.mark.parametrize("here", ["", "article:", "article:9999999999999", "x:1", ":", "article:²"])
def test_any_page_may_be_named_as_the_one_being_read(
    client: Browser, circle: Resource, here: str
) -> None:
    assert client.submit("/suggest", body=TEXT, here=here).status_code == 200
    answer = client.post(
        "/suggest",
        query_string={"here": here},
        data={"csrf_token": client.csrf_token(), "body": TEXT},
    )
    assert answer.status_code == 200


def test_a_question_is_offered_once_it_is_answered(client: Browser) -> None:
    question = make_question(TEXT)
    indexed(question)
    assert suggest(client).status_code == 204
    make_answer(question)
    assert titles(suggest(client)) == [TEXT]


def test_v03_what_is_hidden_or_not_there_yet_is_never_offered(client: Browser) -> None:
    """Canaries in every state that readers do not see."""
    text = f"{CANARY} {TEXT}"
    hidden: Sequence[object] = [
        *(make_question(text, status=status) for status in HIDDEN),
        make_article("Later", text=text, published_at=clock.now() + timedelta(days=1)),
        make_article("Draft", text=text, status="draft"),
    ]
    indexed(*hidden)
    assert suggest(client, text).status_code == 204
    page = ask(client, make_article(), text, email="ida@example.com")
    assert page.status_code == 303


def test_v03_a_published_text_is_gone_from_suggestions_when_it_is_hidden(client: Browser) -> None:
    question = make_question(TEXT)
    make_answer(question)
    indexed(question)
    assert titles(suggest(client)) == [TEXT]
    question.status = Status.REJECTED
    db.session.commit()
    assert suggest(client).status_code == 204


def test_v05_a_waiting_answer_makes_no_question_an_answered_one(client: Browser) -> None:
    question = make_question(TEXT)
    make_comment(
        "A tendon.",
        parent=question,
        account=question.article.author,
        by_author=True,
        status=Status.PENDING,
    )
    indexed(question)
    assert suggest(client).status_code == 204


def test_u04_markup_in_what_is_typed_or_found_is_drawn_as_text(client: Browser) -> None:
    bad = "<img src=x onerror=alert(1)> hip clicks leg swing"
    indexed(make_resource(bad, text=f'`{bad}` "><script>alert(1)</script>'))
    answer = suggest(client, f"{bad} <script>alert(2)</script> “clicks”")
    assert titles(answer)
    assert soup(answer).select("img, script") == []


def test_nothing_is_written_and_no_cookie_is_set(client: Browser, circle: Resource) -> None:
    token = client.csrf_token()
    answer = client.post("/suggest", data={"csrf_token": token, "body": TEXT})
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert noted() == []


def test_s12_of_a_long_text_only_the_beginning_counts_and_costs(
    client: Browser, circle: Resource
) -> None:
    assert suggest(client, f"{'word ' * 900}{TEXT}").status_code == 204
    words = " ".join(f"hip clicks w{number}" for number in range(1_000))
    short, long = (
        statements_of(lambda text=text: suggest(client, text))
        for text in (words[:LONGEST_ASKED], words[: 2 * LONGEST_ASKED])
    )
    assert [len(str(values)) for _, values in long] == [len(str(values)) for _, values in short]


def test_s01_suggestions_are_given_forty_times_a_minute(make_app: Callable[..., Flask]) -> None:
    app = make_app(rate_limits=True)
    limiter.reset()
    with app.app_context():
        browser = app.test_client()
        assert isinstance(browser, Browser)
        answers = [suggest(browser, "short").status_code for _ in range(41)]
    assert answers == [204] * 40 + [429]


# Before it is sent


def test_a_question_is_first_answered_by_what_is_there(client: Browser, circle: Resource) -> None:
    step = ask(client, make_article())
    assert (step.status_code, sent()) == (200, 0)
    assert titles(step) == ["Quiet leg circle"]
    assert "Send my question" in step.text


def test_the_step_loses_nothing_and_going_on_sends_it(client: Browser, circle: Resource) -> None:
    article = make_article()
    opened = client.get(f"/articles/{article.slug}/ask")
    typed = {**form_of(opened), **GUEST, "body": TEXT, "next": "/"}
    step = client.post(f"/articles/{article.slug}/ask", data=typed)
    kept = form_of(step)
    assert {**kept, "seen": "", "csrf_token": ""} == {**typed, "csrf_token": ""}

    answer = client.post(f"/articles/{article.slug}/ask", data=kept)

    assert answer.status_code == 303
    assert sent() == 1
    assert noted() == [("step", "resource", 1, False)]


def test_a_second_click_after_the_step_finds_the_first(client: Browser, circle: Resource) -> None:
    article = make_article()
    opened = client.get(f"/articles/{article.slug}/ask")
    typed = {**form_of(opened), **GUEST, "body": TEXT}
    kept = form_of(client.post(f"/articles/{article.slug}/ask", data=typed))
    places = [
        client.post(f"/articles/{article.slug}/ask", data=kept).headers["Location"]
        for _ in range(2)
    ]
    assert places[0] == places[1]
    assert (sent(), len(noted())) == (1, 1)


def test_a_second_click_never_meets_the_step(client: Browser, app: Flask) -> None:
    """What answers it was published between the two."""
    article = make_article()
    opened = client.get(f"/articles/{article.slug}/ask")
    typed = {**form_of(opened), **GUEST, "body": TEXT}
    first = client.post(f"/articles/{article.slug}/ask", data=typed)
    indexed(make_resource("Quiet leg circle", text=TEXT))

    second = client.post(f"/articles/{article.slug}/ask", data=typed)

    assert first.headers["Location"] == second.headers["Location"]


def test_who_saw_it_under_the_box_is_not_asked_again(client: Browser, circle: Resource) -> None:
    seen = str(soup(suggest(client)).select(".offers")[0]["data-seen"])
    assert ask(client, make_article(), seen=seen).status_code == 303
    assert noted() == [("typing", "resource", 1, False)]


@pytest.mark.parametrize("seen", ["x", "[]", ".", "\u00e9", "W10.abc", "9" * 5_000])
def test_a_forged_memory_of_it_skips_nothing(client: Browser, circle: Resource, seen: str) -> None:
    step = ask(client, make_article(), seen=seen)
    assert (step.status_code, sent()) == (200, 0)


def test_a_comment_goes_at_once(client: Browser, circle: Resource) -> None:
    assert ask(client, make_article(), "My hip clicks too when I swing the leg.").status_code == 303
    assert ask(client, make_article(), kind="comment", email="o@example.com").status_code == 303


def test_staff_go_at_once(as_: As, circle: Resource) -> None:
    author = as_(make_account(Role.AUTHOR))
    assert author.submit(f"/articles/{make_article().slug}/ask", body=TEXT).status_code == 303


def test_a_question_below_a_question_meets_the_step_too(client: Browser, circle: Resource) -> None:
    question = make_question("Something else?")
    path = f"/comments/{question.id}/reply"
    step = client.submit(path, **GUEST, body=TEXT)
    assert titles(step) == ["Quiet leg circle"]
    assert client.post(path, data=form_of(step)).status_code == 303


def test_what_is_wrong_with_a_form_is_said_before_anything_is_offered(
    client: Browser, circle: Resource
) -> None:
    answer = ask(client, make_article(), email="nowhere")
    assert answer.status_code == 422
    assert titles(answer) == []


def test_a_preview_offers_nothing(client: Browser, circle: Resource) -> None:
    answer = ask(client, make_article(), preview="1")
    assert (answer.status_code, titles(answer)) == (200, [])


def test_enter_in_a_field_sends_the_question(client: Browser, circle: Resource) -> None:
    """The first button of a form is what Enter presses."""
    form = soup(ask(client, make_article())).select_one("form#write")
    assert form is not None
    assert form.select("button")[0].get("name") is None


def test_s01_the_step_counts_as_no_post(make_app: Callable[..., Flask]) -> None:
    app = make_app(rate_limits=True)
    limiter.reset()
    with app.app_context():
        indexed(make_resource("Quiet leg circle", text=TEXT))
        browser = app.test_client()
        assert isinstance(browser, Browser)
        article = make_article()
        step = ask(browser, article)
        assert titles(step) == ["Quiet leg circle"]
        answer = browser.post(f"/articles/{article.slug}/ask", data=form_of(step))
    assert answer.status_code == 303


# "This answered it"


def answered(client: Browser, article: Article, step: TestResponse) -> TestResponse:
    button = soup(step).select_one("button[name=answered]")
    assert button is not None
    data = {**form_of(step), "answered": str(button["value"])}
    return client.post(f"/articles/{article.slug}/ask", data=data)


def test_this_answered_it_sends_nothing_thanks_and_keeps_the_draft(
    client: Browser, circle: Resource
) -> None:
    article = make_article()
    thanks = answered(client, article, ask(client, article))
    assert (thanks.status_code, sent()) == (200, 0)
    assert "Thank you" in thanks.text
    assert "was not sent" in thanks.text
    assert form_of(thanks)["body"] == TEXT
    assert noted() == [("step", "resource", 1, True)]


def test_who_goes_on_after_all_sends_it_and_is_not_counted_twice(
    client: Browser, circle: Resource
) -> None:
    article = make_article()
    thanks = answered(client, article, ask(client, article))
    answer = client.post(f"/articles/{article.slug}/ask", data=form_of(thanks))
    assert answer.status_code == 303
    assert sent() == 1
    assert noted() == [("step", "resource", 1, True)]


def test_others_that_were_shown_beside_it_are_noted_too(client: Browser) -> None:
    indexed(*(make_resource(f"The hip clicks, part {number}", text=TEXT) for number in range(3)))
    article = make_article()
    answered(client, article, ask(client, article))
    assert noted() == [
        ("step", "resource", 1, True),
        ("step", "resource", 2, False),
        ("step", "resource", 3, False),
    ]


@pytest.mark.parametrize("pressed", ["", "card:1", "resource:999999", "a\0b", "x" * 5_000])
def test_what_was_not_offered_answers_nothing_and_the_text_is_kept(
    client: Browser, circle: Resource, pressed: str
) -> None:
    article = make_article()
    fields = {**form_of(ask(client, article)), "answered": pressed}
    page = client.post(f"/articles/{article.slug}/ask", data=fields)
    assert page.status_code == 422
    assert form_of(page)["body"] == TEXT
    assert (sent(), noted()) == (0, [])


def test_v03_what_was_hidden_meanwhile_is_thanked_for_without_its_title(
    client: Browser, circle: Resource
) -> None:
    article = make_article()
    step = ask(client, article)
    services.forget("resource", circle.id)
    db.session.commit()
    thanks = answered(client, article, step)
    assert thanks.status_code == 200
    assert "Quiet leg circle" not in thanks.text


def test_s01_a_network_is_noted_thirty_times_an_hour_and_thanked_always(
    make_app: Callable[..., Flask],
) -> None:
    app = make_app(rate_limits=True)
    limiter.reset()
    with app.app_context():
        indexed(make_resource("Quiet leg circle", text=TEXT))
        browser = app.test_client()
        assert isinstance(browser, Browser)
        article = make_article()
        step = ask(browser, article)
        statuses = {answered(browser, article, step).status_code for _ in range(32)}
        assert statuses == {200}
        assert len(noted()) == 30


# While it waits


@pytest.fixture
def waiting(client: Browser, app: Flask) -> str:
    """The private page of a question that was sent before anything answered it."""
    page = ask(client, make_article()).headers["Location"]
    indexed(make_resource("Quiet leg circle", text=TEXT))
    return page


def test_the_private_page_shows_what_answers_it_meanwhile(client: Browser, waiting: str) -> None:
    page = client.get(waiting)
    assert "What may answer it already" in page.text
    assert titles(page) == ["Quiet leg circle"]


def press(client: Browser, waiting: str) -> TestResponse:
    page = soup(client.get(waiting))
    form = page.select_one("form#offered")
    button = page.select_one("button[name=answered]")
    assert form is not None
    assert button is not None
    seen = form.select_one("input[name=seen]")
    assert seen is not None
    return client.submit(str(form["action"]), seen=seen["value"], answered=button["value"])


def test_there_it_is_thanked_for_and_the_question_can_be_taken_back(
    client: Browser, waiting: str
) -> None:
    thanks = client.get(press(client, waiting).headers["Location"])
    assert "Take my question back" in thanks.text
    assert noted() == [("private", "resource", 1, True)]
    assert db.session.scalars(select(Comment.status)).one() == Status.PENDING

    client.submit(f"{waiting}/withdraw")

    assert db.session.scalars(select(Comment.status)).one() == Status.WITHDRAWN


@pytest.mark.parametrize(
    "said", ["x", "resource:", "resource:0", "a%00b:1", "resource:99999999999"]
)
def test_an_address_that_says_something_else_answered_is_no_fault(
    client: Browser, waiting: str, said: str
) -> None:
    page = client.get(f"{waiting}?answered={said}")
    assert page.status_code == 200
    assert "It is noted" not in page.text


def test_a_suggestion_that_is_not_there_changes_nothing(client: Browser, waiting: str) -> None:
    answer = client.submit(f"{waiting}/answered", seen="x", answered="resource:1")
    assert answer.status_code == 303
    assert "not there any more" in client.get(answer.headers["Location"]).text
    assert noted() == []


def test_p02_another_key_notes_nothing(client: Browser, waiting: str) -> None:
    wrong = waiting[:-1] + ("0" if waiting[-1] != "0" else "1")
    assert client.submit(f"{wrong}/answered", answered="resource:1").status_code == 404


def test_a_published_question_is_offered_nothing_there(client: Browser, waiting: str) -> None:
    db.session.scalars(select(Comment)).one().status = Status.APPROVED
    db.session.commit()
    assert titles(client.get(waiting)) == []


# Beside the reply box of the staff


def test_the_reply_box_of_staff_offers_what_is_like_the_question_without_a_tag(
    as_: As, circle: Resource
) -> None:
    question = make_question(TEXT)
    path = f"/comments/{question.id}/reply"
    page = as_(make_account(Role.AUTHOR)).get(path).text
    assert "What already answers this" in page
    assert f'value="[Quiet leg circle]({circle.href})"' in page
    assert "What already answers this" not in as_(make_account(Role.READER)).get(path).text
