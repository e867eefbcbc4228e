"""A whole service on ports of its own, in a folder that goes away: PostgreSQL, Redis, gunicorn, a
worker, and what a trial puts before or between them. It ends what it started and nothing else."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from html import unescape
from pathlib import Path
from typing import Any

import requests
from requests.adapters import HTTPAdapter

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT))

from tests.support import postgres  # noqa: E402  (the path to it is set above)
from tests.support.redis import running_redis  # noqa: E402
from tests.support.smtp import free_port  # noqa: E402

BIN = Path(sys.executable).parent
PEOPLE = tomllib.loads((PROJECT / "app" / "demo" / "people.toml").read_text())["account"]


class Stage:
    """`url` is where a browser finds the site; `environ` what the site's programs are told."""

    def __init__(self, folder: Path, database_url: str, redis_url: str) -> None:
        self.folder = folder
        self.database_url = database_url
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._running: list[subprocess.Popen[bytes]] = []
        self.environ = {
            **os.environ,
            "THRESHOLD_MODE": "demo",
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            "INSTANCE_FOLDER": str(folder / "instance"),
            "PUBLIC_URL": self.url,
            "HOST": "127.0.0.1",
            "PORT": str(self.port),
            "MATCHING_MODEL": "none",
            "PROMETHEUS_MULTIPROC_DIR": str(folder / "counted"),
            "PYTHONPATH": str(PROJECT),
        }
        (folder / "counted").mkdir()

    def flask(self, *words: str) -> str:
        """Run a command of the site to its end; what it said."""
        done = subprocess.run(  # noqa: S603  (our own program)
            [BIN / "flask", "--app", "wsgi", *words],
            cwd=PROJECT, env=self.environ, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise SystemExit(f"{' '.join(words)}: {done.stdout}{done.stderr}")
        return done.stdout

    def fill(self) -> None:
        self.flask("db", "upgrade")
        self.flask("demo", "load")

    def start(self, name: str, command: Sequence[str | Path]) -> subprocess.Popen[bytes]:
        """Start a program that stays; what it says is in `<name>.log`."""
        with (self.folder / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(  # noqa: S603  (ours, or nginx and its like)
                command, cwd=PROJECT, env=self.environ, stdout=log, stderr=log
            )
        self._running.append(process)
        return process

    def serve(self, processes: int = 2) -> subprocess.Popen[bytes]:
        self.environ["WEB_PROCESSES"] = str(processes)
        started = self.start(
            "site", [BIN / "gunicorn", "--config", "deploy/gunicorn.conf.py", "wsgi:app"]
        )
        self.wait_for(f"http://127.0.0.1:{self.port}/healthz")
        return started

    def work(self) -> subprocess.Popen[bytes]:
        return self.start("worker", [BIN / "flask", "--app", "wsgi", "worker"])

    def wait_for(self, address: str, seconds: float = 60) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            try:
                if requests.get(address, timeout=5, verify=False).status_code < 500:  # noqa: S501
                    return
            except (requests.ConnectionError, requests.Timeout):
                pass  # not yet
            time.sleep(0.1)
        said = "".join(path.read_text()[-2000:] for path in self.folder.rglob("*.log"))
        raise SystemExit(f"{address} did not answer:\n{said}")

    def end(self) -> None:
        for process in reversed(self._running):
            process.terminate()
        for process in self._running:
            process.wait(45)


class _FromElsewhere(HTTPAdapter):
    """From another address of this machine than nginx has, as anybody would come."""

    def init_poolmanager(self, *arguments: Any, **options: Any) -> Any:
        return super().init_poolmanager(*arguments, source_address=("127.0.0.2", 0), **options)


class Browser(requests.Session):
    """Somebody at the site: remembers cookies, and sends forms as pages do."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url
        self.verify = False
        for scheme in ("http://", "https://"):
            self.mount(scheme, _FromElsewhere())
        self.trust_env = False  # the machine's certificates know nothing of ours

    def request(self, method: str, path: str, **options: object) -> requests.Response:  # type: ignore[override]
        options.setdefault("timeout", 20)
        return super().request(method, self.url + path, **options)  # type: ignore[arg-type]

    def submit(self, page: str, path: str, **fields: str) -> requests.Response:
        """Send a form from a page of the site: its hidden fields and these. Where the site shows it
        once more before it is sent, it is sent from there."""
        answer = self._send(self.get(page).text, path, fields)
        for _ in range(2):  # to look it over, and to look at what may answer it already
            if answer.status_code == 200:
                answer = self._send(answer.text, path, fields)
        return answer

    def _send(self, page: str, path: str, fields: dict[str, str]) -> requests.Response:
        hidden = {}
        for field in re.findall(r'<input[^>]*type="hidden"[^>]*>', page):
            name, value = re.search(r'name="([^"]*)"', field), re.search(r'value="([^"]*)"', field)
            if name is not None:
                hidden[name[1]] = unescape(value[1]) if value is not None else ""
        return self.post(path, data={**hidden, **fields}, allow_redirects=False)

    def sign_in(self, role: str) -> None:
        person = next(one for one in PEOPLE if one["role"] == role)
        answer = self.submit(
            "/sign-in", "/sign-in", email=person["email"], password=person["password"]
        )
        check(answer.status_code in (302, 303), f"a {role} signs in ({answer.status_code})")


def check(holds: bool, sentence: str) -> None:
    print(f"  {'holds' if holds else 'FAILS'}  {sentence}", flush=True)  # noqa: T201
    if not holds:
        raise SystemExit(1)


@contextmanager
def stage() -> Iterator[Stage]:
    with ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="try-"))
        folder.chmod(0o755)
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        server = postgres.server_url(folder)
        stack.callback(postgres.stop, folder)
        url = postgres.new_database(server, "site")
        redis_url = stack.enter_context(running_redis(folder, own=True))
        made = Stage(folder, url, redis_url)
        stack.callback(made.end)
        yield made
