"""Why an answer must be looked at again, kept in English and said in the reader's language."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.domains.answers import recheck_reasons
from app.domains.answers.recheck_reasons import CHANGED, GONE, MOVED, OFFLINE
from app.engines.said import Said
from app.infra.language import LANGUAGES, Manner, speaking
from app.infra.saying import say

DEAD = recheck_reasons.dead_since("Leg swings", datetime(2026, 3, 3, tzinfo=UTC))


@pytest.mark.parametrize(
    ("what", "spoken"),
    [
        (CHANGED, "„Leg swings“ wurde geändert."),
        (MOVED, "„Leg swings“ ist an eine andere Adresse gezogen."),
        (GONE, "„Leg swings“ wurde weggenommen."),
        (OFFLINE, "„Leg swings“ wurde vom Netz genommen."),
    ],
)
def test_what_happened_is_said_in_the_language_of_who_looks(what: Said, spoken: str) -> None:
    kept = recheck_reasons.of(what, "Leg swings")
    with speaking(Manner(LANGUAGES["de"])):
        assert say(recheck_reasons.said(kept)) == spoken
    assert say(recheck_reasons.said(kept)) == kept


def test_a_day_is_told_as_the_language_tells_days() -> None:
    with speaking(Manner(LANGUAGES["de"])):
        spoken = say(recheck_reasons.said(DEAD))
    assert spoken == "Die Adresse von „Leg swings“ ist seit dem 3. März 2026 tot."
    assert DEAD == "The address of “Leg swings” has been dead since 3 March 2026."


@pytest.mark.parametrize("title", ["a” was changed.", "100 %(title)s", "“x” (y)*"])
def test_a_title_may_be_anything(title: str) -> None:
    kept = recheck_reasons.of(GONE, title)
    assert recheck_reasons.said(kept).values == {"title": title}


@pytest.mark.parametrize("kept", ["", "Too old.", f"{DEAD[:30]}…"])
def test_a_reason_that_was_cut_stays_as_it_stands(kept: str) -> None:
    with speaking(Manner(LANGUAGES["de"])):
        assert say(recheck_reasons.said(kept)) == kept
