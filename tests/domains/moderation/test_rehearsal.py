"""What a rehearsal counts, what it leaves out, and that it only looks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.domains.accounts.states import Role
from app.domains.articles.models import Article
from app.domains.comments.models import Comment
from app.domains.comments.states import Status
from app.domains.moderation import rehearsal
from app.domains.moderation.rehearsal import rehearse
from app.domains.screening.errors import WideRule
from app.engines.spam.rules import Effect, Rule, RuleKind
from app.infra.audit import AuditEntry
from app.infra.db import db
from tests.factories import make_account, make_address, make_article, make_comment, make_tag

START = datetime(2026, 3, 1, tzinfo=UTC)


def rule(*lines: str, kind: RuleKind = RuleKind.PHRASE) -> Rule:
    return Rule(0, "Tried", kind, Effect.HOLD, lines or ("casino",))


@pytest.fixture
def article(app: Flask) -> Article:
    return make_article()


def decided(text: str, status: str, article: Article, **others: Any) -> Comment:
    others.setdefault("decided_at", START + timedelta(minutes=others.pop("minute", 0)))
    return make_comment(text, status=status, article=article, **others)


def test_what_was_let_in_is_the_cost_and_what_was_not_the_gain(article: Article) -> None:
    kept = decided("A casino of the knee.", Status.APPROVED, article)
    decided("Fine.", Status.APPROVED, article)
    decided("Fine, too.", Status.APPROVED, article)
    for status in (Status.REJECTED, Status.SPAM, Status.DELETED):
        decided("Best CASINO here", status, article)
    decided("Rude.", Status.REJECTED, article)

    seen = rehearse(rule(), 200)

    assert (seen.looked_at, seen.approved, seen.cost) == (7, 3, 1)
    assert (seen.turned_down, seen.gain) == (4, 3)
    assert next(met.comment_id for met in seen.shown) == kept.id
    assert {met.line for met in seen.shown} == {"casino"}
    assert not seen.is_wide


def test_what_waits_or_was_taken_back_is_not_looked_at(article: Article) -> None:
    make_comment("casino", status=Status.PENDING, article=article)
    decided("casino", Status.WITHDRAWN, article)
    make_comment("casino", status=Status.SPAM, article=article)  # nobody decided so
    assert rehearse(rule(), 200).looked_at == 0


def test_texts_of_the_staff_are_left_out(article: Article) -> None:
    for role in (Role.MODERATOR, Role.AUTHOR, Role.ADMIN):
        decided("casino", Status.APPROVED, article, account=make_account(role))
    decided("casino", Status.APPROVED, article, by_author=True)
    decided("casino", Status.APPROVED, article, account=make_account(Role.READER))
    assert rehearse(rule(), 200).looked_at == 1


def test_the_texts_decided_last_are_looked_at(
    article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    for minute in range(5):
        text = "casino" if minute < 2 else "fine"
        decided(text, Status.APPROVED, article, minute=minute)
    assert rehearse(rule(), 3).cost == 0
    assert rehearse(rule(), 4).cost == 1


def test_published_texts_that_nobody_decided_on_fill_the_rest(article: Article) -> None:
    decided("fine", Status.APPROVED, article)
    for _ in range(3):
        make_comment("casino", article=article)
    seen = rehearse(rule(), 3)
    assert (seen.looked_at, seen.undecided, seen.cost) == (3, 2, 2)


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        (RuleKind.PATTERN, "cas.no"),
        (RuleKind.HOST, "example.org"),
        (RuleKind.ADDRESS, "*@spam.example"),
        (RuleKind.NETWORK, "203.0.113.0/24"),
    ],
)
def test_every_kind_of_rule_is_rehearsed(article: Article, kind: RuleKind, line: str) -> None:
    decided(
        "casino: [here](https://www.example.org/x)",
        Status.SPAM,
        article,
        address=make_address("bo@spam.example"),
        network="203.0.113.0/24",
    )
    decided("Fine.", Status.SPAM, article, network="198.51.100.0/24")
    assert rehearse(rule(line, kind=kind), 200).gain == 1


@pytest.mark.parametrize("line", ["203.0.113.7", "203.0.113.64/26", "2001:db8:1:2::/64"])
def test_a_narrow_network_is_rehearsed_on_the_network_that_is_kept(
    article: Article, line: str
) -> None:
    decided("One.", Status.SPAM, article, network="203.0.113.0/24")
    decided("Two.", Status.SPAM, article, network="2001:db8:1::/48")
    decided("Three.", Status.SPAM, article, network=None)
    assert rehearse(rule(line, kind=RuleKind.NETWORK), 200).gain == 1


def test_a_moderator_of_a_section_sees_only_texts_of_it(article: Article) -> None:
    tag = make_tag("hip")
    own = decided("casino", Status.APPROVED, make_article(tags=[tag]))
    decided("casino", Status.APPROVED, article)
    seen = rehearse(rule(), 200, within={tag.id})
    assert [met.comment_id for met in seen.shown] == [own.id]


def test_a_rehearsal_writes_nothing(article: Article) -> None:
    comment = decided("casino", Status.APPROVED, article)
    rehearse(rule(), 200)
    assert not db.session.dirty
    assert not db.session.new
    assert db.session.scalar(select(func.count()).select_from(AuditEntry)) == 0
    assert db.session.get_one(Comment, comment.id, populate_existing=True).version == 1


def test_a_rule_that_meets_everything_asks_for_a_second_yes(article: Article) -> None:
    decided("One.", Status.APPROVED, article)
    decided("Two.", Status.SPAM, article)
    everything = rule(".", kind=RuleKind.PATTERN)
    with pytest.raises(WideRule, match="every text: all of the 2 decided last"):
        rehearsal.check(everything, sure=False)
    rehearsal.check(everything, sure=True)


def test_a_rule_that_meets_most_of_what_stands_asks_for_a_second_yes(article: Article) -> None:
    for text in ("casino", "casino", "fine", "rude"):
        status = Status.SPAM if text == "rude" else Status.APPROVED
        decided(text, status, article)
    with pytest.raises(WideRule, match="2 of 3 texts that were let in"):
        rehearsal.check(rule(), sure=False)


def test_half_of_what_stands_is_not_more_than_half(article: Article) -> None:
    for text in ("casino", "fine", "fine", "casino"):
        decided(text, Status.APPROVED, article)
    rehearsal.check(rule(), sure=False)


def test_with_nothing_decided_nothing_is_wide(app: Flask) -> None:
    assert not rehearse(rule(".", kind=RuleKind.PATTERN), 200).is_wide


def test_a_rehearsal_ends_when_its_time_is_up(
    article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    for minute in range(4):
        decided("casino", Status.APPROVED, article, minute=minute)
    monkeypatch.setattr(rehearsal, "BETWEEN_LOOKS", 2)
    monkeypatch.setattr(rehearsal, "SECONDS", -1)
    seen = rehearse(rule(), 200)
    assert (seen.cut, seen.looked_at) == (True, 2)


def test_long_lists_are_counted_whole_and_shown_in_part(
    article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rehearsal, "SHOWN", 2)
    for _ in range(4):
        decided("casino", Status.APPROVED, article)
    seen = rehearse(rule(), 200)
    assert (seen.cost, len(seen.shown)) == (4, 2)


def test_the_number_of_queries_does_not_grow(article: Article, count_queries: Callable) -> None:
    for _ in range(12):
        decided("casino", Status.APPROVED, article)
    with count_queries() as counted:
        rehearse(rule(), 5_000)
    assert counted.total == 2
