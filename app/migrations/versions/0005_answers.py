"""Answer cards, who else asks, what readers call things, and what is found by likeness."""

import sqlalchemy as sa
from alembic import op

from app.infra.db import UtcDateTime

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "gap",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("question_ids", sa.JSON(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("oldest_at", UtcDateTime(), nullable=False),
        sa.Column("weight", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gap")),
    )
    with op.batch_alter_table("gap", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_gap_weight"), ["weight"], unique=False)

    op.create_table(
        "search_miss",
        sa.Column("asked", sa.String(length=200), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("first_at", UtcDateTime(), nullable=False),
        sa.Column("last_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("asked", name=op.f("pk_search_miss")),
    )
    with op.batch_alter_table("search_miss", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_search_miss_times"), ["times"], unique=False)

    op.create_table(
        "search_stem",
        sa.Column("stem", sa.String(length=60), nullable=False),
        sa.Column("spread", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("stem", name=op.f("pk_search_stem")),
    )
    op.create_table(
        "suggestion_outcome",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("place", sa.String(length=10), nullable=False),
        sa.Column("asked", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("ref", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("by_words", sa.Double(), nullable=False),
        sa.Column("by_meaning", sa.Double(), nullable=False),
        sa.Column("taken", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suggestion_outcome")),
    )
    with op.batch_alter_table("suggestion_outcome", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_suggestion_outcome_at"), ["at"], unique=False)

    op.create_table(
        "former_tag_slug",
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("tag_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tag_id"], ["tag.id"], name=op.f("fk_former_tag_slug_tag_id_tag"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_former_tag_slug")),
    )
    with op.batch_alter_table("former_tag_slug", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_former_tag_slug_tag_id"), ["tag_id"], unique=False)

    op.create_table(
        "link_check",
        sa.Column("resource_id", sa.Integer(), nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=False),
        sa.Column("checked_at", UtcDateTime(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("problem", sa.String(length=500), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("dead_since", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["resource_id"],
            ["resource.id"],
            name=op.f("fk_link_check_resource_id_resource"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("resource_id", name=op.f("pk_link_check")),
    )
    with op.batch_alter_table("link_check", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_link_check_checked_at"), ["checked_at"], unique=False)

    op.create_table(
        "phrase_proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tag_id", sa.Integer(), nullable=False),
        sa.Column("phrase", sa.String(length=80), nullable=False),
        sa.Column("seen", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("first_at", UtcDateTime(), nullable=False),
        sa.Column("last_at", UtcDateTime(), nullable=False),
        sa.Column("decided_by", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["tag_id"], ["tag.id"], name=op.f("fk_phrase_proposal_tag_id_tag"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phrase_proposal")),
        sa.UniqueConstraint("tag_id", "phrase", name=op.f("uq_phrase_proposal_tag_id_phrase")),
    )
    with op.batch_alter_table("phrase_proposal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_phrase_proposal_state"), ["state"], unique=False)

    op.create_table(
        "search_posting",
        sa.Column("stem", sa.String(length=60), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("in_title", sa.Integer(), nullable=False),
        sa.Column("in_text", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["search_document.id"],
            name=op.f("fk_search_posting_document_id_search_document"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("stem", "document_id", name=op.f("pk_search_posting")),
    )
    with op.batch_alter_table("search_posting", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_search_posting_document_id"), ["document_id"], unique=False
        )

    op.create_table(
        "search_vector",
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("model", sa.String(length=16), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["search_document.id"],
            name=op.f("fk_search_vector_document_id_search_document"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("document_id", "model", name=op.f("pk_search_vector")),
    )
    with op.batch_alter_table("search_vector", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_search_vector_model"), ["model"], unique=False)

    op.create_table(
        "answer_card",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("render_version", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("origin_id", sa.Integer(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("retired_at", UtcDateTime(), nullable=True),
        sa.Column("recheck_at", UtcDateTime(), nullable=True),
        sa.Column("recheck_reason", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["origin_id"],
            ["comment.id"],
            name=op.f("fk_answer_card_origin_id_comment"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["account.id"],
            name=op.f("fk_answer_card_owner_id_account"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_card")),
        sa.UniqueConstraint("slug", name=op.f("uq_answer_card_slug")),
    )
    with op.batch_alter_table("answer_card", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_answer_card_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(
            "ix_answer_card_recheck_at",
            ["recheck_at"],
            unique=False,
            sqlite_where=sa.text("recheck_at IS NOT NULL"),
            postgresql_where=sa.text("recheck_at IS NOT NULL"),
        )

    op.create_table(
        "me_too",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("comment_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("address_id", sa.Integer(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_me_too_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["address_id"],
            ["address.id"],
            name=op.f("fk_me_too_address_id_address"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["comment_id"],
            ["comment.id"],
            name=op.f("fk_me_too_comment_id_comment"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_me_too")),
        sa.UniqueConstraint(
            "comment_id", "account_id", name=op.f("uq_me_too_comment_id_account_id")
        ),
        sa.UniqueConstraint(
            "comment_id", "address_id", name=op.f("uq_me_too_comment_id_address_id")
        ),
    )
    with op.batch_alter_table("me_too", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_me_too_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_me_too_address_id"), ["address_id"], unique=False)

    op.create_table(
        "suggestion",
        sa.Column("comment_id", sa.Integer(), nullable=False),
        sa.Column("found", sa.JSON(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["comment_id"],
            ["comment.id"],
            name=op.f("fk_suggestion_comment_id_comment"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("comment_id", name=op.f("pk_suggestion")),
    )
    op.create_table(
        "card_article",
        sa.Column("card_id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["article.id"],
            name=op.f("fk_card_article_article_id_article"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["card_id"],
            ["answer_card.id"],
            name=op.f("fk_card_article_card_id_answer_card"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("card_id", "article_id", name=op.f("pk_card_article")),
    )
    with op.batch_alter_table("card_article", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_card_article_article_id"), ["article_id"], unique=False
        )

    op.create_table(
        "card_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("comment_id", sa.Integer(), nullable=False),
        sa.Column("card_id", sa.Integer(), nullable=False),
        sa.Column("how", sa.String(length=10), nullable=False),
        sa.Column("because", sa.String(length=200), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("helped", sa.Boolean(), nullable=True),
        sa.Column("helped_at", UtcDateTime(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"], ["account.id"], name=op.f("fk_card_link_by_id_account"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["card_id"],
            ["answer_card.id"],
            name=op.f("fk_card_link_card_id_answer_card"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["comment_id"],
            ["comment.id"],
            name=op.f("fk_card_link_comment_id_comment"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card_link")),
        sa.UniqueConstraint("comment_id", "card_id", name=op.f("uq_card_link_comment_id_card_id")),
    )
    with op.batch_alter_table("card_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_card_link_card_id"), ["card_id"], unique=False)

    op.create_table(
        "card_resource",
        sa.Column("card_id", sa.Integer(), nullable=False),
        sa.Column("resource_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["card_id"],
            ["answer_card.id"],
            name=op.f("fk_card_resource_card_id_answer_card"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["resource_id"],
            ["resource.id"],
            name=op.f("fk_card_resource_resource_id_resource"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("card_id", "resource_id", name=op.f("pk_card_resource")),
    )
    with op.batch_alter_table("card_resource", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_card_resource_resource_id"), ["resource_id"], unique=False
        )

    op.create_table(
        "card_revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("card_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("editor_id", sa.Integer(), nullable=True),
        sa.Column("editor_name", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["card_id"],
            ["answer_card.id"],
            name=op.f("fk_card_revision_card_id_answer_card"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["editor_id"],
            ["account.id"],
            name=op.f("fk_card_revision_editor_id_account"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card_revision")),
    )
    with op.batch_alter_table("card_revision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_card_revision_card_id"), ["card_id"], unique=False)

    op.create_table(
        "card_tag",
        sa.Column("card_id", sa.Integer(), nullable=False),
        sa.Column("tag_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["card_id"],
            ["answer_card.id"],
            name=op.f("fk_card_tag_card_id_answer_card"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tag_id"], ["tag.id"], name=op.f("fk_card_tag_tag_id_tag"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("card_id", "tag_id", name=op.f("pk_card_tag")),
    )
    with op.batch_alter_table("card_tag", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_card_tag_tag_id"), ["tag_id"], unique=False)

    with op.batch_alter_table("search_document", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("title_stems", sa.Integer(), nullable=False, server_default="0")
        )
        batch_op.add_column(
            sa.Column("text_stems", sa.Integer(), nullable=False, server_default="0")
        )
        batch_op.add_column(
            sa.Column("read_version", sa.Integer(), nullable=False, server_default="0")
        )
        batch_op.create_index(
            batch_op.f("ix_search_document_read_version"), ["read_version"], unique=False
        )
        batch_op.create_index(
            "ix_search_document_stems", ["title_stems", "text_stems"], unique=False
        )


def downgrade() -> None:
    op.drop_index("ix_search_document_stems", "search_document")
    op.drop_index("ix_search_document_read_version", "search_document")
    # Not in a batch, which would copy the table on SQLite and lose the triggers of its text index.
    for column in ("read_version", "text_stems", "title_stems"):
        op.drop_column("search_document", column)

    with op.batch_alter_table("card_tag", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_card_tag_tag_id"))

    op.drop_table("card_tag")
    with op.batch_alter_table("card_revision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_card_revision_card_id"))

    op.drop_table("card_revision")
    with op.batch_alter_table("card_resource", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_card_resource_resource_id"))

    op.drop_table("card_resource")
    with op.batch_alter_table("card_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_card_link_card_id"))

    op.drop_table("card_link")
    with op.batch_alter_table("card_article", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_card_article_article_id"))

    op.drop_table("card_article")
    op.drop_table("suggestion")
    with op.batch_alter_table("me_too", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_me_too_address_id"))
        batch_op.drop_index(batch_op.f("ix_me_too_account_id"))

    op.drop_table("me_too")
    with op.batch_alter_table("answer_card", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_answer_card_recheck_at",
            sqlite_where=sa.text("recheck_at IS NOT NULL"),
            postgresql_where=sa.text("recheck_at IS NOT NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_answer_card_owner_id"))

    op.drop_table("answer_card")
    with op.batch_alter_table("search_vector", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_search_vector_model"))

    op.drop_table("search_vector")
    with op.batch_alter_table("search_posting", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_search_posting_document_id"))

    op.drop_table("search_posting")
    with op.batch_alter_table("phrase_proposal", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_phrase_proposal_state"))

    op.drop_table("phrase_proposal")
    with op.batch_alter_table("link_check", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_link_check_checked_at"))

    op.drop_table("link_check")
    with op.batch_alter_table("former_tag_slug", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_former_tag_slug_tag_id"))

    op.drop_table("former_tag_slug")
    with op.batch_alter_table("suggestion_outcome", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_suggestion_outcome_at"))

    op.drop_table("suggestion_outcome")
    op.drop_table("search_stem")
    with op.batch_alter_table("search_miss", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_search_miss_times"))

    op.drop_table("search_miss")
    with op.batch_alter_table("gap", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_gap_weight"))

    op.drop_table("gap")
