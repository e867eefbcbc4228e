"""What old HTML looks like as Markdown, and that the renderer draws from it what was meant."""

import re
from html import escape, unescape

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from app.engines.text.render import render_article, render_comment
from app.importers.wordpress.markup import (
    ARTICLE_MARKDOWN_LIMIT,
    COMMENT_LIMIT,
    article_markdown,
    comment_markdown,
)
from tests.support.guard import no_hanging

BASE = "https://old.example/2012/a/"


def article(html: str) -> str:
    return article_markdown(html, BASE).markdown


def comment(html: str) -> str:
    return comment_markdown(html).markdown


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("one\ntwo\n\nthree", "one\\\ntwo\n\nthree"),
        ("<p>one<br>two</p><p>three</p>", "one\\\ntwo\n\nthree"),
        ("one<br /><br />two<br>", "one\n\ntwo"),
        ("a <b>bold\n\nword</b>", "a **bold**\n\n**word**"),
        ("<h2>Hips</h2>\n\ntext\n<ul>\n<li>a</li>\n<li>b</li>\n</ul>\nend", "## Hips\n\ntext\n\n- a\n- b\n\nend"),  # noqa: E501
        ("<ul><li>a<ul><li>b<ol start=3><li>c</ul><li>d</ul>", "- a\n  - b\n    3. c\n- d"),
        ("<blockquote>q<cite>me</cite></blockquote>", "> q*me*"),
        ("<pre><code>\n  if a &lt; b:\n    `c`\n</code></pre>", "```\n  if a < b:\n    `c`\n```"),
        ("<pre>```</pre>", "````\n```\n````"),
        ("run <code>a_b*c</code> now", "run `a_b*c` now"),
        ("<del>old</del> <ins>new</ins>", "~~old~~ new"),
        ("<dl><dt>Hip</dt><dd>A joint</dd></dl>", "**Hip**\n\nA joint"),
        ("<q>yes</q> H<sub>2</sub>O", '"yes" H2O'),
        ("<script>alert(1)</script><style>p{}</style>text", "text"),
        ("<!-- wp:paragraph -->\n<p>one\ntwo</p>\n<!-- /wp:paragraph -->", "one two"),
        ("one<!--more-->two", "onetwo"),
        ("one\n\n<!--nextpage-->\n\ntwo", "one\n\n***\n\ntwo"),
        ("&nbsp;\n\n<p>&nbsp;</p>text", "text"),
        ("<table><tr><td>a|b<td>c<tr><td>d</table>", "| a\\|b | c |\n| --- | --- |\n| d |"),
        ("<table><tr><th>a<tr><td>1<td>2</table>", "| a |  |\n| --- | --- |\n| 1 | 2 |"),
        ("<table><tr><td>a<table><tr><td>b</table>c</table>", "| a b c |\n| --- |"),
    ],
)  # fmt: skip
def test_old_html_becomes_plain_markdown(html: str, markdown: str) -> None:
    assert article(html) == markdown


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ('<a href="/about/">about</a>', "[about](https://old.example/about/)"),
        ('<a href="https://x.org/a_(b)">x</a>', "[x](<https://x.org/a_(b)>)"),
        ('<a href="https://x.org/?a=1&amp;copy;=2">x</a>', "[x](https://x.org/?a=1\\&copy;=2)"),
        ('<a href="https://x.org/" title="say &quot;x&quot;">x</a>', '[x](https://x.org/ "say \\"x\\"")'),  # noqa: E501
        ('see <a href="https://x.org/">https://x.org/</a>', "see <https://x.org/>"),
        ('<a href="mailto:a@x.org">a@x.org</a>', "a@x.org"),
        ('<a href="javascript:alert(1)">x</a>', "x"),
        ('<a href="#top">up</a>', "up"),
        ('wow!<a href="https://x.org/">x</a>', "wow\\![x](https://x.org/)"),
        ('<img src="a.jpg" alt="A [hip]">', "![A \\[hip\\]](https://old.example/2012/a/a.jpg)"),
        ('<img src="https://x.org/hip.jpg?w=1">', "![hip.jpg](https://x.org/hip.jpg?w=1)"),
        ('<img class="wp-smiley" src="s.gif" alt=":)">', ":)"),
        ('<img src="data:image/png;base64,AAAA" alt="x">', "x"),
    ],
)  # fmt: skip
def test_links_and_pictures_keep_an_address_that_works(html: str, markdown: str) -> None:
    assert article(html) == markdown


