"""The desk of the demo: rules, reports, measures, what is held, and what was decided before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app.domains.accounts.models import Account, Address
from app.domains.comments import services as comments
from app.domains.comments.drafts import Draft, Writer
from app.domains.comments.models import Comment
from app.domains.comments.states import Status
from app.domains.measures import services as measures
from app.domains.measures.services import About
from app.domains.measures.states import MeasureKind
from app.domains.moderation.queue import holding, saved_views
from app.domains.moderation.queue.wishes import Wish
from app.domains.moderation.reported import reporting, reports
from app.domains.moderation.reported.reporting import Reporter
from app.domains.moderation.services import Verb
from app.domains.screening import rule_changes
from app.domains.screening.rules import RuleText
from app.domains.tags.models import Tag
from app.engines.spam.rules import Effect, RuleKind
from app.infra import audit

Entries = list[dict[str, Any]]
REMEMBERED = timedelta(days=45)
"""How far back the demo's moderators have decided; what is older came in before the desk."""
EVENING = 15
"""The hour from which Ruth sits at the desk; before it, Tomasz does."""


@dataclass(frozen=True, slots=True)
class Site:
    """What the demo's other files made, by the keys that its desk uses."""

    now: datetime
    accounts: Mapping[str, Account]
    guests: Mapping[str, Address]
    tags: Mapping[str, Tag]
    comments: Mapping[str, Comment]

    def reporter(self, by: str) -> Reporter:
        kind, _, key = by.partition(":")
        if kind == "account":
            return Reporter(self.accounts[key])
        if kind == "guest":
            return Reporter(proven=frozenset({self.guests[key].id}))
        return Reporter(browser=key)

    def about(self, who: str) -> About:
        kind, _, key = who.partition(":")
        if kind == "account":
            return About(account=self.accounts[key])
        return About(address=self.guests[key])


def write_rules(site: Site, entries: Entries) -> None:
    """The author's rules, live unless they say otherwise."""
    author = site.accounts["marta"]
    for entry in entries:
        tag = site.tags[entry["tag"]] if "tag" in entry else None
        rule = rule_changes.create(
            RuleText(
                name=entry["name"],
                kind=RuleKind(entry["kind"]),
                lines="\n".join(entry["lines"]),
                effect=Effect(entry["effect"]),
                tag_id=tag.id if tag else None,
                note=entry.get("note", "").strip(),
            ),
            by=author,
        )
        if entry.get("live", True):
            rule_changes.start(rule, seen=rule.version, by=author)


def take_measures(site: Site, entries: Entries) -> None:
    for entry in entries:
        measures.take(
            MeasureKind(entry["kind"]),
            site.about(entry["about"]),
            reason=entry["reason"],
            by=site.accounts[entry["by"]],
            until=site.now + timedelta(days=entry["days"]) if "days" in entry else None,
        )


def remember_decisions(site: Site) -> None:
    """Write down who let in what stands there, each some hours after it came."""
    for comment in site.comments.values():
        is_staffs = comment.account is not None and comment.account.is_staff
        if comment.status not in (Status.APPROVED, Status.REJECTED) or is_staffs:
            continue
        if comment.created_at < site.now - REMEMBERED:
            continue
        # Between ten minutes and nine hours: by its id, so that every demo is the same.
        at = comment.created_at + timedelta(minutes=10 + comment.id * 97 % 530)
        if at >= site.now:
            continue
        comment.decided_at = at
        is_in = comment.status == Status.APPROVED
        entry = audit.write(
            Verb.APPROVE if is_in else Verb.REJECT,
            "comment",
            comment.id,
            by=site.accounts["ruth" if at.hour >= EVENING else "tomasz"],
            from_state=Status.PENDING,
            to_state=comment.status,
            reason=comment.reject_reason,
        )
        entry.at = at


def fill_desk(site: Site, content: Mapping[str, Entries]) -> None:
    """Reports, what is held for a colleague, what is to be looked at again, and saved lists."""
    _screen(site, {entry["text"] for entry in content["report"]})
    for entry in content["report"]:
        comment = site.comments[entry["text"]]
        made = reporting.report(
            comment,
            site.reporter(entry["by"]),
            reason=entry["reason"],
            words=entry.get("words", ""),
        )
        made.at = site.now - timedelta(hours=entry["hours_ago"])
        reports.sum_up(comment)
    for entry in content["held"]:
        comment = site.comments[entry["text"]]
        holding.hold_for(
            comment,
            site.accounts[entry["for"]],
            entry["note"],
            by=site.accounts[entry["by"]],
            version=comment.version,
        )
    for entry in content["recheck"]:
        comment = site.comments[entry["text"]]
        comment.recheck_at = site.now - timedelta(days=entry["days_ago"])
        comment.recheck_reason = entry["reason"]
    for entry in content["view"]:
        wish = Wish(tag=site.tags[entry["tag"]].id if "tag" in entry else None)
        wish = wish.but(older=entry.get("older"))
        saved_views.save(entry["name"], wish, site.accounts[entry["by"]])


def _screen(site: Site, texts: Iterable[str]) -> None:
    """What may be sent back to the desk says there what the checks think of it."""
    for key in sorted(texts):
        comment = site.comments[key]
        comments.screen_again(comment, Draft(source=comment.source), Writer(comment.account))
