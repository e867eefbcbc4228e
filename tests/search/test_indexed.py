"""Many vectors are searched by an index of PostgreSQL where it can have one, and in memory else."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flask import Flask
from sqlalchemy import event, insert, select, text

from app.infra import clock
from app.infra.db import db
from app.infra.meaning import Vectors
from app.infra.unit_of_work import unit_of_work
from app.search import holding, indexed, seat, services
from app.search.alike import alike
from app.search.indexed import Indexed
from app.search.matrix import Matrix
from app.search.models import SearchDocument, SearchVector
from tests.factories import make_resource
from tests.support.eventually import eventually
from tests.support.sentence_model import GROUPS, write_model
from tests.support.settings import change_settings

TEXTS, WIDTH, MODEL = 300, 24, "0123456789abcdef"
OTHER_WORDS = "My pelvis is popping"

on_postgresql = pytest.mark.one_database("postgresql")


@pytest.fixture(autouse=True)
def _no_index_is_left(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(seat, "LOOK_SECONDS", 0.05)
    yield
    db.session.rollback()
    if indexed.is_postgresql():
        with db.engine.begin() as connection:
            connection.execute(text("DROP EXTENSION IF EXISTS vector CASCADE"))
            connection.execute(text("DROP INDEX IF EXISTS ix_search_vector_unplaced"))
            connection.execute(text("ALTER TABLE search_vector DROP COLUMN IF EXISTS near"))


@pytest.fixture
def kept(app: Flask) -> Vectors:
    """Vectors of documents, in the order of their ids."""
    rows = np.random.default_rng(5).standard_normal((TEXTS, WIDTH)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    documents = [
        {"kind": "resource", "ref": at, "title": "x", "body": "x", "visible_from": clock.now()}
        for at in range(1, TEXTS + 1)
    ]
    with unit_of_work():
        db.session.execute(insert(SearchDocument), documents)
        keep(rows)
    return rows


def keep(rows: Vectors, model: str = MODEL) -> None:
    ids = db.session.scalars(select(SearchDocument.id).order_by(SearchDocument.id)).all()
    db.session.execute(
        insert(SearchVector),
        [
            {"document_id": one, "model": model, "vector": row.tobytes()}
            for one, row in zip(ids, rows, strict=True)
        ],
    )


def made(model: str = MODEL) -> Indexed:
    assert indexed.is_offered()
    found = Indexed(model, WIDTH)
    found.refresh()
    return found


def indexes() -> set[str]:
    named = "SELECT indexname FROM pg_indexes WHERE indexname LIKE 'ix_search_vector_near_%'"
    return set(db.session.execute(text(named)).scalars())


def indexes_now() -> set[str]:
    found = indexes()
    db.session.rollback()
    return found


@on_postgresql
def test_the_index_finds_what_the_memory_finds(kept: Vectors) -> None:
    memory = Matrix(MODEL)
    memory.refresh()
    db.session.rollback()
    found = made()
    assert len(found) == TEXTS
    for asked in kept[:5]:
        best = memory.nearest(asked, 10)
        assert found.nearest(asked, 10) == pytest.approx(best, abs=1e-5)


@on_postgresql
def test_the_index_is_used_for_it(kept: Vectors) -> None:
    found = made()
    with db.engine.connect() as connection:
        for other_way in ("seqscan", "bitmapscan", "sort"):  # so few rows are as quick without
            connection.execute(text(f"SET LOCAL enable_{other_way} = off"))
        plan = connection.execute(
            text(f"EXPLAIN {found.statement} ORDER BY {found.distance} LIMIT 10"),
            {"asked": str(kept[0].tolist())},
        ).scalars()
        assert f"Index Scan using ix_search_vector_near_{MODEL}" in "\n".join(plan)


@on_postgresql
def test_named_documents_are_compared_however_far_they_are(kept: Vectors) -> None:
    found = made()
    ids = list(db.session.scalars(select(SearchDocument.id).order_by(SearchDocument.id)))
    farthest = int(np.argmin(kept @ kept[0]))
    nearest = found.nearest(kept[0], 3, also=[ids[farthest], 999_999])
    assert len(nearest) == 4
    assert nearest[ids[farthest]] == pytest.approx(float(kept[farthest] @ kept[0]), abs=1e-5)


@on_postgresql
def test_a_documents_own_vector_is_at_hand(kept: Vectors) -> None:
    found = made()
    ids = list(db.session.scalars(select(SearchDocument.id).order_by(SearchDocument.id)))
    assert np.array_equal(found.of(ids[7]), kept[7])
    assert found.of(999_999) is None


@on_postgresql
def test_it_is_ready_once_it_holds_all(kept: Vectors) -> None:
    assert indexed.is_offered()
    found = Indexed(MODEL, WIDTH)
    assert not found.is_ready()
    found.refresh()
    assert found.is_ready()
    with unit_of_work():
        db.session.execute(text("UPDATE search_vector SET near = NULL WHERE document_id % 2 = 0"))
    assert not found.is_ready()
    found.refresh()
    assert found.is_ready()


@on_postgresql
def test_an_index_that_was_broken_off_is_made_anew(kept: Vectors) -> None:
    made()
    with db.engine.begin() as connection:
        connection.execute(
            text("UPDATE pg_index SET indisvalid = false WHERE indexrelid = to_regclass(:name)"),
            {"name": f"ix_search_vector_near_{MODEL}"},
        )
    assert made().is_ready()


@on_postgresql
def test_each_model_has_an_index_of_its_own_until_the_other_goes(kept: Vectors) -> None:
    first = made()
    with unit_of_work():
        keep(-kept, "another")
    made("another")
    best = first.nearest(kept[0], 1)
    assert list(best.values()) == pytest.approx([1.0], abs=1e-5)
    assert len(indexes()) == 2
    indexed.forget_others("another")
    assert indexes() == {"ix_search_vector_near_another"}


@on_postgresql
def test_a_server_without_the_extension_is_said_and_served_from_memory(
    app: Flask, kept: Vectors, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexed, "_EXTENSION", "CREATE EXTENSION IF NOT EXISTS no_such_thing")
    assert not indexed.is_offered()
    assert "no_such_thing" in caplog.text


@pytest.fixture
def humble(app: Flask) -> Iterator[None]:
    """The program's role may read and write, and make nothing."""
    with db.engine.begin() as connection:
        connection.execute(text("CREATE ROLE threshold_humble"))

    def become(connection: Any, *_: object) -> None:
        connection.execute("SET ROLE threshold_humble")
        connection.commit()

    event.listen(db.engine, "connect", become)
    db.engine.dispose()
    yield
    event.remove(db.engine, "connect", become)
    db.session.rollback()
    db.engine.dispose()
    with db.engine.begin() as connection:
        connection.execute(text("DROP ROLE threshold_humble"))


