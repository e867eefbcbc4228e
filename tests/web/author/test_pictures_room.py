"""Uploading pictures in the browser."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image as Pillow
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.domains.accounts.models import Account
from app.domains.articles.models import Image
from app.infra.db import db
from tests.factories import make_account
from tests.support.client import Browser

pytestmark = pytest.mark.one_database
SECRET = "52.5200N 13.4050E"


@pytest.fixture
def room(app: Flask, as_: Callable[[Account], Browser]) -> Browser:
    """The author's."""
    return as_(make_account("author"))


def photograph() -> bytes:
    exif = Pillow.Exif()
    exif[0x010E] = SECRET
    body = io.BytesIO()
    Pillow.new("RGB", (2000, 1000), (90, 120, 90)).save(body, "JPEG", exif=exif)
    return body.getvalue()


def upload(
    room: Browser, data: bytes, name: str = "hip.jpg", content_type: str = "image/jpeg"
) -> TestResponse:
    return room.post(
        "/author/images",
        data={
            "csrf_token": room.csrf_token(),
            "picture": (io.BytesIO(data), name, content_type),
        },
    )


def files(app: Flask) -> list[Path]:
    folder: Path = app.extensions["settings"].media_folder
    return list(folder.iterdir()) if folder.exists() else []


def test_an_uploaded_picture_is_listed_with_its_markdown_and_served_to_everyone(
    app: Flask, room: Browser, client: Browser
) -> None:
    assert upload(room, photograph()).status_code == 303
    page = room.get("/author/images").text
    found = re.search(r"!\[What it shows\]\((/media/[a-z0-9]+\.jpg)\)", page)
    assert found is not None
    with client.get(found[1]) as answer:
        assert answer.headers["Content-Type"] == "image/jpeg"
        assert SECRET.encode() not in answer.data
    image = db.session.scalars(select(Image)).one()
    assert (image.width, image.height) == (1600, 800)


def test_a_picture_has_its_size_in_the_article(room: Browser, client: Browser) -> None:
    upload(room, photograph())
    name = db.session.scalars(select(Image.name)).one()
    room.submit(
        "/author/articles/new", title="Hips", source=f"![Hip](/media/{name})", act="publish"
    )
    page = client.get("/articles/hips").text
    assert f'src="/media/{name}"' in page
    assert 'width="1600"' in page
    assert 'height="800"' in page


@pytest.mark.parametrize(
    ("data", "name", "content_type"),
    [
        (b"<svg onload=alert(1)>", "hip.png", "image/png"),
        (b"<svg onload=alert(1)>", "hip.svg", "image/svg+xml"),
        (b"<!doctype html><script>alert(1)</script>", "hip.jpg", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n<script>alert(1)</script>", "hip.png", "image/png"),
        (b"", "hip.png", "image/png"),
    ],
)
def test_a_file_that_only_says_it_is_a_picture_is_refused(
    app: Flask, room: Browser, data: bytes, name: str, content_type: str
) -> None:
    answer = upload(room, data, name, content_type)
    assert answer.status_code == 422
    assert "not a JPEG, PNG, WebP or GIF" in answer.text
    assert files(app) == []
    assert db.session.scalars(select(Image)).all() == []


def test_i09_the_name_of_the_sent_file_decides_nothing(app: Flask, room: Browser) -> None:
    upload(room, photograph(), "../../../etc/passwd\x00.php")
    kept = files(app)
    assert len(kept) == 1
    assert re.fullmatch(r"[a-z0-9]{24}\.jpg", kept[0].name)


def test_no_file_at_all_is_refused_in_words(room: Browser) -> None:
    answer = room.submit("/author/images")
    assert answer.status_code == 422
    assert "Choose a file first." in answer.text


def test_s10_more_than_12_mebibytes_are_refused(app: Flask, room: Browser) -> None:
    body = b"--x\r\n" + b"\xff" * (12 * 1024 * 1024)
    answer = room.post("/author/images", data=body, content_type="multipart/form-data; boundary=x")
    assert answer.status_code == 413
    assert files(app) == []
