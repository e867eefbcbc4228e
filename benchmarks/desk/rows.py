"""The rows of a made-up site: who wrote what under which article, and what became of it."""

from __future__ import annotations

import random
from collections import defaultdict, deque
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from app.domains.comments.states import Kind, Status
from app.domains.comments.texts import fingerprint
from app.engines.spam.features import features
from app.engines.spam.model import TERMS, TEXTS

Row = dict[str, Any]
FIRST = datetime(2021, 1, 1, tzinfo=UTC)
LAST = datetime(2026, 11, 1, tzinfo=UTC)
A_THREAD = 100
"""Comments under one article, as in the sketch that the targets were measured on."""
TAGS = 40
MODERATOR, AUTHOR = 1, 2
PLACED = ((Status.APPROVED, 85), (Status.SPAM, 8), (Status.REJECTED, 4), (Status.DELETED, 3))
COMMON = (
    *("hip", "knee", "glute", "ache", "click", "stretch", "floor", "chair", "squat", "walk"),
    *("morning", "evening", "left", "right", "slowly", "helped", "worse", "better", "since"),
    *("weeks", "months", "physio", "exercise", "hold", "breathe", "foot", "arch", "desk", "the"),
)
SYLLABLES = ("ba", "ke", "li", "mo", "nu", "pra", "sto", "ter", "vin", "zel", "dor", "fan")
RARE_HITS = 60
"""How many texts hold the rare word, at any size; a common one is in a tenth of them."""
RARE, OFTEN = "proprioception", "sciatica"


