"""Readers' words are decided on by the keys of the desk."""

from collections.abc import Callable

from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.domains.accounts.states import Role
from app.domains.tags.models import PhraseProposal
from app.infra.db import db
from tests.factories import make_account, make_tag


def states() -> dict[str, str]:
    db.session.rollback()
    rows = db.session.execute(select(PhraseProposal.phrase, PhraseProposal.state))
    return {row.phrase: row.state for row in rows}


def test_words_are_ticked_accepted_and_declined_by_keys(page_as: Callable[..., Page]) -> None:
    tag = make_tag("Hip clicking")
    phrases = ("creaky hip", "hip thud", "popping hip", "slow hip")
    db.session.add_all(PhraseProposal(tag_id=tag.id, phrase=one, seen=6) for one in phrases)
    db.session.commit()
    page = page_as(make_account(Role.AUTHOR))
    page.goto("/author/lexicon", wait_until="networkidle")
    for key in ("j", "j", "x", "j", "x", "k"):
        page.keyboard.press(key)
    expect(page.get_by_role("checkbox", checked=True)).to_have_count(2)

    page.keyboard.press("a")

    expect(page.get_by_text("2 phrases became synonyms")).to_be_visible()
    page.wait_for_load_state("networkidle")
    page.keyboard.press("j")
    page.keyboard.press("r")
    expect(page.get_by_text("1 phrase will not be proposed again")).to_be_visible()
    assert states() == {
        "creaky hip": "declined",
        "hip thud": "accepted",
        "popping hip": "accepted",
        "slow hip": "open",
    }
