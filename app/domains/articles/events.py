"""What happened to an article, as far as everyone can notice it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ArticlePublished:
    """An article is, or will be at its time, readable by everyone."""

    article_id: int


@dataclass(frozen=True, slots=True)
class ArticleChanged:
    """A published article says something else, or stands elsewhere."""

    article_id: int


@dataclass(frozen=True, slots=True)
class ArticleTagged:
    """A published article has these tags besides."""

    article_id: int
    tag_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ArticleRemoved:
    """An article is not public any more; it goes on as a draft."""

    article_id: int
