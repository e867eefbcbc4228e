"""Documents are read by a job, and in how many of them a stem stands is counted exactly."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from app.cli.searching import search
from app.domains.articles.states import ArticleStatus
from app.engines.matching.likeness import LONGEST_STEM
from app.infra import jobs
from app.infra.db import db
from app.infra.jobs import Job
from app.infra.unit_of_work import unit_of_work
from app.search import reading, services
from app.search.models import SearchDocument, SearchPosting, SearchStem
from tests.factories import make_article, make_question, make_resource, make_tag

pytestmark = pytest.mark.usefixtures("app")


def index(*things: tuple[Callable[[int], None], int]) -> None:
    with unit_of_work():
        for put, ref in things:
            put(ref)


def spreads() -> dict[str, int]:
    rows = db.session.execute(select(SearchStem.stem, SearchStem.spread))
    return {stem: spread for stem, spread in rows if spread}


def counted() -> dict[str, int]:
    """In how many documents each stem stands, counted afresh."""
    return Counter(db.session.scalars(select(SearchPosting.stem)))


def postings() -> dict[str, tuple[int, int]]:
    rows = db.session.execute(
        select(SearchPosting.stem, SearchPosting.in_title, SearchPosting.in_text)
    )
    return {stem: (in_title, in_text) for stem, in_title, in_text in rows}


def waiting_jobs() -> int:
    return db.session.scalar(select(func.count()).where(Job.kind == reading.READ)) or 0


def test_a_read_document_has_its_stems_with_their_numbers() -> None:
    resource = make_resource("Hip circles", text="Circle the hip. The hip likes it.")
    index((services.index_resource, resource.id))
    assert reading.read_waiting() == 1
    found = postings()
    assert found["hip"] == (1, 3)
    assert found["circl"] == (1, 2)
    document = db.session.scalars(select(SearchDocument)).one()
    assert document.title_stems == 2
    assert document.text_stems == sum(in_text for _, in_text in found.values())


def test_the_synonyms_of_a_tag_are_read_with_what_carries_it() -> None:
    tag = make_tag("snapping hip", synonyms=["coxa saltans"])
    index((services.index_article, make_article(tags=[tag]).id))
    reading.read_waiting()
    assert "saltan" in postings()


def test_however_often_something_is_published_one_job_waits() -> None:
    for _ in range(3):
        index((services.index_resource, make_resource().id))
    assert waiting_jobs() == 1


def test_a_worker_reads_what_waits(app: Flask) -> None:
    index(
        (services.index_article, make_article().id), (services.index_resource, make_resource().id)
    )
    assert reading.waiting() == 2
    jobs.run_due(app.extensions["jobs"])
    assert reading.waiting() == 0
    assert spreads() == counted() != {}


def test_a_change_of_the_text_leaves_exact_counts() -> None:
    resource = make_resource("Calf raises", text="Slowly up on the toes.")
    other = make_resource("Toes", text="Spread the toes.")
    index((services.index_resource, resource.id), (services.index_resource, other.id))
    reading.read_waiting()
    resource.title, resource.html = "Heel drops", "<p>Slowly down from the step.</p>"
    db.session.commit()
    index((services.index_resource, resource.id))
    reading.read_waiting()
    assert spreads() == counted()
    assert spreads()["toe"] == 1
    assert "calf" not in spreads()


def test_reading_twice_counts_once() -> None:
    index((services.index_resource, make_resource().id))
    reading.read_waiting()
    before = spreads()
    db.session.execute(update(SearchDocument).values(read_version=0))
    db.session.commit()
    reading.read_waiting()
    assert spreads() == before == counted()


def test_what_leaves_the_index_leaves_the_counts() -> None:
    resource = make_resource("Zanzibar stretch")
    index((services.index_resource, resource.id), (services.index_resource, make_resource().id))
    reading.read_waiting()
    with unit_of_work():
        services.forget("resource", resource.id)
    assert spreads() == counted()
    assert "zanzibar" not in spreads()


def test_all_questions_of_an_article_leave_the_counts_with_it() -> None:
    article = make_article()
    questions = [make_question(article=article, text="Does a heron limp?") for _ in range(3)]
    index(
        (services.index_article, article.id),
        *((services.index_question, question.id) for question in questions),
    )
    reading.read_waiting()
    assert spreads()["heron"] == 3
    article.status = ArticleStatus.DRAFT
    db.session.commit()
    index((services.index_article, article.id), (services.index_questions_under, article.id))
    assert spreads() == counted() == {}


def test_many_documents_can_be_forgotten_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "AT_ONCE", 2)
    index(*((services.index_resource, make_resource().id) for _ in range(5)))
    reading.read_waiting()
    with unit_of_work():
        reading.forget(list(db.session.scalars(select(SearchDocument.id))))
    assert spreads() == counted() == {}


def test_two_very_long_words_that_begin_alike_are_one_stem() -> None:
    word = "q" * (LONGEST_STEM + 5)
    index((services.index_resource, make_resource(text=f"{word}x {word}y").id))
    reading.read_waiting()
    assert postings()["q" * LONGEST_STEM] == (0, 2)


def test_what_a_newer_program_reads_otherwise_is_read_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    index((services.index_resource, make_resource().id))
    reading.read_waiting()
    monkeypatch.setattr(reading, "READING", reading.READING + 1)
    assert reading.waiting() == 1
    assert reading.read_waiting() == 1
    assert spreads() == counted()


def test_reindexing_reads_at_once(app: Flask) -> None:
    make_article("On hips")
    said = app.test_cli_runner().invoke(search, ["reindex"])
    assert said.exit_code == 0, said.output
    assert reading.waiting() == 0
    assert spreads()["hip"] == 1
