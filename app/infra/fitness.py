"""What a program needs around it to serve: each check says what is wrong in a sentence, or None.

The sentences are for anybody who may ask: no path, no address, no name of a person or a machine.
"""

from __future__ import annotations

import logging
import shutil
import tempfile

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.config import Settings
from app.infra import schema
from app.infra.db import db

logger = logging.getLogger(__name__)
MEBIBYTE = 1024 * 1024


def problems(settings: Settings) -> dict[str, str | None]:
    """Each thing that is needed, with what is wrong with it."""
    database = database_problem()
    return {
        "database": database,
        "schema": schema_problem() if database is None else "is not known",
        "disk": disk_problem(settings),
        "folder": folder_problem(settings),
    }


def database_problem() -> str | None:
    try:
        with db.engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    except SQLAlchemyError as wrong:
        logger.warning("the database does not answer: %s", wrong)
        return "does not answer"
    return None


def schema_problem() -> str | None:
    """A newer schema is none, unless a migration says so: an older release goes on serving while a
    new one is rolled out."""
    try:
        found = schema.found()
        is_newer = found is not None and found not in schema.known()
        floor = schema.floor_above() if is_newer else None
    except SQLAlchemyError as wrong:
        logger.warning("the schema cannot be read: %s", wrong)
        return "cannot be read"
    if found is None:
        return "has no tables yet"
    if found in schema.known() and found != schema.wanted():
        return "is older than the program"
    return "is too new for the program" if floor is not None else None


def disk_problem(settings: Settings) -> str | None:
    try:
        free = shutil.disk_usage(settings.instance_folder).free
    except OSError as wrong:
        logger.warning("the disk cannot be looked at: %s", wrong)
        return "cannot be looked at"
    return "is nearly full" if free < settings.disk_least_mb * MEBIBYTE else None


def folder_problem(settings: Settings) -> str | None:
    try:
        with tempfile.TemporaryFile(dir=settings.instance_folder) as file:
            file.write(b"a")
    except OSError as wrong:
        logger.warning("the instance folder takes no file: %s", wrong)
        return "takes no file"
    return None
