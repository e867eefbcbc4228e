"""Sets of questions are read whatever their layout leaves out, and measured as others measure."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from app.infra.unit_of_work import unit_of_work
from app.search import reading, services
from app.search.alike import alike
from benchmarks.matching import measures, published, sets
from benchmarks.matching.shelf import Shelf, measured
from tests.factories import make_resource


def write(file: Path, rows: Iterable[dict[str, Any]]) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return file


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three texts, one without a title and one whose id is a number; three questions."""
    write(
        tmp_path / "faq" / "corpus.jsonl",
        [
            {"_id": 1, "title": "When the hip clicks", "text": "A tendon moves."},
            {"_id": "b", "text": "Shoes that bend"},
            {"_id": "c", "title": None, "text": "Sleep on the side"},
        ],
    )
    write(
        tmp_path / "faq" / "queries.jsonl",
        [
            {"_id": 7, "text": "My hip clicks"},
            {"_id": "q2", "title": "Shoes", "text": "Which of them bend?"},
            {"_id": "nobody judged it", "text": "Sleep"},
        ],
    )
    return tmp_path


def judge(folder: Path, name: str, lines: str) -> None:
    (folder / "faq" / "qrels").mkdir(exist_ok=True)
    (folder / "faq" / "qrels" / name).write_text(lines, encoding="utf-8")


def read(folder: Path) -> sets.Set:
    (file,) = sets.files_below(folder)
    return sets.read(file)


def test_ids_may_be_numbers_and_titles_missing(folder: Path) -> None:
    judge(folder, "test.tsv", "query-id\tcorpus-id\tscore\n7\t1\t1\nq2\tb\t1\n")
    found = read(folder)
    assert [one.title for one in found.shelf] == ["When the hip clicks", "", ""]
    assert [dict(one.grades) for one in found.questions] == [{0: 1.0}, {1: 1.0}]


def test_questions_that_nobody_judged_are_left_out(folder: Path) -> None:
    judge(folder, "test.tsv", "7\t1\t1\n")
    assert len(read(folder).questions) == 1


def test_grades_are_kept_and_what_is_graded_nought_is_not_relevant(folder: Path) -> None:
    judge(folder, "test.tsv", "7\t1\t2\n7\tb\t0\n")
    (question,) = read(folder).questions
    assert question.grades == {0: 2.0, 1: 0.0}
    assert measures.of_order([1, 0], question.grades)["P@1"] == 0


def test_the_column_of_noughts_of_the_older_layout_is_passed_over(folder: Path) -> None:
    judge(folder, "test.tsv", "7 0 1 3\n")
    assert read(folder).questions[0].grades == {0: 3.0}


def test_of_several_files_the_one_for_testing_counts_and_else_all(folder: Path) -> None:
    judge(folder, "train.tsv", "7\t1\t1\n")
    judge(folder, "dev.tsv", "q2\tb\t1\n")
    assert len(read(folder).questions) == 2
    judge(folder, "test.tsv", "q2\tb\t1\n")
    assert len(read(folder).questions) == 1


@pytest.mark.parametrize("line", ["7\t1\n", "what\tis\tthis\n"])
def test_what_is_no_judgement_is_told_with_its_place(folder: Path, line: str) -> None:
    judge(folder, "test.tsv", f"query-id\tcorpus-id\tscore\n{line}")
    with pytest.raises(sets.CannotRead, match=r"line 2 of test\.tsv"):
        read(folder)


def test_a_set_without_judgements_is_told(folder: Path) -> None:
    with pytest.raises(sets.CannotRead, match="qrels"):
        read(folder)


def test_a_line_that_is_no_json_is_told_with_its_place(tmp_path: Path) -> None:
    file = tmp_path / "broken" / "candidates.jsonl"
    file.parent.mkdir()
    file.write_text('{"text": "x"}\n{', encoding="utf-8")
    with pytest.raises(sets.CannotRead, match="broken: line 2"):
        sets.read(file)