@on_postgresql
@pytest.mark.usefixtures("humble")
def test_who_may_not_make_the_extension_is_served_from_memory(
    caplog: pytest.LogCaptureFixture,
) -> None:
    assert not indexed.is_offered()
    assert "permission denied" in caplog.text
    assert "vectors stay in memory" in caplog.text


@pytest.mark.parametrize("name", ["", "x' OR true --", 'a"b'])
def test_a_models_name_cannot_leave_its_place_in_a_statement(app: Flask, name: str) -> None:
    with pytest.raises(ValueError, match="no name of a model"):
        Indexed(name, WIDTH)


@pytest.mark.parametrize("width", [0, indexed.MOST_DIMENSIONS + 1])
def test_vectors_that_cannot_be_indexed_are_refused(app: Flask, width: int) -> None:
    with pytest.raises(ValueError, match="cannot be indexed"):
        Indexed(MODEL, width)


@pytest.fixture
def hips(app: Flask) -> int:
    found = make_resource("When the hip clicks", text="A hip clicks when a tendon moves over it.")
    other = make_resource("Which shoes", text="Shoes that bend.")
    with unit_of_work():
        for ref in (found.id, other.id):
            services.index_resource(ref)
    ref = found.id
    db.session.rollback()  # who makes an index waits for whoever looks at the database
    return ref


def found_by_meaning() -> list[int]:
    refs = [one.ref for one in alike(OTHER_WORDS)]
    db.session.rollback()
    return refs


def is_searched_by(app: Flask, kind: type[Matrix | Indexed]) -> bool:
    found = app.extensions.get("seat")
    return found is not None and found.answering and isinstance(found.answering.matrix, kind)


def test_many_texts_are_searched_by_the_index_where_there_can_be_one(
    hips: int, app: Flask, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write_model(tmp_path / seat.FOLDER)
    change_settings(app, matching_in_memory=1)
    with caplog.at_level(logging.INFO, "app"), seat.taken(app):
        kind = Indexed if indexed.is_postgresql() else Matrix
        eventually(lambda: is_searched_by(app, kind))
        assert found_by_meaning() == [hips]
        said = "by the database's index" if kind is Indexed else "SQLite cannot index them"
        eventually(lambda: said in caplog.text)
        assert found_by_meaning() == [hips]
    assert caplog.text.count(said) == 1


@on_postgresql
def test_another_start_searches_by_the_index_at_once(hips: int, app: Flask, tmp_path: Path) -> None:
    write_model(tmp_path / seat.FOLDER)
    change_settings(app, matching_in_memory=1)
    with seat.taken(app):
        eventually(lambda: is_searched_by(app, Indexed))
    sitting = holding.Seat(tmp_path / seat.FOLDER, tmp_path / "meaning.json")
    sitting.begin()
    assert isinstance(sitting.answering and sitting.answering.matrix, Indexed)


@on_postgresql
def test_a_new_model_reads_all_again_while_the_old_ones_index_answers(
    hips: int, app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = write_model(tmp_path / "old")
    new = write_model(tmp_path / "new", groups=(*GROUPS, ("tendon", "sinew")))
    change_settings(app, matching_in_memory=1, matching_model=str(old))
    with seat.taken(app):
        eventually(lambda: is_searched_by(app, Indexed))
    before = indexes()
    db.session.rollback()
    may_go_on, at_work = threading.Event(), threading.Event()
    waiting = holding.vectors.waiting

    def held_up(model: str, limit: int) -> list[tuple[int, str, str]]:
        at_work.set()
        assert may_go_on.wait(30)
        return waiting(model, limit)

    monkeypatch.setattr(holding.vectors, "waiting", held_up)
    change_settings(app, matching_model=str(new))
    with seat.taken(app):
        assert at_work.wait(30)
        assert is_searched_by(app, Indexed)
        assert found_by_meaning() == [hips]
        may_go_on.set()
        eventually(lambda: indexes_now() - before and len(indexes_now()) == 1)
        assert found_by_meaning() == [hips]
