"""The rules that moderators wrote: those that are live, all of them, and those taken away.

They are changed in `rule_changes`.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from app.domains.screening.errors import UnfitRule
from app.domains.screening.models import Rule
from app.domains.tags.queries import find_tag_by_id
from app.engines.spam import rules as engine
from app.engines.spam.rules import Effect, RuleKind, UnfitLine
from app.infra import admitted, audit
from app.infra.db import db, rows_of
from app.infra.kept.known import known
from app.infra.language import _
from app.infra.saying import say

logger = logging.getLogger(__name__)

NAME_LENGTH = 80
NOTE_LENGTH = 1000
TEXT_LENGTH = engine.MOST_LINES * (engine.LONGEST_LINE + 1)
MOST_RULES = 200
REMOVE = "remove rule"


@dataclass(frozen=True, slots=True)
class RuleText:
    """A rule as it was typed: `lines` one a line, `tag_id` and `note` as the effect needs them."""

    name: str
    kind: RuleKind
    lines: str
    effect: Effect
    tag_id: int | None = None
    note: str = ""


def live_rules() -> tuple[engine.Rule, ...]:
    """The rules that every new text meets, ready to run, never older than the caller's
    transaction. One query where any has changed; a rule is made ready once, as long as it stays
    as it is. One that cannot be run (an old backup, another release) is left out, with an
    error in the log: it must not stop everybody from writing."""
    return known("rules", _read)


def _read() -> tuple[engine.Rule, ...]:
    ready = (_ready(*row) for row in rows_of(_live()))
    return tuple(rule for rule in ready if rule is not None)


@cache
def _live() -> Select[*tuple[Any, ...]]:
    return (
        select(Rule.id, Rule.name, Rule.kind, Rule.effect, Rule.lines, Rule.tag_id, Rule.note)
        .where(Rule.is_live)
        .order_by(Rule.id)
    )


@lru_cache(maxsize=MOST_RULES)
def _ready(
    rule_id: int, name: str, kind: str, effect: str, lines: str, tag_id: int | None, note: str
) -> engine.Rule | None:
    try:
        return engine.Rule(
            rule_id,
            name,
            RuleKind(kind),
            Effect(effect),
            tuple(lines.splitlines()),
            tag_id=tag_id,
            note=note,
        )
    except (UnfitLine, ValueError):
        logger.exception("The rule %d cannot be run; texts pass it by", rule_id)
        return None


def all_rules() -> list[Rule]:
    """Every rule with its tag: the live ones first, then by name."""
    found = db.session.scalars(
        select(Rule)
        .options(joinedload(Rule.tag))
        .order_by(Rule.is_live.desc(), func.lower(Rule.name), Rule.id)
    )
    return list(found)


def find_rule(rule_id: int) -> Rule | None:
    return db.session.get(Rule, rule_id)


def rule_to_change(rule_id: int) -> Rule | None:
    """The rule as it is at this moment, held until the transaction ends."""
    return db.session.get(Rule, rule_id, with_for_update=True, populate_existing=True)


def typed(rule: Rule) -> RuleText:
    """A stored rule as it was typed."""
    return RuleText(
        rule.name, RuleKind(rule.kind), rule.lines, Effect(rule.effect), rule.tag_id, rule.note
    )


def readied(text: RuleText, *, rule_id: int = 0) -> engine.Rule:
    """A rule as it was typed, ready to run. Raises UnfitRule, which names the field."""
    name = admitted.line(text.name, "name", NAME_LENGTH, UnfitRule)
    note = ""
    if text.effect == Effect.RED_FLAG:
        note = admitted.body(text.note.strip(), "note", NOTE_LENGTH, UnfitRule)
    tag_id = text.tag_id if text.effect == Effect.TAG else None
    if text.effect == Effect.TAG and (tag_id is None or find_tag_by_id(tag_id) is None):
        raise UnfitRule(_("Choose the tag that such a text gets."), "tag")
    lines = admitted.body(text.lines, "lines", TEXT_LENGTH, UnfitRule)
    try:
        asked = engine.lines_of(lines)
        if not asked:
            raise UnfitRule(_("Write at least one line of what to watch for."), "lines")
        return engine.Rule(rule_id, name, text.kind, text.effect, asked, tag_id=tag_id, note=note)
    except UnfitLine as unfit:
        raise UnfitRule(say(unfit.said), "lines") from unfit


def find_removal(entry_id: int) -> audit.AuditEntry | None:
    """The row in the record that says that a rule was removed."""
    return db.session.scalar(
        select(audit.AuditEntry).where(
            audit.AuditEntry.id == entry_id,
            audit.AuditEntry.subject == "rule",
            audit.AuditEntry.act == REMOVE,
        )
    )


def removals(limit: int = 5) -> list[audit.AuditEntry]:
    """The rules removed last of which none of the same name is there."""
    names = set(db.session.scalars(select(Rule.name)))
    found = db.session.scalars(
        select(audit.AuditEntry)
        .where(audit.AuditEntry.subject == "rule", audit.AuditEntry.act == REMOVE)
        .order_by(audit.AuditEntry.id.desc())
        .limit(20)
    )
    latest: dict[str, audit.AuditEntry] = {}
    for entry in found:
        latest.setdefault(entry.detail["before"]["name"], entry)
    return [entry for name, entry in latest.items() if name not in names][:limit]
