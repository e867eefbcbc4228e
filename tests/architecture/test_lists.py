"""Rules about long lists: none is reached by skipping rows, none counts a whole table."""

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
    "domains/moderation/queue/counting.py": BOUNDED,
    "domains/moderation/queue/narrowing.py": BOUNDED,
    "domains/moderation/queue/queries.py": "the rows of one page",
    "domains/moderation/figures/numbers.py": "the charts, which are about all of a time",
    "domains/moderation/figures/openness.py": "months that have passed, for a page that is kept",
    "domains/moderation/figures/spam_numbers.py": "the charts",
    "domains/moderation/people/histories.py": "one person's texts",
    "domains/moderation/people/senders.py": "the texts of the people on one page",
    "domains/moderation/queue/waiting.py": "what waits, for the daily letter and the metrics",
    "domains/moderation/reported/reporting.py": "the reports of one text, or of one person",
    "domains/comments/asked.py": STAFF,
    "domains/moderation/rechecking.py": BOUNDED,
    "domains/comments/intake.py": "one sender's texts of a short time",
    "domains/comments/me_too.py": "the questions on one page",
    "domains/comments/queries.py": "one person's texts, or the articles on one page; else "
    f"{BOUNDED}, but for the questions of every tag, on a page that is kept",
    "domains/comments/threads.py": f"the comments of one article; {BOUNDED}",
    "domains/accounts/sessions.py": "the tries of one person or address, against limits",
    "domains/answers/rechecking.py": STAFF,
    "domains/articles/queries.py": "the tags on one page",
    "domains/measures/patterns.py": "letters of a text",
    "domains/resources/links.py": BOUNDED,
    "domains/screening/copies.py": "texts that share words with one text, among the newest",
    "domains/screening/rule_changes.py": STAFF,
    "domains/screening/training.py": "the lessons, in a job",
    "domains/tags/merging.py": "what carries one tag, where it is merged into another",
    "domains/tags/proposals.py": BOUNDED,
    "search/candidates.py": f"the words of one search; {BOUNDED}",
    "search/gaps.py": "those who ask the newest open questions, in a job",
    "search/meanings.py": "what each model has read of some questions, in a job",
    "search/misses.py": "what was not found, of which MOST are kept",
    "search/queries.py": BOUNDED,
    "search/reading.py": "what a job has yet to read, and the words of one search",
    "search/vectors.py": "the documents, in a job and a command",
}
"""Where something is counted, and why that ends or is no page's affair."""


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
    counting = {name for name in calls("count") if name.startswith(("domains/", "search/"))}
    assert counting - set(COUNTS) == set(), "counts, and does not say why that ends"
    assert set(COUNTS) - counting == set(), "named, but counts no more"


@pytest.mark.parametrize("reasons", [SKIPS, COUNTS])
def test_each_of_them_has_its_reason(reasons: dict[str, str]) -> None:
    assert all(reasons.values())
