"""The quick experiments in their small form; `make faults` does all of them in full."""

from __future__ import annotations

import pytest

from benchmarks.faults import (
    r02_kill_everything,
    r04_one_key_raced,
    r05_disk_full,
    r11_mail_worker_killed,
    r13_races_in_a_tree,
    r25_paging_while_writing,
)
from tests.faults.conftest import Survived

one_database = pytest.mark.one_database


@one_database("sqlite")
def test_r02_what_was_acked_stands_on_the_disk_when_everything_is_killed(
    survived: Survived,
) -> None:
    survived(r02_kill_everything.run)


@one_database("postgresql")
def test_r04_one_key_raced_over_real_connections_is_one_text(survived: Survived) -> None:
    survived(r04_one_key_raced.run)


@one_database("sqlite")
def test_r05_a_full_disk_refuses_in_plain_words_and_loses_nothing(survived: Survived) -> None:
    survived(r05_disk_full.run)


@one_database("postgresql")
def test_r11_no_mail_is_lost_with_the_worker_that_held_it(survived: Survived) -> None:
    survived(r11_mail_worker_killed.run)


@one_database("sqlite")
def test_r13_fifty_acts_at_once_leave_a_whole_thread(survived: Survived) -> None:
    survived(r13_races_in_a_tree.run)


@one_database("postgresql")
def test_r25_a_walk_through_pages_misses_no_row_that_stays(survived: Survived) -> None:
    survived(r25_paging_while_writing.run)
