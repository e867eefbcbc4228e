"""One process holds the model, the others ask it, and without it everything goes by words.

The model is a real one, made of a table of a few words (`tests/support/sentence_model`).
"""

from __future__ import annotations

import logging
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.config import PROJECT
from app.infra import running
from app.infra.db import db
from app.infra.unit_of_work import unit_of_work
from app.search import reading, seat, services
from app.search.alike import alike
from app.search.models import SearchVector
from tests.conftest import SECRET
from tests.factories import make_resource
from tests.support.eventually import eventually
from tests.support.sentence_model import GROUPS, write_model
from tests.support.settings import change_settings

OTHER_WORDS = "My pelvis is popping"
"""Shares no word with the resource about clicking hips, and means the same."""


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seat, "LOOK_SECONDS", 0.05)


@pytest.fixture
def model(app: Flask, tmp_path: Path) -> Path:
    """Where the site looks for a model by itself."""
    return write_model(tmp_path / seat.FOLDER)


@pytest.fixture
def hips(app: Flask) -> int:
    """A resource about clicking hips, and one about shoes; the first one's id."""
    found = make_resource("When the hip clicks", text="A hip clicks when a tendon moves over it.")
    _index(found.id, make_resource("Which shoes", text="Shoes that bend.").id)
    return found.id


@pytest.fixture
def elsewhere(app: Flask) -> Iterator[None]:
    """The questions below come from a process that is not in the seat itself."""
    hidden = _Hidden(app.extensions)
    app.extensions = hidden
    yield
    app.extensions = dict(hidden)


class _Hidden(dict[str, Any]):
    """What a process keeps, without the seat."""

    def get(self, key: str, default: Any = None) -> Any:
        return None if key == "seat" else super().get(key, default)


def _index(*resources: int) -> None:
    with unit_of_work():
        for ref in resources:
            services.index_resource(ref)
    reading.read_waiting()


def _answers() -> bool:
    running.kept().pop("seat empty until", None)
    who = seat.occupant()
    return who is not None and bool(who["answers"]) and not _unread()


def _unread() -> bool:
    db.session.rollback()
    vectors = db.session.scalar(select(func.count(SearchVector.document_id)))
    return vectors != db.session.scalar(select(func.count()).select_from(services.SearchDocument))


def found() -> list[int]:
    return [one.ref for one in alike(OTHER_WORDS)]


def test_without_a_model_only_words_find(hips: int, app: Flask) -> None:
    with seat.taken(app):
        assert found() == []
        assert [one.ref for one in alike("the hip clicks")] == [hips]


def test_in_the_seat_other_words_find_it_too(hips: int, model: Path, app: Flask) -> None:
    with seat.taken(app):
        eventually(_answers)
        assert found() == [hips]


@pytest.mark.usefixtures("elsewhere")
def test_another_process_asks_the_one_in_the_seat(hips: int, model: Path, app: Flask) -> None:
    with seat.taken(app):
        eventually(_answers)
        assert found() == [hips]
    assert found() == []


def test_a_new_document_is_read_while_the_site_runs(hips: int, model: Path, app: Flask) -> None:
    with seat.taken(app):
        eventually(_answers)
        patella = make_resource("Patella at night", text="It aches.")
        _index(patella.id)
        eventually(_answers)
        eventually(lambda: [one.ref for one in alike("My knee hurts in bed")] == [patella.id])


def test_a_changed_document_is_found_by_what_it_says_now(
    hips: int, model: Path, app: Flask
) -> None:
    with seat.taken(app):
        eventually(_answers)
        resource = db.session.get_one(services.Resource, hips)
        resource.title, resource.html = "Patella", "<p>A patella aches.</p>"
        db.session.commit()
        _index(hips)
        eventually(lambda: [one.ref for one in alike("My knees are sore")] == [hips])
        assert found() == []


def test_a_model_that_is_fetched_later_is_taken_without_a_restart(
    hips: int, app: Flask, tmp_path: Path
) -> None:
    with seat.taken(app):
        assert found() == []
        write_model(tmp_path / seat.FOLDER)
        eventually(_answers)
        assert found() == [hips]


@pytest.mark.one_database
def test_a_setting_says_that_no_model_is_wanted(hips: int, model: Path, app: Flask) -> None:
    change_settings(app, matching_model="none")
    assert seat.model_folder(app.extensions["settings"]) is None


@pytest.mark.one_database
@pytest.mark.parametrize("content", [b"", b"no model", b"\x08\x08" * 40])
def test_a_broken_model_is_said_once_and_words_go_on(
    hips: int, model: Path, app: Flask, caplog: pytest.LogCaptureFixture, content: bytes
) -> None:
    (model / "model.onnx").write_bytes(content)
    with caplog.at_level(logging.INFO, "app"), seat.taken(app):
        eventually(lambda: caplog.records)
        assert [one.ref for one in alike("the hip clicks")] == [hips]
    said = [record.getMessage() for record in caplog.records]
    assert len(said) == 1
    assert "by words alone" in said[0]
    assert str(model) in said[0]
    assert "\n" not in said[0]


