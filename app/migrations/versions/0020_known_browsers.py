"""What its owner knows a session again by, and what marks an account's browsers.

Accounts that are here already may have been signed in to: their next browser is not the first.
"""

import sqlalchemy as sa
from alembic import op

from app.infra.db import UtcDateTime

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    op.add_column("account", sa.Column("device_nonce", sa.String(length=32), nullable=True))
    op.execute("UPDATE account SET device_nonce = ''")
    op.add_column("login_session", sa.Column("seen_at", UtcDateTime(), nullable=True))
    for name in ("browser", "system"):
        op.add_column(
            "login_session",
            sa.Column(name, sa.String(length=20), nullable=False, server_default=""),
        )
    op.add_column("login_session", sa.Column("network", sa.String(length=50), nullable=True))


def downgrade() -> None:
    for name in ("network", "system", "browser", "seen_at"):
        op.drop_column("login_session", name)
    op.drop_column("account", "device_nonce")
