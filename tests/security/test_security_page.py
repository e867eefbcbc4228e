"""docs/security.md promises what tests show, and counts it rightly."""

from __future__ import annotations

import re

from app.config import PROJECT
from app.domains.accounts.passwords import LONGEST, SHORTEST
from app.domains.accounts.policy import PER_ACCOUNT, PER_NETWORK
from app.domains.accounts.sessions import LONGEST_PAUSE, LONGEST_SESSION
from app.infra.http.bodies import USUAL_LIMIT
from app.infra.http.limits import WRITE
from app.web.questions.writing import BODY_KIBIBYTES
from tests.security.numbers import shown
from tests.security.test_every_check_has_a_test import (
    MUST_HOLD_TOO,
    NOT_SHOWN,
    STOPS_A_RELEASE,
)

PAGE = (PROJECT / "docs" / "security.md").read_text(encoding="utf-8")
PROSE = " ".join(PAGE.split())


def part(heading: str) -> str:
    """What stands below a heading."""
    return re.split(r"(?m)^## ", PAGE.split(f"## {heading}", 1)[1], maxsplit=1)[0]


def named(text: str) -> set[str]:
    return set(re.findall(r"\b[XVAPCISUD][0-9]{2}\b", text))


def test_every_check_is_promised_accepted_or_called_missing_and_no_other() -> None:
    promised = named(part("What is promised"))

    assert promised | {"V15"} == {*STOPS_A_RELEASE, *MUST_HOLD_TOO}
    assert promised <= set(shown())
    assert named(part("What is not shown yet")) == set(NOT_SHOWN)
    assert named(PAGE) == {*STOPS_A_RELEASE, *MUST_HOLD_TOO, *NOT_SHOWN}


def test_the_numbers_of_checks_are_right() -> None:
    known = [len(STOPS_A_RELEASE), len(MUST_HOLD_TOO), len(NOT_SHOWN)]

    assert (
        f"{sum(known)} of them are known here; {known[0]} stop a release when they fail, "
        f"{known[1]} more must hold too, and {known[2]} are not shown yet." in PROSE
    )


def test_v15_that_ids_tell_volume_is_written_down_as_accepted() -> None:
    assert "Ids tell volume (V15)." in part("What is deliberately accepted")


def test_d09_the_end_of_bleach_has_a_plan() -> None:
    plan = part("When bleach is no more (D09)")

    assert "app/engines/text/sanitise.py" in plan
    assert "nh3" in plan
    assert "June 2027" in plan


def test_figures_on_the_page_are_the_programs_own() -> None:
    assert f"Passwords of {SHORTEST} to {LONGEST} characters" in PROSE
    assert (PER_ACCOUNT.tries, PER_ACCOUNT.within.total_seconds()) == (10, 300)
    assert PER_ACCOUNT == PER_NETWORK
    assert f"{LONGEST_PAUSE.days} days of rest and {LONGEST_SESSION.days} in any case" in PROSE
    assert (
        f"Bodies are {USUAL_LIMIT // 1024} KiB at most, {BODY_KIBIBYTES} where one writes" in PROSE
    )
    assert WRITE.endswith("2 per minute; 20 per hour")
