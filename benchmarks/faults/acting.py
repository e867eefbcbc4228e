"""One who acts at random on texts of their own, and the model that says what must come of it."""

from __future__ import annotations

import hashlib
import random
import re
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test
from sqlalchemy import select

from app.domains.comments import me_too
from app.domains.comments.models import Comment
from app.infra import jobs
from app.infra.db import db
from app.search import queries as search
from benchmarks.faults.clients import Answer, Client, comment
from benchmarks.faults.sites import ARTICLES, MODERATORS, Site
from tests.factories import PASSWORD

STORIES = 4
"""So many at a time; hypothesis begins each time with the plainest."""
MOST_STEPS, FEWEST_STEPS = 50, 15
"""Acts between two looks at all that they were done to."""
BECOMES = {
    "approve": "approved", "reject": "rejected", "spam": "spam", "hold": "pending",
    "delete": "deleted",
}  # fmt: skip
NEVER = {"withdrawn": {"approve", "reject", "spam", "hold"}}
"""What a writer took back is only deleted; every other text becomes whatever it is not yet."""
_PRIVATE = re.compile(r"/asked/(\d+)/([\w-]+)")


class Disagrees(Exception):
    """The site and the model say different things."""


@dataclass
class Text:
    """What the model knows of one text."""

    private: str
    kind: str
    word: str
    """It stands in no other text."""
    status: str
    votes: set[int] = field(default_factory=set)


@dataclass(frozen=True)
class Acted:
    """What one of them did: which texts are public at the end and which are not, what was
    otherwise than the model says, and a fingerprint of all acts and what came of them."""

    acts: int
    public: list[int]
    hidden: list[int]
    wrong: list[str]
    digest: str


class Actor:
    """Where one acts: a guest, two moderators, and all texts that they have made so far."""

    def __init__(self, site: Site, port: int, number: int) -> None:
        self.site, self.number = site, number
        self.acts = 0
        self.texts: dict[int, Text] = {}
        self.digest = hashlib.sha256()
        self.guest = Client(port)
        self.guest.open_form(f"{ARTICLES[0]}/ask")
        self.moderators = [Client(port) for _ in MODERATORS]
        for client, email in zip(self.moderators, MODERATORS, strict=True):
            client.sign_in(email, PASSWORD)

    def did(self, what: str, answer: Answer, *, taken: bool) -> None:
        """Note an act; fails where it was taken and should not have been, or the other way."""
        self.acts += 1
        self.digest.update(f"{what} {taken}\n".encode())
        if answer.is_acked != taken or answer.status >= 500:
            raise Disagrees(f"{what} was answered by {answer.status}")

    def ask(self, query: Callable[[], Any]) -> Any:
        with self.site.program.app_context():
            try:
                return query()
            finally:
                db.session.remove()

    def status_of(self, number: int) -> tuple[str, int]:
        row = select(Comment.status, Comment.version).where(Comment.id == number)
        found = self.ask(lambda: db.session.execute(row).one())
        return str(found[0]), int(found[1])


def act(url: str, folder: str, port: int, number: int, acts: int) -> Acted:
    """Do so many acts, in stories of a few dozen; for a process of its own."""
    actor = Actor(Site(url, Path(folder)), port, number)
    wrong: list[str] = []
    story = 0
    while actor.acts < acts and not wrong:
        story += 1
        machine = seed(1_000 * number + story)(type("Acts", (Acts,), {"actor": actor}))
        try:
            run_state_machine_as_test(machine, settings=_settings(acts))
        except Exception as fault:  # noqa: BLE001  (whatever it was is told in the table)
            traceback.print_exc()
            wrong.append(f"{type(fault).__name__}: {fault}"[:300])
    public = [one for one, text in actor.texts.items() if text.status == "approved"]
    hidden = sorted(actor.texts.keys() - set(public))
    return Acted(actor.acts, public, hidden, wrong, actor.digest.hexdigest())


