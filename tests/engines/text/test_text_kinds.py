"""Whether a text is taken for a question or for a remark."""

import pytest
from hypothesis import given

from app.engines.text.kinds import guess_kind
from tests.engines.text.hostile_texts import hostile_sources

QUESTIONS = [
    "My left hip clicks when I swing the leg, what does that mean?",
    "How do I stop this",
    "Hi Dana, can I do this every day",
    "Great article. Does anyone have this too",
    "I was wondering if planks would help",
    "Is it normal that it clicks",
    "Any tips for people who sit all day",
    "So should I stop running",
    "I have a question about the bridge.",
    "¿Por qué me duele?",
    "膝が痛いのはなぜ\uff1f",
    "It hurts... why does it hurt",
    "Could you please explain the second step",
    "> I do this daily\n\nHow often exactly",
    "how long until this gets better",
]
REMARKS = [
    "Thanks!",
    "Thank you so much for this article",
    "Thanks?",
    "What a great article!",
    "How wonderful!",
    'My doctor asked "does it hurt?" and I said no.',
    "She said “why not?” and I did.",
    "See https://a.example/?q=1 for more.",
    "> why does it click?\n\nI know this one.",
    "```\nwhat is x?\n```\nThat is my code.",
    "`a ? b : c` is not for people.",
    "When I sit, my foot hurts.",
    "Do this every day and it goes away.",
    "Have a nice day",
    "Can't thank you enough",
    "It is normal that it clicks.",
    "What helped me was rest.",
    "",
    "[the study](https://a.example/?id=1) says so.",
]


@pytest.mark.parametrize("source", QUESTIONS)
def test_a_text_that_asks_is_a_question(source: str) -> None:
    assert guess_kind(source) == "question"


@pytest.mark.parametrize("source", REMARKS)
def test_a_text_that_only_tells_is_a_comment(source: str) -> None:
    assert guess_kind(source) == "comment"


@given(hostile_sources)
def test_any_text_is_one_of_the_two(source: str) -> None:
    assert guess_kind(source) in {"question", "comment"}
