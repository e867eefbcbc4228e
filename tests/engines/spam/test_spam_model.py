"""Learning, forgetting and explaining."""

import math
from collections import Counter
from copy import deepcopy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engines.spam.features import features
from app.engines.spam.model import LEARNT_ENOUGH, TERMS, TEXTS, Model, Word, replayed

lessons = st.lists(
    st.tuples(st.lists(st.sampled_from("abcdef"), min_size=1, unique=True), st.booleans()),
    max_size=12,
)
Lessons = list[tuple[list[str], bool]]


def taught(given_lessons: Lessons) -> Model:
    model = Model()
    for names, is_spam in given_lessons:
        model.learn(names, is_spam=is_spam)
        model.lean(names, is_spam=is_spam)
    return model


def counts(model: Model) -> dict[str, tuple[int, int]]:
    return {name: (term.good, term.spam) for name, term in model.terms.items()}


def grown_up() -> Model:
    model = Model()
    for number in range(LEARNT_ENOUGH):
        for text, is_spam in ((f"my hip clicks {number}", False), ("check my channel", True)):
            model.learn(features(text), is_spam=is_spam)
            model.lean(features(text), is_spam=is_spam)
    return model


@given(lessons, lessons)
def test_learning_then_unlearning_restores_every_count(before: Lessons, added: Lessons) -> None:
    model = taught(before)
    was = counts(model)
    for names, is_spam in added:
        model.learn(names, is_spam=is_spam)
    for names, is_spam in added:
        model.unlearn(names, is_spam=is_spam)
    assert counts(model) == was


@given(lessons.flatmap(lambda them: st.tuples(st.just(them), st.permutations(them))))
def test_the_order_of_lessons_does_not_matter_to_counts(both: tuple[Lessons, Lessons]) -> None:
    assert counts(taught(both[0])) == counts(taught(both[1]))


@given(lessons)
def test_counts_say_how_many_texts_had_a_feature(given_lessons: Lessons) -> None:
    found = counts(taught(given_lessons))
    spam = Counter(name for names, is_spam in given_lessons if is_spam for name in names)
    assert {name: pair[1] for name, pair in found.items() if len(name) == 1 and pair[1]} == spam
    texts = found.get(TEXTS, (0, 0))
    assert sum(texts) == len(given_lessons)
    assert sum(found.get(TERMS, (0, 0))) == sum(len(names) for names, _ in given_lessons)


@given(lessons, st.lists(st.sampled_from("abcdefgh"), min_size=1, unique=True))
def test_the_explanation_adds_up_to_the_score(given_lessons: Lessons, asked: list[str]) -> None:
    opinion = taught(given_lessons).score(asked)
    total = opinion.base + sum(word.part for word in opinion.words)
    assert opinion.score == pytest.approx(total)
    assert 0 <= opinion.chance <= 1


@given(lessons)
def test_asking_changes_nothing(given_lessons: Lessons) -> None:
    model = taught(given_lessons)
    before = deepcopy(model)
    model.score(["a", "unknown"])
    assert model == before


def test_it_is_silent_until_it_has_ten_of_each() -> None:
    model = grown_up()
    asked = features("check my channel")
    assert model.opinion(asked) is not None
    model.unlearn(features("my hip clicks 3"), is_spam=False)
    assert model.opinion(asked) is None


def test_what_was_spam_scores_above_what_was_good() -> None:
    model = grown_up()
    spam, good = model.score(features("please check my channel")), model.score(features("my hip"))
    assert spam.score > 0 > good.score
    assert "“channel”" in " ".join(str(word.shown) for word in spam.speaking())
    assert not good.speaking()


@given(st.floats(-40, 40))
def test_log_odds_are_clipped_to_six_for_showing_only(log_odds: float) -> None:
    word = Word("w:channel", 1.0, log_odds)
    assert abs(float(str(word.shown).split()[-1])) <= 6.0
    assert word.log_odds == log_odds


@given(lessons)
def test_weights_stay_finite(given_lessons: Lessons) -> None:
    assert all(math.isfinite(term.weight) for term in taught(given_lessons * 20).terms.values())


@given(st.integers(-3, 10_000))
def test_only_earlier_lessons_are_replayed_and_always_the_same(number: int) -> None:
    assert list(replayed(number)) == list(replayed(number))
    assert all(1 <= earlier < number for earlier in replayed(number))
