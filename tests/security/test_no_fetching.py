"""The program opens no connection that a stranger's text could name (I10).

It talks to its database, to Redis, to the configured mail server and, where the operator says so,
to the outside service (its own tests: `tests/opinions`) and to the addresses of resources, which
staff typed (`tests/infra/test_fetching.py`), and to the OpenID provider that the operator named
(`tests/infra/test_provider.py`); and to nobody else: there are no previews or avatars.
Whoever adds one finds this test and brings the rules along.
"""

from __future__ import annotations

import ast
import socket
from collections.abc import Callable
from typing import Any

import pytest

from app.domains.comments.models import Comment
from app.domains.comments.states import Status
from app.infra.db import db
from tests import factories
from tests.architecture.test_source import SOURCES, calls, imports, place, tree
from tests.support.client import Browser

FETCHERS = {
    *("urllib.request", "urllib3", "http.client", "requests", "httpx", "aiohttp", "ftplib"),
    *("socket", "asyncio", "telnetlib", "xmlrpc", "webbrowser", "subprocess", "pycurl"),
}
MAY_IMPORT = {
    "infra/outside/calling.py": {"urllib3"},
    "infra/outside/fetching.py": {"urllib3", "socket"},
    "infra/outside/connections.py": {"urllib3", "socket"},
    "infra/mail.py": {"socket"},  # a name for what smtplib connected, so that it ends in time
    "infra/wire.py": {"socket"},  # from process to process on this machine, see below
    "infra/backups/postgresql.py": {"subprocess"},  # the operator's command calls pg_dump
    "cli/model_files.py": {"subprocess"},  # the operator's command fetches one package by name
}
PLACES = [
    "http://127.0.0.1:1/",
    "http://169.254.169.254/latest/meta-data/",
    "http://[::ffff:127.0.0.1]/",
    "http://2130706433/",
    "http://0x7f.1/",
    "file:///etc/passwd",
    "gopher://127.0.0.1:25/",
    "https://youtu.be/abcdefghijk",
]


def test_i10_what_could_fetch_is_imported_where_this_table_says_and_nowhere_else() -> None:
    found: dict[str, set[str]] = {}
    for path in SOURCES:
        for name in imports(path):
            if any(name == one or name.startswith(one + ".") for one in FETCHERS):
                found.setdefault(place(path), set()).add(name.partition(".")[0])
    assert found == MAY_IMPORT


def test_i10_the_line_between_our_processes_reaches_no_network() -> None:
    (wire,) = [path for path in SOURCES if place(path) == "infra/wire.py"]
    made = {
        ast.unparse(node)
        for node in ast.walk(tree(wire))
        if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("socket.")
    }
    assert made == {"socket.socket(socket.AF_UNIX)"}


def test_i10_the_caller_is_given_the_configured_address_only() -> None:
    """Its two users pass on the setting; no part of a text, a form or a row becomes an address."""
    posted = {
        f"{place(path)}: {ast.unparse(node.args[0])}"
        for path in SOURCES
        if "app.infra.outside.calling.post" in imports(path)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "post"
    }
    assert posted == {
        "infra/outside/hook.py: self.url",
        "infra/outside/akismet.py: f'{base}/{verb}'",
    }


def test_i10_the_provider_is_called_where_the_setting_and_its_own_description_say() -> None:
    """No part of a form, a row or a token becomes an address."""
    called = {
        f"{place(path)}: {ast.unparse(node.args[1])}"
        for path in SOURCES
        if place(path) == "infra/outside/provider.py"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("self._ask", "call")
    }
    users = {place(path) for path in SOURCES if "app.infra.outside.calling.call" in imports(path)}
    assert users == {"infra/outside/provider.py"}
    assert called == {
        "infra/outside/provider.py: url",
        "infra/outside/provider.py: self.doors().keys",
        "infra/outside/provider.py: doors.token",
    }


def test_i10_only_the_two_callers_open_an_address() -> None:
    """`open` of a path is a file's; what takes an address is in those of our modules."""
    names = {"urlopen", "urlretrieve", "create_connection", "getaddrinfo", "gethostbyname"}
    found = {
        (place(path), called)
        for path in SOURCES
        for called in calls(path)
        if called.rpartition(".")[2] in names
    }
    assert found == {
        ("infra/outside/calling.py", "line.urlopen"),
        ("infra/outside/fetching.py", "line.urlopen"),
        ("infra/outside/fetching.py", "socket.getaddrinfo"),
    }


def test_i10_a_look_is_given_the_addresses_of_resources_alone() -> None:
    """One job calls it, with what staff typed as a resource's address."""
    given = {
        f"{place(path)}: {ast.unparse(node.args[0])}"
        for path in SOURCES
        if "app.infra.outside.fetching.look" in imports(path)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "look"
    }
    assert given == {"domains/resources/link_job.py: chosen.url"}


@pytest.mark.one_database
def test_i10_no_address_that_is_written_anywhere_is_ever_looked_up(
    client: Browser, as_: Callable[..., Browser], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a question, an article, a resource: written, previewed, approved and read. What goes to a
    path is the line between our own processes."""
    asked: list[Any] = []
    monkeypatch.setattr(socket, "getaddrinfo", lambda *where, **_: asked.append(where))
    connect = socket.socket.connect

    def note(line: socket.socket, where: Any) -> None:
        if isinstance(where, str):
            return connect(line, where)
        return asked.append(where)

    monkeypatch.setattr(socket.socket, "connect", note)
    article = factories.make_article()
    text = "\n\n".join(PLACES) + "\n\n" + "\n".join(f"[x]({one}) ![x]({one})" for one in PLACES)
    author = as_(article.author)

    client.submit("/preview", body=text)
    client.submit(f"/articles/{article.slug}/ask", body=text, name="Bo", email="bo@example.com")
    comment = db.session.query(Comment).one()
    author.submit("/moderation/decide", verb="approve", item=f"{comment.id}:1")
    author.submit("/author/preview", source=text)
    author.submit("/author/articles/new", title="New", source=text, act="publish")
    for url in PLACES:
        author.submit("/author/resources/new", kind="page", title=url, url=url, source="")
    pages = [client.get(one) for one in ("/", f"/articles/{article.slug}", "/resources/")]

    assert db.session.get_one(Comment, comment.id).status == Status.APPROVED
    assert [page.status_code for page in pages] == [200] * 3
    assert asked == []
