"""Where the quick forms of the experiments take place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.faults.outcome import NotHere, Outcome
from benchmarks.faults.place import Place
from tests.support import postgres

Survived = Callable[[Callable[[Place], Outcome]], None]


@pytest.fixture(scope="session")
def template_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for this worker's experiments, so that their database is made once."""
    return tmp_path_factory.mktemp("faults")


@pytest.fixture
def survived(template_folder: Path, database_kind: str, run_folder: Path, worker: str) -> Survived:
    """Do an experiment in its small form and fail with what did not hold: `survived(r04.run)`."""
    server = postgres.server_url(run_folder) if database_kind == "postgresql" else ""
    place = Place(template_folder, database_kind, postgres=server, is_quick=True, owner=worker)

    def check(run: Callable[[Place], Outcome]) -> None:
        try:
            outcome = run(place)
        except NotHere as missing:
            pytest.skip(str(missing))
        assert outcome.passed, "\n".join([*outcome.broken, outcome.figures])
        assert outcome.checked

    return check
