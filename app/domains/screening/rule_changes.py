"""Changing the rules that moderators wrote.

Every change has a row in the record with all that the rule was before and is after, so a rule that
was removed can be made again from it.
"""

from __future__ import annotations

from sqlalchemy import func, select

from app.domains.accounts.models import Account
from app.domains.screening.errors import RuleIsBack, StaleRule, TooManyRules, UnfitRule
from app.domains.screening.models import Rule
from app.domains.screening.rules import (
    MOST_RULES,
    REMOVE,
    RuleText,
    live_rules,
    readied,
    typed,
)
from app.engines.spam import rules as engine
from app.engines.spam.rules import Effect, RuleKind
from app.infra import audit, clock
from app.infra.db import db
from app.infra.language import _, grouped

MOST_LIVE_LINES = 5_000
LARGEST_LIVE = 6_000
"""What all live patterns may come to (`engines.spam.rules.Rule.size`): a quarter of a second for a
text of 10 kB in the worst case that could be made up."""


def create(text: RuleText, *, by: Account | None) -> Rule:
    """Add a rule that is not live yet. `by` None is a command. Raises UnfitRule, TooManyRules."""
    ready = readied(text)
    if (db.session.scalar(select(func.count()).select_from(Rule)) or 0) >= MOST_RULES:
        raise TooManyRules(
            _("There are %(number)s rules, which is the most. Remove one first.", number=MOST_RULES)
        )
    _check_name(ready.name, None)
    rule = Rule(is_live=False, version=1)
    _put(rule, ready, by)
    db.session.add(rule)
    db.session.flush()
    audit.write("make rule", "rule", rule.id, by=by, detail={"before": None, "after": facts(rule)})
    return rule


def save(rule: Rule, text: RuleText, *, seen: int, by: Account) -> None:
    """Change a rule from the version that was seen; one that is live stays so.

    Raises UnfitRule, StaleRule, TooManyRules.
    """
    _check_seen(rule, seen)
    ready = readied(text, rule_id=rule.id)
    _check_name(ready.name, rule.id)
    if rule.is_live:
        _check_room(ready)
    before = facts(rule)
    _put(rule, ready, by)
    after = facts(rule)
    if after != before:
        rule.version += 1
        db.session.flush()
        audit.write("edit rule", "rule", rule.id, by=by, detail={"before": before, "after": after})


def start(rule: Rule, *, seen: int, by: Account | None) -> None:
    """Let every new text meet the rule. Raises UnfitRule for one that cannot be run, StaleRule,
    TooManyRules."""
    _check_seen(rule, seen)
    _check_room(readied(typed(rule), rule_id=rule.id))
    _turn(rule, "start rule", by, is_live=True)


def pause(rule: Rule, *, seen: int, by: Account) -> None:
    """Let new texts pass the rule by. Raises StaleRule."""
    _check_seen(rule, seen)
    _turn(rule, "pause rule", by, is_live=False)


def remove(rule: Rule, *, seen: int, by: Account) -> audit.AuditEntry:
    """Take a rule away; the row in the record, from which it can be put back. Raises StaleRule."""
    _check_seen(rule, seen)
    before = facts(rule)
    db.session.delete(rule)
    db.session.flush()
    return audit.write(REMOVE, "rule", rule.id, by=by, detail={"before": before, "after": None})


def put_back(entry: audit.AuditEntry, *, by: Account) -> Rule:
    """Make a removed rule again, not live, from what the record says it was.

    Raises UnfitRule (its tag may be gone), RuleIsBack, TooManyRules.
    """
    was = entry.detail["before"]
    if _is_taken(was["name"]):
        raise RuleIsBack
    text = RuleText(
        was["name"],
        RuleKind(was["kind"]),
        was["lines"],
        Effect(was["effect"]),
        was["tag_id"],
        was["note"],
    )
    return create(text, by=by)


def facts(rule: Rule) -> dict[str, object]:
    """All that a rule is, as the record keeps it."""
    return {
        "name": rule.name,
        "kind": rule.kind,
        "lines": rule.lines,
        "effect": rule.effect,
        "tag_id": rule.tag_id,
        "note": rule.note,
        "live": rule.is_live,
    }


def _put(rule: Rule, ready: engine.Rule, by: Account | None) -> None:
    rule.name, rule.kind, rule.effect = ready.name, ready.kind, ready.effect
    rule.lines = "\n".join(ready.lines)
    rule.tag_id, rule.note = ready.tag_id, ready.note
    rule.changed_at, rule.changed_by = clock.now(), by.name if by else ""


def _turn(rule: Rule, act: str, by: Account | None, *, is_live: bool) -> None:
    if rule.is_live == is_live:
        return
    before = facts(rule)
    rule.is_live, rule.version = is_live, rule.version + 1
    rule.changed_at, rule.changed_by = clock.now(), by.name if by else ""
    db.session.flush()
    audit.write(
        act,
        "rule",
        rule.id,
        by=by,
        from_state="paused" if is_live else "live",
        to_state="live" if is_live else "paused",
        detail={"before": before, "after": facts(rule)},
    )


def _check_seen(rule: Rule, seen: int) -> None:
    if rule.version != seen:
        raise StaleRule


def _check_name(name: str, own_id: int | None) -> None:
    if _is_taken(name, own_id):
        raise UnfitRule(_("Another rule has this name. Give this one a name of its own."), "name")


def _is_taken(name: str, own_id: int | None = None) -> bool:
    others = db.session.execute(select(Rule.id, Rule.name))
    return any(one.id != own_id and one.name.casefold() == name.casefold() for one in others)


def _check_room(ready: engine.Rule) -> None:
    """Whether the live rules stay cheap enough for every text once this one is among them."""
    others = [rule for rule in live_rules() if rule.id != ready.id]
    if sum(len(rule.lines) for rule in (ready, *others)) > MOST_LIVE_LINES:
        raise TooManyRules(
            _(
                "All live rules together have %(number)s lines at most. Pause one first.",
                number=grouped(MOST_LIVE_LINES),
            )
        )
    if sum(rule.size for rule in (ready, *others)) > LARGEST_LIVE:
        raise TooManyRules(
            _(
                "The patterns of all live rules together would take too long for each text. Pause "
                "another rule with patterns first, or make the repetitions in this one smaller."
            )
        )
