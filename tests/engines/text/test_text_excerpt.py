"""Plain words, short beginnings, and titles made of a reader's own text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engines.text.excerpt import ELLIPSIS, excerpt, parsed_text, plain_text, title_from
from app.engines.text.render import render_comment, render_titled
from tests.engines.text.hostile_texts import hostile_sources


def test_plain_text_keeps_the_words_and_spaces_between_blocks() -> None:
    html = render_comment("# Hip\n\nIt *cl*icks & `<b>`\n\n- one\n- two")
    assert plain_text(html) == "Hip It clicks & <b> one two"


@given(hostile_sources, st.integers(10, 200))
def test_an_excerpt_is_a_short_enough_beginning(source: str, length: int) -> None:
    html = render_comment(source)
    short = excerpt(html, length)
    assert len(short) <= length
    assert plain_text(html).startswith(short.removesuffix(ELLIPSIS))


def test_an_excerpt_ends_with_a_whole_word() -> None:
    assert excerpt("<p>one two three</p>", 9) == "one two…"
    assert excerpt("<p>one two three</p>", 8) == "one two…"
    assert excerpt("<p>one two three</p>", 7) == "one…"
    assert excerpt("<p>onetwothree</p>", 7) == "onetwo…"
    assert excerpt("<p>one two</p>", 7) == "one two"


@pytest.mark.parametrize(
    ("source", "title"),
    [
        (
            "Thanks! My hip clicks. What does that mean? Should I stop?",
            "My hip clicks. What does that mean?",
        ),
        ("Hello Marta. Is that bad?", "Is that bad?"),
        ("My **hip** [clicks](https://a.example). It hurts.", "My hip clicks."),
        ("> Why do hips click?\n\nI think they just do.", "I think they just do."),
        ("```\nwhy?\n```\n\nThis code is mine.", "This code is mine."),
        ("# Clicking hip\n\nIs it bad", "Clicking hip"),
        ("He asked “does it hurt?” It does.", "He asked “does it hurt?”"),
        ("> only a quotation", "only a quotation"),
        ("one line\nanother line", "one line another line"),
        ("", ""),
    ],
)
def test_a_title_is_the_first_question_or_else_the_first_sentence(source: str, title: str) -> None:
    assert title_from(source) == title


@given(hostile_sources)
def test_one_reading_of_a_text_gives_its_html_and_its_title(source: str) -> None:
    assert render_titled(source) == (render_comment(source), title_from(source))


@given(hostile_sources, st.integers(10, 90))
def test_a_title_is_one_short_line(source: str, length: int) -> None:
    title = title_from(source, length)
    assert len(title) <= length
    assert title == " ".join(title.split())


@given(hostile_sources)
def test_plain_text_reads_bare_tags_as_a_parser_does(source: str) -> None:
    html = render_comment(source)
    assert plain_text(html) == parsed_text(html)