def test_a_question_of_the_corpus_does_not_find_itself(folder: Path) -> None:
    write(
        folder / "faq" / "queries.jsonl",
        [{"_id": "b", "text": "Shoes that bend"}, {"_id": 1, "text": "Another text of this id"}],
    )
    judge(folder, "test.tsv", "b\tc\t1\n1\tc\t1\n")
    first, second = read(folder).questions
    assert list(first.among) == [0, 2]
    assert list(second.among) == [0, 1, 2]


def test_candidates_may_be_none_and_may_be_graded(tmp_path: Path) -> None:
    file = write(
        tmp_path / "task" / "candidates.jsonl",
        [
            {"_id": 1, "text": "Hip?", "candidates": []},
            {"_id": 2, "text": "Hip?", "candidates": None},
            {
                "_id": 3,
                "title": "Hip",
                "text": "It clicks",
                "candidates": [
                    {"_id": "x", "rank": 2, "text": "Shoes", "relevant": False},
                    {"_id": "y", "rank": 1, "text": "A hip that clicks", "relevant": 2},
                ],
            },
        ],
    )
    found = sets.read(file)
    assert [len(one.among) for one in found.questions] == [0, 0, 2]
    assert found.questions[2].grades == {0: 0.0, 1: 2.0}
    assert found.questions[2].order == [1, 0]
    row, _ = measured(Shelf(found, None), Shelf(found, None).by_words, 1)
    assert row["MAP"] == pytest.approx(100 / 3)


def test_the_measures_are_those_that_are_published() -> None:
    row = measures.of_order([5, 1, 6, 2], {1: 2.0, 2: 1.0, 3: 1.0})
    assert row["MAP"] == pytest.approx((1 / 2 + 2 / 4) / 3)
    assert row["MRR"] == 1 / 2
    assert (row["P@1"], row["P@5"]) == (0, 2 / 5)
    assert row["R@5"] == row["R@10"] == pytest.approx(2 / 3)
    ideal = 2 + 1 / math.log2(3) + 1 / math.log2(4)
    assert row["nDCG@10"] == pytest.approx((2 / math.log2(3) + 1 / math.log2(5)) / ideal)


@pytest.mark.parametrize(("order", "grades"), [([], {1: 1.0}), ([1, 2], {}), ([], {})])
def test_nothing_found_and_nothing_to_be_found_count_as_nought(
    order: list[int], grades: dict[int, float]
) -> None:
    assert set(measures.of_order(order, grades).values()) == {0.0}


def test_each_target_is_said_to_be_met_or_missed() -> None:
    lines = list(published.targets("stackfaq", {"words": {"MAP": 79.0}}))
    assert lines == ["MAP of words: 79.0, wanted 80.0: missed"]
    found = {name: {"MAP": value} for name, value in (("words", 50.0), ("meaning", 60.0))}
    (line,) = published.targets("a new set", {**found, "both": {"MAP": 59.5}})
    assert line.endswith("wanted 59.0: met")


def test_every_published_figure_is_of_a_measure_and_names_its_source() -> None:
    rows = [row for name in ("stackfaq", "semeval2016-dev") for row in published.figures(name)]
    assert len(rows) == 11
    assert all(known and method.endswith(")") for method, known in rows)


@pytest.mark.usefixtures("app")
def test_a_shelf_orders_as_the_site_does(tmp_path: Path) -> None:
    texts = {
        "When the hip clicks": "A tendon moves over the bone. Walk slowly.",
        "A clicking hip": "Swing the leg and the hip clicks, on stairs too.",
        "Shoes that bend": "Soft soles and room for the toes.",
        "Stairs": "One leg after the other.",
    }
    made = [make_resource(title, text=text).id for title, text in texts.items()]
    with unit_of_work():
        for ref in made:
            services.index_resource(ref)
    reading.read_waiting()
    rows = [sets.Text(title, text) for title, text in texts.items()]
    question = sets.Question(sets.Text("", "My hip clicks on the stairs"), range(len(rows)), {})
    scores = Shelf(sets.Set("ours", rows, [question]), None).by_words(0)
    found = {one.ref: one.score for one in alike(question.text.body, limit=10)}
    assert len(found) > 1
    assert found == pytest.approx({made[at]: scores[at] for at in scores if made[at] in found})
