"""The benchmarks that are programs of their own: run with a time limit, and their figures read."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import click

from app.config import PROJECT
from benchmarks.figures import Row, failure, other

POSTS_A_SECOND, POST_MS, POST_CPU_MS = 200, 150, 5
MOST_GROWTH = 1.5
GREW = re.compile(r"^(\S.*?) {2,}[\d. ]+grew \D([\d.]+), by the clock", re.MULTILINE)
MATCHING_MS = {1_000: 40, 10_000: 40, 100_000: 80}


class Failed(Exception):
    """A program that ended with a fault, or did not end in time."""


def said_by(module: str, *words: str, seconds: float) -> str:
    """What `python -m module` says, shown as it comes. Raises Failed."""
    click.echo(f"{module} {' '.join(words)}")
    said: list[str] = []
    program = subprocess.Popen(  # noqa: S603  (our own programs)
        [sys.executable, "-m", module, *words],
        cwd=PROJECT,
        env={"THRESHOLD_MODE": "demo", "PYTHONUNBUFFERED": "1", **os.environ},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    is_late = threading.Event()

    def give_up() -> None:
        is_late.set()
        _end(program)

    watch = threading.Timer(seconds, give_up)
    watch.start()
    try:
        for line in program.stdout or ():
            click.echo(f"  {line.rstrip()}")
            said.append(line)
        program.wait()
    finally:
        watch.cancel()
        _end(program)
    if is_late.is_set():
        raise Failed(f"not done after {seconds:.0f} s: {''.join(said)[-200:]}")
    if program.returncode:
        raise Failed("".join(said)[-400:])
    return "".join(said)


def _end(program: subprocess.Popen[str]) -> None:
    """The program and all that it has started, if anything of it still runs."""
    with suppress(ProcessLookupError):
        os.killpg(program.pid, signal.SIGKILL)
    program.wait()


def posting(database: str, posts: int, seconds: float) -> Iterator[Row]:
    """Eight writers at once; `database` is empty for SQLite."""
    words = ["--posts", str(posts)] + (["--database", database] if database else [])
    said = said_by("benchmarks.posting", *words, seconds=seconds)
    found = json.loads(said[said.index("{") : said.rindex("}") + 1])
    aims = (
        found["errors"] == found["lost"] == found["double"] == 0,
        found["posts a second"] >= POSTS_A_SECOND,
        found["p99 ms"] <= POST_MS,
        found["CPU ms a post"] <= POST_CPU_MS,
    )
    yield other(
        f"{found['clients']} writers on {found['database']}, {found['posts']:,} comments",
        f"{found['posts a second']} a second, p50 {found['p50 ms']}, p99 {found['p99 ms']} ms, "
        f"{found['CPU ms a post']} ms of CPU each; {found['errors']} errors, "
        f"{found['lost']} lost, {found['double']} double",
        f"one row with a durable commit: {found['floor, commits a second']} a second (SQLite)",
        f"{POSTS_A_SECOND} a second, p99 {POST_MS} ms, {POST_CPU_MS} ms of CPU, no error",
        met=all(aims),
    )


def matching(texts: int, seconds: float) -> Iterator[Row]:
    """The search for what answers already, on SQLite, by words and made-up meaning; the time of
    the program itself counts, which others on the machine do not lengthen."""
    said = said_by("benchmarks.matching", "--speed", str(texts), seconds=seconds)
    rows = (line.split() for line in said.splitlines())
    found = next((row for row in rows if row[:2] == [str(texts), "sqlite"]), None)
    if found is None:
        raise Failed(f"no line for {texts} texts: {said[-200:]}")
    half, p95, work = map(float, found[2:5])
    most = MATCHING_MS.get(texts, max(MATCHING_MS.values()))
    yield other(
        f"suggestions among {texts:,} texts",
        f"p50 {half:.0f}, p95 {p95:.0f} ms by the clock; p95 {work:.0f} ms of its own time",
        "",
        f"p95 {most} ms of its own time",
        met=work <= most,
    )


def with_data(data: Path | None, seconds: float) -> Iterator[Row]:
    """How well: needs sets of labelled texts, in `spam` and `matching` below the folder."""
    for module, name in (("benchmarks.screening", "spam"), ("benchmarks.matching", "matching")):
        if data is None or not (data / name).is_dir():
            yield other(f"{module}, how well", "left out: no data given", "", "see below")
            continue
        more = ["--no-speed"] if name == "matching" else []
        try:
            said = said_by(module, "--data", str(data / name), *more, seconds=seconds)
        except Failed as wrong:
            yield failure(f"{module}, how well", str(wrong))
        else:
            yield other(f"{module}, how well", _last_line(said), "", "see below")


def growth(folder: Path, sizes: list[int], rounds: int, seconds: float) -> Iterator[Row]:
    """How CPU grows from one number of comments to another, on PostgreSQL."""
    words = ["--folder", str(folder), "--rounds", str(rounds), "--sizes", *map(str, sizes)]
    said = said_by("benchmarks.growth", *words, seconds=seconds)
    found = GREW.findall(said)
    if not found:
        raise Failed(f"no growth was told: {said[-200:]}")
    for name, times in found:
        yield other(
            f"growth, {name.strip()}",
            f"{times} x",
            f"from {sizes[0]:,} to {sizes[-1]:,} comments, PostgreSQL",
            f"{MOST_GROWTH} x",
            met=float(times) <= MOST_GROWTH,
        )


def _last_line(said: str) -> str:
    return next((one.strip() for one in reversed(said.splitlines()) if one.strip()), "")
