"""Trees of replies, drawn as lists."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engines.thread import Line, Node, build, lines, page_bounds
from app.engines.thread.tree import walk

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Comment:
    id: int
    parent_id: int | None
    root_id: int | None
    created_at: datetime


def comment(
    comment_id: int, parent: int | None = None, root: int | None = None, minute: int | None = None
) -> Comment:
    after = timedelta(minutes=comment_id if minute is None else minute)
    return Comment(comment_id, parent, root, NOON + after)


def drawn(roots: list[Node[Comment]], max_depth: int = 4) -> list[Line[Comment]]:
    return [line for root in roots for line in lines(root, max_depth)]


def sketch(roots: list[Node[Comment]], max_depth: int = 4) -> list[str]:
    """One string a line: a dot for each level, the id, in brackets where it may not be seen."""
    return [
        "." * line.depth + (str(line.node.id) if line.row else f"({line.node.id})")
        for line in drawn(roots, max_depth)
    ]


@st.composite
def any_rows(draw: st.DrawFn) -> list[Comment]:
    """Rows with any parents at all: absent, later, each other's, their own."""
    ids = draw(st.lists(st.integers(1, 40), unique=True, max_size=25))
    reference = st.none() | st.integers(1, 45)
    return [
        comment(comment_id, draw(reference), draw(reference), minute=draw(st.integers(0, 5)))
        for comment_id in ids
    ]


@given(any_rows(), st.integers(0, 5))
def test_every_row_is_drawn_exactly_once(rows: list[Comment], max_depth: int) -> None:
    seen = [line.row for line in drawn(build(rows), max_depth) if line.row is not None]
    assert sorted(row.id for row in seen) == sorted(row.id for row in rows)


@given(any_rows())
def test_a_parent_is_drawn_before_its_replies(rows: list[Comment]) -> None:
    nodes = list(walk(build(rows)))
    places = {node.id: place for place, node in enumerate(nodes)}
    assert all(places[node.id] < places[child.id] for node in nodes for child in node.children)


@given(any_rows())
def test_siblings_stand_by_time_and_then_by_id(rows: list[Comment]) -> None:
    roots = build(rows)
    for siblings in [roots, *(node.children for node in walk(roots))]:
        order = [(node.created_at, node.id) for node in siblings]
        assert order == sorted(order)


@given(any_rows(), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(rows: list[Comment], chance: Random) -> None:
    earlier_parents = [
        replace(row, root_id=None)
        for row in rows
        if row.parent_id is None or row.parent_id < row.id
    ]
    shuffled = earlier_parents.copy()
    chance.shuffle(shuffled)
    assert sketch(build(shuffled)) == sketch(build(earlier_parents))


@given(any_rows())
def test_v12_a_placeholder_is_only_there_to_hold_a_reply(rows: list[Comment]) -> None:
    """V12: what may not be seen leaves a gap with no text, and no gap without a reply."""
    known = {row.id for row in rows}
    for line in drawn(build(rows)):
        if line.row is None:
            assert line.node.id not in known
            assert line.descendants > 0


@given(any_rows(), st.integers(0, 4))
def test_a_capped_line_says_whom_it_answers(rows: list[Comment], max_depth: int) -> None:
    for line in drawn(build(rows), max_depth):
        assert 0 <= line.depth <= max_depth
        if line.in_reply_to is not None:
            assert line.depth == max_depth
            assert line.in_reply_to.id == line.parent_id


def test_replies_are_nested_to_the_depth_and_level_beyond_it() -> None:
    chain = [comment(1), *(comment(number, number - 1, 1) for number in range(2, 8))]
    assert sketch(build(chain)) == ["1", ".2", "..3", "...4", "....5", "....6", "....7"]
    answered = [line.in_reply_to.id if line.in_reply_to else None for line in drawn(build(chain))]
    assert answered == [None, None, None, None, None, 5, 6]


def test_a_line_counts_the_replies_below_it() -> None:
    roots = build([comment(1), comment(2, 1, 1), comment(3, 2, 1), comment(4, 1, 1)])
    assert [line.descendants for line in drawn(roots)] == [3, 1, 0, 0]


def test_v12_a_reply_to_a_hidden_reply_hangs_under_a_gap_in_its_thread() -> None:
    roots = build([comment(1), comment(3, 2, 1), comment(4, 1, 1), comment(5, 2, 1)])
    assert sketch(roots) == ["1", ".(2)", "..3", "..5", ".4"]
    assert [line.descendants for line in drawn(roots)] == [3, 2, 0, 0, 0]


def test_v12_replies_to_a_hidden_question_stay_one_thread() -> None:
    roots = build([comment(2, 1, 1), comment(5, 4, 1), comment(6, 1, 1)])
    assert sketch(roots) == ["(1)", ".2", ".(4)", "..5", ".6"]


def test_a_gap_stands_where_its_earliest_reply_would() -> None:
    rows = [comment(1), comment(9, 3, 1, minute=30), comment(8, 3, 1, minute=5)]
    roots = build([*rows, comment(7, 1, 1, minute=10)])
    assert sketch(roots) == ["1", ".(3)", "..8", "..9", ".7"]


def test_rows_in_a_ring_are_drawn_all_the_same() -> None:
    roots = build([comment(1, 2, 1), comment(2, 1, 1), comment(3, 3, 3)])
    assert sketch(roots) == ["1", ".2", "3"]


def test_v12_a_ring_through_a_gap_is_cut_at_the_gap() -> None:
    roots = build([comment(25, 26, 39), comment(39, 25)])
    assert sketch(roots) == ["(26)", ".25", "..39"]


def test_a_root_may_name_itself_as_its_root() -> None:
    assert sketch(build([comment(1, None, 1), comment(2, 1, 1)])) == ["1", ".2"]


def test_r19_a_chain_of_ten_thousand_replies_is_only_long() -> None:
    """R19: no recursion anywhere, and the indentation is capped."""
    chain = [comment(1), *(comment(number, number - 1, 1) for number in range(2, 10_001))]
    (root,) = build(reversed(chain))
    everything = lines(root)
    assert len(everything) == 10_000
    assert everything[0].descendants == 9_999
    assert everything[-1].depth == 4


@given(st.integers(0, 10**6), st.integers(-(10**12), 10**12), st.integers(1, 10**9))
def test_s13_a_page_is_always_one_that_exists(total: int, page: int, size: int) -> None:
    """S13: any number that was asked for ends at the nearest page."""
    bounds = page_bounds(total, page, size)
    assert 1 <= bounds.number <= bounds.count
    assert 0 <= bounds.offset <= max(total - 1, 0)
    assert bounds.offset + bounds.limit <= total
    assert bounds.limit <= size


@given(st.integers(0, 500), st.integers(1, 60))
def test_s13_all_pages_together_are_everything_once(total: int, size: int) -> None:
    pages = [
        page_bounds(total, number, size)
        for number in range(1, page_bounds(total, 1, size).count + 1)
    ]
    shown = [place for page in pages for place in range(page.offset, page.offset + page.limit)]
    assert shown == list(range(total))


def test_the_first_page_has_none_before_it_and_the_last_none_after() -> None:
    first, last = page_bounds(120, 1, 50), page_bounds(120, 10**9, 50)
    assert (first.previous, first.next) == (None, 2)
    assert (last.number, last.previous, last.next) == (3, 2, None)


def test_a_page_of_nothing_is_a_fault() -> None:
    with pytest.raises(ValueError, match="at least one"):
        page_bounds(10, 1, 0)
