"""`flask demo`: the demo's blog, people and threads, put into an empty database."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import exists, select

from app.cli import demo_desk
from app.cli.demo_desk import Site
from app.config import PROJECT, Settings
from app.domains.accounts import passwords
from app.domains.accounts import services as accounts
from app.domains.accounts.models import Account, Address
from app.domains.accounts.states import Role
from app.domains.answers import services as cards
from app.domains.answers.models import CardLink
from app.domains.answers.states import How
from app.domains.articles import services as articles
from app.domains.articles.models import Article
from app.domains.articles.services import ArticleText
from app.domains.comments import card_counts
from app.domains.comments import services as comments
from app.domains.comments.drafts import Draft, Writer
from app.domains.comments.models import Comment, CommentTag
from app.domains.comments.states import Kind, Status
from app.domains.resources import services as resources
from app.domains.resources.models import Resource
from app.domains.resources.services import ResourceText
from app.domains.tags import services as tags
from app.domains.tags.models import Tag
from app.infra import clock, events
from app.infra.db import db
from app.infra.unit_of_work import unit_of_work
from app.search import gaps, misses, reading, rebuild, stored
from app.search.models import SearchMiss

CONTENT = PROJECT / "app" / "demo"

group = AppGroup("demo", help="The demo's own content.")


@group.command("load")
def load_command() -> None:
    """Fill an empty database with the demo's content."""
    if not load_when_empty():
        raise click.ClickException("The database has content already, so nothing was loaded.")


def load_when_empty() -> bool:
    """Load the demo where there is nobody yet; whether it was loaded. All of it or nothing."""
    if db.session.scalar(select(exists().where(Account.id.is_not(None)))):
        return False
    with unit_of_work():
        Loader(clock.now()).load()
    card_counts.count_all()
    rebuild.reindex_all()
    reading.read_waiting()
    stored.look_again()
    gaps.look_again()
    return True


def people() -> list[dict[str, str]]:
    """The demo's accounts as they stand in the file, passwords included."""
    return list(_toml("people.toml")["account"])


