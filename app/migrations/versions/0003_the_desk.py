"""The desk: reports, rules, measures, views, acts on many, and what it sorts and searches by."""

import sqlalchemy as sa
from alembic import op

from app.infra.db import UtcDateTime

revision = "0003"
down_revision = "0002"

# The desk searches texts in every state, which the readers' index must never hold. A later batch
# operation on "comment" copies the table on SQLite and loses these triggers: make them again there.
SQLITE_SEARCH = (
    """CREATE VIRTUAL TABLE desk_search_text USING fts5(
        title, source, author_name, content='comment', content_rowid='id',
        tokenize='unicode61 remove_diacritics 2')""",
    "INSERT INTO desk_search_text(desk_search_text) VALUES ('rebuild')",
    """CREATE TRIGGER comment_search_text_added AFTER INSERT ON comment BEGIN
        INSERT INTO desk_search_text(rowid, title, source, author_name)
        VALUES (new.id, new.title, new.source, new.author_name); END""",
    """CREATE TRIGGER comment_search_text_removed AFTER DELETE ON comment BEGIN
        INSERT INTO desk_search_text(desk_search_text, rowid, title, source, author_name)
        VALUES ('delete', old.id, old.title, old.source, old.author_name); END""",
    """CREATE TRIGGER comment_search_text_changed
        AFTER UPDATE OF title, source, author_name ON comment BEGIN
        INSERT INTO desk_search_text(desk_search_text, rowid, title, source, author_name)
        VALUES ('delete', old.id, old.title, old.source, old.author_name);
        INSERT INTO desk_search_text(rowid, title, source, author_name)
        VALUES (new.id, new.title, new.source, new.author_name); END""",
)
SQLITE_NO_SEARCH = (
    "DROP TRIGGER comment_search_text_added",
    "DROP TRIGGER comment_search_text_removed",
    "DROP TRIGGER comment_search_text_changed",
    "DROP TABLE desk_search_text",
)
POSTGRESQL_SEARCH = (
    """ALTER TABLE comment ADD COLUMN search_text tsvector GENERATED ALWAYS AS (
        to_tsvector('simple', title || ' ' || author_name || ' ' || source)) STORED""",
    "CREATE INDEX ix_comment_search_text ON comment USING gin (search_text)",
)
POSTGRESQL_NO_SEARCH = ("ALTER TABLE comment DROP COLUMN search_text",)


