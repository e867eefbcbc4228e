"""What scripts add to pages that work without them."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from app.domains.accounts.states import Role
from tests.browser.conftest import PHONE
from tests.factories import (
    make_account,
    make_article,
    make_comment,
    make_question,
    make_resource,
    make_tag,
)

VIDEO = "Watch this:\n\n[Clamshell, slowly](https://www.youtube.com/watch?v=demoClam001)"
PLAYER = "https://www.youtube-nocookie.com/embed/demoClam001"
MARKDOWN = """My *left* hip **clicks**, and `it` says:

> lift <b>slowly</b>

1. once & again
2. https://example.com/a?b=1&c=2

- [a link](https://example.com "title")

| a | b |
|---|---|
| 1 | 2 |

![a picture](https://example.com/x.png) Thank you."""


@pytest.fixture
def thread() -> str:
    """An article's path; under it a comment with two replies, one below the other."""
    article = make_article("Clicking hips", text=VIDEO)
    first = make_comment("The first word.", article=article, name="Ida")
    second = make_comment("A reply.", article=article, parent=first, name="Tom")
    make_comment("A reply to the reply.", article=article, parent=second, name="Una")
    return f"/articles/{article.slug}"


def test_a_branch_folds_by_its_line_and_opens_by_its_button(desktop: Page, thread: str) -> None:
    desktop.goto(thread)
    replies = desktop.get_by_text("A reply.", exact=True)
    line = desktop.locator(".branch.folds").first

    line.click(position={"x": 3, "y": 20})

    expect(replies).to_be_hidden()
    button = desktop.get_by_role("button", name="Show 2 replies")
    expect(button).to_be_focused()
    button.press("Enter")
    expect(replies).to_be_visible()


def test_a_link_to_a_folded_comment_opens_its_branch(desktop: Page, thread: str) -> None:
    desktop.goto(thread)
    desktop.get_by_role("button", name="Fold 2 replies").press("Enter")
    last = desktop.locator(".remark", has_text="A reply to the reply.")
    identity = last.get_attribute("id")

    desktop.evaluate("identity => { location.hash = identity }", identity)

    expect(last).to_be_visible()


def test_without_script_everything_in_a_thread_can_be_read(
    open_page: Callable[..., Page], thread: str
) -> None:
    page = open_page(java_script_enabled=False)

    page.goto(thread)

    expect(page.get_by_text("A reply to the reply.")).to_be_visible()
    expect(page.get_by_role("button", name="Fold")).to_have_count(0)
    expect(page.get_by_role("link", name="Clamshell, slowly")).to_have_attribute(
        "href", "https://www.youtube.com/watch?v=demoClam001"
    )


def test_a_video_asks_its_host_for_nothing_before_a_click(desktop: Page, thread: str) -> None:
    asked: list[str] = []
    desktop.on("request", lambda request: asked.append(request.url))
    desktop.goto(thread, wait_until="networkidle")
    assert not [address for address in asked if "youtube" in address]

    with desktop.expect_request(f"{PLAYER}?autoplay=1"):
        desktop.get_by_role("link", name="Clamshell, slowly").click()

    expect(desktop.locator("figure iframe")).to_have_attribute("title", "Clamshell, slowly")


def test_the_preview_is_what_the_server_draws(desktop: Page, thread: str) -> None:
    desktop.goto(thread)

    desktop.get_by_label("Your question or comment").fill("My hip is *loud* <b>here</b>.")

    preview = desktop.get_by_role("region", name="Preview")
    expect(preview.locator("em")).to_have_text("loud")
    expect(preview).to_contain_text("<b>here</b>")


def test_the_preview_is_to_the_letter_what_is_stored(desktop: Page, thread: str) -> None:
    desktop.goto(thread)
    desktop.get_by_label("Your question or comment").fill(MARKDOWN)
    preview = desktop.get_by_role("region", name="Preview")
    expect(preview.get_by_role("status")).to_have_text("Up to date")
    shown = preview.locator(".prose").inner_html()

    desktop.get_by_label("Your name").fill("Nadia")
    desktop.get_by_label("Your e-mail address").fill("nadia@example.com")
    desktop.get_by_role("button", name="Send").click()

    stored = desktop.locator(".remark.own .prose")
    expect(stored).to_contain_text("Thank you")
    assert stored.inner_html().strip() == shown.strip()


def test_a_form_is_not_sent_without_a_connection(desktop: Page, thread: str) -> None:
    desktop.goto(thread, wait_until="networkidle")
    box = desktop.get_by_label("Your question or comment")
    box.fill("Does it matter?")
    desktop.context.set_offline(True)

    desktop.get_by_role("button", name="Send").click()

    expect(desktop.locator(".offline")).to_contain_text("Not sent")
    expect(box).to_have_value("Does it matter?")


def test_a_suggested_link_goes_in_where_the_cursor_is(page_as: Callable[..., Page]) -> None:
    tag = make_tag("clicking hip")
    make_resource("Quiet leg circle", tags=[tag])
    question = make_question("Why?", tags=[tag])
    page = page_as(make_account(Role.AUTHOR))
    page.goto(f"/comments/{question.id}/reply", wait_until="networkidle")
    box = page.locator("textarea[name=body]")
    box.fill("Try this. It takes two minutes.")
    box.evaluate("area => area.setSelectionRange(9, 9)")

    page.get_by_role("button", name="Insert the link to Quiet leg circle").click()

    expect(box).to_have_value(
        "Try this. [Quiet leg circle](/resources/quiet-leg-circle) It takes two minutes."
    )


def test_nothing_moves_while_an_article_loads(open_page: Callable[..., Page], thread: str) -> None:
    page = open_page(PHONE)
    page.add_init_script(
        "window.moved = 0; new PerformanceObserver(list => list.getEntries().forEach("
        "entry => { window.moved += entry.value })).observe({type: 'layout-shift', buffered: true})"
    )

    page.goto(thread, wait_until="networkidle")

    assert page.evaluate("window.moved") < 0.01
