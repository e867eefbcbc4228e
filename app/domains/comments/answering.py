"""What an answer by the staff must have where a text speaks of what a professional must see."""

from __future__ import annotations

from app.domains.comments import policy, texts
from app.domains.comments.errors import LinkAlone
from app.domains.comments.models import Comment
from app.domains.comments.queries import find
from app.engines.text.own_words import own_words

FEWEST_WORDS = 3


def check_words(parent: Comment, source: str) -> None:
    """Raise LinkAlone where staff answer a text with a red flag, or a thread below one, with
    nothing but a link to a card or a resource."""
    above = {parent.id, parent.question_id or parent.id, parent.thread_id}
    flagged = any(
        not policy.may_be_answered_by_link_alone(comment)
        for comment in (find(number) for number in above)
        if comment is not None
    )
    if flagged and own_words(texts.rendered(source, by_staff=True)) < FEWEST_WORDS:
        raise LinkAlone
