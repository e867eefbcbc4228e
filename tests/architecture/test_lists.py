"""Rules about long lists: none is reached by skipping rows, none counts what readers wrote."""

from __future__ import annotations

import ast

import pytest

from tests.architecture.test_source import SOURCES, place, tree

STAFF = "grows with what those who run the site write, not with what readers do"
SKIPS = {
    "domains/articles/queries.py": "no page: looks whether there are more than NEWEST articles",
    "infra/repeats.py": "no page: forgets what a caller has beyond the five hundred it may keep",
    "search/queries.py": "ordered by rank, which no index has; MOST_RANKED rows at most",
}
"""Where rows are skipped all the same, and why that ends."""

BOUNDED = "counts no further than a limit"
COUNTS = {
    "domains/moderation/counting.py": BOUNDED,
    "domains/moderation/narrowing.py": BOUNDED,
    "domains/moderation/queries.py": "the rows of one page",
    "domains/moderation/numbers.py": "the charts, which are about all of a time",
    "domains/moderation/openness.py": "months that have passed, for a page that is kept",
    "domains/moderation/spam_numbers.py": "the charts",
    "domains/moderation/histories.py": "one person's texts",
    "domains/moderation/senders.py": "the texts of the people on one page",
    "domains/moderation/waiting.py": "what waits, for the daily letter and the metrics",
    "domains/moderation/reporting.py": "the reports of one text, or of one person",
    "domains/comments/asked.py": STAFF,
    "domains/moderation/rechecking.py": "what must be looked at again under one author's articles",
    "domains/comments/intake.py": "one sender's texts of a short time",
    "domains/comments/me_too.py": "the questions on one page",
    "domains/comments/queries.py": "one person's texts, or the articles and tags on one page",
    "domains/comments/threads.py": f"the comments of one article; {BOUNDED}",
}
"""Where something is counted that readers write."""


def calls(name: str) -> set[str]:
    """The modules that call a method or function of this name."""
    return {
        place(path)
        for path in SOURCES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == name
    }


def test_r25_no_list_skips_rows_but_those_that_are_named() -> None:
    assert calls("offset") == set(SKIPS)


def test_nothing_is_counted_but_what_is_named() -> None:
    written_by_readers = {
        name
        for name in calls("count")
        if name.startswith(("domains/comments/", "domains/moderation/"))
    }
    assert written_by_readers <= set(COUNTS)
    assert set(COUNTS) <= calls("count"), "named, but counts no more"


@pytest.mark.parametrize("reasons", [SKIPS, COUNTS])
def test_each_of_them_has_its_reason(reasons: dict[str, str]) -> None:
    assert all(reasons.values())
