"""Half of the cases, and nine of ten."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.engines.percentiles import Delay, delay

TIMES = st.lists(st.timedeltas(timedelta(0), timedelta(days=400)), min_size=1)


def hours(*numbers: int) -> list[timedelta]:
    return [timedelta(hours=number) for number in numbers]


def test_of_ten_cases_the_fifth_and_the_ninth_are_told() -> None:
    assert delay(hours(*range(10, 0, -1))) == Delay(10, *hours(5, 9))


def test_one_case_is_both_and_none_is_nothing() -> None:
    assert delay(hours(3)) == Delay(1, *hours(3, 3))
    assert delay([]) is None


@given(TIMES)
def test_so_many_are_within_it_and_it_is_one_of_them(times: list[timedelta]) -> None:
    found = delay(times)
    assert found is not None
    assert found.median <= found.p90
    for limit, percent in ((found.median, 50), (found.p90, 90)):
        assert limit in times
        assert sum(time <= limit for time in times) * 100 >= percent * len(times)
        assert sum(time < limit for time in times) * 100 < percent * len(times)
