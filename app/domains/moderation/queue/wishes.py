"""What a moderator asks of the desk: a lane, an order, filters. An address says it, and so does a
saved view; whatever else stands there is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlencode

from app.domains.comments.states import Kind, Status
from app.domains.moderation.states import Lane, Order
from app.engines.text.query_words import query_words, readable

ORDERS: dict[Lane, tuple[Order, ...]] = {
    Lane.WAITING: (Order.OLDEST, Order.NEWEST, Order.PEOPLE, Order.CERTAIN),
    Lane.RED_FLAG: (Order.OLDEST, Order.NEWEST),
    Lane.REPORTED: (Order.OLDEST, Order.NEWEST),
    Lane.HELD: (Order.OLDEST,),
    Lane.RECHECK: (Order.OLDEST, Order.NEWEST),
    Lane.SPAM: (Order.NEWEST, Order.OLDEST),
    Lane.DECIDED: (Order.NEWEST, Order.OLDEST),
}
"""Each lane's own order comes first; each of them has an index."""

STATES = (Status.APPROVED, Status.REJECTED, Status.DELETED, Status.WITHDRAWN)
"""What the decided lane can be narrowed to; the first three were lanes once, and their addresses
are still good."""
REASON_LENGTH = 60
FILTERS = (
    *("article", "tag", "account", "address", "reason", "language"),
    *("older", "younger", "kind", "state", "q"),
)
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z]{2,4})?")
_AGE = re.compile(r"([1-9][0-9]{0,3})([hd])")
_NUMBER = re.compile(r"[1-9][0-9]{0,8}")
Choice = TypeVar("Choice", Kind, Lane, Order, Status)


@dataclass(frozen=True, slots=True)
class Wish:
    """Its names are those of the address. `article`, `tag`, `account` and `address` are ids;
    `reason` is the name of a check; `older` and `younger` are hours; `q` is what was typed to
    search for."""

    lane: Lane = Lane.WAITING
    order: Order | None = None
    article: int | None = None
    tag: int | None = None
    account: int | None = None
    address: int | None = None
    reason: str = ""
    language: str = ""
    older: int | None = None
    younger: int | None = None
    kind: Kind | None = None
    state: Status | None = None
    q: str = ""

    @property
    def orders(self) -> tuple[Order, ...]:
        """The orders this list can be read in, its own first."""
        return ORDERS[self.lane]

    @property
    def read_in(self) -> Order:
        """The order it is read in."""
        return self.order or self.orders[0]

    @property
    def filters(self) -> tuple[str, ...]:
        """The names of the filters that narrow the lane."""
        return tuple(name for name in FILTERS if getattr(self, name))

    @property
    def written(self) -> dict[str, str]:
        """As it stands in an address and in a saved view: nothing that goes without saying."""
        found = {}
        for name in NAMES:
            value = getattr(self, name)
            if value and not (name == "lane" and value == Lane.WAITING):
                found[name] = age(value) if name in ("older", "younger") else str(value)
        return found

    @property
    def query(self) -> str:
        """The same as the query of an address."""
        return urlencode(self.written)

    def but(self, **changes: Any) -> Wish:
        """The same wish with something else in it: `but(tag=None)`."""
        return read(replace(self, **changes).written)


NAMES = tuple(field.name for field in fields(Wish))


def read(written: Mapping[str, Any]) -> Wish:
    """The wish that these fields say; a field that makes no sense says nothing."""
    fields = {name: value for name, value in written.items() if isinstance(value, str)}
    lane = _choice(Lane, fields.get("lane"))
    state = _choice(Status, fields.get("state"))
    former = _choice(Status, fields.get("lane")) if lane is None else None
    if former in STATES:
        lane, state = Lane.DECIDED, former
    lane = lane or Lane.WAITING
    order = _choice(Order, fields.get("order"))
    return Wish(
        lane=lane,
        order=order if order in ORDERS[lane][1:] else None,
        article=_number(fields.get("article")),
        tag=_number(fields.get("tag")),
        account=_number(fields.get("account")),
        address=_number(fields.get("address")),
        reason=readable(fields.get("reason", ""))[:REASON_LENGTH].strip(),
        language=_language(fields.get("language")),
        older=_hours(fields.get("older")),
        younger=_hours(fields.get("younger")),
        kind=_choice(Kind, fields.get("kind")),
        state=state if lane == Lane.DECIDED and state in STATES else None,
        q=_words(fields.get("q", "")),
    )


def from_query(query: str) -> Wish:
    """The wish that the query of an address says."""
    return read(dict(parse_qsl(query, max_num_fields=None)))


def age(hours: int) -> str:
    """As an address says it: `36h`, `2d`."""
    return f"{hours // 24}d" if hours % 24 == 0 else f"{hours}h"


def _choice(kind: type[Choice], text: str | None) -> Choice | None:
    return kind(text) if text in set(kind) else None


def _number(text: str | None) -> int | None:
    return int(text) if text is not None and _NUMBER.fullmatch(text) else None


def _hours(text: str | None) -> int | None:
    found = _AGE.fullmatch(text or "")
    if found is None:
        return None
    return int(found[1]) * (24 if found[2] == "d" else 1)


def _language(text: str | None) -> str:
    text = (text or "").strip().lower()
    return text if _LANGUAGE.fullmatch(text) else ""


def _words(text: str) -> str:
    return readable(text) if query_words(text) else ""
