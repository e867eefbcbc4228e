"""Rules about the program's own text: what has one home, and what has none."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from app.config import PROJECT

APP = PROJECT / "app"
SOURCES = sorted(path for path in APP.rglob("*.py") if "versions" not in path.parts)

HOMES = {
    "bleach": "engines/text/sanitise.py",
    "smtplib": "infra/mail.py",
    "argon2": "domains/accounts/passwords.py",
    "PIL": "domains/articles/pictures.py",
    "pygal": "web/moderation/charts.py",
    "re2": "engines/spam/patterns.py",
}
"""A dangerous library is imported in one module, where its traps are known."""

NOWHERE = {
    "pickle",  # what it reads, it runs (I11)
    "marshal",
    "shelve",
    "yaml",
    "xml.sax.expatreader",  # entities: imports read through defusedxml (I05)
    "xml.sax.make_parser",
    "xml.sax.parse",
    "xml.sax.parseString",
    "xml.dom",
    "lxml",
    "nh3",  # the tests' oracle: what the program says must not lean on it
}
NAMELESS = {"utils", "util", "helpers", "helper", "misc", "common", "stuff"}


def place(path: Path) -> str:
    return path.relative_to(APP).as_posix()


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def importers_of(package: str) -> set[str]:
    return {
        place(path)
        for path in SOURCES
        if any(name == package or name.startswith(package + ".") for name in imports(path))
    }


def calls(path: Path) -> Iterator[str]:
    """The dotted names that a module calls: `db.session.commit`."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func)


@pytest.mark.parametrize("package", HOMES)
def test_a_dangerous_library_has_one_home(package: str) -> None:
    assert importers_of(package) == {HOMES[package]}


@pytest.mark.parametrize("package", sorted(NOWHERE))
def test_i11_what_is_never_needed_is_never_imported(package: str) -> None:
    assert importers_of(package) == set()


def test_the_only_commit_stands_in_the_unit_of_work() -> None:
    committing = {
        place(path)
        for path in SOURCES
        if any(name == "commit" or name.endswith(".commit") for name in calls(path))
    }

    assert committing == {"infra/unit_of_work.py"}


def test_the_time_is_asked_of_one_clock() -> None:
    asking = re.compile(r"(^|\.)(now|utcnow|today|time|time_ns)$")
    own = {"clock.now"}
    askers = {
        f"{place(path)}: {name}"
        for path in SOURCES
        for name in calls(path)
        if asking.search(name) and name not in own
    }

    assert askers == {"infra/clock.py: datetime.now"}


def test_nothing_is_evaluated_or_run_in_a_shell() -> None:
    running = {"eval", "exec", "compile", "os.system", "os.popen", "subprocess.getoutput"}

    assert {place(path) for path in SOURCES if running & set(calls(path))} == set()


def test_every_module_has_a_name_that_says_something() -> None:
    names = {part for path in APP.rglob("*.py") for part in (path.stem, *path.parent.parts)}

    assert names & NAMELESS == set()


@pytest.mark.parametrize(
    "path", [path for path in SOURCES if path.name == "__init__.py"], ids=place
)
def test_every_package_says_what_it_is(path: Path) -> None:
    assert ast.get_docstring(tree(path))


@pytest.mark.parametrize("name", ["states", "events", "errors"])
def test_a_domains_plain_files_know_no_database(name: str) -> None:
    """`drafts`, `states`, `events` and `errors` are values; the tables stand in `models`."""
    for path in (APP / "domains").glob(f"*/{name}.py"):
        used = set(imports(path))
        assert not any(module.startswith(("sqlalchemy", "app.infra.db")) for module in used), path


def test_imports_point_down() -> None:
    """The contracts in pyproject.toml, so that they hold wherever the tests run."""
    ended = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-logo", "--no-cache"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 0, ended.stdout


def test_nothing_that_is_kept_names_a_machine() -> None:
    """No path of somebody's own machine in what others will read."""
    own = re.compile(r"/(home|Users|root)/\w")
    kept = [
        path
        for folder in ("app", "templates", "static", "tests")
        for path in (PROJECT / folder).rglob("*")
        if path.suffix in {".py", ".html", ".css", ".js", ".md", ".toml", ".txt", ".lock"}
        and path != Path(__file__)
    ]

    assert [path for path in kept if own.search(path.read_text())] == []


def test_only_alias_of_makes_an_alias_that_a_module_keeps() -> None:
    """Two threads that first use another one at once write statements that fail."""
    kept = [
        f"{place(path)}: {ast.unparse(statement)}"
        for path in SOURCES
        for statement in tree(path).body
        if isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value is not None
        for node in ast.walk(statement.value)
        if isinstance(node, ast.Call) and ast.unparse(node.func).rsplit(".", 1)[-1] == "aliased"
    ]
    assert kept == []


def test_d12_no_code_changes_or_removes_an_entry_of_the_record() -> None:
    """Entries are added by `audit.write` alone. In the same module acts forget from where they
    were done when their time is over, and what they said of who or what is forgotten."""
    verbs = {"update", "delete"}
    changing = {
        f"{place(path)}: {ast.unparse(node)}"
        for path in SOURCES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).rsplit(".", 1)[-1] in verbs
        and any("AuditEntry" in ast.unparse(argument) for argument in node.args)
    }
    written = {
        place(path)
        for path in SOURCES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("AuditEntry")
    }
    raw = re.compile(r"\b(update|delete\s+from|insert\s+into)\s+audit_entry\b", re.IGNORECASE)

    assert changing == {"infra/audit.py: update(AuditEntry)"}
    assert written == {"infra/audit.py"}
    assert [place(path) for path in SOURCES if raw.search(path.read_text())] == []


def test_only_one_way_in_begins_a_session() -> None:
    """A second step would be gone round by another; a new password begins one for who is in."""
    beginning = {
        place(path)
        for path in SOURCES
        if "app.web.accounts.session.enter" in set(names_imported(path))
    }
    assert beginning == {"web/accounts/arriving.py", "web/accounts/password.py"}
    arriving = {
        place(path)
        for path in SOURCES
        if "app.web.accounts.arriving.arrive" in set(names_imported(path))
    }
    assert arriving == {"web/accounts/passkeys.py", "web/accounts/second_step.py"}


def names_imported(path: Path) -> Iterator[str]:
    """What a module takes from others, with the module it comes from."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{one.name}" for one in node.names)


def test_adding_rows_that_may_be_there_is_said_in_one_place_for_both_databases() -> None:
    assert [place(path) for path in SOURCES if "sqlite.insert" in path.read_text()] == [
        "infra/db.py"
    ]
