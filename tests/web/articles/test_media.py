"""Uploaded pictures as they are served."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image

from app.domains.articles import pictures, services
from app.domains.articles.picture_files import Picture
from app.infra.unit_of_work import unit_of_work
from tests.support.client import Browser


@pytest.fixture
def kept(app: Flask) -> Picture:
    """A picture in the media folder."""
    body = io.BytesIO()
    Image.new("RGB", (4, 3)).save(body, "PNG")
    picture = pictures.redraw(body.getvalue())
    with unit_of_work():
        services.keep_picture(picture, app.extensions["settings"].media_folder)
    return picture


@pytest.mark.one_database
def test_a_picture_is_served_with_its_type_to_be_kept_for_a_year(
    client: Browser, kept: Picture
) -> None:
    with client.get(f"/media/{kept.name}") as answer:
        assert answer.status_code == 200
        assert answer.data == kept.body
        assert answer.headers["Content-Type"] == "image/png"
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


@pytest.mark.one_database
@pytest.mark.parametrize(
    "name",
    [
        "..%2fthreshold.db",
        "../threshold.db",
        "%2e%2e/threshold.db",
        "..%5cthreshold.db",
        "/etc/passwd",
        "%2fetc%2fpasswd",
        "secret.txt",
        "a" * 24 + ".png",
        "a" * 24 + ".png%00.txt",
        "A" * 24 + ".PNG",
        "." + "a" * 23 + ".png",
        "",
    ],
)
def test_i09_no_other_file_is_served(app: Flask, client: Browser, name: str) -> None:
    folder: Path = app.extensions["settings"].media_folder
    folder.mkdir(parents=True)
    (folder / "secret.txt").write_text("secret")
    (folder.parent / "threshold.db").write_text("secret")
    answer = client.get(f"/media/{name}")
    assert answer.status_code == 404
    assert b"secret" not in answer.data