class Site:
    """`tables` gives name, number of rows and rows, in an order in which they can be loaded."""

    def __init__(self, chance: random.Random, comments: int, waiting: int) -> None:
        self._chance = chance
        self._comments = comments
        self._waiting = waiting
        self._articles = max(comments // A_THREAD, 1)
        self._guests = max(comments // 5, 10)
        self._readers = max(comments // 50, 10)
        self._words = self._vocabulary()

    def of_table(self, name: str) -> tuple[int, Iterator[Row]]:
        """The number of rows of one table, and the rows, whatever was made of the others before."""
        self._chance.seed(name)
        return next((total, rows) for table, total, rows in self.tables() if table == name)

    def tables(self) -> Iterator[tuple[str, int, Iterator[Row]]]:
        people = self._guests + self._readers + 2
        lessons = self._comments // 10
        yield "address", people, self._addresses()
        yield "account", self._readers + 2, self._accounts()
        yield "tag", TAGS, self._tags()
        yield "article", self._articles, self._article_rows()
        yield "article_tag", self._articles * 2, self._article_tags()
        yield "comment", self._comments, self._comment_rows()
        yield "comment_tag", self._comments // 2, self._comment_tags()
        yield "search_document", self._comments // 2, self._documents()
        yield "audit_entry", self._comments - self._waiting, self._entries()
        yield "spam_lesson", lessons, self._lessons(lessons)
        yield "spam_term", 0, self._terms(lessons)

    def _vocabulary(self) -> list[str]:
        """Three thousand words that share no stem with the common ones."""
        return ["".join(self._chance.choices(SYLLABLES, k=3)) for _ in range(3_000)]

    def _text(self) -> str:
        """Some 437 characters."""
        plain = self._chance.choices(COMMON, k=45)
        words = plain + self._chance.choices(self._words, k=28)
        self._chance.shuffle(words)
        if self._chance.random() < 0.1:
            words[3] = OFTEN
        return " ".join(words).capitalize() + "."

    def _status_of(self, number: int, waiting: set[int]) -> Status:
        if number in waiting:
            return Status.PENDING
        states, weights = zip(*PLACED, strict=True)
        return self._chance.choices(states, weights)[0]

    def _at(self, number: int) -> datetime:
        return FIRST + (LAST - FIRST) * (number / self._comments)

    def _comment_rows(self) -> Iterator[Row]:
        newest = range(max(self._comments - self._waiting * 5 // 4, 0) + 1, self._comments + 1)
        waiting = set(self._chance.sample(newest, min(self._waiting, len(newest))))
        step = max(self._comments // RARE_HITS, 1)
        threads: dict[int, deque[Row]] = defaultdict(lambda: deque(maxlen=12))
        for number in range(1, self._comments + 1):
            status = self._status_of(number, waiting)
            place = number // A_THREAD - self._chance.randrange(8)
            article = min(max(place, 0) + 1, self._articles)
            row = self._comment(number, article, status, with_rare_word=number % step == 0)
            above = threads[article]
            if above and self._chance.random() < 0.5:
                parent = self._chance.choice(above)
                row["parent_id"] = parent["id"]
                row["root_id"] = parent["root_id"] or parent["id"]
                row["question_id"] = (
                    parent["id"] if parent["kind"] == Kind.QUESTION else parent["question_id"]
                )
            if status == Status.APPROVED:
                above.append(row)
            threads.pop(number // A_THREAD - 9, None)  # nobody answers under it any more
            self._mark(row, number in newest)
            yield row

    def published(self, number: int, article: int) -> Row:
        """One comment that everyone may read, at the top of a thread."""
        return self._comment(number, article, Status.APPROVED, with_rare_word=False)

    def _comment(self, number: int, article: int, status: Status, *, with_rare_word: bool) -> Row:
        chance, at = self._chance, self._at(number)
        source = self._text() + (f" {RARE}" if with_rare_word else "")
        by_reader = chance.random() < 0.3
        reader = chance.randrange(self._readers) + 3
        address = reader if by_reader else self._readers + 3 + chance.randrange(self._guests)
        kind = Kind.QUESTION if chance.random() < 0.5 else Kind.COMMENT
        decided = status != Status.PENDING and chance.random() < 0.8
        return {
            "id": number,
            "article_id": article,
            "parent_id": None,
            "root_id": None,
            "question_id": None,
            "kind": str(kind),
            "status": str(status),
            "title": source[:80] if kind == Kind.QUESTION else "",
            "account_id": reader if by_reader else None,
            "address_id": address,
            "author_name": f"Reader {reader}" if by_reader else f"Guest {address}",
            "source": source,
            "html": f"<p>{source}</p>",
            "render_version": 1,
            "created_at": at,
            "published_at": at if status == Status.APPROVED else None,
            "decided_at": at + timedelta(hours=chance.random() * 20) if decided else None,
            "verdict": _verdict(chance),
            "text_key": fingerprint(source),
            "version": 2 if decided else 1,
            "nonce": f"{number:032x}",
            "language": "en" if chance.random() < 0.9 else "de",
            "network": "198.51.100.0/24",
            "certainty": chance.random(),
            "people_waiting": 1 + min(int(chance.expovariate(1)), 30),
            "red_flag": False,
            "held_for_id": None,
            "held_note": "",
            "reported_at": None,
            "report_weight": 0,
            "recheck_at": None,
            "recheck_reason": "",
        }

    def _mark(self, row: Row, is_new: bool) -> None:
        """What the smaller lanes hold: a share of what waits, whatever lies behind."""
        if not is_new:
            return
        lot = self._chance.random()
        if row["status"] == Status.PENDING:
            row["red_flag"] = lot < 0.01
            if 0.01 <= lot < 0.03:
                row["held_for_id"], row["held_note"] = MODERATOR, "Please look at this one."
        elif row["status"] == Status.APPROVED and lot < 0.15:
            row["reported_at"], row["report_weight"] = row["created_at"], 3
        elif row["status"] == Status.APPROVED and lot < 0.4:
            row["recheck_at"], row["recheck_reason"] = row["created_at"], "The text changed."

    def _addresses(self) -> Iterator[Row]:
        for number in range(1, self._guests + self._readers + 3):
            email = f"person{number}@example.com"
            proven = FIRST if number <= self._readers + 2 or number % 3 == 0 else None
            yield {
                "id": number,
                "email": email,
                "email_key": email,
                "created_at": FIRST,
                "proven_at": proven,
                "nonce": f"{number:032x}",
            }

    def _accounts(self) -> Iterator[Row]:
        roles = {MODERATOR: "moderator", AUTHOR: "author"}
        for number in range(1, self._readers + 3):
            yield {
                "id": number,
                "username": f"person{number}",
                "name": f"Reader {number}",
                "name_key": f"reader {number}",
                "address_id": number,
                "role": roles.get(number, "reader"),
                "created_at": FIRST,
                "proven_at": FIRST,
            }

    def _tags(self) -> Iterator[Row]:
        for number in range(1, TAGS + 1):
            word = COMMON[number % len(COMMON)]
            yield {"id": number, "slug": f"{word}-{number}", "name": f"{word} {number}"}

    def _article_rows(self) -> Iterator[Row]:
        for number in range(1, self._articles + 1):
            at = self._at(number * A_THREAD - A_THREAD)
            yield {
                "id": number,
                "slug": f"article-{number}",
                "title": f"Article {number}",
                "source": "Stand well.",
                "html": "<p>Stand well.</p>",
                "author_id": AUTHOR,
                "status": "published",
                "created_at": at,
                "published_at": at,
                "updated_at": at,
            }

    def _article_tags(self) -> Iterator[Row]:
        for number in range(1, self._articles + 1):
            for tag in self._chance.sample(range(1, TAGS + 1), 2):
                yield {"article_id": number, "tag_id": tag}

    def _comment_tags(self) -> Iterator[Row]:
        for number in range(1, self._comments + 1, 2):
            tag = self._chance.randrange(TAGS) + 1
            yield {"comment_id": number, "tag_id": tag, "words": "hip"}

    def _documents(self) -> Iterator[Row]:
        for number in range(1, self._comments // 2 + 1):
            text = self._text()
            yield {
                "kind": "question",
                "ref": number,
                "title": text[:80],
                "body": text,
                "tags": "hip",
                "visible_from": self._at(number),
            }

    def _entries(self) -> Iterator[Row]:
        for number in range(1, self._comments - self._waiting + 1):
            yield {
                "id": number,
                "at": self._at(number),
                "actor_id": MODERATOR,
                "actor_name": "Reader 1",
                "act": "approve",
                "subject": "comment",
                "subject_id": number,
                "from_state": "pending",
                "to_state": "approved",
            }

    def _lessons(self, count: int) -> Iterator[Row]:
        for number in range(1, count + 1):
            yield {
                "id": number,
                "comment_id": number,
                "is_spam": number % 10 == 0,
                "source": self._text(),
                "turns": 1,
            }

    def _terms(self, lessons: int) -> Iterator[Row]:
        """What those lessons would have taught, judged by five hundred texts."""
        seen: set[str] = set()
        for _ in range(500):
            seen.update(str(name) for name in features(self._text()))
        yield {"term": TEXTS, "good": lessons * 9 // 10, "spam": lessons // 10}
        yield {"term": TERMS, "good": lessons * 80, "spam": lessons * 9}
        for name in sorted(seen - {TEXTS, TERMS}):
            yield {"term": name, "good": 1 + lessons // 50, "spam": 1 + lessons // 500}


def _verdict(chance: random.Random) -> Row:
    return {
        "outcome": "hold",
        "score": chance.randrange(60),
        "reasons": [
            {"name": "unproven", "weight": 10, "sentence": "The address is not proven."},
            {"name": "links", "weight": 20, "sentence": "It has a link in it."},
        ],
    }
