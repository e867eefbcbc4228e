"""What the program tells its operator.

Modules log by the standard library. In production each event becomes one line of JSON, in the demo
a line to read; either bears the request or the job that it happened in.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import fields
from typing import Any
from urllib.parse import urlsplit

import click
import structlog
from structlog.contextvars import bind_contextvars, clear_contextvars, get_contextvars
from structlog.stdlib import ProcessorFormatter
from structlog.typing import EventDict, Processor

from app.config import Settings
from app.infra.log_lines import TRACE, Mask, as_json, as_words, mask_for, visible


def bind(**facts: Any) -> None:
    """Let every line from here on, in this thread or context, bear these facts, but for None."""
    bind_contextvars(**{name: value for name, value in facts.items() if value is not None})


def unbind() -> None:
    """Forget all of them: the thread goes on to something else."""
    clear_contextvars()


def bound(name: str) -> Any:
    """One of these facts, or None."""
    return get_contextvars().get(name)


def is_json(settings: Settings) -> bool:
    """Whether lines are for machines: in production, unless LOG_FORMAT says otherwise."""
    if settings.log_format == "auto":
        return not settings.is_demo
    return settings.log_format == "json"


def speak(settings: Settings) -> None:
    """Let what the program logs be seen by whoever started it; once is enough."""
    logger = logging.getLogger("app")
    logger.setLevel(logging.INFO)
    if logger.hasHandlers():
        return
    handler = _ToTheScreen()
    handler.setFormatter(formatter(settings))
    logger.addHandler(handler)
    logger.propagate = False  # a library that sets up the root logger would say it all twice
    if not is_json(settings):  # a person at a terminal wants no line for each request
        logging.getLogger("app.infra.http.watching").setLevel(logging.WARNING)


def formatter(settings: Settings) -> logging.Formatter:
    """Standard records as this site's lines."""
    mask = mask_for(_secrets(settings))
    time = "iso" if is_json(settings) else "%H:%M:%S"
    before: Sequence[Processor] = (
        structlog.contextvars.merge_contextvars,
        _add_facts,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt=time, utc=is_json(settings), key="at"),
        structlog.processors.format_exc_info,
    )
    return ProcessorFormatter(
        foreign_pre_chain=before,
        processors=[_to_json(mask) if is_json(settings) else _to_words(mask)],
    )


def _secrets(settings: Settings) -> list[str]:
    """The values that must stand in no line: whole, and the passwords within addresses."""
    found: list[str] = []
    for one in fields(settings):
        value = getattr(settings, one.name)
        if not one.repr:
            found += [value] if isinstance(value, str) else value
    return found + [part for one in found if (part := _password_in(one))]


def _password_in(address: str) -> str | None:
    try:
        return urlsplit(address).password
    except ValueError:  # no address at all
        return None


class _ToTheScreen(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        """A line that cannot be written, on a disk that is full, fails no request and ends no
        worker: what is lost is the line."""
        try:
            click.echo(self.format(record))
        except Exception:  # noqa: BLE001  (as the standard library's own handlers do)
            self.handleError(record)


def _add_facts(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """`logger.info("request", extra={"facts": {…}})`."""
    event.update(getattr(event["_record"], "facts", None) or {})
    return event


def _to_json(mask: Mask) -> Processor:
    def write(_logger: Any, _method: str, event: EventDict) -> str:
        del event["_record"], event["_from_structlog"]
        return as_json(event, mask)

    return write


def _to_words(mask: Mask) -> Processor:
    def write(_logger: Any, _method: str, event: EventDict) -> str:
        record: logging.LogRecord = event.pop("_record")
        at, text = str(event.pop("at")), str(event.pop("event"))
        facts = {
            name: value
            for name, value in event.items()
            if name not in ("level", "logger", "_from_structlog", "request_id")
        }
        if getattr(record, "is_letter", False):  # the demo shows its mails instead of sending them
            return f"{at} " + "\n".join(visible(line) for line in text.splitlines())
        if TRACE in facts or record.levelno >= logging.WARNING:
            facts["request_id"] = event.get("request_id")
        return as_words(at, text, {n: v for n, v in facts.items() if v is not None}, mask)

    return write
