"""The one process that holds the model of meaning, and how the others ask it.

The worker takes the seat, or the server that has a worker beside it; when it ends, however it
ends, the next one does within seconds. Whoever finds nobody in the seat goes by words alone.
"""

from __future__ import annotations

import fcntl
import logging
import os
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.config import Settings
from app.infra import running, sentence_model, tokens, wire
from app.infra.db import db
from app.infra.running import App
from app.search import vectors

if TYPE_CHECKING:
    from app.search.holding import Seat

logger = logging.getLogger(__name__)

FOLDER = "model"
"""Below the instance folder, where `matching fetch-model` puts what it brings."""
PATIENCE_SECONDS = 0.5
"""How long a page waits for an answer; encoding a question takes a twentieth of it."""
SULK_SECONDS, LONG_SULK_SECONDS = 3.0, 30.0
"""How long nobody is asked after the seat was found empty, and after it did not answer in time."""
LOOK_SECONDS = 2.0
"""How often the seat looks for new documents, and the others whether it is free."""
ENDING_SECONDS = 10.0
"""How long an end waits for what the model is just reading."""
LONGEST_PAUSE_SECONDS = 300.0
"""Between two tries where reading fails again and again."""
MOST_IDS = 500

Found = dict[int, float]


def model_folder(settings: Settings) -> Path | None:
    """Where this site's model is; None where it goes by words alone."""
    if settings.matching_model == "none":
        return None
    if settings.matching_model == "auto":
        folder = settings.instance_folder / FOLDER
    else:
        folder = Path(settings.matching_model)
    return folder if sentence_model.is_there(folder) else None


@contextmanager
def taken(app: App) -> Iterator[None]:
    """For the time of a block, hold the seat whenever it is free and there is a model."""
    stop = threading.Event()
    thread = threading.Thread(target=_wait_for_it, args=(app, stop), name="seat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(ENDING_SECONDS)


def nearest(title: str, text: str, limit: int, also: Sequence[int] = ()) -> Found:
    """The documents nearest in meaning with their cosines, and those of the documents `also` that
    have one; empty where nobody is in the seat."""
    text = text[: vectors.LONGEST_ENCODED]
    return _nearest({"title": title, "text": text, "limit": limit, "also": list(also)[:MOST_IDS]})


def nearest_to(document_id: int, limit: int, also: Sequence[int] = ()) -> Found:
    """The same for a document, by the vector that it has already."""
    return _nearest({"document": document_id, "limit": limit, "also": list(also)[:MOST_IDS]})


def occupant() -> dict[str, Any] | None:
    """Who is in the seat: `process`, `model`, `read` (documents), `answers` (bool); None where it
    is empty."""
    own: Seat | None = running.kept().get("seat")
    if own is not None:
        return _said_by(own)
    try:
        return wire.ask(_address(), _key(), {"who": True}, PATIENCE_SECONDS)
    except (OSError, ValueError, wire.NotUnderstood):
        return None


def _nearest(question: dict[str, Any]) -> Found:
    kept = running.kept()
    own: Seat | None = kept.get("seat")
    if own is not None:
        try:
            return _found(own, question)
        except Exception:
            logger.exception("matching: the model failed, so this goes by words alone")
            return {}
    if time.monotonic() < kept.get("seat empty until", 0.0):
        return {}
    try:
        answer = wire.ask(_address(), _key(), question, PATIENCE_SECONDS)
        return {int(document_id): float(score) for document_id, score in answer["found"]}
    except TimeoutError:
        sulk = LONG_SULK_SECONDS
    except (OSError, ValueError, KeyError, TypeError, wire.NotUnderstood):
        sulk = SULK_SECONDS
    kept["seat empty until"] = time.monotonic() + sulk
    return {}


def _found(seat: Seat, question: dict[str, Any]) -> Found:
    limit, also = int(question["limit"]), [int(one) for one in question["also"]]
    if "document" in question:
        return seat.nearest_to(int(question["document"]), limit, also)
    return seat.nearest(str(question["title"]), str(question["text"]), limit, also)


def _wait_for_it(app: App, stop: threading.Event) -> None:
    """Take the seat whenever it is free; a model that cannot be loaded is tried again once its
    files have changed."""
    broken: object = None
    with app.app_context():
        folder_of_site = running.settings().instance_folder
        while not stop.is_set():
            folder = model_folder(running.settings())
            files = sentence_model.stamp(folder) if folder is not None else None
            if folder is not None and files is not None and (folder, files) != broken:
                try:
                    with _lock(folder_of_site / "meaning.lock") as is_mine:
                        if is_mine and not _hold(app, folder, stop):
                            broken = (folder, files)
                except Exception:
                    logger.exception("matching: the seat could not be taken and is tried again")
            stop.wait(LOOK_SECONDS)


def _hold(app: App, folder: Path, stop: threading.Event) -> bool:
    """Sit until told to stop or until there is another model; False where this one is broken."""
    # Only here, since it costs some 60 MB that a process without the model never needs.
    from app.search import holding  # noqa: PLC0415

    files = sentence_model.stamp(folder)
    memory = running.settings().instance_folder / "meaning.json"
    try:
        seat = holding.Seat(folder, memory)
    except Exception as fault:  # noqa: BLE001  (the libraries raise what they like)
        reason = " ".join(str(fault).split())[:200]
        logger.warning(
            "matching: by words alone, for the model in %s is broken: %s", folder, reason
        )
        return False
    logger.info("matching: by words and by meaning, with the model in %s", folder)
    done = threading.Event()
    line = threading.Thread(target=_answer, args=(app, seat, done), name="seat-line", daemon=True)
    try:
        seat.begin()
        running.kept()["seat"] = seat
        line.start()
        _read(seat, folder, files, stop)
    finally:
        running.kept().pop("seat", None)
        done.set()
        if line.is_alive():
            line.join(PATIENCE_SECONDS * 4)
        db.session.remove()
    return True


def _read(
    seat: Seat, folder: Path, files: sentence_model.Stamp | None, stop: threading.Event
) -> None:
    def is_over() -> bool:
        return stop.is_set() or sentence_model.stamp(folder) != files

    pause = LOOK_SECONDS
    while not is_over():
        try:
            seat.read_what_waits(is_over)
            pause = LOOK_SECONDS
        except Exception:
            logger.exception("matching: the model could not read what waits, and tries again")
            db.session.rollback()
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
        finally:
            db.session.remove()
        stop.wait(pause)


def _answer(app: App, seat: Seat, done: threading.Event) -> None:
    def answer(question: dict[str, Any]) -> dict[str, Any]:
        if question.get("who"):
            return _said_by(seat)
        return {"found": list(_found(seat, question).items())}

    def complain(fault: Exception) -> None:
        logger.warning("matching: a question to the model was not answered: %s", fault)

    with app.app_context():
        address, key = _address(), _key()
    try:
        wire.answer_until(done.is_set, address, key, answer, complain, PATIENCE_SECONDS)
    except OSError as fault:
        logger.warning("matching: other processes go by words alone, no socket: %s", fault)


def _said_by(seat: Seat) -> dict[str, Any]:
    return {
        "process": os.getpid(),
        "model": seat.reading.name,
        "read": len(seat.reading.matrix),
        "answers": seat.answering is not None,
    }


@contextmanager
def _lock(file: Path) -> Iterator[bool]:
    """Whether the seat is ours; the system frees it when a process dies."""
    with file.open("a") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def _address() -> Path:
    return running.settings().instance_folder.resolve() / "meaning.sock"


def _key() -> bytes:
    return tokens.private_key("the model's seat").encode()
