"""What comes out of the sanitiser, whatever went in."""

import html
import threading

import nh3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engines.text import markdown, sanitise
from app.engines.text.render import render_article, render_comment, render_reply
from app.engines.text.sanitise import clean_article, clean_comment, clean_reply
from tests.engines.text.hostile_texts import PAYLOADS, elements, hostile_sources, words

COMMENT_ATTRIBUTES = {"a": {"href", "title", "rel"}, "ol": {"start"}}
ARTICLE_ATTRIBUTES = {
    "a": {"href", "title", "rel", "data-video"},
    "ol": {"start"},
    "img": {"src", "alt", "title", "width", "height", "loading"},
    "figure": {"class"},
}


def assert_on_the_allowlist(
    safe: str, tags: frozenset[str], attributes: dict[str, set[str]], own_paths: bool
) -> None:
    for tag, found in elements(safe):
        assert tag in tags
        assert set(found) <= attributes.get(tag, set())
        if tag == "a":
            address = (found["href"] or "").lower()
            outside = address.startswith(("http://", "https://", "mailto:"))
            inside = own_paths and address.startswith("/") and address[1:2] not in {"/", "\\"}
            assert outside or inside
        if tag == "img":
            assert (found["src"] or "").startswith("/media/")
        assert found.get("class", "video") == "video"


@pytest.mark.parametrize("payload", PAYLOADS)
def test_x10_a_payload_as_raw_html_leaves_only_what_a_comment_may_have(payload: str) -> None:
    """X10: no id, name, class, style, target nor handler of a reader's survives."""
    safe = clean_comment(payload)
    assert_on_the_allowlist(safe, sanitise.COMMENT_TAGS, COMMENT_ATTRIBUTES, own_paths=False)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_x10_a_payload_as_raw_html_leaves_only_what_an_article_may_have(payload: str) -> None:
    safe = clean_article(payload)
    assert_on_the_allowlist(safe, sanitise.ARTICLE_TAGS, ARTICLE_ATTRIBUTES, own_paths=True)


@given(hostile_sources)
def test_x07_x10_whatever_is_rendered_stays_on_the_allowlist(source: str) -> None:
    comment, reply, article = render_comment(source), render_reply(source), render_article(source)
    assert_on_the_allowlist(comment, sanitise.COMMENT_TAGS, COMMENT_ATTRIBUTES, own_paths=False)
    assert_on_the_allowlist(reply, sanitise.COMMENT_TAGS, COMMENT_ATTRIBUTES, own_paths=True)
    assert_on_the_allowlist(article, sanitise.ARTICLE_TAGS, ARTICLE_ATTRIBUTES, own_paths=True)


@pytest.mark.parametrize(
    "address",
    [
        "javascript:1",
        "`javascript:1`",
        "data:1",
        "file:1",
        "tel:123",
        "anyapp:123",
        "urn:isbn:1",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https:evil.example",
        "page.html",
        "#top",
        "?a=1",
        "java\nscript:go()",
        " javascript:1",
        "\x01javascript:1",
        "http://",
        "",
        "https&amp;colon;//evil.example",
        "ht\ttps://evil.example",
        "https:\\\\evil.example",
    ],
)
def test_x07_a_link_that_is_not_plainly_http_or_mail_loses_its_link(address: str) -> None:
    """X07: the scheme is looked for in what a browser would read, never guessed."""
    quoted = address.replace('"', "&quot;")
    assert clean_comment(f'<p><a href="{quoted}">words</a></p>') == "<p>words</p>"


@pytest.mark.parametrize(
    "address",
    [
        "http://a.example",
        "HTTPS://A.example/x?y=1#z",
        "mailto:me@a.example",
        "https&#58;//a.example",
    ],
)
def test_x07_http_https_and_mail_links_are_kept(address: str) -> None:
    (_, link) = elements(clean_comment(f'<a href="{address}">words</a>'))[0]
    assert link["href"] == html.unescape(address)


def test_x07_only_articles_may_link_to_paths_of_this_site() -> None:
    link = '<p><a href="/articles/hips">hips</a></p>'
    assert clean_comment(link) == "<p>hips</p>"
    assert clean_article(link) == '<p><a href="/articles/hips" rel="noopener">hips</a></p>'


