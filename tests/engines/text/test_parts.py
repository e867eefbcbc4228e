"""A long text is sanitised in pieces, and comes out as if it had been done at once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engines.text import markdown, sanitise
from app.engines.text.render import render_comment

BLOCKS = st.sampled_from(
    ["*a*", "# head", "> quote\n> more", "- a\n- b", "1. one", "```\ncode\n```", "---", "a<b>c"]
)


@given(blocks=st.lists(BLOCKS, min_size=1, max_size=600))
def test_pieces_come_out_like_the_whole(blocks: list[str]) -> None:
    source = "\n\n".join(blocks)
    assert render_comment(source) == sanitise.clean_comment(markdown.comment_html(source))


@pytest.mark.parametrize(("paragraphs", "parts"), [(1, 1), (250, 1), (251, 2), (2000, 8)])
def test_a_piece_holds_so_many_blocks(paragraphs: int, parts: int) -> None:
    assert len(markdown.comment_parts("*a*\n\n" * paragraphs)) == parts


def test_a_text_of_nothing_is_one_empty_piece() -> None:
    assert markdown.comment_parts("") == [""]
