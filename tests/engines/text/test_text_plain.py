"""What is let through without the sanitiser is what the sanitiser would have given back."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.engines.text import markdown, sanitise
from app.engines.text.plain import is_plain
from tests.engines.text.hostile_texts import PAYLOADS, hostile_sources

CLEANERS = (sanitise._cleaners.comment, sanitise._cleaners.reply, sanitise._cleaners.article)
TAGS = ("p", "em", "strong", "del", "code", "pre", "blockquote", "ul", "ol", "li", "hr", "br")
OTHERS = (
    "h2",
    "h3",
    "h4",
    "a",
    "b",
    "i",
    "div",
    "table",
    "tr",
    "td",
    "script",
    "svg",
    "math",
    "img",
)
PLAIN_SIGNS = (
    *("\n", " ", "\t", "words", "two\nlines", "é", "\U0001f9d8"),
    *("&amp;", "&lt;", "&gt;", "&quot;", "&amp;lt;"),
)
SIGNS = (
    *PLAIN_SIGNS,
    *("&", "&nbsp;", "&#60;", "&copy", "<", ">", "<!--", "-->", "<!", "</"),
    *("\x00", "\r", "\x0c", "\x85", "\ufffe"),
    *('<p class="x">', "<em/>", "<P>", "< p>", "<p >", "</p >", "<br/>"),
    '<a href="https://a.example">',
)

soup = st.lists(
    st.one_of(
        st.sampled_from([f"<{name}>" for name in (*TAGS, *OTHERS)]),
        st.sampled_from([f"</{name}>" for name in (*TAGS, *OTHERS)]),
        st.sampled_from(SIGNS),
        st.text(max_size=4),
    ),
    max_size=14,
).map("".join)


def _within(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Anything inside of any tag: well nested, and mostly in no order that HTML knows."""
    wrapped = st.tuples(st.sampled_from([*TAGS[:-2], "h3", "h4"]), st.lists(inner, max_size=3))
    return wrapped.map(lambda pair: f"<{pair[0]}>{''.join(pair[1])}</{pair[0]}>")


nested = st.recursive(st.sampled_from([*PLAIN_SIGNS, "<br>", "<hr>"]), _within, max_leaves=12)


def assert_untouched_where_plain(html: str) -> None:
    if is_plain(html):
        assert [cleaner.clean(html) for cleaner in CLEANERS] == [html] * 3


@given(soup)
@settings(max_examples=600)
@example("<pre>\n<code>x</code></pre>")
@example("<p><em><em><em><em>x</em></em></em></em></p>")
@example("<ul>words</ul>")
@example("<p>one<p>two</p></p>")
def test_x10_no_soup_of_tags_is_let_through_that_the_sanitiser_would_change(html: str) -> None:
    assert_untouched_where_plain(html)


@given(nested)
@settings(max_examples=600)
def test_x10_no_nesting_is_let_through_that_the_sanitiser_would_change(html: str) -> None:
    assert_untouched_where_plain(html)


@given(hostile_sources)
@settings(max_examples=200)
def test_x10_whatever_is_drawn_comes_out_as_the_sanitiser_alone_would_have_it(source: str) -> None:
    for part in markdown.comment_parts(source):
        alone = str(CLEANERS[0].clean(part.translate(sanitise._NOT_XML)))
        assert sanitise.clean_comment(part) == alone


@pytest.mark.parametrize("payload", PAYLOADS)
def test_x10_no_payload_as_raw_html_gets_past_the_sanitiser(payload: str) -> None:
    assert not is_plain(payload) or "<" not in payload


@pytest.mark.parametrize(
    "source",
    [
        "Thank you, this helped.",
        'It "clicks" & hurts: **why**, and is it *bad*?\n\nTwo `x < y` words.',
        "- one\n- two\n  1. three\n\n> said\n> before\n\n# Head\n\n---\n\n    code",
        "~~no~~ yes  \nand on",
    ],
)
def test_what_people_usually_write_needs_no_sanitiser(source: str) -> None:
    assert is_plain(markdown.comment_html(source))


@pytest.mark.parametrize("source", ["See https://a.example", "```py\nx\n```", "7. seven"])
def test_what_has_attributes_goes_to_the_sanitiser(source: str) -> None:
    assert not is_plain(markdown.comment_html(source))
