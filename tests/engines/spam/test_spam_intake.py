"""The checks of the intake, and the plan by which a site sets them."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engines.said import says
from app.engines.spam.checks import BY_NAME, CHECKS
from app.engines.spam.facts import Facts
from app.engines.spam.intake import DEFAULT_PLAN, assess, opens_the_door, unfit
from app.engines.spam.plan import Limits, Plan, Setting
from app.engines.spam.rules import Effect
from tests.support.intake_facts import any_facts, match

STRANGER = Facts(seconds_to_fill=40.0)
KNOWN = replace(STRANGER, proven=True, approved_before=2)


def reasons(facts: Facts, plan: Plan = DEFAULT_PLAN) -> list[str]:
    return [reason.name for reason in assess(facts, plan).reasons]


def with_setting(name: str, **changes: object) -> Plan:
    settings = DEFAULT_PLAN.settings
    return replace(
        DEFAULT_PLAN,
        settings=tuple(
            replace(one, **changes) if one.name == name else one  # type: ignore[arg-type]
            for one in settings
        ),
    )


def with_limits(**changes: float) -> Plan:
    return replace(DEFAULT_PLAN, limits=replace(Limits(), **changes))  # type: ignore[arg-type]


@given(any_facts)
def test_staff_always_pass(facts: Facts) -> None:
    verdict = assess(replace(facts, is_staff=True))
    assert (verdict.outcome, verdict.red_flag) == ("pass", None)


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


def test_s06_a_link_that_hides_where_it_leads_waits() -> None:
    assert assess(replace(KNOWN, link_count=1, short_hosts=("bit.ly",))).outcome == "hold"


def test_a_new_host_only_weighs() -> None:
    verdict = assess(replace(KNOWN, link_count=1, new_hosts=("a.example",)))
    assert (verdict.outcome, verdict.score) == ("pass", 10)


def test_u01_a_name_like_the_authors_waits_and_is_flagged() -> None:
    """U01: the moderator reads why."""
    verdict = assess(replace(KNOWN, name_looks_like_staff=True))
    assert verdict.outcome == "hold"
    assert verdict.reasons[0].sentence == "The name looks like that of a member of the staff."


def test_the_same_text_by_others_waits() -> None:
    assert assess(replace(KNOWN, same_by_others=True)).outcome == "hold"


def test_a_text_nearly_the_same_waits_and_says_how_much() -> None:
    verdict = assess(replace(KNOWN, likeness=0.87))
    assert verdict.outcome == "hold"
    assert verdict.reasons[0].sentence == (
        "It is 87% like a text that somebody else sent within seven days."
    )
    assert assess(replace(KNOWN, likeness=0.79)).outcome == "pass"


def test_the_same_text_is_not_counted_as_nearly_the_same_too() -> None:
    assert reasons(replace(KNOWN, likeness=1.0, same_by_others=True)) == ["duplicate"]


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
    facts = replace(STRANGER, link_count=9, same_by_others=True, seconds_to_fill=0.2)
    assert assess(facts).outcome == "spam"
    assert assess(replace(facts, same_by_others=False)).outcome == "hold"


def test_small_signs_together_hold_a_known_writer() -> None:
    facts = replace(KNOWN, seconds_to_fill=0.2, capitals=0.9)
    assert assess(facts).outcome == "pass"
    assert assess(replace(facts, new_hosts=("a.example",), spam_chance=0.9)).outcome == "hold"


def test_a_record_of_refusals_weighs_and_never_holds_alone() -> None:
    """Anybody can type an address, so what was sent in its name is no proof."""
    facts = replace(KNOWN, decided_lately=4, turned_down_lately=2)
    assert reasons(facts) == ["known writer", "record"]
    assert assess(facts).outcome == "pass"
    assert reasons(replace(facts, decided_lately=5)) == ["known writer"]
    assert reasons(replace(facts, decided_lately=2)) == ["known writer"]


def test_a_measure_holds_everything_of_a_sender_and_says_why() -> None:
    verdict = assess(replace(KNOWN, standing="Rude twice."))
    assert verdict.outcome == "hold"
    assert verdict.reasons[0].sentence == (
        "A moderator decided to hold everything of this sender: Rude twice."
    )


@pytest.mark.parametrize(
    ("effect", "outcome"),
    [
        (Effect.HOLD, "hold"),
        (Effect.SPAM, "spam"),
        (Effect.TAG, "pass"),
        (Effect.RED_FLAG, "hold"),
    ],
)
def test_s07_a_rule_has_its_effect_on_a_known_writer(effect: Effect, outcome: str) -> None:
    verdict = assess(replace(KNOWN, matches=(match(effect),)))
    assert verdict.outcome == outcome
    assert "It says “chest pain” (rule “Pain”)." in [one.sentence for one in verdict.reasons]


def test_two_rules_are_two_reasons() -> None:
    facts = replace(KNOWN, matches=(match(Effect.HOLD, "one"), match(Effect.HOLD, "two")))
    assert (reasons(facts), assess(facts).score) == (["rule", "rule"], 80)


@given(any_facts)
def test_a_red_flag_is_never_put_among_spam(facts: Facts) -> None:
    flagged = replace(facts, is_staff=False, matches=(*facts.matches, match(Effect.RED_FLAG)))
    verdict = assess(flagged)
    assert verdict.outcome == "hold"
    assert verdict.red_flag is not None
    assert verdict.red_flag.note == "See a doctor."


def test_a_red_flag_stands_on_top_of_the_reasons() -> None:
    assert reasons(replace(STRANGER, matches=(match(Effect.RED_FLAG),)))[0] == "red flag"


@given(any_facts)
def test_every_verdict_explains_itself(facts: Facts) -> None:
    verdict = assess(facts)
    assert verdict.reasons
    assert verdict.score == sum(reason.weight for reason in verdict.reasons)
    assert all(reason.sentence.endswith(".") for reason in verdict.reasons)
    assert verdict.chance == (None if facts.is_staff else facts.spam_chance)
    assert 0 <= verdict.certainty <= 1


@given(any_facts)
def test_one_more_suspicion_never_makes_a_verdict_milder(facts: Facts) -> None:
    severity = ["pass", "hold", "spam"]
    before = severity.index(assess(facts).outcome)
    for worse in (
        replace(facts, link_count=facts.link_count + 2),
        replace(facts, same_by_others=True),
        replace(facts, name_looks_like_staff=True),
        replace(facts, proven=False),
        replace(facts, disguised_words=("pаypal",)),  # noqa: RUF001
        replace(facts, standing=""),
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
    verdict = assess(replace(STRANGER, spam_chance=0.995, spam_words=(says("“channel” +4.1"),)))
    assert verdict.reasons[0].sentence == "It reads like earlier spam: “channel” +4.1."
    assert verdict.reasons[0].weight == 45


@pytest.mark.parametrize(
    ("chance", "certainty"), [(None, 0.0), (0.5, 0.0), (0.0, 1.0), (1.0, 1.0), (0.75, 0.5)]
)
def test_certainty_is_how_far_the_chance_is_from_even(
    chance: float | None, certainty: float
) -> None:
    assert assess(replace(STRANGER, spam_chance=chance)).certainty == certainty


def test_what_would_pass_waits_for_an_opinion_that_is_wanted() -> None:
    facts = replace(KNOWN, opinion_wanted=True)
    assert (assess(facts).outcome, reasons(facts)) == ("hold", ["outside opinion"])
    assert "outside opinion" not in reasons(replace(STRANGER, opinion_wanted=True))


@given(any_facts, st.sampled_from(CHECKS).map(lambda check: check.name))
def test_a_check_that_is_off_gives_no_reason(facts: Facts, name: str) -> None:
    assert name not in reasons(replace(facts, is_staff=False), with_setting(name, is_on=False))


def test_a_red_flag_check_that_is_off_flags_nothing() -> None:
    facts = replace(KNOWN, matches=(match(Effect.RED_FLAG),))
    assert assess(facts, with_setting("red flag", is_on=False)).red_flag is None


@given(any_facts)
def test_reasons_stand_in_the_order_of_the_plan(facts: Facts) -> None:
    upside_down = replace(DEFAULT_PLAN, settings=DEFAULT_PLAN.settings[::-1])
    found = [name for name in reasons(facts, upside_down) if name in BY_NAME]
    assert found == sorted(found, key=[one.name for one in upside_down.settings].index)


def test_the_plan_that_a_site_starts_with_is_fit() -> None:
    assert unfit(DEFAULT_PLAN) is None
    assert not opens_the_door(DEFAULT_PLAN)
    assert len(BY_NAME) == len(CHECKS) == len(DEFAULT_PLAN.settings)


@pytest.mark.parametrize(
    ("plan", "word"),
    [
        (with_limits(spam_from=60), "higher"),
        (with_limits(hold_from=5, spam_from=10), "Every first text"),
        (with_setting("first comments", weight=100), "Every first text"),
        (with_limits(approved_enough=51), "known writer"),
        (with_limits(looks_from=0.8), "second chance"),
        (with_setting("looks like spam", weight=95), "model alone"),
        (with_setting("too quick", weight=90), "autofill"),
    ],
)
def test_a_plan_that_would_turn_honest_texts_away_is_refused(plan: Plan, word: str) -> None:
    assert word in str(unfit(plan))


def test_switching_off_what_is_asked_of_strangers_opens_the_door() -> None:
    off = {"first comments", "address not proven"}
    settings = tuple(replace(one, is_on=one.name not in off) for one in DEFAULT_PLAN.settings)
    plan = Plan(settings)
    assert opens_the_door(plan)
    assert reasons(STRANGER, plan) == ["nothing found"]
    assert Setting("links", 35) in settings