@pytest.mark.parametrize(
    "source",
    [
        "https://evil.example/a.png",
        "//evil.example/a.png",
        "/media/../secret",
        "/media/a/../../b",
        "/other/a.png",
        "/media/.hidden",
        "/media//a.png",
        "data:image/png;base64,AA",
        "/media/a%2f",
    ],
)
def test_x07_an_article_shows_no_picture_from_anywhere_but_its_own_media(source: str) -> None:
    assert elements(clean_article(f'<img src="{source}" alt="a">')) == []


@pytest.mark.parametrize(
    "player",
    [
        "https://evil.example/embed/abcdefghijk",
        "https://www.youtube-nocookie.com/embed/short",
        "javascript:go()",
        "https://player.vimeo.com/video/1?dnt=1&x=2",
        "https://vimeo.com/1",
    ],
)
def test_x07_a_player_is_only_kept_where_it_is_exactly_one_of_ours(player: str) -> None:
    safe = clean_article(f'<a href="https://a.example" data-video="{player}">x</a>')
    assert "data-video" not in safe


@given(hostile_sources)
def test_x11_every_link_of_a_reader_carries_the_whole_rel(source: str) -> None:
    """X11: nofollow for search engines, ugc for what it is, noopener for the opened page."""
    drawn = render_comment(source) + render_reply(source)
    links = [found for tag, found in elements(drawn) if tag == "a"]
    assert all(link["rel"] == "ugc nofollow noopener" for link in links)


def test_x11_a_rel_that_somebody_wrote_is_replaced() -> None:
    safe = clean_comment('<a rel="me follow" href="https://a.example">x</a>')
    assert safe == '<a href="https://a.example" rel="ugc nofollow noopener">x</a>'


@given(hostile_sources)
def test_x12_cleaning_what_was_rendered_changes_nothing(source: str) -> None:
    """X12: the output is a fixed point, so a re-render job changes no row."""
    comment, reply, article = render_comment(source), render_reply(source), render_article(source)
    assert clean_comment(comment) == comment
    assert clean_reply(reply) == reply
    assert clean_article(article) == article


@given(hostile_sources)
def test_what_bleach_keeps_the_second_sanitiser_keeps_as_well(source: str) -> None:
    """An oracle with another parser: a tag or attribute that only one of them sees is a hole."""
    safe = render_article(source)
    judged = nh3.clean(
        safe,
        tags=set(sanitise.ARTICLE_TAGS),
        attributes=ARTICLE_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    )
    kept = elements(safe)
    for tag, found in kept:
        # The oracle also drops hosts whose Punycode spells no name. No browser opens them.
        if tag == "a" and "://xn--" in str(found["href"]) and f'"{found["href"]}"' not in judged:
            del found["href"]
    assert elements(judged) == kept
    assert words(judged) == words(safe)


@given(st.text(st.characters(exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff")))
def test_a_text_without_markup_reads_the_same_after_cleaning(text: str) -> None:
    assert html.unescape(clean_comment(html.escape(text))) == text


def test_characters_that_no_feed_may_hold_are_replaced() -> None:
    assert clean_comment("<p>a\ufffeb\uffff</p>") == "<p>a\ufffdb\ufffd</p>"


@pytest.mark.parametrize("text", ["{{7*7}}", "${7*7}", "{% if 1 %}", "#{7*7}", "<%= 7*7 %>"])
def test_x14_template_marks_come_back_literally(text: str) -> None:
    assert words(render_comment(text)) == f"{text}\n"


@pytest.mark.parametrize("payload", PAYLOADS)
def test_markdown_never_lets_raw_html_through_to_the_sanitiser(payload: str) -> None:
    """The first of the two walls, looked at without the second one."""
    tags = {tag for tag, _ in elements(markdown.comment_html(payload))}
    assert tags <= sanitise.COMMENT_TAGS


def test_threads_that_clean_at_once_get_their_own_text_back() -> None:
    """A Cleaner that two threads share mixes their texts up."""
    wrong: list[str] = []

    def clean_again_and_again(name: str) -> None:
        mine = f"<p>{name} <em>said</em> so</p>" * 5
        wrong.extend(safe for _ in range(60) if (safe := clean_comment(mine)) != mine)

    threads = [
        threading.Thread(target=clean_again_and_again, args=(name,))
        for name in ("ann", "bob", "cleo", "dan")
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
