"""How migrations run: in one transaction, on the app's own engine, children kept.

On SQLite a batch operation copies a table and drops the old one; with foreign keys on, that
drop would delete every child row. So they are off, set before the transaction begins (inside one
the pragma does nothing), and checked before it ends.

The site may be serving meanwhile: a table that is in use is waited for five seconds, and tried
again later (`infra.migrating`).
"""

from alembic import context
from flask import current_app

from app.infra import migrating
from app.infra.db import begin_mode, db


def render_item(kind, item, _autogen):  # type: ignore[no-untyped-def]
    """Write our own column type as the name that the template imports."""
    if kind == "type" and type(item).__name__ == "UtcDateTime":
        return "UtcDateTime()"
    return False


def include_object(_item, name, kind, _reflected, _compare_to):  # type: ignore[no-untyped-def]
    """The full-text tables, column and index are the migration's own affair."""
    return not (name and kind in ("table", "column", "index") and "search_text" in name)


def migrate(connection) -> None:  # type: ignore[no-untyped-def]
    is_sqlite = connection.dialect.name == "sqlite"
    context.configure(
        connection=connection,
        target_metadata=db.metadata,
        render_as_batch=is_sqlite,
        transactional_ddl=True,
        compare_type=True,
        render_item=render_item,
        include_object=include_object,
        # A step may have left its transaction, and the next one stands in a new one then.
        on_version_apply=lambda **_step: migrating.wait_briefly(connection),
    )
    with context.begin_transaction():
        migrating.wait_briefly(connection)
        before = context.get_context().get_current_heads()
        context.run_migrations()
        raw = connection.connection.dbapi_connection
        if is_sqlite and raw.execute("PRAGMA foreign_key_check").fetchone():
            raise RuntimeError("the migration would leave rows without their parents")
        heads = context.get_context().get_current_heads()
        if heads != before:
            migrating.write_floor(connection, context.script, heads[0] if heads else None)


def run() -> None:
    engine = current_app.extensions["migrate"].db.engine
    is_sqlite = engine.dialect.name == "sqlite"
    mode = begin_mode.set("IMMEDIATE")
    with engine.connect() as connection:
        raw = connection.connection.dbapi_connection
        if is_sqlite:
            raw.execute("PRAGMA foreign_keys=OFF")
        try:
            migrating.in_turn(connection, lambda: migrate(connection))
        finally:
            if is_sqlite:
                connection.rollback()
                raw.execute("PRAGMA foreign_keys=ON")
            begin_mode.reset(mode)


run()