WATCH = "https://www.youtube.com/watch?v=SQEQr7c0-dw"


@pytest.mark.parametrize(
    "html",
    [
        f"[embed]{WATCH}[/embed]",
        f"[youtube {WATCH}]",
        f"before\n\n{WATCH}\n\nafter",
        '<iframe src="//www.youtube.com/embed/SQEQr7c0-dw?rel=0"></iframe>',
        '<object data="http://www.youtube.com/v/SQEQr7c0-dw&hl=en"><embed src="x.swf"></object>',
        f'<figure class="wp-block-embed"><div>\n{WATCH}\n</div></figure>',
    ],
)
def test_a_video_stands_alone_on_its_line_however_it_was_embedded(html: str) -> None:
    assert WATCH in article(html).split("\n")
    assert 'class="video"' in render_article(article(html))


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ('[caption id="a" width="3"]<img src="/i.jpg" alt="i"> Words[/caption]', "![i](https://old.example/i.jpg)\n\n*Words*"),
        ('[caption caption="Words"]<img src="/i.jpg" alt="i">[/caption]', "![i](https://old.example/i.jpg)\n\n*Words*"),
        ('[video src="https://x.org/v.mp4" width="2"]', "https://x.org/v.mp4"),
        ("[audio https://x.org/a.mp3]", "https://x.org/a.mp3"),
        ("[contact-form to=me]", "\\[contact-form to=me\\]"),
        ("[[gallery]]", "\\[gallery\\]"),
        ("<code>[gallery]</code>", "`[gallery]`"),
        ("[caption] never closed", "\\[caption\\] never closed"),
    ],
)  # fmt: skip
def test_shortcodes_keep_what_a_reader_came_for(html: str, markdown: str) -> None:
    assert article(html) == markdown


def test_a_gallery_is_left_out_and_that_is_told() -> None:
    converted = article_markdown('one\n\n[gallery ids="1,2"]\n\ntwo')
    assert converted.markdown == "one\n\ntwo"
    assert "gallery" in converted.notes[0]


def test_code_of_several_lines_in_a_comment_is_a_block() -> None:
    assert comment("<code>a {\n  b\n}</code>") == "```\na {\n  b\n}\n```"


def test_a_comment_has_no_tables_so_a_row_is_a_paragraph() -> None:
    assert comment("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>") == "a  b\n\nc"


def test_an_old_blogs_headings_do_not_outrank_the_pages_title() -> None:
    assert "<h1" not in render_article(article("<h1>Hips</h1>"))


@pytest.mark.parametrize(
    "html",
    ["<b>“a”</b>b", "a<i>(b)</i>c", "<b>a</b><b>b</b>", "<b> a </b>b", "<i><b>a</b> b</i>", "a<b>b</b>"],  # noqa: E501
)  # fmt: skip
def test_no_asterisk_of_the_conversion_is_ever_seen(html: str) -> None:
    assert "*" not in render_article(article(html))


def words_of(html: str) -> str:
    """The visible text, its white space as one space."""
    breaks = re.sub(r"<br ?/?>|</(?:p|li|blockquote)>", " ", html)
    return " ".join(unescape(re.sub(r"<[^>]*>", "", breaks)).split())


LETTERS = st.characters(codec="utf-8", exclude_categories=["C", "Z"])
TEXT = st.text(LETTERS | st.sampled_from(" \n\n*_`#>-+=~[]()!<&;1.|\\'\""))
# What may become a link is drawn with the link's decoded words.
NO_LINK = re.compile(r"(?!.*(?:\w[.:@]\w|//|:\w))", re.DOTALL)


@given(TEXT)
@example("# no heading\n1. no list\n- x\n> y\n===\n```\n    code")
@example("_a_ *b* `c` ~~d~~ [e](f) ![g](h) <i>x</i> &copy; \\")
@example("a\n---\n***\n___\n+ b")
@example("12) x\n\n1986. A great year.")
@example("| a | b |\n| :-- | --- |\n| c | d |")
def test_text_that_looks_like_markdown_is_drawn_as_it_was_written(text: str) -> None:
    assume(NO_LINK.match(text))
    words = " ".join(text.split())
    assert words_of(render_comment(comment(escape(text)))) == words
    assert words_of(render_article(article(escape(text)))) == words


