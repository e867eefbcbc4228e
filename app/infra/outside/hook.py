"""A program of the operator's own, asked by a signed POST of JSON.

The signature is the HMAC-SHA256, by the shared secret, of the time in seconds since 1970, a full
stop and the body: who checks it and the time knows that the question is ours and not an old one.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import asdict, dataclass, field
from typing import ClassVar

from app.engines.text.admission import admit_line
from app.engines.text.errors import UnfitText
from app.infra import clock
from app.infra.outside.calling import Answer, post
from app.infra.outside.questions import NoAnswer, Opinion, Question, Said

LONGEST_WORDS = 200


@dataclass(frozen=True, slots=True)
class Hook:
    url: str = field(repr=False)
    secret: str = field(repr=False)
    seconds: float
    name: ClassVar[str] = "The outside service"
    learns: ClassVar[bool] = False

    def ask(self, question: Question) -> Opinion:
        """What the hook takes the text for. Raises NoAnswer, also for an answer that is none."""
        facts = {**asdict(question), "written_at": question.written_at.isoformat()}
        body = json.dumps(facts, ensure_ascii=False, separators=(",", ":")).encode()
        at = str(int(clock.now().timestamp()))
        headers = {
            "Content-Type": "application/json",
            "Accept": "application/json",
            "Threshold-Timestamp": at,
            "Threshold-Signature": f"sha256={signature(self.secret, at, body)}",
        }
        return read(post(self.url, body, headers, seconds=self.seconds))

    def tell(self, question: Question, said: Said) -> None:  # noqa: ARG002  (it never learns)
        raise NoAnswer("a hook is only asked")


def signature(secret: str, at: str, body: bytes) -> str:
    """The hexadecimal HMAC-SHA256 of a question sent at this time."""
    return hmac.new(secret.encode(), at.encode() + b"." + body, hashlib.sha256).hexdigest()


def read(answer: Answer) -> Opinion:
    """The opinion in an answer. Raises NoAnswer for whatever is not one of exactly this shape."""
    if answer.content_type != "application/json":
        raise NoAnswer("the answer was not JSON by its content type")
    try:
        found = json.loads(answer.body)
        said = Said(found["verdict"])
        words = found.get("words", "")
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as wrong:
        raise NoAnswer(f"the answer was no opinion ({type(wrong).__name__})") from wrong
    if not isinstance(words, str):
        raise NoAnswer("the words of the answer were no text")
    return Opinion(said, _shown(words))


def _shown(words: str) -> str:
    """The service's words as one line that can be shown; none where they cannot be."""
    try:
        return admit_line(words[:LONGEST_WORDS], limit=LONGEST_WORDS)
    except UnfitText:
        return ""
