"""The record of privileged acts: pages that look back through it, and the whole as a file."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from flask import Flask, Response, abort, current_app, render_template, request
from flask.typing import ResponseReturnValue

from app.domains.accounts.models import Account
from app.domains.answers import recheck_reasons
from app.domains.comments import first_reasons, traces
from app.domains.moderation.acts import elsewhere, record, record_words, undoing
from app.domains.moderation.acts.record import RecordPage, Wish
from app.engines.tables import csv_lines
from app.engines.text.names import without_accents
from app.infra import clock
from app.infra.audit import AuditEntry
from app.infra.db import db
from app.infra.language import _, grouped
from app.infra.saying import say
from app.web.accounts.session import member
from app.web.filters import exactly, iso
from app.web.moderation import blueprint
from app.web.numbers import whole_number

LONGEST = 100
ROWS_A_PART = 1_000
MOST_LISTED = 50
"""Of a long list in an entry; the exported record has all of it."""
TIMES = traces.TIMES | {"at", "until"}
"""What is stored of them is a moment in UTC."""
EMPTY: tuple[object, ...] = (None, "", [], {})
COLUMNS = (
    "id",
    "at",
    "who",
    "act",
    "subject",
    "subject_id",
    "from",
    "to",
    "why",
    "batch",
    "network",
    "detail",
)


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that an act changed, in words; `before` is None where only `after` is known."""

    name: str
    before: str | None
    after: str


@blueprint.get("/log")
def log() -> ResponseReturnValue:
    filters = _filters()
    reader = member()
    before = whole_number(request.args.get("before", ""))
    acts, subjects = record.known_words()
    others = {*record_words.ACTS, filters.get("act", "")} - {*acts, ""}
    found = record.page(_wish(filters), reader=reader, before=before)
    return render_template(
        "moderation/log.html",
        found=found,
        filters=filters,
        acts=[_choices(acts, record_words.act), _choices(others, record_words.act)],
        subjects=_choices(subjects, record_words.subject),
        sought=_sought(filters),
        said=record_words,
        reader=reader,
        undoable=undoing.undoable(found.entries) | elsewhere.undoable(found.entries, reader),
        changes=changes,
    )


def _choices(names: Iterable[str], say: Callable[[str], str]) -> list[tuple[str, str]]:
    """What is stored and how it is said, in the order of what is said: Ä stands with A."""
    said = ((name, say(name)) for name in names)
    return sorted(said, key=lambda one: without_accents(one[1].casefold()))


def _sought(filters: Mapping[str, str]) -> list[str]:
    """The filters as they are said."""
    say = {"act": record_words.act, "subject": record_words.subject}
    return [say.get(name, str)(typed) for name, typed in filters.items()]


@blueprint.get("/log/export/<any(csv, jsonl):form>")
def export_log(form: str) -> ResponseReturnValue:
    """All that the filters let through, as a file, sent in parts while it is read."""
    admin = member()
    if not admin.is_admin:
        abort(403)
    write = WRITERS[form]
    app = cast("Any", current_app)._get_current_object()  # noqa: SLF001  (the documented way)
    answer = Response(_parts(app, _wish(_filters()), admin.id, write), mimetype=MIMETYPES[form])
    name = f"record-{clock.now():%Y-%m-%d}.{form}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _parts(
    app: Flask, wish: Wish, reader_id: int, write: Callable[[Sequence[list[object]]], str]
) -> Iterator[str]:
    """The file, piece by piece. No transaction stays open while the other side reads."""
    yield write([])
    before: int | None = None
    while True:
        with app.app_context():
            part = _read(wish, reader_id, before)
            text = write([_row(entry) for entry in part.entries]) if part.entries else ""
        if text:
            yield text
        if part.before is None:
            return
        before = part.before


def _read(wish: Wish, reader_id: int, before: int | None) -> RecordPage:
    reader = db.session.get_one(Account, reader_id)
    return record.page(wish, reader=reader, before=before, size=ROWS_A_PART)


