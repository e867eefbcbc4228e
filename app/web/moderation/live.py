"""What changes at the desk while somebody looks at it: counts, what came in, what the others have
open and have decided. Told as it happens on a stream, or on request where there is none.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from flask import Flask, Response, abort, current_app, jsonify, request
from flask.typing import ResponseReturnValue

from app.domains.accounts import queries as accounts
from app.domains.moderation.policy import may_moderate
from app.domains.moderation.queue import counting, queries, sections, shared_counts, watching
from app.domains.moderation.queue.queries import Seat
from app.domains.moderation.queue.wishes import Wish
from app.infra import clock
from app.infra.db import db
from app.infra.paging import EPOCH
from app.web.accounts.session import current_secret, member
from app.web.moderation import blueprint
from app.web.moderation.listing import MOST_DIGITS, asked, seat_here
from app.web.numbers import whole_number

MOST_STREAMS = 2
"""At once in a process: each holds one of the server's eight threads. Who comes later is told so
and asks for the counts now and then instead."""
STREAM_SECONDS = 60
LOOK_SECONDS = 1.0
AT_REST = 10
"""Every so many looks all is read even where nothing seems to have changed: what somebody had open
fades by itself."""
RETRY_MILLISECONDS = 1500
GOES_ON_AFTER = timedelta(seconds=STREAM_SECONDS + 30)
"""When the place of a stream is free again even if nobody said that it ended."""


class Places:
    """The places for streams in this process."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._taken: dict[object, datetime] = {}
        self._lock = threading.Lock()

    def take(self) -> object | None:
        """A place, to be given back; None where all are taken."""
        now = clock.now()
        with self._lock:
            self._taken = {key: until for key, until in self._taken.items() if until > now}
            if len(self._taken) >= self._most:
                return None
            key = object()
            self._taken[key] = now + GOES_ON_AFTER
            return key

    def give_back(self, key: object) -> None:
        with self._lock:
            self._taken.pop(key, None)


places = Places(MOST_STREAMS)


@blueprint.get("/counts")
def counts() -> ResponseReturnValue:
    """The same as one message of the stream."""
    told, _entry = look(asked(), seat_here(), _number("since", MOST_DIGITS), _number("entry"))
    return jsonify(told)


@blueprint.get("/live")
def live() -> ResponseReturnValue:
    """Server-sent events, one for every change, for a minute; the browser then asks again. Where
    too many listen already the answer is 204, after which a browser does not ask again."""
    place = places.take()
    if place is None:
        return "", 204
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
    secret = current_secret() or ""
    told = _stream(app, secret, asked(), _number("since", MOST_DIGITS), _number("entry"))
    answer = Response(told, content_type="text/event-stream; charset=utf-8")
    answer.headers["X-Accel-Buffering"] = "no"  # nginx would keep it back until it ends
    answer.call_on_close(lambda: places.give_back(place))
    return answer


@blueprint.post("/<int(max=2147483647):comment_id>/open")
def open_item(comment_id: int) -> ResponseReturnValue:
    """Let the others see who has this text open."""
    if not queries.exists(comment_id) or not sections.of_these(member(), [comment_id]):
        abort(404)
    watching.open_item(comment_id, member())
    return "", 204


def look(
    wish: Wish, seat: Seat, since: int | None, entry: int | None
) -> tuple[dict[str, Any], int]:
    """What to tell, and the number of the newest entry of the record that it speaks of."""
    acts: list[watching.Act] = []
    if entry is None:
        newest = watching.newest_act()
    else:
        acts, newest = watching.acts_since(entry, seat)
    numbers = shared_counts.lane_counts(seat)
    told: dict[str, Any] = {
        "lanes": {lane: counting.shown(number) for lane, number in numbers.items()},
        "open": watching.opened_by(watching.colleagues(seat)),
        "acts": [[act.comment_id, act.act, act.by] for act in acts],
        "entry": newest,
        "new": [],
    }
    if since is not None:
        moment = EPOCH + timedelta(seconds=min(since, 2**32))
        told["new"] = queries.arrived(wish, seat=seat, since=moment)
    return told, newest


def _stream(
    app: Flask, secret: str, wish: Wish, since: int | None, entry: int | None
) -> Iterator[str]:
    """The events. Every look has a database session of its own, over before anything is sent; so
    nothing is held while the stream waits, and who may not look any more is told nothing."""
    last, beat = "", None
    yield f"retry: {RETRY_MILLISECONDS}\n\n"
    for number in range(int(STREAM_SECONDS / LOOK_SECONDS)):
        if number:
            time.sleep(LOOK_SECONDS)
        with app.app_context():
            before, beat = beat, watching.pulse()
            if beat == before and number % AT_REST:
                now = last
            else:
                found = accounts.find_session(secret)
                if found is None or not may_moderate(found.account):
                    return
                told, entry = look(wish, queries.seat_of(found.account), since, entry)
                now = json.dumps(told)
            db.session.rollback()
        # A line that says nothing finds out whether anybody still listens.
        yield ":\n\n" if now == last else f"data: {now}\n\n"
        last = now


def _number(name: str, most_digits: int = 9) -> int | None:
    return whole_number(request.args.get(name, ""), most_digits)
