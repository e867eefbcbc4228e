"""What stands where a name was: the stored fact is English, and it is said to whoever looks."""

from __future__ import annotations

from sqlalchemy import Dialect, String
from sqlalchemy.types import TypeDecorator

from app.infra.language import sentence

NOBODY = "a reader"
_SAID = sentence("a reader")


class PersonName(TypeDecorator[str]):
    """The name that somebody had when they wrote or did something. Where it was erased, what is
    read shows in the language of its moment, and is NOBODY to the program."""

    impl = String
    cache_ok = True

    def process_result_value(self, value: str | None, _dialect: Dialect) -> str | None:
        return _SAID if value == NOBODY else value
