"""Threads as lines to draw one after the other: where a list of replies opens behind a remark, and
where it ends."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from functools import cache

from markupsafe import Markup

from app.domains.comments.faces import CardAnswer
from app.domains.comments.threads import ShownLine
from app.web.questions.remarks import Pen

_OPENED = Markup('<li><ol class="branch">')
_LIST_END, _LINE_END = Markup("</ol>"), Markup("</li>")

Drawn = tuple[int, Markup | None, tuple[CardAnswer, ...], int | None, Markup]
"""A line: its id, its remark where one may be read, the cards inside it, how many stand in its list
of replies where it has one, and what ends it."""


class ThreadPen(Pen):
    """Draws the lines of threads."""

    def opened(self, lines: Sequence[ShownLine]) -> Markup:
        """The lists that stand open where these lines begin: a page of a long thread may begin
        deep inside it."""
        return _OPENED * (lines[0].depth - _shallowest(lines))

    def said_in(
        self, lines: Sequence[ShownLine], above: Collection[CardAnswer] = ()
    ) -> Iterator[Drawn]:
        """These lines drawn, but for the cards in them; `above` are cards that stand over them."""
        origins = _origins(lines, above)
        first = _shallowest(lines)
        following = [line.depth for line in lines[1:]] + [first]
        for (number, row, depth, reply_to, below), then in zip(lines, following, strict=True):
            cards = row.cards if row else ()
            said = self.say(row, reply_to, number in origins) if row else None
            inside = below + len(cards) if then > depth or cards else None
            yield number, said, cards, inside, _closed(depth - then, has_list=bool(cards))


def _origins(lines: Sequence[ShownLine], above: Collection[CardAnswer]) -> frozenset[int]:
    """The replies that became one of the cards in this thread, or `above` it."""
    cards = [one.card for one in above]
    cards += [one.card for line in lines if line.row for one in line.row.cards]
    return frozenset(card.origin_id for card in cards if card.origin_id is not None)


def _shallowest(lines: Sequence[ShownLine]) -> int:
    return min(line.depth for line in lines)


@cache
def _closed(up: int, *, has_list: bool) -> Markup:
    """What ends a line before one that stands `up` levels higher; below 0 it stands inside it."""
    if up < 0:
        return Markup()
    return (_LIST_END if has_list else Markup()) + _LINE_END + (_LIST_END + _LINE_END) * up
