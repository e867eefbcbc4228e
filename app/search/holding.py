"""What the process in the seat does: it holds the model, gives documents their vectors in the
background, and says which are nearest to a question.

While a new model reads everything, the one before it goes on answering, if its files are still
there; that is the only time when two are in memory. Importing this module brings the libraries of
the model with it, so `search.seat` does so only where a model is.
"""

from __future__ import annotations

import json
import logging
import math
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from sqlalchemy.exc import SQLAlchemyError

from app.infra import running, sentence_model
from app.infra.db import db
from app.infra.meaning import Encoder
from app.search import indexed, vectors
from app.search.indexed import Indexed
from app.search.matrix import Matrix

logger = logging.getLogger(__name__)

BATCH = 32
"""Documents encoded between two transactions: about a second of work."""
INDEX_AGAIN_SECONDS = 600.0
SAYING_SECONDS = 10.0
"""How often the log is told how far the reading is."""

Found = dict[int, float]


class Model:
    """A loaded model with the vectors it made: in memory, or from so many texts on
    (MATCHING_IN_MEMORY) in an index of the database, where that can have one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.encoder = Encoder(folder)
        self.matrix: Matrix | Indexed = Matrix(self.encoder.name)
        self._index_from = 0.0  # no sooner than then (monotonic)

    @property
    def name(self) -> str:
        return self.encoder.name

    def begin(self) -> None:
        """Search what is there already, as soon as that can be: nothing is made now."""
        if self._has_many() and indexed.is_there():
            found = self._index()
            if found.is_ready():
                self.matrix = found
        self.matrix.refresh()

    def settle(self) -> None:
        """Leave the memory for the index once there are many texts. Making it takes minutes, in
        which the memory answers; where it cannot be made, that is said once."""
        if isinstance(self.matrix, Indexed) or time.monotonic() < self._index_from:
            return
        if not self._has_many():
            return
        try:
            if not indexed.is_offered():
                self._index_from = math.inf
                return
            found = self._index()
            found.refresh()
        except SQLAlchemyError as fault:
            self._try_later(fault)
        else:
            self.matrix = found
            logger.info("matching: the vectors are searched by the database's index")

    def _index(self) -> Indexed:
        return Indexed(self.name, self.encoder.encode([""]).shape[1])

    def _has_many(self) -> bool:
        many = vectors.documents() > running.settings().matching_in_memory
        db.session.rollback()  # who makes an index waits for everybody who has read the table
        return many

    def _try_later(self, fault: SQLAlchemyError) -> None:
        logger.warning("matching: vectors stay in memory a while: %s", indexed.reason(fault))
        self._index_from = time.monotonic() + INDEX_AGAIN_SECONDS


class Seat:
    """Answers by `answering`, which is None until some model has read everything once."""

    def __init__(self, folder: Path, memory: Path) -> None:
        """`memory` is the file that keeps which model answered last. Raises what a missing or
        broken model raises."""
        self._memory = memory
        self.reading = Model(folder)
        self.answering: Model | None = None

    def begin(self) -> None:
        """Find who can answer while the rest is read."""
        self.reading.begin()
        if vectors.made_by(self.reading.name) == vectors.documents():
            self._take_over()
            return
        before = _remembered(self._memory)
        if before is None:
            return
        folder, name = before
        if name == self.reading.name:  # it has answered before, and only lacks what is new
            self.answering = self.reading
        elif vectors.made_by(name):
            self.answering = _loaded_again(folder, name)

    def read_what_waits(self, stop: Callable[[], bool]) -> None:
        """Give every document a vector, then answer by them. Commits by itself, a batch at a time,
        and encodes with nothing locked."""
        model = self.reading
        total = vectors.documents()
        left = total - vectors.made_by(model.name)
        done, said = 0, time.monotonic()
        while left and not stop():
            batch = vectors.waiting(model.name, BATCH)
            db.session.rollback()
            if not batch:
                break
            made = np.concatenate(
                list(model.encoder.read([(title, text) for _, title, text in batch]))
            )
            kept = set(vectors.keep(model.name, batch, [vector.tobytes() for vector in made]))
            rows = [place for place, one in enumerate(batch) if one[0] in kept]
            model.matrix.put([batch[place][0] for place in rows], made[rows])
            done += len(kept)
            if time.monotonic() - said > SAYING_SECONDS:
                logger.info(
                    "matching: the model has read %s of %s texts", total - left + done, total
                )
                said = time.monotonic()
        if stop():
            return
        if done > BATCH:
            logger.info("matching: the model has read all %s texts", len(model.matrix))
        model.matrix.refresh()
        if self.answering is not model:
            self._take_over()
        model.settle()

    def nearest(self, title: str, text: str, limit: int, also: Sequence[int]) -> Found:
        """The documents nearest in meaning, and those of `also`, by their ids."""
        model = self.answering
        if model is None:
            return {}
        (asked,) = model.encoder.read([(title, text[: vectors.LONGEST_ENCODED])])
        return model.matrix.nearest(asked[0], limit, also)

    def nearest_to(self, document_id: int, limit: int, also: Sequence[int]) -> Found:
        """The same for a document that has its vector already; nothing is encoded."""
        model = self.answering
        own = model.matrix.of(document_id) if model is not None else None
        return {} if model is None or own is None else model.matrix.nearest(own, limit, also)

    def _take_over(self) -> None:
        self.answering = self.reading
        _remember(self._memory, self.reading)
        if vectors.of_other_models(self.reading.name):
            vectors.forget_others(self.reading.name)
            indexed.forget_others(self.reading.name)
            logger.info("matching: the new model answers, and the old one's work is thrown away")


def _remembered(memory: Path) -> tuple[Path, str] | None:
    """Folder and name of the model that answered last."""
    try:
        kept = json.loads(memory.read_text(encoding="utf-8"))
        return Path(kept["folder"]), str(kept["name"])
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as fault:
        logger.warning("matching: %s cannot be read: %s", memory.name, fault)
        return None


def _loaded_again(folder: Path, name: str) -> Model | None:
    """The model before this one with its vectors, where its files are still what they were."""
    try:
        if not sentence_model.is_there(folder) or sentence_model.name_of(folder) != name:
            return None
        model = Model(folder)
    except Exception as fault:  # noqa: BLE001  (whatever it is, words alone are the answer)
        logger.warning("matching: the model before this one cannot be used: %s", fault)
        return None
    model.begin()
    logger.info("matching: the model before this one answers until all is read again")
    return model


def _remember(memory: Path, model: Model) -> None:
    fresh = memory.with_suffix(".new")
    kept = {"folder": str(model.folder.resolve()), "name": model.name}
    fresh.write_text(json.dumps(kept), encoding="utf-8")
    fresh.replace(memory)
