"""The program, and a stranger's server beside it that it may be told to ask."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.opinions.stranger import Stranger
from tests.support.certificates import Certificate, make_certificate
from tests.support.settings import change_settings

SECRET = "only-the-hook-and-the-site-know-this"


@pytest.fixture
def stranger() -> Iterator[Stranger]:
    server = Stranger()
    yield server
    server.close()


@pytest.fixture
def hook(app: Flask, stranger: Stranger) -> Stranger:
    """The stranger's server, set as this site's signed hook."""
    change_settings(
        app,
        opinion_service="hook",
        opinion_url=stranger.url,
        opinion_key=SECRET,
        opinion_seconds=1,
        public_url="https://questions.example.org",
    )
    return stranger


@pytest.fixture
def akismet(app: Flask, stranger: Stranger) -> Stranger:
    """The stranger's server, set in Akismet's place."""
    change_settings(
        app,
        opinion_service="akismet",
        opinion_url=stranger.url.removesuffix("/opinion") + "/1.1",
        opinion_key="0123456789ab",
        opinion_seconds=1,
        public_url="https://questions.example.org",
    )
    return stranger


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return make_certificate(tmp_path_factory.mktemp("tls"), "IP:127.0.0.1")
