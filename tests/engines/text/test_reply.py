"""The author's reply may lead to other pages of the site; a reader's text may not."""

import pytest

from app.engines.text.render import render_comment, render_reply

OWN = "See [the clamshell](/resources/clamshell)."


def test_the_author_links_to_a_page_of_the_site_by_its_path() -> None:
    assert '<a href="/resources/clamshell" rel="ugc nofollow noopener">' in render_reply(OWN)


def test_a_reader_cannot_link_by_path() -> None:
    assert "<a" not in render_comment(OWN)


@pytest.mark.parametrize(
    "target", ["//evil.example", "/\\evil.example", "javascript:1", "\\/evil.example", "data:1"]
)
def test_x07_the_authors_reply_leads_nowhere_that_a_path_is_not(target: str) -> None:
    assert f'href="{target}' not in render_reply(f"[x]({target})")
