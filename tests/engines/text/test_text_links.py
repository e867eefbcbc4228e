"""How many links a text has and where they lead."""

import pytest
from hypothesis import given

from app.engines.text.links import link_hosts
from app.engines.text.render import render_article, render_comment
from tests.engines.text.hostile_texts import elements, hostile_sources


@pytest.mark.parametrize(
    "source",
    [
        "https://a.example and http://b.example",
        "[x](https://a.example)[y](http://b.example)",
        "[.](https://a.example)[,](http://b.example)",
        "[x][1] [y][2]\n\n[1]: https://a.example\n[2]: http://b.example",
        "<https://a.example><http://b.example>",
        "![x](https://a.example/x.png) ![y](http://b.example/y.png)",
        "[x](https://good.example@a.example:8080/) [y](http://B.EXAMPLE.)",
    ],
)
def test_s06_links_count_however_they_are_written(source: str) -> None:
    """S06: in punctuation, by reference, bare, or as pictures."""
    assert link_hosts(render_comment(source)) == ("a.example", "b.example")


def test_s06_mail_and_repeated_links_count_each_time() -> None:
    html = render_comment("me@a.com https://a.com https://a.com")
    assert link_hosts(html) == ("a.com", "a.com", "a.com")


def test_paths_of_this_site_lead_nowhere_else() -> None:
    assert link_hosts(render_article("[hips](/articles/hips)")) == ()


def test_a_host_is_read_as_a_browser_reads_it() -> None:
    html = '<a href="https:/\\evil.example\\@good.example/">x</a><a href="http://[::1">y</a>'
    assert link_hosts(html)[0] == "evil.example"
    assert len(link_hosts(html)) == 2


@given(hostile_sources)
def test_every_link_in_a_comment_is_counted(source: str) -> None:
    html = render_comment(source)
    assert len(link_hosts(html)) == sum(tag == "a" for tag, _ in elements(html))
