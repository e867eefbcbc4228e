"""Where a text goes."""

from __future__ import annotations

from dataclasses import dataclass

from app.domains.articles.models import Article
from app.domains.comments.models import Comment


@dataclass(frozen=True, slots=True)
class Place:
    """Under an article, and below a comment when it is a reply."""

    article: Article
    parent: Comment | None = None

    @property
    def name(self) -> str:
        """What the page that one writes on is about, as `kind:id`."""
        kind, ref = self.here[-1]
        return f"{kind}:{ref}"

    @property
    def here(self) -> list[tuple[str, int]]:
        """What whoever writes there has before them, by kind and id: no use to point at it."""
        things = [("article", self.article.id)]
        if self.parent is not None:
            question_id = self.parent.id if self.parent.is_question else self.parent.question_id
            things += [("question", question_id)] if question_id else []
        return things
