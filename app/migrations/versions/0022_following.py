"""Who follows what, and what they were told of."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
FOLLOWED = {
    "article_id": "article",
    "question_id": "comment",
    "tag_id": "tag",
    "card_id": "answer_card",
    "author_id": "account",
}


def upgrade() -> None:
    op.create_table(
        "follow",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address_id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=True) for name in FOLLOWED),
        sa.Column("often", sa.String(length=8), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["address_id"], ["address.id"], name="fk_follow_address_id_address", ondelete="CASCADE"
        ),
        *(
            sa.ForeignKeyConstraint(
                [name], [f"{table}.id"], name=f"fk_follow_{name}_{table}", ondelete="CASCADE"
            )
            for name, table in FOLLOWED.items()
        ),
        sa.PrimaryKeyConstraint("id", name="pk_follow"),
        *(
            sa.UniqueConstraint(name, "address_id", name=f"uq_follow_{name}_address_id")
            for name in FOLLOWED
        ),
    )
    op.create_index("ix_follow_address_id", "follow", ["address_id"])
    op.create_table(
        "follower_told",
        sa.Column("address_id", sa.Integer(), nullable=False),
        sa.Column("cause", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["address_id"],
            ["address.id"],
            name="fk_follower_told_address_id_address",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("address_id", "cause", name="pk_follower_told"),
    )
    op.create_index("ix_follower_told_at", "follower_told", ["at"])


def downgrade() -> None:
    op.drop_table("follower_told")
    op.drop_table("follow")
