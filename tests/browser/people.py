"""What people do in the site's pages, in words that a story can be told in."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from app.domains.accounts.models import Account
from tests.factories import PASSWORD

MOST_STOPS = 60


def ask(
    page: Page, article: str, text: str, *, name: str, email: str, looks_over: bool = False
) -> str:
    """Ask under an article as a guest; the address of the private page that follows. Without script
    a guest `looks_over` the text once more."""
    page.goto(article)
    page.get_by_label("Your question or comment").fill(text)
    page.get_by_label("Your name").fill(name)
    page.get_by_label("Your e-mail address").fill(email)
    page.get_by_role("button", name="Send").click()
    if looks_over:
        heading(page, "Before you send")
        page.get_by_role("button", name="Send").click()
    heading(page, "Your text waits for a moderator")
    return page.url


def sign_in(page: Page, account: Account, wanted: str) -> None:
    """Go where one must be signed in, sign in on the way, and arrive; by keyboard alone."""
    page.goto(wanted)
    heading(page, "Sign in")
    tab_to(page, page.locator("#email"))
    page.keyboard.type(account.address.email)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{wanted}")


def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until the target has the focus."""
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"no Tab leads to {target}")


def press(page: Page, key: str) -> None:
    """Press a key of the desk that sends something, and wait until all of it is answered."""
    page.keyboard.press(key)
    settled(page)


def settled(page: Page) -> None:
    """Wait until the desk has nothing on its way."""
    expect(page.locator("[data-desk]")).to_have_attribute("data-unsent", "0")


def keys_work(page: Page) -> None:
    """Wait until the desk listens to keys."""
    page.locator("[data-desk][data-live]").wait_for(state="attached")


def heading(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(words)
