"""The checks of the intake: each looks at the facts for one thing and says what it found.

A check `weighs`, `holds` whoever wrote the text, or makes it `spam` by itself. Weights add up.
Being quick alone says nothing: people paste, and autofill is fast. What others may have done in
somebody's name (an address that anybody can type) never holds alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from app.engines.said import Said, says, says_many
from app.engines.spam.facts import Facts
from app.engines.spam.plan import Limits
from app.engines.spam.rules import Effect
from app.engines.spam.scripts import NAMES

Look = Callable[[Facts, Limits], Iterator[Said]]
"""Gives a sentence for each thing that was found; none where there is nothing to say."""


class Does(StrEnum):
    WEIGHS = "weighs"
    HOLDS = "holds"
    SPAM = "spam"


@dataclass(frozen=True, slots=True)
class Check:
    """``weight`` is what it starts with, ``about`` tells an admin what it looks for."""

    name: str
    weight: int
    does: Does
    about: str
    look: Look


def red_flag(facts: Facts, _limits: Limits) -> Iterator[Said]:
    return _matched(facts, Effect.RED_FLAG)


def rule_hold(facts: Facts, _limits: Limits) -> Iterator[Said]:
    return _matched(facts, Effect.HOLD)


def rule_spam(facts: Facts, _limits: Limits) -> Iterator[Said]:
    return _matched(facts, Effect.SPAM)


def rule_tag(facts: Facts, _limits: Limits) -> Iterator[Said]:
    return _matched(facts, Effect.TAG)


def _matched(facts: Facts, effect: Effect) -> Iterator[Said]:
    return (match.said for match in facts.matches if match.effect == effect)


def measure(facts: Facts, _limits: Limits) -> Iterator[Said]:
    if facts.standing:
        yield says(
            "A moderator decided to hold everything of this sender: %(why)s.",
            why=facts.standing.rstrip("."),
        )
    elif facts.standing is not None:
        yield says("A moderator decided to hold everything of this sender.")


def honeypot(facts: Facts, _limits: Limits) -> Iterator[Said]:
    if facts.honeypot_filled:
        yield says("A field that is hidden from people was filled in.")


def links(facts: Facts, limits: Limits) -> Iterator[Said]:
    if facts.link_count >= limits.links_too_many:
        yield says_many("It has %(num)s link.", "It has %(num)s links.", facts.link_count)


def short_link(facts: Facts, _limits: Limits) -> Iterator[Said]:
    if facts.short_hosts:
        yield says("A link hides where it leads: %(hosts)s.", hosts=facts.short_hosts)


def new_host(facts: Facts, _limits: Limits) -> Iterator[Said]:
    if facts.new_hosts:
        yield says("No text that was let in has linked to %(hosts)s before.", hosts=facts.new_hosts)


def name_of_staff(facts: Facts, _limits: Limits) -> Iterator[Said]:
    if facts.name_looks_like_staff:
        yield says("The name looks like that of a member of the staff.")


NAMESAKE = "namesake"
NAMESAKE_ERASED = says("Somebody who is erased since had a name here that looks the same.")
"""In the place of the name."""


def namesake(facts: Facts, _limits: Limits) -> Iterator[Said]:
    if facts.namesake:
        yield says(
            "Somebody else in this thread is called “%(name)s”, which looks the same.",
            name=facts.namesake,
        )


def duplicate(facts: Facts, _limits: Limits) -> Iterator[Said]:
    if facts.same_by_others:
        yield says("Somebody else sent the same text within a day.")


def near_duplicate(facts: Facts, limits: Limits) -> Iterator[Said]:
    if facts.likeness >= limits.likeness and not facts.same_by_others:
        percent = round(100 * facts.likeness)
        if facts.like_own:
            yield says(
                "It is %(percent)s%% like a text that this sender sent within seven days.",
                percent=percent,
            )
        else:
            yield says(
                "It is %(percent)s%% like a text that somebody else sent within seven days.",
                percent=percent,
            )


def too_quick(facts: Facts, limits: Limits) -> Iterator[Said]:
    seconds = facts.seconds_to_fill
    if seconds is not None and seconds < limits.seconds_too_few:
        yield says(
            "The form was sent %(seconds)s seconds after it opened.", seconds=max(seconds, 0.0)
        )


def shouting(facts: Facts, limits: Limits) -> Iterator[Said]:
    if facts.capitals >= limits.capitals:
        yield says(
            "%(percent)s%% of its letters are capitals.", percent=round(100 * facts.capitals)
        )


def foreign_script(facts: Facts, limits: Limits) -> Iterator[Said]:
    if facts.scripts and facts.foreign_letters >= limits.foreign_letters:
        yield says(
            "%(percent)s%% of its letters are in a script that this site is not written in: "
            "%(scripts)s.",
            percent=round(100 * facts.foreign_letters),
            scripts=tuple(NAMES.get(script, script) for script in facts.scripts),
        )


def disguised_letters(facts: Facts, _limits: Limits) -> Iterator[Said]:
    if facts.disguised_words:
        yield says(
            "Letters that only look like plain ones stand in it: %(words)s.",
            words=tuple(says("“%(word)s”", word=word) for word in facts.disguised_words),
        )


def record(facts: Facts, limits: Limits) -> Iterator[Said]:
    decided, down = facts.decided_lately, facts.turned_down_lately
    if down and decided >= limits.record_fewest and down / decided >= limits.record_share:
        yield says_many(
            "Of %(num)s text by this sender in 30 days, %(down)s were rejected or spam.",
            "Of %(num)s texts by this sender in 30 days, %(down)s were rejected or spam.",
            decided,
            down=down,
        )


def looks_like_spam(facts: Facts, limits: Limits) -> Iterator[Said]:
    if facts.spam_chance is not None and facts.spam_chance >= limits.looks_from:
        if facts.spam_words:
            yield says("It reads like earlier spam: %(words)s.", words=facts.spam_words)
        else:
            yield says("It reads like earlier spam.")


def leans_to_spam(facts: Facts, limits: Limits) -> Iterator[Said]:
    if facts.spam_chance is not None and limits.leans_from <= facts.spam_chance < limits.looks_from:
        if facts.spam_words:
            yield says("It reads a little like earlier spam: %(words)s.", words=facts.spam_words)
        else:
            yield says("It reads a little like earlier spam.")


def first_comments(facts: Facts, limits: Limits) -> Iterator[Said]:
    if facts.approved_before >= limits.approved_enough:
        return
    if facts.approved_before < 1:
        yield says("Nothing by this writer has been approved yet.")
    else:
        yield says_many(
            "Only one comment by this writer has been approved so far.",
            "Only %(num)s comments by this writer have been approved so far.",
            facts.approved_before,
        )


def address_not_proven(facts: Facts, _limits: Limits) -> Iterator[Said]:
    if not facts.proven:
        yield says("The e-mail address has not been confirmed.")


CHECKS: tuple[Check, ...] = (
    Check("red flag", 0, Does.HOLDS, "A rule raises a red flag.", red_flag),
    Check("measure", 0, Does.HOLDS, "Everything of this sender is held.", measure),
    Check("honeypot", 100, Does.SPAM, "A field hidden from people is filled in.", honeypot),
    Check("spam rule", 100, Does.SPAM, "A rule says that it is spam.", rule_spam),
    Check("rule", 40, Does.HOLDS, "A rule says that it waits.", rule_hold),
    Check("tag rule", 0, Does.WEIGHS, "A rule gives it a tag.", rule_tag),
    Check("links", 35, Does.HOLDS, "It has too many links.", links),
    Check("short link", 25, Does.HOLDS, "A link hides where it leads.", short_link),
    Check("new host", 10, Does.WEIGHS, "A link leads where no approved text led.", new_host),
    Check(
        "name of staff", 40, Does.HOLDS, "The name looks like one of the staff's.", name_of_staff
    ),
    Check(NAMESAKE, 25, Does.HOLDS, "Somebody in the thread has a name like it.", namesake),
    Check("duplicate", 35, Does.HOLDS, "Somebody else sent the same text.", duplicate),
    Check("near duplicate", 35, Does.HOLDS, "It is nearly another text.", near_duplicate),
    Check("too quick", 30, Does.WEIGHS, "The form was sent too soon.", too_quick),
    Check("looks like spam", 45, Does.HOLDS, "It reads like earlier spam.", looks_like_spam),
    Check("leans to spam", 25, Does.WEIGHS, "It reads a little like spam.", leans_to_spam),
    Check("shouting", 15, Does.WEIGHS, "Most of it is in capitals.", shouting),
    Check("script", 20, Does.WEIGHS, "Its letters do not fit the site's language.", foreign_script),
    Check("disguise", 30, Does.HOLDS, "Letters only look like plain ones.", disguised_letters),
    Check("record", 25, Does.WEIGHS, "Much of the sender's was turned down.", record),
    Check("first comments", 5, Does.HOLDS, "Too few texts were approved before.", first_comments),
    Check("address not proven", 5, Does.HOLDS, "The address is not proven.", address_not_proven),
)
"""In the order in which the desk reads the reasons, unless the site sets another."""

BY_NAME = {check.name: check for check in CHECKS}