@dataclass(slots=True)
class Loader:
    """Everything that was made so far, by the keys that the files use."""

    now: datetime
    accounts: dict[str, Account] = field(default_factory=dict)
    guests: dict[str, tuple[str, Address]] = field(default_factory=dict)
    tags: dict[str, Tag] = field(default_factory=dict)
    articles: dict[str, Article] = field(default_factory=dict)
    comments: dict[str, Comment] = field(default_factory=dict)
    held: list[tuple[Comment, Account | None]] = field(default_factory=list)

    def load(self) -> None:
        """Load the files in the order in which they need each other."""
        self._people()
        self._library()
        for path in sorted((CONTENT / "articles").glob("*.md")):
            self._article(path)
        threads = sorted((CONTENT / "threads").glob("*.toml"))
        with click.progressbar(threads, label="Loading the demo") as steps:
            for path in steps:
                self._threads(path)
        for entry in _toml("cards.toml")["card"]:
            self._card(entry)
        self._desk()
        events.forget()  # nobody is mailed about old times, and all of it is indexed at the end

    def _desk(self) -> None:
        """What moderators wrote and did, in the order in which the checks want to know of it."""
        guests = {key: address for key, (_, address) in self.guests.items()}
        site = Site(self.now, self.accounts, guests, self.tags, self.comments)
        content = _toml("desk.toml")
        demo_desk.write_rules(site, _toml("rules.toml")["rule"])
        demo_desk.take_measures(site, content["measure"])
        self._screen()
        demo_desk.remember_decisions(site)
        demo_desk.fill_desk(site, content)
        self._searches(content["missed"])

    def _searches(self, missed: list[dict[str, Any]]) -> None:
        """What was looked for in vain, as it would have been counted."""
        for entry in missed:
            last = self.now - timedelta(days=entry["days_ago"])
            asked = misses.words_of(entry["words"])
            db.session.add(
                SearchMiss(asked=asked, times=entry["times"], first_at=last, last_at=last)
            )

    def _people(self) -> None:
        settings: Settings = current_app.extensions["settings"]
        for person in people():
            self.accounts[person["username"]] = accounts.create_staff(
                name=person["name"],
                email=person["email"],
                password_hash=passwords.hash_password(person["password"], settings.password_cost),
                role=Role(person["role"]),
                username=person["username"],
                bio=person.get("bio", ""),
            )
        for guest in _toml("people.toml")["guest"]:
            address = accounts.claim_address(guest["email"])
            if guest.get("proven"):
                accounts.prove_address(address)
            self.guests[guest["key"]] = (guest["name"].strip(), address)

    def _library(self) -> None:
        for entry in _toml("tags.toml")["tag"]:
            self.tags[entry["slug"]] = tags.create_tag(
                name=entry["name"],
                slug=entry["slug"],
                description=entry["description"],
                synonyms=entry["synonyms"],
            )
        for entry in _toml("resources.toml")["resource"]:
            resources.add_resource(
                ResourceText(
                    title=entry["title"],
                    slug=entry["slug"],
                    kind=entry["kind"],
                    summary=entry["summary"],
                    url=entry.get("url", ""),
                    source=entry.get("body", "").strip(),
                    tag_ids=self._tag_ids(entry["tags"]),
                )
            )

    def _article(self, path: Path) -> None:
        _, front, body = path.read_text(encoding="utf-8").split("+++\n", 2)
        facts = tomllib.loads(front)
        article = articles.draft(
            self.accounts[facts["author"]],
            ArticleText(
                title=facts["title"],
                slug=facts["slug"],
                summary=facts["summary"],
                source=body.strip(),
                tag_ids=self._tag_ids(facts["tags"]),
                comments_open=not facts.get("comments_closed", False),
            ),
        )
        if not facts.get("draft"):
            days = -facts["days_ago"] if "days_ago" in facts else facts["in_days"]
            articles.publish(article, self.now + timedelta(days=days))
        self.articles[facts["slug"]] = article

    def _threads(self, path: Path) -> None:
        article = self.articles[path.stem.partition("-")[2]]
        made: dict[str, Comment] = {}
        for entry in _toml(f"threads/{path.name}").get("comment", []):
            made[entry["key"]] = self._comment(article, entry, made)
        self.comments |= {f"{article.slug}/{key}": comment for key, comment in made.items()}

    def _comment(
        self, article: Article, entry: dict[str, Any], made: dict[str, Comment]
    ) -> Comment:
        kind, _, key = entry["by"].partition(":")
        account = self.accounts[key] if kind == "account" else None
        name, address = self.guests[key] if kind == "guest" else ("", None)
        if article.published_at is None:
            raise click.ClickException(f"{article.slug} has a thread and is a draft.")
        comment = comments.bring_in(
            article,
            made[entry["parent"]] if "parent" in entry else None,
            source=entry["body"].strip(),
            status=Status(entry["status"]),
            at=article.published_at + timedelta(hours=entry["hours_after"]),
            account=account,
            address=address,
            name=name,
            kind=Kind(entry["kind"]),
            by_author=account is not None and account.id == article.author_id,
        )
        comment.by_proven = address is not None and address.is_proven
        if "tags" in entry:
            comment.tags = [
                CommentTag(tag_id=tag_id, by_hand=True) for tag_id in self._tag_ids(entry["tags"])
            ]
        comment.reject_reason = entry.get("reason", "")
        if comment.status in (Status.PENDING, Status.SPAM):
            self.held.append((comment, account))
        return comment

    def _card(self, entry: dict[str, Any]) -> None:
        slugs = entry["resources"]
        behind = db.session.scalars(select(Resource.id).where(Resource.slug.in_(slugs))).all()
        card = cards.create(
            entry["title"],
            entry["body"].strip(),
            self._tag_ids(entry["tags"]),
            behind,
            [self.articles[slug].id for slug in entry.get("articles", ())],
            by=self.accounts[entry["owner"]],
        )
        card.created_at = self.now - timedelta(days=entry["written_days_ago"])
        card.updated_at = self.now - timedelta(
            days=entry.get("updated_days_ago", entry["written_days_ago"])
        )
        for link in entry["questions"]:
            db.session.add(
                CardLink(
                    card=card,
                    comment_id=self.comments[link["of"]].id,
                    how=How(link["how"]),
                    because=link.get("because", ""),
                    by_id=card.owner_id,
                    at=self.now - timedelta(days=link["days_ago"]),
                    helped=False if "no_help" in link else None,
                    helped_at=self._a_day_later(link) if "no_help" in link else None,
                    reason=link.get("no_help", ""),
                )
            )

    def _a_day_later(self, link: dict[str, Any]) -> datetime:
        return self.now - timedelta(days=link["days_ago"] - 1)

    def _screen(self) -> None:
        """Let the rules speak on what waits, now that they can know what else its writers wrote."""
        for comment, account in self.held:
            comments.screen_again(comment, Draft(source=comment.source), Writer(account))

    def _tag_ids(self, slugs: list[str]) -> tuple[int, ...]:
        return tuple(self.tags[slug].id for slug in slugs)


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads((CONTENT / name).read_text(encoding="utf-8"))
