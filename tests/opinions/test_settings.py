"""What the operator may name as the outside service."""

from __future__ import annotations

import pytest

from app.config import BadSettings, Settings, read

SECRET = "s" * 32
HOOK = {
    "THRESHOLD_MODE": "demo",
    "OPINION_SERVICE": "hook",
    "OPINION_URL": "https://checks.example/opinion",
    "OPINION_KEY": SECRET,
}


def test_by_default_nobody_outside_is_asked() -> None:
    assert read({"THRESHOLD_MODE": "demo"}).opinion_service == "none"


def test_a_hook_is_an_address_a_secret_and_a_time() -> None:
    settings = read({**HOOK, "OPINION_SECONDS": "7"})
    assert settings.opinion_url == "https://checks.example/opinion"
    assert (settings.opinion_key, settings.opinion_seconds) == (SECRET, 7)


def test_akismet_needs_only_its_key() -> None:
    settings = read(
        {"THRESHOLD_MODE": "demo", "OPINION_SERVICE": "akismet", "OPINION_KEY": "0123456789ab"}
    )
    assert settings.opinion_seconds == 3


@pytest.mark.parametrize("url", ["http://127.0.0.1:9000/", "http://localhost/", "http://[::1]:9/"])
def test_on_this_machine_a_hook_may_be_plain(url: str) -> None:
    assert read({**HOOK, "OPINION_URL": url}).opinion_url == url


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("OPINION_SERVICE", "oracle"),
        ("OPINION_URL", ""),
        ("OPINION_URL", "http://checks.example/"),
        ("OPINION_URL", "ftp://checks.example/"),
        ("OPINION_URL", "file:///etc/passwd"),
        ("OPINION_URL", "checks.example"),
        ("OPINION_URL", "https://"),
        ("OPINION_URL", "https://me:word@checks.example/"),
        ("OPINION_URL", "https://checks.example/#part"),
        ("OPINION_URL", "https://checks.example:port/"),
        ("OPINION_URL", "https://[::1/"),
        ("OPINION_URL", "https://chäcks.example/"),
        ("OPINION_KEY", ""),
        ("OPINION_KEY", "short"),
        ("OPINION_KEY", "ü" * 32),
        ("OPINION_SECONDS", "0"),
        ("OPINION_SECONDS", "61"),
        ("OPINION_SECONDS", "soon"),
    ],
)
def test_half_a_service_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(BadSettings, match=name):
        read({**HOOK, name: value})


def test_neither_address_nor_key_is_shown_when_settings_are_printed() -> None:
    printed = repr(Settings(opinion_url="https://checks.example/x?token=1", opinion_key=SECRET))
    assert SECRET not in printed
    assert "checks.example" not in printed
