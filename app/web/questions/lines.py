"""Threads as lines to draw one after the other: where a list of replies opens behind a remark, and
where it ends."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from functools import cache

from markupsafe import Markup

from app.domains.comments.faces import CardAnswer
from app.domains.comments.threads import ShownLine
from app.web.questions.remarks import Pen

_OPENED = Markup('<li><ol class="branch">')
_LIST_END, _LINE_END = Markup("</ol>"), Markup("</li>")

Drawn = tuple[Markup, tuple[CardAnswer, ...], Markup]
"""Lines in a row, the cards that stand inside the last of them, and what ends that one."""


class ThreadPen(Pen):
    """Draws the lines of threads."""

    def opened(self, lines: Sequence[ShownLine]) -> Markup:
        """The lists that stand open where these lines begin: a page of a long thread may begin
        deep inside it."""
        return _OPENED * (lines[0].depth - _shallowest(lines))

    def said_in(
        self,
        lines: Sequence[ShownLine],
        gone: Callable[[int], Markup],
        above: Collection[CardAnswer] = (),
    ) -> Iterator[Drawn]:
        """These lines drawn, but for the cards in them, joined from one with cards to the next.
        `gone` draws what stands for a text that nobody may read; `above` are cards that stand over
        these lines."""
        origins = _origins(lines, above)
        first = _shallowest(lines)
        following = [line.depth for line in lines[1:]] + [first]
        drawn: list[str] = []
        for (number, row, depth, reply_to, below), then in zip(lines, following, strict=True):
            cards = row.cards if row else ()
            drawn += "<li>", self.say(row, reply_to, number in origins) if row else gone(number)
            if then > depth or cards:
                drawn.append(f'<ol class="branch" data-count="{below + len(cards)}">')
            closed = _closed(depth - then, has_list=bool(cards))
            if cards:
                yield _joined(drawn), cards, closed
                drawn.clear()
            else:
                drawn.append(closed)
        yield _joined(drawn), (), Markup()


def _joined(drawn: Sequence[str]) -> Markup:
    return Markup("".join(drawn))  # noqa: S704  (drawn by our own templates, and the lists here)


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
