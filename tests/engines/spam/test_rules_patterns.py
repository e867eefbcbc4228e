"""Patterns run in time that grows with the text alone, and what cannot run so is refused."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.engines.spam.patterns import LARGEST, Pattern, Unsearchable
from app.engines.spam.rules import Effect, Rule, RuleKind, Subject, UnfitLine, matches
from tests.support.guard import no_hanging

HANGING = [
    r"(a+)+$",
    r"(.*a){20}",
    r"(a|a)*b",
    r"(a|aa)+$",
    r"(x+x+)+y",
    r"^(\w+\s?)*!$",
    r".*.*.*.*=.*",
    r"(.?.?.?.?a){40}$",
    r"(a{0,20}){0,20}b",
    "a?" * 100 + "a" * 100,
]
TEN_KILOBYTES = ["a" * 10_000 + "!", "ab" * 5_000, "x" * 10_000, "a " * 5_000 + "="]


@pytest.mark.parametrize("pattern", HANGING)
def test_s08_a_pattern_that_hangs_elsewhere_answers_at_once(pattern: str) -> None:
    made = Pattern(pattern)
    with no_hanging():
        for text in TEN_KILOBYTES:
            made.is_in(text)


PIECES = st.sampled_from(
    ["a", "b", ".", r"\w", "[ab]", "a?", ".*", "a+", "(a|b)*", "(a+)+", "{3}", "{0,9}", "$", "|"]
)


@settings(max_examples=60)
@given(st.lists(PIECES, min_size=1, max_size=14).map("".join))
def test_s08_no_pattern_takes_long(typed: str) -> None:
    try:
        made = Pattern(typed)
    except Unsearchable:
        return
    with no_hanging():
        made.is_in("ab" * 5_000 + "!")


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        (r"(a)\1", "of “\\1” at character 4. It refers back"),
        ("x(?=y)", "of “(?=” at character 2. It looks ahead or behind"),
        ("(?<!y)x", "at character 1. It looks ahead or behind"),
        ("a(b", "A bracket is opened and not closed"),
        ("a)b", "A bracket is closed that was not opened"),
        ("[ab", "A square bracket is opened and not closed"),
        ("*a", "of “*” at character 1. Nothing stands before it"),
        ("a{1001}", "of “{1001}” at character 2. It repeats too often"),
        ("[z-a]", "It is no range"),
        ("(x)?y*", "It fits every text"),
        ("a\\", "Nothing stands behind the last backslash"),
        (r"(\pL{0,9} ?){9}", "It is too large"),
        (r"\d{1,1000}", "It is too large"),
    ],
)
def test_s08_what_cannot_run_so_is_refused_with_where_and_why(pattern: str, why: str) -> None:
    with pytest.raises(UnfitLine) as refused:
        Rule(1, "Unfit", RuleKind.PATTERN, Effect.HOLD, (pattern,))
    assert why in str(refused.value.said)


def test_a_pattern_knows_no_capitals_unless_it_asks_for_them() -> None:
    assert Pattern("casino").is_in("The CASINO")
    assert not Pattern("(?-i)casino").is_in("The CASINO")


def test_s07_a_pattern_sees_through_hidden_and_wide_letters() -> None:
    rule = Rule(1, "Digits", RuleKind.PATTERN, Effect.HOLD, (r"\d{5}",))
    assert matches([rule], Subject("1\u200b2\u00ad3\uff1445"))


def test_a_rules_size_is_that_of_its_patterns() -> None:
    rule = Rule(1, "Two", RuleKind.PATTERN, Effect.HOLD, ("a+", "b{50}"))
    assert 50 < rule.size < LARGEST
    assert Rule(2, "None", RuleKind.PHRASE, Effect.HOLD, ("a", "b")).size == 0
