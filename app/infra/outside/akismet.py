"""Akismet: comment-check asks, submit-spam and submit-ham tell it where people decided otherwise.

Its answers are single words: `true` is spam, `false` is not. It answers 200 even where the key is
wrong, so whatever else the word is, it is no answer.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar
from urllib.parse import urlencode

from app.infra.outside.calling import Answer, post
from app.infra.outside.questions import NoAnswer, Opinion, Question, Said

HOME = "https://rest.akismet.com/1.1"
KINDS = {"question": "forum-post", "comment": "comment", "chat": "comment"}
OPINIONS = {b"true": Said.SPAM, b"false": Said.HAM}
LESSONS = {Said.SPAM: "submit-spam", Said.HAM: "submit-ham"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Akismet:
    """`site` is the address the key was given for; `url` replaces Akismet's own (a relay)."""

    key: str = field(repr=False)
    site: str
    language: str
    seconds: float
    url: str = field(default="", repr=False)
    name: ClassVar[str] = "Akismet"
    learns: ClassVar[bool] = True

    def ask(self, question: Question) -> Opinion:
        """Spam or not. Raises NoAnswer."""
        word = self._post("comment-check", question).body.strip()
        if word not in OPINIONS:
            raise NoAnswer("the answer to comment-check was neither true nor false")
        return Opinion(OPINIONS[word])

    def tell(self, question: Question, said: Said) -> None:
        """Say what people took the text for. Raises NoAnswer when it was not thanked for."""
        answer = self._post(LESSONS[said], question)
        if not answer.body.startswith(b"Thanks"):
            raise NoAnswer(f"the answer to {LESSONS[said]} was no thanks")

    def _post(self, verb: str, question: Question) -> Answer:
        fields = {
            "api_key": self.key,
            "blog": self.site,
            "blog_lang": self.language,
            "blog_charset": "UTF-8",
            "user_ip": question.address,
            "user_agent": question.agent,
            "referrer": question.referrer,
            "permalink": question.page,
            "comment_type": KINDS.get(question.kind, "comment"),
            "comment_author": question.name,
            "comment_author_email": question.email,
            "comment_content": question.text,
            "comment_date_gmt": question.written_at.isoformat(),
        }
        headers = {"Content-Type": "application/x-www-form-urlencoded; charset=UTF-8"}
        base = (self.url or HOME).rstrip("/")
        body = urlencode(fields).encode()
        answer = post(f"{base}/{verb}", body, headers, seconds=self.seconds)
        if answer.content_type not in ("text/plain", "text/html"):
            raise NoAnswer("the answer was no text by its content type")
        return answer
