"""Texts at the limit that are made to be slow or deep. Times are measured in benchmarks."""

import pytest

from app.engines.text.render import render_article, render_comment
from tests.engines.text.hostile_texts import words

LIMIT = 10_000
# A table of empty cells is the longest way to draw a character: 16 times.
LONGEST_DRAWING = 20 * LIMIT

PATHOLOGICAL = {
    "quotes": ">" * LIMIT,
    "spaced quotes": "> " * (LIMIT // 2),
    "a deeper quote each line": "\n".join(">" * depth for depth in range(140)),
    "lists in lists": "- " * (LIMIT // 2),
    "a deeper list each line": "\n".join("  " * depth + "- a" for depth in range(96)),
    "lists in quotes": "> 1. - " * (LIMIT // 7),
    "open brackets": "[" * LIMIT,
    "empty brackets": "[]" * (LIMIT // 2),
    "open links": "[a](" * (LIMIT // 4),
    "nested links": "[" * 3_300 + "a" + "](b)" * 1_600,
    "open pictures": "![" * (LIMIT // 2),
    "nested pictures": "![" * 2_000 + "a" + "](http://a.co)" * 400,
    "open emphasis": "*a " * (LIMIT // 3),
    "mixed emphasis": "*a **a " * (LIMIT // 7),
    "crossed emphasis": "a**b" + "c* " * (LIMIT // 3),
    "alternating marks": "*_" * (LIMIT // 2),
    "deep emphasis": "*" * 4_000 + "a" + "*" * 4_000,
    "emphasis in paragraphs": "*a*\n\n" * (LIMIT // 5),
    "open deletions": "~~a " * (LIMIT // 4),
    "growing backticks": "".join("e" + "`" * count for count in range(140)),
    "open autolinks": "<a:" * (LIMIT // 3),
    "angles": "<" * LIMIT,
    "open comments": "<!--" * (LIMIT // 4),
    "ampersands": "&" * LIMIT,
    "backslashes": "\\" * LIMIT,
    "a wide table": "|" * 3_000 + "\n" + "|-" * 3_000,
    "a table of empty cells": "x|x\n-|-\n" + "x\n" * 4_900,
    "addresses": "http://a.co " * (LIMIT // 12),
    "beginnings of addresses": "http://" * (LIMIT // 7),
    "www": "www." * (LIMIT // 4),
    "boxes": "a@" * (LIMIT // 2),
    "hosts": "a.com." * (LIMIT // 6),
    "an address of brackets": "http://a.com/" + "(" * 9_000,
    "definitions": "[a]: u\n" * (LIMIT // 7),
    "one definition used often": "[a]: http://u.co\n\n" + "[a] " * 2_400,
    "headings": "a\n=\n" * (LIMIT // 4),
    "fences": "```\n" * (LIMIT // 4),
    "open titles": '[a](http://a.co "' * (LIMIT // 17),
    "nothings": "\0" * LIMIT,
    "overrides": "\u202e" * LIMIT,
    "tabs": "\t" * LIMIT,
}


@pytest.mark.parametrize("name", PATHOLOGICAL)
def test_s09_a_pathological_text_is_drawn_at_a_bounded_length(name: str) -> None:
    """S09, S12: no exception, no recursion, no text that grows without end."""
    source = PATHOLOGICAL[name][:LIMIT]
    assert len(render_comment(source)) <= LONGEST_DRAWING
    assert len(render_article(source)) <= LONGEST_DRAWING


@pytest.mark.parametrize(
    "opening", [">", "> ", "- ", "1. ", "> - ", "* 1. ", "[", "*", "![", "# > "]
)
@pytest.mark.parametrize("depth", [1, 17, 18, 19, 20, 21, 200])
def test_s12_words_below_any_depth_of_nesting_are_still_there(opening: str, depth: int) -> None:
    """S12, D07: what is too deep is drawn flat; the parser alone would drop it."""
    assert "hello" in words(render_comment(opening * depth + "hello"))
