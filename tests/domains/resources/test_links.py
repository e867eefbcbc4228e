"""Whether resources' addresses still lead somewhere: what is due, and when a link is dead."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from app.domains.resources import links
from app.domains.resources.events import LinkDied, LinkRevived
from app.domains.resources.models import LinkCheck, Resource
from app.infra import clock, events
from app.infra.db import db
from app.infra.outside.fetching import Problem, Seen
from app.infra.unit_of_work import unit_of_work
from tests.factories import make_resource

pytestmark = pytest.mark.usefixtures("app")

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
NOBODY = Seen(problem=Problem.NOBODY)
Counting = Callable[..., object]


def video(name: str, host: str = "videos.example") -> Resource:
    return make_resource(name, url=f"https://{host}/{name}")


def see(resource: Resource, seen: Seen) -> tuple[datetime | None, list[object]]:
    """Keep what was seen now; since when it is dead, and what is told of it."""
    resource_id, url = resource.id, str(resource.url)
    with unit_of_work():
        check = links.keep(resource_id, url, seen)
        told = events.recorded()
    assert check is not None
    return check.dead_since, told


def see_in_turn(resource: Resource, *looks: Seen, apart: timedelta = links.SOONER) -> list[bool]:
    """Whether it is dead after each of these looks."""
    found = []
    for number, seen in enumerate(looks):
        with time_machine.travel(START + number * apart, tick=False):
            found.append(see(resource, seen)[0] is not None)
    return found


# When a link is dead


def test_three_failures_in_a_row_over_three_days_are_a_death() -> None:
    assert see_in_turn(video("a"), NOBODY, Seen(503), NOBODY) == [False, False, True]
    assert timedelta(days=3) <= (links.FAILURES_OF_THE_DEAD - 1) * links.SOONER


@pytest.mark.parametrize("status", [404, 410])
def test_a_server_that_says_twice_that_nothing_is_there_is_believed(status: int) -> None:
    assert see_in_turn(video("a"), Seen(status), Seen(status)) == [False, True]


def test_404_after_another_failure_waits_for_its_second_time() -> None:
    assert see_in_turn(video("a"), Seen(500), Seen(404)) == [False, False]
    assert see_in_turn(video("b"), Seen(404), Seen(200), Seen(404)) == [False] * 3


@pytest.mark.parametrize("status", [200, 206, 304, 401, 403, 405, 416, 429])
def test_a_page_that_keeps_programs_out_is_not_dead(status: int) -> None:
    assert see_in_turn(video("a"), *[Seen(status)] * 5) == [False] * 5


def test_a_success_between_begins_the_count_anew() -> None:
    looks = (NOBODY, NOBODY, Seen(200), NOBODY, NOBODY)
    assert see_in_turn(video("a"), *looks) == [False] * 5


def test_what_we_may_not_look_at_is_never_found_dead() -> None:
    refused = Seen(problem=Problem.PRIVATE, was_refused=True)
    resource = video("a")
    assert see_in_turn(resource, *[refused] * 5) == [False] * 5
    assert db.session.get_one(LinkCheck, resource.id).problem == refused.problem


def test_a_death_is_told_once_and_a_link_that_is_back_may_die_again() -> None:
    resource = video("a")
    told = [see(resource, Seen(404))[1] for _ in range(3)]
    assert told == [[], [LinkDied(resource.id)], []]
    since = see(resource, Seen(404))[0]
    assert since is not None
    assert see(resource, Seen(200)) == (None, [LinkRevived(resource.id, since)])
    assert see(resource, Seen(200)) == (None, [])
    assert [see(resource, Seen(404))[1] for _ in range(2)] == [[], [LinkDied(resource.id)]]


def test_another_address_is_judged_by_itself() -> None:
    resource = video("a")
    see(resource, Seen(404))
    resource.url = "https://videos.example/b"
    db.session.commit()
    assert links.standing_of([resource]) == {}
    assert see(resource, Seen(404))[0] is None


def test_what_was_seen_of_a_former_address_or_a_removed_resource_is_dropped() -> None:
    resource = video("a")
    with unit_of_work():
        assert links.keep(resource.id, "https://videos.example/former", NOBODY) is None
        assert links.keep(resource.id + 1, "https://videos.example/a", NOBODY) is None
    assert db.session.query(LinkCheck).count() == 0


# What is due


def names_due(limit: int = 10) -> list[str]:
    return [one.url.rpartition("/")[2] for one in links.due(limit)]


def test_what_was_never_looked_at_comes_first_then_what_was_longest_ago() -> None:
    make_resource("a text of its own")
    for days, name in ((8, "older"), (30, "oldest"), (6, "fresh")):
        with time_machine.travel(clock.now() - timedelta(days=days), tick=False):
            see(video(name), Seen(200))
    video("new")
    assert names_due() == ["new", "oldest", "older"]
    assert names_due(limit=1) == ["new"]


def test_a_failing_link_is_looked_at_again_sooner_and_a_dead_one_is_not() -> None:
    failing, dead = video("failing"), video("dead")
    with time_machine.travel(START, tick=False):
        for resource, times in ((failing, 1), (dead, 2)):
            for _ in range(times):
                see(resource, Seen(404))
    with time_machine.travel(START + links.SOONER, tick=False):
        assert names_due() == ["failing"]
    with time_machine.travel(START + links.AGAIN, tick=False):
        assert sorted(names_due()) == ["dead", "failing"]


def test_an_edited_address_is_due_at_once() -> None:
    resource = video("a")
    see(resource, Seen(200))
    assert names_due() == []
    resource.url = "https://videos.example/b"
    db.session.commit()
    assert names_due() == ["b"]


# For the pages


def test_the_dead_are_listed_before_the_failing_and_what_works_is_not() -> None:
    works, failing, dead, longer = (video(name) for name in ("works", "failing", "dead", "longer"))
    see_in_turn(works, Seen(200))
    see_in_turn(failing, NOBODY)
    see_in_turn(dead, Seen(404), Seen(404), apart=timedelta(days=2))
    see_in_turn(longer, Seen(404), Seen(404), apart=timedelta(days=1))
    listed, ways = links.troubled()
    assert [resource.title for resource in listed] == ["longer", "dead", "failing"]
    assert (ways.is_first, links.count_troubled()) == (True, 3)
    assert set(links.standing_of([works, dead])) == {works.id, dead.id}
