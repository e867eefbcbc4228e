"""The first look at a new text: what becomes of it, with a reason for every point of the score."""

from __future__ import annotations

from collections.abc import Iterator

from app.engines.said import Said, says, says_many
from app.engines.spam.checks import BY_NAME, CHECKS, Does
from app.engines.spam.facts import Facts
from app.engines.spam.plan import Plan, Setting
from app.engines.spam.rules import Effect
from app.engines.spam.verdict import Outcome, Reason, RedFlag, Verdict

ASKED = says("The outside service was asked and has not answered yet.")
DEFAULT_PLAN = Plan(tuple(Setting(check.name, check.weight) for check in CHECKS))


def assess(facts: Facts, plan: Plan = DEFAULT_PLAN) -> Verdict:
    """Pass, hold or spam, and why.

    Staff pass. A check that makes spam, or weights that add up to enough, make spam; a check that
    holds, or lesser weights, let it wait. A red flag waits for people at the top of the queue,
    whatever else is found: nobody in need is put among spam by a sum. What would pass waits where
    a service outside is to be asked first.
    """
    if facts.is_staff:
        return Verdict("pass", 0, (_of("staff", says("Written by a member of the staff.")),))
    found = tuple(_found(facts, plan))
    score = sum(reason.weight for reason in found)
    flag = _red_flag(facts, plan)
    outcome = _outcome(found, score, plan, is_flagged=flag is not None)
    reasons = found
    if outcome == "pass":
        outcome, first = _let_through(facts, plan)
        reasons = (first, *found)
    return Verdict(outcome, score, reasons, facts.spam_chance, facts.loud_words, flag)


def _found(facts: Facts, plan: Plan) -> Iterator[Reason]:
    for setting in plan.settings:
        if setting.is_on:
            for said in BY_NAME[setting.name].look(facts, plan.limits):
                yield Reason(setting.name, setting.weight, said)


def _outcome(found: tuple[Reason, ...], score: int, plan: Plan, *, is_flagged: bool) -> Outcome:
    does = {BY_NAME[reason.name].does for reason in found}
    if not is_flagged and (Does.SPAM in does or score >= plan.limits.spam_from):
        return "spam"
    if Does.HOLDS in does or Does.SPAM in does or score >= plan.limits.hold_from:
        return "hold"
    return "pass"


def _let_through(facts: Facts, plan: Plan) -> tuple[Outcome, Reason]:
    if facts.opinion_wanted:
        return "hold", _of("outside opinion", ASKED)
    if facts.proven and facts.approved_before >= plan.limits.approved_enough:
        known = says_many(
            "The address is proven and %(num)s comment of it was approved before.",
            "The address is proven and %(num)s comments of it were approved before.",
            facts.approved_before,
        )
        return "pass", _of("known writer", known)
    return "pass", _of("nothing found", says("No check found a reason to hold it."))


def _of(name: str, said: Said) -> Reason:
    """A reason that is no check's and weighs nothing."""
    return Reason(name, 0, said)


def _red_flag(facts: Facts, plan: Plan) -> RedFlag | None:
    if not any(setting.is_on for setting in plan.settings if setting.name == "red flag"):
        return None
    for match in facts.matches:
        if match.effect == Effect.RED_FLAG:
            return RedFlag(match.rule_id, match.line, match.note)
    return None


STRANGER = Facts()
MEMBER = Facts(proven=True, approved_before=50)


def unfit(plan: Plan) -> Said | None:
    """Why a site cannot work with this plan, in a sentence for an admin; None when it can.

    Tried on example texts, so that it holds for whatever the checks will be.
    """
    if plan.limits.looks_from <= plan.limits.leans_from:
        return says(
            "A text must read more like spam to be held than to weigh: raise the second chance."
        )
    if plan.limits.spam_from <= plan.limits.hold_from:
        return says("The sum that makes spam must be higher than the sum that holds.")
    if assess(STRANGER, plan).outcome == "spam":
        return says(
            "Every first text of a new writer would be spam: lower the weights of first comments "
            "and of an address not proven, or raise the sum that makes spam."
        )
    if assess(MEMBER, plan).outcome != "pass":
        return says("Every text of a known writer would be held. Ask for fewer approved texts.")
    if assess(Facts(spam_chance=1.0), plan).outcome == "spam":
        return says(
            "The model alone would send a new writer's text to spam. It may only hold: lower the "
            "weight of looks like spam, or raise the sum that makes spam."
        )
    if assess(Facts(seconds_to_fill=0.0), plan).outcome == "spam":
        return says(
            "Being quick alone would make spam of a new writer's text, and autofill is fast: "
            "lower the weight of too quick."
        )
    return None


def opens_the_door(plan: Plan) -> bool:
    """Whether texts of writers whom nobody knows would be published at once."""
    return assess(STRANGER, plan).outcome == "pass"
