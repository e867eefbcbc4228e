"""What a WordPress export holds, as plain frozen values, in the words of WordPress.

A stream of records has one `Site`, then `Author`s and `Term`s, then each `Entry` followed by its
own `Comment`s. Comments are records of their own, not a list on their entry, so that an article
with a hundred thousand of them needs no more memory than one with ten, and so that a cut-off file
loses only what was not complete.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

TermKind = Literal["tag", "category"]

# What Threshold itself adds to an export beside the fields of WordPress: (key, value) pairs in the
# file's order, without their `_threshold_` prefix.
OwnFields = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Site:
    """The head of the export. `base_url` is the network's address, `base_blog_url` the blog's."""

    title: str
    base_url: str
    base_blog_url: str
    wxr_version: str


@dataclass(frozen=True, slots=True)
class Author:
    """A person who wrote entries. `old_id` is 0 where the export does not tell it (WXR 1.0)."""

    login: str
    email: str
    display_name: str
    old_id: int


@dataclass(frozen=True, slots=True)
class Term:
    """A tag or category as the site defines it. `parent` is a slug, empty at the top."""

    kind: TermKind
    slug: str
    name: str
    description: str
    parent: str


@dataclass(frozen=True, slots=True)
class Label:
    """A tag or category as an entry carries it."""

    kind: TermKind
    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A post, a page, an attachment or anything else that WordPress keeps as a post.

    `old_id` is 0 where the file gives none. `published_at` is aware and in UTC, or None where the
    file has no usable date. The password of a protected entry is not kept.
    """

    old_id: int
    kind: str
    status: str
    title: str
    slug: str
    link: str
    guid: str
    body_html: str
    excerpt: str
    author_login: str
    published_at: datetime | None
    comments_open: bool
    is_password_protected: bool
    terms: tuple[Label, ...]
    own: OwnFields


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment, pingback or trackback under the entry that came before it.

    `approved` is WordPress's word: "1", "0", "spam", "trash" or "post-trashed". `user_id` is 0 for
    guests. `parent_old_id` is 0 for a comment that answers none.
    """

    entry_old_id: int
    old_id: int
    parent_old_id: int
    author_name: str
    author_email: str
    author_url: str
    author_ip: str
    at: datetime | None
    body_html: str
    approved: str
    kind: str
    user_id: int
    own: OwnFields


Record = Site | Author | Term | Entry | Comment
