"""Fifty acts at once on one thread, a hundred times: replies, approvals, deletions, withdrawals

Guests and the author reply to whatever stands there, moderators decide and undo, writers take back,
all in the same moments. After each round the pages are looked at by a reader.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from sqlalchemy import select

from app.domains.comments.models import Comment
from app.domains.comments.states import Kind, Status
from app.infra import tokens
from app.infra.db import db
from app.infra.jobs import Job
from app.notifications.states import Mail
from benchmarks.faults import agreement, laying
from benchmarks.faults.clients import Answer, Client, comment
from benchmarks.faults.outcome import Checks, Outcome
from benchmarks.faults.place import Place
from benchmarks.faults.sites import ARTICLES, AUTHOR, MODERATORS, Site
from tests.factories import PASSWORD

AT_ONCE = 50
LOOKED_AT = 10
VERBS = ("approve", "approve", "approve", "delete", "spam", "reject", "hold")
_SHOWN = re.compile(r'<article class="remark[^>]*id="comment-(\d+)"')
_GONE = re.compile(r'<div class="gone" id="comment-(\d+)"')


@dataclass(frozen=True)
class Found:
    """A text as it stands between two rounds."""

    id: int
    parent_id: int | None
    status: str
    version: int
    nonce: str


@dataclass
class People:
    moderators: list[Client]
    author: Client
    guests: list[Client]


def run(place: Place) -> Outcome:
    checks = Checks()
    chance = random.Random(13)  # noqa: S311  (the same acts at every run)
    seen: Counter[int] = Counter()
    with place.site() as site:
        server = site.serve()
        people = _people(server.port)
        (root,) = laying.published(site, 1, kind=Kind.QUESTION, name="root")
        for number in range(place.many(100, 4)):
            found = site.look(lambda: _thread(root))
            with ThreadPoolExecutor(AT_ONCE) as threads:
                acts = [
                    threads.submit(_act, site, people, chance.choice(found), random.Random(), key)  # noqa: S311
                    for key in (f"tree-{number}-{one}" for one in range(place.many(AT_ONCE, 20)))
                ]
                seen.update(act.result().status for act in acts)
            _look(site, checks, Client(server.port), root, chance)
            if number % 10 == 9:
                place.tell(f"{number + 1} rounds")
        server.stop()
        agreement.check(site, checks)
        site.look(lambda: _check_mails(checks))
        total = len(site.look(lambda: _thread(root)))
    checks.none("no act is answered by an error", {code for code in seen if code >= 500})
    told = ", ".join(f"{times} by {code}" for code, times in sorted(seen.items()))
    checks.figure(f"{sum(seen.values())} acts, answered {told}; {total} texts in the thread")
    return checks.outcome()


def _people(port: int) -> People:
    moderators = [Client(port) for _ in MODERATORS]
    for client, email in zip(moderators, MODERATORS, strict=True):
        client.sign_in(email, PASSWORD)
    author = Client(port)
    author.sign_in(AUTHOR, PASSWORD)
    guests = [Client(port) for _ in range(4)]
    for guest in guests:
        guest.open_form(f"{ARTICLES[0]}/ask")
    return People(moderators, author, guests)


def _act(site: Site, people: People, at: Found, chance: random.Random, key: str) -> Answer:
    kind = chance.randrange(10)
    if kind < 3:
        fields = comment(key, chance)
        return chance.choice(people.guests).post(f"/comments/{at.id}/reply", fields, key=key)
    if kind < 5:
        fields = comment(key, chance)
        return people.author.post(f"/comments/{at.id}/reply", fields, key=key)
    if kind < 9 and at.parent_id is not None:
        fields = {"verb": chance.choice(VERBS), "item": f"{at.id}:{at.version}"}
        return chance.choice(people.moderators).post("/moderation/decide", fields)
    if at.parent_id is None:
        return chance.choice(people.guests).get(f"/comments/{at.id}")
    with site.program.app_context():
        private = tokens.private_key("asked", at.id, at.nonce)
    return chance.choice(people.guests).post(f"/asked/{at.id}/{private}/withdraw", {})


def _thread(root: int) -> list[Found]:
    columns = (Comment.id, Comment.parent_id, Comment.status, Comment.version, Comment.nonce)
    mine = (Comment.id == root) | (Comment.root_id == root)
    return [Found(*row) for row in db.session.execute(select(*columns).where(mine))]


def _look(site: Site, checks: Checks, reader: Client, root: int, chance: random.Random) -> None:
    """What a reader sees: published texts, under what they answer or under a line that says that it
    is gone; never one that is hidden."""
    found = {one.id: one for one in site.look(lambda: _thread(root))}
    public = {one.id for one in found.values() if one.status == Status.APPROVED}
    for comment_id in chance.sample(sorted(found), min(LOOKED_AT, len(found))):
        page = reader.get(f"/comments/{comment_id}")
        wanted = (200, 301) if comment_id in public else (404,)
        checks.that("a text has a page while it is published", page.status in wanted, page.status)
        if page.status != 200:
            continue
        shown = set(map(int, _SHOWN.findall(page.text)))
        gone = set(map(int, _GONE.findall(page.text)))
        checks.none("nothing hidden is shown", shown - public)
        checks.none("nothing public is called gone", gone & public)
        checks.that("the text itself is on its page", comment_id in shown, comment_id)


def _check_mails(checks: Checks) -> None:
    """About one reply each person above it hears once."""
    kinds = (Mail.REPLIED, Mail.ANSWERED)
    told = Counter(
        (payload["comment_id"], payload["to_id"])
        for payload in db.session.scalars(select(Job.payload).where(Job.kind.in_(kinds)))
    )
    checks.none("about a reply nobody is told twice", [one for one in told if told[one] > 1])
