"""The checks of the intake: each looks at the facts for one thing and says what it found.

A check `weighs`, `holds` whoever wrote the text, or makes it `spam` by itself. Weights add up.
Being quick alone says nothing: people paste, and autofill is fast. What others may have done in
somebody's name (an address that anybody can type) never holds alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from app.engines.spam.facts import Facts
from app.engines.spam.plan import Limits
from app.engines.spam.rules import Effect

Look = Callable[[Facts, Limits], Iterator[str]]
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


def red_flag(facts: Facts, _limits: Limits) -> Iterator[str]:
    return _matched(facts, Effect.RED_FLAG)


def rule_hold(facts: Facts, _limits: Limits) -> Iterator[str]:
    return _matched(facts, Effect.HOLD)


def rule_spam(facts: Facts, _limits: Limits) -> Iterator[str]:
    return _matched(facts, Effect.SPAM)


def rule_tag(facts: Facts, _limits: Limits) -> Iterator[str]:
    return _matched(facts, Effect.TAG)


def _matched(facts: Facts, effect: Effect) -> Iterator[str]:
    return (match.sentence for match in facts.matches if match.effect == effect)


def measure(facts: Facts, _limits: Limits) -> Iterator[str]:
    if facts.standing is not None:
        why = f": {facts.standing.rstrip('.')}." if facts.standing else "."
        yield f"A moderator decided to hold everything of this sender{why}"


def honeypot(facts: Facts, _limits: Limits) -> Iterator[str]:
    if facts.honeypot_filled:
        yield "A field that is hidden from people was filled in."


def links(facts: Facts, limits: Limits) -> Iterator[str]:
    if facts.link_count >= limits.links_too_many:
        yield f"It has {facts.link_count} link{'s' if facts.link_count > 1 else ''}."


def short_link(facts: Facts, _limits: Limits) -> Iterator[str]:
    if facts.short_hosts:
        yield f"A link hides where it leads: {', '.join(facts.short_hosts)}."


def new_host(facts: Facts, _limits: Limits) -> Iterator[str]:
    if facts.new_hosts:
        yield f"No text that was let in has linked to {', '.join(facts.new_hosts)} before."


def name_of_staff(facts: Facts, _limits: Limits) -> Iterator[str]:
    if facts.name_looks_like_staff:
        yield "The name looks like that of a member of the staff."


def namesake(facts: Facts, _limits: Limits) -> Iterator[str]:
    if facts.namesake:
        yield f"Somebody else in this thread is called “{facts.namesake}”, which looks the same."


def duplicate(facts: Facts, _limits: Limits) -> Iterator[str]:
    if facts.same_by_others:
        yield "Somebody else sent the same text within a day."


def near_duplicate(facts: Facts, limits: Limits) -> Iterator[str]:
    if facts.likeness >= limits.likeness and not facts.same_by_others:
        whose = "this sender sent" if facts.like_own else "somebody else sent"
        yield f"It is {facts.likeness:.0%} like a text that {whose} within seven days."


def too_quick(facts: Facts, limits: Limits) -> Iterator[str]:
    seconds = facts.seconds_to_fill
    if seconds is not None and seconds < limits.seconds_too_few:
        yield f"The form was sent {max(seconds, 0):.1f} seconds after it opened."


def shouting(facts: Facts, limits: Limits) -> Iterator[str]:
    if facts.capitals >= limits.capitals:
        yield f"{facts.capitals:.0%} of its letters are capitals."


def foreign_script(facts: Facts, limits: Limits) -> Iterator[str]:
    if facts.scripts and facts.foreign_letters >= limits.foreign_letters:
        yield (
            f"{facts.foreign_letters:.0%} of its letters are in a script that this site is not "
            f"written in: {', '.join(facts.scripts)}."
        )


def disguised_letters(facts: Facts, _limits: Limits) -> Iterator[str]:
    if facts.disguised_words:
        words = ", ".join(f"“{word}”" for word in facts.disguised_words)
        yield f"Letters that only look like plain ones stand in it: {words}."


def record(facts: Facts, limits: Limits) -> Iterator[str]:
    decided, down = facts.decided_lately, facts.turned_down_lately
    if down and decided >= limits.record_fewest and down / decided >= limits.record_share:
        yield f"Of {decided} texts by this sender in 30 days, {down} were rejected or spam."


def looks_like_spam(facts: Facts, limits: Limits) -> Iterator[str]:
    if facts.spam_chance is not None and facts.spam_chance >= limits.looks_from:
        yield f"It reads like earlier spam{_words(facts)}."


def leans_to_spam(facts: Facts, limits: Limits) -> Iterator[str]:
    if facts.spam_chance is not None and limits.leans_from <= facts.spam_chance < limits.looks_from:
        yield f"It reads a little like earlier spam{_words(facts)}."


def _words(facts: Facts) -> str:
    return f": {', '.join(facts.spam_words)}" if facts.spam_words else ""


def first_comments(facts: Facts, limits: Limits) -> Iterator[str]:
    if facts.approved_before >= limits.approved_enough:
        return
    if facts.approved_before < 1:
        yield "Nothing by this writer has been approved yet."
    elif facts.approved_before == 1:
        yield "Only one comment by this writer has been approved so far."
    else:
        yield f"Only {facts.approved_before} comments by this writer have been approved so far."


def address_not_proven(facts: Facts, _limits: Limits) -> Iterator[str]:
    if not facts.proven:
        yield "The e-mail address has not been confirmed."


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
    Check("namesake", 25, Does.HOLDS, "Somebody in the thread has a name like it.", namesake),
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
