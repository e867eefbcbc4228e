"""The quick experiments in their small form; `make faults` does all of them in full."""

from __future__ import annotations

import pytest

from benchmarks.faults import (
    r02_kill_everything,
    r04_one_key_raced,
    r05_disk_full,
    r06_postgresql_restarted,
    r10_smtp_misbehaves,
    r11_mail_worker_killed,
    r13_races_in_a_tree,
    r14_random_acts,
    r20_large_bodies,
    r25_paging_while_writing,
    r26_stampede,
    r27_reader_gone,
    r29_mail_received_killed,
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
def test_r14_what_is_shown_after_random_acts_is_what_the_model_says(survived: Survived) -> None:
    survived(r14_random_acts.run)


@one_database("postgresql")
def test_r25_a_walk_through_pages_misses_no_row_that_stays(survived: Survived) -> None:
    survived(r25_paging_while_writing.run)


@one_database("postgresql")
def test_r06_lost_connections_and_answers_lose_no_text_and_double_none(survived: Survived) -> None:
    survived(r06_postgresql_restarted.run)


@one_database("sqlite")
def test_r10_what_a_mail_server_refuses_keeps_nobody_elses_mail(survived: Survived) -> None:
    survived(r10_smtp_misbehaves.run)


@one_database("sqlite")
def test_r20_large_bodies_are_refused_at_no_cost_to_others(survived: Survived) -> None:
    survived(r20_large_bodies.run)


@one_database("sqlite")
def test_r26_many_readers_of_a_changed_page_have_it_drawn_once(survived: Survived) -> None:
    survived(r26_stampede.run)


@one_database("postgresql")
def test_r27_readers_who_hang_up_leave_nothing_behind(survived: Survived) -> None:
    survived(r27_reader_gone.run)


@one_database("postgresql")
def test_r29_an_answer_by_mail_stands_once_whoever_is_killed_over_it(survived: Survived) -> None:
    survived(r29_mail_received_killed.run)
