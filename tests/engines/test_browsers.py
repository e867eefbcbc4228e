"""Browsers as their owners know them, from what they say of themselves."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engines import browsers
from app.engines.browsers import Browser

MOZILLA = "Mozilla/5.0"
WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"
MACHINES = {
    "Windows": "(Windows NT 10.0; Win64; x64)",
    "macOS": "(Macintosh; Intel Mac OS X 10_15_7)",
    "Linux": "(X11; Linux x86_64)",
    "ChromeOS": "(X11; CrOS x86_64 14541.0.0)",
    "Android": "(Linux; Android 10; K)",
    "iPhone": "(iPhone; CPU iPhone OS 17_5 like Mac OS X)",
    "iPad": "(iPad; CPU OS 17_5 like Mac OS X)",
}
PROGRAMS = {
    "Firefox": "Gecko/20100101 Firefox/140.0",
    "Chrome": f"{WEBKIT} Chrome/139.0.0.0 Safari/537.36",
    "Edge": f"{WEBKIT} Chrome/139.0.0.0 Safari/537.36 Edg/139.0.0.0",
    "Opera": f"{WEBKIT} Chrome/139.0.0.0 Safari/537.36 OPR/120.0.0.0",
    "Samsung Internet": f"{WEBKIT} SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36",
    "Safari": "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
}


@pytest.mark.parametrize("system", MACHINES)
@pytest.mark.parametrize("name", PROGRAMS)
def test_a_browser_is_told_from_those_it_is_made_of(name: str, system: str) -> None:
    assert browsers.read(f"{MOZILLA} {MACHINES[system]} {PROGRAMS[name]}") == Browser(name, system)


@pytest.mark.parametrize("text", ["", "curl/8.5.0", "-", "Mozilla/5.0"])
def test_what_says_nothing_has_no_name(text: str) -> None:
    assert browsers.read(text) == Browser("", "")


@given(st.text(max_size=3000))
def test_x05_nothing_that_a_header_says_is_passed_on(text: str) -> None:
    found = browsers.read(text)
    assert found.name in {name for name, _ in browsers._BROWSERS} | {""}
    assert found.system in {name for name, _ in browsers._SYSTEMS} | {""}


def test_every_name_fits_its_column() -> None:
    names = [name for name, _ in (*browsers._BROWSERS, *browsers._SYSTEMS)]
    assert max(map(len, names)) <= browsers.NAME_LENGTH