PIECES = st.sampled_from(
    [
        *("<p>", "</p>", "<b>", "</b>", "<i>", "</i>", "<a href='https://x.org/'>", "</a>", "<ul>"),
        *("<ol start=2>", "</ul>", "</ol>", "<li>", "</li>", "<blockquote>", "</blockquote>"),
        *("<table>", "<tr>", "<td>", "<td colspan=9>", "<th>", "</td>", "</tr>", "</table>"),
        *("<pre>", "</pre>", "<code>", "</code>", "<h2>", "</h2>", "<br>", "<hr>", "<div>"),
        *("</div>", "<dl>", "<dt>", "<dd>", "<img src='/i.png'>", "<script>", "</script>"),
        *("<iframe src='//youtu.be/x'>", "<!--", "-->", "[caption]", "[/caption]", "<", ">"),
        *(
            "word ",
            "&amp;",
            "&lt;b ",
            "*x*",
            "_y_",
            "\n",
            "\n\n",
            "# ",
            "1. ",
            "~~",
            "|",
            "`",
            "\\",
        ),
    ]
)
SOUP = st.lists(PIECES | st.text(max_size=4), max_size=60).map("".join)


@given(SOUP)
def test_x01_any_tag_soup_comes_out_as_text_that_renders(html: str) -> None:
    for rendered in (render_article(article(html)), render_comment(comment(html))):
        assert not re.search(r"<(script|style|iframe|object|form)|\son\w+=|javascript:", rendered)


HOSTILE = {
    "quotes in quotes": "<blockquote>" * 4000 + "deep" + "</blockquote>" * 4000,
    "lists in lists": "<ul><li>" * 4000 + "deep",
    "bold in bold": "<b>" * 4000 + "deep",
    "tables in tables": "<table><tr><td>" * 4000 + "deep",
    "8,000 attributes": "<p " + " ".join(f"a{number}=1" for number in range(8000)) + ">deep</p>",
    "endless comments": "<!--" * 4000 + "deep",
    "endless tags": "<a href=" * 4000 + "deep",
    "endless quotes": "<a href='" * 4000 + "deep",
    "endless ends": "</a " * 4000 + "deep",
    "endless shortcodes": "[caption " * 2000 + "[caption]" * 2000 + "deep",
    "wide cells": "<table><tr>" + "<td colspan=1000>" * 500 + "deep</table>",
    "open brackets": "[" * 15000 + "deep",
    "spaces": " " * 15000 + "deep",
    "blank lines": "\n \n" * 4000 + "deep",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_s12_hostile_bodies_end_soon_and_lose_no_word(name: str) -> None:
    with no_hanging():
        converted = [comment_markdown(HOSTILE[name]), article_markdown(HOSTILE[name], BASE)]
    if len(HOSTILE[name]) <= COMMENT_LIMIT:
        assert "deep" in converted[0].markdown
    assert "deep" in converted[1].markdown


def test_nesting_that_was_flattened_is_told() -> None:
    assert "flattened" in article_markdown(HOSTILE["quotes in quotes"]).notes[0]


def test_d07_a_comment_of_a_megabyte_is_cut_visibly_and_that_is_told() -> None:
    converted = comment_markdown("word " * 200_000)
    assert len(converted.markdown) < 20_000
    assert converted.markdown.endswith("\\[…\\]")
    assert "first 16,000 of 1,000,000 characters" in converted.notes[0]


def test_a_comment_is_never_cut_in_the_middle_of_a_tag() -> None:
    cut = comment("a " * 7995 + '<a href="https://x.org/">x</a>' + "b" * 100)
    assert "href" not in cut


def test_html_that_would_grow_without_measure_is_kept_as_text() -> None:
    converted = article_markdown("<blockquote>" * 19 + "a<br>" * 50_000)
    assert "tangled" in converted.notes[0]
    assert len(converted.markdown) <= ARTICLE_MARKDOWN_LIMIT


@given(st.text(st.sampled_from("ab \n.-1")))
def test_plain_text_takes_a_short_way_to_the_same_markdown(text: str) -> None:
    assert comment(text) == comment(f"{text}<b></b>")
