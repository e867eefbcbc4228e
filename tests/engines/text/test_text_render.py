"""Markdown of readers and of authors, drawn as safe HTML."""

import pytest

from app.engines.text.render import render_article, render_comment
from tests.engines.text.hostile_texts import elements, words


def tags(html: str) -> list[str]:
    return [tag for tag, _ in elements(html)]


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("*a* **b** ~~c~~ `d`", "<p><em>a</em> <strong>b</strong> <del>c</del> <code>d</code></p>"),
        ("> quote", "<blockquote>\n<p>quote</p>\n</blockquote>"),
        ("3. three\n4. four", '<ol start="3">\n<li>three</li>\n<li>four</li>\n</ol>'),
        ("    code", "<pre><code>code\n</code></pre>"),
        ("one\n\n---\n\ntwo", "<p>one</p>\n<hr>\n<p>two</p>"),
        ("one  \ntwo", "<p>one<br>\ntwo</p>"),
        ("1 < 2 & 3 > 2", "<p>1 &lt; 2 &amp; 3 &gt; 2</p>"),
    ],
)
def test_a_comment_may_use_plain_markdown(source: str, html: str) -> None:
    assert render_comment(source).strip() == html


@pytest.mark.parametrize(
    ("source", "tag"),
    [("# a", "h3"), ("## a", "h3"), ("a\n=", "h3"), ("### a", "h4"), ("###### a", "h4")],
)
def test_a_comments_heading_never_competes_with_the_pages(source: str, tag: str) -> None:
    assert tags(render_comment(source)) == [tag]


def test_an_articles_first_heading_stays_below_its_title() -> None:
    assert tags(render_article("# a\n\n## b\n\n### c\n\n#### d\n\n##### e")) == [
        "h2",
        "h2",
        "h3",
        "h4",
        "h4",
    ]


def test_tables_are_for_articles_alone() -> None:
    source = "|a|b|\n|-|-:|\n|c|d|"
    assert "table" in tags(render_article(source))
    assert tags(render_comment(source)) == ["p"]


def test_a_code_block_loses_the_class_that_names_its_language() -> None:
    assert render_comment("```python\nx\n```") == "<pre><code>x\n</code></pre>\n"


@pytest.mark.parametrize(
    ("source", "address"),
    [
        ("https://a.example/b?c=1&d=2", "https://a.example/b?c=1&d=2"),
        ("see www.nhs.uk now", "http://www.nhs.uk"),
        ("example.com/a", "http://example.com/a"),
        ("<https://a.example>", "https://a.example"),
        ("[x](https://a.example)", "https://a.example"),
        ("[x][1]\n\n[1]: https://a.example", "https://a.example"),
        ("me@a.com", "mailto:me@a.com"),
    ],
)
def test_x07_every_way_to_write_an_honest_link_makes_one(source: str, address: str) -> None:
    links = [found["href"] for tag, found in elements(render_comment(source)) if tag == "a"]
    assert links == [address]


@pytest.mark.parametrize("source", ["It hurts.It clicks", "see notes.py", "//a.com", "ftp://a.com"])
def test_a_full_stop_without_a_space_does_not_link_to_a_stranger(source: str) -> None:
    assert tags(render_comment(source)) == ["p"]


@pytest.mark.parametrize("source", ["[x](steam:12)", "[x](javascript:1)", "[x](//a.example)"])
def test_x07_a_link_that_is_refused_stays_as_it_was_typed(source: str) -> None:
    assert words(render_comment(source)).strip() == source


def test_x07_a_comments_picture_becomes_a_link_and_asks_no_other_host() -> None:
    html = render_comment("![my *left* hip](https://a.example/x.png)")
    assert html == (
        '<p><a href="https://a.example/x.png" rel="ugc nofollow noopener">my left hip</a></p>\n'
    )


def test_x07_a_picture_inside_a_link_leaves_its_description() -> None:
    html = render_comment("[![hip](https://a.example/x.png)](https://b.example)")
    assert elements(html)[1][1]["href"] == "https://b.example"
    assert tags(html) == ["p", "a"]
    assert words(html).strip() == "hip"


