"""The rules that a site starts with."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engines.spam.first_rules import Facts, assess

STRANGER = Facts(
    is_staff=False,
    proven=False,
    approved_before=0,
    link_count=0,
    name_looks_like_staff=False,
    honeypot_filled=False,
    seconds_to_fill=40.0,
    duplicate_of_recent=False,
)
KNOWN = replace(STRANGER, proven=True, approved_before=2)

any_facts = st.builds(
    Facts,
    is_staff=st.booleans(),
    proven=st.booleans(),
    approved_before=st.integers(0, 5),
    link_count=st.integers(0, 5),
    name_looks_like_staff=st.booleans(),
    honeypot_filled=st.booleans(),
    seconds_to_fill=st.none() | st.floats(-5, 1e6),
    duplicate_of_recent=st.booleans(),
)


def reasons(facts: Facts) -> list[str]:
    return [reason.name for reason in assess(facts).reasons]


@given(any_facts)
def test_staff_always_pass(facts: Facts) -> None:
    assert assess(replace(facts, is_staff=True)).outcome == "pass"


def test_a_strangers_first_comment_waits() -> None:
    assert assess(STRANGER).outcome == "hold"
    assert reasons(STRANGER) == ["first comments", "address not proven"]


def test_a_proven_address_with_two_approved_comments_passes() -> None:
    assert assess(KNOWN).outcome == "pass"
    assert reasons(KNOWN) == ["known writer"]


@pytest.mark.parametrize("facts", [replace(KNOWN, proven=False), replace(KNOWN, approved_before=1)])
def test_an_address_that_was_only_typed_or_hardly_known_waits(facts: Facts) -> None:
    """A typed e-mail is never trusted, however many comments it had approved."""
    assert assess(facts).outcome == "hold"


@given(any_facts, st.integers(2, 10_000))
def test_s06_two_links_hold_whoever_is_no_member_of_the_staff(facts: Facts, links: int) -> None:
    """S06: the count comes from the drawn text, so no way to write a link escapes it."""
    verdict = assess(replace(facts, is_staff=False, link_count=links))
    assert verdict.outcome != "pass"
    assert "links" in [reason.name for reason in verdict.reasons]


def test_one_link_of_a_known_writer_passes() -> None:
    assert assess(replace(KNOWN, link_count=1)).outcome == "pass"


def test_u01_a_name_like_the_authors_waits_and_is_flagged() -> None:
    """U01: the moderator reads why."""
    verdict = assess(replace(KNOWN, name_looks_like_staff=True))
    assert verdict.outcome == "hold"
    assert verdict.reasons[0].sentence == "The name looks like that of a member of the staff."


def test_the_same_text_again_waits() -> None:
    assert assess(replace(KNOWN, duplicate_of_recent=True)).outcome == "hold"


def test_a_filled_honeypot_is_spam() -> None:
    assert assess(replace(KNOWN, honeypot_filled=True)).outcome == "spam"


@pytest.mark.parametrize("seconds", [-1.0, 0.0, 0.4, 1.9, 3.0, None])
def test_s16_being_quick_alone_changes_nothing(seconds: float | None) -> None:
    """S16: no-JS, autofill and typists of three seconds pass."""
    assert assess(replace(KNOWN, seconds_to_fill=seconds)).outcome == "pass"
    assert assess(replace(STRANGER, seconds_to_fill=seconds)).outcome == "hold"


@pytest.mark.parametrize("seconds", [None, 2.0, 3.0, 86_400.0])
def test_s16_a_typist_of_three_seconds_is_not_even_suspected(seconds: float | None) -> None:
    assert "too quick" not in reasons(replace(KNOWN, seconds_to_fill=seconds))


def test_three_signs_that_have_little_to_do_with_each_other_are_spam() -> None:
    facts = replace(STRANGER, link_count=9, duplicate_of_recent=True, seconds_to_fill=0.2)
    assert assess(facts).outcome == "spam"
    assert assess(replace(facts, duplicate_of_recent=False)).outcome == "hold"


@given(any_facts)
def test_every_verdict_explains_itself(facts: Facts) -> None:
    verdict = assess(facts)
    assert verdict.reasons
    assert verdict.score == sum(reason.weight for reason in verdict.reasons)
    assert all(reason.sentence.endswith(".") for reason in verdict.reasons)


@given(any_facts)
def test_one_more_suspicion_never_makes_a_verdict_milder(facts: Facts) -> None:
    severity = ["pass", "hold", "spam"]
    before = severity.index(assess(facts).outcome)
    for worse in (
        replace(facts, link_count=facts.link_count + 2),
        replace(facts, duplicate_of_recent=True),
        replace(facts, name_looks_like_staff=True),
        replace(facts, proven=False),
    ):
        assert severity.index(assess(worse).outcome) >= before


@pytest.mark.parametrize(
    ("chance", "outcome"), [(None, "pass"), (0.5, "pass"), (0.9, "pass"), (0.99, "hold")]
)
def test_only_a_very_high_chance_of_spam_holds_a_known_writer(
    chance: float | None, outcome: str
) -> None:
    assert assess(replace(KNOWN, spam_chance=chance)).outcome == outcome


@pytest.mark.parametrize("chance", [0.8, 0.99, 1.0])
def test_the_model_alone_neither_passes_nor_sends_to_spam(chance: float) -> None:
    for facts in (STRANGER, replace(STRANGER, seconds_to_fill=0.1)):
        assert assess(replace(facts, spam_chance=chance)).outcome == "hold"


def test_the_model_names_the_words_that_speak() -> None:
    verdict = assess(replace(STRANGER, spam_chance=0.995, spam_words=("“channel” +4.1",)))
    assert verdict.reasons[0].sentence == "It reads like earlier spam: “channel” +4.1."
    assert verdict.reasons[0].weight == 45
