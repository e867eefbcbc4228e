"""The lists of the desk in the browser's own words: lanes, filters, search, lists of one's own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlencode

import pytest

from app.domains.accounts.states import Role
from app.domains.comments.models import Comment
from app.domains.comments.states import Kind, Status
from app.domains.moderation.models import DeskSection
from app.domains.moderation.queue import narrowing, saved_views, wishes
from app.domains.moderation.queue.wishes import Wish
from app.domains.moderation.states import Lane, Order
from app.infra import clock
from app.infra.db import db, is_postgresql
from app.web.moderation.listing import SHEETS
from tests.factories import (
    make_account,
    make_address,
    make_article,
    make_comment,
    make_question,
    make_tag,
)
from tests.support.client import Browser

As = Callable[..., Browser]
HOSTILE = [
    *('"', "'", "%", "_", "\\", "*", "NEAR(", "hip NEAR/2", "^hip", '"unbalanced', "a:b", "-hip"),
    *("hip OR", "AND", "NOT hip", "(((", "hip & | !", "<->", "'; DROP TABLE comment; --", "\x00"),
    *("{}", "title:hip", "🦵", "a" * 5000, "\ud83e".encode("utf-8", "replace").decode()),
]


@pytest.fixture
def desk(as_: As) -> Browser:
    return as_(make_account(Role.MODERATOR))


def texts(desk: Browser, **fields: str) -> list[str]:
    """The first words of what a list shows, in its order."""
    page = desk.get(f"/moderation/?{urlencode(fields)}")
    assert page.status_code == 200, page.location
    rows = page.text.split('class="item-words" dir="auto">')[1:]
    return [row.split("</span>")[0] for row in rows]


def waiting(text: str = "It aches.", **columns: object) -> Comment:
    return make_comment(text, status=Status.PENDING, **columns)  # type: ignore[arg-type]


def test_each_filter_leaves_what_fits_it(desk: Browser) -> None:
    tag, article, account = make_tag("hips"), make_article(), make_account()
    links = {"reasons": [{"name": "links", "weight": 35, "sentence": "It has 3 links."}]}
    made = waiting(
        "The one.",
        article=article,
        account=account,
        tags=[tag],
        verdict=links,
        language="de",
        kind=Kind.CHAT,
        created_at=clock.now() - timedelta(days=3),
    )
    waiting("Another.", verdict={"reasons": []})
    waiting("A third.")

    for fields in (
        {"article": str(article.id)},
        {"tag": str(tag.id)},
        {"account": str(account.id)},
        {"address": str(made.address_id)},
        {"reason": "links"},
        {"language": "de"},
        {"kind": "chat"},
        {"older": "2d"},
        {"q": "one"},
    ):
        assert texts(desk, **fields) == ["The one."], fields
    assert len(texts(desk, younger="2d")) == 2


def test_an_active_filter_stands_there_with_a_link_that_takes_it_away(desk: Browser) -> None:
    article = make_article("Why your hip clicks")
    page = desk.get(f"/moderation/?article={article.id}&kind=question").text

    assert "Under “Why your hip clicks”" in page
    assert 'href="/moderation/?kind=question"' in page
    assert "Nothing in “Waiting” fits these filters." in page


@pytest.mark.parametrize("typed", HOSTILE)
def test_i01_the_desks_search_takes_any_words_for_plain_ones(desk: Browser, typed: str) -> None:
    waiting("My hip clicks.")
    page = desk.get("/moderation/", query_string={"q": typed}, follow_redirects=True)

    assert page.status_code == 200


def test_the_search_finds_in_every_state_by_text_title_and_name(desk: Browser) -> None:
    make_comment("The snapping tendon.", status=Status.REJECTED, decided_at=clock.now())
    make_comment("Ordinary.", name="Snapping Turtle", status=Status.SPAM)
    make_question("What is it?", title="A snapping hip?", status=Status.PENDING)

    assert texts(desk, lane="decided", q="snapping tendon") == ["The snapping tendon."]
    assert texts(desk, lane="spam", q="snapping") == ["Ordinary."]
    assert texts(desk, q="SNAPPING") == ["A snapping hip?"]
    assert texts(desk, q="snapping tendon") == []


@pytest.mark.parametrize("state", ["approved", "rejected", "deleted"])
def test_the_address_of_a_former_lane_leads_to_its_texts(desk: Browser, state: str) -> None:
    make_comment("Decided long ago.", status=Status(state))
    answer = desk.get(f"/moderation/?lane={state}")

    assert answer.location == f"/moderation/?lane=decided&state={state}"
    assert "Decided long ago." in desk.get(answer.location).text


@pytest.mark.parametrize(
    "fields",
    [
        {"lane": "nowhere"},
        {"order": "certain", "lane": "spam"},
        {"article": "-1", "tag": "x", "older": "9y", "kind": "poem", "language": "<b>"},
        {"article": "99999999999999999999"},
        {"q": "???"},
    ],
)
def test_p11_what_makes_no_sense_in_an_address_says_nothing(
    desk: Browser, fields: dict[str, str]
) -> None:
    answer = desk.get("/moderation/", query_string=fields, follow_redirects=True)

    assert answer.status_code == 200
    assert answer.request.full_path.rstrip("?") in ("/moderation/", "/moderation/?lane=spam")


def test_a_form_sent_half_empty_leads_to_the_short_address(desk: Browser) -> None:
    sent = {"lane": "waiting", "order": "oldest", "article": "", "kind": "question", "q": ""}

    assert desk.get("/moderation/", query_string=sent).location == "/moderation/?kind=question"


def test_a_wish_is_read_back_as_it_was_written() -> None:
    wish = Wish(
        lane=Lane.DECIDED,
        order=Order.OLDEST,
        article=3,
        tag=4,
        account=5,
        address=6,
        reason="too quick",
        language="pt-br",
        older=36,
        younger=72,
        kind=Kind.QUESTION,
        state=Status.WITHDRAWN,
        q="a hip & more",
    )

    assert wishes.from_query(wish.query) == wish
    assert wishes.read(wish.written) == wish


@pytest.mark.parametrize("lane", Lane)
def test_every_lane_says_something_where_it_is_empty(desk: Browser, lane: Lane) -> None:
    page = desk.get(f"/moderation/?lane={lane}" if lane != Lane.WAITING else "/moderation/")

    assert page.status_code == 200
    assert '<div class="empty">' in page.text
    assert "fits these filters" not in page.text


def test_rows_alone_go_on_where_the_page_ended(desk: Browser) -> None:
    article, address, now = make_article(), make_address(), clock.now()
    for number in range(23):
        waiting(
            f"Text {number}.",
            article=article,
            address=address,
            created_at=now - timedelta(minutes=99 - number),
        )
    page = desk.get("/moderation/").text
    more = page.split('rel="next" href="')[1].split('"')[0]

    rows = desk.get(f"{more}&fragment=1").text

    assert rows.lstrip().startswith("<ol data-rows>")
    assert [f"Text {number}." in rows for number in (19, 20, 21, 22)] == [False, True, True, True]


def test_one_text_is_drawn_alone_and_only_where_it_may_be_seen(as_: As) -> None:
    hips = make_tag("hips")
    inside, outside = waiting(article=make_article(tags=[hips])), waiting()
    ruth = make_account(Role.MODERATOR)
    db.session.add(DeskSection(account_id=ruth.id, tag_id=hips.id))
    desk = as_(ruth)

    assert f'data-item="{inside.id}"' in desk.get(f"/moderation/items/{inside.id}").text
    assert desk.get(f"/moderation/items/{outside.id}").status_code == 404
    assert desk.get(f"/moderation/{outside.id}").status_code == 404
    assert desk.submit(f"/moderation/{outside.id}/open").status_code == 404
    assert texts(desk) == ["It aches."]
    assert desk.get("/moderation/counts").json["lanes"]["waiting"] == "1"


def test_a_list_is_saved_under_a_name_found_beside_and_gone_when_removed(desk: Browser) -> None:
    answer = desk.submit("/moderation/lists", name="German questions", wish="kind=question&junk=1")
    assert answer.location == "/moderation/?kind=question"
    assert "German questions" in desk.get(answer.location).text

    desk.submit("/moderation/lists/1", name="Questions")
    assert "Questions" in desk.get("/moderation/lists").text
    desk.submit("/moderation/lists/1/remove")
    assert "You have saved no list yet" in desk.get("/moderation/lists").text


def test_a_name_that_was_used_before_holds_the_new_list(desk: Browser) -> None:
    for wish in ("kind=question", "lane=spam"):
        desk.submit("/moderation/lists", name="Mine", wish=wish)
    page = desk.get("/moderation/lists").text

    assert page.count("Mine</bdi>") == 1
    assert 'href="/moderation/?lane=spam"' in page


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, "a\x00b"])
def test_a_list_without_a_fit_name_is_refused_in_words(desk: Browser, name: str) -> None:
    answer = desk.submit("/moderation/lists", name=name, wish="lane=spam")

    assert answer.status_code == 422
    assert 'role="alert"' in answer.text


def test_p02_nobody_changes_the_list_of_somebody_else(as_: As) -> None:
    ruth = make_account(Role.MODERATOR)
    saved_views.save("Mine", Wish(Lane.SPAM), ruth)
    other = as_(make_account(Role.MODERATOR))

    assert other.submit("/moderation/lists/1", name="Yours").status_code == 404
    assert other.submit("/moderation/lists/1/remove").status_code == 404
    assert [view.name for view in saved_views.of(ruth)] == ["Mine"]


def test_the_first_texts_come_whole_and_the_others_when_they_are_asked_for(desk: Browser) -> None:
    some = [waiting(f"Text {number}.") for number in range(SHEETS + 2)]
    elsewhere = make_comment(status=Status.PENDING, text="Later.")
    page = desk.get("/moderation/").text
    assert page.count('class="item-sheet"') == SHEETS
    assert page.count(" data-bare>") == 3
    assert f'href="/moderation/{elsewhere.id}" data-open' in page  # without script

    wanted = [("id", one.id) for one in (some[-1], elsewhere)]
    rows = desk.get("/moderation/items", query_string=[*wanted, ("id", 0), ("id", "x")]).text
    assert rows.count('class="item-sheet"') == rows.count('<li class="item"') == 2
    assert "data-bare" not in rows


def test_the_desk_asks_eleven_questions_however_long_the_list(
    as_: As, count_queries: Callable
) -> None:
    ruth = make_account(Role.MODERATOR)
    desk, tag = as_(ruth), make_tag()
    for number in range(3):
        saved_views.save(f"List {number}", Wish(Lane.SPAM), ruth)
    article = make_article(tags=[tag])
    make_question(status=Status.PENDING, article=article, tags=[tag])
    desk.get("/moderation/")
    with count_queries() as one:
        desk.get("/moderation/")
    for _ in range(39):
        make_question(status=Status.PENDING, article=article, tags=[tag])
    with count_queries() as forty:
        desk.get("/moderation/")

    assert forty.total == one.total <= 11, str(forty)


def test_a_search_that_was_cut_says_so_and_how_to_narrow_it(
    desk: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(narrowing, "HITS", 2)
    first, *_ = (waiting(f"The tendon {number}.") for number in range(3))
    said = "only the newest of them were looked at"
    assert (said in desk.get("/moderation/?q=tendon").text) is not is_postgresql()
    assert said not in desk.get(f"/moderation/?q=tendon&article={first.article_id}").text
    assert said not in desk.get("/moderation/").text