def test_a_mended_model_is_taken_after_a_broken_one(
    hips: int, model: Path, app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    (model / "model.onnx").write_bytes(b"")
    with caplog.at_level(logging.INFO, "app"), seat.taken(app):
        eventually(lambda: caplog.records)
        write_model(model)
        eventually(_answers)
        assert found() == [hips]


@pytest.mark.one_database
def test_only_one_of_many_is_in_the_seat(
    hips: int, model: Path, app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "app"), ExitStack() as seats:
        for _ in range(4):
            seats.enter_context(seat.taken(app))
        eventually(_answers)
    loaded = [one for one in caplog.records if "by words and by meaning" in one.getMessage()]
    assert len(loaded) == 1


@pytest.mark.one_database
def test_another_takes_the_seat_when_its_process_is_killed(
    hips: int, tmp_path: Path, app: Flask, database_url: str
) -> None:
    folder = write_model(tmp_path / "elsewhere")
    workers = {
        process.pid: process
        for process in [_worker(database_url, tmp_path, folder) for _ in range(2)]
    }
    try:
        eventually(_answers, 60)
        first = seat.occupant()
        assert first is not None
        assert first["process"] in workers
        assert found() == [hips]

        workers[first["process"]].kill()
        workers[first["process"]].wait()
        assert [one.ref for one in alike("the hip clicks")] == [hips]
        eventually(_answers, 30)
        second = seat.occupant()
        assert second is not None
        assert {first["process"], second["process"]} == set(workers)
        assert found() == [hips]

        workers[second["process"]].send_signal(signal.SIGSTOP)  # alive, and says nothing
        assert [one.ref for one in alike("the hip clicks")] == [hips]
    finally:
        for process in workers.values():
            process.kill()
            process.wait()


def _worker(database_url: str, folder: Path, model: Path) -> subprocess.Popen[bytes]:
    surroundings = {
        **os.environ,
        "THRESHOLD_MODE": "demo",
        "SECRET_KEY": SECRET,
        "DATABASE_URL": database_url,
        "INSTANCE_FOLDER": str(folder),
        "MATCHING_MODEL": str(model),
    }
    return subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "wsgi", "worker"],
        cwd=PROJECT,
        env=surroundings,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


@pytest.mark.one_database
@pytest.mark.usefixtures("elsewhere")
def test_who_signs_with_another_secret_is_not_believed(hips: int, model: Path, app: Flask) -> None:
    with seat.taken(app):
        eventually(_answers)
        own = app.secret_key
        app.secret_key = "somebody else's secret, thirty-two letters long"
        assert found() == []
        app.secret_key = own
        running.kept().pop("seat empty until")
        assert found() == [hips]


@pytest.mark.one_database
@pytest.mark.usefixtures("elsewhere")
def test_a_hanging_seat_is_waited_for_by_one_page_alone(
    hips: int, app: Flask, tmp_path: Path
) -> None:
    with socket.socket(socket.AF_UNIX) as hanging:
        hanging.bind(str(tmp_path / "meaning.sock"))
        hanging.listen()
        hanging.setblocking(False)
        for _ in range(3):
            assert [one.ref for one in alike("the hip clicks")] == [hips]
        hanging.accept()[0].close()
        with pytest.raises(BlockingIOError):  # nobody else came to its door
            hanging.accept()


def test_a_new_model_reads_all_again_while_the_old_one_answers(
    hips: int, app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = write_model(tmp_path / "old")
    new = write_model(tmp_path / "new", groups=(*GROUPS, ("tendon", "sinew")))
    change_settings(app, matching_model=str(old))
    with seat.taken(app):
        eventually(_answers)
        before = seat.occupant()
    may_go_on, at_work = threading.Event(), threading.Event()

    def held_up(*_: Any) -> None:
        at_work.set()
        assert may_go_on.wait(30)

    change_settings(app, matching_model=str(new))
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr("app.search.vectors.waiting", _after(held_up))
        with seat.taken(app):
            assert at_work.wait(30)
            assert found() == [hips]  # by the old one
            may_go_on.set()
            eventually(lambda: _models() not in ([], [before and before["model"]]) and _answers())
            assert found() == [hips]
    assert len(_models()) == 1


def _after(held_up: Any) -> Any:
    from app.search import vectors  # noqa: PLC0415  (the real one, before it is replaced)

    real = vectors.waiting

    def waiting(*facts: Any) -> Any:
        held_up()
        return real(*facts)

    return waiting


def _models() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(SearchVector.model).distinct()))


def test_without_the_old_files_words_alone_answer_while_a_new_model_reads(
    hips: int, model: Path, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with seat.taken(app):
        eventually(_answers)
    write_model(model, groups=(*GROUPS, ("tendon", "sinew")))
    may_go_on, at_work = threading.Event(), threading.Event()

    def held_up(*_: Any) -> None:
        at_work.set()
        assert may_go_on.wait(30)

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr("app.search.vectors.waiting", _after(held_up))
        with seat.taken(app):
            assert at_work.wait(30)
            assert found() == []
            assert [one.ref for one in alike("the hip clicks")] == [hips]
            may_go_on.set()
            eventually(_answers)
            assert found() == [hips]


@pytest.mark.one_database
def test_who_does_not_hold_the_model_does_not_load_its_libraries() -> None:
    lines = [
        "import sys, app, app.wiring",
        "print([name for name in ('onnxruntime', 'tokenizers', 'numpy') if name in sys.modules])",
    ]
    said = subprocess.run(
        [sys.executable, "-c", "\n".join(lines)],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout == "[]\n"
