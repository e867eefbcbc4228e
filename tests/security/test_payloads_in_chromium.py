"""The hostile texts in a real browser: nothing runs, nothing is asked of another host (X01, X07).

Chromium parses what a hand-made reader of tags may not; the site's own policy (CSP) stands in the
way as a second wall, so this is also tried with that wall taken away.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from app.domains.accounts.states import Role
from app.domains.comments.states import Status
from app.infra.http import headers
from tests import factories
from tests.browser.conftest import (
    browser_type_launch_args,
    chromium,
    faults,
    open_page,
    page_as,
)
from tests.engines.text.hostile_texts import PAYLOADS

__all__ = ["browser_type_launch_args", "chromium", "faults", "open_page", "page_as"]

pytestmark = pytest.mark.one_database

WATCH = """
window.ran = [];
window.go = () => window.ran.push('go');
for (const name of ['alert', 'confirm', 'prompt', 'open'])
  window[name] = () => window.ran.push(name);
"""
CLICK_ALL = """
() => {
  const schemes = ['http:', 'https:', 'mailto:'];
  const odd = [...document.querySelectorAll('main a[href]')]
    .filter(link => !schemes.includes(link.protocol));
  const handlers = [...document.querySelectorAll('*')]
    .filter(one => [...one.attributes].some(at => at.name.startsWith('on')));
  for (const one of document.querySelectorAll('main *')) {
    for (const kind of ['mouseover', 'focus', 'toggle', 'error', 'load'])
      one.dispatchEvent(new Event(kind));
  }
  return {
    odd: odd.map(link => link.outerHTML),
    handlers: handlers.map(one => one.outerHTML),
    foreign: [...document.querySelectorAll('main svg:not(.picture), main math, main iframe, ' +
      'main object, main embed, main base, main meta, main style, ' +
      'main .prose img, main .prose form')]
      .map(one => one.outerHTML),
    ran: window.ran,
  };
}
"""
HARMLESS = {"odd": [], "handlers": [], "foreign": [], "ran": []}


def look(page: Page, path: str) -> None:
    page.add_init_script(WATCH)
    answer = page.goto(path)
    assert answer is not None
    assert answer.status == 200
    page.wait_for_load_state("load")
    assert page.evaluate(CLICK_ALL) == HARMLESS


@pytest.fixture
def hostile_article() -> str:
    article = factories.make_article("Hips", comments_open=True)
    for number, payload in enumerate(PAYLOADS):
        if "\x00" not in payload:
            factories.make_question(
                f"{payload}\n\nWhy?",
                article=article,
                title=payload.replace("\n", " ")[:110],
                name=payload.replace("\n", " ")[:60],
                status=Status.APPROVED if number < 45 else Status.PENDING,
            )
    return f"/articles/{article.slug}"


@pytest.fixture(params=["with the policy", "without it"])
def wall(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The Content-Security-Policy of every answer, standing or taken away."""
    if request.param == "without it":
        monkeypatch.delitem(headers.ALWAYS, "Content-Security-Policy")


@pytest.mark.usefixtures("wall")
def test_x01_x02_x07_nothing_runs_or_calls_out_on_a_page_of_payloads(
    open_page: Callable[..., Page], hostile_article: str
) -> None:
    page = open_page()

    look(page, hostile_article)
    look(page, "/questions/")


@pytest.mark.usefixtures("wall")
def test_x05_nothing_runs_or_calls_out_on_the_desk(
    page_as: Callable[..., Page], hostile_article: str
) -> None:
    page = page_as(factories.make_account(Role.MODERATOR))

    for lane in ("", "?lane=approved"):
        look(page, f"/moderation/{lane}")
