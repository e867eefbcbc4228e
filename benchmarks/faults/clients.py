"""A reader, writer or moderator over plain HTTP, who sends again what was not answered."""

from __future__ import annotations

import http.client
import random
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from benchmarks.desk.rows import COMMON
from benchmarks.faults.waiting import NeverCame

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
NO_ANSWER = (OSError, http.client.HTTPException)
"""Refused, reset, cut off in the middle, or not in time."""


@dataclass(frozen=True)
class Answer:
    status: int
    text: str
    location: str
    seconds: float
    headers: dict[str, str]

    @property
    def is_acked(self) -> bool:
        """A post that was taken leads elsewhere."""
        return 200 <= self.status < 400


class Client:
    """One browser: its cookies, and the token of its forms. Each request has a connection of its
    own, so that none is lost because a server closed an idle one."""

    def __init__(self, port: int, *, timeout: float = 30.0) -> None:
        self.port = port
        self.timeout = timeout
        self.cookies: dict[str, str] = {}
        self.token = ""
        self.gives_up = threading.Event()
        """Set by whoever wants this client to wait no longer for an answer."""
        self.faults: Counter[str] = Counter()
        """What `persist` was answered before it was answered well."""

    def request(
        self,
        method: str,
        path: str,
        fields: object = None,
        *,
        key: str = "",
        headers: dict[str, str] | None = None,
    ) -> Answer:
        """Ask once. Raises one of NO_ANSWER."""
        sent = dict(headers or {})
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if key:
            sent["Idempotency-Key"] = key
        body = None
        if fields is not None:
            body = urlencode(fields, doseq=True)  # type: ignore[arg-type]
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.timeout)
        began = time.perf_counter()
        try:
            line.request(method, path, body, sent)
            answer = line.getresponse()
            text = answer.read().decode(errors="replace")
        finally:
            line.close()
        self._remember(answer.headers.get_all("Set-Cookie") or [])
        return Answer(
            answer.status,
            text,
            answer.getheader("Location") or "",
            time.perf_counter() - began,
            {name.lower(): value for name, value in answer.getheaders()},
        )

    def get(self, path: str) -> Answer:
        return self.request("GET", path)

    def post(self, path: str, fields: Mapping[str, object], *, key: str = "") -> Answer:
        """Send a form with this browser's token."""
        return self.request("POST", path, {"csrf_token": self.token, **fields}, key=key)

    def persist(
        self, path: str, fields: Mapping[str, object], *, key: str, seconds: float = 60.0
    ) -> Answer:
        """Send a form until it is answered by less than 500, as a careful program does after a
        reset or a fault: the same again, under the same key. Raises NeverCame."""
        return self._insist(lambda: self.post(path, fields, key=key), path, seconds)

    def _insist(self, ask: Callable[[], Answer], path: str, seconds: float) -> Answer:
        until = time.monotonic() + seconds
        while True:
            try:
                answer = ask()
            except NO_ANSWER as wrong:
                last = type(wrong).__name__
            else:
                if answer.status < 500:
                    return answer
                last = f"{answer.status}"
            if time.monotonic() > until or self.gives_up.is_set():
                raise NeverCame(f"no answer to {path} in {seconds:.0f} s, at last {last}")
            self.faults[last] += 1
            self.gives_up.wait(0.05)

    def open_form(self, path: str) -> None:
        """Fetch a page with a form: its cookie and its token. Raises NeverCame."""
        page = self._insist(lambda: self.get(path), path, 60.0)
        found = TOKEN.search(page.text)
        if found is None:
            raise RuntimeError(f"{path} answered {page.status} and has no form")
        self.token = found[1]

    def sign_in(self, email: str, password: str) -> None:
        """Through the page, as people do; the token is that of the new session."""
        self.open_form("/sign-in")
        answer = self.post("/sign-in", {"email": email, "password": password})
        if not 300 <= answer.status < 400:
            raise RuntimeError(f"signing in was answered by {answer.status}")
        self.open_form("/fresh-form")

    def _remember(self, lines: list[str]) -> None:
        for line in lines:
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value


def words(chance: random.Random, letters: int = 437) -> str:
    """A text nobody wrote before; as long as the mean of the comments that we measured."""
    chosen = [*chance.choices(COMMON, k=60), *(f"w{chance.randrange(10**9)}" for _ in range(12))]
    chance.shuffle(chosen)
    half = len(chosen) // 2
    return f"{' '.join(chosen[:half])}.\n\n{' '.join(chosen[half:])}."[:letters]


def comment(key: str, chance: random.Random, **more: object) -> dict[str, object]:
    """The fields of a comment whose text begins with its key, by which its row is found."""
    return {
        "body": f"{key} {words(chance)}",
        "kind": "comment",
        "name": f"Writer {key}",
        "email": f"{key}@example.com",
        **more,
    }
