"""The sentences that say why something was found."""

from __future__ import annotations

import pytest

from app.search.alike import Alike


def found(because: tuple[str, ...] = (), tags: tuple[str, ...] = ()) -> Alike:
    return Alike(
        kind="card",
        ref=1,
        title="Clicking hips",
        href="/answers/clicking-hips",
        score=1.0,
        by_words=1.0,
        by_meaning=0.0,
        because=because,
        tags=tags,
    )


@pytest.mark.parametrize(
    ("one", "to_the_asker", "to_others"),
    [
        (
            found(("hip", "clicks")),
            "Shown because you wrote “hip” and “clicks”.",
            "because both speak of “hip” and “clicks”",
        ),
        (found(tags=("hip",)), "Shown because it is about hip.", "because both are about hip"),
        (
            found(),
            "Shown because it says much the same in other words.",
            "because both say much the same in other words",
        ),
    ],
)
def test_only_the_asker_is_told_that_they_wrote_it(
    one: Alike, to_the_asker: str, to_others: str
) -> None:
    assert (str(one.why), str(one.why_both)) == (to_the_asker, to_others)
