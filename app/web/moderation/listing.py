"""Looking: the lists of the desk, whole or in part. One text with all of it is in `views`."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import abort, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domains.moderation import reasons, services
from app.domains.moderation.people import senders
from app.domains.moderation.queue import counting, lanes, naming, narrowing, queries, wishes
from app.domains.moderation.queue.queries import Page, Seat
from app.domains.moderation.queue.wishes import Wish
from app.domains.moderation.reported import reporting
from app.domains.moderation.states import Lane
from app.domains.tags import queries as tags
from app.engines.spam.checks import BY_NAME
from app.infra import clock
from app.infra.paging import EPOCH
from app.web.accounts.session import member
from app.web.moderation import bar, blueprint
from app.web.moderation.wording import (
    AGES,
    KIND_LABELS,
    LANE_LABELS,
    ORDER_LABELS,
    STATE_LABELS,
    check_title,
    chips,
    nothing_here,
)
from app.web.numbers import whole_number
from app.web.suggested import suggested

BESIDE_THE_WISH = {"after", "entry", "fragment", "since"}
MOST_DIGITS = 12
SHEETS = 5
"""With how many texts of a first page all comes that is known of them; the script asks for the rest
of it at once. What it adds to a list later comes whole: a key must never wait for a text."""
MOST_SHEETS = 20
OVERLAP_SECONDS = 30
"""What was written before a page was drawn may be seen only after it: a transaction takes time."""


@blueprint.get("/")
def queue() -> ResponseReturnValue:
    """A list of the desk. `fragment` draws its rows alone, from the place `after`, or those that
    came into the list `since` a time."""
    wish = asked()
    given = {name: text for name, text in request.args.items() if name not in BESIDE_THE_WISH}
    if given != wish.written:
        return redirect(address_of(wish))
    seat = seat_here()
    if "fragment" in request.args:
        return _rows(wish, seat)
    page = queries.queue(wish, seat=seat, after=_place(wish, seat))
    side = counting.side_column(seat)
    g.waiting = side.counts[Lane.WAITING]
    return render_template(
        "moderation/queue.html",
        **_about(wish, page, sheets=SHEETS),
        counts=side.counts,
        views=side.views,
        chips=chips(wish, naming.names(wish)),
        total=counting.count(wish, seat) if wish.filters else side.counts.get(wish.lane),
        nothing=nothing_here(wish),
        cut_at=narrowing.HITS if narrowing.stops_at_hits(wish) else None,
        undoable=bar.shown(),
        since=int(clock.now().timestamp()) - OVERLAP_SECONDS,
    )


@blueprint.get("/items/<int(max=2147483647):comment_id>")
def one(comment_id: int) -> ResponseReturnValue:
    """One text as a row of the list it is looked at from, for the script."""
    page = queries.these([comment_id], seat=seat_here())
    if not page.items:
        abort(404)
    return render_template("moderation/_items.html", **_about(asked(), page, sheets=1))


@blueprint.get("/items")
def sheets() -> ResponseReturnValue:
    """The texts with these ids (`id`, twenty at most) as rows with all that is known of them, for
    the script; those that are not there are left out."""
    wanted = [whole_number(given) for given in request.args.getlist("id")[:MOST_SHEETS]]
    page = queries.these([number for number in wanted if number], seat=seat_here())
    return render_template("moderation/_items.html", **_about(asked(), page, sheets=MOST_SHEETS))


@blueprint.get("/filters")
def filters() -> ResponseReturnValue:
    """All filters of a list as a form."""
    return render_template(
        "moderation/filters.html",
        wish=asked(),
        articles=naming.articles_to_choose(seat_here()),
        tags=tags.tag_choices(),
        lanes=LANE_LABELS,
        orders=ORDER_LABELS,
        kinds=KIND_LABELS,
        states=STATE_LABELS,
        ages=AGES,
        checks=[(name, check_title(name)) for name in BY_NAME],
    )


def asked() -> Wish:
    """The list that the address asks for."""
    return wishes.read(request.args.to_dict())


def address_of(wish: Wish, **others: str) -> str:
    """The address of a list."""
    values: dict[str, Any] = {**wish.written, **others}
    return url_for("moderation.queue", **values)


def seat_here() -> Seat:
    """Who looks, and what they are limited to."""
    return queries.seat_of(member())


def _rows(wish: Wish, seat: Seat) -> str:
    seconds = whole_number(request.args.get("since", ""), MOST_DIGITS)
    if seconds is None:
        page = queries.queue(wish, seat=seat, after=_place(wish, seat))
    else:
        since = EPOCH + timedelta(seconds=min(seconds, 2**32))
        new = queries.arrived(wish, seat=seat, since=since, size=queries.ITEMS_A_PAGE)
        page = queries.these(new, seat=seat)
    return render_template("moderation/_items.html", **_about(wish, page, sheets=MOST_SHEETS))


def _about(wish: Wish, page: Page, *, sheets: int) -> dict[str, object]:
    """What the rows of a list are drawn from, and so many sheets of the first of them."""
    whole = page.items[:sheets]
    told = [item for item in whole if item.reported_at]
    tag_ids = {item.id: item.tag_ids for item in whole}
    more = {"after": str(page.more)} if page.more else None
    return {
        "wish": wish,
        "lane": str(wish.lane),
        "here": address_of(wish),
        "items": page.items,
        "more": address_of(wish, **more) if more else None,
        "senders": senders.sender_records(whole) if whole else {},
        "suggestions": suggested(whole, tag_ids),
        "reports": reporting.open_about(told) if told else {},
        "reasons": reasons.listed() if whole else (),
        "verbs_for": services.verbs_for,
    }


def _place(wish: Wish, seat: Seat) -> lanes.Place | None:
    return lanes.place(request.args.get("after", ""), lanes.runs(wish, seat.account_id))
