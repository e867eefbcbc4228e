"""What a large site takes, reckoned from a small one."""

from __future__ import annotations

import pytest

from benchmarks.billion import GIB, depth, measured, plan, shards_for, total

TOLD = {"comment": (1_000, 1_000_000, 500_000), "address": (200, 40_000, 20_000)}


def test_bytes_a_comment_are_those_that_were_measured() -> None:
    taken = measured(TOLD, 1_000)

    assert (taken["comment"].table, taken["comment"].indexes) == (1000, 500)
    assert taken["address"].rows == 0.2
    assert total(taken, 1_000) == (1_040_000, 520_000)


def test_ten_times_the_comments_take_ten_times_the_room() -> None:
    taken = measured(TOLD, 1_000)

    assert total(taken, 10_000)[0] == pytest.approx(10 * total(taken, 1_000)[0])


def test_an_index_grows_a_level_where_the_last_is_full() -> None:
    assert [depth(entries) for entries in (100, 257, 70_000, 10**9)] == [1, 2, 3, 4]


def test_more_memory_needs_fewer_machines_and_the_plan_says_whether_it_is_enough() -> None:
    taken = measured(TOLD, 1_000)
    few, many = shards_for(taken, 10**9, 64), shards_for(taken, 10**9, 8)

    assert 1 <= few < many
    assert "stays in memory" in "\n".join(plan(taken, 10**9, many, 8))
    assert "MORE THAN ITS MEMORY" in "\n".join(plan(taken, 10**9, 1, 8))
    assert total(taken, 10**9)[0] > 900 * GIB
