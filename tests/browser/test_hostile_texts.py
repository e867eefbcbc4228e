"""Texts and names that try to run something, sent through the form, looked at in every place."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page

from app.domains.accounts.models import Account
from app.domains.accounts.states import Role
from app.domains.comments import queries
from app.domains.comments.models import Comment
from app.domains.moderation import services as desk
from app.domains.moderation.services import Decision, Verb
from app.infra import tokens
from app.infra.unit_of_work import unit_of_work
from tests.factories import make_account, make_article
from tests.support.client import Browser

WHO = '"><img src=x onerror=ran(1)>'
TEXTS = (
    "<script>ran(1)</script>",
    "<scr<script>ipt>ran(1)</scr</script>ipt>",
    "<img src=x onerror=ran(1)>",
    "<img src='x' onerror='ran(1)'//",
    "<svg onload=ran(1)>",
    "<svg><animate onbegin=ran(1) attributeName=x dur=1s>",
    "<body onload=ran(1)><input autofocus onfocus=ran(1)>",
    "<details open ontoggle=ran(1)>open</details>",
    "<iframe srcdoc='<script>parent.ran(1)</script>'></iframe>",
    "<iframe src='javascript:parent.ran(1)'></iframe>",
    "<object data='https://evil.example/x.svg'></object>",
    "<link rel=stylesheet href='https://evil.example/x.css'>",
    "<style>@import 'https://evil.example/x.css'; * { animation: x 1s }</style>",
    "<style>@keyframes x {}</style><p style='animation: x' onanimationstart=ran(1)>x</p>",
    "<meta http-equiv=refresh content='0; url=https://evil.example/'>",
    "<base href='https://evil.example/'>",
    "<form action='https://evil.example/'><button autofocus>Sign in again</button></form>",
    "<math><mtext><table><mglyph><style><img src=x onerror=ran(1)>",
    "<noscript><p title='</noscript><img src=x onerror=ran(1)>'>",
    "</textarea></title></style><img src=x onerror=ran(1)>",
    "[click](javascript:ran(1))",
    "[click](JaVaScRiPt&colon;ran(1))",
    "[click](java&#x09;script:ran(1))",
    "[click](data:text/html,<script>ran(1)</script>)",
    "<javascript:ran(1)>",
    "[click][1]\n\n[1]: javascript:ran(1)//https://fine.example",
    '[click](https://fine.example "\\" onfocus=\\"ran(1)\\" autofocus=\\"")',
    "![seen](https://evil.example/pixel.gif)",
    '```" onmouseover="ran(1)\n</code></pre><script>ran(1)</script>\n```',
    "{{ 7*7 }} ${7*7} {% include 'x' %} <p id=main class=badge>I am the author</p>",
)
"""Of our own making. Each would call `ran`, call out, or pass itself off as the page."""

NAMES = (
    "<script>ran(1)</script>",
    "<img src=x onerror=ran(1)>",
    "'\"><svg onload=ran(1)>",
    "</title><script>ran(1)</script>",
    "x' onfocus='ran(1)' autofocus='",
    "&lt;img src=x onerror=ran(1)&gt;",
)
CANARY = "window.ranAt = []; window.ran = () => { window.ranAt.push(location.pathname) }"
STIR = """() => {
  const events = ["mouseover", "mouseenter", "focus", "toggle", "animationstart", "load", "error"];
  for (const one of document.querySelectorAll("main *"))
    for (const name of events) one.dispatchEvent(new Event(name));
  return {
    ran: window.ranAt,
    handlers: document.querySelectorAll("main .prose [onload], main [onerror], main [onfocus], " +
      "main [onmouseover], main [ontoggle], main [onbegin], main [onanimationstart]").length,
    foreign: document.querySelectorAll(".prose :is(script, style, svg, math, iframe, object, " +
      "form, input, button, base, meta, link, img, [id], [style])").length,
    schemes: [...document.querySelectorAll("main a[href]")].map(one => one.protocol)
      .filter(one => !["http:", "https:", "mailto:"].includes(one)),
  };
}"""
HARMLESS = {"ran": [], "handlers": 0, "foreign": 0, "schemes": []}


@pytest.fixture
def sent(client: Browser) -> list[Comment]:
    """Every text and every name, asked as a question through the form by a guest of its own."""
    article = make_article("Why your hip clicks")
    words = [(text, NAMES[number % len(NAMES)]) for number, text in enumerate(TEXTS)]
    found = []
    for number, (text, name) in enumerate(words):
        answer = client.submit(
            f"/articles/{article.slug}/ask",
            body=text,
            kind="question",
            name=name,
            email=f"guest{number}@example.com",
        )
        assert answer.status_code == 303, answer.text
        comment = queries.find(int(answer.location.split("/")[2]))
        assert comment is not None
        found.append(comment)
    return found


@pytest.fixture
def look(open_page: Callable[..., Page], page_as: Callable[..., Page]) -> Callable[..., None]:
    """Open pages with the content policy switched off, so that the texts alone are on trial."""

    def look_at(paths: list[str], who: Account | None = None) -> None:
        page = page_as(who, bypass_csp=True) if who else open_page(bypass_csp=True)
        page.add_init_script(CANARY)
        for path in paths:
            answer = page.goto(path)
            assert answer is not None
            assert answer.ok, path
            assert page.evaluate(STIR) == HARMLESS, path

    return look_at


def test_x01_x02_nothing_runs_on_the_writers_private_page(
    app: Flask, sent: list[Comment], look: Callable[..., None]
) -> None:
    keys = [tokens.private_key("asked", one.id, one.nonce) for one in sent]

    look([f"/asked/{one.id}/{key}" for one, key in zip(sent, keys, strict=True)])


def test_x05_nothing_runs_on_the_desk(sent: list[Comment], look: Callable[..., None]) -> None:
    moderator = make_account(Role.MODERATOR)

    look(["/moderation/", *(f"/moderation/{one.id}" for one in sent[:6])], moderator)

    let_in(sent, moderator)
    look(["/moderation/log", "/moderation/?lane=approved"], moderator)


def test_x01_x02_nothing_runs_where_everybody_reads(
    sent: list[Comment], look: Callable[..., None]
) -> None:
    let_in(sent, make_account(Role.MODERATOR))
    article = f"/articles/{sent[0].article.slug}"

    look([article, "/questions/", *(f"/questions/{one.id}" for one in sent)])


def test_the_canary_would_be_heard(open_page: Callable[..., Page]) -> None:
    page = open_page(bypass_csp=True)
    page.add_init_script(CANARY)
    page.goto("/")

    page.evaluate("document.querySelector('main').innerHTML = '<img src=x onerror=ran(1)>'")

    page.wait_for_function("window.ranAt.length === 1")
    assert page.evaluate(STIR) != HARMLESS


def let_in(comments: list[Comment], moderator: Account) -> None:
    with unit_of_work():
        for one in comments:
            desk.decide(one, Decision(Verb.APPROVE, moderator), version=one.version)