def _on_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def upgrade() -> None:
    op.create_table(
        "stored_setting",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_stored_setting")),
    )
    op.create_table(
        "screening_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("lines", sa.Text(), nullable=False),
        sa.Column("effect", sa.String(length=10), nullable=False),
        sa.Column("tag_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("is_live", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.Column("changed_by", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tag_id"], ["tag.id"], name=op.f("fk_screening_rule_tag_id_tag"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_screening_rule")),
    )
    op.create_table(
        "desk_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("by_name", sa.String(length=60), nullable=False),
        sa.Column("wish", sa.JSON(), nullable=False),
        sa.Column("choice", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("cancelled_at", UtcDateTime(), nullable=True),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["by_id"], ["account.id"], name=op.f("fk_desk_batch_by_id_account"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_batch")),
        sa.UniqueConstraint("key", name=op.f("uq_desk_batch_key")),
    )
    op.create_table(
        "desk_section",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("tag_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_desk_section_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tag_id"], ["tag.id"], name=op.f("fk_desk_section_tag_id_tag"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", "tag_id", name=op.f("pk_desk_section")),
    )
    op.create_table(
        "measure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("address_id", sa.Integer(), nullable=True),
        sa.Column("pattern", sa.String(length=254), nullable=True),
        sa.Column("network", sa.String(length=43), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("by_name", sa.String(length=60), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=True),
        sa.Column("lifted_at", UtcDateTime(), nullable=True),
        sa.Column("lifted_by", sa.String(length=60), nullable=False),
        sa.Column("batch", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_measure_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["address_id"],
            ["address.id"],
            name=op.f("fk_measure_address_id_address"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["account.id"], name=op.f("fk_measure_by_id_account"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure")),
    )
    with op.batch_alter_table("measure", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_measure_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_measure_address_id"), ["address_id"], unique=False)
        batch_op.create_index("ix_measure_in_force", ["lifted_at", "until"], unique=False)
        batch_op.create_index(batch_op.f("ix_measure_network"), ["network"], unique=False)
        batch_op.create_index(batch_op.f("ix_measure_pattern"), ["pattern"], unique=False)

    op.create_table(
        "saved_view",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("wish", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_saved_view_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
        sa.UniqueConstraint("account_id", "name", name=op.f("uq_saved_view_account_id_name")),
    )
    op.create_table(
        "desk_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("comment_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_desk_link_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["comment_id"],
            ["comment.id"],
            name=op.f("fk_desk_link_comment_id_comment"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_link")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_desk_link_fingerprint")),
    )
    with op.batch_alter_table("desk_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_desk_link_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_desk_link_comment_id"), ["comment_id"], unique=False)

    op.create_table(
        "desk_opening",
        sa.Column("comment_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_desk_opening_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["comment_id"],
            ["comment.id"],
            name=op.f("fk_desk_opening_comment_id_comment"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("comment_id", "account_id", name=op.f("pk_desk_opening")),
    )
    with op.batch_alter_table("desk_opening", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_desk_opening_at"), ["at"], unique=False)

    op.create_table(
        "report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("comment_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("address_id", sa.Integer(), nullable=True),
        sa.Column("browser", sa.String(length=64), nullable=True),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("words", sa.String(length=500), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_report_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["address_id"],
            ["address.id"],
            name=op.f("fk_report_address_id_address"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["comment_id"],
            ["comment.id"],
            name=op.f("fk_report_comment_id_comment"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
        sa.UniqueConstraint(
            "comment_id", "account_id", name=op.f("uq_report_comment_id_account_id")
        ),
        sa.UniqueConstraint(
            "comment_id", "address_id", name=op.f("uq_report_comment_id_address_id")
        ),
        sa.UniqueConstraint("comment_id", "browser", name=op.f("uq_report_comment_id_browser")),
    )
    with op.batch_alter_table("report", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_report_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_report_address_id"), ["address_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_report_at"), ["at"], unique=False)

    op.create_table(
        "text_trace",
        sa.Column("trace", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("comment_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["comment_id"],
            ["comment.id"],
            name=op.f("fk_text_trace_comment_id_comment"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("trace", "comment_id", name=op.f("pk_text_trace")),
    )
    with op.batch_alter_table("text_trace", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_text_trace_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_text_trace_comment_id"), ["comment_id"], unique=False)

    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.add_column(sa.Column("batch", sa.String(length=32), nullable=True))
        batch_op.add_column(
            sa.Column("network", sa.String(length=43), nullable=False, server_default="")
        )
        batch_op.create_index(batch_op.f("ix_audit_entry_batch"), ["batch"], unique=False)

    with op.batch_alter_table("comment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("network", sa.String(length=43), nullable=True))
        batch_op.add_column(
            sa.Column("language", sa.String(length=8), nullable=False, server_default="")
        )
        batch_op.add_column(sa.Column("certainty", sa.Double(), nullable=False, server_default="0"))
        batch_op.add_column(
            sa.Column("people_waiting", sa.Integer(), nullable=False, server_default="1")
        )
        batch_op.add_column(
            sa.Column("red_flag", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.add_column(sa.Column("held_for_id", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column("held_note", sa.String(length=500), nullable=False, server_default="")
        )
        batch_op.add_column(
            sa.Column("report_weight", sa.Integer(), nullable=False, server_default="0")
        )
        batch_op.add_column(sa.Column("reported_at", UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("recheck_at", UtcDateTime(), nullable=True))
        batch_op.add_column(
            sa.Column("recheck_reason", sa.String(length=200), nullable=False, server_default="")
        )
        batch_op.create_index(
            "ix_comment_decided_at",
            ["decided_at", "id"],
            unique=False,
            sqlite_where=sa.text("decided_at IS NOT NULL"),
            postgresql_where=sa.text("decided_at IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_comment_held_for_id",
            ["held_for_id", "id"],
            unique=False,
            sqlite_where=sa.text("held_for_id IS NOT NULL"),
            postgresql_where=sa.text("held_for_id IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_comment_queue_certainty",
            ["certainty", "id"],
            unique=False,
            sqlite_where=sa.text("status = 'pending'"),
            postgresql_where=sa.text("status = 'pending'"),
        )
        batch_op.create_index(
            "ix_comment_queue_people",
            ["people_waiting", "created_at", "id"],
            unique=False,
            sqlite_where=sa.text("status = 'pending'"),
            postgresql_where=sa.text("status = 'pending'"),
        )
        batch_op.create_index(
            "ix_comment_queue_red_flag",
            ["created_at", "id"],
            unique=False,
            sqlite_where=sa.text("red_flag AND status = 'pending'"),
            postgresql_where=sa.text("red_flag AND status = 'pending'"),
        )
        batch_op.create_index(
            "ix_comment_recheck_at",
            ["recheck_at", "id"],
            unique=False,
            sqlite_where=sa.text("recheck_at IS NOT NULL"),
            postgresql_where=sa.text("recheck_at IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_comment_reported_at",
            ["reported_at", "id"],
            unique=False,
            sqlite_where=sa.text("reported_at IS NOT NULL"),
            postgresql_where=sa.text("reported_at IS NOT NULL"),
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_comment_held_for_id_account"),
            "account",
            ["held_for_id"],
            ["id"],
            ondelete="SET NULL",
        )

    for statement in SQLITE_SEARCH if _on_sqlite() else POSTGRESQL_SEARCH:
        op.execute(statement)


def downgrade() -> None:
    for statement in SQLITE_NO_SEARCH if _on_sqlite() else POSTGRESQL_NO_SEARCH:
        op.execute(statement)
    with op.batch_alter_table("comment", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_comment_held_for_id_account"), type_="foreignkey")
        batch_op.drop_index(
            "ix_comment_reported_at",
            sqlite_where=sa.text("reported_at IS NOT NULL"),
            postgresql_where=sa.text("reported_at IS NOT NULL"),
        )
        batch_op.drop_index(
            "ix_comment_recheck_at",
            sqlite_where=sa.text("recheck_at IS NOT NULL"),
            postgresql_where=sa.text("recheck_at IS NOT NULL"),
        )
        batch_op.drop_index(
            "ix_comment_queue_red_flag",
            sqlite_where=sa.text("red_flag AND status = 'pending'"),
            postgresql_where=sa.text("red_flag AND status = 'pending'"),
        )
        batch_op.drop_index(
            "ix_comment_queue_people",
            sqlite_where=sa.text("status = 'pending'"),
            postgresql_where=sa.text("status = 'pending'"),
        )
        batch_op.drop_index(
            "ix_comment_queue_certainty",
            sqlite_where=sa.text("status = 'pending'"),
            postgresql_where=sa.text("status = 'pending'"),
        )
        batch_op.drop_index(
            "ix_comment_held_for_id",
            sqlite_where=sa.text("held_for_id IS NOT NULL"),
            postgresql_where=sa.text("held_for_id IS NOT NULL"),
        )
        batch_op.drop_index(
            "ix_comment_decided_at",
            sqlite_where=sa.text("decided_at IS NOT NULL"),
            postgresql_where=sa.text("decided_at IS NOT NULL"),
        )
        batch_op.drop_column("recheck_reason")
        batch_op.drop_column("recheck_at")
        batch_op.drop_column("reported_at")
        batch_op.drop_column("report_weight")
        batch_op.drop_column("held_note")
        batch_op.drop_column("held_for_id")
        batch_op.drop_column("red_flag")
        batch_op.drop_column("people_waiting")
        batch_op.drop_column("certainty")
        batch_op.drop_column("language")
        batch_op.drop_column("network")

    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_entry_batch"))
        batch_op.drop_column("network")
        batch_op.drop_column("batch")

    with op.batch_alter_table("text_trace", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_text_trace_comment_id"))
        batch_op.drop_index(batch_op.f("ix_text_trace_at"))

    op.drop_table("text_trace")
    with op.batch_alter_table("report", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_report_at"))
        batch_op.drop_index(batch_op.f("ix_report_address_id"))
        batch_op.drop_index(batch_op.f("ix_report_account_id"))

    op.drop_table("report")
    with op.batch_alter_table("desk_opening", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_desk_opening_at"))

    op.drop_table("desk_opening")
    with op.batch_alter_table("desk_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_desk_link_comment_id"))
        batch_op.drop_index(batch_op.f("ix_desk_link_account_id"))

    op.drop_table("desk_link")
    op.drop_table("saved_view")
    with op.batch_alter_table("measure", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_measure_pattern"))
        batch_op.drop_index(batch_op.f("ix_measure_network"))
        batch_op.drop_index("ix_measure_in_force")
        batch_op.drop_index(batch_op.f("ix_measure_address_id"))
        batch_op.drop_index(batch_op.f("ix_measure_account_id"))

    op.drop_table("measure")
    op.drop_table("desk_section")
    op.drop_table("desk_batch")
    op.drop_table("screening_rule")
    op.drop_table("stored_setting")
