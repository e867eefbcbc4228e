"""One question and one answer between two processes of a site, over a socket in its folder.

Each message is signed with a key that both sides can make from the site's secret, and an answer is
signed for its question: who does not know the secret gets no answer and gives none that counts.
Nobody waits longer than a deadline, whatever the other side does or leaves undone.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
import socket
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

LONGEST_MESSAGE = 128 * 1024
LONGEST_PATH = 90
"""Of a socket's path: the system allows little more than a hundred bytes."""
_LENGTH = struct.Struct("!I")
_SIGNATURE = hashlib.sha256().digest_size
_NONCE = 16
_LOOK_SECONDS = 0.5
_BACKLOG = 32

Message = dict[str, Any]


class NotUnderstood(Exception):
    """What came over the line was no message, or not signed with the site's secret."""


def ask(path: Path, key: bytes, question: Message, patience: float) -> Message:
    """The answer to a question. Raises OSError (TimeoutError among them) where nobody answers in
    `patience` seconds, NotUnderstood where somebody else does."""
    until = time.monotonic() + patience
    nonce = secrets.token_bytes(_NONCE)
    with socket.socket(socket.AF_UNIX) as line, _short(path) as address:
        line.settimeout(patience)
        line.connect(address)
        line.sendall(nonce + _signed(key, b"question" + nonce, question))
        return _read(line, key, b"answer" + nonce, until)


def answer_until(
    stop: Callable[[], bool],
    path: Path,
    key: bytes,
    answer: Callable[[Message], Message],
    complain: Callable[[Exception], object],
    patience: float,
) -> None:
    """Answer questions at a path, one after the other, until told to stop. Whoever says nothing
    has `patience` seconds. What goes wrong with one caller is told and ends nothing."""
    path.unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX) as listening:
        with _short(path) as address:
            before = os.umask(0o177)  # nobody but this user may call, from the first moment on
            try:
                listening.bind(address)
            finally:
                os.umask(before)
        listening.listen(_BACKLOG)
        listening.settimeout(_LOOK_SECONDS)
        try:
            while not stop():
                try:
                    caller, _ = listening.accept()
                except TimeoutError:
                    continue
                with caller:
                    try:
                        _answer_one(caller, key, answer, patience)
                    except Exception as fault:  # noqa: BLE001  (told, and the next one is answered)
                        complain(fault)
        finally:
            path.unlink(missing_ok=True)


def _answer_one(
    caller: socket.socket, key: bytes, answer: Callable[[Message], Message], patience: float
) -> None:
    until = time.monotonic() + patience
    nonce = _exactly(caller, _NONCE, until)
    question = _read(caller, key, b"question" + nonce, until)
    caller.settimeout(patience)
    caller.sendall(_signed(key, b"answer" + nonce, answer(question)))


def _signed(key: bytes, purpose: bytes, message: Message) -> bytes:
    body = json.dumps(message).encode()
    if len(body) > LONGEST_MESSAGE:
        raise NotUnderstood("the message is too long")
    return _LENGTH.pack(len(body)) + _signature(key, purpose, body) + body


def _signature(key: bytes, purpose: bytes, body: bytes) -> bytes:
    return hmac.digest(key, purpose + b"\0" + body, "sha256")


def _read(line: socket.socket, key: bytes, purpose: bytes, until: float) -> Message:
    (length,) = _LENGTH.unpack(_exactly(line, _LENGTH.size, until))
    if length > LONGEST_MESSAGE:
        raise NotUnderstood("the message is too long")
    signature = _exactly(line, _SIGNATURE, until)
    body = _exactly(line, length, until)
    if not hmac.compare_digest(signature, _signature(key, purpose, body)):
        raise NotUnderstood("the message is not signed with this site's secret")
    message = json.loads(body)
    if not isinstance(message, dict):
        raise NotUnderstood("the message is no object")
    return message


def _exactly(line: socket.socket, length: int, until: float) -> bytes:
    got = bytearray()
    while len(got) < length:
        left = until - time.monotonic()
        if left <= 0:
            raise TimeoutError("the other side took too long")
        line.settimeout(left)
        part = line.recv(length - len(got))
        if not part:
            raise NotUnderstood("the other side hung up")
        got += part
    return bytes(got)


@contextmanager
def _short(path: Path) -> Iterator[str]:
    """An address for a path of any length: a long one goes by its opened folder."""
    if len(os.fsencode(path)) <= LONGEST_PATH:
        yield str(path)
        return
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)
