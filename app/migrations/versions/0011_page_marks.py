"""The versions of what pages show, so that kept pages are known to be current."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "page_mark",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_page_mark")),
    )


def downgrade() -> None:
    op.drop_table("page_mark")