def _row(entry: AuditEntry) -> list[object]:
    return [
        entry.id,
        iso(entry.at),
        entry.actor_name,
        entry.act,
        entry.subject,
        entry.subject_id,
        entry.from_state or "",
        entry.to_state or "",
        entry.reason,
        entry.batch or "",
        entry.network,
        entry.detail,
    ]


def _as_csv(rows: Sequence[list[object]]) -> str:
    """The heading where there are no rows yet."""
    if not rows:
        return csv_lines([COLUMNS])
    return csv_lines([*row[:-1], json.dumps(row[-1], ensure_ascii=False)] for row in rows)


def _as_json_lines(rows: Sequence[list[object]]) -> str:
    objects = (dict(zip(COLUMNS, row, strict=True)) for row in rows)
    return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in objects)


WRITERS: Mapping[str, Callable[[Sequence[list[object]]], str]] = {
    "csv": _as_csv,
    "jsonl": _as_json_lines,
}
MIMETYPES = {"csv": "text/csv", "jsonl": "application/jsonl"}


def _filters() -> dict[str, str]:
    """What the address asks for, as it may stand in another address; empty parts are left out."""
    names = ("who", "act", "subject", "id", "since", "until", "words", "batch")
    typed = {name: _line(request.args.get(name, "")) for name in names}
    return {name: text for name, text in typed.items() if text}


def _line(typed: str) -> str:
    return "".join(sign for sign in typed if sign.isprintable()).strip()[:LONGEST]


def _wish(filters: Mapping[str, str]) -> Wish:
    return Wish(
        who=record_words.stored_actor(filters.get("who", "")),
        act=filters.get("act", ""),
        subject=filters.get("subject", ""),
        subject_id=whole_number(filters.get("id", "")),
        since=_day(filters.get("since", "")),
        until=_day(filters.get("until", "")),
        words=filters.get("words", ""),
        batch=filters.get("batch", ""),
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def changes(detail: Mapping[str, Any]) -> list[Change]:
    """What stood before and what after, thing by thing, in the language of who looks; what did not
    change is left out, and so is what is kept for nothing but undoing."""
    told_apart = ("before", "after", "kept")
    rest = {name: value for name, value in detail.items() if name not in told_apart}
    said = {name: value for name, value in rest.items() if value not in EMPTY}
    found = [
        Change(record_words.field(one), None, _words(value, one)) for one, value in said.items()
    ]
    if "before" not in detail and "after" not in detail:
        return found
    before, after = detail.get("before"), detail.get("after")
    if not isinstance(before, dict | None) or not isinstance(after, dict | None):
        return [Change("", _words(before), _words(after)), *found]
    old, new = before or {}, after or {}
    names = [name for name in {**old, **new} if old.get(name) != new.get(name)]
    return [
        Change(record_words.field(one), _words(old.get(one), one), _words(new.get(one), one))
        for one in names
    ] + found


def _words(value: object, name: str = "") -> str:
    """A value of the part of a thing that has this name."""
    if value in EMPTY:
        return _("nothing")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        rest = len(value) - MOST_LISTED
        listed = _(", ").join(_words(one) for one in value[:MOST_LISTED])
        if rest <= 0:
            return listed
        return _("%(words)s and %(number)s more", words=listed, number=grouped(rest))
    if isinstance(value, dict):
        named = ((str(part), one) for part, one in value.items())
        return "; ".join(f"{record_words.field(part)}: {_words(one, part)}" for part, one in named)
    return _told(str(value), name)


def _told(text: str, name: str) -> str:
    """A text that is stored: what of it is a word, a sentence or a time of ours is said."""
    if name in record_words.SAID_VALUES:
        return record_words.state(text)
    if name == "verb":
        return record_words.act(text)
    if name in ("reject_reason", "reason"):
        return str(first_reasons.said(text))
    if name == "recheck_reason":
        return say(recheck_reasons.said(text))
    try:
        return exactly(datetime.fromisoformat(text)) if name in TIMES else text
    except ValueError:  # of an earlier version, in another form
        return text
