"""The second step of signing in: apps, recovery codes, passkeys and what browsers sign."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"


def _of_account(table: str, *, nullable: bool = False) -> tuple[sa.Column, sa.Constraint]:
    return sa.Column("account_id", sa.Integer(), nullable=nullable), sa.ForeignKeyConstraint(
        ["account_id"],
        ["account.id"],
        name=op.f(f"fk_{table}_account_id_account"),
        ondelete="CASCADE",
    )


def upgrade() -> None:
    at = sa.DateTime(timezone=True)
    op.add_column("account", sa.Column("factor_since", at, nullable=True))
    op.create_table(
        "authenticator_app",
        *_of_account("authenticator_app"),
        sa.Column("sealed_key", sa.String(length=200), nullable=False),
        sa.Column("confirmed_at", at, nullable=False),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_authenticator_app")),
    )
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.Integer(), nullable=False),
        *_of_account("recovery_code"),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("created_at", at, nullable=False),
        sa.Column("used_at", at, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_recovery_code_fingerprint")),
    )
    op.create_index(op.f("ix_recovery_code_account_id"), "recovery_code", ["account_id"])
    op.create_table(
        "passkey",
        sa.Column("id", sa.Integer(), nullable=False),
        *_of_account("passkey"),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("credential", sa.Text(), nullable=False),
        sa.Column("public_key", sa.Text(), nullable=False),
        sa.Column("handle", sa.String(length=64), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("created_at", at, nullable=False),
        sa.Column("used_at", at, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_passkey_fingerprint")),
    )
    op.create_index(op.f("ix_passkey_account_id"), "passkey", ["account_id"])
    op.create_table(
        "passkey_challenge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=12), nullable=False),
        *_of_account("passkey_challenge", nullable=True),
        sa.Column("browser", sa.String(length=64), nullable=False),
        sa.Column("expires_at", at, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey_challenge")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_passkey_challenge_fingerprint")),
    )
    op.create_index(op.f("ix_passkey_challenge_expires_at"), "passkey_challenge", ["expires_at"])


def downgrade() -> None:
    op.drop_table("passkey_challenge")
    op.drop_table("passkey")
    op.drop_table("recovery_code")
    op.drop_table("authenticator_app")
    with op.batch_alter_table("account") as batch_op:
        batch_op.drop_column("factor_since")
