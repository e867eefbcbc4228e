"""The author's room: what waits for an answer, articles, pictures, tags and resources.

One guard for all of it. Moderators are let in where tags and resources are edited and nowhere
else: not where tags are merged, which would move the sections that they are limited to.
"""

from flask import Blueprint, request

from app.domains.accounts.models import Account
from app.domains.answers.policy import may_write_cards
from app.domains.articles.policy import may_write
from app.domains.comments.models import Comment
from app.domains.comments.policy import may_become_a_card
from app.domains.resources.policy import may_edit_resources
from app.domains.tags.policy import may_edit_tags
from app.web.accounts.session import viewer
from app.web.guards import guard

blueprint = Blueprint("author", __name__, url_prefix="/author")

TAG_PAGES = frozenset(
    f"author.{name}"
    for name in (
        *("tags", "new_tag", "create_tag", "edit_tag", "save_tag"),
        *("lexicon", "decide_phrases", "take_back_phrase"),
    )
)
RESOURCE_PAGES = frozenset(
    f"author.{name}"
    for name in (
        *("resources", "new_resource", "create_resource", "edit_resource", "save_resource"),
        *("remove_resource", "use_new_address", "preview_article"),
    )
)


def may_enter(person: Account) -> bool:
    """Whether this person may see the page that was asked for."""
    if request.endpoint in TAG_PAGES:
        return may_edit_tags(person)
    if request.endpoint in RESOURCE_PAGES:
        return may_edit_resources(person)
    return may_write(person)


guard(blueprint, may_enter)


def writes_articles() -> bool:
    """Whether whoever looks at the page writes articles; the way to this room is shown to them."""
    return may_write(viewer())


def may_make_card(comment: Comment) -> bool:
    """Whether whoever looks at the page may make an answer card of this text."""
    return may_write_cards(viewer()) and may_become_a_card(comment)


blueprint.add_app_template_global(writes_articles)
blueprint.add_app_template_global(may_make_card)

from app.web.author import (  # noqa: E402  (they register on it)
    articles,
    cards,
    gaps,
    images,
    inbox,
    lexicon,
    reach,
    rechecking,
    resources,
    tags,
    week,
)

__all__ = [
    "articles",
    "blueprint",
    "cards",
    "gaps",
    "images",
    "inbox",
    "lexicon",
    "reach",
    "rechecking",
    "resources",
    "tags",
    "week",
]