def test_a_picture_without_description_is_linked_by_its_address() -> None:
    assert (
        words(render_comment("![](https://a.example/x.png)")).strip() == "https://a.example/x.png"
    )


def test_an_articles_own_picture_is_measured_so_that_the_page_does_not_jump() -> None:
    html = render_article('![Hip](/media/hip.png "Left")', {"/media/hip.png": (640, 480)})
    assert elements(html)[1] == (
        "img",
        {"src": "/media/hip.png", "alt": "Hip", "title": "Left", "width": "640", "height": "480"},
    )


def test_all_pictures_but_the_first_wait_until_they_are_near() -> None:
    html = render_article("![a](/media/a.png)\n\n![b](/media/b.png) ![c](/media/c.png)")
    waits = [found.get("loading") for tag, found in elements(html) if tag == "img"]
    assert waits == [None, "lazy", "lazy"]


def test_an_articles_picture_from_elsewhere_becomes_a_link() -> None:
    html = render_article("![a](https://a.example/x.png)")
    assert html == '<p><a href="https://a.example/x.png" rel="noopener">a</a></p>\n'


YOUTUBE = "https://www.youtube-nocookie.com/embed/a-b_c123456"
VIMEO = "https://player.vimeo.com/video/76979871?dnt=1"


@pytest.mark.parametrize(
    ("address", "player", "watch"),
    [
        ("https://www.youtube.com/watch?v=a-b_c123456", YOUTUBE, "youtube.com/watch?v="),
        ("http://youtube.com/watch?t=10s&v=a-b_c123456&list=x", YOUTUBE, "youtube.com/watch?v="),
        ("https://m.youtube.com/watch?v=a-b_c123456#t=1", YOUTUBE, "youtube.com/watch?v="),
        ("https://youtu.be/a-b_c123456?si=x", YOUTUBE, "youtube.com/watch?v="),
        ("https://www.youtube.com/shorts/a-b_c123456", YOUTUBE, "youtube.com/watch?v="),
        ("https://www.youtube.com/embed/a-b_c123456", YOUTUBE, "youtube.com/watch?v="),
        (YOUTUBE, YOUTUBE, "youtube.com/watch?v="),
        ("https://vimeo.com/76979871", VIMEO, "https://vimeo.com/76979871"),
        ("https://player.vimeo.com/video/76979871?h=1", VIMEO, "https://vimeo.com/76979871"),
    ],
)
def test_a_video_alone_on_its_line_becomes_a_card_that_loads_nothing_yet(
    address: str, player: str, watch: str
) -> None:
    html = render_article(address)
    assert tags(html) == ["figure", "a", "figcaption"]
    link = elements(html)[1][1]
    assert link["data-video"] == player
    assert watch in str(link["href"])
    assert ">Video on " in html


def test_a_videos_card_bears_the_title_that_the_author_gave_it() -> None:
    html = render_article("[Hip *circles* & <b>more</b>](https://youtu.be/a-b_c123456)")
    assert "<figcaption>On YouTube. " in html
    assert "Hip circles &amp; &lt;b&gt;more&lt;/b&gt;</a>" in html


@pytest.mark.parametrize(
    "source",
    [
        "See https://youtu.be/a-b_c123456",
        "https://youtu.be/a-b_c123456 https://youtu.be/a-b_c123456",
        "- https://youtu.be/a-b_c123456",
        "https://youtu.be/short",
        "https://youtu.be.evil.example/a-b_c123456",
        "https://evil.example/youtu.be/a-b_c123456",
        "https://www.youtube.com/@somebody",
        "https://vimeo.com/channels/staff",
    ],
)
def test_any_other_link_to_a_video_stays_a_link(source: str) -> None:
    html = render_article(source)
    assert "figure" not in tags(html)
    assert "a" in tags(html)


def test_readers_get_no_video_cards() -> None:
    assert tags(render_comment("https://youtu.be/a-b_c123456")) == ["p", "a"]


def test_a_text_with_half_a_character_is_drawn_with_a_replacement() -> None:
    """Texts that were let in have none; a test of the walls behind the door."""
    assert "\ufffd" in render_comment("https://a.example/\ud800")
