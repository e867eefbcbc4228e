"""How long a suggestion takes on a site of many texts: made-up ones, whose words are as rare and as
common as words are (the n-th most common stands one n-th as often as the first)."""

from __future__ import annotations

import itertools
import math
import random
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import flask_migrate
import numpy as np
import psycopg
from sqlalchemy import delete, insert, select, text

from app import create_app
from app.config import Settings
from app.engines.matching.likeness import telling
from app.infra import clock, running
from app.infra.db import db, is_postgresql
from app.infra.meaning import Encoder, Vectors
from app.search import reading
from app.search.alike import alike, alike_to
from app.search.matrix import Matrix
from app.search.models import SearchDocument, SearchPosting, SearchStem
from benchmarks.matching import memory

WORDS, TITLE, BODY = 40_000, 8, 60
"""Words in all, and how many a title and a text have."""
QUESTIONS, TIMES = 200, 3
READ = 500
"""Texts that are read as the job reads them, to say what one takes."""
DIMENSIONS = 384
ENCODED = 50
AT_ONCE = 2_000


class Texts:
    """The same texts and questions at every run."""

    def __init__(self) -> None:
        self._chance = random.Random(7)  # noqa: S311  (texts, no secrets)
        syllables = ["".join(pair) for pair in itertools.product("bdfgklmnprstvz", "aeiou")]
        self._words = ["".join(self._chance.choices(syllables, k=3)) for _ in range(WORDS)]
        self._known: dict[str, list[str]] = {}
        self._shares = list(itertools.accumulate(1 / (rank + 1) for rank in range(WORDS)))

    def some(self, count: int) -> str:
        return " ".join(self._chance.choices(self._words, cum_weights=self._shares, k=count))

    def stems(self, text: str) -> Counter[str]:
        """As the job reads them, each word once."""
        return Counter(stem for word in text.split() for stem in self._stems_of(word))

    def _stems_of(self, word: str) -> list[str]:
        if word not in self._known:
            self._known[word] = telling(word)
        return self._known[word]

    def question_about(self, title: str) -> str:
        """Half of a title's words among words of its own, as somebody else would ask it."""
        own = title.split()
        return " ".join(self._chance.sample(own, len(own) // 2)) + " " + self.some(TITLE)


@dataclass(frozen=True, slots=True)
class Speed:
    """In milliseconds by the clock; `work` is the p95 of this process's own time, which others on
    the machine do not lengthen (with SQLite that is all of it), and `meaning` the search of the
    matrix alone."""

    texts: int
    database: str
    half: float
    p95: float
    work: float
    related: float
    meaning: float
    reading: float
    memory: float

    def __str__(self) -> str:
        return (
            f"{self.texts:8} {self.database:11} {self.half:7.1f} {self.p95:7.1f} {self.work:8.1f} "
            f"{1000 / self.half:9.0f} {self.related:12.1f} {self.meaning:11.1f} "
            f"{self.reading:9.1f} {self.memory:7.0f}"
        )


HEAD = (
    "   texts database    median     p95 own time  a second  related p95  matrix p95  read one"
    "      MB"
)


def measure(sizes: Sequence[int], database_url: str, model: Path | None) -> Iterator[Speed]:
    """One line a size, on a database of its own or on this empty one. The model's vectors are made
    up: what they cost does not depend on what they say."""
    with tempfile.TemporaryDirectory(prefix="matching-") as folder:
        settings = Settings(
            mode="demo",
            secret_key="only-for-measuring-" * 3,
            database_url=database_url,
            instance_folder=Path(folder),
        )
        app = create_app(settings, serving=False)
        with app.app_context():
            flask_migrate.upgrade()
            for size in sorted(sizes):
                yield _measured(size)
            if model is not None:
                _say_encoding(model)
            db.engine.dispose()


def _measured(size: int) -> Speed:
    texts = Texts()
    titles = _fill(texts, size)
    running.kept().pop("library", None)
    matrix = _Matrix(size)
    running.kept()["seat"] = matrix
    asked = [texts.question_about(title) for title in titles]
    alike(asked[0])  # the first one of a process compiles its statements
    times = [_milliseconds(lambda one=one: alike(one)) for one in asked]
    refs = range(1, size, max(1, size // QUESTIONS))
    related = [_milliseconds(lambda ref=ref: alike_to("question", ref)) for ref in refs]
    running.kept().pop("seat")
    db.session.rollback()
    return Speed(
        texts=size,
        database="postgresql" if is_postgresql() else "sqlite",
        half=_share([one for one, _ in times], 0.5),
        p95=_share([one for one, _ in times], 0.95),
        work=_share([own for _, own in times], 0.95),
        related=_share([one for one, _ in related], 0.95),
        meaning=_share(matrix.times, 0.95),
        reading=_reading(texts),
        memory=memory.now(),
    )


class _Matrix:
    """Somebody in the seat whose vectors say nothing and are searched like any."""

    def __init__(self, size: int) -> None:
        chance = np.random.default_rng(7)
        self._matrix = Matrix("made up")
        for at in range(0, size, AT_ONCE):
            ids = list(range(at + 1, min(at + AT_ONCE, size) + 1))
            self._matrix.put(ids, _made_up(chance, len(ids)))
        self._asked = _made_up(chance, 1)[0]
        self.times: list[float] = []

    def nearest(self, _title: str, _text: str, limit: int, also: Sequence[int]) -> Any:
        begun = time.perf_counter()
        found = self._matrix.nearest(self._asked, limit, also)
        self.times.append(1000 * (time.perf_counter() - begun))
        return found

    def nearest_to(self, _document_id: int, limit: int, also: Sequence[int]) -> Any:
        return self.nearest("", "", limit, also)


def _made_up(chance: np.random.Generator, count: int) -> Vectors:
    return (chance.standard_normal((count, DIMENSIONS)) / math.sqrt(DIMENSIONS)).astype(np.float32)


def _fill(texts: Texts, size: int) -> list[str]:
    """Put `size` texts in the index, all at once; the titles to ask about."""
    for table in (SearchPosting, SearchStem, SearchDocument):
        db.session.execute(delete(table))
    spread: Counter[str] = Counter()
    titles = []
    with click.progressbar(length=size, label=f"Writing {size} texts") as bar:
        for at in range(0, size, AT_ONCE):
            documents, postings = [], []
            for number in range(at + 1, min(at + AT_ONCE, size) + 1):
                title, body = texts.some(TITLE), texts.some(BODY)
                in_title = texts.stems(title)
                whole = in_title + texts.stems(body)
                spread.update(whole.keys())
                postings += [(stem, number, in_title[stem], times) for stem, times in whole.items()]
                lengths = in_title.total(), whole.total()
                documents.append(_row(number, title, body, *lengths))
                if number % max(1, size // QUESTIONS) == 0:
                    titles.append(title)
            db.session.execute(insert(SearchDocument), documents)
            _put_postings(postings)
            bar.update(len(documents))
    stems = [{"stem": stem, "spread": times} for stem, times in spread.items()]
    db.session.execute(insert(SearchStem), stems)
    db.session.commit()
    if is_postgresql():
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
    return titles[:QUESTIONS]


def _row(number: int, title: str, body: str, in_title: int, in_text: int) -> dict[str, Any]:
    return {
        "id": number,
        "kind": "question",
        "ref": number,
        "title": title,
        "body": body,
        "tags": "",
        "visible_from": clock.now(),
        "title_stems": in_title,
        "text_stems": in_text,
        "read_version": reading.READING,
    }


def _put_postings(postings: list[tuple[str, int, int, int]]) -> None:
    names = ("stem", "document_id", "in_title", "in_text")
    if not is_postgresql():
        db.session.execute(
            insert(SearchPosting), [dict(zip(names, row, strict=True)) for row in postings]
        )
        return
    driver = db.session.connection().connection.driver_connection
    if not isinstance(driver, psycopg.Connection):
        raise TypeError("PostgreSQL is spoken to by another driver")
    with driver.cursor().copy("COPY search_posting FROM STDIN") as copy:
        for row in postings:
            copy.write_row(row)


def _reading(texts: Texts) -> float:
    """Milliseconds to read one text as the job does it."""
    last = db.session.scalars(
        select(SearchDocument.id).order_by(SearchDocument.id.desc()).limit(1)
    ).one()
    rows = [
        {**_row(last + at, texts.some(TITLE), texts.some(BODY), 0, 0), "read_version": 0}
        for at in range(1, READ + 1)
    ]
    db.session.execute(insert(SearchDocument), rows)
    db.session.commit()
    begun = time.perf_counter()
    reading.read_waiting()
    return 1000 * (time.perf_counter() - begun) / READ


def _milliseconds(act: Any) -> tuple[float, float]:
    """By the clock and of this process's own time: the medians of a few, so that one that another
    program cut short does not count."""
    clocks, own = [], []
    for _ in range(TIMES):
        begun, begun_own = time.perf_counter(), time.process_time()
        act()
        clocks.append(1000 * (time.perf_counter() - begun))
        own.append(1000 * (time.process_time() - begun_own))
        db.session.rollback()
    return sorted(clocks)[TIMES // 2], sorted(own)[TIMES // 2]


def _share(times: Sequence[float], share: float) -> float:
    return sorted(times)[int(share * len(times))]


def _say_encoding(model: Path) -> None:
    encoder, texts = Encoder(model), Texts()
    for what, title, body in (("question", TITLE * 2, 0), ("text", TITLE, BODY)):
        times = [
            _milliseconds(lambda: list(encoder.read([(texts.some(title), texts.some(body))])))  # noqa: B023
            for _ in range(ENCODED)
        ]
        clock_times, own = zip(*times, strict=True)
        click.echo(
            f"encoding one {what}: median {_share(clock_times, 0.5):.1f}, "
            f"p95 {_share(clock_times, 0.95):.1f} ms, own time {_share(own, 0.95):.1f} ms"
        )
