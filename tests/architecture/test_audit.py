"""D09: `make audit` says what is known, and never takes silence for a good answer."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from app.config import PROJECT


@pytest.mark.parametrize(
    ("said", "ended", "code", "told"),
    [
        ("No known vulnerabilities found", 0, 0, "No advisory names a dependency"),
        ("Found 1 known vulnerability in 1 package", 1, 1, "Found 1 known vulnerability"),
        ("ConnectionError: no such host", 1, 2, "could not be asked"),
        ("ERROR: structlog was skipped", 1, 2, "could not be asked"),
    ],
)
def test_d09_the_audit_tells_three_answers_apart(
    tmp_path: Path, said: str, ended: int, code: int, told: str
) -> None:
    auditor = tmp_path / "pip-audit"
    auditor.write_text(f"#!/bin/sh\necho '{said}'\nexit {ended}\n")
    auditor.chmod(0o700)

    run = subprocess.run(
        [PROJECT / ".ci" / "audit"],
        env={**os.environ, "PIP_AUDIT": str(auditor)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert run.returncode == code
    assert told in run.stdout


@pytest.mark.parametrize("lock", ["app/requirements.lock", "tests/requirements.lock"])
def test_d09_every_dependency_is_pinned_with_its_hashes_and_no_index_is_named(lock: str) -> None:
    text = (PROJECT / lock).read_text()
    entries = text.replace("\\\n", " ").splitlines()

    assert [one for one in entries if "==" not in one or "--hash=sha256:" not in one] == []
    assert "http" not in text.replace("httpcore", "").replace("httpx", "")
