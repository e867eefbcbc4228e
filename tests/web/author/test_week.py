"""The page of an author's week, and the choice of its mail."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask

from app.notifications import queries
from app.notifications.states import Topic
from tests.support.client import Browser
from tests.weekly.asking import CLICKS, OTHERS, ask, long_there, make_author

As = Callable[..., Browser]


def test_the_page_tells_what_the_mail_would_and_leads_to_a_card_for_all(
    app: Flask, as_: As
) -> None:
    author = make_author()
    questions = ask(long_there(author), *CLICKS, *OTHERS)
    browser = as_(author)
    page = browser.get("/author/week")
    assert "Answered so far: 0. Still open: 6." in page.text
    assert "Asked once" in page.text
    assert f'href="{questions[0].href}"' in page.text
    card = browser.get("/author/cards/new", query_string={"title": CLICKS[1]})
    assert f'value="{CLICKS[1]}"' in card.text


def test_an_author_ends_the_mail_and_takes_it_again_on_the_page(app: Flask, as_: As) -> None:
    author = make_author()
    address_id, browser = author.address_id, as_(author)
    assert "Nobody asked anything" in browser.get("/author/week").text
    browser.submit("/author/week")
    assert not queries.wants(address_id, Topic.WEEK)
    assert "You get no such mail" in browser.get("/author/week").text
    browser.submit("/author/week", is_wanted="y")
    assert queries.wants(address_id, Topic.WEEK)
