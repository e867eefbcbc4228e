"""Rules about long lists: none is reached by skipping rows, none counts a whole table."""

from __future__ import annotations

import ast

import pytest

from tests.architecture.test_source import SOURCES, place, tree

SKIPS = {
    "domains/articles/pointers.py": "no page: looks whether there are more than NEWEST articles",
    "domains/comments/counting.py": "a probe: whether a tag has more than OF_A_TAG questions",
    "infra/repeats.py": "no page: forgets what a caller has beyond the five hundred it may keep",
    "notifications/replies/listing.py": "no page: forgets strangers' mails beyond the newest",
    "search/ranking_postgresql.py": "ordered by rank, which no index has; MOST_RANKED at most",
    "search/ranking_sqlite.py": "ordered by rank, which no index has; MOST_RANKED at most",
}
"""Where rows are skipped all the same, and why that ends."""

BOUNDED = "counts no further than a limit"
"""Which is looked for in the function itself."""
OF_ONE = "what belongs to one person, text, card or article"
OF_A_PAGE = "what belongs to the people or questions of one page"
RANGE = "a report, kept or seldom opened, over a range that an index leads to"
JOB = "no page: a job or a command"
COUNTS = {
    "cli/examining_data.py:_failures": "no page: doctor, and what failed is little",
    "cli/rendering.py:rerender": JOB,
    "domains/answers/rechecking.py:count_waiting": BOUNDED,
    "domains/articles/pointers.py:_around": "the tags of one article that a resource shares",
    "domains/comments/bones.py:_counted": BOUNDED,
    "domains/comments/card_counts.py:_answering": JOB,
    "domains/comments/card_counts.py:_ask": BOUNDED,
    "domains/comments/card_counts.py:_counts_of": JOB,
    "domains/comments/counting.py:_of_article": BOUNDED,
    "domains/comments/counting.py:_question_counts": BOUNDED,
    "domains/comments/counting.py:has_approved": BOUNDED,
    "domains/comments/counting.py:waiting_before": BOUNDED,
    "domains/comments/intake.py:_how_many": OF_ONE,
    "domains/comments/me_too.py:_others": OF_A_PAGE,
    "domains/moderation/figures/numbers.py:by_day": RANGE,
    "domains/moderation/figures/numbers.py:load": RANGE,
    "domains/moderation/figures/numbers.py:reasons": RANGE,
    "domains/moderation/figures/numbers.py:waiting_now": BOUNDED,
    "domains/moderation/figures/openness.py:_refusals": RANGE,
    "domains/moderation/figures/openness.py:_reports": RANGE,
    "domains/moderation/figures/openness.py:_texts": RANGE,
    "domains/moderation/figures/spam_numbers.py:_caught": RANGE,
    "domains/moderation/figures/spam_numbers.py:_moves": RANGE,
    "domains/moderation/people/histories.py:_traces": OF_ONE,
    "domains/moderation/people/histories.py:record_of": OF_ONE,
    "domains/moderation/people/senders.py:_texts_of_people": OF_A_PAGE,
    "domains/moderation/queue/counting.py:_count": BOUNDED,
    "domains/moderation/queue/narrowing.py:_speaks_of": BOUNDED,
    "domains/moderation/queue/narrowing.py:stops_at_hits": BOUNDED,
    "domains/moderation/queue/queries.py:_along": BOUNDED,
    "domains/moderation/queue/waiting.py:_count": "no page: the daily letter and the alarm",
    "domains/moderation/queue/waiting.py:in_all": BOUNDED,
    "domains/moderation/rechecking.py:count_waiting": BOUNDED,
    "domains/moderation/reported/reporting.py:_weigh": OF_ONE,
    "domains/moderation/reported/reporting.py:_weight": OF_ONE,
    "domains/resources/links.py:count_troubled": BOUNDED,
    "domains/screening/copies.py:sharing": BOUNDED,
    "domains/screening/rule_changes.py:create": "rules, of which there are MOST_RULES",
    "domains/screening/training.py:_stamp": JOB,
    "domains/tags/merging.py:look": "what one tag would move, before an admin merges it",
    "domains/tags/proposals.py:count_open": BOUNDED,
    "infra/jobs.py:waiting": "what waits and what failed, over the index of what is due",
    "search/candidates.py:library": "all texts, over an index; a thousandth of the time at most",
    "search/gaps.py:_state": JOB,
    "search/meanings.py:present": JOB,
    "search/misses.py:_make_room": "what was not found, of which MOST are kept",
    "search/ranking_postgresql.py:_among_all": "what matches, where that is not common",
    "search/ranking_postgresql.py:_by_rank": "what is ranked, MOST_RANKED at most",
    "search/ranking_sqlite.py:_counting": BOUNDED,
    "search/ranking_postgresql.py:_how_common": "which of the ASKED newest match",
    "search/reading.py:_forget_postings": JOB,
    "search/reading.py:waiting": JOB,
    "search/vectors.py:documents": JOB,
    "search/vectors.py:made_by": JOB,
}
"""Where the database counts rows, by module and function, and why that ends or is no page's
affair."""


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


def counting() -> dict[str, ast.FunctionDef]:
    """The functions in which rows are counted (`func.count`), by module and name."""
    return {
        f"{place(path)}:{function.name}": function
        for path in SOURCES
        for function in ast.walk(tree(path))
        if isinstance(function, ast.FunctionDef) and any(map(is_count, ast.walk(function)))
    }


def is_count(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Attribute)
        and node.attr == "count"
        and isinstance(node.value, ast.Name)
        and node.value.id == "func"
    )


def test_no_rows_are_counted_but_where_it_is_named() -> None:
    found = set(counting())
    assert found - set(COUNTS) == set(), "counts, and does not say why that ends"
    assert set(COUNTS) - found == set(), "named, but counts no more"


def test_what_is_said_to_stop_counting_has_a_limit() -> None:
    found = counting()
    bounded = [name for name, reason in COUNTS.items() if reason == BOUNDED]
    assert [name for name in bounded if ".limit(" not in ast.unparse(found[name])] == []


def test_no_rows_are_counted_outside_of_a_function() -> None:
    inside = {
        id(node)
        for function in counting().values()
        for node in ast.walk(function)
        if is_count(node)
    }
    everywhere = [node for path in SOURCES for node in ast.walk(tree(path)) if is_count(node)]
    assert [ast.unparse(node) for node in everywhere if id(node) not in inside] == []


@pytest.mark.parametrize("reasons", [SKIPS, COUNTS])
def test_each_of_them_has_its_reason(reasons: dict[str, str]) -> None:
    assert all(reasons.values())
