"""The floors, served: our own small programs, and nginx where it is installed."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from app.cli.serving import THREADS
from app.config import PROJECT
from benchmarks.http.client import loop, request
from benchmarks.http.machine import Cores
from tests.support.eventually import eventually
from tests.support.smtp import free_port

NGINX = """
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/nginx.log;
events {{ worker_connections 256; }}
http {{
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 100000000;
  client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
  uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5; default_type text/html;
  open_file_cache max=100; server {{ listen 127.0.0.1:{port}; root {folder}; }}
}}
"""


def nginx() -> str | None:
    """Where nginx is, if it is."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")


@contextmanager
def floors(folder: Path, any_page: str, cores: Cores) -> Iterator[tuple[int, int]]:
    """Port and process of the floors over the pages in `folder`."""
    port = free_port()
    command = [sys.executable, "-m", "benchmarks.http.floors", str(folder), str(port), str(THREADS)]
    with _running(command, folder, cores, port, f"/bare/{any_page}") as pid:
        yield port, pid


@contextmanager
def files(program: str, folder: Path, any_page: str, cores: Cores) -> Iterator[tuple[int, int]]:
    """The same pages as files of nginx, one process of it."""
    port = free_port()
    config = folder / "nginx.conf"
    config.write_text(NGINX.format(folder=folder, port=port))
    folder.chmod(0o755)
    command = [program, "-p", str(folder), "-c", str(config)]
    with _running(command, folder, cores, port, f"/{any_page}") as pid:
        yield port, pid


@contextmanager
def _running(
    command: Sequence[str], folder: Path, cores: Cores, port: int, path: str
) -> Iterator[int]:
    with cores.for_served(), (folder / "serving.log").open("a") as log:
        server = subprocess.Popen(  # noqa: S603  (our own programs)
            [*command], cwd=PROJECT, stdout=log, stderr=log
        )
    try:
        eventually(lambda: _answers(server, port, path), 60)
        yield server.pid
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(30)


def _answers(server: subprocess.Popen[bytes], port: int, path: str) -> bool:
    if server.poll() is not None:
        raise RuntimeError(f"{server.args!r} ended with {server.returncode}")
    try:
        loop(port, lambda: request(path, port=port), most=1)
    except OSError:
        return False
    return True
