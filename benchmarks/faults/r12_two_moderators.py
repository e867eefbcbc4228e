"""Two moderators decide on the same 200 texts in the same moment; a writer changes one meanwhile

Both have the page before them and send at a barrier: approve against reject, approve against
approve, and approve against the writer's own edit. Each act goes over HTTP to two processes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlalchemy import func, select

from app.domains.comments.models import Comment
from app.domains.comments.states import Status
from app.domains.moderation.queue import counting
from app.domains.moderation.states import Lane
from app.infra import tokens
from app.infra.audit import AuditEntry
from app.infra.db import db
from app.infra.jobs import Job
from app.notifications.states import Mail
from benchmarks.faults import agreement, laying
from benchmarks.faults.clients import Answer, Client
from benchmarks.faults.outcome import Checks, Outcome
from benchmarks.faults.place import Place
from benchmarks.faults.sites import ARTICLES, MODERATORS, Site
from tests.factories import PASSWORD

Act = Callable[[], Answer]
LATE_WORDS = "meanwhile"
EDITED = "Words that no moderator has seen."


def run(place: Place) -> Outcome:
    checks = Checks()
    with place.site() as site:
        server = site.gunicorn(workers=2)  # without a worker: nobody else decides
        first, second = (_moderator(server.port, email) for email in MODERATORS)
        writer = server.client()
        writer.open_form(f"{ARTICLES[0]}/ask")
        ids = laying.waiting(site, place.many(200, 12))
        third = len(ids) // 3
        for number, comment_id in enumerate(ids):
            if number < third:
                acts = [
                    _decides(first, comment_id, "approve"),
                    _decides(second, comment_id, "reject"),
                ]
            elif number < 2 * third:
                acts = [_decides(one, comment_id, "approve") for one in (first, second)]
            else:
                acts = [_decides(first, comment_id, "approve"), _edits(site, writer, comment_id)]
            _check_pair(checks, _at_once(acts))
        with site.inside():
            for comment_id in ids:
                _check_one(checks, comment_id)
            waiting = select(func.count()).where(Comment.status == Status.PENDING)
            shown = counting.lane_counts()[Lane.WAITING]
            checks.same("the desk counts what waits", shown, db.session.scalar(waiting))
        server.stop()
        agreement.check(site, checks)
        site.look(lambda: _check_mails(checks, ids))
        checks.figure(f"{len(ids)} texts, two acts on each at once: one of the two each time")
    return checks.outcome()


def _moderator(port: int, email: str) -> Client:
    client = Client(port)
    client.sign_in(email, PASSWORD)
    return client


def _decides(client: Client, comment_id: int, verb: str) -> Act:
    fields = {"verb": verb, "item": f"{comment_id}:1", "tell": "1"}
    return lambda: client.post("/moderation/decide", dict(fields))


def _edits(site: Site, client: Client, comment_id: int) -> Act:
    nonce = site.look(lambda: db.session.get_one(Comment, comment_id).nonce)
    with site.inside():
        key = tokens.private_key("asked", comment_id, nonce)
    fields = {"body": EDITED, "kind": "comment", "name": "Laid", "email": "laid@example.com"}
    return lambda: client.post(f"/asked/{comment_id}/{key}/edit", dict(fields))


def _at_once(acts: list[Act]) -> list[Answer]:
    barrier = Barrier(len(acts), timeout=60)

    def do(act: Act) -> Answer:
        barrier.wait()
        return act()

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(do, acts))


def _check_pair(checks: Checks, answers: list[Answer]) -> None:
    statuses = Counter(one.status for one in answers)
    checks.same("one of two wins and the other is told", statuses, {303: 1, 409: 1})
    late = [one for one in answers if one.status == 409]
    checks.that("who comes late is told what stands", all(_says_why(one) for one in late))


def _says_why(answer: Answer) -> bool:
    return LATE_WORDS in answer.text or "already" in answer.text or "decided" in answer.text


def _check_one(checks: Checks, comment_id: int) -> None:
    comment = db.session.get_one(Comment, comment_id)
    entries = db.session.scalars(
        select(AuditEntry)
        .where(AuditEntry.subject == "comment", AuditEntry.subject_id == comment_id)
        .order_by(AuditEntry.id)
    ).all()
    decided = [entry for entry in entries if entry.act in ("approve", "reject")]
    checks.that("a text is decided on once at most", len(decided) <= 1, len(decided))
    last = decided[-1].to_state if decided else Status.PENDING
    checks.same("a text stands as the record says", comment.status, last)
    if decided and decided[-1].act == "approve":
        checks.that("nobody publishes words that no moderator saw", EDITED not in comment.source)


def _check_mails(checks: Checks, ids: list[int]) -> None:
    """What is queued for the writers: one mail about a decision, or none."""
    told = Counter(
        payload["comment_id"]
        for payload in db.session.scalars(
            select(Job.payload).where(Job.kind.in_((Mail.APPROVED, Mail.REJECTED)))
        )
    )
    checks.that("mails were queued at all", told)
    checks.none("each writer is told once at most", [one for one in ids if told[one] > 1])
