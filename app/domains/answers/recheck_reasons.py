"""Why an answer must be looked at again: kept as an English sentence, by which a mark is found that
is to be lifted, and said in the language of whoever reads it."""

from __future__ import annotations

import re
from datetime import datetime

from app.engines.said import Said, says, values_in
from app.infra import days

CHANGED = says("“%(title)s” was changed.")
MOVED = says("“%(title)s” was moved to another address.")
GONE = says("“%(title)s” was taken away.")
OFFLINE = says("“%(title)s” was taken offline.")
DEAD = says("The address of “%(title)s” has been dead since %(day)s.")
_DAY = re.compile(rf"(\d{{1,2}}) ({'|'.join(days.MONTHS)}) (\d{{4}})")


def of(what: Said, title: str) -> str:
    """What happened to the article or resource of this title, as it is kept."""
    return str(Said(what.text, {"title": title}))


def dead_since(title: str, at: datetime) -> str:
    """The same of a resource whose address has been dead since then."""
    day = f"{at.day} {days.MONTHS[at.month - 1]} {at.year}"
    return str(Said(DEAD.text, {"title": title, "day": day}))


def said(kept: str) -> Said:
    """A reason as it was kept, with its values apart; one that was cut for its length stays as it
    stands."""
    for what in (CHANGED, MOVED, GONE, OFFLINE, DEAD):
        values = values_in(what.text, kept)
        if values is not None:
            return Said(what.text, {name: _day(one) for name, one in values.items()})
    return Said(kept)


def _day(text: str) -> str:
    """A day by its name in the language that is spoken; any other words as they are."""
    day = _DAY.fullmatch(text)
    if day is None:
        return text
    number, month, year = day.groups()
    return days.named(int(year), days.MONTHS.index(month) + 1, int(number))
