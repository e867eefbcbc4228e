"""The demo's own list of rules: every one can be run, and none meets what is harmless."""

from __future__ import annotations

import tomllib

import pytest

from app.config import PROJECT
from app.engines.spam.rules import Effect, Rule, RuleKind, Subject, matches

DEMO = PROJECT / "app" / "demo"
RULES = tomllib.loads((DEMO / "rules.toml").read_text())["rule"]
LIVE = [
    Rule(
        number,
        rule["name"],
        RuleKind(rule["kind"]),
        Effect(rule["effect"]),
        tuple(rule["lines"]),
        note=rule.get("note", ""),
    )
    for number, rule in enumerate(RULES)
    if rule.get("live", True)
]


def effects(text: str) -> set[Effect]:
    return {match.effect for match in matches(LIVE, Subject(text))}


def test_every_effect_has_a_rule() -> None:
    assert {rule.effect for rule in LIVE} == set(Effect)


def test_the_tag_of_a_rule_is_one_of_the_demos() -> None:
    slugs = {tag["slug"] for tag in tomllib.loads((DEMO / "tags.toml").read_text())["tag"]}
    assert {rule["tag"] for rule in RULES if rule["effect"] == "tag"} <= slugs


@pytest.mark.parametrize(
    "text",
    [
        "Since Sunday the sole of the foot is numb.",
        "I CAN\u2019T bear weight on it since the game",
        "there is chest-pain on the stairs",
        "tingling down the leg",
    ],
)
def test_what_a_professional_must_see_raises_a_red_flag(text: str) -> None:
    assert Effect.RED_FLAG in effects(text)


@pytest.mark.parametrize(
    "text",
    [
        "My left hip clicks when I swing the leg. What does that mean?",
        "Does the number of repetitions matter, and how much weight on the bar?",
        "Thank you, the heel raise with a rolled towel helped.",
    ],
)
def test_an_ordinary_question_meets_no_rule(text: str) -> None:
    assert effects(text) == set()


def test_what_sells_miracles_is_spam() -> None:
    assert effects("BEST SL0TS 2026 >>> 200 fr33 sp1ns no dep0sit >>>") == {Effect.SPAM}
