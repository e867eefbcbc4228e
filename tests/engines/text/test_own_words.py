"""What counts as somebody's own words in a text."""

from __future__ import annotations

import pytest

from app.engines.text.own_words import own_words
from app.engines.text.render import render_reply


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ("", 0),
        ("[Quiet leg circle](/resources/quiet-leg-circle)", 0),
        ("https://example.com/a-page", 0),
        ("- [One](/resources/one)\n- [Two](/resources/two) 2.", 0),
        ("> What you said yourself.\n\n[One](/resources/one)", 0),
        ("See [one](/resources/one).", 1),
        ("**[One](/resources/one)** Please have it looked at.", 5),
    ],
)
def test_links_and_quotations_are_nobodys_own_words(source: str, count: int) -> None:
    assert own_words(render_reply(source)) == count
