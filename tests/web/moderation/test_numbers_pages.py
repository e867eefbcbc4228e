"""The page of numbers and its charts."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest

from app.domains.accounts.models import Account
from app.domains.accounts.states import Role
from app.domains.comments.states import Status
from app.domains.moderation.models import Comment
from app.domains.moderation.queue.counting import shown
from app.infra import clock
from app.infra.language import LANGUAGES, Manner, speaking
from app.web.moderation import charts
from app.web.moderation.numbers import CHARTS, in_words
from app.web.moderation.rule_forms import size_choices
from tests.factories import make_account, make_article, make_comment
from tests.support.client import Browser

As = Callable[[Account], Browser]
ADDRESSES = re.compile(r"(?:https?:)?//[^\s\"'<)]+")


@pytest.fixture
def desk(as_: As) -> Browser:
    return as_(make_account(Role.MODERATOR, name="Ruth"))


def decided(desk: Browser, *verbs: str, **fields: str) -> list[Comment]:
    article = make_article()
    comments = []
    for verb in verbs:
        written = clock.now() - timedelta(hours=3)
        comment = make_comment(article=article, status=Status.PENDING, created_at=written)
        item = f"{comment.id}:{comment.version}"
        answer = desk.submit("/moderation/decide", item=item, verb=verb, **fields)
        assert answer.status_code == 303
        comments.append(comment)
    return comments


def test_the_page_has_every_chart_with_words_for_it_and_the_table_behind_it(
    desk: Browser,
) -> None:
    decided(desk, "approve", "spam", "reject", reason="Advertising")
    page = desk.get("/moderation/numbers").text
    charted = re.findall(r'<img class="chart [a-z]+" src="([^"]+)" alt="([^"]+)"', page)
    names = {address.split("/")[-1].split(".")[0] for address, _ in charted}
    assert names == set(CHARTS)
    assert all(words.endswith((".", "numbers.")) for _, words in charted)
    assert page.count("As a table") == len(CHARTS)
    assert "3.0 hours" in page
    for address, _ in charted:
        assert desk.get(address.replace("&amp;", "&")).status_code == 200


def test_an_empty_desk_has_no_chart_and_says_so(desk: Browser) -> None:
    page = desk.get("/moderation/numbers").text
    assert "<img" not in page
    for words in ("nothing waits", "Nothing came in", "Nobody decided", "Nothing was refused"):
        assert words in page


@pytest.mark.parametrize("days", ["30", "90", "7", "x", "-1", "9" * 30])
def test_any_number_of_days_is_one_of_the_two(desk: Browser, days: str) -> None:
    page = desk.get("/moderation/numbers", query_string={"days": days})
    assert page.status_code == 200
    assert f"Last {'90' if days == '90' else '30'} days</a>" in page.text


@pytest.mark.parametrize("which", sorted(CHARTS))
@pytest.mark.parametrize("filled", [False, True])
def test_x15_a_chart_is_an_image_that_runs_and_loads_nothing(
    desk: Browser, which: str, filled: bool
) -> None:
    if filled:
        decided(desk, "approve", "spam", "reject", reason="</text><script>alert(1)</script>")
    answer = desk.get(f"/moderation/numbers/{which}.svg")
    root = ET.fromstring(answer.text)  # noqa: S314  (our own)
    assert answer.mimetype == "image/svg+xml"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "script" not in answer.headers["Content-Security-Policy"]
    tags = {element.tag.rsplit("}", 1)[-1] for element in root.iter()}
    assert not tags & {"script", "foreignObject", "image", "a", "iframe"}
    assert not [name for one in root.iter() for name in one.attrib if name.startswith("on")]
    assert set(ADDRESSES.findall(answer.text)) <= {
        "http://www.w3.org/2000/svg",
        "http://www.w3.org/1999/xlink",
    }


def test_a_chart_that_is_none_is_not_there(desk: Browser) -> None:
    assert desk.get("/moderation/numbers/secrets.svg").status_code == 404


def test_a_chart_tells_its_parts_apart_without_colour() -> None:
    bars = charts.stacked(["1 Mar", "2 Mar"], {"Let in": [1, 2], "Refused": [3, 4]})
    both = charts.lines(["1 Mar", "8 Mar"], {"Half": [1.0, None], "Nine of ten": [3.0, 4.0]})
    assert "url(#pattern-0)" in bars
    assert "url(#pattern-1)" in bars
    assert "stroke-dasharray:8 5" in both
    assert "prefers-color-scheme:dark" in bars


def test_a_chart_for_a_phone_is_as_narrow_as_one_and_names_a_series_a_line(desk: Browser) -> None:
    decided(desk, "approve")
    assert "on=phone" in desk.get("/moderation/numbers").text
    drawn = [desk.get(f"/moderation/numbers/days.svg{on}").text for on in ("", "?on=phone")]
    boxes = [ET.fromstring(one).get("viewBox") for one in drawn]  # noqa: S314  (our own)
    assert boxes == ["0 0 960 320", "0 0 344 416"]


def test_a_bar_bears_its_number() -> None:
    drawn = charts.ranked("Texts", [("Advertising", 17), ("Rude", 3)])
    words = "".join(ET.fromstring(drawn).itertext())  # noqa: S314  (our own)
    assert "17" in words
    assert "Advertising" in words


def test_numbers_cost_the_same_for_one_text_and_for_many(
    desk: Browser, count_queries: Callable
) -> None:
    decided(desk, "approve")
    desk.get("/moderation/numbers")
    with count_queries() as one:
        desk.get("/moderation/numbers")
    decided(desk, *["approve"] * 5, *["spam"] * 5)
    with count_queries() as many:
        desk.get("/moderation/numbers")
    assert many.total == one.total <= 16


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "under a minute"),
        (1, "1 minute"),
        (119, "119 minutes"),
        (150, "2.5 hours"),
        (60 * 60, "2.5 days"),
    ],
)
def test_times_are_told_in_words(minutes: int, words: str) -> None:
    assert in_words(timedelta(minutes=minutes)) == words


def test_times_are_told_with_the_signs_of_the_language() -> None:
    with speaking(Manner(LANGUAGES["de"])):
        assert in_words(timedelta(minutes=150)) == "2,5 Stunden"


def test_counts_are_told_with_the_signs_of_the_language() -> None:
    with speaking(Manner(LANGUAGES["de"])):
        assert (shown(1204), shown(20_000)) == ("1.204", "10.000+")
        assert [size.label for size in size_choices()] == ["200", "1.000", "5.000"]
