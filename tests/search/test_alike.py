"""What is like a question, and what is related to a thing: only what everyone may read, with the
reason, whatever is typed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from app.domains.articles.models import Article
from app.domains.articles.states import ArticleStatus
from app.infra import clock
from app.infra.db import db
from app.infra.unit_of_work import unit_of_work
from app.search import candidates, reading, seat, services
from app.search.alike import Alike, alike, alike_to
from tests.factories import make_article, make_card, make_question, make_resource, make_tag
from tests.support.eventually import eventually
from tests.support.queries import count_queries
from tests.support.sentence_model import write_model

STAIRS = "My hip clicks on the stairs"


@pytest.fixture(autouse=True)
def _library(app: Flask) -> None:
    """A few things about hips, shoes and sleep."""
    resources = [
        make_resource("When the hip clicks", text="A tendon moves over the bone. Walk slowly."),
        make_resource("Shoes that bend", text="Soft soles and room for the toes."),
        make_resource("Sleep on the side", text="A cushion between the knees at night."),
    ]
    index(resources=[one.id for one in resources])


def index(resources: list[int] | None = None, articles: list[int] | None = None) -> None:
    with unit_of_work():
        for ref in resources or []:
            services.index_resource(ref)
        for ref in articles or []:
            services.index_article(ref)
    reading.read_waiting()


def titles(text: str, **wishes: object) -> list[str]:
    return [one.title for one in alike(text, **wishes)]  # type: ignore[arg-type]


@pytest.fixture
def in_the_seat(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(seat, "LOOK_SECONDS", 0.05)
    write_model(tmp_path / seat.FOLDER)
    with seat.taken(app):
        eventually(lambda: (seat.occupant() or {}).get("answers"))
        yield


def test_what_says_the_same_is_found_with_the_askers_own_words() -> None:
    (found,) = alike(STAIRS)
    assert (found.kind, found.title) == ("resource", "When the hip clicks")
    assert set(found.because) == {"hip", "clicks"}
    assert str(found.why) in {
        "Shown because you wrote “hip” and “clicks”.",
        "Shown because you wrote “clicks” and “hip”.",
    }
    assert found.href == "/resources/when-the-hip-clicks"


def test_the_first_thing_of_a_site_is_found_already() -> None:
    with unit_of_work():
        for ref in (2, 3):
            services.forget("resource", ref)
    assert titles("Why do hip clicks come on stairs?") == ["When the hip clicks"]


def test_a_synonym_of_a_tag_finds_what_carries_the_tag() -> None:
    tag = make_tag("trochanter", synonyms=["side of the thigh"])
    made = make_resource("Lie on a ball", text="Roll.", tags=[tag])
    index([made.id])
    (found,) = alike("It hurts at the side of the thigh")
    assert found.title == "Lie on a ball"


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "a",
        "?",
        "how do I do it",
        "🦴🦵",
        "<b></b>",
        "\x00",
        "Болит колено",
        "我的膝盖痛",
        "zzzz qqqq",
        "'; DROP TABLE search_posting; --",
        "\ud800",
    ],
)
def test_what_says_nothing_of_here_finds_nothing(text: str) -> None:
    assert alike(text) == []


def test_a_hundred_thousand_letters_are_read_as_far_as_a_question_goes() -> None:
    assert titles("My hip clicks. " + "word " * 20_000) == ["When the hip clicks"]
    assert alike("x" * 100_000) == []
    alike(" ".join(f"w{number}" for number in range(20_000)))


def test_markup_is_read_as_the_words_in_it() -> None:
    assert titles("<p>My <b>hip</b> clicks</p>") == ["When the hip clicks"]


def test_a_long_question_is_compared_by_its_title_too() -> None:
    story = "Last year we moved and I carried every box up to the third floor by myself. " * 6
    assert titles(story, title="My hip clicks") == ["When the hip clicks"]


def test_the_text_itself_is_found_first() -> None:
    assert titles("When the hip clicks. A tendon moves over the bone. Walk slowly.")[0] == (
        "When the hip clicks"
    )


def test_other_kinds_and_what_is_read_already_can_be_left_out() -> None:
    (found,) = alike(STAIRS)
    assert alike(STAIRS, kinds=("card", "article")) == []
    assert alike(STAIRS, without={(found.kind, found.ref)}) == []


def test_no_more_are_given_than_asked_for() -> None:
    index([make_resource(f"Hip clicks {number}").id for number in range(5)])
    assert len(alike(STAIRS)) == 3
    assert len(alike(STAIRS, limit=5)) == 5


def test_what_is_scheduled_or_hidden_is_not_found() -> None:
    article = make_article("Why a hip clicks", published_at=clock.now() + timedelta(days=1))
    index(articles=[article.id])
    assert "Why a hip clicks" not in titles(STAIRS)
    assert alike_to("article", article.id) == []
    shown = make_article("A hip that clicks")
    index(articles=[shown.id])
    assert "A hip that clicks" in titles(STAIRS)
    db.session.get_one(Article, shown.id).status = ArticleStatus.DRAFT
    db.session.commit()
    index(articles=[shown.id])
    assert "A hip that clicks" not in titles(STAIRS)


def test_what_is_related_leaves_the_thing_itself_out() -> None:
    other = make_resource("A hip that clicks", text="The tendon of the bone.")
    index([other.id])
    assert [one.title for one in alike_to("resource", other.id)] == ["When the hip clicks"]


def test_a_question_is_related_to_what_answers_it() -> None:
    question = make_question(title="My hip clicks", text="A tendon, they say.")
    with unit_of_work():
        services.index_question(question.id)
    reading.read_waiting()
    assert [one.title for one in alike_to("question", question.id)] == ["When the hip clicks"]


def test_nothing_is_related_to_what_is_not_there() -> None:
    assert alike_to("article", 12345) == []


@pytest.mark.usefixtures("in_the_seat")
def test_other_words_for_the_same_are_related_by_their_meaning() -> None:
    other = make_resource("Popping pelvis", text="Snapping.")
    index([other.id])
    eventually(
        lambda: [one.title for one in alike_to("resource", other.id)] == ["When the hip clicks"]
    )
    (found,) = alike_to("resource", other.id)
    assert found.by_meaning > 0.5
    assert found.by_words == 0


@pytest.mark.usefixtures("in_the_seat")
def test_shared_words_of_another_meaning_are_an_accident() -> None:
    assert titles("Which bed for the night") == ["Sleep on the side"]


def test_a_suggestion_asks_the_database_a_few_times_only() -> None:
    alike(STAIRS)
    with count_queries() as counted:
        alike(STAIRS)
    assert counted.total <= 8


def test_a_word_that_stands_nearly_everywhere_is_not_looked_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(candidates, "COUNTED", 20)
    index([make_resource(f"Hip number {number}").id for number in range(20)])
    known = candidates.library({"hip", "click"})
    assert len(candidates.by_words({"hip", "click"}, known)) == 1
    assert len(candidates.by_words({"hip"}, known)) == 21


@pytest.mark.one_database
@given(
    text=st.lists(
        st.sampled_from(["hip", "Clicks", "STAIRS", "tendón", "the", "sleep", "<b>", "🦴", "toes."])
        | st.text(max_size=40),
        max_size=12,
    ).map(" ".join)
)
@hypothesis_settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_is_typed_is_answered(text: str) -> None:
    assert_in_order(text, alike(text))


HOSTILE = {
    "nothing": "",
    "one letter": "h",
    "only small words": "How do I do it and what is it?",
    "a hundred thousand letters": "hip " * 25_000,
    "one word of a hundred thousand letters": "x" * 100_000,
    "twenty thousand words": " ".join(f"hip{number}" for number in range(20_000)),
    "another language": "Mi cadera hace clic en las escaleras",
    "another script": "Моё бедро щёлкает на лестнице",
    "no spaces between words": "我的臀部在楼梯上咔哒作响",
    "right to left": "الورك يطقطق على الدرج",
    "emoji": "🦴🦵🏽👩‍👩‍👧 hip 🦴",
    "HTML": "<script>alert('hip')</script><p onclick=x>clicks</p>",
    "combining marks": "h\u0301" * 5_000,
    "signs of a query": '"hip" AND (clicks* NEAR -stairs) \' % _ \\ {} $1 :hip',
    "control characters": "hip\x00\x07\u202e clicks \ud800",
    "lines": "\n".join(["hip"] * 2_000),
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
@pytest.mark.parametrize("place", ["text", "title", "both"])
def test_whatever_is_asked_what_is_given_is_in_order(text: str, place: str) -> None:
    given = "" if place == "title" else text
    found = alike(given, title="" if place == "text" else text, limit=2)
    assert len(found) <= 2
    assert_in_order(text, found)


def assert_in_order(text: str, found: list[Alike]) -> None:
    scores = [one.score for one in found]
    assert scores == sorted(scores, reverse=True)
    for one in found:
        assert 0 <= one.score <= 1 + 1e-9
        assert 0 <= one.by_words <= 1 + 1e-9
        assert all(word in text for word in one.because)
        assert str(one.why).startswith("Shown because")


def test_the_text_of_a_card_finds_the_card() -> None:
    card = make_card("When the hip clicks on stairs", text="It is a tendon. Walk slowly up.")
    with unit_of_work():
        services.index_card(card.id)
    reading.read_waiting()
    for asked in (card.title, "It is a tendon. Walk slowly up.", f"{card.title}\n{card.source}"):
        assert (alike(asked)[0].kind, alike(asked)[0].ref) == ("card", card.id)
