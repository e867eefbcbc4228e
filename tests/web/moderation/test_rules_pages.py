"""The pages on which moderators make rules, rehearse them and let them loose."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.domains.accounts.states import Role
from app.domains.comments.states import Status
from app.domains.screening.models import Rule
from app.infra import clock
from app.infra.db import db
from tests.factories import make_account, make_article, make_comment, make_rule, make_tag
from tests.support.client import Browser

As = Callable[..., Browser]
FIELDS = {
    "name": "Gambling",
    "kind": "phrase",
    "lines": "casino\nroulette*",
    "effect": "hold",
    "tag": "",
    "note": "",
    "size": "200",
}


@pytest.fixture
def browser(app: Flask, as_: As) -> Browser:
    return as_(make_account(Role.MODERATOR, name="Ruth"))


def fields(**changes: str) -> dict[str, str]:
    return {**FIELDS, **changes}


def kept() -> list[Rule]:
    anew = select(Rule).order_by(Rule.id).execution_options(populate_existing=True)
    return list(db.session.scalars(anew))


def decided(*texts: tuple[str, Status]) -> None:
    article = make_article()
    for text, status in texts:
        make_comment(text, status=status, article=article, decided_at=clock.now())


def act(browser: Browser, rule: Rule, verb: str, **others: Any) -> Any:
    version = others.pop("version", str(rule.version))
    return browser.submit(f"/moderation/rules/{rule.id}/{verb}", version=version, **others)


def test_the_pattern_that_the_form_shows_finds_a_phone_number(browser: Browser) -> None:
    decided(("Ring me: +44 20 7946 0123", Status.APPROVED))
    shown = re.search("<code>([^<]+)</code> is a phone", browser.get("/moderation/rules/new").text)
    assert shown is not None

    answer = browser.submit("/moderation/rules/new", **fields(kind="pattern", lines=shown[1]))
    assert "Ring me: +44" in browser.get(answer.headers["Location"]).text


def test_a_rule_is_saved_rehearsed_and_set_live(browser: Browser) -> None:
    decided(("The casino of the knee", Status.APPROVED), ("Fine", Status.APPROVED))
    decided(("Fine, too", Status.APPROVED), ("Best Casino", Status.SPAM))

    answer = browser.submit("/moderation/rules/new", **fields())
    (rule,) = kept()
    assert answer.headers["Location"] == f"/moderation/rules/{rule.id}/rehearse"
    assert not rule.is_live
    page = browser.get(answer.headers["Location"]).text
    assert "1 of 3" in page
    assert "1 of 1" in page
    assert "The casino of the knee" in page

    answer = act(browser, rule, "start")
    assert answer.status_code == 303
    (rule,) = kept()
    assert (rule.is_live, rule.changed_by) == (True, "Ruth")


def test_a_rule_is_rehearsed_before_it_is_saved_and_what_was_typed_stays(browser: Browser) -> None:
    decided(("The casino of the knee", Status.APPROVED))
    answer = browser.submit("/moderation/rules/rehearse", **fields(lines="casino\nsecond line"))
    assert answer.status_code == 200
    assert "The casino of the knee" in answer.text
    assert "second line" in answer.text
    assert kept() == []


def test_changes_are_rehearsed_before_they_are_saved(browser: Browser) -> None:
    decided(("A roulette", Status.APPROVED))
    rule = make_rule(lines="casino")
    answer = act(browser, rule, "try", **fields(lines="roulette"))
    assert "A roulette" in answer.text
    assert [one.lines for one in kept()] == ["casino"]


@pytest.mark.parametrize("path", ["new", "rehearse"])
def test_s08_a_pattern_that_cannot_be_compiled_is_refused_at_its_field(
    browser: Browser, path: str
) -> None:
    answer = browser.submit(
        f"/moderation/rules/{path}", **fields(kind="pattern", lines="ok\n(a)\\1")
    )
    assert answer.status_code == 422
    assert "It refers back to an earlier group" in answer.text
    assert 'id="lines-problem"' in answer.text
    assert r"(a)\1</textarea>" in answer.text
    assert kept() == []


def test_s08_a_pattern_that_hangs_elsewhere_is_rehearsed_at_once(browser: Browser) -> None:
    decided(("a" * 9_000 + "!", Status.APPROVED))
    answer = browser.submit(
        "/moderation/rules/rehearse", **fields(kind="pattern", lines="(a+)+$\n(.*a){20}")
    )
    assert answer.status_code == 200
    assert "1 of 1" in answer.text


@pytest.mark.parametrize(
    "changes",
    [{"kind": "other"}, {"kind": ""}, {"effect": ""}, {"effect": "ban"}, {"size": "7"}],
)
def test_what_is_no_choice_is_refused(browser: Browser, changes: dict[str, str]) -> None:
    answer = browser.submit("/moderation/rules/new", **fields(**changes))
    assert answer.status_code == 422
    assert kept() == []


def test_a_rule_that_meets_everything_needs_a_second_yes(browser: Browser) -> None:
    decided(("One", Status.APPROVED), ("Two", Status.SPAM))
    rule = make_rule(kind="pattern", lines=".")

    page = browser.get(f"/moderation/rules/{rule.id}/rehearse").text
    assert "It would have met every text." in page
    assert 'name="sure"' in page

    answer = act(browser, rule, "start")
    assert (answer.status_code, kept()[0].is_live) == (422, False)
    assert "This rule would meet every text: all of the 2" in answer.text

    assert act(browser, rule, "start", sure="yes").status_code == 303
    assert kept()[0].is_live


def test_a_live_rule_is_not_widened_to_everything_without_a_second_yes(browser: Browser) -> None:
    decided(("One", Status.APPROVED), ("Two", Status.SPAM))
    rule = make_rule(live=True)
    wide = fields(kind="pattern", lines=".", version="1")

    answer = browser.submit(f"/moderation/rules/{rule.id}", **wide)
    assert (answer.status_code, kept()[0].lines) == (422, "casino")
    assert "would meet every text" in answer.text
    assert 'name="sure"' in answer.text

    assert browser.submit(f"/moderation/rules/{rule.id}", **wide, sure="y").status_code == 303
    assert (kept()[0].lines, kept()[0].is_live) == (".", True)


def test_a_stale_page_is_refused_and_what_was_typed_stays(browser: Browser) -> None:
    rule = make_rule(version=3)
    answer = browser.submit(f"/moderation/rules/{rule.id}", **fields(lines="mine", version="2"))
    assert answer.status_code == 409
    assert "Somebody changed this rule meanwhile" in answer.text
    assert "mine</textarea>" in answer.text
    assert kept()[0].lines == "casino"


@pytest.mark.parametrize("verb", ["start", "pause", "remove"])
def test_an_act_on_a_stale_page_does_nothing(browser: Browser, verb: str) -> None:
    rule = make_rule(version=3, live=verb == "pause")
    answer = act(browser, rule, verb, version="2")
    assert answer.status_code == 409
    assert kept()[0].version == 3


def test_a_removed_rule_is_put_back_from_the_list(browser: Browser) -> None:
    tag = make_tag("hip")
    rule = make_rule("Hips", effect="tag", tag_id=tag.id, live=True)
    act(browser, rule, "remove")
    assert kept() == []
    page = browser.get("/moderation/rules").text
    path = page.split('action="/moderation/rules/put-back/')[1].split('"')[0]

    answer = browser.submit(f"/moderation/rules/put-back/{path}")

    assert answer.status_code == 303
    (back,) = kept()
    assert (back.name, back.effect, back.tag_id, back.is_live) == ("Hips", "tag", tag.id, False)
    assert "put-back" not in browser.get("/moderation/rules").text


def test_a_rule_that_is_gone_answers_404(browser: Browser) -> None:
    for path in ("", "/rehearse"):
        assert browser.get(f"/moderation/rules/9999{path}").status_code == 404
    for verb in ("start", "pause", "remove"):
        answer = browser.submit(f"/moderation/rules/9999/{verb}", version="1")
        assert answer.status_code == 404


def test_a_rule_of_networks_says_what_it_is_tried_on(browser: Browser) -> None:
    decided(("One", Status.APPROVED))
    rule = make_rule(kind="network", lines="203.0.113.7")
    page = browser.get(f"/moderation/rules/{rule.id}/rehearse?size=200").text
    assert "only the first part is kept" in page


def test_with_nothing_decided_the_page_says_so(browser: Browser) -> None:
    rule = make_rule()
    page = browser.get(f"/moderation/rules/{rule.id}/rehearse").text
    assert "Nothing has been decided yet" in page


def test_without_rules_the_list_says_what_one_could_be(browser: Browser) -> None:
    assert "There are no rules yet" in browser.get("/moderation/rules").text


def test_x05_what_was_typed_into_rules_is_text_on_every_page(browser: Browser) -> None:
    script = "<script>alert(1)</script>"
    decided((script, Status.APPROVED))
    rule = make_rule(script, kind="pattern", lines=f"{script}\n.")
    for path in ("", f"/{rule.id}", f"/{rule.id}/rehearse"):
        assert script not in browser.get(f"/moderation/rules{path}").text


def test_the_list_costs_the_same_for_one_rule_and_for_ten(
    browser: Browser, count_queries: Callable
) -> None:
    tag = make_tag("hip")
    make_rule(effect="tag", tag_id=tag.id)
    browser.get("/moderation/rules")
    with count_queries() as one:
        browser.get("/moderation/rules")
    for _ in range(9):
        make_rule(effect="tag", tag_id=make_tag().id)
    with count_queries() as ten:
        browser.get("/moderation/rules")
    assert ten.total == one.total
