"""The one process that holds the model of meaning, and how the others ask it.

The worker takes the seat, or the server that has a worker beside it. It gives new documents their
vectors in the background and answers over a local socket, whose other end must know the site's
secret. Who finds nobody in the seat goes by words alone.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Connection, Listener
from pathlib import Path
from typing import Any

from app.config import Settings
from app.infra import meaning, running, tokens
from app.infra.db import db
from app.infra.meaning import Encoder
from app.infra.running import App
from app.search import vectors
from app.search.vectors import Matrix

logger = logging.getLogger(__name__)

FOLDER = "model"
"""Below the instance folder, where `matching fetch-model` puts what it brings."""
LONGEST_PATH = 90
"""Of a socket's path: the system allows little more than a hundred bytes."""
PATIENCE_SECONDS = 0.5
"""How long a page waits for an answer; encoding a question takes a twentieth of it."""
SULK_SECONDS = 5.0
"""How long nobody is asked after the seat was found empty."""
LOOK_SECONDS = 2.0
"""How often the seat looks for new documents."""
LONGEST_MESSAGE = 64 * 1024

Found = dict[int, float]


def model_folder(settings: Settings) -> Path | None:
    """Where this site's model is; None where it goes by words alone."""
    if settings.matching_model == "none":
        return None
    if settings.matching_model == "auto":
        folder = settings.instance_folder / FOLDER
    else:
        folder = Path(settings.matching_model)
    return folder if meaning.is_there(folder) else None


class Seat:
    """A loaded model with its matrix, giving answers until `end`."""

    def __init__(self, app: App, folder: Path) -> None:
        self._app = app
        self._encoder = Encoder(folder)
        self._matrix = Matrix(self._encoder.name)
        self._stop = threading.Event()
        self._listener: Listener | None = None
        self._threads: list[threading.Thread] = []

    @property
    def is_ready(self) -> bool:
        """Whether every document that was there has its vector."""
        return bool(self._matrix.ids)

    def nearest(self, title: str, text: str, limit: int) -> Found:
        """The documents whose meaning is nearest, by their ids."""
        (asked,) = self._encoder.read([(title, text[: vectors.LONGEST_ENCODED])])
        return self._matrix.nearest(asked[0], limit)

    def begin(self) -> None:
        """Answer on the socket and read what waits, each in a thread of its own."""
        with self._app.app_context():
            address, key = _address(), _key()
        Path(address).unlink(missing_ok=True)
        self._listener = Listener(address, "AF_UNIX", authkey=key)
        os.chmod(address, 0o600)  # noqa: PTH101  (a socket, not a file of ours to open)
        for work in (self._answer, self._read):
            thread = threading.Thread(target=work, name=f"meaning{work.__name__}", daemon=True)
            thread.start()
            self._threads.append(thread)

    def end(self) -> None:
        self._stop.set()
        if self._listener is not None:
            with self._app.app_context():
                _knock()  # wakes the thread that waits for a caller
            self._listener.close()
        for thread in self._threads:
            thread.join(PATIENCE_SECONDS)

    def _answer(self) -> None:
        while not self._stop.is_set() and self._listener is not None:
            try:
                with self._listener.accept() as caller:
                    self._answer_one(caller)
            except (AuthenticationError, EOFError, OSError, ValueError, KeyError) as fault:
                if not self._stop.is_set():
                    logger.warning("a question to the model was not understood: %s", fault)

    def _answer_one(self, caller: Connection) -> None:
        if not caller.poll(PATIENCE_SECONDS):
            return
        asked = json.loads(caller.recv_bytes(LONGEST_MESSAGE))
        if asked.get("hello"):
            return
        found = self.nearest(str(asked["title"]), str(asked["text"]), int(asked["limit"]))
        caller.send_bytes(json.dumps(list(found.items())).encode())

    def _read(self) -> None:
        while not self._stop.is_set():
            with self._app.app_context():
                try:
                    vectors.encode_waiting(self._encoder, stop=self._stop.is_set)
                    self._matrix.refresh()
                except Exception:
                    logger.exception("the model could not read what waits and tries again")
                finally:
                    db.session.remove()
            self._stop.wait(LOOK_SECONDS)


@contextmanager
def taken(app: App) -> Iterator[Seat | None]:
    """Hold the seat for the time of a block, where there is a model and nobody has it yet."""
    with app.app_context():
        folder = model_folder(running.settings(app))
        if folder is None or _knock():
            yield None
            return
    seat = Seat(app, folder)
    seat.begin()
    running.kept(app)["seat"] = seat
    try:
        yield seat
    finally:
        running.kept(app).pop("seat", None)
        seat.end()


def nearest(title: str, text: str, limit: int) -> Found:
    """The documents nearest in meaning; empty where nobody is in the seat."""
    own: Seat | None = running.kept().get("seat")
    if own is not None:
        return own.nearest(title, text, limit)
    if time.monotonic() < running.kept().get("seat empty until", 0.0):
        return {}
    message = {"title": title, "text": text[: vectors.LONGEST_ENCODED], "limit": limit}
    answer = _call(message)
    if answer is None:
        running.kept()["seat empty until"] = time.monotonic() + SULK_SECONDS
        return {}
    return {int(document_id): float(score) for document_id, score in answer}


def _knock() -> bool:
    """Whether somebody answers in the seat."""
    return _call({"hello": True}) is not None


def _call(message: dict[str, Any]) -> list[Any] | None:
    """One question to whoever is in the seat; None when nobody answers in time."""
    address = _address()
    if not Path(address).exists():
        return None
    try:
        with Client(address, "AF_UNIX", authkey=_key()) as line:
            line.send_bytes(json.dumps(message).encode())
            if message.get("hello"):
                return []
            if not line.poll(PATIENCE_SECONDS):
                return None
            found = json.loads(line.recv_bytes(LONGEST_MESSAGE))
            return found if isinstance(found, list) else None
    except (AuthenticationError, EOFError, OSError, ValueError):
        return None


def _address() -> str:
    path = str(running.settings().instance_folder.resolve() / "meaning.sock")
    if len(path.encode()) <= LONGEST_PATH:
        return path
    name = hashlib.sha256(path.encode()).hexdigest()[:16]
    return str(Path(tempfile.gettempdir()) / f"threshold-{name}.sock")


def _key() -> bytes:
    return tokens.private_key("the model's seat").encode()
