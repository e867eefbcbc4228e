"""A guest takes along what is theirs and has it erased, in the browser that proved the address."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from app.domains.accounts import services as accounts
from tests.browser.test_axe import check_every_face
from tests.factories import make_address, make_question
from tests.support.smtp import MailServer, text_of

EMAIL = "nadia@example.com"
QUESTION = "My left hip clicks when I swing the leg."


def link_in(mails: MailServer, place: str) -> str:
    """The path behind the newest link to this place that was mailed."""
    texts = [text_of(mail) for mail in mails.to(EMAIL)]
    found = [path for text in texts for path in re.findall(rf"http://\S+?(/{place}/\S+)", text)]
    return str(found[-1])


def test_a_guest_takes_a_copy_asks_to_be_erased_and_changes_their_mind(
    open_page: Callable[..., Page],
    mails: MailServer,
    deliver: Callable[[], int],
    no_violations: Callable[..., None],
) -> None:
    address = make_address(EMAIL)
    question = make_question(QUESTION, address=address, name="Nadia", by_proven=True)
    page = open_page(reduced_motion="reduce")
    page.goto(f"/prove/{address.id}/{accounts.proof_key(address)}")
    page.get_by_role("button", name="This address is mine").click()

    page.goto("/your-questions")
    page.get_by_role("main").get_by_role("link", name=EMAIL).click()
    check_every_face(page, no_violations)
    page.get_by_role("button", name="Make a copy for me").click()
    while deliver():
        pass
    page.goto(link_in(mails, "your-data"))
    check_every_face(page, no_violations)
    with page.expect_download() as taken:
        page.get_by_role("button", name="Take the copy").click()
    copy = zipfile.ZipFile(io.BytesIO(Path(taken.value.path()).read_bytes()))
    readable = next(name for name in copy.namelist() if name.endswith(".html"))
    assert QUESTION in copy.read(readable).decode()

    page.get_by_role("link", name="Have everything of yours erased").click()
    check_every_face(page, no_violations)
    page.get_by_role("button", name="Erase everything of mine").click()
    expect(page.get_by_text("Everything of yours is erased on")).to_be_visible()
    check_every_face(page, no_violations)
    deliver()
    page.goto(link_in(mails, "stay"))
    check_every_face(page, no_violations)
    page.get_by_role("button", name="Keep everything").click()

    page.goto(question.href)
    expect(page.get_by_text("Nadia").first).to_be_visible()
