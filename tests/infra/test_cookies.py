"""What the session's cookie holds is written and read as the library would, only sooner."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.json.tag import TaggedJSONSerializer
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from app.infra.http import cookies

_plain = st.none() | st.booleans() | st.integers() | st.text() | st.floats(allow_nan=False)
_tagged = (
    st.binary()
    | st.uuids()
    | st.text().map(Markup)
    | st.just(datetime(2026, 3, 29, 1, 30, tzinfo=UTC))
)
_names = st.text() | st.sampled_from([" t", " b", " di", " d", "t"])
_values = st.recursive(
    _plain | _tagged,
    lambda some: (
        st.lists(some, max_size=4)
        | st.lists(some, max_size=3).map(tuple)
        | st.dictionaries(_names, some, max_size=3)
    ),
    max_leaves=12,
)


@pytest.mark.one_database
def test_a_session_is_written_and_read_as_the_library_would(app: Flask) -> None:
    theirs, ours = TaggedJSONSerializer(), cookies._Json()

    @given(_values)
    def same(value: Any) -> None:
        written = theirs.dumps(value)
        assert ours.dumps(value) == written
        assert ours.loads(written) == theirs.loads(written)

    same()


@pytest.mark.one_database
def test_a_cookie_is_signed_with_the_secret_of_the_day(app: Flask) -> None:
    sessions = app.session_interface
    assert isinstance(sessions, cookies._Sessions)
    app.secret_key = "an earlier secret of this site, long enough"
    first = sessions.get_signing_serializer(app)
    app.secret_key = "a later secret of this site, long enough too"
    second = sessions.get_signing_serializer(app)

    assert first is not None
    assert second is not None
    assert second.loads_unsafe(first.dumps({"a": UUID(int=1)}))[0] is False
    assert sessions.get_signing_serializer(app) is second


@pytest.mark.one_database
def test_an_earlier_secret_is_still_read_when_it_is_added(app: Flask) -> None:
    sessions = app.session_interface
    assert isinstance(sessions, cookies._Sessions)
    app.secret_key = "an earlier secret of this site, long enough"
    first = sessions.get_signing_serializer(app)
    app.config["SECRET_KEY_FALLBACKS"] = [app.secret_key]
    app.secret_key = "a later secret of this site, long enough too"
    second = sessions.get_signing_serializer(app)

    assert first is not None
    assert second is not None
    assert second.loads(first.dumps({"kept": True})) == {"kept": True}
