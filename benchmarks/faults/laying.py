"""Texts laid into a site before an experiment begins, many in one transaction."""

from __future__ import annotations

from sqlalchemy import select

from app.domains.accounts.models import Address
from app.domains.articles.models import Article
from app.domains.comments.models import Comment
from app.domains.comments.states import Kind, Status
from app.engines.text.names import fold_email
from app.infra import clock
from app.infra.db import db
from app.infra.unit_of_work import unit_of_work
from benchmarks.faults.sites import ARTICLES, Site


def waiting(site: Site, count: int, *, kind: Kind = Kind.COMMENT, name: str = "laid") -> list[int]:
    """So many texts of as many guests that wait for a decision; their ids, oldest first."""
    return _lay(site, count, Status.PENDING, kind, name)


def published(
    site: Site, count: int, *, kind: Kind = Kind.COMMENT, name: str = "laid"
) -> list[int]:
    return _lay(site, count, Status.APPROVED, kind, name)


def _lay(site: Site, count: int, status: Status, kind: Kind, name: str) -> list[int]:
    now = clock.now()
    with site.inside(), unit_of_work():
        slug = ARTICLES[0].rpartition("/")[2]
        article = db.session.scalars(select(Article).where(Article.slug == slug)).one()
        made = []
        for number in range(count):
            email = f"{name}{number}@example.com"
            text = f"{name}-{number} waits here for somebody to look at it."
            made.append(
                Comment(
                    article_id=article.id,
                    kind=kind,
                    status=status,
                    title=text[:60] if kind == Kind.QUESTION else "",
                    address=Address(email=email, email_key=fold_email(email), proven_at=now),
                    author_name=f"Laid {number}",
                    source=text,
                    html=f"<p>{text}</p>",
                    render_version=1,
                    text_key=f"{name}-{number}",
                    published_at=now if status == Status.APPROVED else None,
                )
            )
        db.session.add_all(made)
        db.session.flush()
        return [one.id for one in made]
