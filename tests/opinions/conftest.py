"""The program, and a stranger's server beside it that it may be told to ask."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.opinions.stranger import Stranger
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
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that nobody has vouched for, and its key."""
    folder = tmp_path_factory.mktemp("tls")
    paths = folder / "certificate.pem", folder / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
         "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
         "-addext", "subjectAltName=IP:127.0.0.1",
         "-out", paths[0], "-keyout", paths[1]],
        check=True, capture_output=True,
    )  # fmt: skip
    return paths
