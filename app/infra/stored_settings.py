"""Settings that an admin changes in the browser: one row a name, each change in the record.

What a value may hold is the business of the domain that reads it; here it is JSON.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String, select
from sqlalchemy.orm import Mapped, mapped_column

from app.infra import audit, clock
from app.infra.db import Model, UtcDateTime, begin_mode, db, rows_of
from app.infra.kept.facts import kept_facts
from app.infra.kept.known import known
from app.infra.language import sentence
from app.infra.lately import Lately
from app.infra.refusal import Refusal


class ChangedMeanwhile(Refusal):
    public = sentence(
        "Somebody else changed these settings meanwhile. Reload the page and look again."
    )
    status = 409


class StoredSetting(Model):
    """`version` counts the changes, from 1."""

    __tablename__ = "stored_setting"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[dict[str, Any]] = mapped_column(JSON)
    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)


Kept = tuple[dict[str, Any] | None, int]
_all_of_them: Lately[dict[str, Kept]] = Lately()
_KNOWN = "stored settings"
_WRITER = "transaction that changes settings"


def read(name: str) -> Kept:
    """A setting's value and version; None and 0 where nobody has set it yet. All of them, which
    are few, are read together and kept for a second, for a page that is drawn for everybody as long
    as the site's version stands; whoever writes reads what is true now."""
    session = db.session()
    writer, is_writing = session.info.get(_WRITER), begin_mode.get() != "DEFERRED"
    if is_writing or (writer is not None and writer is session.get_transaction()):
        return known("settings", _now).get(name, (None, 0))
    facts = kept_facts()
    if facts is None:
        return _all_of_them.get("", _now).get(name, (None, 0))
    if _KNOWN not in facts:
        facts[_KNOWN] = _now()  # what is a second old may be older than this version
    found: Kept = facts[_KNOWN].get(name, (None, 0))
    return found


def _now() -> dict[str, Kept]:
    found = rows_of(select(StoredSetting.name, StoredSetting.value, StoredSetting.version))
    return {row.name: (row.value, row.version) for row in found}


def write(name: str, value: dict[str, Any], *, seen: int, by: audit.Person) -> None:
    """Change a setting from the version that was seen (0: never set), with its row in the record.

    Raises ChangedMeanwhile when it has another version by now.
    """
    row = db.session.get(StoredSetting, name, with_for_update=True, populate_existing=True)
    if (row.version if row else 0) != seen:
        raise ChangedMeanwhile
    before = row.value if row else None
    if row is None:
        db.session.add(StoredSetting(name=name, value=value))
    else:
        row.value, row.version, row.changed_at = value, seen + 1, clock.now()
    db.session.flush()
    db.session.info[_WRITER] = db.session().get_transaction()
    audit.write(f"change {name}", "setting", 0, by=by, detail={"before": before, "after": value})
