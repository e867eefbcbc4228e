"""Safe HTML on its way to a reader elsewhere."""

from __future__ import annotations

from defusedxml.ElementTree import fromstring
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from app.engines.text.render import render_article
from app.feeds.markup import only_xml, with_absolute_links

PAGE = "https://example.org/articles/hip"


def test_own_paths_lead_home_from_anywhere() -> None:
    html = '<p><a href="/tags/hip" rel="noopener">x</a><img src="/media/a.png" alt=""></p>'
    assert with_absolute_links(html, PAGE) == (
        '<p><a href="https://example.org/tags/hip" rel="noopener">x</a>'
        '<img src="https://example.org/media/a.png" alt=""></p>'
    )


def test_a_link_within_the_page_leads_to_that_page() -> None:
    assert with_absolute_links('<a href="#top">x</a>', PAGE) == f'<a href="{PAGE}#top">x</a>'


def test_addresses_elsewhere_stay() -> None:
    html = '<a href="https://else.example/x">x</a> <a href="mailto:a@example.com">y</a>'
    assert with_absolute_links(html, PAGE) == html


def test_what_looks_like_a_link_in_a_text_stays() -> None:
    written = render_article('Write ` href="/x"` and `<a href="/x">`.')
    assert with_absolute_links(written, PAGE) == written
    assert with_absolute_links('&lt;a href="/x"&gt;', PAGE) == '&lt;a href="/x"&gt;'


def test_a_sign_in_another_attribute_hides_no_link() -> None:
    made = with_absolute_links('<a title="a > b" href="/x">t</a>', PAGE)
    assert made == '<a title="a > b" href="https://example.org/x">t</a>'


@given(st.text(alphabet=st.characters(), max_size=200))
def test_i12_any_text_fits_into_xml(text: str) -> None:
    document = only_xml(f"<x>{escape(text)}</x>").encode()
    assert fromstring(document).tag == "x"


def test_i12_what_xml_can_hold_is_kept() -> None:
    text = "a\tb\nc é 膝 \U0001f600 ]]> &#11;"
    assert only_xml(text) == text
