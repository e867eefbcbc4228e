"""Threads and questions as everyone sees them: published texts in the order they are drawn in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

from app.domains.comments.bones import BEGINNING, Bone, Heads, bones_of, count
from app.domains.comments.faces import Shown, faces_of
from app.domains.comments.models import Comment
from app.domains.comments.queries import View
from app.engines.thread import Line, PageBounds, build, lines, page_bounds
from app.infra.paging import FIRST, Wanted, Ways, page_by

THREADS_A_PAGE = 25
LINES_ON_ARTICLE = 75
"""Of all threads on one page together: long threads give way first, so that a page costs about the
same whether an article has fifty comments or a thousand."""
REPLIES_SHOWN = 40
"""Of one thread on the article's page; the rest is a link away, so no page grows without end."""
LINES_A_PAGE = 100
MOST_AT_ONCE = 1_000
"""Comments that one page shows, for those who ask for all of them."""


class Room(NamedTuple):
    """What a page holds at most: threads, lines of one of them, lines of all."""

    threads: int
    lines_of_one: int
    lines: int


_OF_A_PAGE = Room(THREADS_A_PAGE, REPLIES_SHOWN + 1, LINES_ON_ARTICLE)
_FOR_ALL = Room(MOST_AT_ONCE, 2 * MOST_AT_ONCE, 2 * MOST_AT_ONCE)
"""Lines stand for removed comments too, so there may be more of them."""


class ReplyTo(NamedTuple):
    """The parent that the indentation no longer shows; `name` is None where nobody may read it."""

    id: int
    name: str | None


class ShownLine(NamedTuple):
    """One line of a drawn thread; `row` is None where a comment stood that nobody may read."""

    id: int
    row: Shown | None
    depth: int
    in_reply_to: ReplyTo | None
    descendants: int


@dataclass(frozen=True, slots=True)
class DrawnThread:
    """One thread as the lines to draw, and how many of its comments are left for another page;
    `length` is how many lines it has in all. One that `stands` is as the caller has it."""

    id: int
    lines: Sequence[ShownLine]
    left_out: int
    length: int
    stands: bool = False


class Kept(NamedTuple):
    """A thread that a caller has from before: its lines in all and those that were shown, and how
    many comments were left out."""

    lines: int
    shown: int
    left_out: int


NOTHING: Mapping[int, Kept] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class ThreadPage:
    """`comment_count` is that of the whole article, counted to COUNTED. `is_whole`: all threads of
    the view stand here with all of their comments, since that was asked for."""

    threads: Sequence[DrawnThread]
    ways: Ways
    view: View
    comment_count: int
    is_whole: bool = False

    @property
    def is_part(self) -> bool:
        """Whether more can be read than stands here."""
        return self.ways != Ways() or any(one.left_out for one in self.threads)


def published_thread(
    article_id: int,
    *,
    view: View,
    wanted: Wanted = FIRST,
    whole: bool = False,
    kept: Mapping[int, Kept] = NOTHING,
) -> ThreadPage:
    """A page of an article's threads, 25 at most, each with as many of its first replies as there
    is room for: forty where it stands alone. It costs the same wherever it begins.

    `whole` asks for all of them on one page, which is the first page still where the article has
    more than MOST_AT_ONCE comments; it costs a query more. Of threads that are `kept`, by id, as
    they still are, nothing is read: they stand here without lines, unless they are cut otherwise
    now."""
    is_whole = whole and count(article_id) <= MOST_AT_ONCE
    room = _FOR_ALL if is_whole else _OF_A_PAGE
    reading = Heads(article_id, view, with_bones=not kept)
    heads, ways = page_by(
        reading.read,
        BEGINNING,
        FIRST if whole else wanted,
        size=room.threads,
        newest_first=view != View.OLDEST,
    )
    ids = [head.id for head in heads]
    changed = [one for one in ids if one not in kept]
    trees = _trees(changed, bones_of(changed) if kept else reading.bones(ids))
    here = {one: kept[one] for one in ids if one in kept}
    still = [one for one in ids if one in here or one in trees]  # read by two statements
    drawn = _drawn_threads(still, trees, here, room)
    return ThreadPage(drawn, ways, view, reading.comment_count, is_whole)


def _trees(thread_ids: Sequence[int], bones: Sequence[Bone]) -> dict[int, list[Line[Bone]]]:
    """All lines of each of these threads."""
    wanted = set(thread_ids)
    return {node.id: lines(node) for node in build(bones) if node.id in wanted}


def _drawn_threads(
    ids: Sequence[int], trees: dict[int, list[Line[Bone]]], kept: dict[int, Kept], room: Room
) -> list[DrawnThread]:
    lengths = [kept[one].lines if one in kept else len(trees[one]) for one in ids]
    share = _fair_share(lengths, room.lines_of_one, room.lines)
    recut = [one for one, known in kept.items() if known.shown != min(known.lines, share)]
    trees |= _trees(recut, bones_of(recut))
    rows = _shown([line for own in trees.values() for line in own[:share]])
    return [
        _thread(one, trees[one], share, rows)
        if one in trees
        else DrawnThread(one, (), kept[one].left_out, kept[one].lines, stands=True)
        for one in ids
    ]


def _thread(
    thread_id: int, own: Sequence[Line[Bone]], share: int, rows: dict[int, Shown]
) -> DrawnThread:
    shown = [_drawn(line, rows) for line in own[:share]]
    return DrawnThread(thread_id, shown, _comments(own[share:]), len(own))


def _fair_share(lengths: Sequence[int], most: int, together: int) -> int:
    """How many lines each thread may have at most, so that all fit; never fewer than two, which is
    a text and its first answer."""
    share = most
    while share > 2 and sum(min(length, share) for length in lengths) > together:
        share -= 1
    return share


def _comments(part: Sequence[Line[Bone]]) -> int:
    return sum(line.row is not None for line in part)


def published_branch(
    comment: Comment, *, page: int, around: int | None = None
) -> tuple[list[ShownLine], PageBounds]:
    """A comment and all that is published below it, a hundred lines a page.

    `around` asks for the page on which that comment stands, whatever `page` says.
    """
    roots = build(bones_of([comment.thread_id]))
    drawn: list[Line[Bone]] = []
    waiting = list(roots)
    while waiting and not drawn:
        node = waiting.pop()
        if node.id == comment.id:
            drawn = lines(node)
        waiting.extend(node.children)
    if around is not None:
        place = next((at for at, line in enumerate(drawn) if line.node.id == around), 0)
        page = place // LINES_A_PAGE + 1
    bounds = page_bounds(len(drawn), page, LINES_A_PAGE)
    part = drawn[bounds.offset : bounds.offset + bounds.limit]
    rows = _shown(part)
    return [_drawn(line, rows) for line in part], bounds


def _drawn(line: Line[Bone], rows: dict[int, Shown]) -> ShownLine:
    parent = line.in_reply_to
    seen = rows.get(parent.id) if parent is not None else None
    return ShownLine(
        id=line.node.id,
        row=rows.get(line.node.id) if line.row is not None else None,
        depth=line.depth,
        in_reply_to=ReplyTo(parent.id, seen.author_name if seen else None) if parent else None,
        descendants=line.descendants,
    )


def _shown(part: Sequence[Line[Bone]]) -> dict[int, Shown]:
    """The public face of every comment drawn, and of the parents whose names are said."""
    wanted = {line.node.id for line in part if line.row is not None}
    wanted |= {line.in_reply_to.id for line in part if line.in_reply_to is not None}
    return faces_of(wanted)
