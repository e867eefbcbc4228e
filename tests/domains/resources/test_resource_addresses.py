"""Where a resource may lead."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domains.resources.addresses import tidy_url
from app.domains.resources.errors import UnfitResource


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org",
        "http://example.org:8080/a/b?c=d&e=%20#f",
        "https://xn--bcher-kva.example/",
        "https://bücher.example/ü",
        "HTTPS://Example.ORG/Path",
        "http://192.0.2.7/",
        "https://[2001:db8::1]/",
        "https://www.youtube.com/watch?v=dQw4w9WgXcQ",
    ],
)
def test_an_absolute_web_address_is_kept_as_it_was_typed(url: str) -> None:
    assert tidy_url(f"  {url}\n") == url


def test_no_address_is_none() -> None:
    assert tidy_url(" \t") is None


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\tscript:alert(1)",
        "javascript://example.org/%0aalert(1)",
        "data:text/html,<script>",
        "file:///etc/passwd",
        "ftp://example.org/",
        "mailto:a@example.org",
        "//example.org/",
        "/articles/here",
        "example.org",
        "https://",
        "https:///path",
        "https:example.org",
        "http:\\\\example.org",
        "https://user:pass@example.org/",
        "https://example.org@evil.example/",
        "https://exa mple.org/",
        "https://example.org/\u202egpj",
        "https://example.org/\u200b",
        "https://example..org/",
        "https://-example.org/",
        "https://example.org:port/",
        "https://example.org:99999/",
        "https://[::1/",
        "https://[v1.x]/",
        'https://example.org/"onmouseover=alert(1)',
        "https://example.org/" + "a" * 2000,
    ],
)
def test_x03_an_address_that_is_not_plainly_a_page_on_the_web_is_refused(url: str) -> None:
    with pytest.raises(UnfitResource):
        tidy_url(url)


@given(st.text())
def test_x03_whatever_is_typed_is_a_web_address_or_refused(raw: str) -> None:
    try:
        url = tidy_url(raw)
    except UnfitResource:
        return
    assert url is None or url.lower().startswith(("http://", "https://"))