def _settings(acts: int) -> settings:
    return settings(
        max_examples=STORIES,
        stateful_step_count=min(max(acts // STORIES, FEWEST_STEPS), MOST_STEPS),
        database=None,
        deadline=None,
        phases=[Phase.generate],  # a story told again has other texts: nothing is made shorter
        suppress_health_check=list(HealthCheck),
    )


class Acts(RuleBasedStateMachine):
    """A story about some texts; at its end all of them are looked at."""

    actor: Actor

    def __init__(self) -> None:
        super().__init__()
        self.mine: dict[int, Text] = {}

    @rule(kind=st.sampled_from(["question", "question", "comment"]), where=st.integers(0, 2))
    def post(self, kind: str, where: int) -> None:
        self._sent(f"{ARTICLES[where]}/ask", kind)

    @precondition(lambda self: self.mine)
    @rule(at=st.integers(0, 99))
    def reply(self, at: int) -> None:
        number, parent = self._one(at)
        self._sent(f"/comments/{number}/reply", "comment", taken=parent.status == "approved")

    @precondition(lambda self: self.mine)
    @rule(at=st.integers(0, 99))
    def edit(self, at: int) -> None:
        number, text = self._one(at)
        waits = text.status == "pending"
        word = self._word()
        fields = {"body": f"{word} is what it says by now.", "kind": text.kind}
        answer = self.actor.guest.post(f"/asked/{number}/{text.private}/edit", fields)
        self.actor.did(f"edit {self._place(number)}", answer, taken=waits)
        if waits:
            text.word = word

    @precondition(lambda self: self.mine)
    @rule(at=st.integers(0, 99), verb=st.sampled_from([*BECOMES, "approve"]), by=st.integers(0, 1))
    def decide(self, at: int, verb: str, by: int) -> None:
        number, text = self._one(at)
        _, version = self.actor.status_of(number)
        allowed = text.status != BECOMES[verb] and verb not in NEVER.get(text.status, ())
        fields = {"verb": verb, "item": f"{number}:{version}"}
        answer = self.actor.moderators[by].post("/moderation/decide", fields)
        self.actor.did(f"{verb} {self._place(number)}", answer, taken=allowed)
        if allowed:
            text.status = BECOMES[verb]

    @precondition(lambda self: any(one.status == "deleted" for one in self.mine.values()))
    @rule(at=st.integers(0, 99), verb=st.sampled_from(["approve", "hold"]))
    def restore(self, at: int, verb: str) -> None:
        deleted = [one for one, text in self.mine.items() if text.status == "deleted"]
        self.decide(list(self.mine).index(deleted[at % len(deleted)]), verb, 0)

    @precondition(lambda self: self.mine)
    @rule(at=st.integers(0, 99))
    def withdraw(self, at: int) -> None:
        number, text = self._one(at)
        stands = text.status in ("pending", "approved")
        answer = self.actor.guest.post(f"/asked/{number}/{text.private}/withdraw", {})
        self.actor.did(f"withdraw {self._place(number)}", answer, taken=stands)
        if stands:
            text.status = "withdrawn"

    @precondition(lambda self: self.mine)
    @rule(at=st.integers(0, 99), by=st.integers(0, 1), back=st.booleans())
    def vote(self, at: int, by: int, *, back: bool) -> None:
        number, text = self._one(at)
        counts = text.kind == "question" and text.status == "approved"
        path = f"/questions/{number}/{'not-me-too' if back else 'me-too'}"
        answer = self.actor.moderators[by].post(path, {})
        self.actor.did(f"vote {self._place(number)} {by} {back}", answer, taken=counts)
        if counts:
            (text.votes.discard if back else text.votes.add)(by)

    def teardown(self) -> None:
        """Everything about these texts is as the model has it."""
        self.actor.texts.update(self.mine)
        self.actor.ask(_react)
        votes = self.actor.ask(lambda: me_too.people(self.mine))
        for number, text in self.mine.items():
            status, _ = self.actor.status_of(number)
            public = text.status == "approved"
            self._same(number, "its state", status, text.status)
            self._same(number, "its votes", votes[number] - 1, len(text.votes))
            page = self.actor.guest.get(f"/comments/{number}")
            self._same(number, "has a page", page.status in (200, 301, 302, 308), public)
            if text.kind == "question":
                found = self.actor.ask(lambda word=text.word: search.search(word).total)
                self._same(number, "is found", found, int(public))

    def _same(self, number: int, what: str, found: object, wanted: object) -> None:
        text = self.mine[number]
        if found != wanted:
            raise Disagrees(f"{number} {text}: {what}: {found!r} in place of {wanted!r}")

    def _one(self, at: int) -> tuple[int, Text]:
        return list(self.mine.items())[at % len(self.mine)]

    def _place(self, number: int) -> int:
        """Ids differ from run to run, the order in which texts were made does not."""
        return len(self.actor.texts) + list(self.mine).index(number)

    def _word(self) -> str:
        return f"w{self.actor.number}x{self.actor.acts}"

    def _sent(self, path: str, kind: str, *, taken: bool = True) -> None:
        word = self._word()
        chance = random.Random(word)  # noqa: S311  (the same texts at every run)
        fields = comment(word, chance, kind=kind)
        answer = self.actor.guest.post(path, fields, key=word)
        self.actor.did(f"{kind} {taken}", answer, taken=taken)
        if not taken:
            return
        found = _PRIVATE.search(answer.location)
        if found is None:
            raise Disagrees(f"a text led to {answer.location}")
        status, _ = self.actor.status_of(int(found[1]))
        if status not in ("pending", "spam"):
            raise Disagrees(f"a newcomer's text is {status}")
        self.mine[int(found[1])] = Text(found[2], kind, word, status)


def _react() -> None:
    """What follows from the acts has happened, whoever did it."""
    while jobs.react():
        continue
