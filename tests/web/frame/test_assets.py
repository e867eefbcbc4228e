"""Style sheets, scripts and pictures: how they are served, and what they weigh."""

import gzip
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.config import PROJECT
from app.web import assets

CSS_LIMIT = 15 * 1024  # look.md and targets.md: compressed, for the whole site
JS_LIMIT = 10 * 1024
DESK_LIMIT = 8 * 1024

pytestmark = pytest.mark.one_database


@pytest.fixture
def address(app: Flask) -> str:
    with app.app_context():
        return str(app.jinja_env.globals["asset"]("site.css"))  # type: ignore[operator]


def test_a_file_under_its_fingerprint_is_kept_for_a_year(client: FlaskClient, address: str) -> None:
    answer = client.get(address)

    assert answer.status_code == 200
    assert answer.content_type == "text/css; charset=utf-8"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_file_under_a_former_fingerprint_is_sent_but_not_kept(client: FlaskClient) -> None:
    answer = client.get("/assets/00000000/js/main.js")

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-cache"


def test_a_file_is_sent_small_to_those_who_take_it(client: FlaskClient, address: str) -> None:
    plain = client.get(address)
    small = client.get(address, headers={"Accept-Encoding": "gzip"})

    assert small.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(small.data) == plain.data
    assert "Accept-Encoding" in plain.headers["Vary"]


@pytest.mark.parametrize(
    "name",
    ["../app/config.py", "..%2fwsgi.py", "css/base.css", "img/readme/thread.png", "a%00b", ""],
)
def test_i09_nothing_else_is_served_there(client: FlaskClient, name: str) -> None:
    assert client.get(f"/assets/00000000/{name}").status_code == 404


def test_every_style_sheet_is_in_the_joined_one() -> None:
    folder = PROJECT / "static" / "css"
    there = {path.relative_to(folder).with_suffix("").as_posix() for path in folder.rglob("*.css")}

    assert there == set(assets.STYLES)


def test_every_behaviour_that_the_entry_names_exists() -> None:
    files = assets.read(PROJECT / "static")
    entry = files["js/main.js"].body.decode()
    named = set(re.findall(r'^ *"[^"]+": "([a-z]+)",$', entry, re.MULTILINE)) | {"offline"}
    there = {name.split("/")[-1][:-3] for name in files if name.startswith("js/behaviours/")}

    assert named == there


def test_the_site_weighs_no_more_than_it_promises() -> None:
    files = assets.read(PROJECT / "static")
    weights = {name: len(file.small) for name, file in files.items() if name.endswith(".js")}
    desk = sum(weight for name, weight in weights.items() if "desk" in name)

    assert len(files["site.css"].small) <= CSS_LIMIT
    assert sum(weights.values()) - desk <= JS_LIMIT
    assert desk <= DESK_LIMIT  # loaded at the desk alone


def test_raw_colours_stand_in_the_tokens_and_nowhere_else() -> None:
    folder = PROJECT / "static" / "css"
    allowed = {folder / "tokens.css", folder / "print.css"}
    raw = re.compile(r"#[0-9a-f]{3,8}\b|\b(?:oklch|rgba?|hsla?)\(", re.IGNORECASE)

    found = [
        path.name
        for path in folder.rglob("*.css")
        if path not in allowed and raw.search(path.read_text(encoding="utf-8"))
    ]

    assert found == []
