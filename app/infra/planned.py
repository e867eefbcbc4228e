"""Statements that a process asks again and again: what the library finds out anew at each of them
is kept from the second time on, the text, the order of the parameters and what makes the rows.
That was more than half of what a short statement costs (23 us, 9 by now).

It leans on what the library keeps to itself, so its version is held (`pyproject.toml`), and a test
compares both ways. What is not plainly the same at each time goes the library's own way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast
from weakref import WeakKeyDictionary

from sqlalchemy import BindParameter, Connection, CursorResult, Dialect, Row
from sqlalchemy.sql.compiler import SQLCompiler

Asked = Any
Process = Callable[[Any], Any]
Lengths = tuple[tuple[str, int], ...]
"""Of the lists among the values, since the text has a place for each thing in them."""
MOST_LENGTHS = 40
"""Plans of one statement; a list of yet another length goes the library's way."""
_PLANS = "threshold_plans"


class Plan:
    """A statement as one database is asked it, with lists of these lengths. `given` are the
    parameters that come with every asking, `lists` those with their places in the text, `fixed` the
    values that stand in the statement, as the driver takes them."""

    __slots__ = ("_fixed", "_given", "_lists", "_metadata", "_order", "_processors", "_text")

    def __init__(self, result: CursorResult[Any], values: Mapping[str, Any]) -> None:
        context: Any = result.context
        compiled: SQLCompiler = context.compiled
        process = cast("Mapping[str, Process]", compiled._bind_processors)  # noqa: SLF001
        lists = context._expanded_parameters  # noqa: SLF001
        sent = context.parameters[0]
        self._text: str = context.statement
        self._order: Sequence[str] | None = None
        if compiled.positiontup is not None:
            written = compiled.literal_execute_params  # they stand in the text by now
            names = (one for one in compiled.positiontup if compiled.binds[one] not in written)
            self._order = [one for name in names for one in lists.get(name, [name])]
            sent = dict(zip(self._order, sent, strict=True))
        self._lists = tuple(
            (name, places, process.get(name)) for name, places in lists.items() if name in values
        )
        laid = {place for _, places, _ in self._lists for place in places}
        own = {name: value for name, value in sent.items() if name not in laid}
        self._given = tuple((name, process.get(name)) for name in own if name in values)
        self._fixed = {name: value for name, value in own.items() if name not in values}
        self._metadata: Any = result._metadata  # noqa: SLF001
        self._processors = self._metadata._effective_processors  # noqa: SLF001

    def rows(self, connection: Connection, values: Mapping[str, Any]) -> list[Row[Any]]:
        """Ask, as the library would. Raises its errors, and KeyError for a missing value."""
        named = self._fixed.copy()
        for name, process in self._given:
            value = values[name]
            named[name] = value if process is None else process(value)
        for name, places, process in self._lists:
            several = values[name] if process is None else map(process, values[name])
            named.update(zip(places, several, strict=True))
        order = self._order
        sent: Any = named if order is None else tuple([named[name] for name in order])
        metadata, processors = self._metadata, self._processors
        keys = metadata._key_to_index  # noqa: SLF001
        found = _fetched(connection, self._text, sent)
        return [Row(metadata, processors, keys, row) for row in found]


def rows(
    connection: Connection, statement: Asked, values: Mapping[str, Any]
) -> Sequence[Row[*tuple[Any, ...]]]:
    """The rows of a statement that asks for columns."""
    plans = _plans(connection.dialect).setdefault(statement, {})
    lengths = tuple([(name, len(one)) for name, one in values.items() if type(one) is list])
    plan = plans.get(lengths)
    if plan is not None:
        return plan.rows(connection, values)
    result = connection.execute(statement, values)
    if lengths in plans:
        if _stays_the_same(result, values):
            plans[lengths] = Plan(result, values)
    elif len(plans) < MOST_LENGTHS:
        plans[lengths] = None
    return result.all()


def _plans(dialect: Dialect) -> WeakKeyDictionary[Asked, dict[Lengths, Plan | None]]:
    """What is known of statements to this database, None for what was asked once. Equal ones
    are told apart, since the values in them may differ. They go with whoever keeps the statement,
    and with the database."""
    kept = vars(dialect)
    if _PLANS not in kept:
        kept[_PLANS] = WeakKeyDictionary()
    return cast("WeakKeyDictionary[Asked, dict[Lengths, Plan | None]]", kept[_PLANS])


def _stays_the_same(result: CursorResult[Any], values: Mapping[str, Any]) -> bool:
    """Whether nothing in the statement's text depends on its values, and none of them is found as
    it is asked or may be left out."""
    compiled = getattr(result.context, "compiled", None)
    if not isinstance(compiled, SQLCompiler) or not compiled._result_columns:  # noqa: SLF001
        return False
    if compiled.escaped_bind_names or compiled.schema_translate_map:
        return False
    return all(
        bind.callable is None
        and (bind.unique or (bind.required and name in values and _is_plain(bind, values[name])))
        for name, bind in compiled.binds.items()
    )


def _is_plain(bind: BindParameter[Any], value: object) -> bool:
    """Whether the text is the same for every such value: for lists of the same length it is, but
    for an empty one, and for one of tuples."""
    if bind.literal_execute:
        return False
    if not bind.expanding:
        return True
    return type(value) is list and bool(value) and not bind.type._is_tuple_type  # noqa: SLF001


def _fetched(connection: Connection, text: str, sent: Any) -> Sequence[Any]:
    """The driver's rows. Whoever listens to statements hears of this one too."""
    heard = connection._has_events or connection.engine._has_events  # noqa: SLF001
    cursor: Any = None
    try:
        cursor = connection.connection.cursor()
        if heard:
            for told in connection.dispatch.before_cursor_execute:
                text, sent = told(connection, cursor, text, sent, None, False)
        cursor.execute(text, sent)
        if heard:
            connection.dispatch.after_cursor_execute(connection, cursor, text, sent, None, False)
        found: Sequence[Any] = cursor.fetchall()
        cursor.close()
    except BaseException as wrong:  # noqa: BLE001  (its handler raises it again, or its own)
        connection._handle_dbapi_exception(wrong, text, sent, cursor, None)  # noqa: SLF001
    return found
