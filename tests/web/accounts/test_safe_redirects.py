"""Where one may be sent after a form (C04)."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.web.safe_redirects import safe_next

HERE = "https://questions.example.org"


@pytest.mark.parametrize(
    "target",
    [
        None, "", " ", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example",
        "\\/evil.example", "https://evil.example", "HTTPS:evil.example", "https:/evil.example",
        "http:///evil.example", "javascript:alert(1)", "data:text/html,x", "mailto:a@example.com",
        "evil.example", "@evil.example", ".evil.example", "?x", "#x", "/\t/evil.example",
        "/\n/evil.example", "\t//evil.example", " //evil.example", "/\x00/evil.example",
        "/x\r\nSet-Cookie: a=b", "/" + "a" * 3000, "//[::1", "/\x7f/",
    ],
)  # fmt: skip
def test_c04_hostile_targets_lead_nowhere(target: str | None) -> None:
    assert safe_next(target) is None


@pytest.mark.parametrize(
    "target",
    ["/", "/account/", "/asked/5/abc", "/search?q=hip&page=2", "/articles/hips#ask", "/a/../b"],
)
def test_c04_paths_of_this_site_are_kept(target: str) -> None:
    assert safe_next(target) == target


def test_letters_of_other_scripts_are_written_so_that_a_header_can_hold_them() -> None:
    assert safe_next("/tags/hüfte") == "/tags/h%C3%BCfte"


@given(st.text(alphabet="/\\@:.#?%evil \t\n\x00\uff41\uff0f", max_size=30))
def test_c04_whatever_is_kept_stays_on_the_site(target: str) -> None:
    kept = safe_next(target)
    if kept is not None:
        assert kept.isascii()
        assert urlsplit(urljoin(HERE, kept)).netloc == "questions.example.org"
