"""Answer cards as readers see them: in threads, on pages of their own, and for machines."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup

from app.domains.accounts.states import Role
from app.domains.answers.models import AnswerCard, FormerCardSlug
from app.domains.comments import card_counts
from app.domains.comments.models import MeToo
from app.domains.comments.states import Status
from app.infra import clock as time
from app.infra.db import db
from app.search import rebuild
from tests.factories import (
    make_account,
    make_answer,
    make_article,
    make_card,
    make_comment,
    make_link,
    make_question,
    make_resource,
    make_tag,
)
from tests.support.client import Browser
from tests.support.queries import Counted

Counting = Callable[[], AbstractContextManager[Counted]]


def _described(page: str) -> dict[str, object]:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page)
    assert found
    return json.loads(found[1])


def test_a_linked_question_shows_the_card_as_its_first_answer(client: Browser) -> None:
    article = make_article("Hips")
    question = make_question(article=article)
    make_comment("I have that too.", parent=question)
    card = make_card("Why it clicks", text="It is a **tendon**.", owner=article.author)
    make_link(card, question)
    for path in ("/articles/hips", question.href):
        page = client.get(path).text.partition('id="discussion"')[2]
        assert "It is a <strong>tendon</strong>." in page
        assert page.index("tendon</strong>") < page.index("I have that too.")
        assert '<span class="badge author">Author</span>' in page
        assert 'href="/answers/why-it-clicks"' in page


def test_a_card_stands_under_a_question_that_nobody_replied_to(client: Browser) -> None:
    article = make_article("Hips")
    first, second = make_question(article=article), make_question(article=article)
    make_link(make_card(text="It is a tendon."), first)
    page = client.get("/articles/hips").text
    assert page.count("It is a tendon.") == 1
    assert page.count("<ol") == page.count("</ol>")
    assert len(re.findall("<li[ >]", page)) == page.count("</li>")
    assert f"comment-{second.id}" in page


def test_editing_a_card_changes_it_in_every_thread(client: Browser) -> None:
    questions = [make_question() for _ in range(2)]
    card = make_card(text="Rest it.")
    for question in questions:
        make_link(card, question)
    card.html, card.updated_at = "<p>Move it.</p>", time.now()
    for question in questions:
        page = client.get(question.href).text
        assert ("Move it." in page, "Rest it." in page) == (True, False)


def test_a_thread_says_when_the_card_was_changed_last(client: Browser) -> None:
    question = make_question()
    now = time.now()
    card = make_card(created_at=now - timedelta(days=9), updated_at=now - timedelta(days=3))
    make_link(card, question)
    page = client.get(question.href).text
    assert re.search(
        r"Updated <time [^>]+>3 days ago</time>, <time [^>]+>\d+ \w+ \d{4}</time>", page
    )


@pytest.mark.parametrize(("askers", "words"), [(1, None), (2, "1 person"), (4, "3 people")])
def test_it_says_for_how_many_others_it_answered_before(client: Browser, askers, words) -> None:
    card = make_card()
    questions = [make_question() for _ in range(askers)]
    for question in questions:
        make_link(card, question)
    page = client.get(questions[0].href).text
    assert ("Answered before" in page) == (words is not None)
    assert words is None or f"Answered before for {words}" in page


def test_who_has_the_question_too_counts_among_the_others(client: Browser) -> None:
    card, question = make_card(), make_question()
    make_link(card, question)
    db.session.add(MeToo(comment_id=question.id, account_id=make_account().id))
    db.session.flush()
    card_counts.count_card(card.id)
    db.session.commit()
    assert "Answered before for 1 person" in client.get(question.href).text


def test_a_card_points_to_what_it_rests_on(client: Browser) -> None:
    question, hidden = make_question(), make_article("Not yet", status="draft")
    shown = make_article("Hips in full")
    make_link(
        make_card(resources=[make_resource("Side steps")], articles=[shown, hidden]), question
    )
    page = client.get(question.href).text
    assert 'href="/resources/side-steps"' in page
    assert 'href="/articles/hips-in-full"' in page
    assert "Not yet" not in page


def test_a_card_whose_owner_left_keeps_the_authors_badge(client: Browser) -> None:
    question, card = make_question(), make_card(text="It is a tendon.")
    make_link(card, question)
    db.session.delete(card.owner)
    assert "It is a tendon." in client.get(question.href).text
    assert client.get(card.href).status_code == 200


def test_what_did_not_help_stays_to_be_read_and_the_question_is_open(client: Browser) -> None:
    question = make_question()
    make_link(make_card(text="It is a tendon."), question, helped=False, reason="Private words")
    page = client.get(question.href).text
    assert "It is a tendon." in page
    assert "Waiting for an answer" in page
    assert "Whoever asked said that this did not help." in page
    assert "Private words" not in page


def test_the_questions_page_points_to_the_card_as_canonical(client: Browser) -> None:
    question, other = make_question(), make_question()
    card = make_card("Why it clicks")
    make_link(card, question)
    make_link(card, other, helped=False)
    canonical = '<link rel="canonical" href="http://localhost/answers/why-it-clicks">'
    assert canonical in client.get(question.href).text
    assert canonical not in client.get(other.href).text
    card.retired_at = time.now()
    assert canonical not in client.get(question.href).text


def test_the_sitemap_has_the_card_and_not_the_question_it_stands_for(client: Browser) -> None:
    told, other = make_question(), make_question()
    make_link(make_card("Why it clicks"), told)
    make_card("Gone", retired_at=time.now())
    sitemap = client.get("/sitemap.xml").text
    assert "http://localhost/answers/why-it-clicks" in sitemap
    assert f"/questions/{other.id}-" in sitemap
    assert f"/questions/{told.id}-" not in sitemap
    assert "/answers/gone" not in sitemap


def test_the_card_is_the_accepted_answer_for_machines(client: Browser) -> None:
    question = make_question()
    make_answer(question, "Let it be.")
    card = make_card("Why it clicks", text="It is a **tendon**.")
    make_link(card, question)
    about = _described(client.get(question.href).text)["mainEntity"]
    assert about["answerCount"] == 2
    assert about["acceptedAnswer"]["text"] == "It is a tendon."
    assert about["acceptedAnswer"]["url"] == "http://localhost/answers/why-it-clicks"
    assert about["acceptedAnswer"]["author"]["name"] == card.owner.name
    assert [one["text"] for one in about["suggestedAnswer"]] == ["Let it be."]


def test_a_card_describes_itself_as_a_question_with_its_answer(client: Browser) -> None:
    card = make_card("Why it clicks", text="It is a tendon.")
    about = _described(client.get(card.href).text)["mainEntity"]
    assert (about["name"], about["acceptedAnswer"]["text"]) == ("Why it clicks", "It is a tendon.")


def test_x05_the_title_of_a_card_is_text(client: Browser) -> None:
    question, card = make_question(), make_card("<img src=x onerror=alert(1)>")
    make_link(card, question)
    for path in (card.href, question.href, "/answers/"):
        assert "<img src=x" not in client.get(path).text


# The card's own page


def test_the_page_of_a_card_names_the_questions_it_answers(client: Browser) -> None:
    tag = make_tag("hip")
    question = make_question(title="Is it bad?", article=make_article("Hips"))
    card = make_card(
        "Why it clicks", text="A tendon.", tags=[tag], resources=[make_resource("Swing")]
    )
    make_link(card, question)
    page = client.get("/answers/why-it-clicks").text
    for shown in (
        "Is it bad?",
        "A tendon.",
        "/tags/hip",
        "/resources/swing",
        "1 person asked this",
    ):
        assert shown in page
    assert '<link rel="canonical" href="http://localhost/answers/why-it-clicks">' in page


@pytest.mark.parametrize(
    "status", [Status.PENDING, Status.SPAM, Status.REJECTED, Status.WITHDRAWN, Status.DELETED]
)
def test_v05_a_linked_question_that_is_hidden_moves_no_byte_of_the_cards_pages(
    client: Browser, status: Status
) -> None:
    card = make_card("Why it clicks")
    shown = make_question()
    make_link(card, shown)
    paths = (card.href, "/answers/", "/sitemap.xml")
    before = [client.get(path).data for path in paths]
    hidden = make_question("kanarienvogel?", article=shown.article, status=status)
    make_link(card, hidden)
    db.session.add(MeToo(comment_id=hidden.id, account_id=make_account().id))
    assert [client.get(path).data for path in paths] == before
    assert "Answered before" not in client.get(shown.href).text


def test_a_card_that_does_not_exist_is_not_found(client: Browser) -> None:
    assert client.get("/answers/nothing").status_code == 404


def test_v04_a_former_address_of_a_card_leads_on_for_ever(client: Browser) -> None:
    card = make_card("Why it clicks")
    db.session.add(FormerCardSlug(slug="clicking", card_id=card.id))
    db.session.commit()
    moved = client.get("/answers/clicking")
    assert (moved.status_code, moved.headers["Location"]) == (301, "/answers/why-it-clicks")
    assert client.get("/answers/never-there").status_code == 404


def test_a_tag_shows_the_cards_that_carry_it_and_no_retired_one(client: Browser) -> None:
    tag = make_tag("Hip")
    make_card("Why it clicks", tags=[tag])
    make_card("Long gone", tags=[tag], retired_at=time.now())
    make_card("About knees")
    page = client.get(f"/tags/{tag.slug}").text
    assert '<a href="/answers/why-it-clicks" dir="auto">Why it clicks</a>' in page
    assert "Long gone" not in page
    assert "About knees" not in page


@pytest.mark.parametrize(
    "text",
    [
        "<img src=x onerror=alert(1)><script>alert(1)</script>",
        "[here](javascript:alert(1)) and [there](data:text/html;base64,PHNjcmlwdD4=)",
        "<a href='https://evil.example' style='position:fixed'>all of the page</a>",
        '[x](https://evil.example/"onmouseover=alert(1))',
    ],
)
def test_x01_a_hostile_text_of_a_card_is_shown_and_does_nothing(client: Browser, text: str) -> None:
    question = make_question()
    card = make_card("Why it clicks", text=text)
    make_link(card, question)
    for path in (question.href, question.article.href, card.href):
        page = client.get(path)
        found = BeautifulSoup(page.data, "html.parser").select_one(".card-answer .prose")
        assert page.status_code == 200
        assert found is not None
        assert not found.select("script, img, [style], [onerror], [onmouseover]")
        hrefs = [str(link["href"]) for link in found.select("a[href]")]
        assert all(href.startswith("https://evil.example") for href in hrefs), hrefs


def test_a_retired_card_can_be_read_and_is_in_no_list(client: Browser) -> None:
    card = make_card("Why it clicks", retired_at=time.now())
    page = client.get(card.href).text
    assert "The author has retired this answer." in page
    assert '<meta name="robots" content="noindex">' in page
    assert "Why it clicks" not in client.get("/answers/").text


def test_the_list_has_the_most_asked_first(client: Browser) -> None:
    make_card("Seldom asked")
    often = make_card("Often asked")
    for _ in range(2):
        make_link(often, make_question())
    page = client.get("/answers/").text
    assert page.index("Often asked") < page.index("Seldom asked")
    assert "Answered for 2 people" in page


def test_an_empty_list_says_where_answers_are(client: Browser) -> None:
    assert "No answer has a page of its own yet" in client.get("/answers/").text


@pytest.mark.parametrize("number", ["0", "-1", "99999999999999999999", "x"])
def test_any_page_number_is_answered(client: Browser, number: str) -> None:
    card = make_card()
    assert client.get(f"{card.href}?page={number}").status_code == 200
    assert client.get(f"/answers/?page={number}").status_code == 200


# The search


def test_cards_are_found_and_can_be_asked_for_alone(client: Browser) -> None:
    make_card("Why it clicks", text="The iliopsoas slides.")
    make_card("Gone", text="The iliopsoas slides.", retired_at=time.now())
    rebuild.reindex_all()
    page = client.get("/search?q=iliopsoas&kind=card").text
    assert 'href="/answers/why-it-clicks"' in page
    assert '<span class="kind">Answer</span>' in page
    assert "/answers/gone" not in page


# What it costs


@pytest.mark.parametrize("where", ["article", "question", "card", "list"])
def test_pages_cost_the_same_for_one_card_and_for_ten(
    client: Browser, count_queries: Counting, where: str
) -> None:
    article = make_article("Hips", author=make_account(Role.AUTHOR))
    question = make_question(article=article)
    shared = make_card("Shared")

    def fill() -> AnswerCard:
        card = make_card(resources=[make_resource()], articles=[article], tags=[make_tag()])
        make_link(card, question)
        make_link(shared, make_question(article=article))
        return card

    fill()
    path = {
        "article": article.href,
        "question": question.href,
        "card": shared.href,
        "list": "/answers/",
    }[where]
    with count_queries() as one:
        assert client.get(path).status_code == 200
    for _ in range(9):
        fill()
    with count_queries() as ten:
        client.get(path)
    assert ten.total == one.total <= 16, ten
