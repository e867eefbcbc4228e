"""Which stems of a question candidates are looked up by, and what that costs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engines.matching.likeness import Library
from app.infra.db import db
from app.search import candidates
from app.search.models import SearchStem


def of(**spread: int) -> list[str]:
    return candidates.looked_up(spread.keys(), Library(100_000, 5, 50, spread))


def test_the_rarest_come_first_and_unknown_ones_are_left_out() -> None:
    assert of(hip=40, click=7, knee=0) == ["click", "hip"]


def test_a_stem_that_would_have_too_many_texts_counted_is_left_out_beside_rarer_ones() -> None:
    assert of(hip=40, leg=candidates.COUNTED) == ["hip"]


def test_a_stem_that_stands_nearly_everywhere_is_looked_up_where_it_is_all_there_is() -> None:
    assert of(leg=90_000, foot=95_000) == ["leg"]


@given(st.dictionaries(st.text(max_size=5), st.integers(0, 100_000), max_size=30))
def test_however_long_a_question_few_texts_are_counted(spread: dict[str, int]) -> None:
    found = candidates.looked_up(spread.keys(), Library(100_000, 5, 50, spread))
    assert len(found) <= candidates.RAREST
    assert len(found) <= 1 or sum(spread[stem] for stem in found) <= candidates.COUNTED
    assert bool(found) == any(spread.values())


@pytest.mark.usefixtures("app")
def test_nothing_is_looked_up_for_nothing() -> None:
    assert candidates.by_words(set(), Library(0, 0, 0, {})) == []


@pytest.mark.usefixtures("app")
def test_the_spread_of_any_number_of_stems_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(candidates, "AT_ONCE", 2)
    db.session.add_all(SearchStem(stem=f"stem{number}", spread=number) for number in range(1, 6))
    db.session.flush()
    known = candidates.library({f"stem{number}" for number in range(8)})
    assert known.spread == {f"stem{number}": number for number in range(1, 6)}
