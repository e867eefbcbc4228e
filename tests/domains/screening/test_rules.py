"""Rules as moderators keep them: taken or refused, live or not, and every change on record."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.domains.accounts.models import Account
from app.domains.accounts.states import Role
from app.domains.screening import rule_changes, rules
from app.domains.screening.errors import RuleIsBack, StaleRule, TooManyRules, UnfitRule
from app.domains.screening.models import Rule
from app.domains.screening.rules import RuleText
from app.engines.spam.rules import Effect, RuleKind, Subject, matches
from app.infra.audit import AuditEntry
from app.infra.db import db
from app.infra.language import LANGUAGES, Manner, speaking
from tests.factories import make_account, make_tag


def text(**changes: Any) -> RuleText:
    facts: dict[str, Any] = {
        "name": "Numbness",
        "kind": RuleKind.PHRASE,
        "lines": "numb*\npins and needles",
        "effect": Effect.RED_FLAG,
        "note": "Please see a doctor.",
    }
    return RuleText(**{**facts, **changes})


@pytest.fixture
def by(app: Flask) -> Account:
    return make_account(Role.MODERATOR)


def last_entry() -> AuditEntry:
    return db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()  # type: ignore[return-value]


def found(source: str) -> list[str]:
    return [match.line for match in matches(rules.live_rules(), Subject(source))]


def test_a_new_rule_is_not_live(by: Account) -> None:
    rule_changes.create(text(), by=by)
    assert found("It is numb.") == []


def test_a_live_rule_is_run_with_all_that_it_says(by: Account) -> None:
    rule = rule_changes.create(text(), by=by)
    rule_changes.start(rule, seen=1, by=by)
    (match,) = matches(rules.live_rules(), Subject("It is numb."))
    assert (match.rule_id, match.effect, match.note) == (
        rule.id,
        Effect.RED_FLAG,
        "Please see a doctor.",
    )


def test_a_changed_rule_is_run_as_it_is_now(by: Account) -> None:
    rule = rule_changes.create(text(), by=by)
    rule_changes.start(rule, seen=1, by=by)
    assert found("numb, tingling") == ["numb*"]
    rule_changes.save(rule, text(lines="tingling"), seen=2, by=by)
    assert found("numb, tingling") == ["tingling"]


def test_a_paused_rule_is_not_run(by: Account) -> None:
    rule = rule_changes.create(text(), by=by)
    rule_changes.start(rule, seen=1, by=by)
    rule_changes.pause(rule, seen=2, by=by)
    assert found("numb") == []


def test_the_live_rules_are_one_query(by: Account, count_queries: Callable) -> None:
    for number in range(5):
        rule = rule_changes.create(text(name=f"Rule {number}"), by=by)
        rule_changes.start(rule, seen=1, by=by)
    with count_queries() as counted:
        assert len(rules.live_rules()) == 5
    assert counted.total == 1


def test_a_stored_rule_that_cannot_be_run_stops_nobody(
    by: Account, caplog: pytest.LogCaptureFixture
) -> None:
    good = rule_changes.create(text(), by=by)
    rule_changes.start(good, seen=1, by=by)
    rules._ready.cache_clear()  # what cannot be run is told once
    broken = Rule(name="Old", kind="pattern", lines="(a", effect="hold", is_live=True)
    db.session.add(broken)
    db.session.flush()
    assert found("numb") == ["numb*"]
    assert f"The rule {broken.id} cannot be run" in caplog.text


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"lines": "\n \n"}, "lines"),
        ({"lines": "!!"}, "lines"),
        ({"kind": RuleKind.PATTERN, "lines": "(a"}, "lines"),
        ({"kind": RuleKind.PATTERN, "lines": r"(a)\1"}, "lines"),
        ({"kind": RuleKind.NETWORK, "lines": "everywhere"}, "lines"),
        ({"lines": "x" * 201}, "lines"),
        ({"lines": "\n".join(map(str, range(501)))}, "lines"),
        ({"note": "x" * 1001}, "note"),
        ({"effect": Effect.TAG}, "tag"),
        ({"effect": Effect.TAG, "tag_id": 987}, "tag"),
    ],
)
def test_what_no_rule_can_have_is_refused_at_its_field(
    by: Account, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(UnfitRule) as refused:
        rule_changes.create(text(**changes), by=by)
    assert refused.value.field == field


def test_s08_a_pattern_that_cannot_be_compiled_is_refused_with_where_and_why(by: Account) -> None:
    with pytest.raises(UnfitRule, match=r"“\(a”.*character 1.*opened and not closed"):
        rule_changes.create(text(kind=RuleKind.PATTERN, lines="ok\n(a"), by=by)


def test_what_is_wrong_with_a_line_is_said_in_the_language_of_who_typed_it(by: Account) -> None:
    with (
        speaking(Manner(LANGUAGES["de"])),
        pytest.raises(UnfitRule, match=r"^Die Zeile „\(a“ .* wegen „\(a“ bei Zeichen 1 .*Klammer"),
    ):
        rules.readied(text(kind=RuleKind.PATTERN, lines="(a"))


def test_two_rules_do_not_have_one_name(by: Account) -> None:
    rule_changes.create(text(name="Äpfel"), by=by)
    with pytest.raises(UnfitRule, match="Another rule"):
        rule_changes.create(text(name="äpfel"), by=by)


def test_a_tag_and_a_note_stay_only_where_the_effect_needs_them(by: Account) -> None:
    tag = make_tag("hip")
    rule = rule_changes.create(text(effect=Effect.TAG, tag_id=tag.id), by=by)
    assert (rule.tag_id, rule.note) == (tag.id, "")
    rule_changes.save(rule, text(tag_id=tag.id), seen=1, by=by)
    assert (rule.tag_id, rule.note) == (None, "Please see a doctor.")


def test_every_change_stands_in_the_record_with_before_and_after(by: Account) -> None:
    rule = rule_changes.create(text(), by=by)
    assert last_entry().detail["after"]["lines"] == "numb*\npins and needles"
    rule_changes.save(rule, text(lines="numb"), seen=1, by=by)
    entry = last_entry()
    assert (entry.act, entry.subject, entry.subject_id) == ("edit rule", "rule", rule.id)
    assert entry.detail["before"]["lines"] == "numb*\npins and needles"
    assert entry.detail["after"]["lines"] == "numb"
    rule_changes.start(rule, seen=2, by=by)
    assert (last_entry().from_state, last_entry().to_state) == ("paused", "live")
    rule_changes.pause(rule, seen=3, by=by)
    assert (last_entry().from_state, last_entry().to_state) == ("live", "paused")


def test_saving_nothing_new_changes_nothing(by: Account) -> None:
    rule = rule_changes.create(text(), by=by)
    before = last_entry().id
    rule_changes.save(rule, text(), seen=1, by=by)
    assert (rule.version, last_entry().id) == (1, before)


def test_a_stale_page_changes_nothing(by: Account) -> None:
    rule = rule_changes.create(text(), by=by)
    rule_changes.save(rule, text(lines="tingling"), seen=1, by=by)
    for act in (
        lambda: rule_changes.save(rule, text(), seen=1, by=by),
        lambda: rule_changes.start(rule, seen=1, by=by),
        lambda: rule_changes.pause(rule, seen=1, by=by),
        lambda: rule_changes.remove(rule, seen=1, by=by),
    ):
        with pytest.raises(StaleRule):
            act()
    assert (rule.lines, rule.is_live) == ("tingling", False)


def test_a_removed_rule_is_put_back_from_the_record_as_it_was_but_not_live(by: Account) -> None:
    tag = make_tag("hip")
    rule = rule_changes.create(text(effect=Effect.TAG, tag_id=tag.id), by=by)
    rule_changes.start(rule, seen=1, by=by)
    before = rules.typed(rule)
    removed = rule_changes.remove(rule, seen=2, by=by)
    assert rules.all_rules() == []
    assert rules.removals() == [removed]

    entry = rules.find_removal(removed.id)
    assert entry is not None
    back = rule_changes.put_back(entry, by=by)

    assert (rules.typed(back), back.is_live) == (before, False)
    assert rules.removals() == []
    with pytest.raises(RuleIsBack):
        rule_changes.put_back(entry, by=by)


def test_only_a_removal_can_be_put_back(by: Account) -> None:
    rule_changes.create(text(), by=by)
    assert rules.find_removal(last_entry().id) is None


def test_s08_all_live_patterns_together_stay_within_a_bound(by: Account) -> None:
    heavy = r"\pL+"
    lines = "\n".join(f"{heavy}{number}" for number in range(2))
    for number in range(2):
        rule = rule_changes.create(
            text(name=f"Heavy {number}", kind=RuleKind.PATTERN, lines=lines), by=by
        )
        rule_changes.start(rule, seen=1, by=by)
    third = rule_changes.create(text(name="Third", kind=RuleKind.PATTERN, lines=lines), by=by)
    with pytest.raises(TooManyRules, match="too long"):
        rule_changes.start(third, seen=1, by=by)
    assert not third.is_live


def test_a_live_rule_cannot_grow_beyond_the_bound(by: Account) -> None:
    many = "\n".join(f"word{number}" for number in range(500))
    for number in range(10):
        rule = rule_changes.create(text(name=f"Long {number}", lines=many), by=by)
        rule_changes.start(rule, seen=1, by=by)
    small = rule_changes.create(text(name="Small"), by=by)
    with pytest.raises(TooManyRules, match="5,000 lines"):
        rule_changes.start(small, seen=1, by=by)


def test_there_is_an_end_to_rules(by: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule_changes, "MOST_RULES", 1)
    rule_changes.create(text(), by=by)
    with pytest.raises(TooManyRules):
        rule_changes.create(text(name="Another"), by=by)
