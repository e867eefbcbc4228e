"""The mails that came in as answers, and what became of them."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
REFERENCES = {
    "address_id": ("address", "CASCADE"),
    "comment_id": ("comment", "SET NULL"),
    "reply_id": ("comment", "SET NULL"),
}


def upgrade() -> None:
    op.create_table(
        "mailed_reply",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("text_key", sa.String(length=64), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("why", sa.String(length=700), nullable=False),
        sa.Column("sender", sa.String(length=120), nullable=False),
        sa.Column("files", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=True) for name in REFERENCES),
        *(
            sa.ForeignKeyConstraint(
                [name],
                [f"{table}.id"],
                name=f"fk_mailed_reply_{name}_{table}",
                ondelete=then,
            )
            for name, (table, then) in REFERENCES.items()
        ),
        sa.PrimaryKeyConstraint("id", name="pk_mailed_reply"),
        sa.UniqueConstraint("key", name="uq_mailed_reply_key"),
        sa.UniqueConstraint("text_key", name="uq_mailed_reply_text_key"),
    )
    op.create_index("ix_mailed_reply_at", "mailed_reply", ["at"])
    for name in REFERENCES:
        op.create_index(f"ix_mailed_reply_{name}", "mailed_reply", [name])


def downgrade() -> None:
    op.drop_table("mailed_reply")
