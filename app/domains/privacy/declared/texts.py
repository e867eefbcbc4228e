"""What people write, how it was judged, and what was made of it."""

from __future__ import annotations

from app.domains.privacy.terms import GONE, Names, Table, plain
from app.infra.unnamed import NOBODY

ACCOUNT, ADDRESS, TEXT, NAME = Names.ACCOUNT, Names.ADDRESS, Names.TEXT, Names.NAME

TABLES = {
    "article": Table(
        matter="articles",
        theirs={"author_id": ACCOUNT},
        given="slug title summary source status created_at published_at updated_at",
        held="html",
        plain="id render_version comments_open version",
        by="refused",
    ),
    "comment": Table(
        matter="texts",
        theirs={"account_id": ACCOUNT, "address_id": ADDRESS},
        given="id article_id parent_id kind status title author_name author_url source created_at "
        "edited_at published_at decided_at reject_reason network language",
        held="html verdict text_key nonce submit_key held_note recheck_reason",
        plain="root_id question_id by_author by_proven render_version version certainty "
        "people_waiting red_flag held_for_id report_weight reported_at recheck_at forgotten_at "
        "disowned_at",
        by="text",
    ),
    "comment_revision": Table(
        matter="texts",
        theirs={"comment_id": TEXT, "editor_id": ACCOUNT},
        given="source at",
        held="editor_name",
        plain="id",
        erased={"comment_id": GONE, "editor_id": {"editor_id": None, "editor_name": NOBODY}},
        stays={"editor_id": "source"},
    ),
    "comment_tag": Table(
        matter="made",
        theirs={"comment_id": TEXT},
        given="tag_id words",
        plain="by_hand",
        erased={"comment_id": {"words": ""}},
    ),
    "me_too": Table(
        matter="me_too",
        theirs={"account_id": ACCOUNT, "address_id": ADDRESS},
        given="comment_id at",
        plain="id",
        by="me too",
    ),
    "answer_card": Table(
        matter="team_texts",
        theirs={"owner_id": ACCOUNT},
        given="slug title source created_at updated_at",
        plain="id html render_version origin_id retired_at recheck_at recheck_reason version "
        "people questions not_helped",
        erased={"owner_id": {"owner_id": None}},
        stays={"owner_id": "slug title source"},
    ),
    "card_link": Table(
        matter="made",
        theirs={"comment_id": TEXT, "by_id": ACCOUNT},
        given="card_id helped helped_at reason",
        held="because",
        plain="id how at",
        erased={"comment_id": {"because": "", "reason": ""}, "by_id": {"by_id": None}},
        others="by_id",
        stays={"by_id": "reason because"},
    ),
    "card_revision": Table(
        matter="team_texts",
        theirs={"editor_id": ACCOUNT},
        given="card_id title source at",
        held="editor_name",
        plain="id",
        erased={"editor_id": {"editor_id": None, "editor_name": NOBODY}},
        stays={"editor_id": "title source"},
    ),
    "image": Table(
        matter="team_texts",
        theirs={"uploader_id": ACCOUNT},
        given="name created_at",
        plain="id width height size",
        erased={"uploader_id": {"uploader_id": None}},
        stays={"uploader_id": "name"},
    ),
    "phrase_proposal": Table(
        matter="team_acts",
        theirs={"decided_by": NAME},
        plain="id tag_id phrase seen state first_at last_at",
        erased={"decided_by": {"decided_by": NOBODY}},
    ),
    # What is made of texts, so that they are found:
    "search_document": Table(
        matter="made",
        held="title body",
        plain="id kind ref tags visible_from title_stems text_stems read_version",
        by="follows",
    ),
    "search_posting": Table(
        matter="made", held="stem in_title in_text", plain="document_id", by="follows"
    ),
    "search_vector": Table(
        matter="made", held="vector", plain="document_id model made_at", by="follows"
    ),
    "suggestion": Table(
        matter="made",
        theirs={"comment_id": TEXT},
        held="found",
        plain="made_at",
        erased={"comment_id": GONE},
    ),
    "text_trace": Table(
        matter="traces",
        theirs={"comment_id": TEXT},
        held="trace",
        plain="at",
        erased={"comment_id": GONE},
    ),
    "spam_lesson": Table(
        matter="lessons",
        theirs={"comment_id": TEXT},
        held="source counted_source",
        plain="id is_spam was_spam turns behind counted_spam",
        by="text",
    ),
    # About nobody:
    "article_tag": plain("article_id tag_id"),
    "card_article": plain("card_id article_id"),
    "card_resource": plain("card_id resource_id"),
    "card_tag": plain("card_id tag_id"),
    "drafted_for": plain("article_id comment_id"),
    "former_card_slug": plain("slug card_id"),
    "former_slug": plain("slug article_id"),
    "former_tag_slug": plain("slug tag_id"),
    "gap": plain("id made_at words question_ids people oldest_at weight"),
    "link_check": plain("resource_id url checked_at status problem failures dead_since moved_to"),
    "redirect": plain("path article_id"),
    "resource": plain(
        "id slug kind title summary url source html render_version created_at updated_at"
    ),
    "resource_tag": plain("resource_id tag_id"),
    "search_stem": plain("stem spread"),
    "spam_term": plain("term good spam weight slopes"),
    "tag": plain("id slug name description"),
    "tag_synonym": plain("id tag_id phrase"),
}
